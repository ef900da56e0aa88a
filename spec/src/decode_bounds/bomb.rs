//! Small streams that claim much.

use super::picture::{block, restarts, scanned, small_mjpeg, zlib_bomb};
use super::sound::{endless, open_headers, short};
use super::{Format, Limits, Trial};
use crate::apng::{Chunk as PngChunk, Control, Form, bytes as png};
use crate::gif::{Animation, Extension, Image};
use crate::mjpeg::{Body, MJPEG_PART_HEADER_BYTES_MAX, Part};
use crate::vorbis::write::{BitWriter, Layout, Setup, page};
use crate::wav_stream::{Chunk, Fmt, WavFile};
use alloc::vec;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

macro_rules! bombs {
    ($($(#[doc = $doc:expr])+ $name:ident, $heavy:literal;)*) => {
        /// A small stream that claims much.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Bomb {
            $($(#[doc = $doc])+ $name,)*
        }

        /// Every bomb, and whether its stream is long, so that it is not drawn at random.
        pub const BOMBS: &[(Bomb, bool)] = &[$((Bomb::$name, $heavy)),*];
    };
}

bombs! {
    /// A GIF of 65,535 by 65,535 pixels.
    GifScreen, false;
    /// A frame of a pixel, then one of 10,000 pixels from a byte.
    GifImage, false;
    /// A frame behind thousands of comments of nothing.
    GifComments, false;
    /// LZW data that clear their table and never say a pixel.
    GifClears, false;
    /// More frames than a client takes, each of a byte of data.
    GifFrames, false;
    /// A picture of two bytes, and a megabyte of zeros behind them from 6,656 bytes of zlib data.
    ZlibZeros, false;
    /// A picture of 8,192 by 8,192 pixels of 16 bits from 16 bytes of zlib data.
    ZlibPicture, false;
    /// An animation of 2^32 - 1 frames.
    ApngFrames, false;
    /// A chunk of 2^31 - 1 bytes that never ends, behind a right picture's header.
    ApngChunk, false;
    /// A picture behind a thousand empty chunks.
    ApngChunks, false;
    /// A JPEG with 65,535 restart markers.
    JpegRestarts, true;
    /// A JPEG of 65,535 by 65,535 pixels.
    JpegScreen, false;
    /// A JPEG of one block in 140 scans.
    JpegScans, false;
    /// A part without an end, behind one that has its.
    MjpegPart, false;
    /// A part whose header never ends.
    MjpegHeader, false;
    /// A part that tells a length of twenty digits.
    MjpegLength, false;
    /// A codebook of 2^24 - 1 entries.
    VorbisCodebook, false;
    /// A codebook of 65,535 dimensions.
    VorbisDimensions, false;
    /// Headers, and hundreds of pages of other streams.
    VorbisPages, false;
    /// Packets of no bytes, as many as a page holds.
    VorbisPackets, false;
    /// A packet that goes on and on.
    VorbisEndless, true;
    /// Thousands of chunks of nothing.
    WavChunks, false;
    /// Two frames of samples that claim to be 2^32 - 1 bytes.
    WavSamples, false;
    /// 65,535 channels of 32 bits at 2^32 - 1 Hz.
    WavChannels, false;
}

const COLORS: [[u8; 3]; 2] = [[1, 2, 3], [250, 240, 230]];
const GREY: Form = Form { width: 1, height: 1, depth: 8, color: 0, interlaced: false };

fn dot() -> Image {
    Image::new(1, 1, 2, &[1])
}

fn body(parts: Vec<Part>, last: &[u8]) -> Vec<u8> {
    Body { parts, last: last.to_vec(), ..Body::new(&[], false) }.bytes()
}

/// Headers whose setup ends behind the first book's numbers.
fn codebook(dimensions: u64, entries: u64) -> Vec<u8> {
    let mut out = BitWriter::header(5);
    out.write(0, 8);
    out.write(0x56_4342, 24);
    out.write(dimensions, 16);
    out.write(entries, 24);
    // Ordered, all of one length.
    out.flag(true);
    out.write(23, 5);
    out.write(entries, 24);
    let (identification, comment, setup) = (short().identification(), Setup::comment(), out.into_bytes());
    crate::vorbis::write::file([&identification, &comment, &setup], &[], Layout::PLAIN)
}

impl Bomb {
    /// Its format.
    pub const fn format(self) -> Format {
        match self {
            Self::GifScreen | Self::GifImage | Self::GifComments | Self::GifClears | Self::GifFrames => Format::Gif,
            Self::ZlibZeros | Self::ZlibPicture | Self::ApngFrames | Self::ApngChunk | Self::ApngChunks => Format::Apng,
            Self::JpegRestarts | Self::JpegScreen | Self::JpegScans | Self::MjpegPart | Self::MjpegHeader | Self::MjpegLength => {
                Format::Mjpeg
            }
            Self::VorbisCodebook | Self::VorbisDimensions | Self::VorbisPages | Self::VorbisPackets | Self::VorbisEndless => Format::Ogg,
            Self::WavChunks | Self::WavSamples | Self::WavChannels => Format::Wav,
        }
    }

    /// Its stream, with the limits of a client that asks for nothing special; that of frames alone is low.
    pub(super) fn trial(self) -> Trial {
        let trial = Trial::new(self.format(), self.stream());
        match self {
            Self::GifFrames => trial.within(Limits { frames: 8, ..Limits::default() }),
            _ => trial,
        }
    }

    fn stream(self) -> Vec<u8> {
        let grey = |data: Vec<u8>| png(&[GREY.header(), PngChunk::new(b"IDAT", data), PngChunk::end()]);
        let right = || GREY.data(1, 1, &[7], &[0], crate::apng::Coding::Stored(u16::MAX));
        let mono = Fmt::pcm(1, 8_000, 16);
        match self {
            Self::GifScreen => Animation::new(u16::MAX, u16::MAX, &COLORS).with(Image { width: u16::MAX, ..dot() }).bytes(),
            Self::GifImage => {
                let claims = Image { data: vec![0x04], ..Image::new(100, 100, 2, &[]) };
                Animation::new(100, 100, &COLORS).with(dot()).with(claims).bytes()
            }
            Self::GifComments => {
                let comments = Extension::Raw([0x21, 0xfe, 0].repeat(2_000));
                Animation::new(1, 1, &COLORS).with(dot().after(comments)).bytes()
            }
            Self::GifClears => {
                // Codes of three bits that are all the clear code, 4: eight of them fill three bytes.
                let data = [0x24, 0x49, 0x92].repeat(1_000);
                Animation::new(1, 1, &COLORS).with(dot()).with(Image { data, ..dot() }).bytes()
            }
            Self::GifFrames => {
                let mut animation = Animation::new(1, 1, &COLORS);
                animation.images = vec![dot(); 300];
                animation.bytes()
            }
            Self::ZlibZeros => grey(zlib_bomb(4_096)),
            Self::ZlibPicture => {
                let form = Form { width: 8_192, height: 8_192, depth: 16, color: 6, ..GREY };
                png(&[form.header(), PngChunk::new(b"IDAT", vec![0x78; 16]), PngChunk::end()])
            }
            Self::ApngFrames => {
                let control = Control { width: 1, height: 1, ..Control::default() };
                let chunks = [PngChunk::animation(u32::MAX, 0), control.chunk(), PngChunk::new(b"IDAT", right())];
                png(&[&[GREY.header()], &chunks[..], &[PngChunk::end()]].concat())
            }
            Self::ApngChunk => [&png(&[GREY.header()]), &[0x7f, 0xff, 0xff, 0xff][..], b"teXt", &[b'a'; 200]].concat(),
            Self::ApngChunks => {
                let empty = vec![PngChunk::new(b"teXt", []); 1_000];
                png(&[&[GREY.header()], &empty[..], &[PngChunk::new(b"IDAT", right()), PngChunk::end()]].concat())
            }
            Self::JpegRestarts => restarts(65_535),
            Self::JpegScreen => {
                let mut stream = small_mjpeg();
                // The first frame's header: its height and width are the two numbers behind the precision.
                if let Some(at) = stream.windows(2).position(|two| two == [0xff, 0xc0])
                    && let Some(sides) = stream.get_mut(at + 5..at + 9)
                {
                    sides.fill(0xff);
                }
                stream
            }
            Self::JpegScans => scanned(140).bytes(),
            Self::MjpegPart => {
                let whole = Part::new(&block(1).bytes(), false);
                let mut open = whole.clone();
                // Its end marker is gone, and no delimiter follows.
                open.body.truncate(open.body.len() - 2);
                open.body.extend(vec![0x55; 8_192]);
                let mut stream = body(vec![whole, open], b"");
                stream.truncate(stream.len() - b"\r\n--frame".len());
                stream
            }
            Self::MjpegHeader => {
                let line = vec![b'x'; 2 * MJPEG_PART_HEADER_BYTES_MAX as usize];
                body(vec![Part { lines: vec![b"X:".to_vec(), line], body: Vec::new() }], b"")
            }
            Self::MjpegLength => {
                let lines = vec![b"Content-Type: image/jpeg".to_vec(), b"Content-Length: 99999999999999999999".to_vec()];
                body(vec![Part { lines, body: block(1).bytes() }], b"--")
            }
            Self::VorbisCodebook => codebook(1, (1 << 24) - 1),
            Self::VorbisDimensions => codebook(65_535, 2),
            Self::VorbisPages => {
                let mut stream = open_headers();
                (0..400).for_each(|number| stream.extend(page(2, 0, !Layout::PLAIN.serial, number, &[], &[])));
                stream
            }
            Self::VorbisPackets => {
                let mut stream = open_headers();
                stream.extend(page(4, 0, Layout::PLAIN.serial, 2, &[0; 255], &[]));
                stream
            }
            Self::VorbisEndless => endless(3),
            Self::WavChunks => {
                let mut file = WavFile::new(&mono, vec![1, 2]);
                file.chunks.splice(0..0, vec![Chunk::new(*b"JUNK", Vec::new()); 2_000]);
                file.bytes()
            }
            Self::WavSamples => {
                let mut file = WavFile::new(&mono, vec![1, 2, 3, 4]);
                file.chunks.iter_mut().filter(|chunk| chunk.name == *b"data").for_each(|data| data.claimed = Some(u32::MAX));
                file.bytes()
            }
            Self::WavChannels => {
                let fmt = Fmt { align: Some(u16::MAX), byte_rate: Some(u32::MAX), ..Fmt::pcm(u16::MAX, u32::MAX, 32) };
                WavFile { chunks: vec![fmt.chunk()], ..WavFile::new(&mono, Vec::new()) }.bytes()
            }
        }
    }
}
