//! From samples to pixels.

use spec::mjpeg::{MJPEG_BLUE_FROM_CB, MJPEG_GREEN_FROM_CB, MJPEG_GREEN_FROM_CR, MJPEG_RED_FROM_CR};

#[cfg(target_arch = "x86_64")]
mod x86;

/// Grey pixels.
pub(crate) fn grey(samples: &[u8], out: &mut [u8]) {
    for (pixel, sample) in out.as_chunks_mut::<4>().0.iter_mut().zip(samples) {
        *pixel = [*sample, *sample, *sample, 255];
    }
}

/// Pixels of red, green and blue.
pub(crate) fn rgb(red: &[u8], green: &[u8], blue: &[u8], out: &mut [u8]) {
    for (pixel, (red, (green, blue))) in out.as_chunks_mut::<4>().0.iter_mut().zip(red.iter().zip(green.iter().zip(blue))) {
        *pixel = [*blue, *green, *red, 255];
    }
}

/// Pixels of luma and chroma.
pub(crate) fn ycbcr(luma: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    #[cfg(target_arch = "x86_64")]
    let done = x86::ycbcr(luma, cb, cr, out);
    #[cfg(not(target_arch = "x86_64"))]
    let done = 0_usize;
    let pixels = out.get_mut(done.wrapping_mul(4)..).unwrap_or_default().as_chunks_mut::<4>().0;
    for (pixel, (luma, (cb, cr))) in pixels.iter_mut().zip(behind(luma, done).iter().zip(behind(cb, done).iter().zip(behind(cr, done)))) {
        *pixel = one(*luma, *cb, *cr);
    }
}

fn behind(samples: &[u8], done: usize) -> &[u8] {
    samples.get(done..).unwrap_or_default()
}

/// One pixel.
fn one(luma: u8, cb: u8, cr: u8) -> [u8; 4] {
    const HALF: i32 = 1 << 15;
    let (b, r) = (i32::from(cb).wrapping_sub(128), i32::from(cr).wrapping_sub(128));
    let red = MJPEG_RED_FROM_CR.wrapping_mul(r).wrapping_add(HALF) >> 16;
    let green = HALF.wrapping_sub(MJPEG_GREEN_FROM_CB.wrapping_mul(b)).wrapping_sub(MJPEG_GREEN_FROM_CR.wrapping_mul(r)) >> 16;
    let blue = MJPEG_BLUE_FROM_CB.wrapping_mul(b).wrapping_add(HALF) >> 16;
    let byte = |difference: i32| i32::from(luma).wrapping_add(difference).clamp(0, 255) as u8;
    [byte(blue), byte(green), byte(red), 255]
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::{one, ycbcr};
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn vectors_give_what_the_formula_gives_for_every_chroma() {
        let cr: Vec<u8> = (0..=255).collect();
        for luma in [0, 1, 64, 128, 200, 254, 255] {
            for cb in 0..=255 {
                // An odd length has pixels behind the last vector.
                let mut out = vec![0; 4 * 251];
                ycbcr(&[luma; 256], &[cb; 256], &cr, &mut out);
                ycbcr(&[luma; 5], &[cb; 5], &cr[251..], out.get_mut(4 * 246..).unwrap_or_default());
                for (place, pixel) in out.as_chunks::<4>().0.iter().enumerate() {
                    let cr = if place < 246 { place } else { place + 5 } as u8;
                    assert_eq!(*pixel, one(luma, cb, cr), "{luma} {cb} {cr}");
                }
            }
        }
    }
}
