//! Traps and panics. One in a task ends that task's life; any other is printed and ends the machine with a failure.

use super::board::{self, Exit};
use super::scheduler::{self, Fault};
use super::{console, timer};
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};
use guest::marker::Marker;
use riscv::register::mtvec::{Mtvec, TrapMode};

/// Bytes of the stack that traps are handled on, so that an overflow of the other stack can still be told.
const STACK_BYTES: usize = 16 << 10;

#[repr(C, align(16))]
struct Stack([u8; STACK_BYTES]);

static mut STACK: Stack = Stack([0; STACK_BYTES]);

unsafe extern "C" {
    /// The lowest page of the stack, by the memory layout.
    static _stack_guard: u8;
}

/// Where every trap goes. Interrupts are taken only where a C function may be called, so that only `mret` tells them from one; no other
/// trap returns where it came from. The stack below is for those, as the one that they came from may be what is wrong.
#[unsafe(naked)]
unsafe extern "C" fn enter() -> ! {
    core::arch::naked_asm!(
        ".balign 4",
        "csrr t0, mcause",
        "bltz t0, 1f",
        "la sp, {stack}",
        "li t0, {bytes}",
        "add sp, sp, t0",
        "csrr a0, mcause",
        "csrr a1, mepc",
        "csrr a2, mtval",
        "tail {report}",
        "1:",
        "addi sp, sp, -16",
        "slli a0, t0, 1",
        "call {interrupt}",
        "addi sp, sp, 16",
        "mret",
        interrupt = sym interrupt,
        stack = sym STACK,
        bytes = const STACK_BYTES,
        report = sym report,
    )
}

/// The timer's number among the interrupts of machine mode.
const TIMER: u64 = 7;

/// An interrupt: the cause without its upper bit, twice.
extern "C" fn interrupt(twice: u64) {
    if twice != TIMER << 1 {
        once();
        console::fail(Marker::Trap { cause: twice >> 1 | 1 << 63, pc: 0, value: 0 });
    }
    timer::interrupted();
}

extern "C" fn report(cause: u64, pc: u64, value: u64) -> ! {
    if scheduler::running().is_some() {
        scheduler::contain(Fault::Trap { cause, pc, value });
    }
    once();
    console::fail(Marker::Trap { cause, pc, value })
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    if scheduler::running().is_some() {
        scheduler::contain(Fault::Panic { line: info.location().map_or(0, |place| place.line()) });
    }
    once();
    let (file, line) = info.location().map_or(("unknown", 0), |place| (place.file(), place.line()));
    console::fail(Marker::Panic { file, line })
}

/// Ends the machine where reporting a fault is itself what failed.
fn once() {
    static REPORTING: AtomicBool = AtomicBool::new(false);
    if REPORTING.load(Ordering::Relaxed) {
        board::end(Exit::Failed);
    }
    REPORTING.store(true, Ordering::Relaxed);
}

/// Sends traps to this module and forbids the lowest page of the stack.
pub fn install() {
    let Ok(vector) = Mtvec::try_new(enter as *const () as usize, TrapMode::Direct) else { panic!("the trap handler is aligned") };
    let guard = &raw const _stack_guard as usize;
    // SAFETY: `enter` handles every trap. The protected page is the stack's lowest, which no correct program reaches.
    unsafe {
        riscv::register::mtvec::write(vector);
        // 4 KiB, naturally aligned; locked, which is what makes the rule bind machine mode; nothing permitted.
        riscv::register::pmpaddr0::write(guard >> 2 | 0x1ff);
        riscv::register::pmpcfg0::write(0x98);
    }
}
