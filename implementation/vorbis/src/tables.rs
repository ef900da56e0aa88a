//! Cosines of all turns and slopes of all windows: the compiler evaluates them, so that to open a decoder costs no transcendental function.
//!
//! 64 KiB in all. Each is the nearest `f32`: tests compare every one of them with big integers.

use core::f64::consts::{FRAC_PI_2, PI};

/// Values of the largest transform, and of the smallest.
const LARGEST: usize = 4_096;
const SMALLEST: usize = 32;

/// The turns of the largest transform are multiples of pi divided by this, and those of the smaller ones are among them.
pub const STEPS_PER_PI: usize = 4 * LARGEST;
const QUARTER: usize = STEPS_PER_PI / 2;

/// cos(pi k / 16,384) up to a quarter of the circle.
static COSINES: [f32; QUARTER + 1] = cosines();

/// The slopes that overlap in 32, 64 .. 4,096 samples, one behind the other.
static SLOPES: [f32; 2 * LARGEST - SMALLEST] = slopes();

/// cos and sin of so many steps.
pub fn turn(steps: usize) -> (f32, f32) {
    let of = |steps: usize| COSINES.get(steps).copied().unwrap_or_default();
    let rest = steps & QUARTER.wrapping_sub(1);
    let (c, s) = (of(rest), of(QUARTER.wrapping_sub(rest)));
    match steps.wrapping_div(QUARTER) & 3 {
        0 => (c, s),
        1 => (-s, c),
        2 => (-c, -s),
        _ => (s, -c),
    }
}

/// Rising slope of a window that overlaps in so many samples: a power of two, 32 to 4,096.
pub fn slope(overlap: usize) -> &'static [f32] {
    let start = overlap.wrapping_sub(SMALLEST);
    SLOPES.get(start..start.wrapping_add(overlap)).unwrap_or_default()
}

/// Terms of a series: more than an `f64` can tell within an eighth of the circle.
const TERMS: usize = 10;

/// The sum of (-1)^k x^2k / (2k)!, or of (-1)^k x^(2k+1) / (2k+1)!, for |x| up to an eighth of the circle.
const fn series(x: f64, odd: bool) -> f64 {
    let mut sum = 1.0;
    let mut k = TERMS;
    while k > 0 {
        let last = (2 * k) as f64;
        let product = if odd { last * (last + 1.0) } else { last * (last - 1.0) };
        sum = 1.0 - x * x / product * sum;
        k -= 1;
    }
    if odd { x * sum } else { sum }
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn cosines() -> [f32; QUARTER + 1] {
    let mut values = [0.0; QUARTER + 1];
    let mut k = 0;
    while k <= QUARTER / 2 {
        let angle = PI * k as f64 / STEPS_PER_PI as f64;
        values[k] = series(angle, false) as f32;
        values[QUARTER - k] = series(angle, true) as f32;
        k += 1;
    }
    values
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn slopes() -> [f32; 2 * LARGEST - SMALLEST] {
    let mut values = [0.0; 2 * LARGEST - SMALLEST];
    let mut size = SMALLEST;
    while size <= LARGEST {
        let mut i = 0;
        while i < size / 2 {
            let sine = series(PI * (2 * i + 1) as f64 / (4 * size) as f64, true);
            let angle = FRAC_PI_2 * (sine * sine);
            // The square of the mirrored sine is that of the cosine, and the two squares are 1 together.
            values[size - SMALLEST + i] = series(angle, true) as f32;
            values[size - SMALLEST + size - 1 - i] = series(angle, false) as f32;
            i += 1;
        }
        size *= 2;
    }
    values
}
