//! The contract `tone`: the tone generator.

pub use crate::generated::tone::*;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `tone`.
#[derive(Clone, Debug)]
pub struct Tone;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `tone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Starts a tone.
    Play {
        /// Frequency in Hz, 1 to [`TONE_HZ_MAX`].
        hz: u32,
        /// Duration in milliseconds, 1 to [`TONE_MS_MAX`].
        ms: u32,
    },
    /// Takes exactly so many frames, 1 to [`TONE_PULL_FRAMES_MAX`]; silence where no tone plays.
    Pull(u32),
    /// The phase increment of a frequency.
    Increment(u32),
    /// Entries of the sine table from this index on, at most 512.
    Table(u32),
}

/// Observations of the contract `tone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The tone starts: it has so many frames.
    Playing(u64),
    /// Interleaved samples, and the frames that the tone still has.
    Pcm(#[serde(with = "crate::compact::samples")] Vec<i16>, u64),
    /// A phase increment.
    Increment(u32),
    /// Entries of the sine table.
    Table(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// Entries that one `Table` operation gives, at most.
pub const TABLE_SLICE: u32 = 512;

impl Contract for Tone {
    const NAME: &'static str = "tone";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops).map(|index| draw_op(source, index)).collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match *op {
            Op::Play { hz, ms } => {
                if ms > 1 {
                    out.extend([Op::Play { hz, ms: 1 }, Op::Play { hz, ms: ms / 2 }]);
                }
                if hz > 0 {
                    out.extend([Op::Play { hz: hz / 2, ms }, Op::Play { hz: hz - 1, ms }]);
                }
            }
            Op::Pull(frames) if frames > 1 => out.extend([Op::Pull(1), Op::Pull(frames / 2), Op::Pull(frames - 1)]),
            Op::Increment(hz) if hz > 0 => out.extend([Op::Increment(hz / 2), Op::Increment(hz - 1)]),
            Op::Table(index) if index > 0 => out.extend([Op::Table(0), Op::Table(index / 2)]),
            _ => {}
        }
    }
}

fn draw_op(source: &mut dyn Entropy, index: usize) -> Op {
    match source.below(12) {
        0..=2 => draw_play(source),
        _ if index == 0 => draw_play(source),
        3 => Op::Increment(draw_hz(source)),
        4 if source.one_in(3) => Op::Table(source.below(u64::from(TONE_TABLE_ENTRIES) + 2) as u32),
        _ => Op::Pull(match source.below(40) {
            0 => entropy::pick(source, [0, TONE_PULL_FRAMES_MAX, TONE_PULL_FRAMES_MAX + 1, u32::MAX]),
            1..=4 => source.between(1, 200) as u32,
            _ => source.between(1, 40) as u32,
        }),
    }
}

fn draw_play(source: &mut dyn Entropy) -> Op {
    let ms = match source.below(16) {
        0 => entropy::pick(source, [0, TONE_MS_MAX, TONE_MS_MAX + 1, u32::MAX]),
        1..=3 => source.between(1, i64::from(TONE_MS_MAX)) as u32,
        _ => source.between(1, 3) as u32,
    };
    Op::Play { hz: draw_hz(source), ms }
}

fn draw_hz(source: &mut dyn Entropy) -> u32 {
    match source.below(12) {
        0 => entropy::pick(source, [0, TONE_HZ_MAX, TONE_HZ_MAX + 1, u32::MAX, 1, 440]),
        1..=8 => source.between(1, i64::from(TONE_HZ_MAX)) as u32,
        _ => source.between(1, 2000) as u32,
    }
}
