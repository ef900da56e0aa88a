//! The timer of the core-local interruptor.

use super::board;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU64, Ordering};
use guest::tasks::Ticker;

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

/// Asks for the timer's interrupt at that time, which also takes back one that is pending.
fn arm(time: u64) {
    let compare = core::ptr::with_exposed_provenance_mut::<u64>(board::clint() + COMPARE_AT);
    // SAFETY: as in `now`. While interrupts are disabled as a whole (`mstatus.MIE`) the timer's only ends `wfi`.
    unsafe {
        compare.write_volatile(time);
        riscv::register::mie::set_mtimer();
    }
}

/// Sleeps until that time, or less; the next tick comes in time.
fn sleep_until(time: u64) {
    let tick = TICKER.deadline();
    arm(time.min(tick));
    riscv::asm::wfi();
    arm(tick);
}

/// The ticks of the scheduler.
struct Ticks(UnsafeCell<Option<Ticker>>);

// SAFETY: one hart runs; the interrupt that counts is taken only in `take_interrupts`, which does not look at it itself.
unsafe impl Sync for Ticks {}

static TICKER: Ticks = Ticks(UnsafeCell::new(None));

impl Ticks {
    fn with<T>(&self, work: impl FnOnce(&mut Ticker) -> T) -> Option<T> {
        // SAFETY: `work` is short, is never interrupted and does not come back here.
        unsafe { &mut *self.0.get() }.as_mut().map(work)
    }

    fn deadline(&self) -> u64 {
        self.with(|ticker| ticker.deadline()).unwrap_or(u64::MAX)
    }
}

/// Starts to count ticks.
pub fn start(timebase: u64) {
    let ticker = Ticker::new(now(), timebase);
    // SAFETY: as for `Ticks::with`.
    unsafe { *TICKER.0.get() = Some(ticker) };
    arm(ticker.deadline());
}

/// Ticks since the start.
pub fn ticks() -> u64 {
    TICKER.with(|ticker| ticker.ticks()).unwrap_or(0)
}

/// When that tick is, or was to be.
pub fn time_of(tick: u64) -> u64 {
    TICKER.with(|ticker| ticker.time_of(tick)).unwrap_or(u64::MAX)
}

/// The timer's interrupt.
pub fn interrupted() {
    let time = now();
    TICKER.with(|ticker| ticker.advance(time));
    arm(TICKER.deadline());
}

/// Takes the interrupts that are pending. Here alone interrupts are enabled: nothing is under way, so that they can disturb nothing.
pub fn take_interrupts() {
    // SAFETY: the handler is a C function that ends in `mret`; what such a function may change is declared.
    unsafe { core::arch::asm!("csrsi mstatus, 8", "nop", "csrci mstatus, 8", clobber_abi("C")) };
}

/// Sleeps until an interrupt is pending. One that came since the last look is, so that none is slept through.
pub fn sleep() {
    SLEEPS.fetch_add(1, Ordering::Relaxed);
    riscv::asm::wfi();
}

/// How often the scheduler had nothing to do.
pub fn sleeps() -> u64 {
    SLEEPS.load(Ordering::Relaxed)
}

static SLEEPS: AtomicU64 = AtomicU64::new(0);

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
/// A sleep is that part of the time that the guest was idle,
const NAP_PART: u64 = 16;
/// at least 50 µs
const NAP_PER_SECOND: u64 = 20_000;
/// and at most 2 ms.
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
            let nap = (idle / NAP_PART).max(self.timebase / NAP_PER_SECOND).min(self.timebase / SLEEP_PER_SECOND);
            sleep_until(now.saturating_add(nap));
        }
    }
}
