//! Streams of pictures that are just inside or just outside a bound.

use super::table::moved;
use super::{APNG_PALETTE_ENTRIES_MAX, APNG_WINDOW_BITS_MAX, Bound, Format, Limits, MJPEG_FACTOR_MAX, MJPEG_TABLE_MAX, Trial};
use crate::apng::{APNG_CHUNK_BYTES_MAX, APNG_EXPANSION_MAX, Chunk, Coding, Control, Form, bytes as png, zlib};
use crate::gif::{
    Animation, DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_PIXEL_BYTES, DECODE_SIDE_MAX, GIF_CODE_SIZE_MAX, GIF_CODE_SIZE_MIN,
    GIF_EXPANSION_MAX, Image, lzw,
};
use crate::mjpeg::{
    Body, Jpeg, MJPEG_BOUNDARY_BYTES_MAX, MJPEG_COEFFICIENT_BYTES, MJPEG_EXPANSION_MAX, MJPEG_PART_HEADER_BYTES_MAX, MJPEG_RESTARTS_MAX,
    MJPEG_SCANS_MAX, MJPEG_SHIFT_MAX, MJPEG_UNIT_BLOCKS_MAX, Part, Scan, Segment,
};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// Frames of a small stream.
const FRAMES: u32 = 3;
/// Width and height of the pictures of small GIF and PNG streams.
const SIDE: u32 = 2;
/// Pixels that rows of pixels allow.
const PIXELS: u32 = 100;

const COLORS: [[u8; 3]; 4] = [[200, 30, 7], [11, 90, 250], [60, 61, 62], [1, 2, 3]];
const GREY: Form = Form { width: SIDE, height: SIDE, depth: 8, color: 0, interlaced: false };

fn frame_bytes(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height) * u64::from(DECODE_PIXEL_BYTES)
}

/// Limits of a stream that needs so much, or so much more.
fn memory(needed: u64, offset: i64) -> Limits {
    Limits { memory_bytes: moved(needed, -offset), ..Limits::default() }
}

/// The rows that all formats of pictures have, by the format's own writer of headers and its small stream.
fn common(format: Format, bound: Bound, offset: i64, header: fn(u32, u32) -> Vec<u8>, small: &[u8], side: u32) -> Option<Trial> {
    let far = |bound: u32| moved(bound.into(), offset) as u32;
    let plain = Limits::default();
    let total = u64::from(FRAMES) * frame_bytes(side, side);
    let held = || Trial::new(format, small.to_vec());
    Some(match bound {
        Bound::Width => Trial::header(format, header(far(DECODE_SIDE_MAX), 1)),
        Bound::Height => Trial::header(format, header(1, far(DECODE_SIDE_MAX))),
        Bound::Pixels => Trial::header(format, header(far(PIXELS), 1)).within(Limits { pixels: PIXELS, ..plain }),
        Bound::Frames => held().within(Limits { frames: moved(FRAMES.into(), -offset) as u32, ..plain }),
        Bound::Total => held().within(Limits { decoded_bytes: moved(total, -offset), ..plain }),
        _ => return None,
    })
}

fn gif_image(number: u8) -> Image {
    Image::new(SIDE as u16, SIDE as u16, 2, &[number & 3, 1, 2, 3]).controlled(1, None, number.into())
}

pub(super) fn small_gif() -> Vec<u8> {
    (0..FRAMES).fold(Animation::new(SIDE as u16, SIDE as u16, &COLORS), |all, number| all.with(gif_image(number as u8))).bytes()
}

