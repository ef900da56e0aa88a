//! Limits of a client, and streams in use.

use crate::contracts::decoding::goldens::{feed, golden, in_chunks, of_ends, of_limits, of_sound};
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::vorbis::write::{Drawn, Setup};
use spec::vorbis::{Limits, Op, Vorbis};

/// Three packets of 32 frames of one channel behind the first, each on a page of its own.
fn drawn() -> Drawn {
    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0, 0, 0], 31);
    drawn.layout.segments = 1;
    drawn
}

pub(super) fn of_bounds() -> Vec<GoldenCase<Vorbis>> {
    let plain = Limits::default;
    let drawn = drawn();
    let stream = drawn.file();
    let (bytes, tables) = (stream.len() as u64, drawn.setup.memory_bytes());
    let limited = |name, doc, config| golden(name, doc, config, whole(&stream, 4));
    let mut all = vec![
        limited("total_met", "As many bytes of samples as the limit.", Limits { decoded_bytes: 192, ..plain() }),
        limited("total_exceeded", "One byte too few for the third packet.", Limits { decoded_bytes: 191, ..plain() }),
        limited("memory_met", "The stream and the tables of its headers.", Limits { memory_bytes: bytes + tables, ..plain() }),
        limited("memory_exceeded", "One byte too few for the last vectors.", Limits { memory_bytes: bytes + tables - 1, ..plain() }),
        limited("memory_of_the_blocks", "One byte too few for the blocks.", Limits { memory_bytes: bytes + 5_119, ..plain() }),
    ];
    all.extend(of_limits(&stream, 4));
    all.extend(of_sound(&stream, 4, tables));
    all
}

pub(super) fn of_use() -> Vec<GoldenCase<Vorbis>> {
    let plain = Limits::default;
    let stream = drawn().file();
    let chunks = |size: usize| in_chunks(&stream, size, &[Op::Info, Op::Next, Op::Next, Op::End, Op::Next]);
    let (start, rest) = stream.split_at(stream.len() - 40);
    let wrong = || {
        let mut wrong = stream.clone();
        let last = wrong.len() - 1;
        wrong[last] ^= 1;
        wrong
    };
    let mut all = vec![
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
    ];
    all.extend(of_ends(&stream));
    all
}
