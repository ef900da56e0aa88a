//! An encoder of PNG streams for cases: it writes whatever it is told, right or wrong.

use super::{Coding, zlib};
use alloc::vec;
use alloc::vec::Vec;

/// What every stream begins with.
pub const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// First column and row, and steps, of each pass of Adam7.
const PASSES: [[u32; 4]; 7] = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/// A chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its four letters.
    pub name: [u8; 4],
    /// Its content.
    pub bytes: Vec<u8>,
    /// What its CRC is changed by; 0 leaves it right.
    pub spoilt: u32,
}

impl Chunk {
    /// A right chunk.
    pub fn new(name: &[u8; 4], bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: *name, bytes: bytes.into(), spoilt: 0 }
    }

    /// A chunk of data of an animation's later frames.
    pub fn later(sequence: u32, data: &[u8]) -> Self {
        Self::new(b"fdAT", [&sequence.to_be_bytes()[..], data].concat())
    }

    /// What makes an animation.
    pub fn animation(frames: u32, plays: u32) -> Self {
        Self::new(b"acTL", [frames.to_be_bytes(), plays.to_be_bytes()].concat())
    }

    /// The end.
    pub fn end() -> Self {
        Self::new(b"IEND", [])
    }
}

/// A stream of these chunks.
pub fn bytes(chunks: &[Chunk]) -> Vec<u8> {
    let mut out = SIGNATURE.to_vec();
    for Chunk { name, bytes, spoilt } in chunks {
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        let start = out.len();
        out.extend_from_slice(name);
        out.extend_from_slice(bytes);
        let crc = crc(&out[start..]) ^ spoilt;
        out.extend_from_slice(&crc.to_be_bytes());
    }
    out
}

/// The chunks of a stream, as far as they are whole; what its CRC is changed by tells whether one is right.
pub fn chunks(stream: &[u8]) -> Vec<Chunk> {
    let mut found = Vec::new();
    let mut rest = stream.get(SIGNATURE.len()..).unwrap_or_default();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let (Some(covered), Some(told)) = (behind.get(..length.saturating_add(4)), behind.get(length.saturating_add(4)..)) else { break };
        let (Some((name, bytes)), Some((told, behind))) = (covered.split_first_chunk(), told.split_first_chunk()) else { break };
        found.push(Chunk { name: *name, bytes: bytes.to_vec(), spoilt: crc(covered) ^ u32::from_be_bytes(*told) });
        rest = behind;
    }
    found
}

/// CRC-32 of ISO 3309, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// What a frame control says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// Sequence number.
    pub sequence: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Left edge.
    pub left: u32,
    /// Top edge.
    pub top: u32,
    /// Delay, numerator and denominator.
    pub delay: (u16, u16),
    /// What becomes of the frame.
    pub disposal: u8,
    /// How it is drawn.
    pub blend: u8,
}

impl Control {
    /// The chunk.
    pub fn chunk(&self) -> Chunk {
        let mut bytes: Vec<u8> =
            [self.sequence, self.width, self.height, self.left, self.top].into_iter().flat_map(u32::to_be_bytes).collect();
        bytes.extend([self.delay.0, self.delay.1].into_iter().flat_map(u16::to_be_bytes));
        bytes.extend([self.disposal, self.blend]);
        Chunk::new(b"fcTL", bytes)
    }
}

/// How the pixels of a stream are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Width of the picture.
    pub width: u32,
    /// Height of the picture.
    pub height: u32,
    /// Bits of a sample.
    pub depth: u8,
    /// 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha.
    pub color: u8,
    /// Whether in the passes of Adam7.
    pub interlaced: bool,
}

impl Form {
    /// The header.
    pub fn header(&self) -> Chunk {
        let mut bytes = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        bytes.extend([self.depth, self.color, 0, 0, u8::from(self.interlaced)]);
        Chunk::new(b"IHDR", bytes)
    }

    /// Samples of a pixel.
    pub fn channels(&self) -> usize {
        match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// The filtered bytes of samples, row by row, with these filters one after the other.
    pub fn filtered(&self, width: u32, height: u32, samples: &[u16], filters: &[u8]) -> Vec<u8> {
        let whole = [[0, 0, 1, 1]];
        let passes = if self.interlaced { &PASSES[..] } else { &whole[..] };
        let (mut out, mut filters) = (Vec::new(), filters.iter().copied().cycle());
        for [left, top, right, down] in passes {
            let columns: Vec<u32> = (*left..width).step_by(*right as usize).collect();
            if columns.is_empty() {
                continue;
            }
            let mut above = vec![0; self.packed(&columns, 0, width, samples).len()];
            for y in (*top..height).step_by(*down as usize) {
                let row = self.packed(&columns, y, width, samples);
                let filter = filters.next().unwrap_or(0);
                out.push(filter);
                self.filter(filter, &row, &above, &mut out);
                above = row;
            }
        }
        out
    }

    /// The bytes of the pixels in these columns of a row.
    fn packed(&self, columns: &[u32], y: u32, width: u32, samples: &[u16]) -> Vec<u8> {
        let channels = self.channels();
        let (mut out, mut waiting, mut bits) = (Vec::new(), 0_u32, 0);
        for x in columns {
            let start = (y as usize * width as usize + *x as usize) * channels;
            for sample in samples.get(start..start + channels).unwrap_or_default() {
                if self.depth == 16 {
                    out.extend_from_slice(&sample.to_be_bytes());
                    continue;
                }
                waiting = waiting << self.depth | u32::from(*sample) & ((1 << self.depth) - 1);
                bits += self.depth;
                if bits == 8 {
                    out.push(waiting as u8);
                    (waiting, bits) = (0, 0);
                }
            }
        }
        if bits > 0 {
            out.push((waiting << (8 - bits)) as u8);
        }
        out
    }

    fn filter(&self, filter: u8, row: &[u8], above: &[u8], out: &mut Vec<u8>) {
        let behind = (self.channels() * usize::from(self.depth) / 8).max(1);
        for (place, byte) in row.iter().enumerate() {
            let of = |row: &[u8], back: usize| place.checked_sub(back).and_then(|place| row.get(place)).copied().unwrap_or(0);
            let (left, up, corner) = (of(row, behind), of(above, 0), of(above, behind));
            let guess = match filter {
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => {
                    let (a, b, c) = (i32::from(left), i32::from(up), i32::from(corner));
                    let (pa, pb, pc) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
                    if pa <= pb && pa <= pc {
                        left
                    } else if pb <= pc {
                        up
                    } else {
                        corner
                    }
                }
                _ => 0,
            };
            out.push(byte.wrapping_sub(guess));
        }
    }

    /// The zlib data of samples.
    pub fn data(&self, width: u32, height: u32, samples: &[u16], filters: &[u8], coding: Coding) -> Vec<u8> {
        zlib(&self.filtered(width, height, samples, filters), coding)
    }
}
