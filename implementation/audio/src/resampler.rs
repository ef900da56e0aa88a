//! The resampler: PCM of one rate and number of channels into another, in chunks of any size.

mod kernel;
mod sinc;
mod speakers;
mod stream;

pub use spec::resampler::{Kind, Rates, Setup};

use crate::Result;
use crate::error::AudioError;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::resampler::{RESAMPLER_CHANNELS_MAX, RESAMPLER_CROSSINGS, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN, RESAMPLER_TABLE_ENTRIES};
use stream::Stream;

#[cfg(target_arch = "x86_64")]
cpufeatures::new!(cpu_has_avx2, "avx2");

/// A stream that is resampled, or none.
#[derive(Clone, Debug)]
pub struct Resampler {
    stream: Option<Stream>,
    vectors: bool,
}

impl Default for Resampler {
    fn default() -> Self {
        Self::new()
    }
}

impl Resampler {
    /// A resampler without a stream, with the fastest arithmetic that the processor has. All give the same bytes.
    pub fn new() -> Self {
        #[cfg(target_arch = "x86_64")]
        let vectors = cpu_has_avx2::init().get();
        #[cfg(not(target_arch = "x86_64"))]
        let vectors = false;
        Self { stream: None, vectors }
    }

    /// The same with the arithmetic that runs everywhere, for comparisons.
    pub const fn portable() -> Self {
        Self { stream: None, vectors: false }
    }

    /// Opens a stream in place of what is open, and says how many input frames it looks ahead (RESAMPLER-013). This is where memory
    /// is taken, at most 3 MiB; feeding and finishing take none (RESAMPLER-019).
    ///
    /// # Errors
    /// `out_of_range` for a rate outside [`RESAMPLER_RATE_HZ_MIN`] to [`RESAMPLER_RATE_HZ_MAX`] Hz, or channels outside 1 to
    /// [`RESAMPLER_CHANNELS_MAX`]; what is open goes on (RESAMPLER-015).
    pub fn open(&mut self, setup: Setup) -> Result<u32> {
        check(setup.rates)?;
        check_channels(setup.from_channels)?;
        check_channels(setup.to_channels)?;
        let stream = Stream::new(&setup, self.vectors);
        let ahead = stream.lookahead();
        self.stream = Some(stream);
        Ok(ahead)
    }

    /// Channels of the stream's input. 0 where none was opened.
    pub fn channels(&self) -> u32 {
        self.stream.as_ref().map_or(0, Stream::channels)
    }

    /// Samples that a chunk of so many frames makes now: the room that [`feed`](Self::feed) needs. 0 where no stream is open.
    pub fn room(&self, frames: u32) -> usize {
        self.stream.as_ref().map_or(0, |stream| stream.room(frames as usize))
    }

    /// Samples that the end of the stream makes now: the room that [`finish`](Self::finish) needs. 0 where no stream is open.
    pub fn room_to_finish(&self) -> usize {
        self.stream.as_ref().map_or(0, Stream::room_to_finish)
    }

    /// Takes a chunk of interleaved samples and writes the frames that it completes to the start of `out`; says how many samples
    /// these are. Allocates nothing (RESAMPLER-019).
    ///
    /// # Errors
    /// `resampler_closed` where no stream is open or it was finished (RESAMPLER-014); `oversized_input` above
    /// [`RESAMPLER_FEED_FRAMES_MAX`](spec::resampler::RESAMPLER_FEED_FRAMES_MAX) frames, `misaligned` for a part of a frame (RESAMPLER-015);
    /// `out_of_range` for an `out` that is too short. Nothing changes then.
    pub fn feed(&mut self, pcm: &[i16], out: &mut [i16]) -> Result<usize> {
        self.running()?.feed(pcm, out)
    }

    /// Ends the stream and writes its last frames to the start of `out`; says how many samples these are. Allocates nothing
    /// (RESAMPLER-019).
    ///
    /// # Errors
    /// `resampler_closed` where no stream is open or it was finished (RESAMPLER-014); `out_of_range` for an `out` that is too short.
    /// Nothing changes then.
    pub fn finish(&mut self, out: &mut [i16]) -> Result<usize> {
        self.running()?.finish(out)
    }

    /// Input and output frames of the stream so far. Zeros where none was opened.
    pub fn frames(&self) -> (u64, u64) {
        self.stream.as_ref().map_or((0, 0), Stream::frames)
    }

    /// Begins the stream anew, also a finished one (RESAMPLER-014).
    ///
    /// # Errors
    /// `resampler_closed` where none was opened.
    pub fn reset(&mut self) -> Result<()> {
        self.stream.as_mut().ok_or_else(closed)?.reset();
        Ok(())
    }

    fn running(&mut self) -> Result<&mut Stream> {
        self.stream.as_mut().filter(|stream| !stream.is_finished()).ok_or_else(closed)
    }
}

