//! Stacks, and the switch from one to another. All of what a task is to the processor is here.

use alloc::alloc::{Layout, alloc, handle_alloc_error};
use core::cell::UnsafeCell;
use guest::tasks::{TASKS_MAX, TaskId};

/// Bytes of a task's stack, its guard included.
const STACK_BYTES: usize = 64 << 10;
/// Bytes of the guard at a stack's lower end, which no access may reach.
pub const GUARD_BYTES: usize = 4096;

/// The registers that a function's callee keeps: return address, stack pointer, s0 to s11, fs0 to fs11.
#[repr(C)]
#[derive(Clone, Copy)]
struct Frame([u64; 26]);

/// The scheduler's frame, then the tasks'.
struct Frames(UnsafeCell<[Frame; TASKS_MAX + 1]>);

// SAFETY: one hart runs, and interrupts do not look at frames.
unsafe impl Sync for Frames {}

static FRAMES: Frames = Frames(UnsafeCell::new([Frame([0; 26]); TASKS_MAX + 1]));
const SCHEDULER: usize = TASKS_MAX;

fn frame(place: usize) -> *mut Frame {
    // In bounds: a task's place is below TASKS_MAX, and the scheduler's is the last.
    FRAMES.0.get().cast::<Frame>().wrapping_add(place.min(SCHEDULER))
}

/// Keeps the callee's registers in `from` and goes on with those in `to`: returns when somebody switches back.
#[unsafe(naked)]
unsafe extern "C" fn switch(from: *mut Frame, to: *const Frame) {
    core::arch::naked_asm!(
        "sd ra, 0(a0)", "sd sp, 8(a0)", "sd s0, 16(a0)", "sd s1, 24(a0)", "sd s2, 32(a0)", "sd s3, 40(a0)", "sd s4, 48(a0)",
        "sd s5, 56(a0)", "sd s6, 64(a0)", "sd s7, 72(a0)", "sd s8, 80(a0)", "sd s9, 88(a0)", "sd s10, 96(a0)", "sd s11, 104(a0)",
        "fsd fs0, 112(a0)", "fsd fs1, 120(a0)", "fsd fs2, 128(a0)", "fsd fs3, 136(a0)", "fsd fs4, 144(a0)", "fsd fs5, 152(a0)",
        "fsd fs6, 160(a0)", "fsd fs7, 168(a0)", "fsd fs8, 176(a0)", "fsd fs9, 184(a0)", "fsd fs10, 192(a0)", "fsd fs11, 200(a0)",
        "mv a0, a1",
        "j {resume}",
        resume = sym resume,
    )
}

/// Goes on with the registers in `to`; what ran until now is gone.
#[unsafe(naked)]
unsafe extern "C" fn resume(to: *const Frame) -> ! {
    core::arch::naked_asm!(
        "ld ra, 0(a0)",
        "ld sp, 8(a0)",
        "ld s0, 16(a0)",
        "ld s1, 24(a0)",
        "ld s2, 32(a0)",
        "ld s3, 40(a0)",
        "ld s4, 48(a0)",
        "ld s5, 56(a0)",
        "ld s6, 64(a0)",
        "ld s7, 72(a0)",
        "ld s8, 80(a0)",
        "ld s9, 88(a0)",
        "ld s10, 96(a0)",
        "ld s11, 104(a0)",
        "fld fs0, 112(a0)",
        "fld fs1, 120(a0)",
        "fld fs2, 128(a0)",
        "fld fs3, 136(a0)",
        "fld fs4, 144(a0)",
        "fld fs5, 152(a0)",
        "fld fs6, 160(a0)",
        "fld fs7, 168(a0)",
        "fld fs8, 176(a0)",
        "fld fs9, 184(a0)",
        "fld fs10, 192(a0)",
        "fld fs11, 200(a0)",
        "ret",
    )
}

/// Memory that is aligned to pages and stays for ever: a task's stack or arena is used again by whoever restarts in it.
pub fn pages(bytes: usize) -> *mut u8 {
    let Ok(layout) = Layout::from_size_align(bytes, GUARD_BYTES) else { panic!("a page is a power of two") };
    // SAFETY: callers ask for constant sizes above zero.
    let start = unsafe { alloc(layout) };
    if start.is_null() { handle_alloc_error(layout) } else { start }
}

/// A task's stack.
#[derive(Clone, Copy)]
pub struct Stack(usize);

impl Stack {
    /// Gives a task a stack, whose lowest page it can't touch.
    pub fn new(task: TaskId) -> Self {
        let start = pages(STACK_BYTES).expose_provenance();
        guard(task, start);
        Self(start)
    }

    /// Whether that address is in the guard, where only a stack that overflowed reaches.
    pub fn guards(self, address: u64) -> bool {
        (self.0 as u64..(self.0 + GUARD_BYTES) as u64).contains(&address)
    }
}

/// Forbids a page for good, as the second and later rules of memory protection; the first guards the boot's stack.
fn guard(task: TaskId, page: usize) {
    use riscv::register::{Permission, Range, pmpaddr1, pmpaddr2, pmpaddr3, pmpaddr4, pmpaddr5, pmpaddr6, pmpaddr7, pmpcfg0};
    // 4 KiB, naturally aligned.
    let address = page >> 2 | 0x1ff;
    let rule = task.place() + 1;
    // SAFETY: the page is a stack's lowest, which no correct task reaches. A locked rule binds machine mode, too.
    unsafe {
        match rule {
            1 => pmpaddr1::write(address),
            2 => pmpaddr2::write(address),
            3 => pmpaddr3::write(address),
            4 => pmpaddr4::write(address),
            5 => pmpaddr5::write(address),
            6 => pmpaddr6::write(address),
            _ => pmpaddr7::write(address),
        }
        pmpcfg0::set_pmp(rule.min(7), Range::NAPOT, Permission::NONE, true);
    }
}

/// Lets a task begin at `entry` when it is entered next, on an empty stack.
pub fn prepare(task: TaskId, stack: Stack, entry: extern "C" fn() -> !) {
    let mut registers = [0; 26];
    registers[0] = entry as usize as u64;
    registers[1] = (stack.0 + STACK_BYTES) as u64;
    // SAFETY: the task does not run, so that nobody else looks at its frame.
    unsafe { *frame(task.place()) = Frame(registers) };
}

/// The scheduler lets a task run until it leaves.
pub fn enter(task: TaskId) {
    // SAFETY: the task's frame is from `prepare` or from where it left last; its stack is its own.
    unsafe { switch(frame(SCHEDULER), frame(task.place())) };
}

/// A task lets the scheduler go on, until it is entered again.
pub fn leave(task: TaskId) {
    // SAFETY: the scheduler's frame is from the `enter` that let this task run.
    unsafe { switch(frame(task.place()), frame(SCHEDULER)) };
}

/// The scheduler goes on; the task that ran is never entered again where it was.
pub fn abandon() -> ! {
    // SAFETY: as in `leave`; nothing on the stack that is left here is used again.
    unsafe { resume(frame(SCHEDULER)) }
}
