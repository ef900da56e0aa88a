//! WAV: chunks, PCM of 8 to 32 bits, and packets of a fixed number of frames.

use crate::puller::{Format, Found, Source};
use crate::reader::{Halt, Reader};
use crate::{DecodeError, Header, Puller, Sound};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::decode::Limits;
use spec::media_types::CodecId;
use spec::wav_stream::{
    PCM_SUB_FORMAT, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_EXTENSIBLE_BYTES, WAV_STREAM_EXTENSION_BYTES,
    WAV_STREAM_FMT_BYTES, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WAV_STREAM_SAMPLE_BYTES, WAV_STREAM_TAG_EXTENSIBLE,
    WAV_STREAM_TAG_PCM,
};

/// A decoder of WAV streams.
pub type WavStreamDecoder = Puller<Packets>;

/// What is known between two packets.
#[derive(Debug, Default)]
pub struct Packets {
    chunks: Chunks,
    data: Option<Data>,
    /// Frames that were given.
    frames: usize,
    /// Bytes of all samples that were given, and the most that there may be.
    given: u64,
    decoded_bytes_max: u64,
    samples: Vec<i16>,
}

/// A place between chunks.
#[derive(Clone, Copy, Debug, Default)]
struct Chunks {
    /// Where the next chunk begins; 0 before the stream's start was read.
    at: usize,
    visited: u32,
    fmt: Option<Fmt>,
}

/// What the fmt chunk says.
#[derive(Clone, Copy, Debug)]
struct Fmt {
    sound: Sound,
    width: Width,
}

/// Bytes of a sample.
#[derive(Clone, Copy, Debug)]
enum Width {
    One,
    Two,
    Three,
    Four,
}

/// The data chunk, behind its fmt chunk.
#[derive(Clone, Copy, Debug)]
struct Data {
    fmt: Fmt,
    /// Where its content begins.
    at: usize,
    /// The length that it claims, in bytes.
    length: usize,
}

fn malformed(what: &'static str, at: usize) -> Halt {
    DecodeError::plain(ErrorCode::MalformedMedia, what, "write the stream as its format says").at(at).into()
}

fn unsupported(what: &'static str, at: usize) -> Halt {
    DecodeError::plain(ErrorCode::UnsupportedMedia, what, "convert it to PCM of 8, 16, 24 or 32 bits").at(at).into()
}

/// A number from 1 to its bound.
fn check_bound(what: &'static str, none: &'static str, value: u32, most: u32, at: usize) -> Result<(), Halt> {
    if value == 0 {
        return Err(malformed(none, at));
    }
    if value <= most {
        return Ok(());
    }
    let range = (value.into(), 1, most.into());
    Err(DecodeError::range(ErrorCode::UnsupportedMedia, what, range, "convert the stream").at(at).into())
}

impl Width {
    const fn of_bits(bits: u16) -> Option<Self> {
        match bits {
            8 => Some(Self::One),
            16 => Some(Self::Two),
            24 => Some(Self::Three),
            32 => Some(Self::Four),
            _ => None,
        }
    }

    const fn bytes(self) -> u16 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }

    /// Appends the upper 16 bits of each sample.
    fn append(self, bytes: &[u8], out: &mut Vec<i16>) {
        match self {
            // Turning the highest bit takes 128 from an unsigned byte.
            Self::One => out.extend(bytes.iter().map(|byte| i16::from_le_bytes([0, byte ^ 0x80]))),
            Self::Two => out.extend(bytes.as_chunks().0.iter().map(|&[low, high]| i16::from_le_bytes([low, high]))),
            Self::Three => out.extend(bytes.as_chunks().0.iter().map(|&[_, low, high]| i16::from_le_bytes([low, high]))),
            Self::Four => out.extend(bytes.as_chunks().0.iter().map(|&[_, _, low, high]| i16::from_le_bytes([low, high]))),
        }
    }
}

impl Fmt {
    fn frame_bytes(self) -> usize {
        // At most eight channels of four bytes.
        usize::from(self.width.bytes()).saturating_mul(self.sound.channels.into())
    }

