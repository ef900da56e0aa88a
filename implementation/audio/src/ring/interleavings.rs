//! Every interleaving of a small ring, by loom: the very code of the ends, on loom's counters and cells.

use super::{Capacity, Consumer, Counter, Producer, SharedMemory};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::AtomicU64;
use std::sync::atomic::{AtomicU64 as HostU64, Ordering};
use std::vec::Vec;

impl Counter for AtomicU64 {
    fn load(&self, order: Ordering) -> u64 {
        Self::load(self, order)
    }

    fn store(&self, value: u64, order: Ordering) {
        Self::store(self, value, order);
    }
}

/// Shared memory whose every access loom watches: two accesses to one frame that nothing orders end the check.
#[derive(Clone)]
struct Watched(Arc<Shared>);

struct Shared {
    write_index: AtomicU64,
    read_index: AtomicU64,
    frames: Vec<UnsafeCell<[i16; 2]>>,
}

impl Watched {
    fn new(capacity: Capacity) -> Self {
        let frames = (0..capacity.frames()).map(|_| UnsafeCell::new([0; 2])).collect();
        Self(Arc::new(Shared { write_index: AtomicU64::new(0), read_index: AtomicU64::new(0), frames }))
    }
}

#[allow(unsafe_code, reason = "the trait's copies are unsafe, and loom checks what they promise")]
impl SharedMemory for Watched {
    type Counter = AtomicU64;

    fn write_index(&self) -> &AtomicU64 {
        &self.0.write_index
    }

    fn read_index(&self) -> &AtomicU64 {
        &self.0.read_index
    }

    unsafe fn copy_in(&self, at: usize, pcm: &[i16]) {
        for (cell, frame) in self.0.frames.iter().skip(at).zip(pcm.as_chunks().0) {
            // SAFETY: the pointer is to a live cell; loom ends the check where another access is not ordered with this one.
            cell.with_mut(|target| unsafe { *target = *frame });
        }
    }

    unsafe fn copy_out(&self, at: usize, pcm: &mut [i16]) {
        for (cell, frame) in self.0.frames.iter().skip(at).zip(pcm.as_chunks_mut().0) {
            // SAFETY: as above.
            cell.with(|source| unsafe { *frame = *source });
        }
    }
}

// SAFETY: the cells are accessed through `copy_in` and `copy_out` alone, and loom watches that no two accesses conflict.
#[allow(unsafe_code, reason = "loom's cell is not Sync, and loom watches every access")]
unsafe impl Send for Shared {}
// SAFETY: as above.
#[allow(unsafe_code, reason = "loom's cell is not Sync, and loom watches every access")]
unsafe impl Sync for Shared {}

/// Runs a producer that offers `items` frames, one and two at a time, against a consumer that reads as often, in every
/// interleaving and with every value that the memory order allows; gives the number of executions (RING-013).
///
/// # Panics
/// Where an execution loses, repeats, reorders or tears a frame, or accesses a frame that is not the accessing side's: the
/// panic is loom's report of that execution.
#[allow(clippy::panic, reason = "a panic is how loom learns that an execution is wrong")]
pub fn check(capacity: Capacity, items: u32) -> u64 {
    let executions = std::sync::Arc::new(HostU64::new(0));
    let count = std::sync::Arc::clone(&executions);
    loom::model(move || {
        count.fetch_add(1, Ordering::Relaxed);
        if let Err(why) = execution(capacity, items) {
            panic!("{why}");
        }
    });
    executions.load(Ordering::Relaxed)
}

fn execution(capacity: Capacity, items: u32) -> Result<(), &'static str> {
    let memory = Watched::new(capacity);
    // SAFETY: fresh, zeroed memory of that capacity, whose two handles go to one producer and one consumer.
    #[allow(unsafe_code, reason = "the ends of a fresh memory are made here, once each")]
    let (producer, mut consumer) = unsafe { (Producer::new(memory.clone(), capacity), Consumer::new(memory, capacity)) };
    let writer = loom::thread::spawn(move || produce(producer, items));
    let mut seen = Vec::new();
    let mut turn = 0;
    while turn < items {
        let size = turn % 2;
        take(&mut consumer, size.saturating_add(1), &mut seen)?;
        turn = turn.saturating_add(1).saturating_add(size);
    }
    let written = writer.join().map_err(|_| "the producer panicked")??;
    while take(&mut consumer, capacity.frames(), &mut seen)? > 0 {}
    let expected = (0..written).map(frame);
    if seen.iter().copied().eq(expected) { Ok(()) } else { Err("the frames read are not the frames written") }
}

/// Offers the frames, one and two at a time, without waiting; says how many were taken.
fn produce(mut producer: Producer<Watched>, items: u32) -> Result<u32, &'static str> {
    let (mut next, mut turn) = (0_u32, 0_u32);
    while turn < items {
        let size = turn % 2;
        let pcm: Vec<i16> = (next..=next.saturating_add(size)).flat_map(frame).collect();
        next = next.saturating_add(producer.write(&pcm).map_err(|_| "a write was rejected")?);
        turn = turn.saturating_add(1).saturating_add(size);
    }
    Ok(next)
}

fn take(consumer: &mut Consumer<Watched>, frames: u32, seen: &mut Vec<[i16; 2]>) -> Result<u32, &'static str> {
    let mut out = [0; 8];
    let taken = consumer.read(frames, &mut out).map_err(|_| "a read was rejected")?;
    seen.extend(out.as_chunks().0.iter().take(taken as usize));
    Ok(taken)
}

/// A frame that shows its number and whether its halves belong together.
fn frame(number: u32) -> [i16; 2] {
    let left = (number as i16).wrapping_add(1);
    [left, left.wrapping_neg()]
}
