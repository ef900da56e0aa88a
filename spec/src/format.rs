//! The contract `format`: the engine's sample format and its units.

pub use crate::generated::format::*;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `format`.
#[derive(Clone, Debug)]
pub struct Format;

/// Sample formats, by stable names. The engine takes the first; the others exist so that a rejection can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleFormat {
    /// Signed 16-bit, little-endian.
    S16le,
    /// Unsigned 8-bit.
    U8,
    /// Signed 24-bit in three bytes, little-endian.
    S24le,
    /// Signed 32-bit, little-endian.
    S32le,
    /// IEEE 754 single precision, little-endian.
    F32le,
}

/// A stream's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioFormat {
    /// Frames per second, in Hz.
    pub rate_hz: u32,
    /// Channels per frame.
    pub channels: u16,
    /// Type of a sample.
    pub sample: SampleFormat,
}

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `format`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The engine's format and block.
    Default,
    /// Is this format accepted?
    Check(AudioFormat),
    /// Bytes of so many frames.
    FramesToBytes(u64),
    /// Frames of so many bytes.
    BytesToFrames(u64),
    /// Frames of so many milliseconds.
    MsToFrames(u32),
    /// Whole milliseconds of so many frames.
    FramesToMs(u64),
    /// Blocks that so many milliseconds take.
    MsToBlocks(u32),
    /// Interleaved samples of these bytes.
    Decode(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// Bytes of these interleaved samples.
    Encode(#[serde(with = "crate::compact::samples")] Vec<i16>),
}

/// Observations of the contract `format`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The engine's format and block.
    Format {
        /// The format.
        format: AudioFormat,
        /// Frames per block.
        block_frames: u32,
        /// Bytes per block.
        block_bytes: u32,
        /// Milliseconds per block.
        block_ms: u32,
    },
    /// The format is accepted.
    Accepted,
    /// A converted number.
    Number(u64),
    /// Samples.
    Pcm(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Bytes.
    Bytes(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// Rejected with this code.
    Rejected(ErrorCode),
}

/// The format of the engine.
pub const ENGINE_FORMAT: AudioFormat = AudioFormat { rate_hz: SAMPLE_RATE_HZ, channels: CHANNELS, sample: SampleFormat::S16le };

impl Contract for Format {
    const NAME: &'static str = "format";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops).map(|_| draw_op(source)).collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::FramesToBytes(n) if *n > 0 => out.extend([Op::FramesToBytes(n / 2), Op::FramesToBytes(n - 1)]),
            Op::BytesToFrames(n) if *n > 0 => out.extend([Op::BytesToFrames(n / 2), Op::BytesToFrames(n - 1)]),
            Op::MsToFrames(n) if *n > 0 => out.extend([Op::MsToFrames(n / 2), Op::MsToFrames(n - 1)]),
            Op::FramesToMs(n) if *n > 0 => out.extend([Op::FramesToMs(n / 2), Op::FramesToMs(n - 1)]),
            Op::MsToBlocks(n) if *n > 0 => out.extend([Op::MsToBlocks(n / 2), Op::MsToBlocks(n - 1)]),
            Op::Decode(bytes) => crate::machine::shorter(bytes, |bytes| out.push(Op::Decode(bytes))),
            Op::Encode(pcm) => crate::machine::shorter(pcm, |pcm| out.push(Op::Encode(pcm))),
            _ => {}
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(9) {
        0 => Op::Default,
        1 => Op::Check(AudioFormat {
            rate_hz: entropy::pick(source, [SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, 44_100, 0, SAMPLE_RATE_HZ + 1, u32::MAX]),
            channels: entropy::pick(source, [CHANNELS, CHANNELS, 1, 0, 3, u16::MAX]),
            sample: entropy::pick(
                source,
                [SampleFormat::S16le, SampleFormat::S16le, SampleFormat::U8, SampleFormat::S24le, SampleFormat::S32le, SampleFormat::F32le],
            ),
        }),
        2 => Op::FramesToBytes(draw_count(source)),
        3 => Op::BytesToFrames(match source.below(4) {
            0 => (FORMAT_FRAMES_MAX * u64::from(BYTES_PER_FRAME)).wrapping_add_signed(source.between(-8, 8)),
            1 => source.below(64),
            2 => source.bits(),
            _ => source.below(1 << 24) * 4,
        }),
        4 => Op::MsToFrames(source.bits() as u32 >> source.below(32)),
        5 => Op::FramesToMs(draw_count(source)),
        6 => Op::MsToBlocks(source.bits() as u32 >> source.below(32)),
        7 => {
            let len = source.below(40) as usize;
            let whole = if source.one_in(3) { len } else { len * 4 };
            Op::Decode((0..whole).map(|_| source.bits() as u8).collect())
        }
        _ => {
            let frames = source.below(24) as usize;
            let mut pcm = entropy::pcm(source, frames);
            if source.one_in(6) {
                pcm.push(1);
            }
            Op::Encode(pcm)
        }
    }
}

fn draw_count(source: &mut dyn Entropy) -> u64 {
    match source.below(4) {
        0 => FORMAT_FRAMES_MAX.wrapping_add_signed(source.between(-2, 2)),
        1 => source.below(1000),
        2 => source.bits(),
        _ => source.bits() >> 20,
    }
}
