//! Wrong arithmetic.

use super::violation;
use crate::contracts::mixer::wrong::{RIGHT, Rules, Sample, State, factor, hearing, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::mixer::{Mixer, Op};

fn rounding(round: fn(i64, u32) -> i64) -> Box<dyn Machine<Mixer>> {
    wrong(Rules { round, ..RIGHT })
}

/// The fraction of a value with so many fractional bits, and half of one.
fn fraction(value: i64, bits: u32) -> (i64, i64) {
    (value.rem_euclid(1 << bits), 1 << (bits - 1))
}

/// Seen only where streams, or a stream and the master, are rounded for themselves; then where a sum is exactly between two samples;
/// then where something would be clipped too early; last, wherever there is a fraction.
pub fn sums() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-003", "rounds each stream", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum: i64 = products.iter().map(|product| (rules.round)(*product, 16)).sum();
                    rules.clipped((rules.round)(sum * level, 16), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-003", "rounds each stream after the level", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    rules.clipped(products.iter().map(|product| (rules.round)(product * level, 32)).sum(), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-004", "rounds the sum, and once more after the level", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum = (rules.round)(products.iter().sum(), 16);
                    rules.clipped((rules.round)(sum * level, 16), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-004", "rounds halves up, also below zero", || rounding(|value, bits| (value + (1 << (bits - 1))) >> bits)),
        violation("MIXER-004", "rounds halves to even", || {
            rounding(|value, bits| {
                let ((rest, half), floor) = (fraction(value, bits), value >> bits);
                floor + i64::from(rest > half || rest == half && floor & 1 == 1)
            })
        }),
        violation("MIXER-004", "rounds halves toward zero", || {
            rounding(|value, bits| ((value.abs() + (1 << (bits - 1)) - 1) >> bits) * value.signum())
        }),
        violation("MIXER-005", "clips before the level", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum = rules.clipped((rules.round)(products.iter().sum(), 16), curve);
                    Sample { after: (rules.round)(i64::from(sum.after) * level, 16) as i16, ..sum }
                },
                ..RIGHT
            })
        }),
        violation("MIXER-005", "clips before the level and after it", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum = rules.clipped((rules.round)(products.iter().sum(), 16), curve);
                    rules.clipped((rules.round)(i64::from(sum.after) * level, 16), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-005", "clips each stream before it sums", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum: i64 = products.iter().map(|product| i64::from((rules.clip)(curve, (rules.round)(*product, 16)))).sum();
                    rules.clipped((rules.round)(sum * level, 16), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-012", "saturates the running sum after each stream", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let add = |sum: i16, product: &i64| {
                        let term = (rules.round)(*product, 16);
                        (i64::from(sum) + term).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
                    };
                    let sum = products.iter().fold(0, add);
                    rules.clipped((rules.round)(i64::from(sum) * level, 16), curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-004", "cuts off the fraction", || rounding(|value, bits| value / (1 << bits))),
        violation("MIXER-004", "rounds down", || rounding(|value, bits| value >> bits)),
        violation("MIXER-003", "drops the fraction of each stream", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    let sum: i64 = products.iter().map(|product| product >> 16).sum();
                    rules.clipped((rules.round)(sum * level, 16), curve)
                },
                ..RIGHT
            })
        }),
    ]
}

/// Seen wherever something is scaled.
pub fn scaling() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-002", "leaves gains out", || hearing(|_, op| matches!(op, Op::SetGain(..)))),
        violation("MIXER-002", "lets a gain wait for the block after the next", || {
            hearing(|state, op| {
                if let Op::SetGain(stream, db) = op {
                    state.pending.push((*stream as usize, factor(*db)));
                }
                matches!(op, Op::SetGain(..))
            })
        }),
        violation("MIXER-002", "ramps to a new gain within the block", || {
            let factor = |state: &State, stream: usize, frame: i64, frames: i64| {
                let (from, to) = (i64::from(state.former[stream]), i64::from(state.streams[stream]));
                from + (to - from) * (frame + 1) / frames
            };
            wrong(Rules { factor, ..RIGHT })
        }),
        violation("MIXER-005", "leaves the level out", || {
            wrong(Rules {
                sample: |rules, _, products, level, curve| {
                    rules.clipped(if level == 0 { 0 } else { (rules.round)(products.iter().sum(), 16) }, curve)
                },
                ..RIGHT
            })
        }),
        violation("MIXER-004", "rounds away from zero whatever the fraction", || {
            rounding(|value, bits| ((value.abs() + (1 << bits) - 1) >> bits) * value.signum())
        }),
    ]
}

/// Seen only from the second frame of a block on.
pub fn parts() -> Vec<Violation<Mixer>> {
    vec![violation("MIXER-016", "carries each sample's rounding error into the next, from each block's start", || {
        wrong(Rules {
            sample: |rules, carry, products, level, curve| {
                let exact = products.iter().sum::<i64>() * level + *carry;
                let rounded = (rules.round)(exact, 32);
                *carry = exact - (rounded << 32);
                rules.clipped(rounded, curve)
            },
            ..RIGHT
        })
    })]
}
