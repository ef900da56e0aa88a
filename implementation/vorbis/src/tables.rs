//! Cosines of the turns and slopes of the windows.
//!
//! Those of blocks of up to 2,048 samples, which encoders write, are tables of 16 KiB that the compiler evaluates, so that to open a
//! decoder costs no series; what larger blocks have beside them is computed by the same functions. Each value is the nearest `f32`: a
//! test compares every one of them with those of big integers.

use alloc::borrow::Cow;
use core::f64::consts::{FRAC_PI_2, PI};

/// Values of the largest transform that is tabulated, and of the smallest.
const TABULATED: usize = 1_024;
const SMALLEST: usize = 32;

/// The turns of the largest transform, of 4,096 values, are multiples of pi divided by this, and those of the smaller ones among them.
pub const STEPS_PER_PI: usize = 16_384;
const QUARTER: usize = STEPS_PER_PI / 2;
/// Every so many steps have their cosine in the table.
const STRIDE: usize = STEPS_PER_PI / (4 * TABULATED);

/// cos(pi k / 4,096) up to a quarter of the circle.
static COSINES: [f32; QUARTER / STRIDE + 1] = cosines();

/// The slopes that overlap in 32, 64 .. 1,024 samples, one behind the other.
static SLOPES: [f32; 2 * TABULATED - SMALLEST] = slopes();

/// cos and sin of so many steps.
pub fn turn(steps: usize) -> (f32, f32) {
    let rest = steps & QUARTER.wrapping_sub(1);
    let mirrored = QUARTER.wrapping_sub(rest);
    let (c, s) = if rest.is_multiple_of(STRIDE) {
        let of = |steps: usize| COSINES.get(steps.wrapping_div(STRIDE)).copied().unwrap_or_default();
        (of(rest), of(mirrored))
    } else {
        (cosine(rest), cosine(mirrored))
    };
    match steps.wrapping_div(QUARTER) & 3 {
        0 => (c, s),
        1 => (-s, c),
        2 => (-c, -s),
        _ => (s, -c),
    }
}

/// Rising slope of a window that overlaps in so many samples: a power of two, 32 to 4,096.
pub fn slope(overlap: usize) -> Cow<'static, [f32]> {
    let start = overlap.wrapping_sub(SMALLEST);
    match SLOPES.get(start..start.wrapping_add(overlap)) {
        Some(slope) => Cow::Borrowed(slope),
        None => Cow::Owned((0..overlap).map(|i| rise(i, overlap)).collect()),
    }
}

/// Terms of a series: more than an `f64` can tell within an eighth of the circle.
const TERMS: u32 = 10;

/// The sum of (-1)^k x^2k / (2k)!, or of (-1)^k x^(2k+1) / (2k+1)!, for |x| up to an eighth of the circle.
const fn series(x: f64, odd: bool) -> f64 {
    let mut sum = 1.0;
    let mut k = TERMS;
    while k > 0 {
        let last = 2.0 * k as f64;
        let product = if odd { last * (last + 1.0) } else { last * (last - 1.0) };
        sum = 1.0 - x * x / product * sum;
        k = k.wrapping_sub(1);
    }
    if odd { x * sum } else { sum }
}

/// The cosine of so many steps, up to a quarter of the circle.
const fn cosine(steps: usize) -> f32 {
    let near = steps <= QUARTER / 2;
    let rest = if near { steps } else { QUARTER.wrapping_sub(steps) };
    series(PI * rest as f64 / STEPS_PER_PI as f64, !near) as f32
}

/// Rising slope of a window that overlaps in `size` samples, at sample `i`.
const fn rise(i: usize, size: usize) -> f32 {
    let mirrored = size.wrapping_sub(1).wrapping_sub(i);
    let low = i < mirrored;
    let sine = series(FRAC_PI_2 * ((if low { i } else { mirrored }) as f64 + 0.5) / size as f64, true);
    // The square of the mirrored sine is that of the cosine, and the two squares are 1 together.
    series(FRAC_PI_2 * (sine * sine), low) as f32
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn cosines() -> [f32; QUARTER / STRIDE + 1] {
    let mut values = [0.0; QUARTER / STRIDE + 1];
    let mut k = 0;
    while k < values.len() {
        values[k] = cosine(k * STRIDE);
        k += 1;
    }
    values
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn slopes() -> [f32; 2 * TABULATED - SMALLEST] {
    let mut values = [0.0; 2 * TABULATED - SMALLEST];
    let mut size = SMALLEST;
    while size <= TABULATED {
        let mut i = 0;
        while i < size {
            values[size - SMALLEST + i] = rise(i, size);
            i += 1;
        }
        size *= 2;
    }
    values
}
