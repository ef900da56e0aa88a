//! The mixer: an exact sum of scaled streams, the master level, one rounding, a clip curve.

mod clip;
mod portable;
mod tally;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use clip::{clip, clip_range};
pub use spec::mixer::Curve;

use crate::error::{AudioError, length};
use crate::level::Level;
use crate::{Result, gain};
use spec::ErrorCode;
use spec::mixer::{MIXER_BLOCK_FRAMES_MAX, MIXER_STREAMS_MAX};
use tally::Tally;

const STREAMS: usize = MIXER_STREAMS_MAX as usize;

/// Half of the last place of a sum in Q32, which the one rounding adds (MIXER-004).
const HALF_Q32: i64 = 1 << 31;

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(cpu_has_avx2, "avx2");

/// What one stream gives to a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockInput<'a> {
    /// The stream.
    pub stream: u32,
    /// Its interleaved samples: at most the block's frames; silence follows (MIXER-014).
    pub pcm: &'a [i16],
}

/// What a mixed block measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockReport {
    /// Samples that the clip curve altered (MIXER-008).
    pub clipped: u32,
    /// Largest magnitude per channel after clipping, 0 to 32,768 (MIXER-010).
    pub peak: [u32; 2],
    /// Root of the mean square per channel, rounded down (MIXER-011).
    pub rms: [u32; 2],
}

/// A stream's samples of this block and its Q16 factor. The samples are at most as many as the block's.
#[derive(Clone, Copy, Default)]
struct Lane<'a> {
    pcm: &'a [i16],
    factor: u32,
}

/// What a block is mixed with: the master level in Q16, from 1 to 65,536, and the clip curve.
#[derive(Clone, Copy)]
struct Master {
    level: u32,
    curve: Curve,
}

/// Up to [`MIXER_STREAMS_MAX`] streams and a master level.
#[derive(Clone, Debug)]
pub struct Mixer {
    curve: Curve,
    /// The factor of each open stream.
    factors: [Option<u32>; STREAMS],
    level: Level,
    vectors: bool,
}

impl Default for Mixer {
    fn default() -> Self {
        Self::new(Curve::default())
    }
}

impl Mixer {
    /// A mixer without streams, at full level, with the fastest arithmetic that the processor has. All give the same bytes.
    pub fn new(curve: Curve) -> Self {
        #[cfg(target_arch = "x86_64")]
        let vectors = cpu_has_avx2::init().get();
        #[cfg(not(target_arch = "x86_64"))]
        let vectors = false;
        Self { vectors, ..Self::portable(curve) }
    }

    /// The same with the arithmetic that runs everywhere, for comparisons.
    pub fn portable(curve: Curve) -> Self {
        Self { curve, factors: [None; STREAMS], level: Level::default(), vectors: false }
    }

    /// Whether the mixer uses the processor's vector instructions.
    pub const fn is_vectorised(&self) -> bool {
        self.vectors
    }

    /// Opens a stream at 0 dB and gives its id, the lowest free one (MIXER-001, MIXER-002).
    ///
    /// # Errors
    /// `too_many_streams` where all are open.
    pub fn open(&mut self) -> Result<u32> {
        let free = self.factors.iter_mut().zip(0..).find(|(factor, _)| factor.is_none());
        let (factor, stream) =
            free.ok_or_else(|| AudioError::plain(ErrorCode::TooManyStreams, "all 16 streams are open", "close one first"))?;
        *factor = Some(gain::GAIN_UNITY_Q16);
        Ok(stream)
    }

    /// Closes a stream.
    ///
    /// # Errors
    /// `unknown_stream` where it is not open (MIXER-015).
    pub fn close(&mut self, stream: u32) -> Result<()> {
        *self.slot(stream)? = None;
        Ok(())
    }

    /// Sets a stream's gain in Q8.8 dB, from the next block on (MIXER-002).
    ///
    /// # Errors
    /// `unknown_stream`, then `out_of_range` (MIXER-015).
    pub fn set_gain(&mut self, stream: u32, db_q8_8: i32) -> Result<()> {
        let slot = self.slot(stream)?;
        *slot = Some(gain::factor(db_q8_8)?);
        Ok(())
    }

    /// Sets the master level in Q16; a mute stays.
    ///
    /// # Errors
    /// `out_of_range` above 65,536 (MIXER-015).
    pub fn set_level(&mut self, level_q16: u32) -> Result<()> {
        self.level.set_q16(level_q16)
    }

