//! The reference model of the contract `format`.

pub use self::FormatModel as Model;
use spec::format::{
    BLOCK_BYTES, BLOCK_FRAMES, BLOCK_MS, BYTES_PER_FRAME, BYTES_PER_SAMPLE, Config, ENGINE_FORMAT, FORMAT_BUFFER_BYTES_MAX,
    FORMAT_FRAMES_MAX, FRAMES_PER_MS, Format, Obs, Op,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `format`: it has no state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormatModel;

fn answer(op: &Op) -> Result<Obs, ErrorCode> {
    match op {
        // FORMAT-001
        Op::Default => Ok(Obs::Format { format: ENGINE_FORMAT, block_frames: BLOCK_FRAMES, block_bytes: BLOCK_BYTES, block_ms: BLOCK_MS }),
        // FORMAT-006
        Op::Check(format) if *format == ENGINE_FORMAT => Ok(Obs::Accepted),
        Op::Check(_) => Err(ErrorCode::UnsupportedFormat),
        // FORMAT-002
        Op::FramesToBytes(frames) => Ok(Obs::Number(in_range(*frames)? * u64::from(BYTES_PER_FRAME))),
        Op::BytesToFrames(bytes) => bytes_to_frames(*bytes),
        // FORMAT-003
        Op::MsToFrames(ms) => Ok(Obs::Number(u64::from(*ms) * u64::from(FRAMES_PER_MS))),
        Op::FramesToMs(frames) => Ok(Obs::Number(in_range(*frames)? / u64::from(FRAMES_PER_MS))),
        // FORMAT-004
        Op::MsToBlocks(ms) => Ok(Obs::Number(u64::from(ms.div_ceil(BLOCK_MS)))),
        Op::Decode(bytes) => decode(bytes),
        Op::Encode(pcm) => encode(pcm),
    }
}

fn bytes_to_frames(bytes: u64) -> Result<Obs, ErrorCode> {
    let frame = u64::from(BYTES_PER_FRAME);
    // FORMAT-007: bound before alignment.
    if bytes > FORMAT_FRAMES_MAX * frame {
        return Err(ErrorCode::OutOfRange);
    }
    // FORMAT-002
    if !bytes.is_multiple_of(frame) {
        return Err(ErrorCode::Misaligned);
    }
    Ok(Obs::Number(bytes / frame))
}

fn decode(bytes: &[u8]) -> Result<Obs, ErrorCode> {
    whole_frames(bytes.len() as u64)?;
    // FORMAT-005
    Ok(Obs::Pcm(bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()))
}

fn encode(pcm: &[i16]) -> Result<Obs, ErrorCode> {
    whole_frames(pcm.len() as u64 * u64::from(BYTES_PER_SAMPLE))?;
    // FORMAT-005
    Ok(Obs::Bytes(pcm.iter().flat_map(|sample| sample.to_le_bytes()).collect()))
}

fn whole_frames(bytes: u64) -> Result<(), ErrorCode> {
    // FORMAT-007: bound before alignment.
    if bytes > u64::from(FORMAT_BUFFER_BYTES_MAX) {
        return Err(ErrorCode::OversizedInput);
    }
    // FORMAT-002
    if !bytes.is_multiple_of(u64::from(BYTES_PER_FRAME)) {
        return Err(ErrorCode::Misaligned);
    }
    Ok(())
}

fn in_range(frames: u64) -> Result<u64, ErrorCode> {
    // FORMAT-007
    if frames > FORMAT_FRAMES_MAX { Err(ErrorCode::OutOfRange) } else { Ok(frames) }
}

impl Machine<Format> for FormatModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::answer;
    use spec::ErrorCode::{Misaligned, OutOfRange, OversizedInput, UnsupportedFormat};
    use spec::format::{AudioFormat, ENGINE_FORMAT, FORMAT_BUFFER_BYTES_MAX, FORMAT_FRAMES_MAX, Obs, Op, SampleFormat};

    #[test]
    fn default_is_48_khz_stereo_in_blocks_of_480() {
        let format = AudioFormat { rate_hz: 48_000, channels: 2, sample: SampleFormat::S16le };
        assert_eq!(answer(&Op::Default), Ok(Obs::Format { format, block_frames: 480, block_bytes: 1920, block_ms: 10 }));
        assert_eq!(answer(&Op::Check(format)), Ok(Obs::Accepted));
    }

    #[test]
    fn units_convert() {
        for (op, number) in [
            (Op::FramesToBytes(480), 1920),
            (Op::FramesToBytes(FORMAT_FRAMES_MAX), 1_125_899_906_842_624),
            (Op::BytesToFrames(1_125_899_906_842_624), FORMAT_FRAMES_MAX),
            (Op::BytesToFrames(4), 1),
            (Op::MsToFrames(200), 9600),
            (Op::MsToFrames(u32::MAX), 206_158_430_160),
            (Op::FramesToMs(47), 0),
            (Op::FramesToMs(48), 1),
            (Op::FramesToMs(FORMAT_FRAMES_MAX), 5_864_062_014_805),
            (Op::MsToBlocks(0), 0),
            (Op::MsToBlocks(1), 1),
            (Op::MsToBlocks(10), 1),
            (Op::MsToBlocks(11), 2),
            (Op::MsToBlocks(u32::MAX), 429_496_730),
        ] {
            assert_eq!(answer(&op), Ok(Obs::Number(number)), "{op:?}");
        }
    }

    #[test]
    fn samples_are_little_endian_and_left_first() {
        let (bytes, pcm) = (vec![1, 0, 0, 0x80], vec![1, -32_768]);
        assert_eq!(answer(&Op::Decode(bytes.clone())), Ok(Obs::Pcm(pcm.clone())));
        assert_eq!(answer(&Op::Encode(pcm)), Ok(Obs::Bytes(bytes)));
        assert!(answer(&Op::Decode(vec![0; FORMAT_BUFFER_BYTES_MAX as usize])).is_ok());
        assert!(answer(&Op::Encode(vec![0; FORMAT_BUFFER_BYTES_MAX as usize / 2])).is_ok());
    }

    #[test]
    fn test_reject_each_bound_before_alignment() {
        let max = FORMAT_BUFFER_BYTES_MAX as usize;
        for (op, code) in [
            (Op::Check(AudioFormat { rate_hz: 44_100, ..ENGINE_FORMAT }), UnsupportedFormat),
            (Op::Check(AudioFormat { channels: 1, ..ENGINE_FORMAT }), UnsupportedFormat),
            (Op::Check(AudioFormat { sample: SampleFormat::S24le, ..ENGINE_FORMAT }), UnsupportedFormat),
            (Op::FramesToBytes(FORMAT_FRAMES_MAX + 1), OutOfRange),
            (Op::FramesToMs(u64::MAX), OutOfRange),
            (Op::BytesToFrames(FORMAT_FRAMES_MAX * 4 + 1), OutOfRange),
            (Op::BytesToFrames(FORMAT_FRAMES_MAX * 4 - 1), Misaligned),
            (Op::Decode(vec![0; max + 1]), OversizedInput),
            (Op::Decode(vec![0; max - 1]), Misaligned),
            (Op::Encode(vec![0; max / 2 + 1]), OversizedInput),
            (Op::Encode(vec![0; max / 2 - 1]), Misaligned),
        ] {
            assert_eq!(answer(&op), Err(code));
        }
    }
}
