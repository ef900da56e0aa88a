//! The arithmetic of output frames. Sums are exact, so that their order does not matter and every processor gives the same bytes.

use super::sinc::{Bank, GROUP, LOW_BITS};
use super::speakers::{CHANNELS, Gains};
use super::stream::Positions;
use spec::resampler::RESAMPLER_GAIN_BITS;

/// Fractional bits of the kind linear (RESAMPLER-004).
pub(super) const LINEAR_BITS: u32 = 32;

/// Samples whose products with a coefficient's low part, within ±2^8, can be summed in 32 bits. The high parts of a whole phase can: their
/// magnitudes sum to less than 2^16.
const SUMMABLE: usize = 128;

/// What becomes of the exact sums of a frame's input channels.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) channels: usize,
    /// The gains from channel to channel; `None` where the channels stay.
    pub(super) gains: Option<Gains>,
    /// Fractional bits of the sums.
    pub(super) bits: u32,
}

impl Output {
    /// Rounds once, half away from zero, and clamps (RESAMPLER-011).
    #[inline(always)]
    fn write(&self, sums: &[i64; CHANNELS], frame: &mut [i16]) {
        match &self.gains {
            None => {
                let half = 1_i64 << self.bits >> 1;
                for (sample, sum) in frame.iter_mut().zip(sums) {
                    // -1 for a negative sum: a half then rounds down, away from zero. Without fractional bits there is no half.
                    let negative = if half == 0 { 0 } else { sum >> 63 };
                    let rounded = sum.wrapping_add(half).wrapping_add(negative) >> self.bits;
                    *sample = rounded.clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16;
                }
            }
            Some(gains) => {
                let bits = self.bits.wrapping_add(RESAMPLER_GAIN_BITS);
                let half = 1_i128 << bits >> 1;
                for (sample, row) in frame.iter_mut().zip(gains) {
                    let mut exact = 0_i128;
                    for (gain, sum) in row.iter().zip(sums) {
                        exact = exact.wrapping_add(i128::from(*sum).wrapping_mul(i128::from(*gain)));
                    }
                    let rounded = exact.wrapping_add(half).wrapping_add(exact >> 127) >> bits;
                    *sample = rounded.clamp(i128::from(i16::MIN), i128::from(i16::MAX)) as i16;
                }
            }
        }
    }
}

/// Frames of the kind nearest (RESAMPLER-003).
pub(super) fn nearest(positions: Positions, planes: &[&[i16]], output: &Output, out: &mut [i16]) {
    let to = u64::from(positions.to);
    for (frame, at) in out.chunks_exact_mut(output.channels).zip(positions) {
        let later = u64::from(at.part).wrapping_mul(2) >= to;
        let index = at.whole.wrapping_add(usize::from(later));
        let mut sums = [0; CHANNELS];
        for (sum, plane) in sums.iter_mut().zip(planes) {
            *sum = plane.get(index).copied().map_or(0, i64::from);
        }
        output.write(&sums, frame);
    }
}

/// Frames of the kind linear (RESAMPLER-004).
pub(super) fn linear(positions: Positions, planes: &[&[i16]], output: &Output, out: &mut [i16]) {
    let to = u64::from(positions.to);
    for (frame, at) in out.chunks_exact_mut(output.channels).zip(positions) {
        let fraction = (u64::from(at.part) << LINEAR_BITS).checked_div(to).unwrap_or(0) as i64;
        let mut sums = [0; CHANNELS];
        for (sum, plane) in sums.iter_mut().zip(planes) {
            if let Some([before, after, ..]) = plane.get(at.whole..) {
                let (before, after) = (i64::from(*before), i64::from(*after));
                // Below 2^48.
                *sum = (before << LINEAR_BITS).wrapping_add(after.wrapping_sub(before).wrapping_mul(fraction));
            }
        }
        output.write(&sums, frame);
    }
}

/// Frames of the kind sinc (RESAMPLER-007), each of the taps from `back` frames before its position on.
pub(super) fn sinc(positions: Positions, planes: &[&[i16]], back: usize, bank: &mut Bank, output: &Output, out: &mut [i16], vectors: bool) {
    #[cfg(target_arch = "x86_64")]
    if vectors {
        // SAFETY: `vectors` is set only where the processor has AVX2.
        #[allow(unsafe_code, reason = "instructions that not every processor has")]
        return unsafe { sinc_avx2(positions, planes, back, bank, output, out) };
    }
    let _ = vectors;
    sinc_frames(positions, planes, back, bank, output, out);
}

/// The same code, for which the compiler may use AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sinc_avx2(positions: Positions, planes: &[&[i16]], back: usize, bank: &mut Bank, output: &Output, out: &mut [i16]) {
    sinc_frames(positions, planes, back, bank, output, out);
}

#[inline(always)]
fn sinc_frames(positions: Positions, planes: &[&[i16]], back: usize, bank: &mut Bank, output: &Output, out: &mut [i16]) {
    let width = bank.width();
    for (frame, at) in out.chunks_exact_mut(output.channels).zip(positions) {
        let start = at.whole.wrapping_sub(back);
        let (high, low) = bank.phase(at.part);
        let mut sums = [0; CHANNELS];
        for (sum, plane) in sums.iter_mut().zip(planes) {
            let samples = plane.get(start..).unwrap_or_default().get(..width).unwrap_or_default();
            *sum = dot(samples, high, low);
        }
        output.write(&sums, frame);
    }
}

/// The exact sum of samples times coefficients.
#[inline(always)]
fn dot(samples: &[i16], high: &[i16], low: &[i16]) -> i64 {
    let (samples, few_samples) = samples.as_chunks::<SUMMABLE>();
    let (high, few_high) = high.as_chunks::<SUMMABLE>();
    let (low, few_low) = low.as_chunks::<SUMMABLE>();
    let mut sum = 0_i64;
    for ((samples, high), low) in samples.iter().zip(high).zip(low) {
        sum = sum.wrapping_add(join(products(samples, high), products(samples, low)));
    }
    let few = few_samples.as_chunks::<GROUP>().0.iter().zip(few_high.as_chunks::<GROUP>().0).zip(few_low.as_chunks::<GROUP>().0);
    for ((samples, high), low) in few {
        sum = sum.wrapping_add(join(products(samples, high), products(samples, low)));
    }
    sum
}

#[inline(always)]
fn join(high: i32, low: i32) -> i64 {
    (i64::from(high) << LOW_BITS).wrapping_add(i64::from(low))
}

#[inline(always)]
fn products<const N: usize>(samples: &[i16; N], parts: &[i16; N]) -> i32 {
    let mut sum = 0_i32;
    for (sample, part) in samples.iter().zip(parts) {
        sum = sum.wrapping_add(i32::from(*sample).wrapping_mul(i32::from(*part)));
    }
    sum
}
