//! What a difference looks like: expected, got, and where they differ, as PNG.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgba, RgbaImage};
use std::io::Cursor;

/// Longest side of a picture, in pixels: larger frames are cut around the first difference.
pub const SIDE_MAX: u32 = 400;

/// Frames of samples that a picture of sound shows.
const WAVE_FRAMES: usize = 400;

/// Height of a picture of sound, in pixels; a multiple of 2.
const WAVE_HEIGHT: u32 = 128;

/// Three pictures of one place, each as PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    /// What should be there.
    pub expected: Vec<u8>,
    /// What is there.
    pub got: Vec<u8>,
    /// Where they differ: equal pixels are dim, others red, the more the brighter.
    pub difference: Vec<u8>,
    /// What part it is, in words.
    pub part: String,
}

/// A PNG file as the text that a page shows it from.
pub fn data_uri(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

fn png(picture: &RgbaImage) -> Option<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).ok()?;
    Some(out.into_inner())
}

fn triple(expected: &RgbaImage, got: &RgbaImage, difference: &RgbaImage, part: String) -> Option<Triple> {
    Some(Triple { expected: png(expected)?, got: png(got)?, difference: png(difference)?, part })
}

/// Where a window of at most [`SIDE_MAX`] begins, around a place.
fn window(place: u32, side: u32) -> (u32, u32) {
    let length = side.min(SIDE_MAX);
    (place.saturating_sub(length / 2).min(side - length), length)
}

/// Two frames of BGRA around the pixel of this number; none where a frame has fewer bytes than pixels.
pub fn of_pixels((width, height): (u32, u32), pixel: usize, right: &[u8], found: &[u8]) -> Option<Triple> {
    if width == 0 || height == 0 {
        return None;
    }
    let place = u32::try_from(pixel % width as usize).ok().zip(u32::try_from(pixel / width as usize).ok());
    let (x, y) = place.filter(|(_, y)| *y < height)?;
    let ((left, wide), (top, tall)) = (window(x, width), window(y, height));
    let at = |bytes: &[u8], x: u32, y: u32| {
        let start = 4 * ((top + y) as usize * width as usize + (left + x) as usize);
        bytes.get(start..start + 4).map_or([0; 4], |bgra| [bgra[2], bgra[1], bgra[0], bgra[3]])
    };
    let picture = |bytes: &[u8]| RgbaImage::from_fn(wide, tall, |x, y| Rgba(at(bytes, x, y)));
    let difference = RgbaImage::from_fn(wide, tall, |x, y| {
        let (right, found) = (at(right, x, y), at(found, x, y));
        let largest = right.iter().zip(&found).map(|(right, found)| right.abs_diff(*found)).max().unwrap_or(0);
        if largest == 0 {
            let [red, green, blue, _] = right.map(u16::from);
            let grey = ((red + green + blue) / 12) as u8;
            Rgba([grey, grey, grey, 255])
        } else {
            Rgba([largest.max(110), 0, 0, 255])
        }
    });
    triple(&picture(right), &picture(found), &difference, format!("{wide} x {tall} pixels from x={left} y={top}"))
}

/// One channel of two packets of samples, around the sample of this number.
pub fn of_samples(channels: u8, sample: usize, right: &[u8], found: &[u8]) -> Option<Triple> {
    let channels = usize::from(channels.max(1));
    let (frame, channel) = (sample / channels, sample % channels);
    let start = frame.saturating_sub(WAVE_FRAMES / 2);
    let value = |bytes: &[u8], frame: usize| {
        let at = 2 * ((start + frame) * channels + channel);
        bytes.get(at..at + 2).map(|bytes| i32::from(i16::from_le_bytes([bytes[0], bytes[1]])))
    };
    let wave = |value: &dyn Fn(usize) -> Option<i32>, most: i32| {
        let mut picture = RgbaImage::from_pixel(WAVE_FRAMES as u32, WAVE_HEIGHT, Rgba([16, 16, 16, 255]));
        let half = WAVE_HEIGHT as i32 / 2;
        for column in 0..WAVE_FRAMES {
            let Some(value) = value(column) else { continue };
            let reach = (value.clamp(-most, most) * (half - 1) / most.max(1)).clamp(1 - half, half - 1);
            for row in reach.min(0)..=reach.max(0) {
                picture.put_pixel(column as u32, (half - row).clamp(0, WAVE_HEIGHT as i32 - 1) as u32, Rgba([90, 200, 120, 255]));
            }
        }
        picture
    };
    let gap = |frame: usize| match (value(right, frame), value(found, frame)) {
        (Some(right), Some(found)) => Some(found - right),
        (right, found) => found.or(right),
    };
    let most = (0..WAVE_FRAMES).filter_map(gap).map(i32::abs).max().unwrap_or(1);
    let (expected, got) = (wave(&|frame| value(right, frame), 32_768), wave(&|frame| value(found, frame), 32_768));
    let part = format!("channel {channel}, {WAVE_FRAMES} frames from {start} of the packet; the difference is up to {most}");
    triple(&expected, &got, &wave(&gap, most), part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(png: &[u8]) -> RgbaImage {
        image::load_from_memory(png).expect("a picture").to_rgba8()
    }

    #[test]
    fn the_difference_is_red_where_it_is_and_dim_elsewhere() {
        let right = [[10, 20, 30, 255]; 6].concat();
        let mut found = right.clone();
        found[4 * 4 + 2] = 31;
        let triple = of_pixels((3, 2), 4, &right, &found).expect("pictures");
        let difference = decoded(&triple.difference);
        assert_eq!(difference.dimensions(), (3, 2));
        assert_eq!((difference.get_pixel(1, 1).0, difference.get_pixel(0, 0).0), ([110, 0, 0, 255], [5, 5, 5, 255]));
        assert_eq!(decoded(&triple.expected).get_pixel(1, 1).0, [30, 20, 10, 255]);
        assert_eq!(decoded(&triple.got).get_pixel(1, 1).0, [31, 20, 10, 255]);
    }

    #[test]
    fn a_large_frame_is_cut_around_the_place() {
        let right = vec![0; 4 * 1_000 * 2];
        let triple = of_pixels((1_000, 2), 1_999, &right, &right).expect("pictures");
        assert_eq!(triple.part, "400 x 2 pixels from x=600 y=0");
        assert_eq!(of_pixels((3, 2), 6, &right, &right), None, "no such pixel");
        assert_eq!(of_pixels((0, 0), 0, &[], &[]), None);
    }

    #[test]
    fn sound_of_other_lengths_has_a_picture() {
        let triple = of_samples(2, 1, &[0, 0, 0, 0x40], &[0, 0]).expect("pictures");
        assert!(triple.part.starts_with("channel 1, "), "{}", triple.part);
        assert_ne!(triple.expected, triple.got);
        assert!(of_samples(0, 9, &[], &[]).is_some(), "nothing at all is nothing to fail at");
    }
}
