//! Goldens that every decoder has: what a client may ask for, and the ends of a stream.

use crate::suite::{GoldenCase, Suite};
use spec::Case;
use spec::decode::{Limits, Obs, Op, whole};
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};

pub(crate) fn golden<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(
    name: &'static str,
    doc: &'static str,
    config: Limits,
    ops: Vec<Op>,
) -> GoldenCase<C> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

/// A chunk.
pub(crate) fn feed(bytes: &[u8]) -> Op {
    Op::Feed(Blob(bytes.to_vec()))
}

/// A stream in chunks of this many bytes, a packet pulled after each, and what is done then.
pub(crate) fn in_chunks(stream: &[u8], bytes: usize, then: &[Op]) -> Vec<Op> {
    let chunks = stream.chunks(bytes).flat_map(|chunk| [feed(chunk), Op::Next]);
    chunks.chain(then.iter().cloned()).collect()
}

/// The length of a stream, and limits at their bounds and beyond them. The stream is a right one of so many packets.
pub(crate) fn of_limits<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(stream: &[u8], packets: usize) -> Vec<GoldenCase<C>> {
    let plain = Limits::default;
    let refused = |name, config| golden(name, "A limit is from 1 to its bound.", config, vec![Op::Info]);
    let largest = Limits {
        input_bytes: DECODE_INPUT_BYTES_MAX,
        pixels: DECODE_PIXELS_MAX,
        frames: DECODE_FRAMES_MAX,
        decoded_bytes: DECODE_TOTAL_BYTES_MAX,
        memory_bytes: DECODE_MEMORY_BYTES_MAX,
    };
    vec![
        golden(
            "input_met",
            "The longest stream.",
            plain(),
            vec![Op::FeedZeros(DECODE_INPUT_BYTES_MAX), Op::FeedZeros(1), Op::FeedZeros(0), Op::Next],
        ),
        golden(
            "input_exceeded",
            "One byte more is not taken, however many come at once.",
            Limits { input_bytes: 20, ..plain() },
            vec![Op::FeedZeros(21), Op::FeedZeros(20), Op::FeedZeros(1), Op::FeedZeros(u32::MAX), Op::Next],
        ),
        golden("largest_limits", "Every limit at its bound.", largest, whole(stream, packets)),
        golden(
            "memory_of_the_stream",
            "One byte too few for the stream, of which nothing is taken.",
            Limits { memory_bytes: stream.len() as u64 - 1, ..plain() },
            whole(stream, packets),
        ),
        refused("limit_of_input", Limits { input_bytes: DECODE_INPUT_BYTES_MAX + 1, ..plain() }),
        refused("limit_of_pixels", Limits { pixels: DECODE_PIXELS_MAX + 1, ..plain() }),
        refused("limit_of_frames", Limits { frames: DECODE_FRAMES_MAX + 1, ..plain() }),
        refused("limit_of_bytes", Limits { decoded_bytes: DECODE_TOTAL_BYTES_MAX + 1, ..plain() }),
        refused("limit_of_memory", Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX + 1, ..plain() }),
        refused("no_input", Limits { input_bytes: 0, ..plain() }),
        refused("no_pixels", Limits { pixels: 0, ..plain() }),
        refused("no_frames_allowed", Limits { frames: 0, ..plain() }),
        refused("no_bytes", Limits { decoded_bytes: 0, ..plain() }),
        refused("no_memory", Limits { memory_bytes: 0, ..plain() }),
    ]
}

/// Limits of sound, whose decoder holds so much memory beside the stream's when it has given its first packet.
pub(crate) fn of_sound<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(stream: &[u8], packets: usize, held: u64) -> Vec<GoldenCase<C>> {
    let plain = Limits::default;
    let memory_bytes = stream.len() as u64 + held + 6;
    let mut more = vec![feed(stream), Op::Next, Op::FeedZeros(7), Op::FeedZeros(6), Op::Rewind];
    more.extend([Op::FeedZeros(held as u32 + 1), Op::FeedZeros(held as u32), Op::Next]);
    let limited = |name, doc, config| golden(name, doc, config, whole(stream, packets));
    vec![
        limited("total_of_one", "One byte, and none is given.", Limits { decoded_bytes: 1, ..plain() }),
        limited("no_pixels_and_one_frame", "Sound has neither pixels nor frames.", Limits { pixels: 1, frames: 1, ..plain() }),
        golden(
            "memory_and_more_bytes",
            "While a packet is there, there is no memory for more bytes; a rewind gives it back.",
            Limits { memory_bytes, ..plain() },
            more,
        ),
    ]
}

/// What follows the end of a stream, and a cancel. The stream is a right one.
pub(crate) fn of_ends<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(stream: &[u8]) -> Vec<GoldenCase<C>> {
    let mut cancelled = vec![feed(stream), Op::Next, Op::Cancel, Op::Next, Op::Info, feed(&[1])];
    cancelled.extend([Op::FeedZeros(1), Op::End, Op::Rewind, Op::Cancel]);
    let late = vec![feed(stream), Op::End, feed(&[1]), Op::FeedZeros(0), Op::End, Op::Next, Op::FeedZeros(u32::MAX)];
    vec![
        golden("bytes_after_the_end", "Bytes after the end are not taken, none too.", Limits::default(), late),
        golden("cancelled", "After a cancel there is nothing but another cancel.", Limits::default(), cancelled),
    ]
}
