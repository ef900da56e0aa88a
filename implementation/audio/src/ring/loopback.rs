//! Both ends in one owner, and the client's power to write over the counters.

use super::memory::Heap;
use super::{Capacity, Consumer, Producer, Pull, SharedMemory};
use crate::Result;
use core::sync::atomic::Ordering::Relaxed;
use spec::ring::Stats;

/// What a memory is silenced with.
const SILENCE: &[i16] = &[0; 512];

/// A ring whose both ends stay with one owner, which may also forge the shared counters as a hostile client can. Because the
/// ends never part, forged counters can't make them meet in the same frame at the same time.
pub struct Loopback {
    producer: Producer<Heap>,
    consumer: Consumer<Heap>,
    memory: Heap,
}

impl Loopback {
    /// A fresh ring.
    pub fn new(capacity: Capacity) -> Self {
        Self::in_zeroed(Heap::new(), capacity)
    }

    /// A fresh ring in this one's memory, of which only as much as it will use is zeroed.
    #[allow(unsafe_code, reason = "the memory's only owner silences it")]
    pub fn renew(self, capacity: Capacity) -> Self {
        let Self { memory, .. } = self;
        memory.write_index().store(0, Relaxed);
        memory.read_index().store(0, Relaxed);
        let frames = capacity.frames() as usize;
        for at in (0..frames).step_by(SILENCE.len() / 2) {
            let silence = SILENCE.get(..frames.saturating_sub(at).saturating_mul(2)).unwrap_or(SILENCE);
            // SAFETY: the frames lie within the capacity, and the ends of the old ring are gone.
            unsafe { memory.copy_in(at, silence) };
        }
        Self::in_zeroed(memory, capacity)
    }

    /// A ring in memory that is zeroed as far as the capacity goes, and that nobody else has.
    #[allow(unsafe_code, reason = "the ends of a memory are made here, once each")]
    fn in_zeroed(memory: Heap, capacity: Capacity) -> Self {
        // SAFETY: the memory is zeroed, holds the largest capacity, and has these two ends alone. The counters are forged below,
        // but only through this owner, so that no copy is under way then, and both ends check what they load.
        let (producer, consumer) = unsafe { (Producer::new(memory.clone(), capacity), Consumer::new(memory.clone(), capacity)) };
        Self { producer, consumer, memory }
    }

    /// As [`Producer::write`].
    ///
    /// # Errors
    /// As there.
    pub fn write(&mut self, pcm: &[i16]) -> Result<u32> {
        self.producer.write(pcm)
    }

    /// As [`Consumer::read`].
    ///
    /// # Errors
    /// As there.
    pub fn read(&mut self, frames: u32, out: &mut [i16]) -> Result<u32> {
        self.consumer.read(frames, out)
    }

    /// As [`Consumer::pull`].
    ///
    /// # Errors
    /// As there.
    pub fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<Pull> {
        self.consumer.pull(frames, out)
    }

    /// As [`Consumer::pause`].
    pub fn pause(&mut self) {
        self.consumer.pause();
    }

    /// As [`Consumer::resume`].
    pub fn resume(&mut self) {
        self.consumer.resume();
    }

    /// Writes over the shared write counter.
    pub fn forge_write_index(&mut self, value: u64) {
        self.memory.write_index().store(value, Relaxed);
    }

    /// Writes over the shared read counter.
    pub fn forge_read_index(&mut self, value: u64) {
        self.memory.read_index().store(value, Relaxed);
    }

    /// The counters of both ends (RING-012).
    pub fn stats(&self) -> Stats {
        let (underrun_events, missing_frames) = self.consumer.underruns();
        Stats {
            written: self.producer.written(),
            read: self.consumer.position(),
            fill: self.consumer.fill(),
            underrun_events,
            missing_frames,
            paused: self.consumer.is_paused(),
            faulted: self.consumer.is_faulted(),
        }
    }
}
