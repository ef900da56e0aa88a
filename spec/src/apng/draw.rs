//! Drawn PNG streams: mostly right, often with one thing wrong.

use super::{Apng, Chunk, Coding, Control, Form, bytes};
use crate::decode::{draw_limits, draw_use};
use crate::{Case, Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Apng> {
    let (form, mut chunks, frames) = picture(source);
    if source.one_in(3) {
        flaw(source, &mut chunks);
    }
    let mut stream = bytes(&chunks);
    if source.one_in(10) {
        damage(source, &mut stream);
    }
    let config = draw_limits(source, stream.len(), form.width * form.height, frames as u32);
    Case { config, ops: draw_use(source, &stream, frames, ops) }
}

/// A right picture or animation, and how many frames it has.
pub fn picture(source: &mut dyn Entropy) -> (Form, Vec<Chunk>, usize) {
    let large = source.one_in(24);
    let side = |source: &mut dyn Entropy| if large { source.between(30, 90) as u32 } else { source.between(1, 10) as u32 };
    let (width, height) = (side(source), side(source));
    let forms: [(u8, &[u8]); 7] =
        [(0, &[1, 2, 4, 8, 16]), (2, &[8, 16]), (3, &[1, 2, 4, 8]), (4, &[8, 16]), (6, &[8, 16]), (6, &[8]), (3, &[8])];
    let (color, depths) = entropy::pick(source, forms);
    let depth = depths[source.below(depths.len() as u64) as usize];
    let form = Form { width, height, depth, color, interlaced: source.one_in(4) };
    let mut chunks = vec![form.header()];
    let animated = source.one_in(2);
    if animated && source.one_in(2) {
        chunks.push(Chunk::animation(0, 0));
    }
    ancillary(source, &mut chunks);
    palette(source, &form, &mut chunks);
    if animated && !chunks.iter().any(|chunk| chunk.name == *b"acTL") {
        chunks.push(Chunk::animation(0, 0));
    }
    let frames = frames(source, &form, animated, &mut chunks);
    let plays = entropy::pick(source, [0, 1, 3, u32::MAX]);
    if let Some(animation) = chunks.iter_mut().find(|chunk| chunk.name == *b"acTL") {
        *animation = Chunk::animation(frames as u32, plays);
    }
    ancillary(source, &mut chunks);
    chunks.push(Chunk::end());
    (form, chunks, frames)
}

fn ancillary(source: &mut dyn Entropy, chunks: &mut Vec<Chunk>) {
    while source.one_in(4) {
        let name = entropy::pick(source, [b"gAMA", b"tEXt", b"iCCP", b"cHRM", b"zzZz", b"bKGD"]);
        chunks.push(Chunk::new(name, (0..source.below(6)).map(|_| source.bits() as u8).collect::<Vec<_>>()));
    }
}

fn palette(source: &mut dyn Entropy, form: &Form, chunks: &mut Vec<Chunk>) {
    let entries = if form.depth == 16 { 8 } else { source.between(1, 1 << form.depth.min(8)) as usize };
    if form.color == 3 || (matches!(form.color, 2 | 6) && source.one_in(6)) {
        chunks.push(Chunk::new(b"PLTE", (0..entries * 3).map(|_| source.bits() as u8).collect::<Vec<_>>()));
    }
    let mask = if form.depth == 16 { u16::MAX } else { (1 << form.depth) - 1 };
    let sample = |source: &mut dyn Entropy| if source.one_in(8) { source.bits() as u16 } else { (source.below(3) as u16) & mask };
    match form.color {
        0 if source.one_in(2) => chunks.push(Chunk::new(b"tRNS", sample(source).to_be_bytes())),
        2 if source.one_in(2) => {
            let colour: Vec<u8> = (0..3).flat_map(|_| sample(source).to_be_bytes()).collect();
            chunks.push(Chunk::new(b"tRNS", colour));
        }
        3 if source.one_in(2) => {
            let some = 1 + source.below(entries as u64);
            chunks.push(Chunk::new(b"tRNS", (0..some).map(|_| entropy::pick(source, [0, 255, 128, 1, 254])).collect::<Vec<u8>>()));
        }
        _ => {}
    }
}

/// The picture and, in an animation, its further frames.
fn frames(source: &mut dyn Entropy, form: &Form, animated: bool, chunks: &mut Vec<Chunk>) -> usize {
    let (mut sequence, mut count) = (0, 0);
    let hidden = animated && source.one_in(5);
    if animated && !hidden {
        chunks.push(Control { width: form.width, height: form.height, sequence, ..control(source) }.chunk());
        (sequence, count) = (1, 1);
    }
    let data = data(source, form, form.width, form.height);
    chunks.extend(pieces(source, &data).into_iter().map(|piece| Chunk::new(b"IDAT", piece)));
    if !animated {
        return 1;
    }
    for _ in 0..source.between(i64::from(hidden), 3) {
        let (width, height) = (1 + source.below(form.width.into()) as u32, 1 + source.below(form.height.into()) as u32);
        let (left, top) =
            (source.below(u64::from(form.width - width) + 1) as u32, source.below(u64::from(form.height - height) + 1) as u32);
        chunks.push(Control { sequence, width, height, left, top, ..control(source) }.chunk());
        sequence += 1;
        let data = self::data(source, form, width, height);
        for piece in pieces(source, &data) {
            chunks.push(Chunk::later(sequence, &piece));
            sequence += 1;
        }
        if source.one_in(6) {
            ancillary(source, chunks);
        }
        count += 1;
    }
    count
}

fn control(source: &mut dyn Entropy) -> Control {
    let delay = (entropy::pick(source, [0, 1, 10, u16::MAX]), entropy::pick(source, [0, 100, 1, 1_000]));
    Control { delay, disposal: source.below(3) as u8, blend: source.below(2) as u8, ..Control::default() }
}

fn data(source: &mut dyn Entropy, form: &Form, width: u32, height: u32) -> Vec<u8> {
    let count = width as usize * height as usize * form.channels();
    let few = source.one_in(2);
    let extremes = [0, u16::MAX, 0x80ff, 0x0100, 1, 2];
    let samples: Vec<u16> = (0..count).map(|_| if few { entropy::pick(source, extremes) } else { source.bits() as u16 }).collect();
    let filters: Vec<u8> = (0..3).map(|_| source.below(5) as u8).collect();
    let coding = match source.below(4) {
        0 => Coding::Stored(1 + source.below(200) as u16),
        1 => Coding::Fixed,
        _ => Coding::Dynamic(entropy::pick(source, [u16::MAX, 40, 300])),
    };
    form.data(width, height, &samples, &filters, coding)
}

/// The data of a frame in one chunk or several, now and then an empty one.
fn pieces(source: &mut dyn Entropy, data: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut rest = data;
    while source.one_in(3) {
        let (piece, behind) = rest.split_at(source.below(rest.len() as u64 + 1) as usize);
        pieces.push(piece.to_vec());
        rest = behind;
    }
    pieces.push(rest.to_vec());
    pieces
}

/// Makes one thing wrong; CRCs are right but for one kind.
fn flaw(source: &mut dyn Entropy, chunks: &mut Vec<Chunk>) {
    let place = source.below(chunks.len() as u64) as usize;
    let other = source.below(chunks.len() as u64) as usize;
    match source.below(10) {
        0 => chunks[place].spoilt = 1 << source.below(32),
        1 => {
            chunks.remove(place);
        }
        2 => chunks.insert(other, chunks[place].clone()),
        3 => chunks.swap(place, other),
        4 => chunks[place].name = *entropy::pick(source, [b"IDAT", b"fdAT", b"PLTE", b"tRNS", b"ABCD", b"ab d", b"acTL", b"fcTL", b"IEND"]),
        5 => {
            chunks[place].bytes.pop();
        }
        6 => chunks[place].bytes.push(source.bits() as u8),
        7 => {
            // A header's sides, depth, type or method.
            let byte = source.below(13) as usize;
            if let Some(byte) = chunks.first_mut().and_then(|header| header.bytes.get_mut(byte)) {
                *byte = entropy::pick(source, [0, 1, 2, 3, 4, 6, 8, 16, 32, 127, 255]);
            }
        }
        _ => {
            let byte = source.below(chunks[place].bytes.len() as u64) as usize;
            if let Some(byte) = chunks[place].bytes.get_mut(byte) {
                *byte ^= 1 << source.below(8);
            }
        }
    }
}

/// Changes bytes without knowing what they are.
fn damage(source: &mut dyn Entropy, stream: &mut Vec<u8>) {
    let place = source.below(stream.len() as u64) as usize;
    match source.below(4) {
        0 | 1 => stream.truncate(place),
        2 => {
            stream.remove(place);
        }
        _ => stream[place] ^= 1 << source.below(8),
    }
}
