//! Wrong coefficients, and wrong gains from channel to channel.

use super::violation;
use crate::contracts::resampler::wrong::{RIGHT, Rules, Sinc, wrong};
use crate::suite::{Violation, tampered};
use spec::Machine;
use spec::resampler::{Obs, Op, RESAMPLER_COEFFICIENT_BITS, RESAMPLER_HALF_POWER_Q16, Resampler};
use std::f64::consts::PI;

/// A machine with another sinc.
fn other(sinc: Sinc) -> Box<dyn Machine<Resampler>> {
    wrong(Rules { sinc, ..RIGHT })
}

/// An entry of a table with another window and cutoff, rounded to the nearest.
fn entry(index: usize, cutoff: f64, window: fn(f64) -> f64) -> i32 {
    let x = PI * cutoff * index as f64 / 512.0;
    let sinc = if index == 0 { 1.0 } else { x.sin() / x };
    (f64::from(1 << RESAMPLER_COEFFICIENT_BITS) * cutoff * sinc * window(PI * index as f64 / 32_768.0)).round() as i32
}

fn blackman_harris(t: f64) -> f64 {
    0.35875 + 0.48829 * t.cos() + 0.14128 * (2.0 * t).cos() + 0.01168 * (3.0 * t).cos()
}

pub fn of_coefficients() -> Vec<Violation<Resampler>> {
    const CUTOFF: f64 = 61.0 / 64.0;
    vec![
        violation("RESAMPLER-005", "has the window of Hann", || {
            other(Sinc { entry: |index| entry(index, CUTOFF, |t| 0.5 + 0.5 * t.cos()), ..RIGHT.sinc })
        }),
        violation("RESAMPLER-005", "has the window of Blackman with three terms", || {
            other(Sinc { entry: |index| entry(index, CUTOFF, |t| 0.42 + 0.5 * t.cos() + 0.08 * (2.0 * t).cos()), ..RIGHT.sinc })
        }),
        violation("RESAMPLER-005", "puts the middle of the transition at half the rate", || {
            other(Sinc { entry: |index| entry(index, 1.0, blackman_harris), ..RIGHT.sinc })
        }),
        violation("RESAMPLER-005", "loses the last bit of the table", || {
            other(Sinc { entry: |index| (RIGHT.sinc.entry)(index) & !1, ..RIGHT.sinc })
        }),
        violation("RESAMPLER-006", "takes the nearest entry of the table", || {
            other(Sinc { between: |one, other, share| if share < 0.5 { one } else { other }, ..RIGHT.sinc })
        }),
        violation("RESAMPLER-006", "leaves the sum of coefficients as it is", || other(Sinc { rest: |_, _| None, ..RIGHT.sinc })),
        violation("RESAMPLER-006", "completes the sum at the earlier tap always", || other(Sinc { rest: |_, _| Some(0), ..RIGHT.sinc })),
        violation("RESAMPLER-006", "completes the sum at the earlier one of two taps", || {
            other(Sinc { rest: |phase, to| Some(usize::from(2 * phase > to)), ..RIGHT.sinc })
        }),
        violation("RESAMPLER-006", "has coefficients of 16 bits", || other(Sinc { bits: 15, ..RIGHT.sinc })),
        violation("RESAMPLER-006", "counts phases the other way round", || {
            tampered::<Resampler, ()>(|(), op, obs| match (op, obs) {
                (Op::Coefficients(..), Obs::Coefficients(taps)) => Obs::Coefficients(taps.into_iter().rev().collect()),
                (_, obs) => obs,
            })
        }),
        violation("RESAMPLER-016", "has coefficients of 10 bits, whose sum is not 1", || {
            other(Sinc { bits: 9, rest: |_, _| None, ..RIGHT.sinc })
        }),
        violation("RESAMPLER-018", "does not widen the sinc for a falling rate", || {
            other(Sinc { wide: |rates| rates.to_hz, ..RIGHT.sinc })
        }),
    ]
}

pub fn of_channels() -> Vec<Violation<Resampler>> {
    const ONE: u32 = 65_536;
    vec![
        violation("RESAMPLER-010", "gives mono to two speakers at half the power", || {
            gains(|from, to| if (from, to) == (1, 2) { vec![RESAMPLER_HALF_POWER_Q16; 2] } else { right(from, to) })
        }),
        violation("RESAMPLER-010", "gives mono to the left alone", || {
            gains(|from, to| if (from, to) == (1, 2) { vec![ONE, 0] } else { right(from, to) })
        }),
        violation("RESAMPLER-010", "adds left and right to mono without halving", || {
            gains(|from, to| if (from, to) == (2, 1) { vec![ONE; 2] } else { right(from, to) })
        }),
        violation("RESAMPLER-010", "takes the left for mono", || {
            gains(|from, to| if (from, to) == (2, 1) { vec![ONE, 0] } else { right(from, to) })
        }),
        violation("RESAMPLER-010", "drops the channels that stereo has not", || {
            gains(|from, to| match (from, to) {
                (3.., 2) => (0..2).flat_map(|row| (0..from).map(move |column| if row == column { ONE } else { 0 })).collect(),
                _ => right(from, to),
            })
        }),
        violation("RESAMPLER-010", "does not scale a downmix", || {
            gains(|from, to| {
                let gains = right(from, to);
                // What a speaker that stays has lost is what all were scaled by.
                match gains.first() {
                    Some(&first) if from > 2 && to == 2 => {
                        gains.iter().map(|gain| (u64::from(*gain) * u64::from(ONE) / u64::from(first)) as u32).collect()
                    }
                    _ => gains,
                }
            })
        }),
        violation("RESAMPLER-010", "scales every output channel by its own sum", || {
            gains(|from, to| {
                let scaled = |row: &[u32]| -> Vec<u32> {
                    let sum: u32 = row.iter().sum();
                    if sum == 0 {
                        row.to_vec()
                    } else {
                        row.iter().map(|gain| (u64::from(*gain) * 65_536 / u64::from(sum)) as u32).collect()
                    }
                };
                right(from, to).chunks(from as usize).flat_map(scaled).collect()
            })
        }),
        violation("RESAMPLER-010", "swaps the channels of stereo", || {
            gains(|from, to| if (from, to) == (2, 2) { vec![0, ONE, ONE, 0] } else { right(from, to) })
        }),
        violation("RESAMPLER-010", "puts the centre first, as Vorbis has it", || {
            gains(|from, to| {
                let mut gains = right(from, to);
                if from == 6 && to == 2 {
                    gains.chunks_mut(6).for_each(|row| row.swap(1, 2));
                }
                gains
            })
        }),
    ]
}

fn right(from: u32, to: u32) -> Vec<u32> {
    model::resampler::gains(from, to)
}

/// A machine with other gains.
fn gains(gains: fn(u32, u32) -> Vec<u32>) -> Box<dyn Machine<Resampler>> {
    wrong(Rules { gains, ..RIGHT })
}