    /// What a fmt chunk of that length says, of which the content begins here.
    fn read(reader: &mut Reader<'_>, length: usize) -> Result<Self, Halt> {
        let at = reader.at();
        if length < WAV_STREAM_FMT_BYTES as usize {
            return Err(malformed("a fmt chunk is too short", at));
        }
        let fields: [u8; WAV_STREAM_FMT_BYTES as usize] = reader.array()?;
        let [t0, t1, c0, c1, r0, r1, r2, r3, s0, s1, s2, s3, a0, a1, b0, b1] = fields;
        let (tag, channels, rate_hz) = (u16::from_le_bytes([t0, t1]), u16::from_le_bytes([c0, c1]), u32::from_le_bytes([r0, r1, r2, r3]));
        let (byte_rate, align) = (u32::from_le_bytes([s0, s1, s2, s3]), u16::from_le_bytes([a0, a1]));
        let bits = u16::from_le_bytes([b0, b1]);
        if tag != WAV_STREAM_TAG_PCM && tag != WAV_STREAM_TAG_EXTENSIBLE {
            return Err(unsupported("the stream's tag is not that of PCM", at));
        }
        check_bound("the number of channels", "the stream has no channels", channels.into(), WAV_STREAM_CHANNELS_MAX.into(), at)?;
        check_bound("the sample rate, in Hz,", "the stream has no sample rate", rate_hz, WAV_STREAM_RATE_HZ_MAX, at)?;
        let width = match Width::of_bits(bits) {
            Some(width) => width,
            None if bits == 0 => return Err(malformed("the stream's samples have no bits", at)),
            None => return Err(unsupported("the stream's samples have other than 8, 16, 24 or 32 bits", at)),
        };
        let frame = channels.saturating_mul(width.bytes());
        if align != frame || byte_rate != rate_hz.saturating_mul(frame.into()) {
            return Err(malformed("a fmt chunk contradicts itself", at));
        }
        if tag == WAV_STREAM_TAG_EXTENSIBLE {
            check_extension(reader, length, bits)?;
        }
        // The bound of the channels is below 256.
        let channels = u8::try_from(channels).map_err(|_| unsupported("the stream has too many channels", at))?;
        Ok(Self { sound: Sound { rate_hz, channels }, width })
    }
}

fn check_extension(reader: &mut Reader<'_>, length: usize, bits: u16) -> Result<(), Halt> {
    let at = reader.at();
    if length < WAV_STREAM_EXTENSIBLE_BYTES as usize {
        return Err(malformed("a fmt chunk is too short for its tag", at));
    }
    let [s0, s1, v0, v1, _, _, _, _] = reader.array()?;
    let sub_format: [u8; PCM_SUB_FORMAT.len()] = reader.array()?;
    let (size, valid) = (u16::from_le_bytes([s0, s1]), u16::from_le_bytes([v0, v1]));
    if size < WAV_STREAM_EXTENSION_BYTES || !(1..=bits).contains(&valid) {
        return Err(malformed("the extension of a fmt chunk contradicts it", at));
    }
    if sub_format != PCM_SUB_FORMAT {
        return Err(unsupported("the stream's sub-format is not PCM", at));
    }
    Ok(())
}