pub(super) fn gif(bound: Bound, offset: i64) -> Option<Trial> {
    let small = small_gif();
    let header = |width, height| Animation::new(width as u16, height as u16, &COLORS).bytes();
    if let Some(trial) = common(Format::Gif, bound, offset, header, &small, SIDE) {
        return Some(trial);
    }
    let far = |bound: u16| moved(bound.into(), offset) as u16;
    let one = |screen: Animation, image| Trial::new(Format::Gif, screen.with(image).bytes());
    let sized = |code_size: u64| {
        let code_size = code_size as u8;
        one(Animation::new(1, 1, &COLORS), Image { code_size, ..Image::new(1, 1, code_size, &[0]) })
    };
    Some(match bound {
        Bound::Memory => {
            let needed = small.len() as u64 + frame_bytes(SIDE, SIDE);
            Trial::new(Format::Gif, small).within(memory(needed, offset))
        }
        Bound::Expansion => {
            let width = far(GIF_EXPANSION_MAX as u16);
            // A clear code, and nothing behind it.
            one(Animation::new(width, 1, &COLORS), Image { data: vec![0x04], ..Image::new(width, 1, 2, &[]) })
        }
        Bound::CodeSize => sized(moved(GIF_CODE_SIZE_MAX.into(), offset)),
        Bound::LeastCodeSize => sized(moved(GIF_CODE_SIZE_MIN.into(), -offset)),
        Bound::RightEdge => {
            let width = far(2);
            let data = lzw(&vec![1; width.into()], 2, true, 0, true);
            one(Animation::new(4, 1, &COLORS).with(Image::new(4, 1, 2, &[0; 4])), Image { data, ..Image::new(width, 1, 2, &[]) }.at(2, 0))
        }
        Bound::BottomEdge => {
            let height = far(2);
            let data = lzw(&vec![1; height.into()], 2, true, 0, true);
            one(Animation::new(1, 4, &COLORS).with(Image::new(1, 4, 2, &[0; 4])), Image { data, ..Image::new(1, height, 2, &[]) }.at(0, 2))
        }
        _ => return None,
    })
}

fn grey(samples: &[u16]) -> Vec<u8> {
    GREY.data(SIDE, SIDE, samples, &[0], Coding::Stored(u16::MAX))
}

/// A control of a frame as large as the small picture.
fn control(sequence: u32) -> Control {
    Control { sequence, width: SIDE, height: SIDE, delay: (1, 25), ..Control::default() }
}

/// An animation that says so many frames, of so many.
fn animation(told: u32, frames: u32) -> Vec<Chunk> {
    let mut chunks = vec![GREY.header(), Chunk::animation(told, 0), control(0).chunk(), Chunk::new(b"IDAT", grey(&[9, 8, 7, 6]))];
    for frame in 1..frames {
        let sequence = 2 * frame - 1;
        chunks.extend([control(sequence).chunk(), Chunk::later(sequence + 1, &grey(&[frame as u16, 50, 100, 255]))]);
    }
    chunks.push(Chunk::end());
    chunks
}

pub(super) fn small_apng() -> Vec<u8> {
    png(&animation(FRAMES, FRAMES))
}

pub(super) fn apng(bound: Bound, offset: i64) -> Option<Trial> {
    let small = small_apng();
    let header = |width, height| png(&[Form { width, height, ..GREY }.header(), Chunk::end()]);
    if let Some(trial) = common(Format::Apng, bound, offset, header, &small, SIDE) {
        return Some(trial);
    }
    let far = |bound: u32| moved(bound.into(), offset) as u32;
    let trial = |chunks: &[Chunk]| Trial::new(Format::Apng, png(chunks));
    let placed = |control: Control| {
        let mut chunks = animation(2, 2);
        let samples = vec![3; (control.width * control.height) as usize];
        let data = GREY.data(control.width, control.height, &samples, &[0], Coding::Stored(u16::MAX));
        chunks.splice(4..6, [control.chunk(), Chunk::later(2, &data)]);
        trial(&chunks)
    };
    Some(match bound {
        Bound::Memory => {
            // A byte for each row's filter.
            let filtered = u64::from(SIDE * (SIDE + 1));
            let needed = small.len() as u64 + frame_bytes(SIDE, SIDE) + filtered;
            Trial::new(Format::Apng, small).within(memory(needed, offset))
        }
        Bound::Expansion => {
            // A row of so many filtered bytes, with its filter, from two.
            let width = far(2 * APNG_EXPANSION_MAX - 1);
            trial(&[Form { width, height: 1, ..GREY }.header(), Chunk::new(b"IDAT", vec![0x78, 0x01]), Chunk::end()])
        }
        Bound::ToldFrames => trial(&animation(far(DECODE_FRAMES_MAX), 1)),
        Bound::ChunkBytes => {
            let mut stream = png(&[GREY.header()]);
            stream.extend(far(APNG_CHUNK_BYTES_MAX).to_be_bytes());
            stream.extend(b"teXt");
            Trial::new(Format::Apng, stream)
        }
        Bound::Palette => {
            let form = Form { width: 1, height: 1, depth: 8, color: 3, interlaced: false };
            let entries = (0..far(APNG_PALETTE_ENTRIES_MAX)).flat_map(|entry| [entry as u8, 7, 9]).collect::<Vec<_>>();
            let data = form.data(1, 1, &[200], &[0], Coding::Stored(u16::MAX));
            trial(&[form.header(), Chunk::new(b"PLTE", entries), Chunk::new(b"IDAT", data), Chunk::end()])
        }
        Bound::Window => {
            let mut data = grey(&[1, 2, 3, 4]);
            // The window is told as a power of two above 256 bytes; the check bits of the header are right.
            let method = (far(APNG_WINDOW_BITS_MAX) as u16 - 8) << 4 | 8;
            let checked = (method << 8).next_multiple_of(31).to_be_bytes();
            data.splice(..2, checked);
            trial(&[GREY.header(), Chunk::new(b"IDAT", data), Chunk::end()])
        }
        Bound::RightEdge => placed(Control { left: 1, width: far(1), height: 1, ..control(1) }.at_least_one_pixel()),
        Bound::BottomEdge => placed(Control { top: 1, height: far(1), width: 1, ..control(1) }.at_least_one_pixel()),
        _ => return None,
    })
}

