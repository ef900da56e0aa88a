//! Checks of the contract `gain`.

mod goldens;
mod laws;
mod violations;

use crate::suite::{Domain, Extent, GoldenCase, Law, Suite, Violation};
use spec::gain::{Config, GAIN_APPLY_SAMPLES_MAX, GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, GAIN_TABLE_ENTRIES, Gain, Obs, Op};
use spec::{Case, ErrorCode};

/// The gains whose factors the contract names: 0, -6 and -12 dB.
const ANCHORS: [i32; 3] = [0, -1536, -3072];

impl Suite for Gain {
    const PROPERTY: &'static [&'static str] = &["GAIN-001", "GAIN-002", "GAIN-003", "GAIN-004", "GAIN-006"];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            touched_by(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        vec![
            Law {
                name: "larger_gains_give_no_smaller_factors",
                requirements: &["GAIN-005"],
                draw: laws::draw_gains,
                holds: laws::factors_rise,
            },
            Law {
                name: "negated_samples_give_negated_results",
                requirements: &["GAIN-007"],
                draw: laws::draw_samples,
                holds: laws::negation,
            },
        ]
    }

    fn domains() -> Vec<Domain<Self>> {
        vec![
            Domain {
                name: "factor_of_every_gain",
                requirements: &["GAIN-001", "GAIN-002", "GAIN-003", "GAIN-004", "GAIN-005"],
                describe: |_| format!("the factor of each of the {GAIN_TABLE_ENTRIES} gains, and the two gains just outside"),
                cases: |_| Box::new(every_factor()),
            },
            Domain {
                name: "apply_every_sample",
                requirements: &["GAIN-003", "GAIN-006"],
                describe: |extent| match extent {
                    Extent::Whole => format!("each of the 65536 samples at each of the {GAIN_TABLE_ENTRIES} gains"),
                    Extent::Corners => format!(
                        "{} corner samples at each of the {GAIN_TABLE_ENTRIES} gains, and each of the 65536 samples at {} gains",
                        corner_samples().len(),
                        corner_gains().len()
                    ),
                },
                cases: |extent| match extent {
                    Extent::Whole => Box::new(every_product().chain(too_many_samples())),
                    Extent::Corners => Box::new(corner_products().chain(too_many_samples())),
                },
            },
        ]
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

fn touched_by(op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
    match (op, obs) {
        (_, Obs::Rejected(_)) => out("GAIN-003"),
        (Op::Factor(GAIN_DB_Q8_8_MIN), _) => {
            out("GAIN-002");
            out("GAIN-003");
        }
        (Op::Factor(db), _) => {
            out("GAIN-001");
            if ANCHORS.contains(db) {
                out("GAIN-004");
            }
            if *db == GAIN_DB_Q8_8_MAX {
                out("GAIN-003");
            }
        }
        (Op::Apply(db, pcm), _) => {
            let factor = i64::from(model::gain::factor(*db).unwrap_or(0));
            let fraction = |sample: &i16| (i64::from(*sample) * factor).rem_euclid(65_536);
            let halves = pcm.iter().any(|sample| fraction(sample) == 32_768);
            if halves {
                out("GAIN-006");
            }
            if pcm.iter().any(|sample| *sample != 0) {
                out(if *db == GAIN_DB_Q8_8_MIN { "GAIN-002" } else { "GAIN-001" });
            }
            if !halves && pcm.iter().any(|sample| fraction(sample) != 0) {
                out("GAIN-006");
            }
            if pcm.len() == GAIN_APPLY_SAMPLES_MAX as usize || [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX].contains(db) {
                out("GAIN-003");
            }
        }
    }
}

fn case(ops: Vec<Op>) -> Case<Gain> {
    Case { config: Config {}, ops }
}

type Cases = Box<dyn Iterator<Item = (Case<Gain>, u64)> + Send>;

fn all_gains() -> impl Iterator<Item = i32> + Send {
    GAIN_DB_Q8_8_MIN..=GAIN_DB_Q8_8_MAX
}

/// Cases of so many gains each.
fn by_gains(gains: Vec<i32>, per_case: usize, mut op: impl FnMut(i32) -> (Op, u64) + Send + 'static) -> Cases {
    let mut gains = gains.into_iter().peekable();
    Box::new(std::iter::from_fn(move || {
        gains.peek()?;
        let (ops, values): (Vec<Op>, Vec<u64>) = gains.by_ref().take(per_case).map(&mut op).unzip();
        Some((case(ops), values.iter().sum()))
    }))
}

fn every_factor() -> Cases {
    let gains = (GAIN_DB_Q8_8_MIN - 1..=GAIN_DB_Q8_8_MAX + 1).collect();
    by_gains(gains, 2_048, |db| (Op::Factor(db), 1))
}

fn all_samples() -> Vec<i16> {
    (i16::MIN..=i16::MAX).collect()
}

/// Two gains to a case: few enough for the answers to stay in the caches and in memory that the allocator keeps, which halves the
/// time of the whole domain.
fn every_product() -> Cases {
    let samples = all_samples();
    by_gains(all_gains().collect(), 2, move |db| (Op::Apply(db, samples.clone()), samples.len() as u64))
}

/// Samples around each power of two and around the rails, with either sign.
fn corner_samples() -> Vec<i16> {
    let mut samples = vec![0, i16::MIN, i16::MIN + 1, i16::MAX, i16::MAX - 1];
    for power in (0..15).map(|bits| 1_i16 << bits) {
        for sample in [power, power + power / 2] {
            samples.extend([sample, -sample]);
        }
    }
    samples.sort_unstable();
    samples.dedup();
    samples
}

/// The ends, the anchors and gains whose factors are odd or have few or many low zeros.
fn corner_gains() -> [i32; 16] {
    [
        GAIN_DB_Q8_8_MIN,
        GAIN_DB_Q8_8_MIN + 1,
        -20_480,
        -15_360,
        -10_240,
        -5_120,
        -3_072,
        -1_541,
        -1_536,
        -640,
        -1,
        0,
        1,
        1_536,
        GAIN_DB_Q8_8_MAX - 1,
        GAIN_DB_Q8_8_MAX,
    ]
}

fn corner_products() -> Cases {
    let (corners, samples) = (corner_samples(), all_samples());
    let each_gain = by_gains(all_gains().collect(), 512, move |db| (Op::Apply(db, corners.clone()), corners.len() as u64));
    let each_sample = by_gains(corner_gains().to_vec(), 1, move |db| (Op::Apply(db, samples.clone()), samples.len() as u64));
    Box::new(each_gain.chain(each_sample))
}

/// One sample more than one call scales; and which error comes first.
fn too_many_samples() -> impl Iterator<Item = (Case<Gain>, u64)> + Send {
    [0, GAIN_DB_Q8_8_MAX + 1].into_iter().map(|db| (case(vec![Op::Apply(db, vec![1; GAIN_APPLY_SAMPLES_MAX as usize + 1])]), 1))
}

#[cfg(test)]
mod tests {
    use super::{corner_samples, every_product};
    use crate::contracts::self_test::assert_complete;
    use crate::suite::{Domain, Extent, Suite};
    use spec::gain::{Gain, Op};

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<Gain>();
    }

    #[test]
    fn whole_domain_has_every_product() {
        let mut gains = 0;
        for (case, values) in every_product() {
            assert!(values <= 200_000, "a batch of the engine holds {values} values");
            assert!(case.ops.iter().all(|op| matches!(op, Op::Apply(_, pcm) if pcm.len() == 65_536)));
            gains += case.ops.len();
        }
        assert_eq!(gains, 27_649);
    }

    #[test]
    fn descriptions_say_what_is_covered() {
        assert!((60..70).contains(&corner_samples().len()));
        let domains = Gain::domains();
        let total = |domain: &Domain<Gain>| (domain.cases)(Extent::Corners).map(|(_, values)| values).sum::<u64>();
        let totals: Vec<u64> = domains.iter().map(total).collect();
        assert_eq!(totals, [27_651, 27_649 * corner_samples().len() as u64 + 16 * 65_536 + 2]);
    }
}
