//! Numbers of the tables, and the pinned functions of floors of type 0.

use spec::vorbis::arithmetic::{LN_2, LOG2_E, TAU, TAU_INVERSE};

/// cos and sin of pi r for r = numerator / denominator, each the nearest `f32`: a test compares all that are used with those of
/// big integers.
pub fn turn(numerator: usize, denominator: usize) -> (f32, f32) {
    // Within the first eighth of the circle both are exact to the last bits of an f64; the rest are reflections.
    let twice = numerator.saturating_mul(2);
    let quadrant = twice.checked_div(denominator).unwrap_or_default() & 3;
    let rest = twice.checked_rem(denominator).unwrap_or_default();
    let mirrored = rest.saturating_mul(2) > denominator;
    let rest = if mirrored { denominator.saturating_sub(rest) } else { rest };
    let angle = core::f64::consts::FRAC_PI_2 * rest as f64 / denominator as f64;
    let (c, s) = (libm::cos(angle) as f32, libm::sin(angle) as f32);
    let (c, s) = if mirrored { (s, c) } else { (c, s) };
    match quadrant {
        0 => (c, s),
        1 => (-s, c),
        2 => (-c, -s),
        _ => (s, -c),
    }
}

/// Rising slope of a window that overlaps in `size` samples, at sample `i`.
pub fn window(i: usize, size: usize) -> f32 {
    let angle = core::f64::consts::FRAC_PI_2 * (i as f64 + 0.5) / size as f64;
    let sine = libm::sin(angle);
    libm::sin(core::f64::consts::FRAC_PI_2 * (sine * sine)) as f32
}

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