    /// Mutes or unmutes; the level is remembered (MIXER-009).
    pub fn mute(&mut self, muted: bool) {
        self.level.mute(muted);
    }

    /// The master level and its mute.
    pub const fn level(&self) -> &Level {
        &self.level
    }

    /// Mixes a block into the first `frames` frames of `out`. A stream that is not named gives silence. Allocates nothing
    /// (MIXER-017).
    ///
    /// # Errors
    /// `out_of_range` for a block outside 1 to [`MIXER_BLOCK_FRAMES_MAX`] frames or beyond `out`; then for each input in the order
    /// given `unknown_stream`, `duplicate_stream`, `oversized_input` above the block's frames, `misaligned` for half a frame
    /// (MIXER-015). Nothing is mixed then.
    pub fn mix(&self, frames: u32, inputs: &[BlockInput<'_>], out: &mut [i16]) -> Result<BlockReport> {
        let out = checked_block(frames, out)?;
        let mut lanes = [Lane::default(); STREAMS];
        let count = self.lanes(inputs, out.len(), &mut lanes)?;
        let lanes = lanes.get(..count).unwrap_or_default();
        let master = Master { level: self.level.effective(), curve: self.curve };
        if master.level == 0 || lanes.is_empty() {
            out.fill(0);
            return Ok(BlockReport::default());
        }
        Ok(self.kernel(lanes, master, out).report(frames))
    }

    fn kernel(&self, lanes: &[Lane<'_>], master: Master, out: &mut [i16]) -> Tally {
        #[cfg(target_arch = "x86_64")]
        if self.vectors {
            // SAFETY: `vectors` is set only where the processor has AVX2.
            #[allow(unsafe_code, reason = "instructions that not every processor has")]
            return unsafe { x86::mix(lanes, master, out) };
        }
        portable::mix(lanes, master, out)
    }

    /// Checks the inputs and collects those that can be heard; says how many they are.
    fn lanes<'a>(&self, inputs: &[BlockInput<'a>], samples: usize, lanes: &mut [Lane<'a>; STREAMS]) -> Result<usize> {
        let mut named = 0_u32;
        let mut count = 0_usize;
        for input in inputs {
            let factor = self.factors.get(input.stream as usize).copied().flatten().ok_or_else(|| unknown(input.stream))?;
            // Only ids of open streams come here, which are below 16.
            let bit = 1_u32 << (input.stream & 15);
            if named & bit != 0 {
                return Err(AudioError::plain(ErrorCode::DuplicateStream, "a stream is named twice in one block", "give each stream once"));
            }
            named |= bit;
            if input.pcm.len() > samples {
                let range = (0, length(samples));
                return Err(AudioError::range(
                    ErrorCode::OversizedInput,
                    "a stream's samples",
                    length(input.pcm.len()),
                    range,
                    "give one block",
                ));
            }
            if !input.pcm.len().is_multiple_of(2) {
                return Err(AudioError::half_frame(input.pcm.len()));
            }
            if factor == 0 || input.pcm.is_empty() {
                continue;
            }
            // No stream is named twice, so that there is a lane for each.
            if let Some(lane) = lanes.get_mut(count) {
                *lane = Lane { pcm: input.pcm, factor };
                count = count.wrapping_add(1);
            }
        }
        Ok(count)
    }

    fn slot(&mut self, stream: u32) -> Result<&mut Option<u32>> {
        self.factors.get_mut(stream as usize).filter(|factor| factor.is_some()).ok_or_else(|| unknown(stream))
    }
}

fn unknown(stream: u32) -> AudioError {
    let range = (0, MIXER_STREAMS_MAX.wrapping_sub(1));
    AudioError::range(ErrorCode::UnknownStream, "the stream, which is not open,", stream, range, "open it first and use its id")
}

fn checked_block(frames: u32, out: &mut [i16]) -> Result<&mut [i16]> {
    if !(1..=MIXER_BLOCK_FRAMES_MAX).contains(&frames) {
        let range = (1, MIXER_BLOCK_FRAMES_MAX);
        return Err(AudioError::range(ErrorCode::OutOfRange, "the frames of a block", frames, range, "mix at most one block at a time"));
    }
    let room = length(out.len() / 2);
    out.get_mut(..(frames as usize).wrapping_mul(2)).ok_or_else(|| {
        AudioError::range(ErrorCode::OutOfRange, "the frames of a block", frames, (1, room), "give a buffer for all of them")
    })
}
