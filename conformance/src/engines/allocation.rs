//! Counts allocations around a call.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting per thread.
pub struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<u64> = const { Cell::new(0) };
    /// Below zero where another thread's memory was given back here.
    static HELD: Cell<i64> = const { Cell::new(0) };
    static MOST: Cell<i64> = const { Cell::new(0) };
}

fn count(bytes: usize) {
    // A thread that is ending has no counters any more, and nobody who reads them.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    let _ = BYTES.try_with(|total| total.set(total.get() + bytes as u64));
}

/// Counts what is held from now on: more or, below zero, less.
fn hold(bytes: i64) {
    let _ = HELD.try_with(|held| {
        let now = held.get() + bytes;
        held.set(now);
        // Every allocation comes by here: what is given back can't be the most.
        if bytes > 0 {
            let _ = MOST.try_with(|most| {
                if now > most.get() {
                    most.set(now);
                }
            });
        }
    });
}

// SAFETY: every call goes unchanged to the system's allocator, which keeps the contract; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        hold(layout.size() as i64);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        hold(layout.size() as i64);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-(layout.size() as i64));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.saturating_sub(layout.size()));
        hold(size as i64 - layout.size() as i64);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a call gave, and how many allocations and bytes this thread made during it.
pub fn counted<T>(call: impl FnOnce() -> T) -> (T, u64, u64) {
    let before = (ALLOCATIONS.get(), BYTES.get());
    let value = call();
    (value, ALLOCATIONS.get() - before.0, BYTES.get() - before.1)
}

/// What a call gave, and how many bytes more than before this thread held at most during it.
pub fn peaked<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let before = HELD.get();
    MOST.set(before);
    let value = call();
    (value, (MOST.get() - before).unsigned_abs())
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_given_back_is_held_no_more() {
        let ((), most) = super::peaked(|| {
            drop(std::hint::black_box(vec![0_u8; 1_000]));
            drop(std::hint::black_box(vec![0_u8; 700]));
        });
        assert_eq!(most, 1_000);
    }

    #[test]
    fn an_allocation_is_counted_and_its_absence_too() {
        let (_, allocations, bytes) = super::counted(|| std::hint::black_box(vec![0_u8; 100]));
        assert_eq!((allocations, bytes), (1, 100));
        let (_, allocations, _) = super::counted(|| std::hint::black_box(7) + 1);
        assert_eq!(allocations, 0);
    }
}
