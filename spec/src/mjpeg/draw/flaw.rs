//! One thing wrong in a stream.

use super::{Body, part_of, wrong_restarts};
use crate::mjpeg::{Coding, Jpeg, Scan, Segment, Table};
use crate::{Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

/// Makes one thing wrong in one of the pictures.
pub(super) fn flaw(source: &mut dyn Entropy, pictures: &mut [Jpeg]) {
    let place = source.below(pictures.len() as u64) as usize;
    let huge = entropy::pick(source, [0, 0, 8_192, 8_193, 65_535, 3_000, 300]);
    let Some(jpeg) = pictures.get_mut(place) else { return };
    match source.below(12) {
        0 => jpeg.kind = entropy::pick(source, [0xc3, 0xc5, 0xc8, 0xc9, 0xca, 0xcf, 0xc2, 0xc0]),
        1 => jpeg.precision = entropy::pick(source, [0, 12, 7, 16]),
        2 => header(source, jpeg, huge),
        3 => jpeg.end = false,
        4 => tables(source, jpeg),
        5 => factors(source, jpeg),
        6 => scans(source, jpeg),
        7 => segment(source, jpeg),
        8 => {
            jpeg.interval = source.between(1, 4) as u16;
            let restarts = wrong_restarts(source);
            jpeg.scans.iter_mut().for_each(|scan| scan.restarts = restarts);
        }
        9 => coefficients(source, jpeg),
        10 => {
            let bytes = source.between(1, 9) as usize;
            jpeg.scans.iter_mut().for_each(|scan| scan.lost = bytes);
        }
        _ => {
            jpeg.behind =
                entropy::pick(source, [&[0][..], &[0xff], &[0xff, 0xd8], &[0xff, 0xff, 0xd8], b"tail", &[0xff, 0xd8, 0xff, 0xd9]]).to_vec()
        }
    }
}

fn header(source: &mut dyn Entropy, jpeg: &mut Jpeg, huge: u16) {
    match source.below(4) {
        0 => jpeg.planes.clear(),
        1 => jpeg.planes.truncate(2),
        2 => {
            let last = jpeg.planes.last().cloned();
            jpeg.planes.extend(last);
        }
        _ => {
            // What is claimed is not coded, which would be too much.
            let mut claimed = Jpeg::new(1, 1, &[(1, 1)]);
            (claimed.width, claimed.height) = if source.one_in(2) { (huge, jpeg.height) } else { (jpeg.width, huge) };
            let header = claimed.header();
            jpeg.before.push(Segment::Marked(jpeg.kind, header));
        }
    }
}

fn factors(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let place = source.below(jpeg.planes.len() as u64) as usize;
    // Blocks are those of right factors; there may be too few of them now, which codes nothing.
    let factors = entropy::pick(source, [(0, 1), (1, 0), (5, 1), (1, 5), (3, 1), (2, 3), (4, 4)]);
    if let Some(plane) = jpeg.planes.get_mut(place) {
        match source.below(3) {
            0 | 1 => plane.factors = factors,
            _ => plane.id = 2,
        }
    }
}

fn tables(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let counts = |first: &[u8]| {
        let mut counts = [0; 16];
        counts[..first.len()].copy_from_slice(first);
        counts
    };
    let wrong: [Segment; 10] = [
        Segment::Marked(0xc4, Table { counts: counts(&[2]), symbols: vec![0, 1] }.content(0, 0)),
        Segment::Marked(0xc4, Table { counts: counts(&[1, 2]), symbols: vec![0, 1, 2] }.content(1, 0)),
        Segment::Marked(0xc4, Table { counts: counts(&[0, 3]), symbols: vec![0, 1] }.content(0, 0)),
        Segment::Marked(0xc4, Table::flat(&[0]).content(2, 0)),
        Segment::Marked(0xc4, Table::flat(&[0]).content(0, 4)),
        Segment::Marked(0xc4, vec![0; 16]),
        Segment::Marked(0xdb, vec![0; 65]),
        Segment::Marked(0xdb, [&[4][..], &[1; 64]].concat()),
        Segment::Marked(0xdb, [&[0x20][..], &[1; 128]].concat()),
        Segment::Marked(0xdb, [&[0][..], &[1; 63]].concat()),
    ];
    match source.below(4) {
        0 => jpeg.steps.clear(),
        1 => jpeg.scans.iter_mut().for_each(|scan| scan.coding = Coding::Before),
        _ => {
            let place = source.below(wrong.len() as u64) as usize;
            jpeg.before.extend(wrong.into_iter().nth(place));
        }
    }
}

fn scans(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let count = jpeg.scans.len() as u64;
    let place = source.below(count) as usize;
    let other = source.below(count) as usize;
    let value = entropy::pick(source, [0, 1, 5, 13, 14, 15, 63, 64]);
    match source.below(9) {
        0 => jpeg.scans.clear(),
        1 => {
            jpeg.scans.remove(place);
        }
        2 => {
            let again = jpeg.scans[place].clone();
            jpeg.scans.insert(other, again);
        }
        3 => jpeg.scans.swap(place, other),
        4 => jpeg.scans[place].planes.reverse(),
        5 => jpeg.scans[place].planes = entropy::pick(source, [&[][..], &[0, 0], &[0, 1], &[1, 2], &[2]]).to_vec(),
        6 => {
            let scan = &mut jpeg.scans[place];
            // Bands that are empty or too long are written as they are; nothing is coded for them.
            match source.below(4) {
                0 => scan.first = value,
                1 => scan.last = value,
                2 => scan.high = value & 15,
                _ => scan.low = value & 15,
            }
        }
        7 => jpeg.scans.extend((0..source.between(90, 110)).map(|_| Scan::progressive(&[0], (1, 1), 1, 0))),
        _ => {
            let plane = source.below(jpeg.planes.len() as u64) as usize;
            let (number, plane) = (entropy::pick(source, [2, 3, 4, 15]), &mut jpeg.planes[plane]);
            match source.below(3) {
                0 => plane.dc = number,
                1 => plane.ac = number,
                _ => plane.steps = number,
            }
        }
    }
}

fn segment(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let raw = |bytes: &[u8]| Segment::Raw(bytes.to_vec());
    let wrong = [
        raw(&[0]),
        raw(&[0xff, 0]),
        raw(&[0xff, 1]),
        raw(&[0xff, 0x4f]),
        raw(&[0xff, 0xd0]),
        raw(&[0xff, 0xd8]),
        raw(&[0xff, 0xd9]),
        raw(&[0xff, 0xe1, 0, 0]),
        raw(&[0xff, 0xe1, 0, 1]),
        raw(&[0xff, 0xe1, 0xff, 0xff]),
        Segment::Marked(0xdd, vec![0; 3]),
        Segment::Marked(0xdd, vec![0]),
        Segment::Marked(0xda, vec![0; 6]),
        Segment::Marked(0xcc, vec![0; 2]),
        Segment::Marked(0xdc, vec![0; 2]),
        Segment::Marked(0xc0, vec![8]),
        Segment::Marked(0xc0, Jpeg::new(1, 1, &[(1, 1)]).header()),
    ];
    let place = source.below(wrong.len() as u64) as usize;
    let scan = source.below(jpeg.scans.len() as u64) as usize;
    let target = match jpeg.scans.get_mut(scan) {
        Some(scan) if source.one_in(2) => &mut scan.before,
        _ => &mut jpeg.before,
    };
    target.extend(wrong.into_iter().nth(place));
}

/// Coefficients that no right code has.
fn coefficients(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let extreme = entropy::pick(source, [1_024, -1_024, 2_048, 16_384, i16::MIN, i16::MAX]);
    let place = entropy::pick(source, [0, 1, 63]);
    let plane = source.below(jpeg.planes.len() as u64) as usize;
    if let Some(block) = jpeg.planes.get_mut(plane).and_then(|plane| plane.blocks.last_mut()) {
        block[place] = extreme;
    }
}

/// Makes one thing wrong in a multipart body.
pub(super) fn multipart(source: &mut dyn Entropy, body: &mut Body) {
    match source.below(4) {
        0 => {
            body.boundary = entropy::pick(source, [&b""[..], &[b'b'; 70], &[b'b'; 71], b"a b", &[0x80]]).to_vec();
        }
        1 => body.last = entropy::pick(source, [&b""[..], b"-", b"x", b"\r", b"\r\nContent-Type: image/jpeg\r\n"]).to_vec(),
        2 => body.parts.clear(),
        _ => {
            let length = source.between(0, 200);
            let digits = alloc::format!("Content-Length: {length}").into_bytes();
            let long = [&b"X: "[..], &[b'x'; 4_090]].concat();
            let lines: [&[u8]; 12] = [
                b"no colon",
                b": no name",
                b"Content-Type: image/png",
                b"Content-Type: image/jpegs",
                b"Content-Type: image/jpeg",
                b"Content-Length: 1x",
                b"Content-Length:",
                b"Content-Length: 0",
                b"Content-Length: 8388609",
                b"Content-Length: 99999999999999999999999",
                &digits,
                &long,
            ];
            let line = entropy::pick(source, lines).to_vec();
            let Some(part) = part_of(source, body) else { return };
            match source.below(3) {
                0 => part.lines.clear(),
                1 => part.lines.push(line),
                _ => {
                    part.lines.pop();
                    part.lines.push(line);
                }
            }
        }
    }
}

/// Changes bytes without knowing what they are.
pub(super) fn damage(source: &mut dyn Entropy, stream: &mut Vec<u8>) {
    let place = source.below(stream.len() as u64) as usize;
    match source.below(4) {
        0 => stream.truncate(place),
        1 if !stream.is_empty() => {
            stream.remove(place);
        }
        2 => stream.insert(place, source.bits() as u8),
        _ => {
            if let Some(byte) = stream.get_mut(place) {
                *byte ^= 1 << source.below(8);
            }
        }
    }
}
