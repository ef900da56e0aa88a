//! Numbers and names of identifiers, and which codec a stream is.

use crate::{DecodeError, Result};
use spec::ErrorCode;
pub use spec::format::SampleFormat;
pub use spec::media_types::{CodecId, ColorSpace, PixelFormat};
use spec::media_types::{PROBE_BYTES, SAMPLE_FORMAT_S16LE};

/// An identifier with a stable number and a stable name.
pub trait Identifier: Copy + Sized + 'static {
    /// Every identifier of its kind, by rising number.
    const ALL: &'static [Self];

    /// The stable number (MEDIA_TYPES-001).
    fn number(self) -> u16;

    /// The stable name (MEDIA_TYPES-001).
    fn name(self) -> &'static str;

    /// The identifier of that number (MEDIA_TYPES-001).
    ///
    /// # Errors
    /// `unknown_identifier` (MEDIA_TYPES-003).
    fn from_number(number: u16) -> Result<Self> {
        Self::ALL.iter().copied().find(|identifier| identifier.number() == number).ok_or_else(|| {
            let last = Self::ALL.last().map_or(0, |last| u64::from(last.number()));
            DecodeError::range(ErrorCode::UnknownIdentifier, "the identifier's number", (u64::from(number), 1, last), "use a known number")
        })
    }

    /// The identifier of that name, by its exact bytes (MEDIA_TYPES-002).
    ///
    /// # Errors
    /// `unknown_identifier` (MEDIA_TYPES-003).
    fn from_name(name: &[u8]) -> Result<Self> {
        let found = Self::ALL.iter().copied().find(|identifier| identifier.name().as_bytes() == name);
        found.ok_or(DecodeError::plain(ErrorCode::UnknownIdentifier, "no identifier has this name", "use a known name, in lower case"))
    }
}

impl Identifier for CodecId {
    const ALL: &'static [Self] = &[Self::Wav, Self::Vorbis, Self::Gif, Self::Apng, Self::Mjpeg];

    fn number(self) -> u16 {
        self as u16
    }

    fn name(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Vorbis => "vorbis",
            Self::Gif => "gif",
            Self::Apng => "apng",
            Self::Mjpeg => "mjpeg",
        }
    }
}

/// Of the engine's sample formats only what decoders give has a number.
impl Identifier for SampleFormat {
    const ALL: &'static [Self] = &[Self::S16le];

    fn number(self) -> u16 {
        if self == Self::S16le { SAMPLE_FORMAT_S16LE } else { 0 }
    }

    fn name(self) -> &'static str {
        if self == Self::S16le { "s16le" } else { "" }
    }
}

impl Identifier for PixelFormat {
    const ALL: &'static [Self] = &[Self::Bgra8888, Self::Rgba8888, Self::Rgba8888Premul];

    fn number(self) -> u16 {
        self as u16
    }

    fn name(self) -> &'static str {
        match self {
            Self::Bgra8888 => "bgra8888",
            Self::Rgba8888 => "rgba8888",
            Self::Rgba8888Premul => "rgba8888_premul",
        }
    }
}

impl Identifier for ColorSpace {
    const ALL: &'static [Self] = &[Self::Srgb, Self::Bt601Full, Self::Bt709Limited];

    fn number(self) -> u16 {
        self as u16
    }

    fn name(self) -> &'static str {
        match self {
            Self::Srgb => "srgb",
            Self::Bt601Full => "bt601_full",
            Self::Bt709Limited => "bt709_limited",
        }
    }
}

/// What a codec's decoder gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Samples of this format.
    Pcm(SampleFormat),
    /// Frames of these pixels in this colour space.
    VideoFrame(PixelFormat, ColorSpace),
}

/// What the codec's decoder gives (MEDIA_TYPES-004).
pub const fn output(codec: CodecId) -> Output {
    match codec {
        CodecId::Wav | CodecId::Vorbis => Output::Pcm(SampleFormat::S16le),
        CodecId::Gif | CodecId::Apng | CodecId::Mjpeg => Output::VideoFrame(PixelFormat::Bgra8888, ColorSpace::Srgb),
    }
}

/// A piece of a signature: where it begins, and its bytes.
type Piece = (usize, &'static [u8]);

const SIGNATURES: [(CodecId, &[Piece]); 7] = [
    (CodecId::Wav, &[(0, b"RIFF"), (8, b"WAVE")]),
    (CodecId::Vorbis, &[(0, b"OggS"), (28, b"\x01vorbis")]),
    (CodecId::Gif, &[(0, b"GIF87a")]),
    (CodecId::Gif, &[(0, b"GIF89a")]),
    (CodecId::Apng, &[(0, b"\x89PNG\r\n\x1a\n")]),
    (CodecId::Mjpeg, &[(0, b"\xff\xd8\xff")]),
    (CodecId::Mjpeg, &[(0, b"--")]),
];

/// Which codec a stream is, from its first bytes; none while more of them are needed (MEDIA_TYPES-005).
///
/// # Errors
/// `unknown_media` as soon as the bytes can't be those of a codec (MEDIA_TYPES-006).
pub fn probe(bytes: &[u8]) -> Result<Option<CodecId>> {
    let bytes = bytes.get(..PROBE_BYTES as usize).unwrap_or(bytes);
    let mut possible = false;
    for (codec, pieces) in SIGNATURES {
        let begins =
            pieces.iter().all(|(start, piece)| bytes.get(*start..).is_none_or(|rest| rest.iter().zip(*piece).all(|(a, b)| a == b)));
        if begins {
            let whole = pieces.last().is_some_and(|(start, piece)| start.saturating_add(piece.len()) <= bytes.len());
            if whole {
                return Ok(Some(codec));
            }
            possible = true;
        }
    }
    let advice = "give a WAV, Ogg Vorbis, GIF, PNG or JPEG stream from its first byte";
    if possible { Ok(None) } else { Err(DecodeError::plain(ErrorCode::UnknownMedia, "the stream begins like that of no codec", advice)) }
}
