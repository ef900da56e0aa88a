//! Bounds, and streams in use.

use super::{PLAIN, three};
use crate::contracts::decoding::goldens::{feed, golden, in_chunks, of_ends, of_limits};
use crate::suite::GoldenCase;
use spec::apng::{Apng, Chunk, Form, bytes};
use spec::decode::{Limits, Op, whole};
use spec::devices::Blob;
use spec::gif::DECODE_MEMORY_BYTES_MAX;

pub(super) fn of_bounds() -> Vec<GoldenCase<Apng>> {
    let plain = Limits::default;
    let sized = |width, height| {
        let form = Form { width, height, ..PLAIN };
        let mut ops = vec![Op::Feed(Blob(bytes(&[form.header()]))), Op::Info, Op::Next, Op::End, Op::Info, Op::Next];
        ops.push(Op::Rewind);
        ops
    };
    let flat = |width| {
        let form = Form { width, height: 1, color: 0, ..PLAIN };
        whole(&bytes(&[form.header(), Chunk::new(b"IDAT", [7; 7]), Chunk::end()]), 1)
    };
    let stream = bytes(&three());
    let needed = stream.len() as u64 + 24;
    let limited = |name, doc, config| golden(name, doc, config, whole(&stream, 3));
    let mut all = vec![
        golden(
            "largest",
            "The largest picture is told from its header, and costs nothing before its first frame.",
            plain(),
            sized(8_192, 8_192),
        ),
        golden("too_wide", "One column more.", plain(), sized(8_193, 1)),
        golden("too_tall", "One row more.", plain(), sized(1, 8_193)),
        golden("bomb", "The largest picture that the format has.", plain(), sized(0x7fff_ffff, 0x7fff_ffff)),
        golden("bomb_of_frames", "An animation of 2^32 - 1 frames.", plain(), {
            let mut chunks = three();
            chunks[1] = Chunk::animation(u32::MAX, 0);
            whole(&bytes(&chunks), 1)
        }),
        golden("bomb_of_data", "8,192 by 8,192 pixels of a hundred bytes.", Limits { memory_bytes: DECODE_MEMORY_BYTES_MAX, ..plain() }, {
            let form = Form { width: 8_192, height: 8_192, ..PLAIN };
            whole(&bytes(&[form.header(), Chunk::new(b"IDAT", [7; 100]), Chunk::end()]), 1)
        }),
        golden("expansion_met", "As many filtered bytes as 1,032 times the data, which is no data of zlib.", plain(), flat(7_223)),
        golden("expansion_exceeded", "One filtered byte more than the data can hold.", plain(), flat(7_224)),
        limited("frames_met", "As many frames as the limit.", Limits { frames: 3, ..plain() }),
        limited("frames_exceeded", "Told at acTL, before the first frame.", Limits { frames: 2, ..plain() }),
        limited("total_met", "As many bytes as the limit.", Limits { decoded_bytes: 72, ..plain() }),
        limited("total_exceeded", "One byte too few for the third frame.", Limits { decoded_bytes: 71, ..plain() }),
        limited("pixels_exceeded", "One pixel less than the picture has.", Limits { pixels: 5, ..plain() }),
        // The first frame has two rows of 13 filtered bytes, the second 9 and eight that are put back.
        limited(
            "memory_met",
            "The stream, the canvas and the filtered bytes of the first frame.",
            Limits { memory_bytes: needed + 26, ..plain() },
        ),
        limited("memory_exceeded", "One byte too few for them.", Limits { memory_bytes: needed + 25, ..plain() }),
        golden(
            "memory_and_more_bytes",
            "What is put back is charged until the next frame.",
            Limits { memory_bytes: needed + 30, ..plain() },
            {
                let mut ops = vec![feed(&stream), Op::Next, Op::FeedZeros(31), Op::Next, Op::FeedZeros(23), Op::FeedZeros(22)];
                ops.extend([Op::Next, Op::Rewind, Op::FeedZeros(9), Op::FeedZeros(8), Op::Next]);
                ops
            },
        ),
    ];
    all.extend(of_limits(&stream, 3));
    all
}

pub(super) fn of_use() -> Vec<GoldenCase<Apng>> {
    let plain = Limits::default;
    let stream = bytes(&three());
    let chunked = |size: usize| in_chunks(&stream, size, &[Op::End, Op::Next]);
    let mut all = vec![
        golden("byte_by_byte", "Each frame is there with the eighth byte of the chunk behind it.", plain(), chunked(1)),
        golden("in_fifties", "Chunks of fifty bytes give the same.", plain(), chunked(50)),
        golden("cut", "A stream that ends in its third frame gives two.", plain(), whole(&stream[..stream.len() - 30], 3)),
        golden("cut_in_the_header", "Too few bytes for a header, before and after the end.", plain(), {
            vec![feed(&stream[..32]), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
        }),
        golden("rewound", "After a rewind the same frames come again.", plain(), {
            let mut ops = whole(&stream, 3);
            ops.push(Op::Rewind);
            ops.extend([Op::Next, Op::Next, Op::Rewind, Op::Next, Op::Next, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("error_stays", "An error is given again, and a rewind gives the frames before it.", plain(), {
            let mut wrong = stream.clone();
            let place = wrong.len() - 14;
            wrong[place] ^= 1;
            let mut ops = whole(&wrong, 4);
            ops.extend([Op::Rewind, Op::Next, Op::Next, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("after_the_end", "What follows IEND is not looked at; bytes after the end are not taken.", plain(), {
            let mut ops = whole(&[&stream[..], &[1, 2, 3]].concat(), 3);
            ops.push(Op::FeedZeros(1));
            ops
        }),
    ];
    all.extend(of_ends(&stream));
    all
}
