//! Bits of pieces of data, the lowest first.

/// Bits that are there after a refill, unless the data end.
pub(crate) const FULL: u8 = 56;

/// A place in data that come in pieces.
pub(crate) struct Bits<'a, I> {
    pieces: I,
    held: Held<'a>,
}

/// What is held of data: the next bits, and a piece that they are taken from.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    /// The current piece, and how much of it was taken.
    piece: &'a [u8],
    at: usize,
    /// The next bits; above the first `count` of them is a part of what comes next, or nothing.
    bits: u64,
    count: u8,
}

impl Held<'_> {
    /// Makes sure that at least [`FULL`] bits are there, unless the piece ends; says whether they are.
    #[inline(always)]
    pub fn refill(&mut self) -> bool {
        let Some(eight) = self.piece.get(self.at..).and_then(<[u8]>::first_chunk::<8>) else { return false };
        self.bits |= u64::from_le_bytes(*eight).wrapping_shl(self.count.into());
        self.at = self.at.wrapping_add((63_u8.wrapping_sub(self.count) >> 3).into());
        // As many bytes more as were taken: the lowest three bits stay.
        self.count |= FULL;
        true
    }

    /// The bits; those beyond the ones that are there mean nothing.
    #[inline(always)]
    pub const fn peek(&self) -> u64 {
        self.bits
    }

    /// How many bits are there.
    #[inline(always)]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// Leaves out bits that are there.
    #[inline(always)]
    pub const fn skip(&mut self, count: u8) {
        self.bits = self.bits.wrapping_shr(count as u32);
        self.count = self.count.wrapping_sub(count);
    }
}

impl<'a, I: Iterator<Item = &'a [u8]>> Bits<'a, I> {
    pub const fn new(pieces: I) -> Self {
        Self { pieces, held: Held { piece: &[], at: 0, bits: 0, count: 0 } }
    }

    /// Makes sure that at least [`FULL`] bits are there, or all that there are.
    pub fn refill(&mut self) {
        if self.held.refill() {
            return;
        }
        while self.held.count < FULL {
            if let Some(byte) = self.held.piece.get(self.held.at) {
                self.held.bits |= u64::from(*byte).wrapping_shl(self.held.count.into());
                self.held.count = self.held.count.wrapping_add(8);
                self.held.at = self.held.at.wrapping_add(1);
            } else if let Some(piece) = self.pieces.next() {
                (self.held.piece, self.held.at) = (piece, 0);
            } else {
                return;
            }
        }
    }

    /// What is held, for whoever takes bits until the piece ends.
    pub const fn held(&mut self) -> &mut Held<'a> {
        &mut self.held
    }

    /// How many bits are there.
    pub const fn count(&self) -> u8 {
        self.held.count
    }

    /// The bits; those beyond [`Bits::count`] mean nothing.
    pub const fn peek(&self) -> u64 {
        self.held.bits
    }

    /// As [`Held::skip`].
    pub const fn skip(&mut self, count: u8) {
        self.held.skip(count);
    }

    /// A number of at most 16 bits.
    pub fn take(&mut self, count: u8) -> Option<u32> {
        if self.held.count < count {
            self.refill();
            if self.held.count < count {
                return None;
            }
        }
        let number = self.held.bits as u32 & 1_u32.wrapping_shl(count.into()).wrapping_sub(1);
        self.skip(count);
        Some(number)
    }

    /// How many bytes a stored block has; they come next.
    pub fn stored(&mut self) -> Option<usize> {
        self.skip(self.held.count % 8);
        let (length, inverse) = (self.take(16)?, self.take(16)?);
        (length == !inverse & 0xffff).then_some(length as usize)
    }

    /// Copies whole bytes.
    pub fn copy(&mut self, mut out: &mut [u8]) -> Option<()> {
        // The bytes that were taken as bits come first.
        let (taken, rest) = out.split_at_mut(out.len().min((self.held.count / 8).into()));
        for byte in taken {
            *byte = self.take(8)? as u8;
        }
        out = rest;
        if !out.is_empty() {
            // What is above the bits that were there is still in the piece.
            self.held.bits = 0;
        }
        while !out.is_empty() {
            let mut rest = self.held.piece.get(self.held.at..).unwrap_or_default();
            if rest.is_empty() {
                rest = self.pieces.next()?;
                (self.held.piece, self.held.at) = (rest, 0);
            }
            let now = rest.get(..out.len()).unwrap_or(rest);
            let (place, behind) = out.split_at_mut(now.len());
            place.copy_from_slice(now);
            self.held.at = self.held.at.wrapping_add(now.len());
            out = behind;
        }
        Some(())
    }
}
