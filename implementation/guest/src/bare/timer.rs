//! The timer of the core-local interruptor.

use super::board;

/// Offset of the first hart's compare register.
const COMPARE_AT: usize = 0x4000;
/// Offset of the running time.
const TIME_AT: usize = 0xbff8;
/// Ticks of a nap.
const NAP_TICKS: u64 = 200;
/// Reads of the timer until one must differ, at most.
const READS_MAX: u32 = 1_000_000;

/// Ticks since the machine's start.
pub fn now() -> u64 {
    let time = core::ptr::with_exposed_provenance::<u64>(board::clint() + TIME_AT);
    // SAFETY: the register is part of the device whose address the device tree gave, outside memory and aligned.
    unsafe { time.read_volatile() }
}

/// Sleeps until that time, or less.
fn sleep_until(time: u64) {
    let compare = core::ptr::with_exposed_provenance_mut::<u64>(board::clint() + COMPARE_AT);
    // SAFETY: as in `now`. Interrupts are disabled as a whole (`mstatus.MIE`), so that the timer's only ends `wfi`.
    unsafe {
        compare.write_volatile(time);
        riscv::register::mie::set_mtimer();
    }
    riscv::asm::wfi();
}

/// Sleeps for some microseconds, until something else needed attention: the rates of real timers are 1 to 100 MHz.
pub fn nap() {
    sleep_until(now().saturating_add(NAP_TICKS));
}

/// Checks that time passes.
pub fn check() {
    let start = now();
    assert!((0..READS_MAX).any(|_| now() != start), "the timer stands still");
}

/// How the guest waits for work: it looks without pause for a while, as most requests follow each other closely, then sleeps
/// longer and longer between looks, so that a guest with nothing to do leaves its processor to others.
pub struct Idle {
    timebase: u64,
    since: Option<u64>,
}

/// Looks without pause last that many parts of a second: 1 ms.
const SPIN_PER_SECOND: u64 = 1_000;
/// A short sleep, until the guest has been idle for a second: 50 µs.
const NAP_PER_SECOND: u64 = 20_000;
/// A long sleep: 2 ms.
const SLEEP_PER_SECOND: u64 = 500;

impl Idle {
    /// Waiting by a timer of so many ticks per second.
    pub fn new(timebase: u64) -> Self {
        Self { timebase, since: None }
    }

    /// There was work.
    pub fn busy(&mut self) {
        self.since = None;
    }

    /// There was none.
    pub fn pause(&mut self) {
        let now = now();
        let idle = now.saturating_sub(*self.since.get_or_insert(now));
        if idle < self.timebase / SPIN_PER_SECOND {
            core::hint::spin_loop();
        } else {
            let part = if idle < self.timebase { NAP_PER_SECOND } else { SLEEP_PER_SECOND };
            sleep_until(now.saturating_add(self.timebase / part));
        }
    }
}
