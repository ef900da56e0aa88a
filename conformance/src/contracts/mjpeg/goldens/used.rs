//! Bounds, and streams in use.

use super::{QUARTERS, colour, grey};
use crate::contracts::decoding::goldens::{feed, golden, in_chunks, of_ends, of_limits};
use crate::suite::GoldenCase;
use spec::decode::{Limits, Op, whole};
use spec::devices::Blob;
use spec::mjpeg::{Body, Jpeg, MJPEG_RESTARTS_MAX, Mjpeg, Scan, Segment};

pub(super) fn of_bounds() -> Vec<GoldenCase<Mjpeg>> {
    let plain = Limits::default;
    let header = |width, height| {
        let mut claimed = Jpeg::new(1, 1, &[(1, 1)]);
        (claimed.width, claimed.height) = (width, height);
        let header = claimed.header();
        let bytes = [&[0xff, 0xd8, 0xff, 0xc0, 0, header.len() as u8 + 2][..], &header].concat();
        vec![Op::Feed(Blob(bytes)), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
    };
    let three = [grey(1).bytes(), grey(2).bytes(), grey(3).bytes()].concat();
    let limited = |name, doc, config| golden(name, doc, config, whole(&three, 3));
    let mut kept = colour(&QUARTERS);
    (kept.kind, kept.scans) = (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 0)]);
    let kept = kept.bytes();
    // Two units of six blocks of 64 coefficients, of two bytes each, of a picture of 19 by 13.
    let needed = (kept.len() + 19 * 13 * 4 + 2 * 6 * 64 * 2) as u64;
    let held = |name, doc, memory_bytes| golden(name, doc, Limits { memory_bytes, ..plain() }, whole(&kept, 1));
    let bytes = three.len() as u64;
    let mut all = vec![
        golden("widest", "The largest picture is told from its header, and costs nothing before its data.", plain(), header(8_192, 8_192)),
        golden("too_wide", "One column more.", plain(), header(8_193, 1)),
        golden("too_tall", "One row more.", plain(), header(1, 8_193)),
        golden("bomb", "65,535 by 65,535 pixels.", plain(), header(u16::MAX, u16::MAX)),
        golden("pixels_met", "Just the pixels of the limit.", Limits { pixels: 8, ..plain() }, header(4, 2)),
        golden("pixels_exceeded", "One pixel less than the picture has.", Limits { pixels: 7, ..plain() }, header(4, 2)),
        limited("frames_met", "As many frames as the limit.", Limits { frames: 3, ..plain() }),
        limited("frames_exceeded", "The third frame is one too many; two are given.", Limits { frames: 2, ..plain() }),
        limited("total_met", "As many bytes as the limit.", Limits { decoded_bytes: 24, ..plain() }),
        limited("total_exceeded", "One byte too few for the third frame.", Limits { decoded_bytes: 23, ..plain() }),
        limited("memory_met", "The stream and the canvas.", Limits { memory_bytes: bytes + 8, ..plain() }),
        limited("memory_of_the_canvas", "One byte too few for the canvas.", Limits { memory_bytes: bytes + 7, ..plain() }),
        held("memory_of_coefficients_met", "The stream, the canvas and the coefficients that are kept.", needed),
        held("memory_of_coefficients_exceeded", "One byte too few for the coefficients.", needed - 1),
        golden(
            "memory_and_more_bytes",
            "While coefficients are kept there is no memory for more bytes; a rewind gives it back.",
            Limits { memory_bytes: needed + 2, ..plain() },
            vec![feed(&kept), Op::Next, Op::FeedZeros(3), Op::FeedZeros(2), Op::Rewind, Op::FeedZeros(100), Op::Next],
        ),
        golden("expansion_met", "512 pixels for each byte, which the data don't hold.", plain(), whole(&claiming(0), 1)),
        golden("expansion_exceeded", "A row more.", plain(), whole(&claiming(1), 1)),
        golden("scans_met", "A hundred scans.", plain(), whole(&scans(100), 1)),
        golden("scans_exceeded", "One scan more.", plain(), whole(&scans(101), 1)),
        golden(
            "restarts_exceeded",
            "65,535 restart markers are told before anything is decoded.",
            plain(),
            whole(&restarts(MJPEG_RESTARTS_MAX + 1), 1),
        ),
        golden("blocks_of_a_unit_met", "Ten blocks in a unit.", plain(), whole(&Jpeg::new(9, 9, &[(4, 2), (1, 1), (1, 1)]).bytes(), 1)),
        golden(
            "blocks_of_a_unit_exceeded",
            "Eleven blocks in a unit.",
            plain(),
            whole(&Jpeg::new(9, 9, &[(4, 2), (2, 1), (1, 1)]).bytes(), 1),
        ),
    ];
    all.extend(of_limits(&three, 3));
    all
}

