//! The contract `ducking`: how far a session is lowered, block by block.

pub use crate::generated::ducking::*;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `ducking`.
#[derive(Clone, Debug)]
pub struct Ducking;

/// Depths and length of ramps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Depth of the rule `duck_db`, in Q8.8 dB.
    pub duck_db_q8_8: i32,
    /// Depth of the rule `duck_db_ui`, in Q8.8 dB.
    pub duck_db_ui_q8_8: i32,
    /// Length of a ramp, in ms.
    pub ramp_ms: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { duck_db_q8_8: DUCKING_DB_Q8_8, duck_db_ui_q8_8: DUCKING_DB_UI_Q8_8, ramp_ms: DUCKING_RAMP_MS }
    }
}

/// By which depth a cause lowers a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// By `duck_db`.
    DuckDb,
    /// By `duck_db_ui`.
    DuckDbUi,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 2] = [Self::DuckDb, Self::DuckDbUi];
}

/// Operations of the contract `ducking`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A session comes, at 0 dB.
    Open(u32),
    /// A session goes.
    Close(u32),
    /// A cause lowers a session.
    Duck {
        /// The session.
        session: u32,
        /// The cause.
        cause: u32,
        /// Its rule.
        rule: Rule,
    },
    /// A cause does not lower a session any more.
    Unduck {
        /// The session.
        session: u32,
        /// The cause.
        cause: u32,
    },
    /// Other depths, another length.
    Configure(Config),
    /// So many blocks.
    Blocks(u32),
    /// The gains as they are.
    Gains,
}

/// The gains of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// The session.
    pub session: u32,
    /// In Q8.8 dB: one for each block, or the present one.
    pub db_q8_8: Vec<i32>,
}

/// Observations of the contract `ducking`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// Each session's gains, in the order of numbers.
    Gains(Vec<Track>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Ducking {
    const NAME: &'static str = "ducking";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let config = if source.one_in(2) { Config::default() } else { draw_config(source) };
        // Some cases crowd towards one bound; the others mix everything.
        let draw = match source.below(12) {
            0 => draw_crowd,
            1 => draw_causes,
            _ => draw_op,
        };
        let first = source.below(4) as usize;
        let ops = (0..ops).map(|place| if place < first { Op::Open(place as u32 + 1) } else { draw(source) });
        Case { config, ops: ops.collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        let lower = |number: u32, out: &mut Vec<Op>, make: &dyn Fn(u32) -> Op| {
            if number > 1 {
                out.extend([number / 2, number - 1].map(make));
            }
        };
        match *op {
            Op::Open(session) => lower(session, out, &Op::Open),
            Op::Close(session) => lower(session, out, &Op::Close),
            Op::Duck { session, cause, rule } => {
                lower(session, out, &|session| Op::Duck { session, cause, rule });
                lower(cause, out, &|cause| Op::Duck { session, cause, rule });
                if rule != Rule::DuckDb {
                    out.push(Op::Duck { session, cause, rule: Rule::DuckDb });
                }
            }
            Op::Unduck { session, cause } => {
                lower(session, out, &|session| Op::Unduck { session, cause });
                lower(cause, out, &|cause| Op::Unduck { session, cause });
            }
            Op::Configure(config) => simpler(&config, |config| out.push(Op::Configure(config))),
            Op::Blocks(count) => lower(count, out, &Op::Blocks),
            Op::Gains => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        simpler(config, |config| out.push(config));
    }
}

/// The default in each field by itself.
fn simpler(config: &Config, mut give: impl FnMut(Config)) {
    let plain = Config::default();
    for variant in [
        plain,
        Config { duck_db_q8_8: plain.duck_db_q8_8, ..*config },
        Config { duck_db_ui_q8_8: plain.duck_db_ui_q8_8, ..*config },
        Config { ramp_ms: plain.ramp_ms, ..*config },
    ] {
        if variant != *config {
            give(variant);
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(32) {
        0 | 1 => Op::Open(draw_number(source, 3)),
        2 => Op::Close(draw_number(source, 3)),
        3..=11 => Op::Duck { session: draw_number(source, 3), cause: draw_cause(source, 3), rule: draw_rule(source) },
        12..=17 => Op::Unduck { session: draw_number(source, 3), cause: draw_cause(source, 3) },
        18 | 19 => Op::Configure(draw_config(source)),
        20..=29 => Op::Blocks(draw_blocks(source)),
        _ => Op::Gains,
    }
}

/// Many sessions.
fn draw_crowd(source: &mut dyn Entropy) -> Op {
    if source.one_in(6) { draw_op(source) } else { Op::Open(draw_number(source, 60)) }
}

/// Many causes of one session.
fn draw_causes(source: &mut dyn Entropy) -> Op {
    match source.below(16) {
        0 => draw_op(source),
        1 => Op::Open(1),
        2 => Op::Unduck { session: 1, cause: draw_cause(source, 60) },
        _ => Op::Duck { session: 1, cause: draw_cause(source, 60), rule: draw_rule(source) },
    }
}

fn draw_rule(source: &mut dyn Entropy) -> Rule {
    entropy::pick(source, Rule::ALL)
}

/// A session's number; now and then one that is none, or the largest.
fn draw_number(source: &mut dyn Entropy, numbers: u64) -> u32 {
    match source.below(48) {
        0 => 0,
        1 => u32::MAX,
        _ => source.below(numbers) as u32 + 1,
    }
}

/// A cause's number, which may be any.
fn draw_cause(source: &mut dyn Entropy, numbers: u64) -> u32 {
    if source.one_in(48) { u32::MAX } else { source.below(numbers) as u32 }
}

/// Mostly some blocks of a usual ramp, now and then far more, none, or too many.
fn draw_blocks(source: &mut dyn Entropy) -> u32 {
    match source.below(40) {
        0 => 0,
        1 => DUCKING_BLOCKS_MAX + 1 + source.below(3) as u32,
        2 => u32::MAX,
        3 => 20 + source.below(100) as u32,
        _ => 1 + source.below(7) as u32,
    }
}

fn draw_config(source: &mut dyn Entropy) -> Config {
    let depth = |source: &mut dyn Entropy| match source.below(12) {
        0 => 0,
        1 => DUCKING_DB_Q8_8_MIN,
        2 => entropy::pick(source, [DUCKING_DB_Q8_8_MIN - 1, 1, i32::MIN, i32::MAX]),
        3..=6 => source.between(i64::from(DUCKING_DB_Q8_8_MIN), 0) as i32,
        _ => -256 * source.below(13) as i32,
    };
    let ramp_ms = match source.below(16) {
        0 => 0,
        1 => entropy::pick(source, [DUCKING_RAMP_MS_MAX + 1, u32::MAX]),
        2 => DUCKING_RAMP_MS_MAX,
        _ => source.below(120) as u32,
    };
    Config { duck_db_q8_8: depth(source), duck_db_ui_q8_8: depth(source), ramp_ms }
}
