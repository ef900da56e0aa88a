//! From coefficients to pixels, each by its definition.

use super::picture::Plane;
use super::segments::Header;
use crate::decode::Pixel;
use spec::mjpeg::{
    MJPEG_BLUE_FROM_CB, MJPEG_GREEN_FROM_CB, MJPEG_GREEN_FROM_CR, MJPEG_IDCT_0_298631336, MJPEG_IDCT_0_390180644, MJPEG_IDCT_0_541196100,
    MJPEG_IDCT_0_765366865, MJPEG_IDCT_0_899976223, MJPEG_IDCT_1_175875602, MJPEG_IDCT_1_501321110, MJPEG_IDCT_1_847759065,
    MJPEG_IDCT_1_961570560, MJPEG_IDCT_2_053119869, MJPEG_IDCT_2_562915447, MJPEG_IDCT_3_072711026, MJPEG_IDCT_BITS, MJPEG_IDCT_KEPT_BITS,
    MJPEG_RED_FROM_CR,
};
use std::sync::LazyLock;

/// Row and column of each coefficient in zigzag order: along the diagonals, up and down in turn.
static ZIGZAG: LazyLock<Vec<(usize, usize)>> = LazyLock::new(|| {
    (0..15_usize)
        .flat_map(|sum| {
            let diagonal = (0..=sum).filter(move |row| *row < 8 && sum - row < 8);
            let downwards: Vec<(usize, usize)> = diagonal.map(|row| (row, sum - row)).collect();
            if sum % 2 == 1 { downwards } else { downwards.into_iter().rev().collect() }
        })
        .collect()
});

/// The eight values of one row or column, each times 2^13.
fn transform(c: [i32; 8]) -> [i32; 8] {
    // MJPEG-008
    let z = (c[2] + c[6]) * MJPEG_IDCT_0_541196100;
    let (e2, e3) = (z - c[6] * MJPEG_IDCT_1_847759065, z + c[2] * MJPEG_IDCT_0_765366865);
    let (e0, e1) = ((c[0] + c[4]) << MJPEG_IDCT_BITS, (c[0] - c[4]) << MJPEG_IDCT_BITS);
    let a = [e0 + e3, e1 + e2, e1 - e2, e0 - e3].map(i64::from);
    let [c1, c3, c5, c7] = [c[1], c[3], c[5], c[7]].map(i64::from);
    let w = (c7 + c3 + c5 + c1) * i64::from(MJPEG_IDCT_1_175875602);
    let w1 = (c7 + c1) * i64::from(MJPEG_IDCT_0_899976223);
    let w2 = (c5 + c3) * i64::from(MJPEG_IDCT_2_562915447);
    let w3 = w - (c7 + c3) * i64::from(MJPEG_IDCT_1_961570560);
    let w4 = w - (c5 + c1) * i64::from(MJPEG_IDCT_0_390180644);
    let b0 = c7 * i64::from(MJPEG_IDCT_0_298631336) - w1 + w3;
    let b1 = c5 * i64::from(MJPEG_IDCT_2_053119869) - w2 + w4;
    let b2 = c3 * i64::from(MJPEG_IDCT_3_072711026) - w2 + w3;
    let b3 = c1 * i64::from(MJPEG_IDCT_1_501321110) - w1 + w4;
    [a[0] + b3, a[1] + b2, a[2] + b1, a[3] + b0, a[3] - b0, a[2] - b1, a[1] - b2, a[0] - b3].map(|value| value as i32)
}

/// The samples of a block, row by row.
pub(super) fn block(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[u8; 8]; 8] {
    let mut square = [[0_i32; 8]; 8];
    for (place, &(row, column)) in ZIGZAG.iter().enumerate() {
        // MJPEG-008: sixteen bits are kept.
        square[row][column] = (i32::from(coefficients[place]) * i32::from(steps[place])) as i16 as i32;
    }
    let columns: [[i32; 8]; 8] = std::array::from_fn(|x| {
        let shift = MJPEG_IDCT_BITS - MJPEG_IDCT_KEPT_BITS;
        transform(square.map(|row| row[x])).map(|value| ((value + (1 << (shift - 1))) >> shift).clamp(i16::MIN.into(), i16::MAX.into()))
    });
    std::array::from_fn(|y| columns.map(|column| column[y])).map(|row| {
        let shift = MJPEG_IDCT_BITS + MJPEG_IDCT_KEPT_BITS + 3;
        transform(row).map(|value| (((value + (1 << (shift - 1))) >> shift).clamp(-128, 127) + 128) as u8)
    })
}

