//! Machines that each violate one requirement of the contract `gain`.

use crate::suite::{Violation, misheard, tampered};
use model::Modelled;
use spec::gain::{Config, GAIN_APPLY_SAMPLES_MAX, GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_DB_STEPS_PER_DB, GAIN_UNITY_Q16, Gain, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// What a wrong machine computes; what it rejects is right.
#[derive(Clone, Copy)]
struct Rules {
    /// The factor of a gain that is in range.
    factor: fn(i32) -> u32,
    /// A scaled sample.
    scale: fn(i16, u32) -> i32,
}

const RIGHT: Rules = Rules { factor: right_factor, scale: |sample, factor| half_away(product(sample, factor)) };

fn right_factor(db: i32) -> u32 {
    model::gain::factor(db).unwrap_or(0)
}

fn product(sample: i16, factor: u32) -> i64 {
    i64::from(sample) * i64::from(factor)
}

fn half_away(product: i64) -> i32 {
    let magnitude = (product.abs() + 32_768) >> 16;
    (if product < 0 { -magnitude } else { magnitude }) as i32
}

/// 65536 × 10^(decibels / per_decade), not rounded.
fn exact(db: i32, per_decade: f64) -> f64 {
    f64::from(GAIN_UNITY_Q16) * 10_f64.powf(f64::from(db) / f64::from(GAIN_DB_STEPS_PER_DB) / per_decade)
}

fn wrong(rules: Rules) -> Box<dyn Machine<Gain>> {
    struct Wrong(Rules, Box<dyn Machine<Gain>>);
    impl Machine<Gain> for Wrong {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.1.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            let right = self.1.step(op)?;
            Ok(match (op, right) {
                (Op::Factor(db), Obs::Factor(_)) => Obs::Factor((self.0.factor)(*db)),
                (Op::Apply(db, pcm), Obs::Scaled(_)) => {
                    let factor = (self.0.factor)(*db);
                    Obs::Scaled(pcm.iter().map(|sample| (self.0.scale)(*sample, factor)).collect())
                }
                (_, obs) => obs,
            })
        }
    }
    Box::new(Wrong(rules, Gain::model()))
}

/// A machine whose factors are `factor`'s, but for the minimum, which stays silence.
macro_rules! factors {
    ($factor:expr) => {
        || wrong(Rules { factor: |db| if db == GAIN_DB_Q8_8_MIN { 0 } else { ($factor)(db) }, ..RIGHT })
    };
}

