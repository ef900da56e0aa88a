//! The rows of the table.

use super::{Format, Limits, Stage, Trial, picture, sound};
use crate::ErrorCode as E;
use crate::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use crate::wav::WAV_FILE_BYTES_MAX;
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A client's limit of input bytes, from above.
    InputLimit,
    /// A client's limit of pixels, from above.
    PixelsLimit,
    /// A client's limit of frames, from above.
    FramesLimit,
    /// A client's limit of decoded bytes, from above.
    TotalLimit,
    /// A client's limit of memory, from above.
    MemoryLimit,
    /// A client's limit of input bytes, from below.
    InputLeast,
    /// A client's limit of pixels, from below.
    PixelsLeast,
    /// A client's limit of frames, from below.
    FramesLeast,
    /// A client's limit of decoded bytes, from below.
    TotalLeast,
    /// A client's limit of memory, from below.
    MemoryLeast,
    /// The stream's length against its client's limit.
    Input,
    /// The stream's length against the bound of all streams.
    LongestInput,
    /// The length that a part of a body tells.
    ToldLength,
    /// A picture's width.
    Width,
    /// A picture's height.
    Height,
    /// A picture's pixels against its client's limit.
    Pixels,
    /// Frames against their client's limit.
    Frames,
    /// Frames that a header announces.
    ToldFrames,
    /// The bytes of all packets against their client's limit.
    Total,
    /// What a stream needs against its client's memory.
    Memory,
    /// The same of a frame whose coefficients are kept.
    CoefficientMemory,
    /// Pixels or bytes for each compressed byte.
    Expansion,
    /// An LZW code size, from above.
    CodeSize,
    /// An LZW code size, from below.
    LeastCodeSize,
    /// A frame's right edge.
    RightEdge,
    /// A frame's bottom edge.
    BottomEdge,
    /// A chunk's length.
    ChunkBytes,
    /// Entries of a palette.
    Palette,
    /// The window of zlib data.
    Window,
    /// Scans of a frame.
    Scans,
    /// Restart markers of a frame.
    Restarts,
    /// Blocks of a coded unit.
    Unit,
    /// Bytes of a boundary.
    Boundary,
    /// Bytes of a part's header.
    PartHeader,
    /// A sampling factor.
    Factor,
    /// A table's number.
    Table,
    /// The lowest bit from which a scan begins.
    Shift,
    /// Samples of a frame of sound.
    Channels,
    /// Frames of samples per second.
    Rate,
    /// Chunks.
    Chunks,
    /// Bytes of a fmt chunk, from below.
    FmtBytes,
    /// Bytes of a fmt chunk with the extensible tag, from below.
    ExtensibleBytes,
    /// Bytes that an extension tells, from below.
    ExtensionBytes,
    /// The longer block.
    LongBlock,
    /// The shorter block, from below.
    ShortBlock,
    /// Bytes of a packet.
    Packet,
    /// Bytes of a comment.
    Comment,
    /// Entries of a codebook.
    Entries,
    /// Dimensions of a codebook.
    Dimensions,
    /// Entries of all codebooks.
    SetupEntries,
    /// Scalars of all codebooks.
    SetupScalars,
    /// Bits of a codeword.
    Codeword,
    /// Points of a floor of type 1.
    FloorPoints,
    /// Bits of the amplitude of a floor of type 0.
    Amplitude,
}

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The format.
    pub format: Format,
    /// The bound.
    pub bound: Bound,
    /// The name of the bound's value in a contract's file.
    pub name: &'static str,
    /// The code beyond the bound.
    pub code: E,
    /// The smallest offset.
    pub first: i8,
    /// The largest offset.
    pub last: i8,
    /// Whether its streams are long, so that it is not drawn at random.
    pub heavy: bool,
}

impl Row {
    /// A row of the offsets that it mostly has.
    const fn new(format: Format, bound: Bound, name: &'static str, code: E) -> Self {
        Self { format, bound, name, code, first: -2, last: 2, heavy: false }
    }

    /// The same with other offsets.
    const fn from(self, first: i8, last: i8) -> Self {
        Self { first, last, ..self }
    }

    /// The same with long streams: the bound itself, and one beyond it.
    const fn heavy(self) -> Self {
        Self { first: 0, last: 1, heavy: true, ..self }
    }
}

