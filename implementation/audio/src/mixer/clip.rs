//! The clip curves.

use crate::Result;
use crate::error::AudioError;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::mixer::{CLIP_RANGE_VALUES_MAX, CLIP_SOFT_KNEE, CLIP_SOFT_SPAN, CLIP_SUM_MAX, Curve};

/// A sum brought back to 16 bits by the curve (MIXER-006, MIXER-007).
#[inline]
pub fn clip(curve: Curve, sum: i32) -> i16 {
    match curve {
        Curve::Soft => soft(sum),
        Curve::Saturate => sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16,
    }
}

/// The soft curve without a branch: below the knee nothing exceeds it, and from the span on the parabola stands at the rail.
#[inline]
fn soft(sum: i32) -> i16 {
    let magnitude = sum.unsigned_abs();
    let (knee, span) = (CLIP_SOFT_KNEE as u32, CLIP_SOFT_SPAN as u32);
    let excess = magnitude.saturating_sub(knee).min(span);
    // At most 2^14 squared, and at most 24,575 + 16,384 - 8,192.
    let bend = excess.wrapping_mul(excess).wrapping_add(16_384) >> 15;
    let bent = magnitude.min(knee).wrapping_add(excess).wrapping_sub(bend) as i32;
    (if sum < 0 { bent.wrapping_neg() } else { bent }) as i16
}

/// The curve over `count` values from `first` on, at most [`CLIP_RANGE_VALUES_MAX`], all within ±[`CLIP_SUM_MAX`].
///
/// # Errors
/// `oversized_input` for the count, then `out_of_range` for the values; both before anything is allocated (MIXER-015).
pub fn clip_range(curve: Curve, first: i32, count: u32) -> Result<Vec<i16>> {
    if count > CLIP_RANGE_VALUES_MAX {
        let range = (0, CLIP_RANGE_VALUES_MAX);
        return Err(AudioError::range(ErrorCode::OversizedInput, "the number of values", count, range, "clip them in parts"));
    }
    let last = i64::from(first).saturating_add(i64::from(count.saturating_sub(1)));
    let largest = i64::from(CLIP_SUM_MAX);
    let sums = largest.wrapping_neg()..=largest;
    for value in [i64::from(first), last] {
        if !sums.contains(&value) {
            let range = (*sums.start(), *sums.end());
            return Err(AudioError::range(ErrorCode::OutOfRange, "a value to clip", value, range, "no mix can sum to more"));
        }
    }
    Ok((0..count as i32).map(|step| clip(curve, first.wrapping_add(step))).collect())
}
