//! The engine's sample format and its units.

use crate::Result;
use crate::error::{AudioError, length};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::format::{BYTES_PER_FRAME, ENGINE_FORMAT, FORMAT_BUFFER_BYTES_MAX, FORMAT_FRAMES_MAX, FRAMES_PER_MS};

pub use spec::format::{AudioFormat, BLOCK_BYTES, BLOCK_FRAMES, BLOCK_MS, CHANNELS, SAMPLE_RATE_HZ, SampleFormat};

/// Bytes of a frame.
const FRAME: u64 = BYTES_PER_FRAME as u64;
/// Frames of a millisecond.
const MILLISECOND: u64 = FRAMES_PER_MS as u64;

/// The format of the engine: 48,000 Hz, 2 channels, s16le (FORMAT-001).
pub const fn default_format() -> AudioFormat {
    ENGINE_FORMAT
}

/// Accepts the engine's own format (FORMAT-006).
///
/// # Errors
/// `unsupported_format` for any other.
pub fn check(format: &AudioFormat) -> Result<()> {
    if *format == ENGINE_FORMAT {
        Ok(())
    } else {
        Err(AudioError::plain(
            ErrorCode::UnsupportedFormat,
            "the stream is not of 48,000 Hz, 2 channels, s16le",
            "convert the stream before opening it",
        ))
    }
}

fn frame_count(frames: u64) -> Result<u64> {
    if frames > FORMAT_FRAMES_MAX {
        Err(AudioError::range(ErrorCode::OutOfRange, "the number of frames", frames, (0, FORMAT_FRAMES_MAX), "convert a shorter duration"))
    } else {
        Ok(frames)
    }
}

/// Bytes of so many frames, at most [`FORMAT_FRAMES_MAX`] (FORMAT-002).
///
/// # Errors
/// `out_of_range` above that (FORMAT-007).
pub fn frames_to_bytes(frames: u64) -> Result<u64> {
    frame_count(frames).map(|frames| frames.wrapping_mul(FRAME))
}

/// Frames of so many bytes (FORMAT-002).
///
/// # Errors
/// `out_of_range` above the bytes of [`FORMAT_FRAMES_MAX`] frames (FORMAT-007), then `misaligned` where the bytes make no whole
/// frames.
pub fn bytes_to_frames(bytes: u64) -> Result<u64> {
    let frames = frame_count(bytes.div_ceil(FRAME))?;
    let rest = bytes % FRAME;
    if rest != 0 {
        return Err(AudioError::expected(
            ErrorCode::Misaligned,
            "the number of bytes modulo 4",
            rest,
            0,
            "give whole frames of four bytes",
        ));
    }
    Ok(frames)
}

/// Frames of so many milliseconds: 48 in each (FORMAT-003).
pub const fn ms_to_frames(ms: u32) -> u64 {
    (ms as u64).wrapping_mul(MILLISECOND)
}

/// Whole milliseconds of so many frames, at most [`FORMAT_FRAMES_MAX`] (FORMAT-003).
///
/// # Errors
/// `out_of_range` above that (FORMAT-007).
pub fn frames_to_ms(frames: u64) -> Result<u64> {
    frame_count(frames).map(|frames| frames / MILLISECOND)
}

/// Blocks that so many milliseconds take, a part of one counted as a whole (FORMAT-004).
pub const fn ms_to_blocks(ms: u32) -> u32 {
    ms.div_ceil(BLOCK_MS)
}

fn buffer_bytes(bytes: usize) -> Result<()> {
    if bytes > FORMAT_BUFFER_BYTES_MAX as usize {
        let (low, high) = (0, FORMAT_BUFFER_BYTES_MAX);
        return Err(AudioError::range(
            ErrorCode::OversizedInput,
            "the buffer's size in bytes",
            length(bytes),
            (low, high),
            "convert it in parts",
        ));
    }
    Ok(())
}

/// Samples of interleaved s16le bytes, at most [`FORMAT_BUFFER_BYTES_MAX`] (FORMAT-005).
///
/// # Errors
/// `oversized_input` above that, before anything is allocated (FORMAT-007); `misaligned` where the bytes make no whole frames.
pub fn decode(bytes: &[u8]) -> Result<Vec<i16>> {
    buffer_bytes(bytes.len())?;
    bytes_to_frames(bytes.len() as u64)?;
    Ok(samples(bytes))
}

/// Interleaved s16le bytes of samples, at most [`FORMAT_BUFFER_BYTES_MAX`] (FORMAT-005).
///
/// # Errors
/// `oversized_input` above that, before anything is allocated (FORMAT-007); `misaligned` where the samples make no whole frames.
pub fn encode(pcm: &[i16]) -> Result<Vec<u8>> {
    buffer_bytes(pcm.len().saturating_mul(2))?;
    if !pcm.len().is_multiple_of(2) {
        return Err(AudioError::half_frame(pcm.len()));
    }
    Ok(pcm.iter().map(|sample| sample.to_le_bytes()).collect::<Vec<_>>().into_flattened())
}

/// The samples of these bytes, a last odd byte left out.
pub(crate) fn samples(bytes: &[u8]) -> Vec<i16> {
    bytes.as_chunks().0.iter().map(|sample| i16::from_le_bytes(*sample)).collect()
}

/// Appends the bytes of these samples.
pub(crate) fn append_bytes(pcm: &[i16], bytes: &mut Vec<u8>) {
    let old = bytes.len();
    bytes.resize(old.saturating_add(pcm.len().saturating_mul(2)), 0);
    let added = bytes.get_mut(old..).unwrap_or_default().as_chunks_mut().0;
    for (target, sample) in added.iter_mut().zip(pcm) {
        *target = sample.to_le_bytes();
    }
}