/// The rows that each format behind the pull API has.
const fn pulled(format: Format) -> [Row; 14] {
    use Bound as B;
    [
        Row::new(format, B::InputLimit, "DECODE_INPUT_BYTES_MAX", E::OutOfRange),
        Row::new(format, B::PixelsLimit, "DECODE_PIXELS_MAX", E::OutOfRange),
        Row::new(format, B::FramesLimit, "DECODE_FRAMES_MAX", E::OutOfRange),
        Row::new(format, B::TotalLimit, "DECODE_TOTAL_BYTES_MAX", E::OutOfRange),
        Row::new(format, B::MemoryLimit, "DECODE_MEMORY_BYTES_MAX", E::OutOfRange),
        Row::new(format, B::InputLeast, "DECODE_INPUT_BYTES_MAX", E::OutOfRange).from(-2, 1),
        Row::new(format, B::PixelsLeast, "DECODE_PIXELS_MAX", E::OutOfRange).from(-2, 1),
        Row::new(format, B::FramesLeast, "DECODE_FRAMES_MAX", E::OutOfRange).from(-2, 1),
        Row::new(format, B::TotalLeast, "DECODE_TOTAL_BYTES_MAX", E::OutOfRange).from(-2, 1),
        Row::new(format, B::MemoryLeast, "DECODE_MEMORY_BYTES_MAX", E::OutOfRange).from(-2, 1),
        Row::new(format, B::Input, "DECODE_INPUT_BYTES_MAX", E::OversizedInput),
        Row::new(format, B::LongestInput, "DECODE_INPUT_BYTES_MAX", E::OversizedInput).heavy(),
        Row::new(format, B::Total, "DECODE_TOTAL_BYTES_MAX", E::DecodedTooLarge),
        Row::new(format, B::Memory, "DECODE_MEMORY_BYTES_MAX", E::DecodeMemoryExceeded),
    ]
}

/// The rows that each format of pictures has, with the name of its bound of expansion.
const fn pictures(format: Format, expansion: &'static str) -> [Row; 5] {
    use Bound as B;
    [
        Row::new(format, B::Width, "DECODE_SIDE_MAX", E::PictureTooLarge),
        Row::new(format, B::Height, "DECODE_SIDE_MAX", E::PictureTooLarge),
        Row::new(format, B::Pixels, "DECODE_PIXELS_MAX", E::PictureTooLarge),
        Row::new(format, B::Frames, "DECODE_FRAMES_MAX", E::TooManyFrames),
        Row::new(format, B::Expansion, expansion, E::ExpansionTooLarge),
    ]
}

