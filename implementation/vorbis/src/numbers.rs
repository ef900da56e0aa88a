//! The pinned functions of floors of type 0.

use spec::vorbis::arithmetic::{LN_2, LOG2_E, TAU, TAU_INVERSE};

/// Coefficients, each made of the one before it.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler alone")]
const fn coefficients<const N: usize>(kind: Series) -> [f64; N] {
    let mut values = [1.0; N];
    let mut k = 1;
    while k < N {
        let x = k as f64;
        values[k] = match kind {
            Series::Cosine => -values[k - 1] / ((2.0 * x - 1.0) * (2.0 * x)),
            Series::Exponential => values[k - 1] / x,
            Series::Arctangent => (if k % 2 == 0 { 1.0 } else { -1.0 }) / (2.0 * x + 1.0),
        };
        k += 1;
    }
    values
}

enum Series {
    Cosine,
    Exponential,
    Arctangent,
}

const COSINE: [f64; 16] = coefficients(Series::Cosine);
const EXPONENTIAL: [f64; 15] = coefficients(Series::Exponential);
const ARCTANGENT: [f64; 15] = coefficients(Series::Arctangent);

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().copied().reduce(|sum, coefficient| sum * x + coefficient).unwrap_or_default()
}

/// The pinned cosine.
pub fn cosine(x: f64) -> f64 {
    let r = x - libm::floor(x * TAU_INVERSE + 0.5) * TAU;
    horner(&COSINE, r * r)
}

/// The pinned exponential function.
pub fn exponential(x: f64) -> f64 {
    let x = x.clamp(-100.0, 80.0);
    let k = libm::floor(x * LOG2_E + 0.5);
    // 2^k, exactly: the exponent of an f64 is biased by 1,023, and k lies within -145 to 116.
    let power = f64::from_bits((k as i64).wrapping_add(1_023).cast_unsigned() << 52);
    horner(&EXPONENTIAL, x - k * LN_2) * power
}

/// The pinned arctangent of what is not negative.
pub fn arctangent(x: f64) -> f64 {
    let half = |x: f64| x / (1.0 + libm::sqrt(1.0 + x * x));
    let x = half(half(half(x)));
    8.0 * (x * horner(&ARCTANGENT, x * x))
}
