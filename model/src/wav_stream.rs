//! The reference model of the contract `wav-stream`: the whole stream is read anew for each packet.

use crate::decode::{Reader, Stop};
use spec::decode::{Limits, Obs, Op, Pixels};
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::wav_stream::{
    WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNK_BYTES, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_EXTENSIBLE_BYTES, WAV_STREAM_EXTENSION_BYTES,
    WAV_STREAM_FMT_BYTES, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WAV_STREAM_SAMPLE_BYTES, WAV_STREAM_START_BYTES,
    WAV_STREAM_TAG_EXTENSIBLE, WAV_STREAM_TAG_PCM, WavStream,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `wav-stream`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WavStreamModel {
    limits: Limits,
    bytes: Vec<u8>,
    ended: bool,
    cancelled: bool,
    failed: Option<ErrorCode>,
    played: Played,
}

pub(crate) use WavStreamModel as Model;

/// What was played since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Played {
    packets: u32,
    frames: usize,
    samples: u64,
    /// Bytes that are charged for a packet.
    held: u64,
    /// The last packet's samples.
    packet: Vec<u8>,
}

/// What the fmt chunk says.
#[derive(Clone, Copy)]
struct Sound {
    rate_hz: u32,
    channels: u16,
    /// Bytes of a sample.
    width: u16,
}

