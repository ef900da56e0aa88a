//! Wrong bounds, and machines that are wrong in use.

use super::{instead, violation};
use crate::contracts::decoding::{mishearing, telling};
use crate::suite::{Violation, meddling, misconfigured, tampered};
use spec::ErrorCode as E;
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::wav_stream::{Limits, Obs, Op, WavStream};

pub(super) fn of_bounds() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-014", "does not bound memory", || {
            misconfigured(|limits: &Limits| {
                let memory_bytes = if limits.memory_bytes == 0 { 0 } else { limits.memory_bytes.max(DECODE_MEMORY_BYTES_MAX) };
                Limits { memory_bytes, ..limits.clone() }
            })
        }),
        violation("WAV_STREAM-014", "counts one byte less", || {
            misconfigured(|limits: &Limits| {
                let more = u64::from((1..DECODE_MEMORY_BYTES_MAX).contains(&limits.memory_bytes));
                Limits { memory_bytes: limits.memory_bytes + more, ..limits.clone() }
            })
        }),
        violation("WAV_STREAM-015", "does not bound the bytes of all samples", || {
            misconfigured(|limits: &Limits| {
                let decoded_bytes = if limits.decoded_bytes == 0 { 0 } else { limits.decoded_bytes.max(DECODE_TOTAL_BYTES_MAX) };
                Limits { decoded_bytes, ..limits.clone() }
            })
        }),
        violation("WAV_STREAM-015", "gives one byte less", || {
            misconfigured(|limits: &Limits| {
                let less = u64::from((2..DECODE_TOTAL_BYTES_MAX).contains(&limits.decoded_bytes));
                Limits { decoded_bytes: limits.decoded_bytes - less, ..limits.clone() }
            })
        }),
        violation("WAV_STREAM-020", "lowers limits to their bounds", || {
            misconfigured(|limits: &Limits| Limits {
                input_bytes: limits.input_bytes.min(DECODE_INPUT_BYTES_MAX),
                pixels: limits.pixels.min(DECODE_PIXELS_MAX),
                frames: limits.frames.min(DECODE_FRAMES_MAX),
                decoded_bytes: limits.decoded_bytes.min(DECODE_TOTAL_BYTES_MAX),
                memory_bytes: limits.memory_bytes.min(DECODE_MEMORY_BYTES_MAX),
            })
        }),
        violation("WAV_STREAM-020", "takes limits of zero", || {
            misconfigured(|limits: &Limits| Limits {
                frames: limits.frames.max(1),
                memory_bytes: limits.memory_bytes.max(1),
                ..limits.clone()
            })
        }),
    ]
}

pub(super) fn of_use() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-016", "loses the first byte of every chunk but the first", || {
            meddling::<WavStream, bool>(|inner, fed, op| match op {
                Op::Feed(Blob(bytes)) if *fed && !bytes.is_empty() => inner.step(&Op::Feed(Blob(bytes[1..].to_vec()))),
                Op::Feed(_) => {
                    *fed = true;
                    inner.step(op)
                }
                op => inner.step(op),
            })
        }),
        violation("WAV_STREAM-011", "takes a cut stream for an ended one", || {
            tampered::<WavStream, u32>(|packets, op, obs| {
                match (op, &obs) {
                    (Op::Rewind, Obs::Done) => *packets = 0,
                    (_, Obs::Pcm { packet, .. }) => *packets = packet + 1,
                    _ => {}
                }
                instead(op, obs, E::TruncatedMedia, Obs::Ended { frames: *packets, plays: 1 })
            })
        }),
        violation("WAV_STREAM-011", "waits for more after the end", || {
            telling(|(), op, obs| instead(op, obs, E::TruncatedMedia, Obs::NeedInput))
        }),
        violation("WAV_STREAM-017", "counts packets on after a rewind", || {
            tampered::<WavStream, (u32, u32)>(|(before, last), op, obs| match (op, obs) {
                (Op::Rewind, Obs::Done) => {
                    *before += std::mem::take(last);
                    Obs::Done
                }
                (_, Obs::Pcm { packet, samples }) => {
                    *last = packet + 1;
                    Obs::Pcm { packet: packet + *before, samples }
                }
                (_, obs) => obs,
            })
        }),
        violation("WAV_STREAM-017", "does not rewind", || mishearing(|op| if *op == Op::Rewind { Op::FeedZeros(0) } else { op.clone() })),
        violation("WAV_STREAM-018", "tells an error once", || {
            tampered::<WavStream, bool>(|told, op, obs| match (op, &obs) {
                (Op::Next, Obs::Rejected(code)) if *code != E::DecodeCancelled => {
                    if std::mem::replace(told, true) {
                        Obs::NeedInput
                    } else {
                        obs
                    }
                }
                (Op::Rewind, _) => {
                    *told = false;
                    obs
                }
                _ => obs,
            })
        }),
        violation("WAV_STREAM-018", "drops bytes after the end without a word", || {
            telling(|(), _, obs| if obs == Obs::Rejected(E::InputEnded) { Obs::Done } else { obs })
        }),
        violation("WAV_STREAM-019", "rewinds after a cancel", || {
            telling(|(), op, obs| if *op == Op::Rewind && obs == Obs::Rejected(E::DecodeCancelled) { Obs::Done } else { obs })
        }),
        violation("WAV_STREAM-019", "goes on after a cancel", || {
            mishearing(|op| if *op == Op::Cancel { Op::FeedZeros(0) } else { op.clone() })
        }),
    ]
}
