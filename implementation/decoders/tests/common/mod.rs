//! What the tests of decoders have in common.
#![allow(dead_code, reason = "each test program uses its part")]

use decoders::{Client, DecodeError, Limits};
use spec::ErrorCode;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts what a thread has at a time.
struct Counting;

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

fn count(bytes: i64) {
    // A thread that is ending has no counters any more, and nobody who reads them.
    let _ = NOW.try_with(|now| {
        now.set(now.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(now.get())));
    });
}

// SAFETY: every call goes unchanged to the system's allocator, which keeps the contract; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a call gave, and how many bytes more than before it this thread had at a time.
pub fn peak<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let before = NOW.get();
    PEAK.set(before);
    let value = call();
    (value, (PEAK.get() - before) as u64)
}

pub fn client(limits: Limits) -> Client {
    Client::new(limits).expect("right limits")
}

/// A rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
pub fn assert_rejected(error: DecodeError) -> ErrorCode {
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < 240, "{text}");
    error.code()
}
