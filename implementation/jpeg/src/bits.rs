//! Bits of entropy-coded data.

/// Bits that wait to be read, and the bytes behind them.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// The next bits, the first of them on top. Below `count` bits there may be bits of the next bytes already.
    waiting: u64,
    count: u32,
    /// Bits that are there only because the data have ended.
    missing: u32,
}

impl<'a> Bits<'a> {
    /// The bits from this byte on.
    pub const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, waiting: 0, count: 0, missing: 0 }
    }

    /// Where the next byte is; at the end of the data, where their marker is.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Whether more bits were taken than there are.
    pub const fn is_short(&self) -> bool {
        self.missing > self.count
    }

    /// Makes at least 32 bits wait; zeros follow the data.
    #[inline(always)]
    pub fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        let next = self.at.checked_add(8).and_then(|end| self.bytes.get(self.at..end)).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        if let Some(bytes) = next {
            let word = u64::from_be_bytes(bytes);
            // A byte of ff is one whose complement is 0.
            let zeros = !word;
            let found = zeros.wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080;
            if found == 0 {
                self.waiting |= word.wrapping_shr(self.count);
                let taken = 63_u32.wrapping_sub(self.count) >> 3;
                self.at = self.at.wrapping_add(taken as usize);
                self.count = self.count.wrapping_add(taken.wrapping_mul(8));
                return;
            }
        }
        self.fill_slowly();
    }

    #[cold]
    #[inline(never)]
    fn fill_slowly(&mut self) {
        while self.count <= 56 {
            let Some((byte, behind)) = self.byte() else {
                self.missing = self.missing.saturating_add(64_u32.wrapping_sub(self.count));
                self.count = 64;
                return;
            };
            self.at = behind;
            self.waiting |= u64::from(byte).wrapping_shl(56_u32.wrapping_sub(self.count));
            self.count = self.count.wrapping_add(8);
        }
    }

    /// The next byte of data and what is behind it; none at a marker.
    fn byte(&self) -> Option<(u8, usize)> {
        let mut at = self.at;
        let byte = *self.bytes.get(at)?;
        at = at.wrapping_add(1);
        if byte != 0xff {
            return Some((byte, at));
        }
        loop {
            let next = *self.bytes.get(at)?;
            at = at.wrapping_add(1);
            match next {
                0xff => {}
                0 => return Some((0xff, at)),
                _ => return None,
            }
        }
    }

    /// The next bits, the first of them on top.
    #[inline(always)]
    pub const fn peek(&self) -> u64 {
        self.waiting
    }

    /// Takes so many bits, of those that wait.
    #[inline(always)]
    pub fn drop(&mut self, bits: u32) {
        self.waiting = self.waiting.wrapping_shl(bits);
        self.count = self.count.wrapping_sub(bits);
    }

    /// Takes one bit.
    #[inline(always)]
    pub fn bit(&mut self) -> bool {
        self.fill();
        let bit = self.waiting >> 63 == 1;
        self.drop(1);
        bit
    }

    /// Takes a number of at most 15 bits.
    #[inline(always)]
    pub fn number(&mut self, bits: u32) -> u32 {
        self.fill();
        let number = (self.waiting >> 1).wrapping_shr(63_u32.wrapping_sub(bits)) as u32;
        self.drop(bits);
        number
    }

    /// Takes a value of at most 15 own bits, of those that wait; one that begins with 0 is negative.
    #[inline(always)]
    pub fn value(&mut self, bits: u32) -> i32 {
        let value = own_value(self.waiting, bits);
        self.drop(bits);
        value
    }
}

/// The value of the uppermost bits.
#[inline(always)]
pub(crate) fn own_value(waiting: u64, bits: u32) -> i32 {
    let number = (waiting >> 1).wrapping_shr(63_u32.wrapping_sub(bits)) as i32;
    // Where the uppermost bit is 0, all ones of this length are taken away; nothing of no bits.
    let negative = !((waiting as i64) >> 63) as i32;
    let ones = 1_i32.wrapping_shl(bits).wrapping_sub(1);
    number.wrapping_sub(ones & negative)
}
