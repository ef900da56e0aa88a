//! The contract `ring`: the ring buffer between one client and the mixer.

pub use crate::generated::ring::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `ring`.
#[derive(Clone, Debug)]
pub struct Ring;

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Capacity in frames: the engine's is [`RING_FRAMES`]; tests ask for smaller ones to meet the wrap more often.
    pub capacity_frames: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { capacity_frames: RING_FRAMES }
    }
}

/// Operations of the contract `ring`. PCM is interleaved stereo, two samples per frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The client offers these samples.
    Write(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Reads at most so many frames.
    Read(u32),
    /// The mixer takes exactly so many frames, silence where there are none.
    Pull(u32),
    /// The stream pauses.
    Pause,
    /// The stream goes on.
    Resume,
    /// The client writes this over the shared write counter.
    ForgeWriteIndex(u64),
    /// The client writes this over the shared read counter.
    ForgeReadIndex(u64),
    /// The counters.
    Stats,
    /// The layout of the shared memory.
    Layout,
}

/// Observations of the contract `ring`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// So many frames were taken.
    Wrote(u32),
    /// The samples that were read or pulled.
    Pcm(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Done.
    Done,
    /// The counters.
    Stats(Stats),
    /// The layout of the shared memory.
    Layout(Layout),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// The counters of a ring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    /// Frames that the producer has written, by its own counter.
    pub written: u64,
    /// Frames that the consumer has read: the position.
    pub read: u64,
    /// Frames that the consumer can read now, by the shared write counter; 0 once faulted.
    pub fill: u32,
    /// Short pulls.
    pub underrun_events: u64,
    /// Frames that short pulls missed.
    pub missing_frames: u64,
    /// Whether the stream is paused.
    pub paused: bool,
    /// Whether the stream has faulted.
    pub faulted: bool,
}

/// The layout of the shared memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Offset of the write counter.
    pub write_index: u32,
    /// Offset of the read counter.
    pub read_index: u32,
    /// Offset of the PCM.
    pub pcm: u32,
    /// Size of the whole.
    pub bytes: u32,
}

impl Contract for Ring {
    const NAME: &'static str = "ring";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let capacity_frames = match source.below(16) {
            0 => RING_FRAMES,
            1 => source.between(1, 3) as u32,
            2 => entropy::pick(source, [0, RING_CAPACITY_FRAMES_MAX + 1, u32::MAX, RING_CAPACITY_FRAMES_MAX]),
            _ => source.between(2, 24) as u32,
        };
        // The counters are followed roughly, so that forged ones land near the edges that matter.
        let mut written = 0_u64;
        let mut next = 1_i16;
        let hostile = source.one_in(4);
        let scale = u64::from(capacity_frames.clamp(1, RING_FRAMES));
        let ops = (0..ops).map(|_| draw_op(source, scale, hostile, &mut written, &mut next)).collect();
        Case { config: Config { capacity_frames }, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Write(pcm) => shorter(pcm, |pcm| out.push(Op::Write(pcm))),
            Op::Read(n) if *n > 0 => out.extend([Op::Read(n / 2), Op::Read(n - 1)]),
            Op::Pull(n) if *n > 1 => out.extend([Op::Pull(1), Op::Pull(n / 2), Op::Pull(n - 1)]),
            Op::ForgeWriteIndex(n) if *n > 0 => out.extend([Op::ForgeWriteIndex(n / 2), Op::ForgeWriteIndex(n - 1)]),
            Op::ForgeReadIndex(n) if *n > 0 => out.extend([Op::ForgeReadIndex(n / 2), Op::ForgeReadIndex(n - 1)]),
            _ => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        if config.capacity_frames > 1 {
            for capacity_frames in [1, 2, config.capacity_frames / 2, config.capacity_frames - 1] {
                if capacity_frames < config.capacity_frames {
                    out.push(Config { capacity_frames });
                }
            }
        }
    }
}

fn draw_op(source: &mut dyn Entropy, scale: u64, hostile: bool, written: &mut u64, next: &mut i16) -> Op {
    match source.below(if hostile { 14 } else { 11 }) {
        0..=3 => {
            let frames = source.below(scale + scale / 2 + 2);
            *written += frames.min(scale);
            // Counted samples show loss, repetition and order at a glance.
            let mut pcm: Vec<i16> = (0..frames * 2)
                .map(|_| {
                    *next = next.wrapping_add(1);
                    *next
                })
                .collect();
            if source.one_in(32) {
                pcm.push(7);
            }
            Op::Write(pcm)
        }
        4..=5 => Op::Read(if source.one_in(64) {
            entropy::pick(source, [RING_READ_FRAMES_MAX, RING_READ_FRAMES_MAX + 1, u32::MAX])
        } else {
            source.below(scale + 2) as u32
        }),
        6..=7 => Op::Pull(match source.below(24) {
            0 => entropy::pick(source, [0, RING_PULL_FRAMES_MAX, RING_PULL_FRAMES_MAX + 1, u32::MAX]),
            _ => source.between(1, (scale as i64 + 1).min(i64::from(RING_PULL_FRAMES_MAX))) as u32,
        }),
        8 => {
            if source.one_in(2) {
                Op::Pause
            } else {
                Op::Resume
            }
        }
        9 => Op::Stats,
        10 => match source.below(6) {
            0 => Op::Layout,
            _ => Op::Stats,
        },
        11 => Op::ForgeReadIndex(forged(source, scale, *written)),
        12 => Op::ForgeWriteIndex(forged(source, scale, *written)),
        _ => Op::Resume,
    }
}

fn forged(source: &mut dyn Entropy, scale: u64, written: u64) -> u64 {
    match source.below(4) {
        0 => source.bits(),
        1 => entropy::pick(source, [0, u64::MAX, u64::MAX - 1, 1 << 63, 1 << 32]),
        _ => written.wrapping_add_signed(source.between(-2 * scale as i64, 2 * scale as i64)),
    }
}