impl Control {
    /// A frame of no column or row would be wrong for another reason: it has one, at the edge's other side.
    fn at_least_one_pixel(self) -> Self {
        match (self.width, self.height) {
            (0, _) => Self { left: self.left - 1, width: 1, ..self },
            (_, 0) => Self { top: self.top - 1, height: 1, ..self },
            _ => self,
        }
    }
}

/// A picture of one block.
pub(super) fn block(number: i16) -> Jpeg {
    Jpeg::new(8, 8, &[(1, 1)]).painted(|_, _, place| if place == 0 { number * 40 } else { i16::from(place == 5) * 9 })
}

pub(super) fn small_mjpeg() -> Vec<u8> {
    (0..FRAMES as i16).flat_map(|number| block(number).bytes()).collect()
}

/// A frame's header, and the end of the frame.
fn bare(width: u32, height: u32) -> Vec<u8> {
    let mut out = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8];
    out.extend((height as u16).to_be_bytes());
    out.extend((width as u16).to_be_bytes());
    out.extend([1, 1, 0x11, 0, 0xff, 0xd9]);
    out
}

/// A progressive picture of a block in so many scans, up to 140: its DC value bit by bit, then its other coefficients.
pub(super) fn scanned(scans: usize) -> Jpeg {
    let dc = (0..=MJPEG_SHIFT_MAX as u8).rev().map(|low| ((0, 0), if low == MJPEG_SHIFT_MAX as u8 { 0 } else { low + 1 }, low));
    let bits = |high: u8, low: u8| (1..64).map(move |place| ((place, place), high, low));
    let all = dc.chain(bits(0, 1)).chain(bits(1, 0));
    let scans = all.take(scans).map(|(band, high, low)| Scan::progressive(&[0], band, high, low)).collect();
    Jpeg { kind: 0xc2, scans, ..block(2) }
}

/// Sampling factors of three components with so many blocks in a unit, from 8 to 12.
fn unit(blocks: u64) -> [(u8, u8); 3] {
    match blocks {
        ..=8 => [(2, 2), (2, 1), (2, 1)],
        9 => [(2, 2), (2, 2), (1, 1)],
        10 => [(4, 2), (1, 1), (1, 1)],
        11 => [(4, 2), (2, 1), (1, 1)],
        _ => [(4, 2), (2, 1), (2, 1)],
    }
}

/// Sides of a picture of so many pixels.
fn sides(pixels: u64) -> (u32, u32) {
    let height = (1..).find(|height| pixels.is_multiple_of(*height) && pixels / height <= u64::from(DECODE_SIDE_MAX)).unwrap_or(1);
    ((pixels / height) as u32, height as u32)
}

