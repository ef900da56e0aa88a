//! What the contracts of decoders have in common: a stream goes in by chunks, packets are pulled out.

use crate::ErrorCode;
use crate::devices::Blob;
use crate::generated::gif::{
    DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_LITERAL_BYTES, DECODE_MEMORY_BYTES_DEFAULT, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX,
};
use crate::machine::shorter;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a decoder may take and give. Each is from 1 to its bound; a decoder that is asked for more is not opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the stream, up to [`DECODE_INPUT_BYTES_MAX`].
    pub input_bytes: u32,
    /// Pixels of the picture, up to [`DECODE_PIXELS_MAX`].
    pub pixels: u32,
    /// Frames, up to [`DECODE_FRAMES_MAX`].
    pub frames: u32,
    /// Bytes of all frames since the start, up to [`DECODE_TOTAL_BYTES_MAX`].
    pub decoded_bytes: u64,
    /// Memory that the decoders of the client hold together, in bytes, up to [`crate::gif::DECODE_MEMORY_BYTES_MAX`].
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: DECODE_INPUT_BYTES_MAX,
            pixels: DECODE_PIXELS_MAX,
            frames: DECODE_FRAMES_MAX,
            decoded_bytes: DECODE_TOTAL_BYTES_MAX,
            memory_bytes: DECODE_MEMORY_BYTES_DEFAULT,
        }
    }
}

/// Operations on a decoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Further bytes of the stream.
    Feed(Blob),
    /// So many zero bytes of the stream; above [`DECODE_INPUT_BYTES_MAX`] one more is as good as any.
    FeedZeros(u32),
    /// No bytes follow.
    End,
    /// The size of the picture.
    Info,
    /// The next packet.
    Next,
    /// Back to the start of the stream.
    Rewind,
    /// Gives up.
    Cancel,
}

/// How long a frame is shown, in seconds, as the stream says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// Counter, 0 included.
    pub numerator: u32,
    /// What it counts: parts of a second, never 0.
    pub denominator: u32,
}

/// The bytes of a frame, as an observation tells them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pixels {
    /// As they are, up to [`DECODE_LITERAL_BYTES`].
    Bytes(Blob),
    /// Their SHA-256.
    Sha256(Blob),
}

impl Pixels {
    /// What is observed of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.len() <= DECODE_LITERAL_BYTES as usize {
            Self::Bytes(Blob(bytes.to_vec()))
        } else {
            Self::Sha256(Blob(Sha256::digest(bytes).to_vec()))
        }
    }
}

/// Observations of a decoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// The size of the picture.
    Info {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
    },
    /// More bytes are needed, or the end.
    NeedInput,
    /// A frame.
    Frame {
        /// Its number since the start, from 0.
        frame: u32,
        /// How long it is shown.
        delay: Delay,
        /// Its bytes.
        pixels: Pixels,
    },
    /// There are no more packets.
    Ended {
        /// Frames since the start.
        frames: u32,
        /// How often they are played; 0 is for ever.
        plays: u32,
    },
    /// Rejected with this code.
    Rejected(ErrorCode),
    /// What a header says of sound.
    Audio {
        /// Frames of samples per second, in Hz.
        rate_hz: u32,
        /// Samples of a frame.
        channels: u8,
    },
    /// Samples.
    Pcm {
        /// The number of their packet since the start, from 0.
        packet: u32,
        /// The samples, interleaved, 16 bits of the lower byte first.
        samples: Pixels,
    },
}

/// Simpler operations.
pub(crate) fn simplify(op: &Op, out: &mut Vec<Op>) {
    match op {
        Op::Feed(Blob(bytes)) => shorter(bytes, |bytes| out.push(Op::Feed(Blob(bytes)))),
        Op::FeedZeros(count) if *count > 0 => out.push(Op::FeedZeros(count / 2)),
        _ => {}
    }
}

