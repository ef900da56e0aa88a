//! Laws of the contract `gain`.

use super::case;
use crate::suite::Held;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, Gain, Obs, Op};
use spec::{Case, Entropy, Failure, Machine, entropy};

/// Factors of a rising walk and of a few far gains, in any order.
pub fn draw_gains(entropy: &mut dyn Entropy) -> Case<Gain> {
    let (min, max) = (i64::from(GAIN_DB_Q8_8_MIN), i64::from(GAIN_DB_Q8_8_MAX));
    let mut db = entropy.between(min, max);
    let ops = (0..24)
        .map(|_| {
            db = if entropy.one_in(8) { entropy.between(min, max) } else { (db + entropy.between(0, 40)).min(max) };
            Op::Factor(db as i32)
        })
        .collect();
    case(ops)
}

/// The factors that a machine gives rise with the gains.
pub fn factors_rise(machine: &mut dyn Machine<Gain>, case: &Case<Gain>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut factors = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        match (op, obs) {
            (Op::Factor(db), Obs::Factor(factor)) => factors.push((*db, *factor)),
            (op, obs) => return Ok(Held::No(format!("{op:?} gave {obs:?}"))),
        }
    }
    factors.sort_by_key(|(db, _)| *db);
    for pair in factors.windows(2) {
        if let [(low, small), (high, large)] = pair
            && (small > large || low == high && small != large)
        {
            return Ok(Held::No(format!("the gain {low} gives {small}, and {high} gives {large}")));
        }
    }
    Ok(if factors.len() < 2 { Held::NotApplicable } else { Held::Yes(factors.len() as u64) })
}

/// Samples without -32,768, whose negation is no sample; many with enough low zeros to make halves.
pub fn draw_samples(entropy: &mut dyn Entropy) -> Case<Gain> {
    let ops = (0..12)
        .map(|_| {
            let db = entropy.between(i64::from(GAIN_DB_Q8_8_MIN), i64::from(GAIN_DB_Q8_8_MAX)) as i32;
            let sample = |entropy: &mut dyn Entropy| {
                let zeros = entropy.below(16);
                let sample = if zeros == 15 { entropy::sample(entropy) } else { entropy::sample(entropy) >> zeros << zeros };
                sample.max(-i16::MAX)
            };
            Op::Apply(db, (0..8).map(|_| sample(entropy)).collect())
        })
        .collect();
    case(ops)
}

/// A machine scales negated samples to negated results.
pub fn negation(machine: &mut dyn Machine<Gain>, case: &Case<Gain>) -> Result<Held, Failure> {
    let negated = |op: &Op| match op {
        Op::Apply(db, pcm) => Op::Apply(*db, pcm.iter().map(|sample| sample.saturating_neg()).collect()),
        op => op.clone(),
    };
    let mirrored = Case { config: case.config.clone(), ops: case.ops.iter().map(negated).collect() };
    let (one, other) = (machine.run_case(case)?, machine.run_case(&mirrored)?);
    let mut values = 0;
    for (op, pair) in case.ops.iter().zip(one.obs.iter().zip(&other.obs)) {
        match (op, pair) {
            (Op::Apply(db, pcm), (Obs::Scaled(one), Obs::Scaled(other))) if one.len() == pcm.len() && other.len() == pcm.len() => {
                for (sample, (one, other)) in pcm.iter().zip(one.iter().zip(other)) {
                    if one.checked_neg() != Some(*other) {
                        return Ok(Held::No(format!("at the gain {db}, {sample} gives {one}, and its negation gives {other}")));
                    }
                    values += 1;
                }
            }
            (op, (one, other)) => return Ok(Held::No(format!("{op:?} gave {one:?} and, negated, {other:?}"))),
        }
    }
    Ok(if values == 0 { Held::NotApplicable } else { Held::Yes(values) })
}
