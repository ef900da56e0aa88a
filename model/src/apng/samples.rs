//! From filtered bytes to pixels.

use crate::decode::Pixel;

/// How the pixels of a stream are written.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub width: u32,
    pub height: u32,
    pub depth: u8,
    pub color: u8,
    pub interlaced: bool,
    /// Blue, green, red.
    pub palette: Vec<[u8; 3]>,
    /// The content of tRNS.
    pub transparent: Vec<u8>,
}

/// The columns and rows of a pass.
struct Pass {
    columns: Vec<u32>,
    rows: Vec<u32>,
}

impl Form {
    fn channels(&self) -> usize {
        match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// The passes that have pixels.
    fn passes(&self, width: u32, height: u32) -> Vec<Pass> {
        let pass = |left: u32, top: u32, right: usize, down: usize| Pass {
            columns: (left..width).step_by(right).collect(),
            rows: (top..height).step_by(down).collect(),
        };
        let mut passes = if self.interlaced {
            // APNG-007
            vec![
                pass(0, 0, 8, 8),
                pass(4, 0, 8, 8),
                pass(0, 4, 4, 8),
                pass(2, 0, 4, 4),
                pass(0, 2, 2, 4),
                pass(1, 0, 2, 2),
                pass(0, 1, 1, 2),
            ]
        } else {
            vec![pass(0, 0, 1, 1)]
        };
        passes.retain(|pass| !pass.columns.is_empty() && !pass.rows.is_empty());
        passes
    }

    /// Bytes of a row of so many pixels.
    fn row_bytes(&self, pixels: usize) -> usize {
        (pixels * self.channels() * usize::from(self.depth)).div_ceil(8)
    }

    /// Bytes of all rows, each with its filter.
    pub fn filtered_bytes(&self, width: u32, height: u32) -> u64 {
        self.passes(width, height).iter().map(|pass| (pass.rows.len() * (1 + self.row_bytes(pass.columns.len()))) as u64).sum()
    }

    /// All pixels, from as many filtered bytes as they have.
    pub fn pixels(&self, bytes: &[u8], width: u32, height: u32) -> Option<Vec<Pixel>> {
        let mut pixels = vec![[0; 4]; width as usize * height as usize];
        let mut rest = bytes;
        for pass in self.passes(width, height) {
            let length = self.row_bytes(pass.columns.len());
            let mut above = vec![0; length];
            for y in pass.rows {
                let (row, behind) = rest.split_at(1 + length);
                rest = behind;
                above = unfilter(row, &above, self.row_bytes(1))?;
                for (place, x) in pass.columns.iter().enumerate() {
                    pixels[(y * width + x) as usize] = self.pixel(&above, place);
                }
            }
        }
        Some(pixels)
    }

    /// The sample of that number in a row.
    fn sample(&self, row: &[u8], number: usize) -> u16 {
        let depth = usize::from(self.depth);
        if depth == 16 {
            return u16::from(row[number * 2]) << 8 | u16::from(row[number * 2 + 1]);
        }
        let bit = number * depth;
        let byte = u16::from(row[bit / 8]);
        byte >> (8 - depth - bit % 8) & ((1 << depth) - 1)
    }

    /// A sample as a byte of its exact value (APNG-D4).
    fn byte(&self, sample: u16) -> u8 {
        let (sample, most) = (u32::from(sample), (1_u32 << self.depth) - 1);
        ((sample * 255 + most / 2) / most) as u8
    }

    /// The pixel of that number in a row.
    fn pixel(&self, row: &[u8], number: usize) -> Pixel {
        let samples: Vec<u16> = (0..self.channels()).map(|channel| self.sample(row, number * self.channels() + channel)).collect();
        if self.color == 3 {
            // APNG-004
            let index = usize::from(samples[0]);
            let Some([blue, green, red]) = self.palette.get(index).copied() else { return [0, 0, 0, 255] };
            // APNG-005
            return [blue, green, red, self.transparent.get(index).copied().unwrap_or(255)];
        }
        let grey = self.color == 0 || self.color == 4;
        let [red, green, blue] = if grey { [samples[0]; 3] } else { [samples[0], samples[1], samples[2]] };
        // APNG-005
        let told: Vec<u16> = self.transparent.chunks(2).map(|bytes| u16::from(bytes[0]) << 8 | u16::from(bytes[1])).collect();
        let alpha = match self.color {
            4 | 6 => self.byte(samples[self.channels() - 1]),
            _ if told == samples => 0,
            _ => 255,
        };
        // APNG-004
        [self.byte(blue), self.byte(green), self.byte(red), alpha]
    }
}

/// The bytes of a row, of which the first is its filter.
fn unfilter(row: &[u8], above: &[u8], behind: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    for (place, byte) in row[1..].iter().enumerate() {
        let left = if place < behind { 0 } else { out[place - behind] };
        let corner = if place < behind { 0 } else { above[place - behind] };
        let up = above[place];
        // APNG-006
        let guess = match row[0] {
            0 => 0,
            1 => left,
            2 => up,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => paeth(left.into(), up.into(), corner.into()),
            _ => return None,
        };
        out.push(byte.wrapping_add(guess));
    }
    // A row without a byte has a filter, too.
    (row[0] <= 4).then_some(out)
}

fn paeth(left: i32, up: i32, corner: i32) -> u8 {
    let estimate = left + up - corner;
    let nearest = [left, up, corner].into_iter().min_by_key(|guess| (estimate - guess).abs());
    nearest.unwrap_or(0) as u8
}
