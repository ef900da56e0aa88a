//! The windowed sinc: its table, and the coefficients of each phase.

use super::Ratio;
use crate::fixed;
use alloc::vec;
use alloc::vec::Vec;
use spec::resampler::{RESAMPLER_COEFFICIENT_BITS, RESAMPLER_CUTOFF_64THS, RESAMPLER_STEPS_PER_FRAME, RESAMPLER_TABLE_ENTRIES};

const ENTRIES: usize = RESAMPLER_TABLE_ENTRIES as usize;
const STEPS: u64 = RESAMPLER_STEPS_PER_FRAME as u64;
/// Steps of a quarter turn: from the table's middle to its end the window's cosine turns by half.
const QUARTER: usize = (ENTRIES - 1) / 2;

/// The table, from its middle to one side (RESAMPLER-005).
static TABLE: [i32; ENTRIES] = sinc_table();

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn quarter_turn() -> [i128; QUARTER + 1] {
    let mut sines = [0; QUARTER + 1];
    let mut step = 0;
    while step <= QUARTER {
        sines[step] = fixed::sine(step as u128, QUARTER as u128) as i128;
        step += 1;
    }
    sines
}

/// The sine of a number of steps.
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn sine(quarter: &[i128; QUARTER + 1], step: usize) -> i128 {
    let within = step % QUARTER;
    match step / QUARTER % 4 {
        0 => quarter[within],
        1 => quarter[QUARTER - within],
        2 => -quarter[within],
        _ => -quarter[QUARTER - within],
    }
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "evaluated by the compiler, which rejects a mistake")]
const fn sinc_table() -> [i32; ENTRIES] {
    // 512 steps of a frame times 64 parts of the cutoff are half a turn, so that the sinc's angle is a whole number of steps.
    const { assert!(2 * QUARTER == STEPS as usize * 64) };
    let quarter = quarter_turn();
    let one = fixed::ONE as i128;
    let mut table = [0; ENTRIES];
    table[0] = ((1_i32 << RESAMPLER_COEFFICIENT_BITS) / 64) * RESAMPLER_CUTOFF_64THS as i32;
    let mut j = 1;
    while j < ENTRIES {
        let [first, second, third] = [sine(&quarter, j + QUARTER), sine(&quarter, 2 * j + QUARTER), sine(&quarter, 3 * j + QUARTER)];
        let window = (one * 35_875 + first * 48_829 + second * 14_128 + third * 1_168) / 100_000;
        let product = (sine(&quarter, RESAMPLER_CUTOFF_64THS as usize * j) * window) >> 60;
        // c sinc(c x) is sin(pi c x) / (pi x), for x of j / 512.
        let divisor = fixed::PI as i128 * j as i128;
        let scaled = product.abs() * STEPS as i128 * (1 << RESAMPLER_COEFFICIENT_BITS);
        let magnitude = ((scaled + divisor / 2) / divisor) as i32;
        table[j] = if product < 0 { -magnitude } else { magnitude };
        j += 1;
    }
    table
}

/// The table.
pub(super) fn table() -> &'static [i32] {
    &TABLE
}

/// number / divisor, to the nearest, a half away from zero.
fn half_away(number: i64, divisor: i64) -> i32 {
    let magnitude = number.unsigned_abs().wrapping_add(divisor.unsigned_abs() >> 1).checked_div(divisor.unsigned_abs()).unwrap_or(0);
    if number < 0 { (magnitude as i32).wrapping_neg() } else { magnitude as i32 }
}

/// Gives the coefficients of a phase, from the earliest tap on, before their sum is made whole.
///
/// Nothing overflows: a table entry is below 2^23 and a rate below 2^18, so that a weight is below 2^59, and a divisor below 2^36. Where
/// the divisor is odd it has no half, so that rounding it down before it is halved changes nothing.
pub(super) fn each_coefficient(ratio: Ratio, phase: u32, mut give: impl FnMut(i32)) {
    let (to, wide) = (i64::from(ratio.to), i64::from(ratio.from.max(ratio.to)));
    let half = i64::from(ratio.half());
    for tap in 1_i64.wrapping_sub(half)..=half {
        let distance = tap.wrapping_mul(to).wrapping_sub(i64::from(phase)).unsigned_abs().wrapping_mul(STEPS);
        let entry = distance.checked_div(wide.unsigned_abs()).unwrap_or(u64::MAX);
        let rest = distance.wrapping_sub(entry.wrapping_mul(wide.unsigned_abs())) as i64;
        give(match TABLE.get(entry as usize..) {
            Some([at, after, ..]) => {
                let before = i64::from(*at).wrapping_mul(wide.wrapping_sub(rest));
                let between = before.wrapping_add(i64::from(*after).wrapping_mul(rest));
                half_away(between.wrapping_mul(to), wide.wrapping_mul(wide))
            }
            _ => 0,
        });
    }
}

