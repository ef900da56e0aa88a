//! The heap: what memory is left between the program and the stack. An allocation that does not fit panics, which is printed.

use core::alloc::{GlobalAlloc, Layout};
use talc::TalcCell;
use talc::source::Manual;

struct Heap(TalcCell<Manual>);

// SAFETY: one hart runs; interrupts are never taken and a trap never returns, so no two calls are ever under way.
unsafe impl Sync for Heap {}

// SAFETY: every call goes to an allocator that keeps the contract of the trait.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.0.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        unsafe { self.0.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static HEAP: Heap = Heap(TalcCell::new(Manual));

unsafe extern "C" {
    /// Where the program's data end.
    static mut __sheap: u8;
    /// Where the stack begins.
    static _stack_guard: u8;
}

/// Gives the allocator its memory. Called once, before the first allocation.
pub fn install() {
    let start = &raw mut __sheap;
    let size = (&raw const _stack_guard as usize).saturating_sub(start as usize);
    // SAFETY: by the memory layout nothing else lies between the program's data and the stack.
    let heap = unsafe { HEAP.0.claim(start, size) };
    assert!(heap.is_some(), "there is no room for a heap");
}
