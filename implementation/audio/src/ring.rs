//! The ring buffer between one client and the mixer: one producer, one consumer, no lock.
//!
//! Each side owns its counter and trusts only that; what the other side shares is checked at every call. The shared counter is
//! loaded at every call and never remembered between calls: a remembered one would find a forged counter late (RING-009,
//! RING-011), and for whole blocks the load is one cache line in thirty.

mod consumer;
#[cfg(feature = "loom")]
pub mod interleavings;
mod loopback;
mod memory;
mod producer;
#[cfg(feature = "std-checks")]
pub mod stress;

pub use consumer::{Consumer, Pull};
pub use loopback::Loopback;
pub use memory::{Counter, Heap, Mapping, SharedMemory, layout};
pub use producer::Producer;

use crate::Result;
use crate::error::AudioError;
use spec::ErrorCode;
use spec::ring::{RING_CAPACITY_FRAMES_MAX, RING_CAPACITY_FRAMES_MIN, RING_FRAMES};

/// A checked capacity in frames: at least 1, at most what the shared memory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(u32);

impl Capacity {
    /// The engine's: four blocks (RING-002).
    pub const ENGINE: Self = Self(RING_FRAMES);

    /// A capacity of so many frames.
    ///
    /// # Errors
    /// `out_of_range` outside [`RING_CAPACITY_FRAMES_MIN`] to [`RING_CAPACITY_FRAMES_MAX`] (RING-014).
    pub fn new(frames: u32) -> Result<Self> {
        let range = (RING_CAPACITY_FRAMES_MIN, RING_CAPACITY_FRAMES_MAX);
        if !(range.0..=range.1).contains(&frames) {
            return Err(AudioError::range(ErrorCode::OutOfRange, "the ring's capacity in frames", frames, range, "the engine's is 1920"));
        }
        Ok(Self(frames))
    }

    /// The number of frames.
    pub const fn frames(self) -> u32 {
        self.0
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self::ENGINE
    }
}

/// A ring within this program: both ends on fresh shared memory from the heap.
#[allow(unsafe_code, reason = "the ends of a fresh memory are made here, once each")]
pub fn channel(capacity: Capacity) -> (Producer<Heap>, Consumer<Heap>) {
    let memory = Heap::new();
    // SAFETY: the memory is zeroed, holds the largest capacity, and its only two handles go to one producer and one consumer,
    // neither of which gives it out again.
    unsafe { (Producer::new(memory.clone(), capacity), Consumer::new(memory, capacity)) }
}

/// A place in the storage, moved without a division.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    capacity: usize,
}

impl Place {
    fn start(capacity: Capacity) -> Self {
        Self { at: 0, capacity: capacity.0 as usize }
    }

    /// Frames up to the end of the storage.
    fn to_end(self) -> usize {
        self.capacity.wrapping_sub(self.at)
    }

    /// Moves on by at most one capacity.
    fn advance(&mut self, frames: usize) {
        let to_end = self.to_end();
        self.at = if frames < to_end { self.at.wrapping_add(frames) } else { frames.wrapping_sub(to_end) };
    }
}

/// The counters contradict each other (RING-D2).
fn fault(what: &'static str, distance: u64, capacity: usize) -> AudioError {
    AudioError::range(ErrorCode::RingFault, what, distance, (0, capacity as u64), "reset the stream; its counters lie")
}