/// The violations. The more rarely a machine differs from a right one, the earlier it stands: where the smallest case cannot tell
/// two of them apart, it is likelier to be the one that needs just such a case.
pub fn violations() -> Vec<Violation<Gain>> {
    let violation = |requirement, what, machine| Violation { requirement, what, machine };
    vec![
        violation("GAIN-004", "takes -6 dB for a half and -12 dB for a quarter", || {
            let factor = |db| match db {
                -1_536 => GAIN_UNITY_Q16 / 2,
                -3_072 => GAIN_UNITY_Q16 / 4,
                db => right_factor(db),
            };
            wrong(Rules { factor, ..RIGHT })
        }),
        violation("GAIN-006", "multiplies in 32-bit floating point", || {
            scaling(|sample, factor| (f32::from(sample) * factor as f32 / 65_536.0).round() as i32)
        }),
        violation("GAIN-006", "clips what it scales", || {
            scaling(|sample, factor| half_away(product(sample, factor)).clamp(i32::from(i16::MIN), i32::from(i16::MAX)))
        }),
        violation("GAIN-007", "rounds halves up, also below zero", || {
            scaling(|sample, factor| ((product(sample, factor) + 32_768) >> 16) as i32)
        }),
        violation("GAIN-006", "rounds halves to even", || {
            scaling(|sample, factor| {
                let (floor, fraction) = (product(sample, factor) >> 16, product(sample, factor) & 0xffff);
                (floor + i64::from(fraction > 32_768 || fraction == 32_768 && floor & 1 == 1)) as i32
            })
        }),
        violation("GAIN-002", "computes the factor of the minimum as if it were any gain", || {
            wrong(Rules { factor: |db| if db == GAIN_DB_Q8_8_MIN { exact(db, 20.0).round() as u32 } else { right_factor(db) }, ..RIGHT })
        }),
        violation("GAIN-003", "clamps a gain that is out of range", || {
            misheard::<Gain>(|op| match op {
                Op::Factor(db) => Op::Factor((*db).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)),
                Op::Apply(db, pcm) => Op::Apply((*db).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX), pcm.clone()),
            })
        }),
        violation("GAIN-003", "rejects the maximum itself", || rejecting(|op| gain_of(op) == GAIN_DB_Q8_8_MAX)),
        violation("GAIN-003", "rejects the minimum itself", || rejecting(|op| gain_of(op) == GAIN_DB_Q8_8_MIN)),
        violation("GAIN-003", "drops the samples beyond its bound", || {
            misheard::<Gain>(|op| match op {
                Op::Apply(db, pcm) => Op::Apply(*db, pcm[..pcm.len().min(GAIN_APPLY_SAMPLES_MAX as usize)].to_vec()),
                op => op.clone(),
            })
        }),
        violation("GAIN-003", "looks at the number of samples before the gain", || {
            tampered::<Gain, ()>(|(), op, obs| match op {
                Op::Apply(_, pcm) if pcm.len() > GAIN_APPLY_SAMPLES_MAX as usize => Obs::Rejected(ErrorCode::OversizedInput),
                _ => obs,
            })
        }),
        violation("GAIN-003", "scales nothing of an odd number of samples", || {
            tampered::<Gain, ()>(|(), op, obs| match op {
                Op::Apply(_, pcm) if pcm.len() % 2 == 1 => Obs::Rejected(ErrorCode::Misaligned),
                _ => obs,
            })
        }),
        violation("GAIN-001", "reads the table's next entry", factors!(|db: i32| right_factor((db + 1).min(GAIN_DB_Q8_8_MAX)))),
        violation("GAIN-001", "reads the table's entry before", factors!(|db: i32| right_factor(db - 1))),
        violation("GAIN-001", "has factors that are one too large", factors!(|db| right_factor(db) + 1)),
        violation("GAIN-001", "has factors that are one too small", factors!(|db| right_factor(db) - 1)),
        violation("GAIN-001", "cuts off the fraction of its factors", factors!(|db| exact(db, 20.0) as u32)),
        violation("GAIN-001", "takes decibels of power for decibels of amplitude", factors!(|db| exact(db, 10.0).round() as u32)),
        violation("GAIN-001", "interpolates between whole decibels", factors!(interpolated)),
        violation("GAIN-001", "forgets the fraction of a decibel", factors!(|db: i32| right_factor(db & !0xff))),
        violation("GAIN-001", "keeps its factors in 16 bits", factors!(|db| right_factor(db) & 0xffff)),
        violation(
            "GAIN-005",
            "splits a negative gain into decibels rounded up and a fraction that it adds",
            factors!(|db: i32| { right_factor(db / GAIN_DB_STEPS_PER_DB * GAIN_DB_STEPS_PER_DB + db.rem_euclid(GAIN_DB_STEPS_PER_DB)) }),
        ),
        violation("GAIN-006", "cuts off the fraction of a product", || scaling(|sample, factor| (product(sample, factor) / 65_536) as i32)),
        violation("GAIN-006", "rounds products down", || scaling(|sample, factor| (product(sample, factor) >> 16) as i32)),
        violation("GAIN-006", "multiplies in 32 bits", || {
            scaling(|sample, factor| half_away(i64::from(i32::from(sample).wrapping_mul(factor as i32))))
        }),
    ]
}

fn interpolated(db: i32) -> u32 {
    let fraction = db.rem_euclid(GAIN_DB_STEPS_PER_DB) as u32;
    let low = right_factor(db - fraction as i32);
    let high = if fraction == 0 { low } else { right_factor(db - fraction as i32 + GAIN_DB_STEPS_PER_DB) };
    low + (high - low) * fraction / GAIN_DB_STEPS_PER_DB as u32
}

fn gain_of(op: &Op) -> i32 {
    match op {
        Op::Factor(db) | Op::Apply(db, _) => *db,
    }
}

fn scaling(scale: fn(i16, u32) -> i32) -> Box<dyn Machine<Gain>> {
    wrong(Rules { scale, ..RIGHT })
}

fn rejecting(rejects: fn(&Op) -> bool) -> Box<dyn Machine<Gain>> {
    struct Rejecting(fn(&Op) -> bool, Box<dyn Machine<Gain>>);
    impl Machine<Gain> for Rejecting {
        fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
            self.1.reset(config)
        }
        fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
            if (self.0)(op) { Ok(Obs::Rejected(ErrorCode::OutOfRange)) } else { self.1.step(op) }
        }
    }
    Box::new(Rejecting(rejects, Gain::model()))
}

#[cfg(test)]
mod tests {
    use super::{RIGHT, wrong};
    use model::Modelled;
    use spec::gain::Gain;
    use spec::{Contract, SplitMix64};

    #[test]
    fn wrong_machine_with_the_right_rules_is_right() {
        for seed in 0..500 {
            let case = Gain::draw(&mut SplitMix64::new(seed), 24);
            assert_eq!(wrong(RIGHT).run_case(&case), Gain::model().run_case(&case), "{seed}");
        }
    }
}
