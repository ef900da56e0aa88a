//! The client's end.

use super::{Capacity, Counter, Place, SharedMemory, fault};
use crate::Result;
use crate::error::{AudioError, length};
use core::sync::atomic::Ordering::{Acquire, Release};
use spec::ErrorCode;
use spec::ring::RING_WRITE_FRAMES_MAX;

/// The end that writes. It trusts its own counter only.
pub struct Producer<M> {
    memory: M,
    written: u64,
    place: Place,
}

impl<M: SharedMemory> Producer<M> {
    /// The producer of a fresh ring.
    ///
    /// # Safety
    /// The memory holds `capacity` frames, its counters are zero, no other producer of this program writes it, and nothing but
    /// this producer and one [`super::Consumer`] of the same capacity stores its counters in this program.
    #[allow(unsafe_code, reason = "that nobody else writes can't be checked")]
    pub unsafe fn new(memory: M, capacity: Capacity) -> Self {
        Self { memory, written: 0, place: Place::start(capacity) }
    }

    /// Takes as many of these interleaved samples as are free, and says how many frames that were. Never overwrites an unread
    /// frame (RING-004), copies twice at most, allocates nothing (RING-016).
    ///
    /// # Errors
    /// `oversized_input` above [`RING_WRITE_FRAMES_MAX`] frames, `misaligned` for half a frame (RING-014), `ring_fault` where the
    /// shared read counter is impossible (RING-011). Nothing is written then.
    #[inline]
    pub fn write(&mut self, pcm: &[i16]) -> Result<u32> {
        let frames = checked_frames(pcm)?;
        let taken = frames.min(self.room()?);
        let first = taken.min(self.place.to_end());
        let (head, rest) = pcm.split_at_checked(first.wrapping_mul(2)).unwrap_or((pcm, &[]));
        let tail = rest.get(..taken.wrapping_sub(first).wrapping_mul(2)).unwrap_or_default();
        // SAFETY: both pieces lie within the capacity: the first ends at its end at the latest, the second is what remains of at
        // most one capacity. They are free: the consumer reads none of them before the store below shows them to it.
        #[allow(unsafe_code, reason = "the shared samples are reached by position")]
        unsafe {
            self.memory.copy_in(self.place.at, head);
            if !tail.is_empty() {
                self.memory.copy_in(0, tail);
            }
        }
        self.place.advance(taken);
        self.written = self.written.wrapping_add(taken as u64);
        // Release: whoever sees the counter sees the samples.
        self.memory.write_index().store(self.written, Release);
        Ok(taken as u32)
    }

    /// Frames that a write would take now.
    ///
    /// # Errors
    /// `ring_fault` where the shared read counter is impossible (RING-011).
    pub fn free(&self) -> Result<u32> {
        self.room().map(|room| room as u32)
    }

    /// Acquire: the consumer's copies out of these frames lie before the counter that frees them.
    #[inline]
    fn room(&self) -> Result<usize> {
        let used = self.written.wrapping_sub(self.memory.read_index().load(Acquire));
        if used > self.place.capacity as u64 {
            return Err(fault("the lead over the read counter", used, self.place.capacity));
        }
        Ok(self.place.capacity.wrapping_sub(used as usize))
    }

    /// Frames written so far, by the producer's own counter (RING-012).
    pub const fn written(&self) -> u64 {
        self.written
    }
}

fn checked_frames(pcm: &[i16]) -> Result<usize> {
    if pcm.len() > (RING_WRITE_FRAMES_MAX as usize).wrapping_mul(2) {
        let (got, range) = (length(pcm.len().div_ceil(2)), (0, RING_WRITE_FRAMES_MAX));
        return Err(AudioError::range(ErrorCode::OversizedInput, "the frames of a write", got, range, "write in parts"));
    }
    if !pcm.len().is_multiple_of(2) {
        return Err(AudioError::half_frame(pcm.len()));
    }
    Ok(pcm.len() / 2)
}
