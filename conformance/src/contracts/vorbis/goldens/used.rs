//! Limits of a client, and streams in use.

use super::golden;
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::devices::Blob;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::vorbis::write::{Drawn, Setup};
use spec::vorbis::{Limits, Op, Vorbis};

/// Three packets of 32 frames of one channel behind the first, each on a page of its own.
fn drawn() -> Drawn {
    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0, 0, 0], 31);
    drawn.layout.segments = 1;
    drawn
}

pub(super) fn of_limits() -> Vec<GoldenCase<Vorbis>> {
    let plain = Limits::default;
    let drawn = drawn();
    let stream = drawn.file();
    let (bytes, tables) = (stream.len() as u64, drawn.setup.memory_bytes());
    let limited = |name, doc, config| golden(name, doc, config, whole(&stream, 4));
    let refused = |name, config| golden(name, "A limit is from 1 to its bound.", config, vec![Op::Info]);
    vec![
        limited("total_met", "As many bytes of samples as the limit.", Limits { decoded_bytes: 192, ..plain() }),
        limited("total_exceeded", "One byte too few for the third packet.", Limits { decoded_bytes: 191, ..plain() }),
        limited("total_of_one", "One byte, and none is given.", Limits { decoded_bytes: 1, ..plain() }),
        limited("memory_met", "The stream and the tables of its headers.", Limits { memory_bytes: bytes + tables, ..plain() }),
        limited("memory_exceeded", "One byte too few for the last vectors.", Limits { memory_bytes: bytes + tables - 1, ..plain() }),
        limited("memory_of_the_blocks", "One byte too few for the blocks.", Limits { memory_bytes: bytes + 5_119, ..plain() }),
        limited(
            "memory_of_the_stream",
            "One byte too few for the stream, of which nothing is taken.",
            Limits { memory_bytes: bytes - 1, ..plain() },
        ),
        golden(
            "memory_and_more_bytes",
            "While the tables are there, there is no memory for more bytes; a rewind gives it back.",
            Limits { memory_bytes: bytes + tables + 6, ..plain() },
            vec![
                Op::Feed(Blob(stream.clone())),
                Op::Next,
                Op::FeedZeros(7),
                Op::FeedZeros(6),
                Op::Rewind,
                Op::FeedZeros(tables as u32 + 1),
                Op::FeedZeros(100),
                Op::Next,
            ],
        ),
        limited("no_pixels_and_one_frame", "Sound has neither pixels nor frames.", Limits { pixels: 1, frames: 1, ..plain() }),
        golden(
            "input_met",
            "The longest stream.",
            plain(),
            vec![Op::FeedZeros(DECODE_INPUT_BYTES_MAX), Op::FeedZeros(1), Op::FeedZeros(0), Op::Next],
        ),
        golden("input_exceeded", "One byte more is not taken, however many come at once.", Limits { input_bytes: 20, ..plain() }, {
            vec![Op::FeedZeros(21), Op::FeedZeros(20), Op::FeedZeros(1), Op::FeedZeros(u32::MAX), Op::Next]
        }),
        golden(
            "largest_limits",
            "Every limit at its bound.",
            Limits {
                input_bytes: DECODE_INPUT_BYTES_MAX,
                pixels: DECODE_PIXELS_MAX,
                frames: DECODE_FRAMES_MAX,
                decoded_bytes: DECODE_TOTAL_BYTES_MAX,
                memory_bytes: DECODE_MEMORY_BYTES_MAX,
            },
            whole(&stream, 4),
        ),
        refused("limit_of_input", Limits { input_bytes: DECODE_INPUT_BYTES_MAX + 1, ..plain() }),
        refused("limit_of_bytes", Limits { decoded_bytes: DECODE_TOTAL_BYTES_MAX + 1, ..plain() }),
        refused("limit_of_memory", Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX + 1, ..plain() }),
        refused("no_memory", Limits { memory_bytes: 0, ..plain() }),
        refused("no_frames_allowed", Limits { frames: 0, ..plain() }),
    ]
}

pub(super) fn of_use() -> Vec<GoldenCase<Vorbis>> {
    let plain = Limits::default;
    let stream = drawn().file();
    let chunks = |size: usize| {
        let mut ops: Vec<Op> = stream.chunks(size).flat_map(|chunk| [Op::Feed(Blob(chunk.to_vec())), Op::Next]).collect();
        ops.extend([Op::Info, Op::Next, Op::Next, Op::End, Op::Next]);
        ops
    };
    let (start, rest) = stream.split_at(stream.len() - 40);
    let feed = |bytes: &[u8]| Op::Feed(Blob(bytes.to_vec()));
    let wrong = || {
        let mut wrong = stream.clone();
        let last = wrong.len() - 1;
        wrong[last] ^= 1;
        wrong
    };
    vec![
        golden("in_tens", "Each packet is there with its page.", plain(), chunks(10)),
        golden("in_hundreds", "Chunks of a hundred bytes give the same.", plain(), chunks(100)),
        golden("without_an_end", "What is missing may still come, until the end is told.", plain(), {
            let mut ops = vec![Op::Next, Op::Info, feed(start)];
            ops.extend([Op::Next, Op::Next, Op::Next, Op::Next]);
            ops.push(feed(rest));
            ops.extend([Op::Next, Op::Next, Op::End, Op::Next]);
            ops
        }),
        golden("cut", "A stream that ends within its last page gives what lies before it.", plain(), whole(start, 4)),
        golden("cut_in_the_headers", "Headers that are not whole.", plain(), whole(&stream[..100], 1)),
        golden("cut_in_the_first_page", "Too few bytes for a page, before and after the end.", plain(), {
            vec![feed(&stream[..57]), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
        }),
        golden("rewound", "After a rewind the same packets come again, in the middle and at the end.", plain(), {
            let mut ops = vec![feed(&stream), Op::Next, Op::Next, Op::Rewind, Op::Next, Op::Next, Op::Next, Op::Next];
            ops.extend([Op::Rewind, Op::End, Op::Next, Op::Next, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("error_stays", "An error is given again, more bytes change nothing, a rewind gives the packets before it.", plain(), {
            let mut ops = vec![feed(&wrong()), Op::Next, Op::Next, Op::Next, Op::Next, Op::FeedZeros(3), Op::Next];
            ops.extend([Op::Info, Op::Rewind, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("bytes_after_the_end", "Bytes after the end are not taken, none too.", plain(), {
            vec![feed(&stream), Op::End, feed(&[1]), Op::FeedZeros(0), Op::End, Op::Next, Op::FeedZeros(u32::MAX)]
        }),
        golden("cancelled", "After a cancel there is nothing but another cancel.", plain(), {
            let mut ops = vec![feed(&stream), Op::Next, Op::Cancel, Op::Next, Op::Info, feed(&[1])];
            ops.extend([Op::FeedZeros(1), Op::End, Op::Rewind, Op::Cancel]);
            ops
        }),
    ]
}
