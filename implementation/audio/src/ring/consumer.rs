//! The mixer's end.

use super::{Capacity, Counter, Place, SharedMemory, fault};
use crate::Result;
use crate::error::{AudioError, length};
use core::sync::atomic::Ordering::{Acquire, Release};
use spec::ErrorCode;
use spec::ring::{RING_PULL_FRAMES_MAX, RING_READ_FRAMES_MAX};

/// What a pull gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Frames of the stream; silence fills the rest.
    pub frames: u32,
    /// Whether the pull was counted as an underrun.
    pub underrun: bool,
}

/// The end that reads. It trusts its own counter only: what the client writes over the shared copy changes nothing (RING-010).
pub struct Consumer<M> {
    memory: M,
    read: u64,
    place: Place,
    underrun_events: u64,
    missing_frames: u64,
    paused: bool,
    /// Whether a pull was full, so that a short one is an underrun.
    started: bool,
    faulted: bool,
}

impl<M: SharedMemory> Consumer<M> {
    /// The consumer of a fresh ring.
    ///
    /// # Safety
    /// The memory holds `capacity` frames, its counters are zero, no other consumer of this program reads it, and nothing but
    /// this consumer and one [`super::Producer`] of the same capacity stores its counters in this program.
    #[allow(unsafe_code, reason = "that nobody else reads can't be checked")]
    pub unsafe fn new(memory: M, capacity: Capacity) -> Self {
        let place = Place::start(capacity);
        Self { memory, read: 0, place, underrun_events: 0, missing_frames: 0, paused: false, started: false, faulted: false }
    }

    /// Reads at most `frames` frames into `out`, at most what it holds, and says how many (RING-005). Works while paused too;
    /// allocates nothing (RING-016).
    ///
    /// # Errors
    /// `out_of_range` above [`RING_READ_FRAMES_MAX`] (RING-014); `ring_fault` where the shared write counter is impossible, and
    /// from then on (RING-009).
    #[inline]
    pub fn read(&mut self, frames: u32, out: &mut [i16]) -> Result<u32> {
        if frames > RING_READ_FRAMES_MAX {
            let range = (0, RING_READ_FRAMES_MAX);
            return Err(AudioError::range(ErrorCode::OutOfRange, "the frames of a read", frames, range, "read in parts"));
        }
        let available = self.available()?;
        let taken = (frames as usize).min(available).min(out.len() / 2);
        self.take(out.get_mut(..taken.wrapping_mul(2)).unwrap_or_default());
        Ok(taken as u32)
    }

    /// Fills the first `frames` frames of `out` with what is available, then with silence (RING-006). While paused it gives
    /// silence and consumes nothing. A short pull counts as an underrun once a pull was full and while not paused (RING-007,
    /// RING-008). Allocates nothing (RING-016).
    ///
    /// # Errors
    /// `out_of_range` outside 1 to [`RING_PULL_FRAMES_MAX`] or beyond `out` (RING-014); `ring_fault` where the shared write
    /// counter is impossible, and from then on (RING-009). Nothing is delivered and nothing changes then.
    #[inline]
    pub fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<Pull> {
        let out = checked_buffer(frames, out)?;
        if self.faulted {
            return Err(self.latched());
        }
        if self.paused {
            out.fill(0);
            return Ok(Pull { frames: 0, underrun: false });
        }
        let taken = (frames as usize).min(self.available()?);
        let (stream, silence) = out.split_at_mut_checked(taken.wrapping_mul(2)).unwrap_or_default();
        self.take(stream);
        silence.fill(0);
        let missing = frames.wrapping_sub(taken as u32);
        let underrun = missing > 0 && self.started;
        if underrun {
            self.underrun_events = self.underrun_events.wrapping_add(1);
            self.missing_frames = self.missing_frames.wrapping_add(u64::from(missing));
        }
        self.started |= missing == 0;
        Ok(Pull { frames: taken as u32, underrun })
    }

    /// Frames that can be read, by the shared write counter; latches a fault (RING-009).
    #[inline]
    fn available(&mut self) -> Result<usize> {
        if self.faulted {
            return Err(self.latched());
        }
        // Acquire: the producer's copies into these frames lie before the counter that shows them.
        let available = self.distance();
        if available > self.place.capacity as u64 {
            self.faulted = true;
            return Err(fault("the lag behind the write counter", available, self.place.capacity));
        }
        Ok(available as usize)
    }

    fn distance(&self) -> u64 {
        self.memory.write_index().load(Acquire).wrapping_sub(self.read)
    }

    fn latched(&self) -> AudioError {
        AudioError::plain(ErrorCode::RingFault, "the stream has faulted: its counters contradicted each other", "reset the stream")
    }

    /// Copies frames out, no more than are available, and frees them.
    #[inline]
    fn take(&mut self, out: &mut [i16]) {
        let taken = out.len() / 2;
        let first = taken.min(self.place.to_end());
        let (head, tail) = out.split_at_mut_checked(first.wrapping_mul(2)).unwrap_or_default();
        // SAFETY: both pieces lie within the capacity: the first ends at its end at the latest, the second is what remains of at
        // most one capacity. The producer writes none of them before the store below frees them.
        #[allow(unsafe_code, reason = "the shared samples are reached by position")]
        unsafe {
            self.memory.copy_out(self.place.at, head);
            if !tail.is_empty() {
                self.memory.copy_out(0, tail);
            }
        }
        self.place.advance(taken);
        self.read = self.read.wrapping_add(taken as u64);
        // Release: the copies out lie before the counter that frees the frames.
        self.memory.read_index().store(self.read, Release);
    }

    /// Pauses: pulls give silence and consume nothing (RING-008).
    pub fn pause(&mut self) {
        self.paused = true;
    }

    /// Goes on after a pause.
    pub fn resume(&mut self) {
        self.paused = false;
    }

    /// Frames read so far: the position (RING-012).
    pub const fn position(&self) -> u64 {
        self.read
    }

    /// Frames that can be read now; 0 once faulted, and where the shared counter is impossible. Changes nothing (RING-012).
    pub fn fill(&self) -> u32 {
        let available = self.distance();
        if self.faulted || available > self.place.capacity as u64 { 0 } else { available as u32 }
    }

    /// Underruns counted so far, and the frames they missed (RING-007).
    pub const fn underruns(&self) -> (u64, u64) {
        (self.underrun_events, self.missing_frames)
    }

    /// Whether paused.
    pub const fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether the stream has faulted: it stays so until it is reset (RING-009).
    pub const fn is_faulted(&self) -> bool {
        self.faulted
    }
}

fn checked_buffer(frames: u32, out: &mut [i16]) -> Result<&mut [i16]> {
    if !(1..=RING_PULL_FRAMES_MAX).contains(&frames) {
        let range = (1, RING_PULL_FRAMES_MAX);
        return Err(AudioError::range(ErrorCode::OutOfRange, "the frames of a pull", frames, range, "pull at most one block at a time"));
    }
    let room = length(out.len() / 2);
    let samples = (frames as usize).wrapping_mul(2);
    out.get_mut(..samples)
        .ok_or_else(|| AudioError::range(ErrorCode::OutOfRange, "the frames of a pull", frames, (1, room), "give a buffer for all of them"))
}
