//! Drawn JPEG streams: mostly right, often with one thing wrong.

use super::{Body, Coding, Jpeg, Mjpeg, Part, Restarts, Scan, Segment};
use crate::decode::{draw_limits, draw_use};
use crate::{Case, Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

mod flaw;

/// What follows a JFIF segment's name: version, density, no thumbnail.
const JFIF: [u8; 14] = *b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0";

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Mjpeg> {
    let mut pictures = pictures(source);
    let (pixels, frames) = (u32::from(pictures[0].width) * u32::from(pictures[0].height), pictures.len());
    let wrong = source.one_in(3);
    if wrong {
        flaw::flaw(source, &mut pictures);
    }
    let mut stream = join(source, &pictures, source_of_flaws(wrong));
    if source.one_in(8) {
        flaw::damage(source, &mut stream);
    }
    let config = draw_limits(source, stream.len(), pixels, frames as u32);
    Case { config, ops: draw_use(source, &stream, frames, ops) }
}

/// How often a multipart body has something wrong: once in so many times, where its pictures are right.
fn source_of_flaws(wrong: bool) -> u64 {
    if wrong { u64::MAX } else { 6 }
}

/// A right stream and how many frames it has.
pub fn stream(source: &mut dyn Entropy) -> (Vec<u8>, usize) {
    let pictures = pictures(source);
    (join(source, &pictures, u64::MAX), pictures.len())
}

fn pictures(source: &mut dyn Entropy) -> Vec<Jpeg> {
    let large = source.one_in(24);
    let side = |source: &mut dyn Entropy| if large { source.between(30, 80) as u16 } else { source.between(1, 20) as u16 };
    let (width, height) = (side(source), side(source));
    (0..source.between(1, if large { 1 } else { 3 })).map(|_| jpeg(source, width, height)).collect()
}

/// Pictures in a row, or in parts.
fn join(source: &mut dyn Entropy, pictures: &[Jpeg], flaws: u64) -> Vec<u8> {
    let pictures: Vec<Vec<u8>> = pictures.iter().map(Jpeg::bytes).collect();
    if !source.one_in(3) {
        return pictures.concat();
    }
    let mut body = Body::new(&pictures, source.one_in(2));
    body.bare = source.one_in(4);
    body.boundary = entropy::pick(source, [&b"frame"[..], b"-", b"--x--", b"=_b0undary:1/2"]).to_vec();
    body.last = entropy::pick(source, [&b"--\r\n"[..], b"--", b"\r\n", b"--\r\nafter"]).to_vec();
    for part in &mut body.parts {
        while source.one_in(3) {
            let place = source.below(part.lines.len() as u64 + 1) as usize;
            let line = entropy::pick(source, [&b"X-Timestamp: 12.5"[..], b"a:", b"Content-Disposition:\tinline ", b"A: b: c"]);
            part.lines.insert(place, line.to_vec());
        }
        if source.one_in(4) {
            let kinds = [
                &b"content-type:image/jpeg"[..],
                b"CONTENT-TYPE: \t IMAGE/JPEG ; q=1",
                b"Content-type: image/jpg",
                b"Content-Type: image/jpeg;",
            ];
            let kind = entropy::pick(source, kinds).to_vec();
            part.lines.iter_mut().filter(|line| line.starts_with(b"Content-Type")).for_each(|line| line.clone_from(&kind));
        }
    }
    if source.one_in(flaws) {
        flaw::multipart(source, &mut body);
    }
    body.bytes()
}

/// A right picture of this size.
pub fn jpeg(source: &mut dyn Entropy, width: u16, height: u16) -> Jpeg {
    let colour: [&[(u8, u8)]; 10] = [
        &[(1, 1), (1, 1), (1, 1)],
        &[(2, 1), (1, 1), (1, 1)],
        &[(2, 2), (1, 1), (1, 1)],
        &[(1, 2), (1, 1), (1, 1)],
        &[(2, 2), (1, 1), (1, 1)],
        &[(2, 2), (2, 1), (1, 2)],
        &[(4, 1), (1, 1), (2, 1)],
        &[(1, 1), (2, 2), (1, 1)],
        &[(1, 4), (1, 1), (1, 2)],
        &[(3, 1), (1, 1), (3, 1)],
    ];
    let factors =
        if source.one_in(3) { &[(source.between(1, 4) as u8, source.between(1, 4) as u8)] } else { entropy::pick(source, colour) };
    let mut jpeg = Jpeg::new(width, height, factors);
    paint(source, &mut jpeg);
    for steps in &mut jpeg.steps {
        steps.wide = source.one_in(8);
        let most = if steps.wide { entropy::pick(source, [255, 1_000, 65_535]) } else { entropy::pick(source, [1, 8, 60, 255]) };
        steps.steps.iter_mut().for_each(|step| *step = source.between(1, most) as u16);
    }
    if source.one_in(3) {
        jpeg.before.push(Segment::Marked(0xe0, JFIF.to_vec()));
    }
    other_segments(source, &mut jpeg.before);
    if source.one_in(8) {
        let ids: [[u8; 3]; 3] = [*b"RGB", [0, 1, 2], [1, 34, 35]];
        let ids = entropy::pick(source, ids);
        jpeg.planes.iter_mut().zip(ids).for_each(|(plane, id)| plane.id = id);
    }
    if source.one_in(4) {
        jpeg.interval = source.between(1, 12) as u16;
    }
    let planes = jpeg.planes.len() as u8;
    match source.below(6) {
        0 if planes == 3 => {
            let parts: [&[&[u8]]; 3] = [&[&[0], &[1], &[2]], &[&[2], &[0, 1]], &[&[0], &[1, 2]]];
            jpeg.scans = entropy::pick(source, parts).iter().map(|planes| Scan::sequential(planes)).collect();
        }
        1 | 2 => {
            jpeg.kind = 0xc2;
            jpeg.scans = script(source, planes);
        }
        3 => jpeg.kind = 0xc1,
        _ => {}
    }
    for scan in &mut jpeg.scans {
        scan.coding = entropy::pick(source, [Coding::Flat, Coding::Flat, Coding::Deep, Coding::Every]);
        scan.longest_run = entropy::pick(source, [0x7fff, 0x7fff, 1, 2, 5]);
        if source.one_in(8) {
            other_segments(source, &mut scan.before);
        }
    }
    jpeg
}

fn other_segments(source: &mut dyn Entropy, segments: &mut Vec<Segment>) {
    while source.one_in(4) {
        let adobe = |transform| (0xee, [&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat());
        let (marker, content) = match source.below(6) {
            0 => adobe(0),
            1 => adobe(1),
            2 => adobe(2),
            3 => (0xfe, b"text".to_vec()),
            4 => (0xe0, b"JFXX\0\x10".to_vec()),
            _ => (0xe1, (0..source.below(9)).map(|_| source.bits() as u8).collect()),
        };
        if source.one_in(6) {
            segments.push(Segment::Raw(vec![0xff; 2]));
        }
        segments.push(Segment::Marked(marker, content));
    }
}

/// Coefficients: flat blocks, a few low ones, all of them small, or extremes.
fn paint(source: &mut dyn Entropy, jpeg: &mut Jpeg) {
    let style = source.below(5);
    for block in jpeg.planes.iter_mut().flat_map(|plane| &mut plane.blocks) {
        let reach = if style == 4 { 1_023 } else { entropy::pick(source, [5, 60, 400]) };
        block[0] = source.between(-reach, reach) as i16;
        let count = match style {
            0 => 0,
            1 | 2 => source.below(6),
            3 => 63,
            _ => source.below(20),
        };
        for _ in 0..count {
            let place = if style == 1 { source.between(1, 9) } else { source.between(1, 63) } as usize;
            block[place] = match style {
                4 => entropy::pick(source, [1_023, -1_023, 1, -1, 512, -2]),
                3 => source.between(-2, 2) as i16,
                _ => source.between(-20, 20) as i16,
            };
        }
    }
}

/// Scans that say every coefficient once, in some right order.
fn script(source: &mut dyn Entropy, planes: u8) -> Vec<Scan> {
    let mut scans = Vec::new();
    let together: Vec<Vec<u8>> =
        if source.one_in(3) { (0..planes).map(|plane| vec![plane]).collect() } else { vec![(0..planes).collect()] };
    let low = source.below(3) as u8;
    scans.extend(together.iter().map(|planes| Scan::progressive(planes, (0, 0), 0, low)));
    let mut later: Vec<Vec<Scan>> = together.iter().map(|planes| refinements(planes, (0, 0), low)).collect();
    for plane in 0..planes {
        let middle = source.between(1, 62) as u8;
        let bands = if source.one_in(2) { vec![(1, 63)] } else { vec![(1, middle), (middle + 1, 63)] };
        for band in bands {
            let low = source.below(3) as u8;
            let mut chain = vec![Scan::progressive(&[plane], band, 0, low)];
            chain.extend(refinements(&[plane], band, low));
            // Now and then a band is never made exact, or never said.
            let kept = if source.one_in(6) { source.below(chain.len() as u64 + 1) as usize } else { chain.len() };
            chain.truncate(kept);
            later.push(chain);
        }
    }
    // Chains are kept in themselves, and mixed with each other.
    while !later.is_empty() {
        let place = source.below(later.len() as u64) as usize;
        if later[place].is_empty() {
            later.remove(place);
        } else {
            scans.push(later[place].remove(0));
        }
    }
    scans
}

fn refinements(planes: &[u8], band: (u8, u8), low: u8) -> Vec<Scan> {
    (0..low).rev().map(|low| Scan::progressive(planes, band, low + 1, low)).collect()
}

/// A part as flaws change it.
fn part_of<'a>(source: &mut dyn Entropy, body: &'a mut Body) -> Option<&'a mut Part> {
    let place = source.below(body.parts.len() as u64) as usize;
    body.parts.get_mut(place)
}

/// A restart kind that is wrong.
fn wrong_restarts(source: &mut dyn Entropy) -> Restarts {
    entropy::pick(source, [Restarts::Never, Restarts::OneMore, Restarts::Always(0), Restarts::Always(3)])
}
