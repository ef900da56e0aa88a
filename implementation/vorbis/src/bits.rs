//! Bits of a packet, the lowest of each byte first.

/// Reads a packet's bits through a buffer of 64. Once a read has met the end, every later one does, too.
#[derive(Clone, Debug)]
pub struct Bits<'a> {
    rest: &'a [u8],
    buffer: u64,
    /// Bits of the buffer that are the packet's. The buffer may hold more of them above these, the same that are read next.
    held: u32,
}

/// Most bits that one read gives.
pub const READ_BITS_MAX: u32 = 32;

impl<'a> Bits<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, buffer: 0, held: 0 }
    }

    /// Bits that are left, at most 2^32 - 1.
    pub fn left(&self) -> u64 {
        (self.rest.len() as u64).saturating_mul(8).saturating_add(u64::from(self.held))
    }

    /// Nothing more is read of this packet.
    pub const fn end(&mut self) {
        self.rest = &[];
        self.buffer = 0;
        self.held = 0;
    }

    /// Fills the buffer to at least 56 bits, if the packet has them.
    #[inline]
    fn fill(&mut self) {
        if let Some(word) = self.rest.first_chunk::<8>() {
            self.buffer |= u64::from_le_bytes(*word) << (self.held & 63);
            let taken = 63_u32.saturating_sub(self.held) >> 3;
            self.rest = self.rest.get(taken as usize..).unwrap_or_default();
            self.held |= 56;
        } else {
            while self.held <= 56
                && let Some((byte, rest)) = self.rest.split_first()
            {
                self.buffer |= u64::from(*byte) << (self.held & 63);
                self.held = self.held.saturating_add(8);
                self.rest = rest;
            }
        }
    }

    /// The next bits, at least [`READ_BITS_MAX`] of them; zeros behind the packet's end.
    #[inline]
    pub fn peek(&mut self) -> u32 {
        if self.held < READ_BITS_MAX {
            self.fill();
        }
        self.buffer as u32
    }

    /// Passes over bits that were peeked, unless the packet has fewer.
    #[inline]
    pub fn take(&mut self, bits: u32) -> Option<()> {
        match self.held.checked_sub(bits) {
            Some(held) => {
                self.held = held;
                self.buffer = self.buffer.checked_shr(bits).unwrap_or(0);
                Some(())
            }
            None => {
                self.end();
                None
            }
        }
    }

    /// A number of so many bits, up to [`READ_BITS_MAX`]; none at the end of the packet.
    #[inline]
    pub fn read(&mut self, bits: u32) -> Option<u32> {
        let word = u64::from(self.peek());
        self.take(bits)?;
        let above = u64::MAX.checked_shl(bits).unwrap_or(0);
        Some((word & !above) as u32)
    }

    /// One bit.
    #[inline]
    pub fn flag(&mut self) -> Option<bool> {
        self.read(1).map(|bit| bit == 1)
    }
}

/// Bits that a number needs.
pub const fn ilog(value: u32) -> u32 {
    u32::BITS.saturating_sub(value.leading_zeros())
}