/// The rows of a format alone.
const OWN: [Row; 39] = {
    use Bound as B;
    use Format as F;
    [
        Row::new(F::Gif, B::CodeSize, "GIF_CODE_SIZE_MAX", E::MalformedMedia),
        Row::new(F::Gif, B::LeastCodeSize, "GIF_CODE_SIZE_MIN", E::MalformedMedia),
        Row::new(F::Gif, B::RightEdge, "GIF-D2", E::MalformedMedia).from(-1, 2),
        Row::new(F::Gif, B::BottomEdge, "GIF-D2", E::MalformedMedia).from(-1, 2),
        Row::new(F::Apng, B::ToldFrames, "DECODE_FRAMES_MAX", E::TooManyFrames),
        Row::new(F::Apng, B::ChunkBytes, "APNG_CHUNK_BYTES_MAX", E::MalformedMedia),
        Row::new(F::Apng, B::Palette, "APNG_PALETTE_ENTRIES_MAX", E::MalformedMedia),
        Row::new(F::Apng, B::Window, "APNG_WINDOW_BITS_MAX", E::CorruptPixels).from(-2, 1),
        Row::new(F::Apng, B::RightEdge, "APNG-D3", E::MalformedMedia).from(-1, 2),
        Row::new(F::Apng, B::BottomEdge, "APNG-D3", E::MalformedMedia).from(-1, 2),
        Row::new(F::Mjpeg, B::ToldLength, "DECODE_INPUT_BYTES_MAX", E::OversizedInput),
        Row::new(F::Mjpeg, B::CoefficientMemory, "DECODE_MEMORY_BYTES_MAX", E::DecodeMemoryExceeded),
        Row::new(F::Mjpeg, B::Scans, "MJPEG_SCANS_MAX", E::TooManyScans),
        Row::new(F::Mjpeg, B::Restarts, "MJPEG_RESTARTS_MAX", E::TooManyRestarts).heavy(),
        Row::new(F::Mjpeg, B::Unit, "MJPEG_UNIT_BLOCKS_MAX", E::MalformedMedia),
        Row::new(F::Mjpeg, B::Boundary, "MJPEG_BOUNDARY_BYTES_MAX", E::MalformedMedia),
        Row::new(F::Mjpeg, B::PartHeader, "MJPEG_PART_HEADER_BYTES_MAX", E::PartHeaderTooLarge),
        Row::new(F::Mjpeg, B::Factor, "MJPEG_FACTOR_MAX", E::MalformedMedia),
        Row::new(F::Mjpeg, B::Table, "MJPEG_TABLE_MAX", E::MalformedMedia),
        Row::new(F::Mjpeg, B::Shift, "MJPEG_SHIFT_MAX", E::MalformedMedia),
        Row::new(F::Wav, B::Channels, "WAV_STREAM_CHANNELS_MAX", E::UnsupportedMedia),
        Row::new(F::Wav, B::Rate, "WAV_STREAM_RATE_HZ_MAX", E::UnsupportedMedia),
        Row::new(F::Wav, B::Chunks, "WAV_STREAM_CHUNKS_MAX", E::OversizedInput),
        Row::new(F::Wav, B::FmtBytes, "WAV_STREAM_FMT_BYTES", E::MalformedMedia),
        Row::new(F::Wav, B::ExtensibleBytes, "WAV_STREAM_EXTENSIBLE_BYTES", E::MalformedMedia),
        Row::new(F::Wav, B::ExtensionBytes, "WAV_STREAM_EXTENSION_BYTES", E::MalformedMedia),
        Row::new(F::Ogg, B::Channels, "VORBIS_CHANNELS_MAX", E::UnsupportedMedia),
        Row::new(F::Ogg, B::Rate, "VORBIS_RATE_HZ_MAX", E::UnsupportedMedia),
        Row::new(F::Ogg, B::LongBlock, "VORBIS_BLOCK_BITS_MAX", E::MalformedMedia),
        Row::new(F::Ogg, B::ShortBlock, "VORBIS_BLOCK_BITS_MIN", E::MalformedMedia),
        Row::new(F::Ogg, B::Packet, "VORBIS_PACKET_BYTES_MAX", E::OversizedInput).heavy(),
        Row::new(F::Ogg, B::Comment, "VORBIS_COMMENT_BYTES_MAX", E::OversizedInput).heavy(),
        Row::new(F::Ogg, B::Entries, "VORBIS_CODEBOOK_ENTRIES_MAX", E::OversizedInput).heavy(),
        Row::new(F::Ogg, B::Dimensions, "VORBIS_CODEBOOK_DIMENSIONS_MAX", E::OversizedInput),
        Row::new(F::Ogg, B::SetupEntries, "VORBIS_SETUP_ENTRIES_MAX", E::OversizedInput).heavy(),
        Row::new(F::Ogg, B::SetupScalars, "VORBIS_SETUP_SCALARS_MAX", E::OversizedInput).heavy(),
        Row::new(F::Ogg, B::Codeword, "VORBIS_CODEWORD_BITS_MAX", E::MalformedMedia),
        Row::new(F::Ogg, B::FloorPoints, "VORBIS_FLOOR1_POINTS_MAX", E::MalformedMedia),
        Row::new(F::Ogg, B::Amplitude, "VORBIS_FLOOR0_AMPLITUDE_BITS_MAX", E::OversizedInput),
    ]
};

/// The rows of files that are read in one piece.
const FILES: [Row; 2] = [
    Row::new(Format::WavFile, Bound::LongestInput, "WAV_FILE_BYTES_MAX", E::OversizedInput).heavy(),
    Row::new(Format::WavFile, Bound::Chunks, "WAV_CHUNKS_MAX", E::MalformedWav),
];

