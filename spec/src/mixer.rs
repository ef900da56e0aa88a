//! The contract `mixer`.

pub use crate::generated::mixer::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy, gain, level};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `mixer`.
#[derive(Clone, Debug)]
pub struct Mixer;

/// How sums beyond 16 bits are brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// Transparent up to the knee, then a parabola up to the rail.
    #[default]
    Soft,
    /// Clamped.
    Saturate,
}

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The clip curve.
    #[serde(default)]
    pub curve: Curve,
}

/// What one stream gives to a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The stream.
    pub stream: u32,
    /// Its interleaved samples: at most the block's frames.
    #[serde(with = "crate::compact::samples")]
    pub pcm: Vec<i16>,
}

/// Operations of the contract `mixer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Opens a stream.
    Open,
    /// Closes a stream.
    Close(u32),
    /// Sets a stream's gain in Q8.8 dB.
    SetGain(u32, i32),
    /// Sets the master level in Q16.
    SetLevel(u32),
    /// Mutes or unmutes the master.
    Mute(bool),
    /// Mixes a block.
    Mix {
        /// Frames of the block.
        frames: u32,
        /// What the streams give; a stream that is not named gives silence.
        inputs: Vec<Input>,
    },
    /// The clip curve over `count` values from `first` on.
    Clip {
        /// First value.
        first: i32,
        /// Number of values.
        count: u32,
    },
}

/// A mixed block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixed {
    /// Interleaved samples.
    #[serde(with = "crate::compact::samples")]
    pub pcm: Vec<i16>,
    /// Samples that the clip curve altered.
    pub clipped: u32,
    /// Largest magnitude per channel, 0 to 32,768.
    pub peak: [u32; 2],
    /// Root of the mean square per channel, rounded down.
    pub rms: [u32; 2],
}

/// Observations of the contract `mixer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The id of the opened stream.
    Opened(u32),
    /// Done.
    Done,
    /// A mixed block.
    Mixed(Mixed),
    /// Clipped values.
    Clipped(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Mixer {
    const NAME: &'static str = "mixer";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;
    const PARTS: &'static [&'static str] = &["curve.soft", "curve.saturate"];

    fn needs(config: &Config) -> Option<&'static str> {
        Some(match config.curve {
            Curve::Soft => "curve.soft",
            Curve::Saturate => "curve.saturate",
        })
    }

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let config = Config { curve: if source.one_in(2) { Curve::Saturate } else { Curve::Soft } };
        let mut open = 0_u64;
        let mut drawn = Vec::with_capacity(ops);
        // Start with streams, because a mixer without streams says little.
        let first = if source.one_in(8) { MIXER_STREAMS_MAX as u64 } else { source.below(5) };
        for _ in 0..first.min(ops as u64) {
            open += 1;
            drawn.push(Op::Open);
        }
        while drawn.len() < ops {
            drawn.push(draw_op(source, &mut open));
        }
        Case { config, ops: drawn }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::SetGain(stream, db) => gain::simpler_db(*db, |db| out.push(Op::SetGain(*stream, db))),
            Op::SetLevel(level) if *level != level::LEVEL_UNITY_Q16 => {
                out.push(Op::SetLevel(level::LEVEL_UNITY_Q16));
                if *level > level::LEVEL_UNITY_Q16 + 1 {
                    out.push(Op::SetLevel(level::LEVEL_UNITY_Q16 + 1));
                }
            }
            Op::Mix { frames, inputs } => {
                for index in 0..inputs.len() {
                    let mut fewer = inputs.clone();
                    fewer.remove(index);
                    out.push(Op::Mix { frames: *frames, inputs: fewer });
                }
                if *frames > 1 {
                    for shorter_frames in [1, frames / 2, frames - 1] {
                        let mut cut = inputs.clone();
                        for input in &mut cut {
                            input.pcm.truncate(shorter_frames as usize * 2);
                        }
                        out.push(Op::Mix { frames: shorter_frames, inputs: cut });
                        let mut cut = inputs.clone();
                        for input in &mut cut {
                            let from = input.pcm.len().saturating_sub(shorter_frames as usize * 2) & !1;
                            input.pcm.drain(..from);
                        }
                        out.push(Op::Mix { frames: shorter_frames, inputs: cut });
                    }
                }
                for (index, input) in inputs.iter().enumerate() {
                    shorter(&input.pcm, |pcm| {
                        let mut plainer = inputs.clone();
                        plainer[index].pcm = pcm;
                        out.push(Op::Mix { frames: *frames, inputs: plainer });
                    });
                    if *frames <= 2 {
                        for (position, sample) in input.pcm.iter().enumerate().filter(|(_, sample)| **sample != 0) {
                            for smaller in [sample / 2, sample - sample.signum()] {
                                let mut plainer = inputs.clone();
                                plainer[index].pcm[position] = smaller;
                                out.push(Op::Mix { frames: *frames, inputs: plainer });
                            }
                        }
                    }
                }
            }
            Op::Clip { first, count } if *count > 1 => {
                let half = count / 2;
                out.push(Op::Clip { first: *first, count: half });
                out.push(Op::Clip { first: first.saturating_add_unsigned(half), count: count - half });
                out.push(Op::Clip { first: *first, count: 1 });
            }
            _ => {}
        }
    }
}

