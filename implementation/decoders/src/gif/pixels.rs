//! From LZW data to pixels on the canvas, without a picture of indices between.

use super::lzw::{Lzw, Stop};
use crate::canvas::{Canvas, Rect};

/// First row and step of each pass of an interlaced image.
const PASSES: [(u32, u32); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];

/// The colour of every index.
pub(super) struct Palette {
    /// BGRA, blue lowest: as numbers, none of them lies across two lines of the cache.
    colours: [u32; 256],
    transparent: Option<u8>,
}

impl Palette {
    /// A palette of these reds, greens and blues; other indices are opaque black (GIF-D4).
    pub fn new(rgb: &[u8], transparent: Option<u8>) -> Self {
        let mut colours = [u32::from_le_bytes([0, 0, 0, u8::MAX]); 256];
        for (colour, [red, green, blue]) in colours.iter_mut().zip(rgb.as_chunks().0) {
            *colour = u32::from_le_bytes([*blue, *green, *red, u8::MAX]);
        }
        Self { colours, transparent }
    }

    fn paint(&self, indices: &[u8], row: &mut [[u8; 4]]) {
        // Every index has a colour, so that the lookup falls back on none.
        let colour = |index: u8| self.colours.get(usize::from(index)).copied().unwrap_or_default().to_le_bytes();
        match self.transparent {
            None => {
                // By eights: what a loop costs is as much as what a pixel does.
                let (eights, rest) = indices.as_chunks::<8>();
                let (pixels, last) = row.split_at_mut_checked(eights.as_flattened().len()).unwrap_or_default();
                pixels.as_chunks_mut().0.iter_mut().zip(eights).for_each(|(pixels, eight)| *pixels = eight.map(colour));
                last.iter_mut().zip(rest).for_each(|(pixel, index)| *pixel = colour(*index));
            }
            Some(transparent) => {
                for (pixel, index) in row.iter_mut().zip(indices) {
                    if *index != transparent {
                        *pixel = colour(*index);
                    }
                }
            }
        }
    }
}

/// The rows of an image in the order of its data.
struct Rows {
    y: u32,
    height: u32,
    /// The pass, of an interlaced image.
    pass: Option<usize>,
}

impl Rows {
    fn advance(&mut self) {
        let Some(mut pass) = self.pass else {
            self.y = self.y.saturating_add(1);
            return;
        };
        self.y = self.y.saturating_add(PASSES.get(pass).map_or(1, |(_, step)| *step));
        while self.y >= self.height {
            pass = pass.saturating_add(1);
            let Some((first, _)) = PASSES.get(pass) else { break };
            self.y = *first;
        }
        self.pass = Some(pass);
    }
}

/// Draws the image of these pieces of LZW data, whose code size is in its range; says what is wrong with them where they don't make it.
pub(super) fn draw<'a>(
    lzw: &mut Lzw,
    pieces: impl Iterator<Item = &'a [u8]>,
    size: u8,
    rect: Rect,
    interlaced: bool,
    palette: &Palette,
    canvas: &mut Canvas,
) -> Result<(), &'static str> {
    let mut rows = Rows { y: 0, height: rect.height, pass: interlaced.then_some(0) };
    let mut x = 0_u32;
    let stop = lzw.expand(pieces, size, rect.pixels(), |mut indices| {
        while !indices.is_empty() {
            let (here, rest) = indices.split_at(indices.len().min(rect.width.saturating_sub(x) as usize));
            palette.paint(here, canvas.row(x, rows.y));
            x = x.saturating_add(here.len() as u32);
            if x >= rect.width {
                rows.advance();
                x = 0;
            }
            indices = rest;
        }
    });
    match stop {
        Stop::Whole => Ok(()),
        Stop::Ended => Err("the LZW data end before the last pixel"),
        Stop::Nothing => Err("the LZW data have a code that stands for nothing"),
    }
}
