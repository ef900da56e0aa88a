//! The contract `decode-bounds`: every bound of the decoders, from both sides.

mod bomb;
pub mod boot;
mod picture;
mod sound;
mod table;

pub use crate::decode::Limits;
pub use crate::generated::decode_bounds::*;
use crate::media_types::CodecId;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
pub use bomb::{BOMBS, Bomb};
use serde::{Deserialize, Serialize};
pub use table::{Bound, ROWS, Row, row};

/// The contract `decode-bounds`.
#[derive(Clone, Debug)]
pub struct DecodeBounds;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// A format of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// WAV streams.
    Wav,
    /// Vorbis in Ogg.
    Ogg,
    /// GIF.
    Gif,
    /// PNG and APNG.
    Apng,
    /// JPEG, alone or in multipart bodies.
    Mjpeg,
    /// WAV files that are read in one piece.
    WavFile,
}

impl Format {
    /// Those that have a decoder behind the pull API.
    pub const PULLED: [Self; 5] = [Self::Wav, Self::Ogg, Self::Gif, Self::Apng, Self::Mjpeg];

    /// The codec, where packets are pulled.
    pub const fn codec(self) -> Option<CodecId> {
        match self {
            Self::Wav => Some(CodecId::Wav),
            Self::Ogg => Some(CodecId::Vorbis),
            Self::Gif => Some(CodecId::Gif),
            Self::Apng => Some(CodecId::Apng),
            Self::Mjpeg => Some(CodecId::Mjpeg),
            Self::WavFile => None,
        }
    }
}

/// Operations of the contract `decode-bounds`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Opens the stream of a row.
    Try {
        /// The format.
        format: Format,
        /// The bound.
        bound: Bound,
        /// How far beyond the bound: 0 and less are inside.
        offset: i8,
    },
    /// Opens a small stream that claims much.
    Bomb(Bomb),
    /// Opens so many bytes of a small right stream, and no more.
    Cut {
        /// The format.
        format: Format,
        /// The bytes that are left.
        bytes: u16,
    },
}

/// How far a stream is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The client is made.
    Open,
    /// The stream is fed.
    Feed,
    /// The header is asked for.
    Header,
    /// Packets are pulled.
    Packets,
}

/// What a header says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It was not asked.
    #[default]
    Nothing,
    /// A picture.
    Picture {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
    },
    /// Sound.
    Sound {
        /// Frames of samples per second, in Hz.
        rate_hz: u32,
        /// Samples of a frame.
        channels: u8,
    },
}

/// What was given of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What the header says.
    pub told: Told,
    /// Packets.
    pub packets: u32,
    /// [`sum`] of the bytes of all packets.
    pub sum: u64,
}

impl Default for Given {
    fn default() -> Self {
        Self { told: Told::Nothing, packets: 0, sum: SUM_OF_NOTHING }
    }
}

/// Observations of the contract `decode-bounds`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Nothing was wrong, as far as the row looks.
    Accepted(Given),
    /// Rejected.
    Rejected {
        /// Where.
        at: Stage,
        /// With this code.
        code: ErrorCode,
        /// What was given before.
        given: Given,
    },
    /// The table has no such row, bytes or offset.
    NoRow,
}

/// A stream of the table, and how it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The format.
    pub format: Format,
    /// The client's limits.
    pub limits: Limits,
    /// The stream, fed at once.
    pub stream: Vec<u8>,
    /// How far it is looked at.
    pub reach: Stage,
}

impl Trial {
    pub(super) fn new(format: Format, stream: Vec<u8>) -> Self {
        Self { format, limits: Limits::default(), stream, reach: Stage::Packets }
    }

    pub(super) fn header(format: Format, stream: Vec<u8>) -> Self {
        Self { reach: Stage::Header, ..Self::new(format, stream) }
    }

    pub(super) fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

/// [`sum`] of no bytes.
pub const SUM_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// Goes on with an FNV-1a of 64 bits over more bytes.
pub fn sum(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// What an operation opens; none where the table has no such row.
pub fn trial(op: &Op) -> Option<Trial> {
    match *op {
        Op::Try { format, bound, offset } => {
            let row = row(format, bound)?;
            if (row.first..=row.last).contains(&offset) { table::trial(format, bound, offset.into()) } else { None }
        }
        Op::Bomb(bomb) => Some(bomb.trial()),
        Op::Cut { format, bytes } => {
            let stream = small(format)?;
            Some(Trial::new(format, stream.get(..bytes.into())?.to_vec()))
        }
    }
}

/// A small right stream of three packets; of sound, of one.
pub fn small(format: Format) -> Option<Vec<u8>> {
    match format {
        Format::Wav => Some(sound::small_wav()),
        Format::Ogg => Some(sound::small_ogg()),
        Format::Gif => Some(picture::small_gif()),
        Format::Apng => Some(picture::small_apng()),
        Format::Mjpeg => Some(picture::small_mjpeg()),
        Format::WavFile => None,
    }
}

impl Contract for DecodeBounds {
    const NAME: &'static str = "decode-bounds";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        // Rows do not depend on each other; a few show that, and more cost time.
        let count = 1 + source.below(3) as usize;
        let ops = (0..count.min(ops)).map(|_| draw_op(source)).collect();
        Case { config: Config {}, ops }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match *op {
            Op::Try { format, bound, offset } if !(0..=1).contains(&offset) => {
                out.push(Op::Try { format, bound, offset: offset - offset.signum() });
            }
            Op::Cut { format, bytes } if bytes > 0 => {
                out.extend([bytes / 2, bytes - 1].map(|bytes| Op::Cut { format, bytes }));
            }
            _ => {}
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(8) {
        0 => {
            let format = entropy::pick(source, Format::PULLED);
            // The smallest streams are shorter: the table has no such bytes there.
            Op::Cut { format, bytes: source.below(300) as u16 }
        }
        1 => match BOMBS.get(source.below(BOMBS.len() as u64) as usize) {
            Some((bomb, false)) => Op::Bomb(*bomb),
            // One that takes long is in the domain of all of them.
            _ => Op::Bomb(Bomb::GifScreen),
        },
        _ => {
            let drawn = ROWS.get(source.below(ROWS.len() as u64) as usize).filter(|row| !row.heavy);
            let (format, bound, first, last) =
                drawn.map_or((Format::Gif, Bound::Width, -2, 2), |row| (row.format, row.bound, row.first, row.last));
            // Now and then an offset that the row does not have.
            let beyond = i64::from(source.one_in(20));
            let offset = source.between(first.into(), i64::from(last) + beyond);
            Op::Try { format, bound, offset: offset as i8 }
        }
    }
}
