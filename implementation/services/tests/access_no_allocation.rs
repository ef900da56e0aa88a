//! Decisions and records allocate nothing (POLICY-023, CAPABILITY_AUDIT-016).

use services::capability_audit::{AuditLog, Entry};
use services::policy::{Policyd, Request, service_id};
use spec::capabilities::{Capability, METHODS};
use spec::policy::Kind;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts the allocations of each thread.
struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn decisions_and_records_allocate_nothing() {
    let mut policyd = Policyd::with_defaults();
    let mut log = AuditLog::default();
    assert_eq!(policyd.consent("nx", "audio.record", Kind::Persistent), Ok(()));
    let nx = service_id("nx");
    let before = ALLOCATIONS.get();
    for round in 0..20 {
        for entry in &METHODS {
            for claimed in [None, Some(nx), Some(1)] {
                let request = Request { sender: nx, claimed, method: entry.method };
                let decision = policyd.decide(&request);
                log.record_call(round, &request, decision, "state:/audio/out.wav");
            }
        }
        let decision = policyd.decide_capability(nx, None, "no.such.name");
        log.record(Entry {
            timestamp_ns: round,
            sender: nx,
            claimed: None,
            action: "a text above its bound of 32 bytes",
            target: "",
            decision,
        });
        let _ = policyd.decide_named(nx, None, "audiod", "seek");
        assert!(log.begin_capture(round, nx, Capability::AudioRecord).is_ok());
        assert!(log.deliver(nx, Capability::AudioRecord, 1920).is_ok());
        assert!(log.end_capture(round, nx, Capability::AudioRecord).is_ok());
        assert!(log.records(0).count() + log.events(0).count() > 0);
    }
    assert_eq!(ALLOCATIONS.get(), before);
    drop(vec![1_u8]);
    assert_eq!(ALLOCATIONS.get(), before + 1, "the counter counts");
}
