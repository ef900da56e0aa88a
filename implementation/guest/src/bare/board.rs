//! Where the devices are, and how the machine ends.

use core::sync::atomic::{AtomicUsize, Ordering};
use devices::Board;

/// The devices' addresses: QEMU's `virt` until the device tree is read, so that a fault before that can be printed too.
static UART: AtomicUsize = AtomicUsize::new(0x1000_0000);
static CLINT: AtomicUsize = AtomicUsize::new(0x200_0000);
static FINISHER: AtomicUsize = AtomicUsize::new(0x10_0000);

/// Takes the addresses from the device tree.
pub fn install(board: &Board) {
    UART.store(board.uart.window.address as usize, Ordering::Relaxed);
    CLINT.store(board.clint.address as usize, Ordering::Relaxed);
    FINISHER.store(board.finisher.address as usize, Ordering::Relaxed);
}

/// Address of the UART.
pub fn uart() -> usize {
    UART.load(Ordering::Relaxed)
}

/// Address of the core-local interruptor.
pub fn clint() -> usize {
    CLINT.load(Ordering::Relaxed)
}

/// How the run ended, as the host sees it in QEMU's exit code.
#[derive(Clone, Copy)]
pub enum Exit {
    /// Exit code 0.
    Passed,
    /// Exit code 1.
    Failed,
}

/// Ends the machine.
pub fn end(exit: Exit) -> ! {
    let value: u32 = match exit {
        Exit::Passed => 0x5555,
        Exit::Failed => 0x3333 | 1 << 16,
    };
    let finisher = core::ptr::with_exposed_provenance_mut::<u32>(FINISHER.load(Ordering::Relaxed));
    // SAFETY: the register's address is that of the machine or of its device tree, aligned and outside memory.
    unsafe { finisher.write_volatile(value) };
    // The write ends the machine; a machine without the register stays here, and the host ends it.
    loop {
        riscv::asm::wfi();
    }
}
