//! Tables by big integers, and the pinned functions of floor 0.

use num_bigint::BigInt;
use spec::vorbis::arithmetic::{LN_2, LOG2_E, TAU, TAU_INVERSE};
use std::sync::{LazyLock, OnceLock};

/// Bits behind the point of the big integers.
const POINT: usize = 160;

fn one() -> BigInt {
    BigInt::from(1) << POINT
}

/// pi, by Machin's formula.
fn pi() -> BigInt {
    let arctangent_of_inverse = |x: i64| {
        let mut power = one() / x;
        let mut sum = BigInt::ZERO;
        let mut k = 0_i64;
        while power != BigInt::ZERO {
            let term = &power / (2 * k + 1);
            sum += if k % 2 == 0 { term } else { -term };
            power /= x * x;
            k += 1;
        }
        sum
    };
    4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))
}

/// The sum of x^k / k! with signs in turn, over the even or the odd k.
fn series(x: &BigInt, odd: bool) -> BigInt {
    let square = (x * x) >> POINT;
    let mut term = if odd { x.clone() } else { one() };
    let mut sum = BigInt::ZERO;
    let mut k = i64::from(odd);
    while term != BigInt::ZERO {
        sum += &term;
        term = -((&term * &square) >> POINT) / ((k + 1) * (k + 2));
        k += 2;
    }
    sum
}

/// The nearest `f32`, ties to even.
fn nearest(x: &BigInt) -> f32 {
    let negative = *x < BigInt::ZERO;
    let magnitude = if negative { -x } else { x.clone() };
    let bits = magnitude.bits() as usize;
    if bits <= 24 {
        return 0.0;
    }
    let drop = bits - 24;
    let mut mantissa = &magnitude >> drop;
    let rest = &magnitude - (&mantissa << drop);
    let half = BigInt::from(1) << (drop - 1);
    if rest > half || (rest == half && mantissa.bit(0)) {
        mantissa += 1;
    }
    let mantissa: u32 = mantissa.try_into().unwrap_or(0);
    let value = mantissa as f32 * 2_f32.powi(drop as i32 - POINT as i32);
    if negative { -value } else { value }
}

fn angle(numerator: usize, denominator: usize) -> BigInt {
    static PI: OnceLock<BigInt> = OnceLock::new();
    PI.get_or_init(pi) * numerator / denominator
}

/// The `f32` nearest to cos(pi numerator / denominator).
pub fn cos_pi(numerator: usize, denominator: usize) -> f32 {
    // What the series leaves where the cosine is exactly 0 is no value.
    if (2 * numerator).is_multiple_of(denominator) && 2 * numerator / denominator % 2 == 1 {
        return 0.0;
    }
    nearest(&series(&angle(numerator, denominator), false))
}

/// The `f32` nearest to sin(pi numerator / denominator).
pub fn sin_pi(numerator: usize, denominator: usize) -> f32 {
    if numerator.is_multiple_of(denominator) {
        return 0.0;
    }
    nearest(&series(&angle(numerator, denominator), true))
}

/// The `f32` nearest to sin(pi/2 sin^2(pi/2 (i + 1/2) / size)).
pub fn window(i: usize, size: usize) -> f32 {
    let sine = series(&angle(2 * i + 1, 4 * size), true);
    let square = (&sine * &sine) >> POINT;
    let inner = (angle(1, 2) * square) >> POINT;
    nearest(&series(&inner, true))
}

/// The Horner sum of coefficients, the lowest first.
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().copied().reduce(|sum, coefficient| sum * x + coefficient).unwrap_or(0.0)
}

/// The pinned cosine.
pub fn cosine(x: f64) -> f64 {
    static COEFFICIENTS: LazyLock<Vec<f64>> = LazyLock::new(|| chain(16, |before, k| -before / ((2.0 * k - 1.0) * (2.0 * k))));
    let r = x - (x * TAU_INVERSE + 0.5).floor() * TAU;
    horner(&COEFFICIENTS, r * r)
}

/// The pinned exponential function.
pub fn exponential(x: f64) -> f64 {
    static COEFFICIENTS: LazyLock<Vec<f64>> = LazyLock::new(|| chain(15, |before, n| before / n));
    let x = x.clamp(-100.0, 80.0);
    let k = (x * LOG2_E + 0.5).floor();
    horner(&COEFFICIENTS, x - k * LN_2) * 2_f64.powi(k as i32)
}

/// The pinned arctangent of what is not negative.
pub fn arctangent(x: f64) -> f64 {
    static COEFFICIENTS: LazyLock<Vec<f64>> =
        LazyLock::new(|| (0..15).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 } / f64::from(2 * k + 1)).collect());
    let mut x = x;
    for _ in 0..3 {
        x /= 1.0 + (1.0 + x * x).sqrt();
    }
    8.0 * (x * horner(&COEFFICIENTS, x * x))
}

/// So many coefficients from 1 on, each made of the one before it and its number.
fn chain(count: u32, next: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut coefficients = vec![1.0];
    for k in 1..count {
        coefficients.push(next(coefficients[k as usize - 1], f64::from(k)));
    }
    coefficients
}
