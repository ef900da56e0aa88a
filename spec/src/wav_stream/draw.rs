//! Drawn WAV streams: mostly right, often with one thing wrong.

use super::build::packets;
use super::{
    Chunk, Fmt, PCM_SUB_FORMAT, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX,
    WAV_STREAM_SAMPLE_BYTES, WavFile, WavStream,
};
use crate::decode::{Limits, draw_use, refuse};
use crate::{Case, Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<WavStream> {
    let (fmt, frames) = shape(source);
    let mut file = of_shape(source, &fmt, frames);
    if source.one_in(3) {
        flaw(source, &fmt, &mut file);
    }
    let mut stream = file.bytes();
    if source.one_in(8) {
        damage(source, &mut stream);
    }
    let config = limits(source, stream.len() as u64, &fmt, frames as u64);
    Case { config, ops: draw_use(source, &stream, packets(frames), ops) }
}

/// A right stream.
pub fn file(source: &mut dyn Entropy) -> WavFile {
    let (fmt, frames) = shape(source);
    of_shape(source, &fmt, frames)
}

/// What is in a stream, and how many frames of it.
fn shape(source: &mut dyn Entropy) -> (Fmt, usize) {
    // Long streams have small frames, so that cases stay small.
    let long = source.one_in(8);
    let channels = if long { 1 + source.below(2) as u16 } else { entropy::pick(source, [1, 2, 1, 2, 3, 6, 7, WAV_STREAM_CHANNELS_MAX]) };
    let bits = if long { 8 } else { entropy::pick(source, [16, 24, 8, 32]) };
    let rates = [48_000, 44_100, 1, 8_000, 22_050, 96_000, 192_000, WAV_STREAM_RATE_HZ_MAX];
    let rate_hz = if source.one_in(4) { 1 + source.below(WAV_STREAM_RATE_HZ_MAX.into()) as u32 } else { entropy::pick(source, rates) };
    let mut fmt = Fmt::pcm(channels, rate_hz, bits);
    if source.one_in(3) {
        fmt = fmt.extensible();
        if let Some(extension) = &mut fmt.extension {
            extension.places = source.bits() as u32;
            if source.one_in(3) {
                extension.valid_bits = 1 + source.below(bits.into()) as u16;
            }
        }
    }
    let near = |source: &mut dyn Entropy, packets: usize| {
        (packets * WAV_STREAM_PACKET_FRAMES as usize + source.below(5) as usize).saturating_sub(2)
    };
    let frames = if long {
        let packets = 1 + source.below(2) as usize;
        near(source, packets)
    } else {
        source.below(24) as usize
    };
    (fmt, frames)
}

fn of_shape(source: &mut dyn Entropy, fmt: &Fmt, frames: usize) -> WavFile {
    let count = frames * usize::from(fmt.frame_bytes());
    // Where frames are many, a pattern is as good as noise, and takes fewer choices.
    let data = if count > 512 {
        let (step, start) = (source.bits() as usize | 1, source.bits() as usize);
        (0..count).map(|place| (start.wrapping_add(place.wrapping_mul(step)) >> 3) as u8).collect()
    } else {
        (0..count).map(|_| if source.one_in(4) { entropy::pick(source, [0, 0x7f, 0x80, 0xff, 1]) } else { source.bits() as u8 }).collect()
    };
    let mut file = WavFile::new(fmt, data);
    if source.one_in(6) {
        file.size = Some(entropy::pick(source, [0, u32::MAX, 7]));
    }
    for place in [0, 1, 2] {
        while source.one_in(4) {
            let at = file.chunks.len().saturating_sub(2 - place).min(file.chunks.len());
            let other = other(source);
            file.chunks.insert(at, other);
        }
    }
    if source.one_in(6)
        && let Some(chunk) = file.chunks.iter_mut().find(|chunk| chunk.name == *b"fmt ")
    {
        let more = 1 + source.below(5) as usize;
        chunk.bytes.extend(vec![0; more]);
    }
    file
}

/// A chunk that is skipped.
fn other(source: &mut dyn Entropy) -> Chunk {
    let name = *entropy::pick(source, [b"LIST", b"fact", b"FMT ", b"DATA", b"JUNK", b"fmt\0", b"\0\0\0\0"]);
    let bytes = (0..source.below(10)).map(|_| source.bits() as u8).collect();
    Chunk::new(name, bytes)
}

/// Limits that are mostly wide, and now and then near what the stream needs, or beyond what a client may ask for.
fn limits(source: &mut dyn Entropy, stream: u64, fmt: &Fmt, frames: u64) -> Limits {
    let mut limits = Limits::default();
    let near = |source: &mut dyn Entropy, value: u64| (value + source.below(3)).saturating_sub(1);
    let frame = u64::from(fmt.channels) * u64::from(WAV_STREAM_SAMPLE_BYTES);
    let packet = frame * u64::from(WAV_STREAM_PACKET_FRAMES);
    match source.below(24) {
        0 => limits.input_bytes = near(source, stream) as u32,
        1 => limits.decoded_bytes = near(source, frames * frame),
        2 => limits.decoded_bytes = 1 + source.below(frames * frame + 1),
        3 => limits.memory_bytes = near(source, stream + packet),
        4 => limits.memory_bytes = stream + source.below(packet + 1),
        5 => limits.memory_bytes = near(source, stream),
        // Sound has neither pixels nor frames.
        6 => (limits.pixels, limits.frames) = (1, 1),
        _ => {}
    }
    if source.one_in(40) {
        refuse(source, &mut limits);
    }
    limits
}

/// Makes one thing wrong.
fn flaw(source: &mut dyn Entropy, fmt: &Fmt, file: &mut WavFile) {
    let mut wrong = fmt.clone();
    match source.below(20) {
        0 => file.riff = *entropy::pick(source, [b"RIFX", b"riff", b"RF64"]),
        1 => file.form = *entropy::pick(source, [b"AVI ", b"wave", b"WAVF"]),
        2 => file.chunks.retain(|chunk| chunk.name != *b"fmt "),
        3 => {
            let at = source.below(file.chunks.len() as u64 + 1) as usize;
            file.chunks.insert(at, fmt.chunk());
        }
        4 => file.chunks.retain(|chunk| chunk.name != *b"data"),
        5 => file.chunks.rotate_left(1),
        6 => {
            let at = source.below(file.chunks.len() as u64) as usize;
            if let Some(chunk) = file.chunks.get_mut(at) {
                let length = chunk.bytes.len() as u32;
                let claims = [length + 1, u32::MAX, length + 100, length.saturating_sub(1), 15, 39, 1 << 31];
                chunk.claimed = Some(entropy::pick(source, claims));
            }
        }
        7 => {
            if let Some(data) = file.chunks.iter_mut().find(|chunk| chunk.name == *b"data") {
                let more = 1 + source.below(5) as usize;
                data.bytes.extend(vec![0x55; more]);
            }
        }
        8 => {
            if let Some(odd) = file.chunks.iter_mut().find(|chunk| chunk.bytes.len() % 2 == 1) {
                odd.padded = false;
            }
        }
        9 => {
            // One chunk too many, or just as many as there may be.
            let others = WAV_STREAM_CHUNKS_MAX as usize - file.chunks.len().min(8) + source.below(2) as usize;
            file.chunks.splice(0..0, vec![Chunk::new(*b"JUNK", Vec::new()); others]);
        }
        10 => wrong.tag = entropy::pick(source, [0, 2, 3, 0x55, 0xfffd, 0xffff]),
        11 => wrong.channels = entropy::pick(source, [0, WAV_STREAM_CHANNELS_MAX + 1, u16::MAX, 256]),
        12 => wrong.rate_hz = entropy::pick(source, [0, WAV_STREAM_RATE_HZ_MAX + 1, u32::MAX]),
        13 => wrong.bits = entropy::pick(source, [0, 1, 12, 20, 64, u16::MAX, 40]),
        14 => wrong.align = Some(fmt.frame_bytes().wrapping_add(entropy::pick(source, [1, u16::MAX, 2]))),
        15 => wrong.byte_rate = Some(entropy::pick(source, [0, 1, u32::MAX])),
        16..=18 => {
            wrong = wrong.extensible();
            if let Some(extension) = &mut wrong.extension {
                match source.below(4) {
                    0 => extension.size = entropy::pick(source, [0, 21, 23, u16::MAX]),
                    1 => extension.valid_bits = entropy::pick(source, [0, fmt.bits + 1, u16::MAX, 1]),
                    2 => extension.sub_format[0] = entropy::pick(source, [0, 3, 6]),
                    _ => extension.sub_format[1 + source.below(PCM_SUB_FORMAT.len() as u64 - 1) as usize] ^= 1 << source.below(8),
                }
            }
        }
        _ => (wrong.tag, wrong.extension) = (super::WAV_STREAM_TAG_EXTENSIBLE, None),
    }
    if wrong != *fmt
        && let Some(chunk) = file.chunks.iter_mut().find(|chunk| chunk.name == *b"fmt ")
    {
        *chunk = wrong.chunk();
    }
}

/// Changes bytes without knowing what they are.
fn damage(source: &mut dyn Entropy, stream: &mut Vec<u8>) {
    let place = source.below(stream.len() as u64) as usize;
    match source.below(4) {
        0 => stream.truncate(place),
        1 => {
            stream.remove(place);
        }
        2 => stream.insert(place, source.bits() as u8),
        _ => {
            if let Some(byte) = stream.get_mut(place) {
                *byte ^= 1 << source.below(8);
            }
        }
    }
}
