//! Wrong machines of the contract `format`.

use super::{BYTES_MAX, on_bound};
use crate::suite::{Violation, misheard, tampered};
use spec::format::{AudioFormat, BLOCK_MS, Config, ENGINE_FORMAT, FORMAT_FRAMES_MAX, Format, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// A machine whose answers pass through `tamper`.
fn wrong(tamper: fn(&mut (), &Op, Obs) -> Obs) -> Box<dyn Machine<Format>> {
    tampered::<Format, ()>(tamper)
}

pub(super) fn violations() -> Vec<Violation<Format>> {
    let violation = |requirement, what, machine| Violation { requirement, what, machine };
    vec![
        violation("FORMAT-001", "has blocks of 512 frames", || {
            wrong(|(), _, obs| match obs {
                Obs::Format { format, block_bytes, block_ms, .. } => Obs::Format { format, block_frames: 512, block_bytes, block_ms },
                obs => obs,
            })
        }),
        violation("FORMAT-001", "counts the bytes of one channel in a block", || {
            wrong(|(), _, obs| match obs {
                Obs::Format { format, block_frames, block_bytes, block_ms } => {
                    Obs::Format { format, block_frames, block_bytes: block_bytes / 2, block_ms }
                }
                obs => obs,
            })
        }),
        violation("FORMAT-001", "runs at 44,100 Hz", || {
            wrong(|(), _, obs| match obs {
                Obs::Format { format, block_frames, block_bytes, block_ms } => {
                    Obs::Format { format: AudioFormat { rate_hz: 44_100, ..format }, block_frames, block_bytes, block_ms }
                }
                obs => obs,
            })
        }),
        violation("FORMAT-002", "counts the bytes of one channel in a frame", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::FramesToBytes(_), Obs::Number(bytes)) => Obs::Number(bytes / 2),
                (_, obs) => obs,
            })
        }),
        violation("FORMAT-002", "counts bytes in 32 bits", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::FramesToBytes(_), Obs::Number(bytes)) => Obs::Number(bytes & u64::from(u32::MAX)),
                (_, obs) => obs,
            })
        }),
        violation("FORMAT-002", "drops the bytes beyond whole frames", || {
            misheard::<Format>(|op| match op {
                Op::BytesToFrames(bytes) if *bytes <= BYTES_MAX => Op::BytesToFrames(bytes / 4 * 4),
                op => op.clone(),
            })
        }),
        violation("FORMAT-002", "takes a byte count that makes whole samples for one that makes whole frames", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::BytesToFrames(bytes), Obs::Rejected(ErrorCode::Misaligned)) if bytes % 2 == 0 => Obs::Number(bytes / 4),
                (_, obs) => obs,
            })
        }),
        violation("FORMAT-002", "drops the sample beyond whole frames", || {
            misheard::<Format>(|op| match op {
                Op::Encode(pcm) => Op::Encode(pcm[..pcm.len() / 2 * 2].to_vec()),
                op => op.clone(),
            })
        }),
        violation("FORMAT-002", "drops the bytes beyond whole frames of a buffer", || {
            misheard::<Format>(|op| match op {
                Op::Decode(bytes) => Op::Decode(bytes[..bytes.len() / 4 * 4].to_vec()),
                op => op.clone(),
            })
        }),
        violation("FORMAT-003", "rounds milliseconds to the nearest", || answering(Answer::FramesToMs(|frames| (frames + 24) / 48))),
        violation("FORMAT-003", "rounds milliseconds up", || answering(Answer::FramesToMs(|frames| frames.div_ceil(48)))),
        violation("FORMAT-003", "counts the frames of 44 kHz in a millisecond", || answering(Answer::FramesToMs(|frames| frames / 44))),
        violation("FORMAT-003", "counts the frames of milliseconds in 32 bits", || {
            answering(Answer::MsToFrames(|ms| u64::from(ms.wrapping_mul(48))))
        }),
        violation("FORMAT-003", "counts the frames of milliseconds in whole blocks", || {
            answering(Answer::MsToFrames(|ms| u64::from(ms).div_ceil(10) * 480))
        }),
        violation("FORMAT-003", "counts 44 frames in a millisecond", || answering(Answer::MsToFrames(|ms| u64::from(ms) * 44))),
        violation("FORMAT-004", "drops the last block that is not full", || answering(Answer::MsToBlocks(|ms| ms / BLOCK_MS))),
        violation("FORMAT-004", "takes one block more than needed for whole blocks", || {
            answering(Answer::MsToBlocks(|ms| ms / BLOCK_MS + 1))
        }),
        violation("FORMAT-004", "rounds up in 32 bits", || answering(Answer::MsToBlocks(|ms| ms.wrapping_add(BLOCK_MS - 1) / BLOCK_MS))),
        violation("FORMAT-005", "decodes big-endian samples", || {
            answering(Answer::Decode(|pcm| pcm.iter().map(|sample| sample.swap_bytes()).collect()))
        }),
        violation("FORMAT-005", "decodes unsigned samples", || {
            answering(Answer::Decode(|pcm| pcm.iter().map(|sample| sample ^ i16::MIN).collect()))
        }),
        violation("FORMAT-005", "decodes the right channel first", || {
            answering(Answer::Decode(|pcm| pcm.chunks(2).flat_map(|frame| frame.iter().rev()).copied().collect()))
        }),
        violation("FORMAT-005", "decodes one channel after the other", || {
            answering(Answer::Decode(|pcm| {
                let half = pcm.len() / 2;
                (0..half).flat_map(|frame| [pcm[frame], pcm[half + frame]]).collect()
            }))
        }),
        violation("FORMAT-005", "encodes big-endian samples", || {
            answering(Answer::Encode(|pcm| pcm.iter().map(|sample| sample.swap_bytes()).collect()))
        }),
        violation("FORMAT-005", "encodes the right channel first", || {
            answering(Answer::Encode(|pcm| pcm.chunks(2).flat_map(|frame| frame.iter().rev()).copied().collect()))
        }),
        violation("FORMAT-005", "encodes the lowest sample as its neighbour", || {
            answering(Answer::Encode(|pcm| pcm.iter().map(|sample| *sample.max(&-i16::MAX)).collect()))
        }),
        violation("FORMAT-006", "accepts any rate", || {
            answering(Answer::Check(|format| AudioFormat { rate_hz: ENGINE_FORMAT.rate_hz, ..format }))
        }),
        violation("FORMAT-006", "accepts any number of channels", || {
            answering(Answer::Check(|format| AudioFormat { channels: ENGINE_FORMAT.channels, ..format }))
        }),
        violation("FORMAT-006", "accepts mono", || {
            answering(Answer::Check(
                |format| if format.channels == 1 { AudioFormat { channels: ENGINE_FORMAT.channels, ..format } } else { format },
            ))
        }),
        violation("FORMAT-006", "accepts any sample format", || {
            answering(Answer::Check(|format| AudioFormat { sample: ENGINE_FORMAT.sample, ..format }))
        }),
        violation("FORMAT-006", "accepts no format", || answering(Answer::Check(|format| AudioFormat { rate_hz: 0, ..format }))),
        violation("FORMAT-006", "accepts every format", || answering(Answer::Check(|_| ENGINE_FORMAT))),
        violation("FORMAT-007", "converts any number of frames", || answering(Answer::Unbounded(|_| true))),
        violation("FORMAT-007", "converts one frame more than the bound", || {
            answering(Answer::Unbounded(
                |op| matches!(op, Op::FramesToBytes(frames) | Op::FramesToMs(frames) if *frames == FORMAT_FRAMES_MAX + 1),
            ))
        }),
        violation("FORMAT-007", "takes the bound of frames for one of bytes", || {
            wrong(|(), op, obs| match op {
                Op::BytesToFrames(bytes) if *bytes > FORMAT_FRAMES_MAX => Obs::Rejected(ErrorCode::OutOfRange),
                _ => obs,
            })
        }),
        violation("FORMAT-007", "rejects the bound itself", || {
            wrong(|(), op, obs| if on_bound(op) { Obs::Rejected(ErrorCode::OutOfRange) } else { obs })
        }),
        violation("FORMAT-007", "looks at the alignment before the bound", || {
            wrong(|(), op, obs| match op {
                Op::BytesToFrames(bytes) if bytes % 4 != 0 => Obs::Rejected(ErrorCode::Misaligned),
                _ => obs,
            })
        }),
        violation("FORMAT-007", "takes the bound for what is above it", || {
            misheard::<Format>(|op| match op {
                Op::FramesToBytes(frames) => Op::FramesToBytes((*frames).min(FORMAT_FRAMES_MAX)),
                Op::FramesToMs(frames) => Op::FramesToMs((*frames).min(FORMAT_FRAMES_MAX)),
                Op::BytesToFrames(bytes) => Op::BytesToFrames((*bytes).min(BYTES_MAX)),
                op => op.clone(),
            })
        }),
    ]
}