fn closed() -> AudioError {
    AudioError::plain(ErrorCode::ResamplerClosed, "no stream is open, or it was finished", "open one, or reset a finished one")
}

fn check(rates: Rates) -> Result<()> {
    for hz in [rates.from_hz, rates.to_hz] {
        if !(RESAMPLER_RATE_HZ_MIN..=RESAMPLER_RATE_HZ_MAX).contains(&hz) {
            let range = (RESAMPLER_RATE_HZ_MIN, RESAMPLER_RATE_HZ_MAX);
            return Err(AudioError::range(ErrorCode::OutOfRange, "a rate in Hz", hz, range, "give both rates within it"));
        }
    }
    Ok(())
}

fn check_channels(count: u32) -> Result<()> {
    if !(1..=RESAMPLER_CHANNELS_MAX).contains(&count) {
        let range = (1, RESAMPLER_CHANNELS_MAX);
        return Err(AudioError::range(ErrorCode::OutOfRange, "the channels", count, range, "give one to eight for each side"));
    }
    Ok(())
}

/// Rates without their greatest common divisor. Neither is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ratio {
    from: u32,
    to: u32,
}

impl Ratio {
    /// Of rates that were checked.
    fn of(rates: Rates) -> Self {
        let (mut divisor, mut rest) = (rates.from_hz, rates.to_hz);
        while let Some(smaller) = divisor.checked_rem(rest) {
            (divisor, rest) = (rest, smaller);
        }
        let reduced = |hz: u32| hz.checked_div(divisor).unwrap_or(1).max(1);
        Self { from: reduced(rates.from_hz), to: reduced(rates.to_hz) }
    }

    /// Input frames to each side of a windowed sinc.
    fn half(self) -> u32 {
        // Below 64 · 24, because of the bounds of the rates.
        RESAMPLER_CROSSINGS.wrapping_mul(self.from.max(self.to)).div_ceil(self.to.max(1))
    }
}

/// The output frames of so many input frames: floor(frames · to / from) (RESAMPLER-001).
///
/// # Errors
/// `out_of_range` for rates outside their bounds.
pub fn length(rates: Rates, frames: u32) -> Result<u64> {
    check(rates)?;
    Ok(u64::from(frames).wrapping_mul(u64::from(rates.to_hz)).checked_div(u64::from(rates.from_hz)).unwrap_or(0))
}

/// Entries of the windowed sinc's table from `index` on, at most `count` (RESAMPLER-005).
///
/// # Errors
/// `out_of_range` where the table has no such entry.
pub fn table_from(index: u32, count: u32) -> Result<&'static [i32]> {
    let rest = sinc::table().get(index as usize..).filter(|rest| !rest.is_empty()).ok_or_else(|| {
        let range = (0, RESAMPLER_TABLE_ENTRIES.saturating_sub(1));
        AudioError::range(ErrorCode::OutOfRange, "the table index", index, range, "ask for an entry that there is")
    })?;
    Ok(rest.get(..count as usize).unwrap_or(rest))
}

/// The coefficients of one phase of a windowed sinc, from the earliest tap on, with 23 fractional bits (RESAMPLER-006). Phases are
/// numbered in `to`-th parts of an input frame, where the rates are without their greatest common divisor.
///
/// # Errors
/// `out_of_range` for rates outside their bounds, or a phase that they do not have.
pub fn coefficients(rates: Rates, phase: u32) -> Result<Vec<i32>> {
    check(rates)?;
    let ratio = Ratio::of(rates);
    if phase >= ratio.to {
        let range = (0, ratio.to.saturating_sub(1));
        return Err(AudioError::range(ErrorCode::OutOfRange, "the phase", phase, range, "rates have as many phases as their ratio says"));
    }
    let mut taps = Vec::with_capacity((ratio.half() as usize).wrapping_mul(2));
    sinc::each_coefficient(ratio, phase, |coefficient| taps.push(coefficient));
    sinc::complete(ratio, phase, taps.iter().sum(), |tap, missing| {
        if let Some(coefficient) = taps.get_mut(tap) {
            *coefficient = coefficient.wrapping_add(missing);
        }
    });
    Ok(taps)
}

/// The Q16 gains from `from` channels to `to` channels, one output channel after the other (RESAMPLER-010).
///
/// # Errors
/// `out_of_range` for channels outside 1 to [`RESAMPLER_CHANNELS_MAX`].
pub fn gains(from: u32, to: u32) -> Result<Vec<u32>> {
    check_channels(from)?;
    check_channels(to)?;
    Ok(speakers::gains(from, to)
        .iter()
        .flat_map(|row| row.iter().take(from as usize))
        .copied()
        .take(from.wrapping_mul(to) as usize)
        .collect())
}
