//! Recorded cases of the contract `format`.

use super::BYTES_MAX;
use crate::suite::GoldenCase;
use spec::Case;
use spec::format::{AudioFormat, Config, FORMAT_FRAMES_MAX, Format, Op, SampleFormat};

pub(super) fn goldens() -> Vec<GoldenCase<Format>> {
    let golden = |name, doc, ops| GoldenCase { name, doc, case: Case { config: Config {}, ops } };
    let check = |rate_hz, channels, sample| Op::Check(AudioFormat { rate_hz, channels, sample });
    let bytes: Vec<u8> = vec![0x34, 0x12, 0xff, 0xff, 0x00, 0x80, 0xff, 0x7f];
    vec![
        golden("engine", "48 kHz, stereo, s16le, in blocks of 480 frames, 1,920 bytes, 10 ms.", vec![Op::Default]),
        golden(
            "frames_and_bytes",
            "A frame is 4 bytes; 1, 2 and 3 bytes more make no whole frame.",
            vec![
                Op::FramesToBytes(0),
                Op::FramesToBytes(1),
                Op::FramesToBytes(480),
                Op::BytesToFrames(1_920),
                Op::BytesToFrames(1_921),
                Op::BytesToFrames(1_922),
                Op::BytesToFrames(1_923),
                Op::BytesToFrames(1_924),
                Op::FramesToBytes(1 << 31),
            ],
        ),
        golden(
            "milliseconds_and_frames",
            "48 frames a millisecond, and back the whole milliseconds alone.",
            vec![
                Op::MsToFrames(0),
                Op::MsToFrames(1),
                Op::MsToFrames(10),
                Op::MsToFrames(u32::MAX),
                Op::FramesToMs(0),
                Op::FramesToMs(47),
                Op::FramesToMs(48),
                Op::FramesToMs(95),
                Op::FramesToMs(96),
            ],
        ),
        golden(
            "milliseconds_and_blocks",
            "A block for each 10 ms that were begun.",
            vec![
                Op::MsToBlocks(0),
                Op::MsToBlocks(1),
                Op::MsToBlocks(9),
                Op::MsToBlocks(10),
                Op::MsToBlocks(11),
                Op::MsToBlocks(20),
                Op::MsToBlocks(u32::MAX - 9),
                Op::MsToBlocks(u32::MAX),
            ],
        ),
        golden(
            "samples_and_bytes",
            "The low byte first, the left channel first, and both ways the same.",
            vec![
                Op::Decode(bytes),
                Op::Encode(vec![0x1234, -1, i16::MIN, i16::MAX]),
                Op::Encode(vec![1, 2]),
                Op::Decode(Vec::new()),
                Op::Encode(Vec::new()),
            ],
        ),
        golden(
            "misaligned_buffers",
            "Bytes and samples that make no whole frames.",
            vec![
                Op::Decode(vec![1]),
                Op::Decode(vec![1, 2]),
                Op::Decode(vec![1, 2, 3]),
                Op::Decode(vec![1, 2, 3, 4, 5]),
                Op::Encode(vec![1]),
                Op::Encode(vec![1, 2, 3]),
            ],
        ),
        golden(
            "formats",
            "The engine's own format is accepted, and no other in any of the three.",
            vec![
                check(48_000, 2, SampleFormat::S16le),
                check(44_100, 2, SampleFormat::S16le),
                check(47_999, 2, SampleFormat::S16le),
                check(48_001, 2, SampleFormat::S16le),
                check(0, 2, SampleFormat::S16le),
                check(48_000, 1, SampleFormat::S16le),
                check(48_000, 0, SampleFormat::S16le),
                check(48_000, 3, SampleFormat::S16le),
                check(48_000, 2, SampleFormat::U8),
                check(48_000, 2, SampleFormat::S24le),
                check(48_000, 2, SampleFormat::S32le),
                check(48_000, 2, SampleFormat::F32le),
            ],
        ),
        golden(
            "bounds",
            "2^48 frames are converted, one more is out of range, whatever its alignment.",
            vec![
                Op::FramesToBytes(FORMAT_FRAMES_MAX),
                Op::FramesToBytes(FORMAT_FRAMES_MAX + 1),
                Op::FramesToBytes(u64::MAX),
                Op::FramesToMs(FORMAT_FRAMES_MAX),
                Op::FramesToMs(FORMAT_FRAMES_MAX + 1),
                Op::FramesToMs(u64::MAX),
                Op::BytesToFrames(BYTES_MAX - 1),
                Op::BytesToFrames(BYTES_MAX),
                Op::BytesToFrames(BYTES_MAX + 1),
                Op::BytesToFrames(BYTES_MAX + 4),
                Op::BytesToFrames(u64::MAX),
            ],
        ),
    ]
}