/// Where the data chunk's content begins, and the length that it claims.
struct Data {
    at: usize,
    length: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Chunk by chunk up to the fmt chunk, and to the data chunk where that is wanted.
fn walk(stream: &[u8], to_data: bool) -> Result<(Sound, Option<Data>), Stop> {
    let mut reader = Reader { bytes: stream, at: 0 };
    let start = reader.take(WAV_STREAM_START_BYTES as usize)?;
    // WAV_STREAM-001
    if !start.starts_with(b"RIFF") || !start.ends_with(b"WAVE") {
        return Err(ErrorCode::MalformedMedia.into());
    }
    let mut found = None;
    let mut visited = 0;
    loop {
        let header = reader.take(WAV_STREAM_CHUNK_BYTES as usize)?;
        visited += 1;
        // WAV_STREAM-013
        if visited > WAV_STREAM_CHUNKS_MAX {
            return Err(ErrorCode::OversizedInput.into());
        }
        let (content, length) = (reader.at, u32_at(header, 4) as usize);
        match &header[..4] {
            // WAV_STREAM-010
            b"fmt " if found.is_some() => return Err(ErrorCode::MalformedMedia.into()),
            b"fmt " => {
                let sound = fmt(reader, length)?;
                if !to_data {
                    return Ok((sound, None));
                }
                found = Some(sound);
            }
            b"data" => {
                // WAV_STREAM-010
                let sound = found.ok_or(ErrorCode::MalformedMedia)?;
                return Ok((sound, Some(Data { at: content, length })));
            }
            // WAV_STREAM-008
            _ => {}
        }
        reader.at = content + length + length % 2;
    }
}

fn fmt(mut reader: Reader<'_>, length: usize) -> Result<Sound, Stop> {
    let malformed = Err(ErrorCode::MalformedMedia.into());
    // WAV_STREAM-003
    if length < WAV_STREAM_FMT_BYTES as usize {
        return malformed;
    }
    let fields = reader.take(WAV_STREAM_FMT_BYTES as usize)?;
    let (tag, channels, rate_hz) = (u16_at(fields, 0), u16_at(fields, 2), u32_at(fields, 4));
    let (byte_rate, align, bits) = (u32_at(fields, 8), u16_at(fields, 12), u16_at(fields, 14));
    // WAV_STREAM-004
    if tag != WAV_STREAM_TAG_PCM && tag != WAV_STREAM_TAG_EXTENSIBLE {
        return Err(ErrorCode::UnsupportedMedia.into());
    }
    // WAV_STREAM-003, WAV_STREAM-013
    for (value, most) in [(channels.into(), WAV_STREAM_CHANNELS_MAX.into()), (rate_hz, WAV_STREAM_RATE_HZ_MAX)] {
        if value == 0 {
            return malformed;
        }
        if value > most {
            return Err(ErrorCode::UnsupportedMedia.into());
        }
    }
    // WAV_STREAM-003, WAV_STREAM-004
    match bits {
        0 => return malformed,
        8 | 16 | 24 | 32 => {}
        _ => return Err(ErrorCode::UnsupportedMedia.into()),
    }
    // WAV_STREAM-003
    if align != channels * (bits / 8) || byte_rate != rate_hz * u32::from(align) {
        return malformed;
    }
    // WAV_STREAM-005
    if tag == WAV_STREAM_TAG_EXTENSIBLE {
        if length < WAV_STREAM_EXTENSIBLE_BYTES as usize {
            return malformed;
        }
        let fields = reader.take((WAV_STREAM_EXTENSIBLE_BYTES - WAV_STREAM_FMT_BYTES) as usize)?;
        let (size, valid) = (u16_at(fields, 0), u16_at(fields, 2));
        if size < WAV_STREAM_EXTENSION_BYTES || valid == 0 || valid > bits {
            return malformed;
        }
        // WAV_STREAM-004
        if fields[8..] != *b"\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71" {
            return Err(ErrorCode::UnsupportedMedia.into());
        }
    }
    // WAV_STREAM-002
    Ok(Sound { rate_hz, channels, width: bits / 8 })
}

/// A sample of one to four bytes as 16 bits.
fn sample(bytes: &[u8]) -> i16 {
    match bytes {
        // WAV_STREAM-007
        [unsigned] => (i16::from(*unsigned) - 128) * 256,
        // WAV_STREAM-006
        [.., low, high] => i16::from_le_bytes([*low, *high]),
        [] => 0,
    }
}

impl Machine<WavStream> for WavStreamModel {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        // WAV_STREAM-020
        let within = (1..=DECODE_INPUT_BYTES_MAX).contains(&config.input_bytes)
            && (1..=DECODE_PIXELS_MAX).contains(&config.pixels)
            && (1..=DECODE_FRAMES_MAX).contains(&config.frames)
            && (1..=DECODE_TOTAL_BYTES_MAX).contains(&config.decoded_bytes)
            && (1..=DECODE_MEMORY_BYTES_MAX).contains(&config.memory_bytes);
        if !within {
            return Ok(Err(ErrorCode::OutOfRange));
        }
        *self = Self { limits: config.clone(), ..Self::default() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

impl WavStreamModel {
    /// The last packet's samples.
    pub(crate) fn packet(&self) -> Vec<u8> {
        self.played.packet.clone()
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        // WAV_STREAM-019
        if self.cancelled && *op != Op::Cancel {
            return Err(ErrorCode::DecodeCancelled);
        }
        match op {
            Op::Feed(Blob(bytes)) => self.feed(bytes.len() as u64, || bytes.clone()),
            Op::FeedZeros(count) => self.feed(u64::from(*count), || vec![0; *count as usize]),
            Op::End => {
                self.ended = true;
                Ok(Obs::Done)
            }
            // WAV_STREAM-002
            Op::Info => match walk(&self.bytes, false) {
                Ok((Sound { rate_hz, channels, .. }, _)) => Ok(Obs::Audio { rate_hz, channels: channels as u8 }),
                Err(stop) => self.stopped(stop),
            },
            Op::Next => {
                // WAV_STREAM-018
                if let Some(code) = self.failed {
                    return Err(code);
                }
                let obs = self.next().or_else(|stop| self.stopped(stop));
                self.failed = obs.as_ref().err().copied();
                obs
            }
            Op::Rewind => {
                // WAV_STREAM-017
                (self.played, self.failed) = (Played::default(), None);
                Ok(Obs::Done)
            }
            Op::Cancel => {
                *self = Self { cancelled: true, ..Self::default() };
                Ok(Obs::Done)
            }
        }
    }

    fn feed(&mut self, count: u64, bytes: impl FnOnce() -> Vec<u8>) -> Result<Obs, ErrorCode> {
        // WAV_STREAM-018
        if self.ended {
            return Err(ErrorCode::InputEnded);
        }
        let length = self.bytes.len() as u64 + count;
        if length > u64::from(self.limits.input_bytes) {
            return Err(ErrorCode::OversizedInput);
        }
        // WAV_STREAM-014
        if length + self.played.held > self.limits.memory_bytes {
            return Err(ErrorCode::DecodeMemoryExceeded);
        }
        self.bytes.extend(bytes());
        Ok(Obs::Done)
    }

    fn next(&mut self) -> Result<Obs, Stop> {
        // WAV_STREAM-016: what is there by now, however it came.
        let (Sound { channels, width, .. }, Some(Data { at, length })) = walk(&self.bytes, true)? else {
            return Err(Stop::NeedInput);
        };
        let frame_bytes = usize::from(channels) * usize::from(width);
        let there = length.min(self.bytes.len() - at);
        let whole = there == length;
        // WAV_STREAM-011, WAV_STREAM-012: the whole frames that came are given first.
        let left = there / frame_bytes - self.played.frames;
        // WAV_STREAM-009
        let frames = match left.min(WAV_STREAM_PACKET_FRAMES as usize) {
            full if full == WAV_STREAM_PACKET_FRAMES as usize => full,
            last if whole || self.ended => last,
            _ => 0,
        };
        if frames == 0 {
            // WAV_STREAM-011
            if !whole {
                return Err(Stop::NeedInput);
            }
            // WAV_STREAM-012
            if length % frame_bytes != 0 {
                return Err(ErrorCode::Misaligned.into());
            }
            // WAV_STREAM-010
            return Ok(Obs::Ended { frames: self.played.packets, plays: 1 });
        }
        let given = u64::from(WAV_STREAM_SAMPLE_BYTES) * u64::from(channels);
        // WAV_STREAM-015
        let samples = self.played.samples + given * frames as u64;
        if samples > self.limits.decoded_bytes {
            return Err(ErrorCode::DecodedTooLarge.into());
        }
        // WAV_STREAM-014
        let held = given * u64::from(WAV_STREAM_PACKET_FRAMES);
        if self.bytes.len() as u64 + held > self.limits.memory_bytes {
            return Err(ErrorCode::DecodeMemoryExceeded.into());
        }
        let start = at + self.played.frames * frame_bytes;
        let packet = &self.bytes[start..start + frames * frame_bytes];
        let bytes: Vec<u8> = packet.chunks(width.into()).flat_map(|bytes| sample(bytes).to_le_bytes()).collect();
        let number = self.played.packets;
        let told = Pixels::of(&bytes);
        self.played = Played { packets: number + 1, frames: self.played.frames + frames, samples, held, packet: bytes };
        Ok(Obs::Pcm { packet: number, samples: told })
    }

    /// Where bytes are missing, more may come.
    fn stopped(&self, stop: Stop) -> Result<Obs, ErrorCode> {
        match stop {
            // WAV_STREAM-011
            Stop::NeedInput if self.ended => Err(ErrorCode::TruncatedMedia),
            Stop::NeedInput => Ok(Obs::NeedInput),
            Stop::Wrong(code) => Err(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::Case;
    use spec::decode::whole;
    use spec::wav_stream::{Fmt, WavFile};

    fn answers(stream: &[u8], packets: usize) -> Vec<Obs> {
        let case = Case::<WavStream> { config: Limits::default(), ops: whole(stream, packets) };
        WavStreamModel::default().run_case(&case).unwrap().obs.split_off(2)
    }

    fn pcm(packet: u32, samples: &[i16]) -> Obs {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        Obs::Pcm { packet, samples: Pixels::of(&bytes) }
    }

    #[test]
    fn samples_of_every_width() {
        let given = |bits, data: &[u8]| answers(&WavFile::new(&Fmt::pcm(1, 8_000, bits), data.to_vec()).bytes(), 1);
        let right = |samples: &[i16]| vec![Obs::Audio { rate_hz: 8_000, channels: 1 }, pcm(0, samples), Obs::Ended { frames: 1, plays: 1 }];
        assert_eq!(given(8, &[0, 127, 128, 255]), right(&[i16::MIN, -256, 0, 0x7f00]));
        assert_eq!(given(16, &[1, 2, 0, 0x80]), right(&[0x201, i16::MIN]));
        assert_eq!(given(24, &[9, 1, 2, 0xff, 0xff, 0xff]), right(&[0x201, -1]));
        assert_eq!(given(32, &[9, 9, 1, 2]), right(&[0x201]));
    }

    #[test]
    fn what_came_is_given_before_what_is_wrong() {
        let mut file = WavFile::new(&Fmt::pcm(2, 48_000, 16), vec![1, 0, 2, 0, 3]);
        let odd = answers(&file.bytes(), 1);
        assert_eq!(odd[1..], [pcm(0, &[1, 2]), Obs::Rejected(ErrorCode::Misaligned)]);
        file.chunks[1].claimed = Some(u32::MAX);
        let cut = answers(&file.bytes(), 1);
        assert_eq!(cut[1..], [pcm(0, &[1, 2]), Obs::Rejected(ErrorCode::TruncatedMedia)]);
    }
}