fn draw_op(source: &mut dyn Entropy, open: &mut u64) -> Op {
    let stream = |source: &mut dyn Entropy, open: u64| {
        if source.one_in(24) {
            entropy::pick(source, [MIXER_STREAMS_MAX, MIXER_STREAMS_MAX - 1, u32::MAX])
        } else {
            source.below(open) as u32
        }
    };
    match source.below(16) {
        0 => {
            *open = (*open + 1).min(u64::from(MIXER_STREAMS_MAX));
            Op::Open
        }
        1 if source.one_in(3) => Op::Close(stream(source, *open)),
        1..=3 => Op::SetGain(stream(source, *open), gain::draw_db(source)),
        4 | 5 => Op::SetLevel(match source.below(8) {
            0 => entropy::pick(source, [level::LEVEL_Q16_MAX + 1, u32::MAX]),
            1..=3 => entropy::pick(source, [0, 1, level::LEVEL_UNITY_Q16, level::LEVEL_UNITY_Q16, 32_768, 49_152]),
            _ => source.below(u64::from(level::LEVEL_Q16_MAX) + 1) as u32,
        }),
        6 => Op::Mute(!source.one_in(3)),
        7 if source.one_in(2) => {
            Op::Clip { first: source.between(-i64::from(CLIP_SUM_MAX) - 1, i64::from(CLIP_SUM_MAX)) as i32, count: source.below(6) as u32 }
        }
        7 => Op::Clip { first: source.between(-50_000, 50_000) as i32, count: source.below(6) as u32 },
        _ => draw_mix(source, *open),
    }
}

fn draw_mix(source: &mut dyn Entropy, open: u64) -> Op {
    let frames = match source.below(24) {
        0 => entropy::pick(source, [0, MIXER_BLOCK_FRAMES_MAX, MIXER_BLOCK_FRAMES_MAX + 1, u32::MAX]),
        1 => source.between(17, 40) as u32,
        _ => source.between(1, 9) as u32,
    };
    let taken = frames.min(MIXER_BLOCK_FRAMES_MAX + 1) as usize;
    let mut inputs: Vec<Input> = (0..open as u32)
        .filter_map(|stream| {
            if source.one_in(8) {
                return None;
            }
            let given = if source.one_in(6) { source.below(taken as u64 + 1) as usize } else { taken };
            Some(Input { stream, pcm: entropy::pcm(source, given) })
        })
        .collect();
    if source.one_in(40) {
        inputs.push(Input { stream: source.below(open + 1) as u32, pcm: entropy::pcm(source, 1) });
    }
    if source.one_in(40)
        && let Some(input) = inputs.first_mut()
    {
        input.pcm.push(1);
    }
    if open > 1 && source.one_in(3) {
        inputs.reverse();
    }
    Op::Mix { frames, inputs }
}
