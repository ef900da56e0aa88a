//! Bits of pieces of data, the lowest first.

/// A place in data that come in pieces.
pub(super) struct Bits<'a, I> {
    pieces: I,
    /// What is left of the current piece.
    piece: &'a [u8],
    /// The next bits; above the first `count` of them is a part of what comes next, or nothing.
    bits: u64,
    count: u32,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Bits<'a, I> {
    pub const fn new(pieces: I) -> Self {
        Self { pieces, piece: &[], bits: 0, count: 0 }
    }

    /// Makes sure that at least 56 bits are there, or all that there are.
    #[inline(always)]
    pub fn refill(&mut self) {
        match self.piece.split_first_chunk::<8>() {
            Some((eight, _)) => {
                self.bits |= u64::from_le_bytes(*eight).wrapping_shl(self.count);
                let bytes = 63_u32.wrapping_sub(self.count) >> 3;
                self.piece = self.piece.get(bytes as usize..).unwrap_or_default();
                // As many bytes more as were taken: the lowest three bits stay.
                self.count |= 56;
            }
            None => self.refill_by_bytes(),
        }
    }

    #[cold]
    fn refill_by_bytes(&mut self) {
        while self.count < 56 {
            if let Some((byte, rest)) = self.piece.split_first() {
                self.bits |= u64::from(*byte).wrapping_shl(self.count);
                self.count = self.count.wrapping_add(8);
                self.piece = rest;
            } else if let Some(piece) = self.pieces.next() {
                self.piece = piece;
            } else {
                return;
            }
        }
    }

    /// How many bits are there.
    #[inline(always)]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The bits; those beyond [`Bits::count`] mean nothing.
    #[inline(always)]
    pub const fn peek(&self) -> u64 {
        self.bits
    }

    /// Leaves out bits that are there.
    #[inline(always)]
    pub const fn skip(&mut self, count: u32) {
        self.bits = self.bits.wrapping_shr(count);
        self.count = self.count.wrapping_sub(count);
    }

    /// A number of at most 16 bits.
    pub fn take(&mut self, count: u32) -> Option<u32> {
        if self.count < count {
            self.refill();
            if self.count < count {
                return None;
            }
        }
        let number = self.bits as u32 & 1_u32.wrapping_shl(count).wrapping_sub(1);
        self.skip(count);
        Some(number)
    }

    /// Copies the bytes of a stored block, to its end or to the last byte that is asked for; gives how many bytes there are then.
    pub fn stored(&mut self, out: &mut [u8], mut at: usize) -> Option<usize> {
        self.skip(self.count % 8);
        let (length, inverse) = (self.take(16)?, self.take(16)?);
        if length != !inverse & 0xffff {
            return None;
        }
        let end = at.saturating_add(length as usize).min(out.len());
        while at < end && self.count >= 8 {
            *out.get_mut(at)? = self.take(8)? as u8;
            at = at.wrapping_add(1);
        }
        if at < end {
            // What is above the bits that were there is still in the piece.
            self.bits = 0;
        }
        while at < end {
            if self.piece.is_empty() {
                self.piece = self.pieces.next()?;
            }
            let (now, rest) = self.piece.split_at(self.piece.len().min(end.wrapping_sub(at)));
            out.get_mut(at..)?.get_mut(..now.len())?.copy_from_slice(now);
            at = at.wrapping_add(now.len());
            self.piece = rest;
        }
        Some(at)
    }
}