/// A picture of 512 columns that claims as many rows as it has bytes, and so many more.
fn claiming(more: u16) -> Vec<u8> {
    let mut bytes = grey(9).bytes();
    let rows = bytes.len() as u16 + more;
    let header = bytes.windows(2).position(|two| two == [0xff, 0xc0]).expect("a frame header");
    bytes[header + 5..header + 9].copy_from_slice(&[rows.to_be_bytes(), 512_u16.to_be_bytes()].concat());
    bytes
}

/// DC, each other coefficient, and refinements of these.
fn scans(count: u8) -> Vec<u8> {
    let mut jpeg = Jpeg::new(1, 1, &[(1, 1)]);
    jpeg.kind = 0xc2;
    jpeg.scans = vec![Scan::progressive(&[0], (0, 0), 0, 0)];
    jpeg.scans.extend((1..64).map(|place| Scan::progressive(&[0], (place, place), 0, 1)));
    jpeg.scans.extend((1..=count - 64).map(|place| Scan::progressive(&[0], (place, place), 1, 0)));
    jpeg.bytes()
}

/// A picture with so many restart markers in its data.
fn restarts(count: u32) -> Vec<u8> {
    let mut bytes = grey(9).bytes();
    let end = bytes.len() - 2;
    bytes.splice(end..end, (0..count).flat_map(|number| [0xff, 0xd0 | (number % 8) as u8]));
    bytes
}

pub(super) fn of_use() -> Vec<GoldenCase<Mjpeg>> {
    let mut first = grey(100);
    first.before.push(Segment::Marked(0xfe, b"first".to_vec()));
    let pictures = [first.bytes(), grey(-60).bytes()];
    let (row, parts) = (pictures.concat(), Body::new(&pictures, false).bytes());
    let chunks = |stream: &[u8], size: usize| in_chunks(stream, size, &[Op::Next, Op::End, Op::Next]);
    let plain = Limits::default;
    let mut all = vec![
        golden("in_tens", "Chunks of ten bytes give each frame with its last byte.", plain(), chunks(&row, 10)),
        golden("parts_in_sevens", "A part is there with its boundary.", plain(), chunks(&parts, 7)),
        golden("byte_by_byte", "Header, data and end come one by one.", plain(), {
            let mut ops: Vec<Op> = grey(5).bytes().iter().skip(120).map(|byte| Op::Feed(Blob(vec![*byte]))).collect();
            let start = Op::Feed(Blob(grey(5).bytes()[..120].to_vec()));
            ops.insert(0, start);
            ops.extend([Op::Info, Op::Next, Op::Next, Op::End, Op::Next]);
            ops
        }),
        golden("without_an_end", "What is missing may still come, until the end is told.", plain(), {
            let (start, rest) = row.split_at(row.len() - 4);
            let mut ops = vec![Op::Next, Op::Info, feed(start), Op::Next, Op::Next, feed(rest)];
            ops.extend([Op::Next, Op::Next, Op::End, Op::Next]);
            ops
        }),
        golden("cut", "A stream that ends in its second picture gives the first.", plain(), whole(&row[..row.len() - 4], 2)),
        golden("cut_in_the_header", "Too few bytes for a header, before and after the end.", plain(), {
            vec![feed(&row[..40]), Op::Info, Op::Next, Op::End, Op::Info, Op::Next]
        }),
        golden("rewound", "After a rewind the same frames come again, in the middle and at the end.", plain(), {
            let mut ops = vec![feed(&parts), Op::Next, Op::Rewind, Op::Next, Op::Next, Op::Next, Op::Rewind, Op::End];
            ops.extend([Op::Next, Op::Next, Op::Next, Op::Next]);
            ops
        }),
        golden("error_stays", "An error is given again, more bytes change nothing, a rewind gives the frames before it.", plain(), {
            let wrong = [&pictures[0][..], &[0xff, 0xd8, 0, 0]].concat();
            let mut ops = vec![Op::Feed(Blob(wrong)), Op::Next, Op::Next, Op::Next, Op::FeedZeros(3), Op::Next];
            ops.extend([Op::Info, Op::Rewind, Op::Next, Op::Next, Op::Next]);
            ops
        }),
    ];
    all.extend(of_ends(&row));
    all
}