/// Simpler limits.
pub(crate) fn simplify_limits(limits: &Limits, out: &mut Vec<Limits>) {
    let plain = Limits::default();
    let simpler = [
        plain.clone(),
        Limits { input_bytes: plain.input_bytes, ..limits.clone() },
        Limits { pixels: plain.pixels, ..limits.clone() },
        Limits { frames: plain.frames, ..limits.clone() },
        Limits { decoded_bytes: plain.decoded_bytes, ..limits.clone() },
        Limits { memory_bytes: plain.memory_bytes, ..limits.clone() },
    ];
    for simpler in simpler {
        if simpler != *limits && !out.contains(&simpler) {
            out.push(simpler);
        }
    }
}

/// A whole stream in one chunk, all its packets and what follows them.
pub fn whole(stream: &[u8], packets: usize) -> Vec<Op> {
    let mut ops = vec![Op::Feed(Blob(stream.to_vec())), Op::End, Op::Info];
    ops.extend((0..=packets).map(|_| Op::Next));
    ops
}

/// How a drawn case uses a stream: in chunks or whole, pulled along the way or at the end, with a rewind, a cancel or more bytes.
pub(crate) fn draw_use(source: &mut dyn crate::Entropy, stream: &[u8], packets: usize, most: usize) -> Vec<Op> {
    let mut ops = Vec::new();
    let chunks = if source.one_in(3) { source.between(2, 5) as usize } else { 1 };
    let mut rest = stream;
    for left in (0..chunks).rev() {
        let take = if left == 0 { rest.len() } else { source.below(rest.len() as u64 + 1) as usize };
        let (chunk, behind) = rest.split_at(take);
        rest = behind;
        ops.push(Op::Feed(Blob(chunk.to_vec())));
        if left > 0 && source.one_in(2) {
            ops.push(if source.one_in(3) { Op::Info } else { Op::Next });
        }
    }
    if source.one_in(8) {
        ops.push(Op::Next);
    }
    if !source.one_in(6) {
        ops.push(Op::End);
    }
    if source.one_in(8) {
        ops.push(if source.one_in(2) { Op::Feed(Blob(vec![0])) } else { Op::FeedZeros(source.below(5) as u32) });
    }
    if source.one_in(2) {
        ops.push(Op::Info);
    }
    let pulls = packets + 1 + usize::from(source.one_in(4));
    ops.extend((0..pulls).map(|_| Op::Next));
    if source.one_in(4) {
        ops.push(Op::Rewind);
        ops.extend((0..pulls).map(|_| Op::Next));
    }
    if source.one_in(10) {
        let place = source.below(ops.len() as u64 + 1) as usize;
        ops.insert(place, Op::Cancel);
        ops.push(if source.one_in(2) { Op::Cancel } else { Op::Rewind });
    }
    ops.truncate(most);
    ops
}

/// Limits that are mostly wide, and now and then near what a stream of this size needs.
pub(crate) fn draw_limits(source: &mut dyn crate::Entropy, stream: usize, pixels: u32, frames: u32) -> Limits {
    let mut limits = Limits::default();
    let near = |source: &mut dyn crate::Entropy, value: u64| (value + source.below(3)).saturating_sub(1);
    match source.below(24) {
        0 => limits.input_bytes = near(source, stream as u64) as u32,
        1 => limits.pixels = near(source, u64::from(pixels)) as u32,
        2 => limits.frames = near(source, u64::from(frames)) as u32,
        3 => limits.decoded_bytes = near(source, u64::from(pixels) * 4 * u64::from(frames)),
        4 => limits.memory_bytes = near(source, stream as u64 + u64::from(pixels) * 4),
        5 => limits.memory_bytes = near(source, stream as u64 + u64::from(pixels) * 8),
        6 => limits.memory_bytes = near(source, stream as u64),
        _ => {}
    }
    if source.one_in(40) {
        refuse(source, &mut limits);
    }
    limits
}

/// Asks for one above a bound.
pub(crate) fn refuse(source: &mut dyn crate::Entropy, limits: &mut Limits) {
    match source.below(5) {
        0 => limits.input_bytes = DECODE_INPUT_BYTES_MAX + 1,
        1 => limits.pixels = DECODE_PIXELS_MAX + 1,
        2 => limits.frames = DECODE_FRAMES_MAX + 1,
        3 => limits.decoded_bytes = DECODE_TOTAL_BYTES_MAX + 1,
        _ => limits.memory_bytes = crate::gif::DECODE_MEMORY_BYTES_MAX + 1,
    }
}
