//! The contract `wav`: WAV files in and out.

pub use crate::generated::wav::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `wav`.
#[derive(Clone, Debug)]
pub struct Wav;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `wav`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Reads a file.
    Load(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// Writes a file of these interleaved samples.
    Save(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Opens a recording, dropping one that is open.
    Begin,
    /// Appends interleaved samples to the recording.
    Append(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// Ends the recording and gives its file.
    Finish,
}

/// Observations of the contract `wav`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Interleaved stereo samples.
    Pcm(#[serde(with = "crate::compact::samples")] Vec<i16>),
    /// A file.
    File(#[serde(with = "crate::compact::octets")] Vec<u8>),
    /// Done.
    Done,
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Wav {
    const NAME: &'static str = "wav";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let ops = (0..ops)
            .map(|_| match source.below(8) {
                0 => {
                    let pcm = draw_pcm(source);
                    Op::Save(pcm)
                }
                1 if source.one_in(2) => Op::Begin,
                1 => Op::Finish,
                2 | 3 => {
                    let pcm = draw_pcm(source);
                    Op::Append(pcm)
                }
                _ => Op::Load(draw_file(source)),
            })
            .collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Load(bytes) => shorter(bytes, |bytes| out.push(Op::Load(bytes))),
            Op::Save(pcm) => shorter(pcm, |pcm| out.push(Op::Save(pcm))),
            Op::Append(pcm) => shorter(pcm, |pcm| out.push(Op::Append(pcm))),
            Op::Begin | Op::Finish => {}
        }
    }
}

fn draw_pcm(source: &mut dyn Entropy) -> Vec<i16> {
    let frames = source.below(12) as usize;
    let mut pcm = entropy::pcm(source, frames);
    if source.one_in(16) {
        pcm.push(3);
    }
    pcm
}

/// A file: mostly a valid one, with chunks in any order and now and then one hostile field or a cut.
pub fn draw_file(source: &mut dyn Entropy) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend_from_slice(if source.one_in(24) { entropy::pick(source, [b"RIFX", b"riff", b"RF64"]) } else { b"RIFF" });
    let riff_size = source.bits() as u32;
    file.extend_from_slice(&riff_size.to_le_bytes());
    file.extend_from_slice(if source.one_in(24) { b"AVI " } else { b"WAVE" });
    draw_unknown_chunks(source, &mut file);
    if !source.one_in(24) {
        draw_fmt(source, &mut file);
    }
    if source.one_in(24) {
        draw_fmt(source, &mut file);
    }
    draw_unknown_chunks(source, &mut file);
    if !source.one_in(24) {
        let len = source.below(8) * 4 + if source.one_in(8) { source.below(4) } else { 0 };
        let claimed = if source.one_in(12) {
            entropy::pick(source, [u32::MAX, 0xffff_fffe, len as u32 + 1, len as u32 + 4, 1 << 31])
        } else {
            len as u32
        };
        file.extend_from_slice(b"data");
        file.extend_from_slice(&claimed.to_le_bytes());
        for _ in 0..len {
            file.push(source.bits() as u8);
        }
    }
    draw_unknown_chunks(source, &mut file);
    if source.one_in(10) {
        file.truncate(source.below(file.len() as u64 + 1) as usize);
    }
    file
}

fn draw_fmt(source: &mut dyn Entropy, file: &mut Vec<u8>) {
    let odd = |source: &mut dyn Entropy| source.one_in(20);
    let tag: u16 = if odd(source) { entropy::pick(source, [0, 2, 3, 0xfffe, 0xffff]) } else { WAV_TAG_PCM };
    let channels: u16 = if odd(source) { entropy::pick(source, [0, 3, 6, u16::MAX]) } else { entropy::pick(source, [2, 2, 1]) };
    let rate: u32 = if odd(source) { entropy::pick(source, [0, 44_100, 47_999, 96_000, u32::MAX]) } else { crate::format::SAMPLE_RATE_HZ };
    let bits: u16 = if odd(source) { entropy::pick(source, [0, 8, 15, 24, 32]) } else { WAV_BITS_PER_SAMPLE };
    let align = channels.wrapping_mul(bits / 8).wrapping_add(u16::from(odd(source)));
    let byte_rate = rate.wrapping_mul(u32::from(align)).wrapping_add(u32::from(odd(source)));
    let extra: u32 = if odd(source) { entropy::pick(source, [1, 2, 24]) } else { 0 };
    let short = odd(source);
    let claimed = if odd(source) {
        entropy::pick(source, [0, 15, 17, u32::MAX])
    } else if short {
        14
    } else {
        16 + extra
    };
    file.extend_from_slice(b"fmt ");
    file.extend_from_slice(&claimed.to_le_bytes());
    let start = file.len();
    file.extend_from_slice(&tag.to_le_bytes());
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&byte_rate.to_le_bytes());
    file.extend_from_slice(&align.to_le_bytes());
    file.extend_from_slice(&bits.to_le_bytes());
    if short {
        file.truncate(start + 14);
    }
    for _ in 0..extra + extra % 2 {
        file.push(source.bits() as u8);
    }
}

fn draw_unknown_chunks(source: &mut dyn Entropy, file: &mut Vec<u8>) {
    let count = if source.one_in(64) {
        source.between(60, 66)
    } else if source.one_in(3) {
        source.between(1, 2)
    } else {
        0
    };
    for _ in 0..count {
        let len = if count > 2 { 0 } else { source.below(6) as u32 };
        file.extend_from_slice(entropy::pick(source, [b"LIST", b"JUNK", b"fact", b"DATA", b"FMT "]));
        file.extend_from_slice(&len.to_le_bytes());
        for _ in 0..len + len % 2 {
            file.push(source.bits() as u8);
        }
    }
}
