//! Fixed-point arithmetic for tables that the compiler computes: numbers in Q60.
//!
//! Loops over tables run at compile time, where an overflow or a bad index is a compilation error and not a panic.
#![allow(clippy::arithmetic_side_effects, reason = "evaluated by the compiler, which rejects an overflow")]

/// One, in Q60.
pub(crate) const ONE: u128 = 1 << 60;
/// The natural logarithm of ten, in Q60.
const LN_10: u128 = 0x24d7_6377_6aaa_2b06;
/// The circle constant, in Q60.
pub(crate) const PI: u128 = 0x3243_f6a8_885a_308d;

/// The product of two numbers in Q60, below 2^7 together.
pub(crate) const fn mul(a: u128, b: u128) -> u128 {
    (a * b) >> 60
}

/// 10^(numerator / denominator) in Q60, for exponents from 0 to 1, by the Taylor series of the exponential function.
pub(crate) const fn power_of_ten(numerator: u128, denominator: u128) -> u128 {
    let x = LN_10 * numerator / denominator;
    let (mut sum, mut term, mut n) = (ONE, ONE, 1);
    while term > 0 {
        term = mul(term, x) / n;
        sum += term;
        n += 1;
    }
    sum
}

/// sin(pi / 2 · index / quarter) in Q60, for `index` from 0 to `quarter`, by the Taylor series.
pub(crate) const fn sine(index: u128, quarter: u128) -> u128 {
    let x = PI * index / (2 * quarter);
    let square = mul(x, x);
    // Positive and negative terms are kept apart, so that no intermediate sum is negative.
    let (mut positive, mut negative, mut term, mut n) = (x, 0, x, 1);
    while term > 0 {
        term = mul(term, square) / ((n + 1) * (n + 2));
        n += 2;
        if n % 4 == 3 {
            negative += term;
        } else {
            positive += term;
        }
    }
    positive - negative
}
