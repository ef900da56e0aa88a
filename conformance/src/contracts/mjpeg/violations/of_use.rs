//! Wrong machines about bounds and use.

use super::{instead, violation};
use crate::contracts::decoding::telling;
use crate::suite::{Violation, meddling, misconfigured, tampered};
use spec::ErrorCode as E;
use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::mjpeg::Mjpeg;

pub(super) fn of_bounds() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-011", "does not bound pixels", || {
            misconfigured(|limits: &Limits| Limits { pixels: limits.pixels.max(DECODE_PIXELS_MAX), ..limits.clone() })
        }),
        violation("MJPEG-011", "does not bound frames", || {
            misconfigured(|limits: &Limits| Limits {
                frames: if limits.frames == 0 { 0 } else { limits.frames.max(DECODE_FRAMES_MAX) },
                ..limits.clone()
            })
        }),
        violation("MJPEG-011", "does not bound the bytes of all frames", || {
            misconfigured(|limits: &Limits| Limits { decoded_bytes: limits.decoded_bytes.max(DECODE_TOTAL_BYTES_MAX), ..limits.clone() })
        }),
        violation("MJPEG-011", "decodes before it counts restarts", || {
            telling(|(), op, obs| instead(op, obs, E::TooManyRestarts, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("MJPEG-011", "decodes before it looks at the expansion", || {
            telling(|(), op, obs| instead(op, obs, E::ExpansionTooLarge, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("MJPEG-011", "does not bound scans", || telling(|(), op, obs| instead(op, obs, E::TooManyScans, Obs::NeedInput))),
        violation("MJPEG-012", "does not bound memory", || {
            misconfigured(|limits: &Limits| {
                let memory_bytes = if limits.memory_bytes == 0 { 0 } else { limits.memory_bytes.max(DECODE_MEMORY_BYTES_MAX) };
                Limits { memory_bytes, ..limits.clone() }
            })
        }),
        violation("MJPEG-012", "counts one byte less", || {
            misconfigured(|limits: &Limits| {
                let more = u64::from((1..DECODE_MEMORY_BYTES_MAX).contains(&limits.memory_bytes));
                Limits { memory_bytes: limits.memory_bytes + more, ..limits.clone() }
            })
        }),
        violation("MJPEG-016", "lowers limits to their bounds", || {
            misconfigured(|limits: &Limits| Limits {
                input_bytes: limits.input_bytes.min(DECODE_INPUT_BYTES_MAX),
                pixels: limits.pixels.min(DECODE_PIXELS_MAX),
                frames: limits.frames.min(DECODE_FRAMES_MAX),
                decoded_bytes: limits.decoded_bytes.min(DECODE_TOTAL_BYTES_MAX),
                memory_bytes: limits.memory_bytes.min(DECODE_MEMORY_BYTES_MAX),
            })
        }),
        violation("MJPEG-016", "takes limits of zero", || {
            misconfigured(|limits: &Limits| Limits {
                frames: limits.frames.max(1),
                memory_bytes: limits.memory_bytes.max(1),
                ..limits.clone()
            })
        }),
    ]
}

pub(super) fn of_use() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-013", "loses the first byte of every chunk but the first", || {
            meddling::<Mjpeg, bool>(|inner, fed, op| match op {
                Op::Feed(Blob(bytes)) if *fed && !bytes.is_empty() => inner.step(&Op::Feed(Blob(bytes[1..].to_vec()))),
                Op::Feed(_) => {
                    *fed = true;
                    inner.step(op)
                }
                op => inner.step(op),
            })
        }),
        violation("MJPEG-014", "takes a cut stream for an ended one", || {
            tampered::<Mjpeg, u32>(|frames, op, obs| {
                match (op, &obs) {
                    (Op::Rewind, Obs::Done) => *frames = 0,
                    (_, Obs::Frame { frame, .. }) => *frames = frame + 1,
                    _ => {}
                }
                instead(op, obs, E::TruncatedMedia, Obs::Ended { frames: *frames, plays: 1 })
            })
        }),
        violation("MJPEG-014", "rejects what may still come", || {
            telling(|(), op, obs| if *op == Op::Next && obs == Obs::NeedInput { Obs::Rejected(E::TruncatedMedia) } else { obs })
        }),
        violation("MJPEG-015", "counts frames on after a rewind", || {
            tampered::<Mjpeg, (u32, u32)>(|(before, given), op, obs| match (op, obs) {
                (Op::Rewind, Obs::Done) => {
                    (*before, *given) = (*before + *given, 0);
                    Obs::Done
                }
                (_, Obs::Frame { frame, delay, pixels }) => {
                    *given = frame + 1;
                    Obs::Frame { frame: frame + *before, delay, pixels }
                }
                (_, obs) => obs,
            })
        }),
        violation("MJPEG-015", "tells an error once", || {
            tampered::<Mjpeg, bool>(|told, op, obs| match (op, obs) {
                (Op::Next, Obs::Rejected(_)) if *told => Obs::NeedInput,
                (Op::Next, Obs::Rejected(code)) => {
                    *told = true;
                    Obs::Rejected(code)
                }
                (Op::Rewind, obs) => {
                    *told = false;
                    obs
                }
                (_, obs) => obs,
            })
        }),
        violation("MJPEG-016", "takes bytes after the end", || {
            telling(|(), _, obs| if obs == Obs::Rejected(E::InputEnded) { Obs::Done } else { obs })
        }),
        violation("MJPEG-016", "rewinds after a cancel", || {
            telling(|(), op, obs| if *op == Op::Rewind && obs == Obs::Rejected(E::DecodeCancelled) { Obs::Done } else { obs })
        }),
    ]
}
