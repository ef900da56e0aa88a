//! What was expanded lately: what a match can reach, and what is not given away yet.

use super::MARGIN;
use crate::Result;
use crate::canvas::zeros;
use alloc::vec::Vec;

/// Bytes that a match can reach back.
const HISTORY: usize = 1 << 15;

/// Bytes of a window: what a match can reach, and so much besides that moving it is cheap.
const WINDOW: u64 = 4 * HISTORY as u64;

/// A window over bytes that are expanded.
pub(in super::super) struct Window {
    bytes: Vec<u8>,
    /// Up to where they are given away, and expanded.
    given: usize,
    at: usize,
    /// Bytes that are still to be expanded.
    left: u64,
}

impl Window {
    /// A window for so many bytes, of which it needs memory for [`WINDOW`] at most.
    pub fn new(count: u64) -> Result<Self> {
        Ok(Self { bytes: zeros(count.min(WINDOW))?, given: 0, at: 0, left: count })
    }

    /// The bytes, where the next ones go, and from where on there is room for no match, or, at the end, where no more are asked for.
    pub fn room(&mut self) -> (&mut [u8], usize, usize) {
        let (at, length) = (self.at, self.bytes.len());
        match usize::try_from((at as u64).saturating_add(self.left)) {
            Ok(end) if end <= length => (self.bytes.get_mut(..end).unwrap_or_default(), at, end),
            _ => (&mut self.bytes, at, length.saturating_sub(MARGIN)),
        }
    }

    /// Bytes up to there are expanded.
    pub fn advance(&mut self, to: usize) {
        self.left = self.left.saturating_sub(to.saturating_sub(self.at) as u64);
        self.at = to;
    }

    /// Whether all bytes are expanded.
    pub const fn is_whole(&self) -> bool {
        self.left == 0
    }

    /// Gives what was not given before, and makes room.
    pub fn give<E>(&mut self, mut take: impl FnMut(&[u8]) -> core::result::Result<(), E>) -> core::result::Result<(), E> {
        let given = take(self.bytes.get(self.given..self.at).unwrap_or_default());
        let start = self.at.saturating_sub(HISTORY);
        self.bytes.copy_within(start..self.at, 0);
        self.at = self.at.saturating_sub(start);
        self.given = self.at;
        given
    }
}
