//! WAV files in and out.

mod header;
mod recorder;

pub use header::{DataChunk, HeaderReader, Step};
pub use recorder::Recorder;

use crate::error::{AudioError, length};
use crate::{Result, format};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::format::{BYTES_PER_FRAME, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ};
use spec::wav::{WAV_BITS_PER_SAMPLE, WAV_FILE_BYTES_MAX, WAV_HEADER_BYTES, WAV_TAG_PCM};

/// The interleaved stereo samples of a whole file of at most [`WAV_FILE_BYTES_MAX`]; mono plays on both channels (WAV-005).
///
/// # Errors
/// `oversized_input`, then in file order (WAV-D4) `malformed_wav`, `truncated_wav`, `unsupported_format` and `misaligned`
/// (WAV-006 to WAV-010). Every check comes before the samples are allocated.
pub fn load(file: &[u8]) -> Result<Vec<i16>> {
    file_bytes(file.len())?;
    let mut header = HeaderReader::new(file.len() as u64);
    let mut rest = file;
    loop {
        let (step, taken) = header.feed(rest)?;
        rest = rest.get(taken..).unwrap_or_default();
        match step {
            Step::Skip(bytes) => rest = usize::try_from(bytes).ok().and_then(|bytes| rest.get(bytes..)).unwrap_or_default(),
            // The reader has checked its claims against the file's size, so that this does not happen.
            Step::NeedMore(_) if rest.is_empty() => return Err(header::truncated()),
            Step::NeedMore(_) => {}
            Step::Data(data) => {
                let samples = usize::try_from(data.bytes).ok().and_then(|bytes| rest.get(..bytes)).ok_or_else(header::truncated)?;
                return Ok(data.decode(samples));
            }
        }
    }
}

/// The file of these interleaved stereo samples: a header of 44 bytes and the samples as s16le (WAV-001, WAV-002).
///
/// # Errors
/// `oversized_input` for a file above [`WAV_FILE_BYTES_MAX`], before anything is allocated (WAV-009); `misaligned` for half a
/// frame.
pub fn save(pcm: &[i16]) -> Result<Vec<u8>> {
    let data = pcm.len().saturating_mul(BYTES_PER_SAMPLE as usize);
    let size = data.saturating_add(WAV_HEADER_BYTES as usize);
    file_bytes(size)?;
    whole_frames(pcm)?;
    let mut file = Vec::with_capacity(size);
    // The size was just found to fit.
    file.extend_from_slice(&header_bytes(data as u32));
    format::append_bytes(pcm, &mut file);
    Ok(file)
}

/// The header of a file with so many bytes of samples, at most `u32::MAX - 36` (WAV-001).
pub fn header_bytes(data_bytes: u32) -> [u8; WAV_HEADER_BYTES as usize] {
    let riff_bytes = data_bytes.saturating_add(WAV_HEADER_BYTES.wrapping_sub(8));
    let bytes_per_second = SAMPLE_RATE_HZ.wrapping_mul(BYTES_PER_FRAME);
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &riff_bytes.to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &WAV_TAG_PCM.to_le_bytes(),
        &CHANNELS.to_le_bytes(),
        &SAMPLE_RATE_HZ.to_le_bytes(),
        &bytes_per_second.to_le_bytes(),
        &(BYTES_PER_FRAME as u16).to_le_bytes(),
        &WAV_BITS_PER_SAMPLE.to_le_bytes(),
        b"data",
        &data_bytes.to_le_bytes(),
    ];
    let mut header = [0; WAV_HEADER_BYTES as usize];
    for (target, byte) in header.iter_mut().zip(fields.into_iter().flatten()) {
        *target = *byte;
    }
    header
}

fn file_bytes(bytes: usize) -> Result<()> {
    if bytes > WAV_FILE_BYTES_MAX as usize {
        let range = (0, WAV_FILE_BYTES_MAX);
        return Err(AudioError::range(ErrorCode::OversizedInput, "the file's size in bytes", length(bytes), range, "use a shorter file"));
    }
    Ok(())
}

fn whole_frames(pcm: &[i16]) -> Result<()> {
    if pcm.len().is_multiple_of(usize::from(CHANNELS)) { Ok(()) } else { Err(AudioError::half_frame(pcm.len())) }
}