const COUNT: usize = 5 * 14 + 3 * 5 + OWN.len() + FILES.len();

/// Every row.
pub const ROWS: [Row; COUNT] = {
    let [wav, ogg] = [pulled(Format::Wav), pulled(Format::Ogg)];
    let [gif, apng, mjpeg] = [pulled(Format::Gif), pulled(Format::Apng), pulled(Format::Mjpeg)];
    let pictured = [
        pictures(Format::Gif, "GIF_EXPANSION_MAX"),
        pictures(Format::Apng, "APNG_EXPANSION_MAX"),
        pictures(Format::Mjpeg, "MJPEG_EXPANSION_MAX"),
    ];
    let [gifs, apngs, mjpegs] = &pictured;
    let parts: [&[Row]; 10] = [&wav, &ogg, &gif, &apng, &mjpeg, gifs, apngs, mjpegs, &OWN, &FILES];
    let mut rows = [FILES[0]; COUNT];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut place = 0;
        while place < parts[part].len() {
            rows[at] = parts[part][place];
            at += 1;
            place += 1;
        }
        part += 1;
    }
    assert!(at == COUNT);
    rows
};

/// The row of a bound in a format.
pub fn row(format: Format, bound: Bound) -> Option<&'static Row> {
    // A constant would be copied where it is named.
    static TABLE: [Row; COUNT] = ROWS;
    TABLE.iter().find(|row| row.format == format && row.bound == bound)
}

/// A bound with an offset.
pub(super) fn moved(bound: u64, offset: i64) -> u64 {
    bound.saturating_add_signed(offset)
}

/// The stream of a row.
pub(super) fn trial(format: Format, bound: Bound, offset: i64) -> Option<Trial> {
    if let Some(limits) = limits(bound, offset) {
        return Some(Trial { format, limits, stream: Vec::new(), reach: Stage::Open });
    }
    if bound == Bound::LongestInput {
        let (bound, reach) = match format {
            Format::WavFile => (WAV_FILE_BYTES_MAX, Stage::Packets),
            _ => (DECODE_INPUT_BYTES_MAX, Stage::Feed),
        };
        let stream = vec![0; moved(bound.into(), offset) as usize];
        return Some(Trial { format, limits: Limits::default(), stream, reach });
    }
    if bound == Bound::Input {
        let stream = super::small(format)?;
        let limits = Limits { input_bytes: moved(stream.len() as u64, -offset) as u32, ..Limits::default() };
        return Some(Trial::new(format, stream).within(limits));
    }
    match format {
        Format::Wav => sound::wav(bound, offset),
        Format::Ogg => sound::ogg(bound, offset),
        Format::Gif => picture::gif(bound, offset),
        Format::Apng => picture::apng(bound, offset),
        Format::Mjpeg => picture::mjpeg(bound, offset),
        Format::WavFile => sound::wav_file(bound, offset),
    }
}

/// What a client asks for, where a row is about that alone.
fn limits(bound: Bound, offset: i64) -> Option<Limits> {
    let plain = Limits::default();
    let (above, least) = (|bound: u64| moved(bound, offset), moved(1, -offset));
    Some(match bound {
        Bound::InputLimit => Limits { input_bytes: above(DECODE_INPUT_BYTES_MAX.into()) as u32, ..plain },
        Bound::PixelsLimit => Limits { pixels: above(DECODE_PIXELS_MAX.into()) as u32, ..plain },
        Bound::FramesLimit => Limits { frames: above(DECODE_FRAMES_MAX.into()) as u32, ..plain },
        Bound::TotalLimit => Limits { decoded_bytes: above(DECODE_TOTAL_BYTES_MAX), ..plain },
        Bound::MemoryLimit => Limits { memory_bytes: above(DECODE_MEMORY_BYTES_MAX), ..plain },
        Bound::InputLeast => Limits { input_bytes: least as u32, ..plain },
        Bound::PixelsLeast => Limits { pixels: least as u32, ..plain },
        Bound::FramesLeast => Limits { frames: least as u32, ..plain },
        Bound::TotalLeast => Limits { decoded_bytes: least, ..plain },
        Bound::MemoryLeast => Limits { memory_bytes: least, ..plain },
        _ => return None,
    })
}