/// Says which tap takes what the sum of all coefficients lacks of 1: the nearest, the later one of two (RESAMPLER-006).
pub(super) fn complete(ratio: Ratio, phase: u32, sum: i32, add: impl FnOnce(usize, i32)) {
    let middle = (ratio.half() as usize).wrapping_sub(1);
    let later = u64::from(phase).wrapping_mul(2) >= u64::from(ratio.to);
    add(middle.wrapping_add(usize::from(later)), (1_i32 << RESAMPLER_COEFFICIENT_BITS).wrapping_sub(sum));
}

/// Bits of a coefficient's low part.
pub(super) const LOW_BITS: u32 = 9;

/// Taps that the kernel takes at a time: a row is filled up to whole groups with zeros.
pub(super) const GROUP: usize = 16;

/// Coefficients, high or low, that a bank holds at most: all phases of most pairs of rates, in 1 MiB. Of other pairs it holds as many
/// phases as fit, and computes the others again and again.
const BANK: usize = 1 << 19;

/// The phases of a pair of rates, each computed when it is first needed. A coefficient of 23 bits is split into a high part of 15 bits and a
/// low part of nine, `high · 512 + low`, each of which is multiplied with a sample exactly in 32 bits.
#[derive(Clone, Debug)]
pub(super) struct Bank {
    ratio: Ratio,
    /// Taps of a row.
    width: usize,
    /// For each row the high parts, then the low parts.
    parts: Vec<i16>,
    /// The phase that each row holds.
    held: Vec<u32>,
}

/// A row of the bank that holds no phase.
const NONE: u32 = u32::MAX;

impl Bank {
    pub(super) fn new(ratio: Ratio) -> Self {
        let width = (ratio.half() as usize).wrapping_mul(2).next_multiple_of(GROUP);
        let row = width.wrapping_mul(2);
        let rows = (ratio.to as usize).min(BANK.checked_div(row).unwrap_or(1).max(1));
        Self { ratio, width, parts: vec![0; row.wrapping_mul(rows)], held: vec![NONE; rows] }
    }

    /// Taps of a row, with the zeros that fill it up.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// The high and the low parts of a phase.
    #[inline(always)]
    pub(super) fn phase(&mut self, phase: u32) -> (&[i16], &[i16]) {
        let row = (phase as usize).checked_rem(self.held.len()).unwrap_or(0);
        if self.held.get(row) != Some(&phase) {
            self.compute(phase, row);
        }
        let start = row.wrapping_mul(self.width).wrapping_mul(2);
        let parts = self.parts.get(start..).unwrap_or_default();
        let (high, rest) = parts.split_at_checked(self.width).unwrap_or_default();
        (high, rest.get(..self.width).unwrap_or_default())
    }

    #[cold]
    #[inline(never)]
    fn compute(&mut self, phase: u32, row: usize) {
        let start = row.wrapping_mul(self.width).wrapping_mul(2);
        let Some(parts) = self.parts.get_mut(start..start.wrapping_add(self.width.wrapping_mul(2))) else { return };
        let Some((high, low)) = parts.split_at_mut_checked(self.width) else { return };
        let mut sum = 0_i32;
        let mut places = high.iter_mut().zip(low.iter_mut());
        each_coefficient(self.ratio, phase, |coefficient| {
            sum = sum.wrapping_add(coefficient);
            if let Some((high, low)) = places.next() {
                (*high, *low) = split(coefficient);
            }
        });
        complete(self.ratio, phase, sum, |tap, missing| {
            if let (Some(high), Some(low)) = (high.get_mut(tap), low.get_mut(tap)) {
                let coefficient = (i32::from(*high) << LOW_BITS).wrapping_add(i32::from(*low));
                (*high, *low) = split(coefficient.wrapping_add(missing));
            }
        });
        if let Some(held) = self.held.get_mut(row) {
            *held = phase;
        }
    }
}

/// The parts of a coefficient, the low one within ±256.
fn split(coefficient: i32) -> (i16, i16) {
    let high = coefficient.wrapping_add(1 << (LOW_BITS - 1)) >> LOW_BITS;
    (high as i16, coefficient.wrapping_sub(high << LOW_BITS) as i16)
}
