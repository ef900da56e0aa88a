//! The windowed sinc's table, in fixed-point numbers of 192 fractional bits.

use num_bigint::{BigInt, Sign};
use spec::resampler::{RESAMPLER_COEFFICIENT_BITS, RESAMPLER_CUTOFF_64THS, RESAMPLER_STEPS_PER_FRAME, RESAMPLER_TABLE_ENTRIES};
use std::sync::OnceLock;

/// Fractional bits. Each of the turns below loses less than two units of the last place, so that all of them stay below 2^-170.
pub(super) const FRACTION: u64 = 192;

/// Steps of a full turn: the window's half turn has as many as the table has distances.
const TURN: usize = 2 * (RESAMPLER_TABLE_ENTRIES as usize - 1);

fn one() -> BigInt {
    BigInt::from(1) << FRACTION
}

/// The sine of every step of a turn.
fn sines() -> Vec<BigInt> {
    // From the right angle, whose cosine is 0, halvings reach one step: cos(a / 2) = sqrt((1 + cos a) / 2).
    let halvings = (TURN / 4).ilog2();
    let half = |cosine: BigInt| ((one() + cosine) << (FRACTION - 1)).sqrt();
    let twice = (1..halvings).fold(BigInt::from(0), |cosine, _| half(cosine));
    let (cosine, sine) = (half(twice.clone()), ((one() - twice) << (FRACTION - 1)).sqrt());
    // A unit vector, turned by this angle again and again.
    std::iter::successors(Some((one(), BigInt::from(0))), move |(x, y)| {
        Some(((x * &cosine - y * &sine) >> FRACTION, (x * &sine + y * &cosine) >> FRACTION))
    })
    .map(|(_, y)| y)
    .take(TURN)
    .collect()
}

/// pi = 16 atan(1 / 5) - 4 atan(1 / 239), by Machin.
fn pi() -> BigInt {
    let arcus_tangent = |inverse: i64| {
        let powers = std::iter::successors(Some(one() / inverse), |power| Some(power / (inverse * inverse)));
        let terms = powers.take_while(|power| *power > BigInt::from(0)).zip(0_i64..);
        terms.map(|(power, n)| power / (2 * n + 1) * if n % 2 == 0 { 1 } else { -1 }).sum::<BigInt>()
    };
    arcus_tangent(5) * 16 - arcus_tangent(239) * 4
}

/// RESAMPLER-005: 2^23 × c × sinc(c × j / 512) × w(j / 32768), unrounded, with [`FRACTION`] fractional bits.
pub(super) fn unrounded() -> Vec<BigInt> {
    let (sines, pi) = (sines(), pi());
    let sine = |step: usize| &sines[step % TURN];
    let cosine = |step: usize| sine(step + TURN / 4);
    // RESAMPLER-018: what the window makes of the sinc's ends is what is left of the stop band.
    let window = |j: usize| (one() * 35_875 + cosine(j) * 48_829 + cosine(2 * j) * 14_128 + cosine(3 * j) * 1_168) / 100_000;
    // RESAMPLER-017: the transition's middle is so far below half the rate that the pass band ends where it should.
    // c sinc(c x) = sin(pi c x) / (pi x), and pi c j / 512 is 61 j steps: 512 steps of a frame and 64ths of the cutoff make a turn.
    const { assert!(TURN == 2 * RESAMPLER_STEPS_PER_FRAME as usize * 64) };
    let sinc = |j: usize| match j {
        0 => (one() * RESAMPLER_CUTOFF_64THS) / 64,
        j => ((sine(RESAMPLER_CUTOFF_64THS as usize * j) * RESAMPLER_STEPS_PER_FRAME) << FRACTION) / (&pi * j),
    };
    (0..RESAMPLER_TABLE_ENTRIES as usize).map(|j| (sinc(j) * window(j)) >> (FRACTION - u64::from(RESAMPLER_COEFFICIENT_BITS))).collect()
}

/// The table, from its middle to one side.
pub fn table() -> &'static [i32] {
    static TABLE: OnceLock<Vec<i32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let half = BigInt::from(1) << (FRACTION - 1);
        // RESAMPLER-005: the magnitude's nearest, which is half away from zero.
        let nearest = |exact: BigInt| {
            let negative = exact.sign() == Sign::Minus;
            let magnitude = i32::try_from((BigInt::from(exact.into_parts().1) + &half) >> FRACTION).unwrap_or(i32::MAX);
            if negative { -magnitude } else { magnitude }
        };
        unrounded().into_iter().map(nearest).collect()
    })
}
