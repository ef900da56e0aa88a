//! Bits of a packet, the lowest of each byte first.

/// Reads a packet's bits. Once a read has met the end, every later one does, too.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bits that are left.
    pub const fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    /// Nothing more is read of this packet.
    pub const fn end(&mut self) {
        self.at = self.bytes.len() * 8;
    }

    /// A number of so many bits, up to 64; none at the end of the packet.
    pub fn read(&mut self, bits: u32) -> Option<u64> {
        if self.left() < bits as usize {
            self.end();
            return None;
        }
        let (mut value, mut read) = (0, 0);
        while read < bits {
            // What is left of a byte, or as much of that as is asked for.
            let count = (8 - self.at as u32 % 8).min(bits - read);
            let byte = u64::from(self.bytes[self.at / 8]) >> (self.at % 8);
            value |= (byte & ((1 << count) - 1)) << read;
            read += count;
            self.at += count as usize;
        }
        Some(value)
    }

    /// One bit.
    pub fn flag(&mut self) -> Option<bool> {
        self.read(1).map(|bit| bit == 1)
    }
}

/// Bits that a number needs.
pub const fn ilog(value: u64) -> u32 {
    64 - value.leading_zeros()
}