pub(super) fn mjpeg(bound: Bound, offset: i64) -> Option<Trial> {
    let small = small_mjpeg();
    if let Some(trial) = common(Format::Mjpeg, bound, offset, bare, &small, 8) {
        return Some(trial);
    }
    let far = |bound: u32| moved(bound.into(), offset);
    let trial = |stream| Trial::new(Format::Mjpeg, stream);
    let parted = |boundary: Vec<u8>, lines: Vec<Vec<u8>>| {
        let body = block(1).bytes();
        trial(Body { boundary, parts: vec![Part { lines, body }], ..Body::new(&[], false) }.bytes())
    };
    let kind = b"Content-Type: image/jpeg".to_vec();
    Some(match bound {
        Bound::Memory => {
            let needed = small.len() as u64 + frame_bytes(8, 8);
            trial(small).within(memory(needed, offset))
        }
        Bound::CoefficientMemory => {
            let stream = scanned(1).bytes();
            let needed = stream.len() as u64 + frame_bytes(8, 8) + 64 * u64::from(MJPEG_COEFFICIENT_BYTES);
            trial(stream).within(memory(needed, offset))
        }
        Bound::Expansion => {
            let bytes = bare(1, 1).len() as u64;
            let (width, height) = sides(moved(bytes * u64::from(MJPEG_EXPANSION_MAX), offset));
            trial(bare(width, height))
        }
        Bound::ToldLength => parted(b"frame".to_vec(), vec![kind, format!("Content-Length: {}", far(DECODE_INPUT_BYTES_MAX)).into_bytes()]),
        Bound::Scans => trial(scanned(far(MJPEG_SCANS_MAX) as usize).bytes()),
        Bound::Restarts => trial(restarts(far(MJPEG_RESTARTS_MAX))),
        Bound::Unit => trial(Jpeg::new(8, 8, &unit(far(MJPEG_UNIT_BLOCKS_MAX))).bytes()),
        Bound::Boundary => parted(vec![b'b'; far(MJPEG_BOUNDARY_BYTES_MAX) as usize], vec![kind]),
        Bound::PartHeader => {
            // Two lines and the empty one, each with its end.
            let rest = far(MJPEG_PART_HEADER_BYTES_MAX) as usize - (kind.len() + 2) - 2 - 2;
            let mut line = b"X-Pad:".to_vec();
            line.resize(rest, b'x');
            parted(b"frame".to_vec(), vec![kind, line])
        }
        Bound::Factor => trial(Jpeg::new(8, 8, &[(far(MJPEG_FACTOR_MAX) as u8, 1)]).bytes()),
        Bound::Table => {
            let mut jpeg = block(1);
            let number = far(MJPEG_TABLE_MAX) as u8;
            jpeg.steps.truncate(1);
            jpeg.steps.iter_mut().for_each(|steps| steps.number = number);
            jpeg.planes.iter_mut().for_each(|plane| plane.steps = number);
            trial(jpeg.bytes())
        }
        Bound::Shift => {
            let scan = Scan::progressive(&[0], (0, 0), 0, far(MJPEG_SHIFT_MAX.into()) as u8);
            trial(Jpeg { kind: 0xc2, scans: vec![scan], ..block(1) }.bytes())
        }
        _ => return None,
    })
}

/// A picture of one block with so many restart markers behind it.
pub(super) fn restarts(markers: u64) -> Vec<u8> {
    let mut stream = Jpeg { before: vec![Segment::Marked(0xdd, vec![0, 1])], ..block(1) }.bytes();
    stream.truncate(stream.len() - 2);
    stream.extend((0..markers).flat_map(|marker| [0xff, 0xd0 + (marker & 7) as u8]));
    stream.extend([0xff, 0xd9]);
    stream
}

/// Zlib data of a grey pixel and then so many times 258 zeros, from 13 bits each.
pub(super) fn zlib_bomb(matches: u32) -> Vec<u8> {
    // A stored block that is not the last: its content ends on a byte.
    let mut out = zlib(&[0, 9], Coding::Stored(u16::MAX));
    out.truncate(out.len() - 4);
    if let Some(flags) = out.get_mut(2) {
        *flags = 0;
    }
    // The fixed codes: the code of the length 258 is 11000101, that of the distance 1 is 00000, each from its highest bit.
    let (mut waiting, mut bits) = (0b011_u64, 3);
    for _ in 0..matches {
        waiting |= 0b1010_0011 << bits;
        bits += 13;
        while bits >= 8 {
            out.push(waiting as u8);
            waiting >>= 8;
            bits -= 8;
        }
    }
    // Seven zeros end the block, and zeros fill the last byte.
    waiting &= (1 << bits) - 1;
    out.extend([waiting as u8, 0, 0, 0, 0, 0]);
    out
}
