//! The reference model of the contract `wav`.

pub use self::WavModel as Model;
use spec::format::{BYTES_PER_FRAME, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ};
use spec::wav::{Config, Obs, Op, WAV_BITS_PER_SAMPLE, WAV_CHUNKS_MAX, WAV_FILE_BYTES_MAX, WAV_HEADER_BYTES, WAV_TAG_PCM, Wav};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `wav`: the open recording's samples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WavModel {
    recording: Option<Vec<i16>>,
}

fn load(file: &[u8]) -> Result<Vec<i16>, ErrorCode> {
    // WAV-009
    if file.len() > WAV_FILE_BYTES_MAX as usize {
        return Err(ErrorCode::OversizedInput);
    }
    // WAV-006: the size between the two tags is ignored (WAV-D2).
    let (riff, mut left) = file.split_first_chunk::<12>().ok_or(ErrorCode::MalformedWav)?;
    if riff[..4] != *b"RIFF" || riff[8..] != *b"WAVE" {
        return Err(ErrorCode::MalformedWav);
    }
    let mut channels = None;
    for _ in 0..WAV_CHUNKS_MAX {
        // WAV-006: the file ends without a data chunk.
        if left.is_empty() {
            return Err(ErrorCode::MalformedWav);
        }
        // WAV-008
        let (header, rest) = left.split_first_chunk::<8>().ok_or(ErrorCode::TruncatedWav)?;
        let [name @ .., l0, l1, l2, l3] = *header;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        // WAV-008
        let (content, rest) = rest.split_at_checked(length).ok_or(ErrorCode::TruncatedWav)?;
        match &name {
            // WAV-006
            b"fmt " if channels.is_some() => return Err(ErrorCode::MalformedWav),
            b"fmt " => channels = Some(read_fmt(content)?),
            // WAV-006: no fmt came before it.
            b"data" => return read_data(content, channels.ok_or(ErrorCode::MalformedWav)?),
            _ => {}
        }
        // WAV-004: the padding byte of an odd chunk may be missing at the very end.
        left = if length.is_multiple_of(2) { rest } else { rest.get(1..).unwrap_or_default() };
    }
    // WAV-009: another chunk would be one too many, and the end would be the end without data: the code is the same.
    Err(ErrorCode::MalformedWav)
}

/// The number of channels, if the rest is the engine's format.
fn read_fmt(content: &[u8]) -> Result<u16, ErrorCode> {
    // WAV-006
    let fields = content.first_chunk::<16>().ok_or(ErrorCode::MalformedWav)?;
    let u16_at = |at: usize| u16::from_le_bytes([fields[at], fields[at + 1]]);
    let u32_at = |at: usize| u32::from_le_bytes([fields[at], fields[at + 1], fields[at + 2], fields[at + 3]]);
    let (tag, channels, rate, byte_rate, align, bits) = (u16_at(0), u16_at(2), u32_at(4), u32_at(8), u16_at(12), u16_at(14));
    // WAV-007
    if tag != WAV_TAG_PCM || !(1..=CHANNELS).contains(&channels) || rate != SAMPLE_RATE_HZ || bits != WAV_BITS_PER_SAMPLE {
        return Err(ErrorCode::UnsupportedFormat);
    }
    // WAV-006
    if align != channels * 2 || byte_rate != rate * u32::from(align) {
        return Err(ErrorCode::MalformedWav);
    }
    Ok(channels)
}

fn read_data(content: &[u8], channels: u16) -> Result<Vec<i16>, ErrorCode> {
    // WAV-010
    if !content.len().is_multiple_of(usize::from(channels) * 2) {
        return Err(ErrorCode::Misaligned);
    }
    let samples = content.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    // WAV-005
    let copies = if channels == 1 { 2 } else { 1 };
    // WAV-003
    Ok(samples.flat_map(|sample| std::iter::repeat_n(sample, copies)).collect())
}

/// Rejects what a file can't hold, given that it holds `before` samples already.
fn check_size(before: usize, pcm: &[i16]) -> Result<(), ErrorCode> {
    // WAV-009
    let samples = before as u64 + pcm.len() as u64;
    if u64::from(WAV_HEADER_BYTES) + samples * u64::from(BYTES_PER_SAMPLE) > u64::from(WAV_FILE_BYTES_MAX) {
        return Err(ErrorCode::OversizedInput);
    }
    // WAV-002
    if !pcm.len().is_multiple_of(2) {
        return Err(ErrorCode::Misaligned);
    }
    Ok(())
}

/// The file of these samples, which fit.
pub(crate) fn save(pcm: &[i16]) -> Vec<u8> {
    let data_bytes = pcm.len() as u32 * BYTES_PER_SAMPLE;
    let mut file = Vec::new();
    // WAV-001
    file.extend(b"RIFF");
    file.extend((WAV_HEADER_BYTES + data_bytes - 8).to_le_bytes());
    file.extend(b"WAVE");
    file.extend(b"fmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(WAV_TAG_PCM.to_le_bytes());
    file.extend(CHANNELS.to_le_bytes());
    file.extend(SAMPLE_RATE_HZ.to_le_bytes());
    file.extend((SAMPLE_RATE_HZ * BYTES_PER_FRAME).to_le_bytes());
    file.extend((BYTES_PER_FRAME as u16).to_le_bytes());
    file.extend(WAV_BITS_PER_SAMPLE.to_le_bytes());
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    // WAV-002
    file.extend(pcm.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

impl WavModel {
    fn append(&mut self, pcm: &[i16]) -> Result<Obs, ErrorCode> {
        // WAV-012: the recording is touched last.
        let recording = self.recording.as_mut().ok_or(ErrorCode::NoRecording)?;
        check_size(recording.len(), pcm)?;
        recording.extend_from_slice(pcm);
        Ok(Obs::Done)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Load(file) => load(file).map(Obs::Pcm),
            Op::Save(pcm) => check_size(0, pcm).map(|()| Obs::File(save(pcm))),
            Op::Begin => {
                self.recording = Some(Vec::new());
                Ok(Obs::Done)
            }
            Op::Append(pcm) => self.append(pcm),
            // WAV-011: the same function writes both. WAV-012
            Op::Finish => self.recording.take().map(|pcm| Obs::File(save(&pcm))).ok_or(ErrorCode::NoRecording),
        }
    }
}

impl Machine<Wav> for WavModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
