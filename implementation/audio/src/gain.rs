//! Stream gain: Q8.8 decibels as an integer factor.

use crate::error::{AudioError, length};
use crate::{Result, fixed};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::gain::{GAIN_APPLY_SAMPLES_MAX, GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_DB_STEPS_PER_DB};

pub use spec::gain::GAIN_UNITY_Q16;

const STEPS: usize = GAIN_DB_STEPS_PER_DB as usize;
const DECIBELS: usize = (GAIN_DB_Q8_8_MAX - GAIN_DB_Q8_8_MIN) as usize / STEPS + 1;

/// 10^(dB / 20) in Q60 for every whole decibel, from the smallest gain upwards.
static WHOLE: [u64; DECIBELS] = whole_decibels();
/// 10^(steps / 256 / 20) in Q60 for every step within a decibel.
static PART: [u64; STEPS] = parts_of_a_decibel();

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn whole_decibels() -> [u64; DECIBELS] {
    let mut table = [0; DECIBELS];
    let mut index = 0;
    while index < DECIBELS {
        let db = GAIN_DB_Q8_8_MIN / GAIN_DB_STEPS_PER_DB + index as i32;
        // Twenty decibels are a factor of ten, which is exact; only the rest goes through the series.
        let mut factor = fixed::power_of_ten(db.rem_euclid(20) as u128, 20);
        let mut tens = db.div_euclid(20);
        while tens < 0 {
            factor = (factor + 5) / 10;
            tens += 1;
        }
        table[index] = factor as u64;
        index += 1;
    }
    table
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn parts_of_a_decibel() -> [u64; STEPS] {
    let mut table = [0; STEPS];
    let mut step = 0;
    while step < STEPS {
        table[step] = fixed::power_of_ten(step as u128, 20 * STEPS as u128) as u64;
        step += 1;
    }
    table
}

/// The Q16 factor of a gain in Q8.8 dB, from [`GAIN_DB_Q8_8_MIN`] (silence, GAIN-002) to [`GAIN_DB_Q8_8_MAX`]: the product of two
/// table entries in Q120, rounded once (GAIN-001).
///
/// # Errors
/// `out_of_range` outside (GAIN-003).
pub fn factor(db_q8_8: i32) -> Result<u32> {
    if !(GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX).contains(&db_q8_8) {
        let range = (GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX);
        return Err(AudioError::range(ErrorCode::OutOfRange, "the gain in 1/256 dB", db_q8_8, range, "give -96 dB to +12 dB"));
    }
    if db_q8_8 == GAIN_DB_Q8_8_MIN {
        return Ok(0);
    }
    let step = db_q8_8.wrapping_sub(GAIN_DB_Q8_8_MIN) as usize;
    // Both are there for every step within the bounds.
    let whole = WHOLE.get(step / STEPS).copied().unwrap_or(0);
    let part = PART.get(step % STEPS).copied().unwrap_or(0);
    // Below 2^62 · 2^61, so that neither the product nor the half added for rounding overflows.
    let product = u128::from(whole).wrapping_mul(u128::from(part));
    Ok((product.wrapping_add(1 << 103) >> 104) as u32)
}

/// A sample times a Q16 factor of at most 2^18, rounded once, half away from zero, and not clipped (GAIN-006).
///
/// All in 32 bits, so that the compiler can vectorise it: the factor is split into two parts of nine bits.
#[inline]
pub fn scale(sample: i16, factor_q16: u32) -> i32 {
    let (high, low) = ((factor_q16 >> 9) as i32, (factor_q16 & 511) as i32);
    let (high, low) = (i32::from(sample).wrapping_mul(high), i32::from(sample).wrapping_mul(low));
    round_q16(high, low)
}

/// (high · 512 + low) / 65536, rounded half away from zero. Both parts lie within ±2^29.
#[inline]
pub(crate) fn round_q16(high: i32, low: i32) -> i32 {
    // -1 for a negative sum: a half then rounds down, away from zero.
    let negative = high.wrapping_add(low >> 9) >> 31;
    high.wrapping_add(low.wrapping_add(32_768).wrapping_add(negative) >> 9) >> 7
}

/// Samples scaled by a gain in Q8.8 dB, as [`scale`] does it; at most [`GAIN_APPLY_SAMPLES_MAX`] of them.
///
/// # Errors
/// `out_of_range` for the gain, then `oversized_input` for the samples, before anything is allocated (GAIN-003).
pub fn apply(db_q8_8: i32, samples: &[i16]) -> Result<Vec<i32>> {
    let factor = factor(db_q8_8)?;
    if samples.len() > GAIN_APPLY_SAMPLES_MAX as usize {
        let range = (0, GAIN_APPLY_SAMPLES_MAX);
        return Err(AudioError::range(
            ErrorCode::OversizedInput,
            "the number of samples",
            length(samples.len()),
            range,
            "scale them in parts",
        ));
    }
    Ok(samples.iter().map(|&sample| scale(sample, factor)).collect())
}
