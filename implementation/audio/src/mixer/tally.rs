//! What a block measures while it is mixed.

use super::BlockReport;

/// Counts of a block, per channel where it is two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) clipped: u32,
    pub(super) peak: [u32; 2],
    /// Sum of the squares: at most 480 · 2^30.
    pub(super) squares: [u64; 2],
}

impl Tally {
    /// The report of a block of so many frames, at least 1.
    pub(super) fn report(&self, frames: u32) -> BlockReport {
        // The root's floor is the same for the mean square and for its floor.
        let rms = self.squares.map(|squares| squares.checked_div(u64::from(frames)).unwrap_or(0).isqrt() as u32);
        BlockReport { clipped: self.clipped, peak: self.peak, rms }
    }
}
