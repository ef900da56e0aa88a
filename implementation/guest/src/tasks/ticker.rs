//! Ticks from a running time, by absolute deadlines: a late tick makes none after it late.

/// Ticks per second: one for each block of audio.
pub const TICKS_PER_SECOND: u64 = 100;

/// Counts ticks.
#[derive(Clone, Copy, Debug)]
pub struct Ticker {
    start: u64,
    timebase: u64,
    ticks: u64,
}

impl Ticker {
    /// Starts at this time, counted in `timebase` per second.
    pub fn new(start: u64, timebase: u64) -> Self {
        Self { start, timebase, ticks: 0 }
    }

    /// Ticks so far.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// The time of that tick: its whole number of ticks after the start, rounded once, so that nothing adds up.
    pub fn time_of(&self, tick: u64) -> u64 {
        let after = u128::from(tick).saturating_mul(u128::from(self.timebase)).checked_div(u128::from(TICKS_PER_SECOND));
        self.start.saturating_add(after.and_then(|after| u64::try_from(after).ok()).unwrap_or(u64::MAX))
    }

    /// The time of the next tick.
    pub fn deadline(&self) -> u64 {
        self.time_of(self.ticks.saturating_add(1))
    }

    /// Counts every tick that came until now; gives how many.
    pub fn advance(&mut self, now: u64) -> u64 {
        // A slow machine may be a few ticks late, a stopped one many: the number is computed, then made exact.
        let passed = u128::from(now.saturating_sub(self.start)).saturating_mul(u128::from(TICKS_PER_SECOND));
        let about = u64::try_from(passed.checked_div(u128::from(self.timebase)).unwrap_or(0)).unwrap_or(u64::MAX);
        let mut ticks = self.ticks.max(about.saturating_sub(1));
        while self.time_of(ticks.saturating_add(1)) <= now && ticks < about.saturating_add(1) {
            ticks = ticks.saturating_add(1);
        }
        let count = ticks.saturating_sub(self.ticks);
        self.ticks = ticks;
        count
    }
}