impl Chunks {
    /// Goes on to the next fmt chunk, or to the data chunk.
    fn next(&mut self, bytes: &[u8]) -> Result<Option<Data>, Halt> {
        let mut reader = Reader::new(bytes, self.at);
        if self.at == 0 {
            let [r0, r1, r2, r3, _, _, _, _, w0, w1, w2, w3] = reader.array()?;
            if [r0, r1, r2, r3] != *b"RIFF" || [w0, w1, w2, w3] != *b"WAVE" {
                return Err(malformed("the stream does not begin with RIFF and WAVE", 0));
            }
            self.at = reader.at();
        }
        loop {
            let mut reader = Reader::new(bytes, self.at);
            let [n0, n1, n2, n3, l0, l1, l2, l3] = reader.array()?;
            if self.visited >= WAV_STREAM_CHUNKS_MAX {
                let range = (u64::from(self.visited).saturating_add(1), 1, WAV_STREAM_CHUNKS_MAX.into());
                let error =
                    DecodeError::range(ErrorCode::OversizedInput, "the number of chunks", range, "leave out those that are not sound");
                return Err(error.at(self.at).into());
            }
            let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
            let content = reader.at();
            let next = content.saturating_add(length).saturating_add(length % 2);
            let is_fmt = match &[n0, n1, n2, n3] {
                b"fmt " if self.fmt.is_some() => return Err(malformed("there is a second fmt chunk", self.at)),
                b"fmt " => {
                    self.fmt = Some(Fmt::read(&mut reader, length)?);
                    true
                }
                b"data" => {
                    let fmt = self.fmt.ok_or_else(|| malformed("the data come before their fmt chunk", self.at))?;
                    return Ok(Some(Data { fmt, at: content, length }));
                }
                _ => false,
            };
            (self.at, self.visited) = (next, self.visited.saturating_add(1));
            if is_fmt {
                return Ok(None);
            }
        }
    }
}

impl Format for Packets {
    const CODEC: CodecId = CodecId::Wav;

    fn new(limits: &Limits) -> Self {
        Self { decoded_bytes_max: limits.decoded_bytes, ..Self::default() }
    }

    fn info(bytes: &[u8]) -> Result<Header, Halt> {
        let mut chunks = Chunks::default();
        chunks.next(bytes)?;
        chunks.fmt.map(|fmt| Header::Sound(fmt.sound)).ok_or(Halt::NeedInput)
    }

    fn next(&mut self, source: &mut Source) -> Result<Found, Halt> {
        let data = loop {
            match self.data {
                Some(data) => break data,
                None => self.data = self.chunks.next(&source.bytes)?,
            }
        };
        let frame = data.fmt.frame_bytes();
        let there = source.bytes.len().saturating_sub(data.at).min(data.length);
        let whole = there == data.length;
        let left = there.checked_div(frame).unwrap_or(0).saturating_sub(self.frames);
        let most = WAV_STREAM_PACKET_FRAMES as usize;
        let frames = left.min(most);
        if frames == 0 || (frames < most && !whole && !source.ended) {
            return if whole { self.end(data) } else { Err(Halt::NeedInput) };
        }
        let given = u64::from(data.fmt.sound.channels).saturating_mul(WAV_STREAM_SAMPLE_BYTES.into());
        let total = self.given.saturating_add(given.saturating_mul(frames as u64));
        if total > self.decoded_bytes_max {
            let range = (total, 1, self.decoded_bytes_max);
            return Err(DecodeError::range(ErrorCode::DecodedTooLarge, "the bytes of all samples", range, "decode a shorter stream").into());
        }
        let packet = given.saturating_mul(WAV_STREAM_PACKET_FRAMES.into());
        source.charge(packet)?;
        let start = data.at.saturating_add(self.frames.saturating_mul(frame));
        let bytes = Reader::new(&source.bytes, start).take(frames.saturating_mul(frame))?;
        self.samples.clear();
        let room = most.saturating_mul(data.fmt.sound.channels.into());
        self.samples.try_reserve_exact(room).map_err(|_| crate::budget::out_of_memory(packet, 0))?;
        data.fmt.width.append(bytes, &mut self.samples);
        (self.frames, self.given) = (self.frames.saturating_add(frames), total);
        Ok(Found::Samples)
    }

    fn samples(&self) -> &[i16] {
        &self.samples
    }

    fn rewind(&mut self) {
        // What is not charged any more is not held.
        *self = Self { decoded_bytes_max: self.decoded_bytes_max, ..Self::default() };
    }
}

impl Packets {
    /// Behind the last frame of a whole data chunk.
    fn end(&self, data: Data) -> Result<Found, Halt> {
        match data.length.checked_rem(data.fmt.frame_bytes()) {
            Some(0) => Ok(Found::End(1)),
            _ => {
                let what = "the data chunk does not hold whole frames";
                Err(DecodeError::plain(ErrorCode::Misaligned, what, "write whole frames").at(data.at).into())
            }
        }
    }
}
