//! The contract `media-types`: stable identifiers of media, and which codec a stream is.

use crate::bytes::Bytes;
use crate::devices::Blob;
pub use crate::generated::media_types::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `media-types`.
#[derive(Clone, Debug)]
pub struct MediaTypes;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// A codec, by its stable number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum CodecId {
    /// PCM in a WAV file.
    Wav = CODEC_ID_WAV,
    /// Vorbis in Ogg.
    Vorbis = CODEC_ID_VORBIS,
    /// GIF.
    Gif = CODEC_ID_GIF,
    /// PNG and APNG.
    Apng = CODEC_ID_APNG,
    /// JPEG, alone or in multipart bodies.
    Mjpeg = CODEC_ID_MJPEG,
}

/// How the pixels of a frame lie in memory, by its stable number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum PixelFormat {
    /// Blue, green, red, straight alpha.
    Bgra8888 = PIXEL_FORMAT_BGRA8888,
    /// Red, green, blue, straight alpha.
    Rgba8888 = PIXEL_FORMAT_RGBA8888,
    /// Red, green and blue multiplied by alpha, alpha.
    Rgba8888Premul = PIXEL_FORMAT_RGBA8888_PREMUL,
}

/// What the numbers of a pixel mean, by its stable number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum ColorSpace {
    /// sRGB.
    Srgb = COLOR_SPACE_SRGB,
    /// BT.601 of full range.
    Bt601Full = COLOR_SPACE_BT601_FULL,
    /// BT.709 of limited range.
    Bt709Limited = COLOR_SPACE_BT709_LIMITED,
}

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A codec.
    Codec,
    /// A sample format.
    Sample,
    /// A pixel format.
    Pixel,
    /// A colour space.
    Color,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Codec, Self::Sample, Self::Pixel, Self::Color];
}

/// Operations of the contract `media-types`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The name of a number.
    Name {
        /// What it names.
        kind: Kind,
        /// The number.
        number: u16,
    },
    /// The number of a name.
    Number {
        /// What it names.
        kind: Kind,
        /// The name.
        name: Bytes,
    },
    /// What the decoder of the codec of this number gives.
    Output(u16),
    /// Which codec a stream is that begins with these bytes.
    Probe(Blob),
}

/// Observations of the contract `media-types`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// A name.
    Name(String),
    /// A number.
    Number(u16),
    /// PCM.
    Pcm {
        /// The number of its sample format.
        sample: u16,
    },
    /// Frames.
    VideoFrame {
        /// The number of their pixel format.
        pixel: u16,
        /// The number of their colour space.
        color: u16,
    },
    /// More bytes are needed.
    NeedInput,
    /// Rejected with this code.
    Rejected(ErrorCode),
}

/// Names that are drawn: right ones of every kind, and wrong ones.
const NAMES: [&str; 20] = [
    "wav",
    "vorbis",
    "gif",
    "apng",
    "mjpeg",
    "s16le",
    "bgra8888",
    "rgba8888",
    "rgba8888_premul",
    "srgb",
    "bt601_full",
    "bt709_limited",
    "",
    "GIF",
    "png",
    "gif ",
    "s16",
    "bgra",
    "rgba8888_premu",
    "sRGB",
];

/// The shortest beginnings that are enough.
pub fn signatures() -> [Vec<u8>; 7] {
    let mut ogg = b"OggS".to_vec();
    ogg.resize(28, 0);
    ogg.extend_from_slice(b"\x01vorbis");
    [
        b"RIFF\x24\0\0\0WAVE".to_vec(),
        ogg,
        b"GIF87a".to_vec(),
        b"GIF89a".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"\xff\xd8\xff".to_vec(),
        b"--".to_vec(),
    ]
}

/// The beginning of a stream: mostly a right one, cut anywhere or with a byte of another value.
fn draw_start(source: &mut dyn Entropy) -> Vec<u8> {
    let all = signatures();
    let mut bytes = all.get(source.below(all.len() as u64) as usize).cloned().unwrap_or_default();
    for _ in 0..source.below(4) {
        bytes.push(source.bits() as u8);
    }
    if source.one_in(3) {
        let place = source.below(bytes.len() as u64) as usize;
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1 << source.below(8);
        }
    }
    if source.one_in(3) {
        bytes.truncate(source.below(bytes.len() as u64 + 1) as usize);
    }
    bytes
}

impl Contract for MediaTypes {
    const NAME: &'static str = "media-types";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let number = |source: &mut dyn Entropy| if source.one_in(8) { source.bits() as u16 } else { source.below(8) as u16 };
        let ops = (0..ops).map(|_| match source.below(6) {
            0 => Op::Name { kind: entropy::pick(source, Kind::ALL), number: number(source) },
            1 | 2 => Op::Number { kind: entropy::pick(source, Kind::ALL), name: entropy::pick(source, NAMES).into() },
            3 => Op::Output(number(source)),
            _ => Op::Probe(Blob(draw_start(source))),
        });
        Case { config: Config {}, ops: ops.collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Name { kind, number } if *number > 0 => out.push(Op::Name { kind: *kind, number: number / 2 }),
            Op::Output(number) if *number > 0 => out.push(Op::Output(number / 2)),
            // Shorter ones only: another letter is no simpler.
            Op::Number { kind, name } => shorter(&name.0, |less| {
                if less.len() < name.0.len() {
                    out.push(Op::Number { kind: *kind, name: Bytes(less) });
                }
            }),
            Op::Probe(Blob(bytes)) => shorter(bytes, |bytes| out.push(Op::Probe(Blob(bytes)))),
            Op::Name { .. } | Op::Output(_) => {}
        }
    }
}
