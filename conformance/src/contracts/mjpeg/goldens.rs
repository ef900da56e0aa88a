//! Recorded cases of the contract `mjpeg`.

mod pictures;
mod rejected;
mod used;

use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::{Limits, whole};
use spec::mjpeg::{Jpeg, Mjpeg};

/// Sampling of a chroma sample for four pixels.
const QUARTERS: [(u8, u8); 3] = [(2, 2), (1, 1), (1, 1)];
/// Sampling of a chroma sample for each pixel.
const FULL: [(u8, u8); 3] = [(1, 1), (1, 1), (1, 1)];

/// A whole stream and all that follows it.
fn stream(name: &'static str, doc: &'static str, stream: &[u8]) -> GoldenCase<Mjpeg> {
    golden(name, doc, Limits::default(), whole(stream, 2))
}

/// A picture.
fn picture(name: &'static str, doc: &'static str, jpeg: &Jpeg) -> GoldenCase<Mjpeg> {
    stream(name, doc, &jpeg.bytes())
}

/// Waves that differ from block to block and component to component.
fn wave(plane: usize, block: usize, place: usize) -> i16 {
    let block = block as i16 % 40;
    match place {
        0 => 120 * (block % 5) - 200 + 30 * plane as i16,
        1..4 => 30 - 11 * (place + plane) as i16 + block,
        4..64 if (place as i16 + block) % 7 == 0 => 3 - plane as i16,
        _ => 0,
    }
}

/// A grey picture of two by one pixels.
fn grey(dc: i16) -> Jpeg {
    Jpeg::new(2, 1, &[(1, 1)]).painted(|_, _, place| if place == 0 { dc } else { 0 })
}

fn colour(factors: &[(u8, u8)]) -> Jpeg {
    Jpeg::new(19, 13, factors).painted(wave)
}

pub(super) fn goldens() -> Vec<GoldenCase<Mjpeg>> {
    let mut all = pictures::of_pictures();
    all.extend(pictures::of_scans());
    all.extend(pictures::of_streams());
    all.extend(rejected::of_segments());
    all.extend(rejected::of_data());
    all.extend(rejected::of_parts());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}
