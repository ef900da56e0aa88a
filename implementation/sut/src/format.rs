//! The contract `format` on [`audio::format`].

use audio::{AudioError, format};
use spec::format::{Config, Format, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `format`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormatMachine;

pub(crate) use FormatMachine as Adapter;

impl Machine<Format> for FormatMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

fn answer(op: &Op) -> Result<Obs, AudioError> {
    Ok(match op {
        Op::Default => Obs::Format {
            format: format::default_format(),
            block_frames: format::BLOCK_FRAMES,
            block_bytes: format::BLOCK_BYTES,
            block_ms: format::BLOCK_MS,
        },
        Op::Check(stream) => {
            format::check(stream)?;
            Obs::Accepted
        }
        Op::FramesToBytes(frames) => Obs::Number(format::frames_to_bytes(*frames)?),
        Op::BytesToFrames(bytes) => Obs::Number(format::bytes_to_frames(*bytes)?),
        Op::MsToFrames(ms) => Obs::Number(format::ms_to_frames(*ms)),
        Op::FramesToMs(frames) => Obs::Number(format::frames_to_ms(*frames)?),
        Op::MsToBlocks(ms) => Obs::Number(format::ms_to_blocks(*ms).into()),
        Op::Decode(bytes) => Obs::Pcm(format::decode(bytes)?),
        Op::Encode(pcm) => Obs::Bytes(format::encode(pcm)?),
    })
}
