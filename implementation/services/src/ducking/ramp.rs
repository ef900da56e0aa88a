//! A ramp in whole blocks.

use spec::format::BLOCK_MS;

/// A gain in Q8.8 dB on its way to a target (AUDIOD-021, DUCKING-003).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ramp {
    from: i32,
    to: i32,
    blocks: u32,
    done: u32,
}

impl Ramp {
    /// The present value: from + (to - from) · done / blocks, half away from zero.
    pub fn value(&self) -> i32 {
        if self.done >= self.blocks {
            return self.to;
        }
        // Magnitudes, which processors divide sooner than signed numbers: half a step before the truncating division rounds half away
        // from zero.
        let (way, blocks) = (u64::from(self.to.abs_diff(self.from)), u64::from(self.blocks));
        let doubled = way.wrapping_mul(u64::from(self.done)).wrapping_mul(2).wrapping_add(blocks);
        let step = doubled.checked_div(blocks.wrapping_mul(2)).unwrap_or(0) as i32;
        if self.to < self.from { self.from.wrapping_sub(step) } else { self.from.wrapping_add(step) }
    }

    /// Where it goes.
    pub const fn target(&self) -> i32 {
        self.to
    }

    /// Goes for another target from the present value, in ceil(ms / 10) blocks, the first of which is the next. Gives the target
    /// before.
    pub fn retarget(&mut self, to: i32, ms: u32) -> i32 {
        let before = self.to;
        *self = Self { from: self.value(), to, blocks: ms.div_ceil(BLOCK_MS), done: 0 };
        before
    }

    /// Goes on to the next block.
    pub fn advance(&mut self) {
        self.done = self.done.saturating_add(1).min(self.blocks);
    }
}
