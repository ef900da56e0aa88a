//! The contract `gain`: from Q8.8 decibels to an integer factor.

pub use crate::generated::gain::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `gain`.
#[derive(Clone, Debug)]
pub struct Gain;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `gain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The Q16 factor of a gain in Q8.8 dB.
    Factor(i32),
    /// Samples scaled by a gain in Q8.8 dB.
    Apply(i32, #[serde(with = "crate::compact::samples")] Vec<i16>),
}

/// Observations of the contract `gain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// A Q16 factor.
    Factor(u32),
    /// Scaled samples, rounded and not clipped.
    Scaled(Vec<i32>),
    /// Rejected with this code.
    Rejected(ErrorCode),
}

impl Contract for Gain {
    const NAME: &'static str = "gain";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops)
            .map(|_| {
                let db = draw_db(source);
                if source.one_in(2) {
                    Op::Factor(db)
                } else {
                    let frames = source.below(9) as usize;
                    Op::Apply(db, entropy::pcm(source, frames))
                }
            })
            .collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Factor(db) => simpler_db(*db, |db| out.push(Op::Factor(db))),
            Op::Apply(db, pcm) => {
                shorter(pcm, |pcm| out.push(Op::Apply(*db, pcm)));
                simpler_db(*db, |db| out.push(Op::Apply(db, pcm.clone())));
                if let [one] = pcm.as_slice()
                    && *one != 0
                {
                    out.push(Op::Apply(*db, alloc::vec![one / 2]));
                    out.push(Op::Apply(*db, alloc::vec![one - one.signum()]));
                }
            }
        }
    }
}

/// Gives the caller simpler gains: unity first, then nearer to it.
pub(crate) fn simpler_db(db: i32, mut give: impl FnMut(i32)) {
    if db != 0 {
        give(0);
        if !(-1..=1).contains(&db) {
            give(db / 2);
        }
        give(db - db.signum());
    }
}

/// A gain in Q8.8 dB: the whole range, its edges and what lies just outside.
pub fn draw_db(source: &mut dyn Entropy) -> i32 {
    match source.below(8) {
        0 => entropy::pick(source, [0, -1536, -3072, GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MIN + 1, GAIN_DB_Q8_8_MAX, -1, 1]),
        1 => entropy::pick(source, [GAIN_DB_Q8_8_MIN - 1, GAIN_DB_Q8_8_MAX + 1, i32::MIN, i32::MAX]),
        2..=4 => source.between(-3072, 3072) as i32,
        _ => source.between(i64::from(GAIN_DB_Q8_8_MIN), i64::from(GAIN_DB_Q8_8_MAX)) as i32,
    }
}
