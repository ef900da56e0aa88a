//! Wrong decoders that every format has: what they get wrong is the pull API's, and not the format's.

use super::{instead, mishearing, telling};
use crate::suite::{Suite, meddling, misconfigured, tampered};
use spec::ErrorCode as E;
use spec::Machine;
use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};

/// A contract of a decoder.
pub trait Decodes: Suite<Config = Limits, Op = Op, Obs = Obs> {}

impl<C: Suite<Config = Limits, Op = Op, Obs = Obs>> Decodes for C {}

type Wrong<C> = Box<dyn Machine<C>>;

/// Tells one channel more than there is.
pub fn one_channel_more<C: Decodes>() -> Wrong<C> {
    telling(|(), _, obs| match obs {
        Obs::Audio { rate_hz, channels } => Obs::Audio { rate_hz, channels: channels + 1 },
        obs => obs,
    })
}

/// Tells rates in hundreds of hertz.
pub fn rates_in_hundreds<C: Decodes>() -> Wrong<C> {
    telling(|(), _, obs| match obs {
        Obs::Audio { rate_hz, channels } => Obs::Audio { rate_hz: rate_hz / 100 * 100, channels },
        obs => obs,
    })
}

/// Does not bound pixels.
pub fn any_pixels<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits { pixels: limits.pixels.max(DECODE_PIXELS_MAX), ..limits.clone() })
}

/// Does not bound frames. A limit of zero stays one, here and below: that it is refused is another requirement.
pub fn any_frames<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits {
        frames: if limits.frames == 0 { 0 } else { limits.frames.max(DECODE_FRAMES_MAX) },
        ..limits.clone()
    })
}

/// Does not bound the bytes of all packets.
pub fn any_total<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits {
        decoded_bytes: if limits.decoded_bytes == 0 { 0 } else { limits.decoded_bytes.max(DECODE_TOTAL_BYTES_MAX) },
        ..limits.clone()
    })
}

/// Gives one byte less than the bound of all packets.
pub fn total_less_one<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| {
        let less = u64::from((2..DECODE_TOTAL_BYTES_MAX).contains(&limits.decoded_bytes));
        Limits { decoded_bytes: limits.decoded_bytes - less, ..limits.clone() }
    })
}

/// Does not bound memory.
pub fn any_memory<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits {
        memory_bytes: if limits.memory_bytes == 0 { 0 } else { limits.memory_bytes.max(DECODE_MEMORY_BYTES_MAX) },
        ..limits.clone()
    })
}

/// Counts one byte less of what it holds.
pub fn memory_and_one<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| {
        let more = u64::from((1..DECODE_MEMORY_BYTES_MAX).contains(&limits.memory_bytes));
        Limits { memory_bytes: limits.memory_bytes + more, ..limits.clone() }
    })
}

/// Lowers limits to their bounds.
pub fn lowered_limits<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits {
        input_bytes: limits.input_bytes.min(DECODE_INPUT_BYTES_MAX),
        pixels: limits.pixels.min(DECODE_PIXELS_MAX),
        frames: limits.frames.min(DECODE_FRAMES_MAX),
        decoded_bytes: limits.decoded_bytes.min(DECODE_TOTAL_BYTES_MAX),
        memory_bytes: limits.memory_bytes.min(DECODE_MEMORY_BYTES_MAX),
    })
}

/// Takes limits of zero.
pub fn limits_of_zero<C: Decodes>() -> Wrong<C> {
    misconfigured(|limits: &Limits| Limits { frames: limits.frames.max(1), memory_bytes: limits.memory_bytes.max(1), ..limits.clone() })
}

/// Loses the first byte of every chunk but the first.
pub fn lost_byte<C: Decodes>() -> Wrong<C> {
    meddling::<C, bool>(|inner, fed, op| match op {
        Op::Feed(Blob(bytes)) if *fed && !bytes.is_empty() => inner.step(&Op::Feed(Blob(bytes[1..].to_vec()))),
        Op::Feed(_) => {
            *fed = true;
            inner.step(op)
        }
        op => inner.step(op),
    })
}

/// Takes a cut stream for an ended one.
pub fn cut_for_ended<C: Decodes>() -> Wrong<C> {
    tampered::<C, u32>(|packets, op, obs| {
        match (op, &obs) {
            (Op::Rewind, Obs::Done) => *packets = 0,
            (_, Obs::Frame { frame: number, .. } | Obs::Pcm { packet: number, .. }) => *packets = number + 1,
            _ => {}
        }
        instead(op, obs, E::TruncatedMedia, Obs::Ended { frames: *packets, plays: 1 })
    })
}

/// Waits for more after the end.
pub fn waits_after_the_end<C: Decodes>() -> Wrong<C> {
    telling(|(), op, obs| instead(op, obs, E::TruncatedMedia, Obs::NeedInput))
}

/// Counts packets on after a rewind.
pub fn counts_on<C: Decodes>() -> Wrong<C> {
    tampered::<C, (u32, u32)>(|(before, last), op, obs| match (op, obs) {
        (Op::Rewind, Obs::Done) => {
            *before += std::mem::take(last);
            Obs::Done
        }
        (_, Obs::Frame { frame, delay, pixels }) => {
            *last = frame + 1;
            Obs::Frame { frame: frame + *before, delay, pixels }
        }
        (_, Obs::Pcm { packet, samples }) => {
            *last = packet + 1;
            Obs::Pcm { packet: packet + *before, samples }
        }
        (_, obs) => obs,
    })
}

/// Does not rewind.
pub fn no_rewind<C: Decodes>() -> Wrong<C> {
    mishearing(|op| if *op == Op::Rewind { Op::FeedZeros(0) } else { op.clone() })
}

/// Tells an error once.
pub fn error_once<C: Decodes>() -> Wrong<C> {
    tampered::<C, bool>(|told, op, obs| match (op, &obs) {
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
}

/// Drops bytes after the end without a word.
pub fn silent_after_the_end<C: Decodes>() -> Wrong<C> {
    telling(|(), _, obs| if obs == Obs::Rejected(E::InputEnded) { Obs::Done } else { obs })
}

/// Rewinds after a cancel.
pub fn rewinds_after_a_cancel<C: Decodes>() -> Wrong<C> {
    telling(|(), op, obs| if *op == Op::Rewind && obs == Obs::Rejected(E::DecodeCancelled) { Obs::Done } else { obs })
}

/// Goes on after a cancel.
pub fn no_cancel<C: Decodes>() -> Wrong<C> {
    mishearing(|op| if *op == Op::Cancel { Op::FeedZeros(0) } else { op.clone() })
}