/// A machine that answers as the model, but for the operations that `answer` answers.
struct Answering {
    inner: Box<dyn Machine<Format>>,
    answer: Answer,
}

/// How one operation is answered wrongly.
enum Answer {
    FramesToMs(fn(u64) -> u64),
    MsToFrames(fn(u32) -> u64),
    MsToBlocks(fn(u32) -> u32),
    Decode(fn(&[i16]) -> Vec<i16>),
    Encode(fn(&[i16]) -> Vec<i16>),
    Check(fn(AudioFormat) -> AudioFormat),
    Unbounded(fn(&Op) -> bool),
}

impl Machine<Format> for Answering {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let heard = match (&self.answer, op) {
            (Answer::Encode(samples), Op::Encode(pcm)) if pcm.len() % 2 == 0 => Op::Encode(samples(pcm)),
            (Answer::Check(accepted), Op::Check(format)) => Op::Check(accepted(*format)),
            _ => op.clone(),
        };
        let obs = self.inner.step(&heard)?;
        Ok(match (&self.answer, op, obs) {
            (Answer::FramesToMs(convert), Op::FramesToMs(frames), Obs::Number(_)) => Obs::Number(convert(*frames)),
            (Answer::MsToFrames(convert), Op::MsToFrames(ms), Obs::Number(_)) => Obs::Number(convert(*ms)),
            (Answer::MsToBlocks(convert), Op::MsToBlocks(ms), Obs::Number(_)) => Obs::Number(convert(*ms).into()),
            (Answer::Decode(samples), Op::Decode(_), Obs::Pcm(pcm)) => Obs::Pcm(samples(&pcm)),
            (Answer::Unbounded(free), op, Obs::Rejected(ErrorCode::OutOfRange)) if free(op) => match op {
                Op::FramesToBytes(frames) => Obs::Number(frames.wrapping_mul(4)),
                Op::FramesToMs(frames) => Obs::Number(frames / 48),
                Op::BytesToFrames(bytes) if bytes % 4 == 0 => Obs::Number(bytes / 4),
                _ => Obs::Rejected(ErrorCode::Misaligned),
            },
            (_, _, obs) => obs,
        })
    }
}

fn answering(answer: Answer) -> Box<dyn Machine<Format>> {
    Box::new(Answering { inner: <Format as model::Modelled>::model(), answer })
}