/// The samples of a component.
struct Samples {
    columns: usize,
    rows: usize,
    /// Samples of a row, in whole blocks.
    stride: usize,
    bytes: Vec<u8>,
    /// How many columns and rows of the picture one of its own is.
    across: usize,
    down: usize,
}

impl Samples {
    /// A sample; beyond the edges the outermost one.
    fn at(&self, x: isize, y: isize) -> u32 {
        let (x, y) = (x.clamp(0, self.columns as isize - 1), y.clamp(0, self.rows as isize - 1));
        self.bytes[y as usize * self.stride + x as usize].into()
    }

    /// The sample of a pixel.
    fn of_pixel(&self, x: usize, y: usize) -> u8 {
        let (own_x, own_y) = ((x / self.across) as isize, (y / self.down) as isize);
        let (right, below) = (x % 2 == 1, y % 2 == 1);
        let (next_x, next_y) = (own_x + if right { 1 } else { -1 }, own_y + if below { 1 } else { -1 });
        // MJPEG-009
        let value = match (self.across, self.down) {
            (2, 1) if self.columns > 2 => (3 * self.at(own_x, own_y) + self.at(next_x, own_y) + if right { 2 } else { 1 }) >> 2,
            (1, 2) => (3 * self.at(own_x, own_y) + self.at(own_x, next_y) + if below { 2 } else { 1 }) >> 2,
            (2, 2) if self.columns > 2 => {
                let sum = |x| 3 * self.at(x, own_y) + self.at(x, next_y);
                (3 * sum(own_x) + sum(next_x) + if right { 7 } else { 8 }) >> 4
            }
            _ => self.at(own_x, own_y),
        };
        value as u8
    }
}

/// The pixels of a picture, row by row.
pub(super) fn pixels(header: &Header, planes: &[Plane], rgb: bool) -> Vec<Pixel> {
    let (h_most, v_most) = header.largest();
    let samples: Vec<Samples> = header
        .components
        .iter()
        .zip(planes)
        .map(|(component, plane)| {
            let stride = component.columns * 8;
            let mut bytes = vec![0; stride * component.rows * 8];
            let steps = plane.steps.expect("a component with a scan has steps");
            for (place, coefficients) in plane.blocks.iter().enumerate() {
                let (left, top) = (place % component.columns * 8, place / component.columns * 8);
                for (y, row) in block(coefficients, &steps).into_iter().enumerate() {
                    bytes[(top + y) * stride + left..][..8].copy_from_slice(&row);
                }
            }
            Samples {
                columns: (header.width as usize * component.h).div_ceil(h_most),
                rows: (header.height as usize * component.v).div_ceil(v_most),
                stride,
                bytes,
                across: h_most / component.h,
                down: v_most / component.v,
            }
        })
        .collect();
    let mut pixels = Vec::new();
    for y in 0..header.height as usize {
        for x in 0..header.width as usize {
            let of = |number: usize| samples.get(number).map(|samples| samples.of_pixel(x, y));
            // MJPEG-002, MJPEG-010
            pixels.push(match (of(0), of(1), of(2)) {
                (Some(red), Some(green), Some(blue)) if rgb => [blue, green, red, 255],
                (Some(luma), Some(cb), Some(cr)) => colour(luma, cb, cr),
                (grey, ..) => {
                    let grey = grey.unwrap_or_default();
                    [grey, grey, grey, 255]
                }
            });
        }
    }
    pixels
}

/// YCbCr to blue, green, red, alpha.
pub(super) fn colour(luma: u8, cb: u8, cr: u8) -> Pixel {
    let (b, r) = (i32::from(cb) - 128, i32::from(cr) - 128);
    let half = 1 << 15;
    // MJPEG-010
    let red = (MJPEG_RED_FROM_CR * r + half) >> 16;
    let green = (half - MJPEG_GREEN_FROM_CB * b - MJPEG_GREEN_FROM_CR * r) >> 16;
    let blue = (MJPEG_BLUE_FROM_CB * b + half) >> 16;
    let byte = |difference: i32| (i32::from(luma) + difference).clamp(0, 255) as u8;
    [byte(blue), byte(green), byte(red), 255]
}
