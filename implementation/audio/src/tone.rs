//! The tone generator: a sine from a table, driven by a 32-bit phase.

use crate::error::{AudioError, length};
use crate::{Result, fixed, format};
use spec::ErrorCode;
use spec::format::SAMPLE_RATE_HZ;
use spec::tone::{TONE_GAIN_Q16, TONE_HZ_MAX, TONE_INDEX_SHIFT, TONE_MS_MAX, TONE_PEAK, TONE_PULL_FRAMES_MAX, TONE_TABLE_ENTRIES};

/// Frames per second.
const RATE: u64 = SAMPLE_RATE_HZ as u64;
const ENTRIES: usize = TONE_TABLE_ENTRIES as usize;

/// round(32767 sin(2 pi i / 4096)) (TONE-002).
static SINE: [i16; ENTRIES] = sine_table();
/// The table at -12 dB: each entry times 16,462, over 65,536, rounded half away from zero (TONE-004).
static QUIET: [i16; ENTRIES] = quiet_table();

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn sine_table() -> [i16; ENTRIES] {
    let mut table = [0; ENTRIES];
    let (quarter, half) = (ENTRIES / 4, ENTRIES / 2);
    let mut index = 0;
    while index <= quarter {
        // One quarter by the series, the others by symmetry, so that they are symmetric to the bit.
        let value = ((fixed::sine(index as u128, quarter as u128) * TONE_PEAK as u128 + fixed::ONE / 2) >> 60) as i16;
        table[index] = value;
        table[half - index] = value;
        table[(half + index) % ENTRIES] = -value;
        table[(ENTRIES - index) % ENTRIES] = -value;
        index += 1;
    }
    table
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn quiet_table() -> [i16; ENTRIES] {
    let full = sine_table();
    let mut table = [0; ENTRIES];
    let mut index = 0;
    while index < ENTRIES {
        let product = full[index] as i32 * TONE_GAIN_Q16 as i32;
        let magnitude = (product.abs() + 32_768) >> 16;
        table[index] = (if product < 0 { -magnitude } else { magnitude }) as i16;
        index += 1;
    }
    table
}

/// The sine table (TONE-002).
pub fn table() -> &'static [i16] {
    &SINE
}

/// Entries of the sine table from `index` on, at most `count`.
///
/// # Errors
/// `out_of_range` where the table has no such entry.
pub fn table_from(index: u32, count: u32) -> Result<&'static [i16]> {
    let rest = SINE.get(index as usize..).filter(|rest| !rest.is_empty()).ok_or_else(|| {
        let range = (0, TONE_TABLE_ENTRIES.saturating_sub(1));
        AudioError::range(ErrorCode::OutOfRange, "the table index", index, range, "one turn has 4,096 entries")
    })?;
    Ok(rest.get(..count as usize).unwrap_or(rest))
}

/// The phase increment of a frequency: round(hz · 2^32 / 48000) (TONE-001).
///
/// # Errors
/// `out_of_range` outside 1 to [`TONE_HZ_MAX`] (TONE-007).
pub fn increment(hz: u32) -> Result<u32> {
    if !(1..=TONE_HZ_MAX).contains(&hz) {
        return Err(AudioError::range(
            ErrorCode::OutOfRange,
            "the frequency in Hz",
            hz,
            (1, TONE_HZ_MAX),
            "stay below half the sample rate",
        ));
    }
    // Below 2^31, because the frequency is below half the rate.
    Ok(((u64::from(hz) << 32).wrapping_add(RATE / 2) / RATE) as u32)
}

/// A tone that plays, or silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tone {
    phase: u32,
    increment: u32,
    remaining: u64,
}

impl Tone {
    /// Starts a tone at phase 0, in place of one that plays, and gives its length in frames: 48 for each millisecond (TONE-006).
    ///
    /// # Errors
    /// `out_of_range` for a frequency outside 1 to [`TONE_HZ_MAX`] Hz or a duration outside 1 to [`TONE_MS_MAX`] ms; a playing
    /// tone goes on (TONE-007).
    pub fn play(&mut self, hz: u32, ms: u32) -> Result<u64> {
        let increment = increment(hz)?;
        if !(1..=TONE_MS_MAX).contains(&ms) {
            return Err(AudioError::range(
                ErrorCode::OutOfRange,
                "the duration in ms",
                ms,
                (1, TONE_MS_MAX),
                "play a longer tone in parts",
            ));
        }
        *self = Self { phase: 0, increment, remaining: format::ms_to_frames(ms) };
        Ok(self.remaining)
    }

    /// Frames that the tone still has.
    pub const fn remaining(&self) -> u64 {
        self.remaining
    }

    /// Fills the first `frames` frames of `out` with the tone and, after its end, with silence; gives the frames that the tone
    /// still has. The phase advances after each frame (TONE-003), and both channels are equal (TONE-005). Allocates nothing.
    ///
    /// # Errors
    /// `out_of_range` for a pull outside 1 to [`TONE_PULL_FRAMES_MAX`] frames or beyond `out`; nothing changes (TONE-007).
    pub fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<u64> {
        if !(1..=TONE_PULL_FRAMES_MAX).contains(&frames) {
            let range = (1, TONE_PULL_FRAMES_MAX);
            return Err(AudioError::range(ErrorCode::OutOfRange, "the frames of a pull", frames, range, "pull in parts"));
        }
        let room = length(out.len() / 2);
        let Some(out) = out.as_chunks_mut::<2>().0.get_mut(..frames as usize) else {
            return Err(AudioError::range(
                ErrorCode::OutOfRange,
                "the frames of a pull",
                frames,
                (1, room),
                "give a buffer for all of them",
            ));
        };
        let sounding = u64::from(frames).min(self.remaining);
        let (tone, silence) = out.split_at_mut_checked(sounding as usize).unwrap_or_default();
        for frame in tone {
            let entry = QUIET.get((self.phase >> TONE_INDEX_SHIFT) as usize).copied().unwrap_or(0);
            *frame = [entry; 2];
            self.phase = self.phase.wrapping_add(self.increment);
        }
        silence.fill([0; 2]);
        self.remaining = self.remaining.saturating_sub(sounding);
        Ok(self.remaining)
    }
}
