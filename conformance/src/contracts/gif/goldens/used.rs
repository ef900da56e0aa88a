//! Bounds, and streams in use.

use super::{COLOURS, full, screen};
use crate::contracts::decoding::goldens::{feed, golden, in_chunks, of_ends, of_limits};
use crate::suite::GoldenCase;
use spec::decode::{Limits, Op, whole};
use spec::devices::Blob;
use spec::gif::{Animation, Gif, Image};

pub(super) fn of_bounds() -> Vec<GoldenCase<Gif>> {
    let plain = Limits::default;
    let header = |width, height| {
        let mut ops = vec![Op::Feed(Blob(Animation::new(width, height, &[]).bytes()[..13].to_vec()))];
        ops.extend([Op::Info, Op::Next, Op::End, Op::Info, Op::Next]);
        ops
    };
    let three = screen().with(full(1)).with(full(2).controlled(3, None, 0)).with(full(3));
    let bytes = three.bytes().len() as u64;
    let limited = |name, doc, config| golden(name, doc, config, whole(&three.bytes(), 3));
    let mut all = vec![
        golden(
            "widest",
            "The largest picture is told from its header, and costs nothing before its first frame.",
            plain(),
            header(8_192, 8_192),
        ),
        golden("too_wide", "One column more.", plain(), header(8_193, 1)),
        golden("too_tall", "One row more.", plain(), header(1, 8_193)),
        golden("bomb", "65,535 by 65,535 pixels.", plain(), header(u16::MAX, u16::MAX)),
        golden("pixels_met", "Just the pixels of the limit.", Limits { pixels: 8, ..plain() }, header(4, 2)),
        golden("pixels_exceeded", "One pixel less than the picture has.", Limits { pixels: 7, ..plain() }, header(4, 2)),
        limited("frames_met", "As many frames as the limit.", Limits { frames: 3, ..plain() }),
        limited("frames_exceeded", "The third frame is one too many; two are given.", Limits { frames: 2, ..plain() }),
        limited("total_met", "As many bytes as the limit.", Limits { decoded_bytes: 96, ..plain() }),
        limited("total_exceeded", "One byte too few for the third frame.", Limits { decoded_bytes: 95, ..plain() }),
        limited("memory_met", "The stream, the canvas and what the second frame covers.", Limits { memory_bytes: bytes + 64, ..plain() }),
        limited("memory_exceeded", "One byte too few for what the second frame covers.", Limits { memory_bytes: bytes + 63, ..plain() }),
        limited("memory_of_the_canvas", "One byte too few for the canvas.", Limits { memory_bytes: bytes + 31, ..plain() }),
        golden(
            "memory_and_more_bytes",
            "While a frame is kept that is put back there is no memory for more bytes; a rewind gives it back.",
            Limits { memory_bytes: bytes + 70, ..plain() },
            {
                let mut ops = vec![Op::Feed(Blob(three.bytes())), Op::Next, Op::Next, Op::FeedZeros(7), Op::FeedZeros(6), Op::Rewind];
                ops.extend([Op::FeedZeros(33), Op::FeedZeros(32), Op::Next, Op::Next, Op::End, Op::Next]);
                ops
            },
        ),
        golden("expansion", "A picture of a million pixels in a few bytes of data, and one with no data at all.", plain(), {
            let mut image = Image::new(1_000, 1_000, 2, &[]);
            image.data = vec![0x04; 240];
            let mut ops = whole(&Animation::new(1_000, 1_000, &COLOURS).with(image).bytes(), 1);
            ops.push(Op::Rewind);
            ops.push(Op::Next);
            ops
        }),
        golden("no_data", "An image without data holds no pixel.", plain(), {
            let mut image = full(1);
            image.data = Vec::new();
            whole(&screen().with(image).bytes(), 1)
        }),
        golden("canvas_too_large", "A picture within all bounds but the default memory: told before it is drawn.", plain(), {
            whole(&Animation::new(4_096, 4_096, &COLOURS).with(Image::new(1, 1, 2, &[1])).bytes(), 1)
        }),
    ];
    all.extend(of_limits(&three.bytes(), 3));
    all
}

pub(super) fn of_use() -> Vec<GoldenCase<Gif>> {
    let two = screen().with(full(1).controlled(2, None, 4)).with(Image::new(2, 1, 2, &[2; 2]).at(1, 1)).bytes();
    let chunks = |size: usize| in_chunks(&two, size, &[Op::Next, Op::End, Op::Next]);
    let plain = Limits::default;
    let mut all = vec![
        golden("byte_by_byte", "Each frame is there with its last byte.", plain(), chunks(1)),
        golden("in_tens", "Chunks of ten bytes give the same.", plain(), chunks(10)),
        golden("without_an_end", "What is missing may still come, until the end is told.", plain(), {
            let (start, rest) = two.split_at(two.len() - 4);
            vec![Op::Next, Op::Info, feed(start), Op::Next, Op::Next, feed(rest), Op::Next, Op::Next, Op::End, Op::Next]
        }),
        golden("cut", "A stream that ends in its second frame gives the first.", plain(), whole(&two[..two.len() - 4], 2)),
        golden("cut_before_the_trailer", "A missing trailer is told behind all frames.", plain(), whole(&two[..two.len() - 1], 2)),
        golden("cut_in_the_header", "Too few bytes for a header, before and after the end.", plain(), {
            vec![feed(&two[..12]), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
        }),
        golden("rewound", "After a rewind the same frames come again, from a clear canvas, in the middle and at the end.", plain(), {
            vec![
                feed(&two),
                Op::Next,
                Op::Rewind,
                Op::Next,
                Op::Next,
                Op::Next,
                Op::Rewind,
                Op::End,
                Op::Next,
                Op::Next,
                Op::Next,
                Op::Next,
            ]
        }),
        golden("error_stays", "An error is given again, more bytes change nothing, a rewind gives the frames before it.", plain(), {
            let mut wrong = two[..two.len() - 1].to_vec();
            wrong.push(7);
            let mut ops = vec![Op::Feed(Blob(wrong)), Op::Next, Op::Next, Op::Next, Op::Next, Op::FeedZeros(3), Op::Next];
            ops.extend([Op::Info, Op::Rewind, Op::Next, Op::Next, Op::Next]);
            ops
        }),
    ];
    all.extend(of_ends(&two));
    all
}
