//! The inverse transform: eight by eight coefficients to samples.
//!
//! Each output of a pass is a sum of its inputs times the factors of [`EVEN`] and [`ODD`], which fits 32 bits for every input of 16, so
//! that the order of additions changes nothing.

#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(any(not(target_arch = "x86_64"), test))]
mod portable;

#[cfg(not(target_arch = "x86_64"))]
use portable as own;
#[cfg(target_arch = "x86_64")]
use x86 as own;

use spec::mjpeg::{
    MJPEG_IDCT_0_298631336, MJPEG_IDCT_0_390180644, MJPEG_IDCT_0_541196100, MJPEG_IDCT_0_765366865, MJPEG_IDCT_0_899976223,
    MJPEG_IDCT_1_175875602, MJPEG_IDCT_1_501321110, MJPEG_IDCT_1_847759065, MJPEG_IDCT_1_961570560, MJPEG_IDCT_2_053119869,
    MJPEG_IDCT_2_562915447, MJPEG_IDCT_3_072711026, MJPEG_IDCT_BITS, MJPEG_IDCT_KEPT_BITS,
};

/// Shifts of the pass of columns and of that of rows.
const SHIFTS: [u32; 2] = [MJPEG_IDCT_BITS - MJPEG_IDCT_KEPT_BITS, MJPEG_IDCT_BITS + MJPEG_IDCT_KEPT_BITS + 3];

/// What outputs 0 to 3 take of inputs 0, 2, 4 and 6; outputs 7 to 4 take the same.
const EVEN: [[i16; 4]; 4] = {
    let unit = 1 << MJPEG_IDCT_BITS;
    let (two, six) = (MJPEG_IDCT_0_541196100 + MJPEG_IDCT_0_765366865, MJPEG_IDCT_0_541196100);
    let (other_two, other_six) = (MJPEG_IDCT_0_541196100, MJPEG_IDCT_0_541196100 - MJPEG_IDCT_1_847759065);
    [
        [unit, two as i16, unit, six as i16],
        [unit, other_two as i16, -unit, other_six as i16],
        [unit, -other_two as i16, -unit, -other_six as i16],
        [unit, -two as i16, unit, -six as i16],
    ]
};

/// What outputs 0 to 3 take of inputs 1, 3, 5 and 7; outputs 7 to 4 lose the same.
const ODD: [[i16; 4]; 4] = {
    const A: i32 = MJPEG_IDCT_0_899976223;
    const B: i32 = MJPEG_IDCT_2_562915447;
    const C: i32 = MJPEG_IDCT_1_961570560;
    const D: i32 = MJPEG_IDCT_0_390180644;
    const W: i32 = MJPEG_IDCT_1_175875602;
    [
        [(MJPEG_IDCT_1_501321110 - A - D + W) as i16, W as i16, (W - D) as i16, (W - A) as i16],
        [W as i16, (MJPEG_IDCT_3_072711026 - B - C + W) as i16, (W - B) as i16, (W - C) as i16],
        [(W - D) as i16, (W - B) as i16, (MJPEG_IDCT_2_053119869 - B - D + W) as i16, W as i16],
        [(W - A) as i16, (W - C) as i16, W as i16, (MJPEG_IDCT_0_298631336 - A - C + W) as i16],
    ]
};

/// The samples of a block, two rows after two. Coefficients have their steps, and those behind place `last` of the zigzag order are 0.
#[inline]
pub(crate) fn block(coefficients: &[i16; 64], last: u32) -> [[u8; 16]; 4] {
    match last {
        // One coefficient: both passes together.
        0 => [[flat(coefficients[0]); 16]; 4],
        // The first ten lie in the first four rows and columns.
        1..=9 => own::low(coefficients),
        _ => own::full(coefficients),
    }
}

/// The sample of a block of one coefficient.
fn flat(dc: i16) -> u8 {
    let sample = i32::from(dc).wrapping_add(4) >> 3;
    sample.clamp(-128, 127).wrapping_add(128) as u8
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
