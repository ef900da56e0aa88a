//! A contact sheet: some frames of an animation, small, in one picture.

use super::decode::write_png;
use crate::Failed;
use decoders::VideoFrame;
use std::path::Path;

/// Frames of a sheet, at most; of more, some are chosen at even distances.
pub const SHEET_FRAMES_MAX: u64 = 64;

/// Longest side of a frame on a sheet, in pixels.
const SIDE_MAX: u32 = 192;

/// Pixels between frames.
const GAP: u32 = 4;

/// A frame on a sheet.
struct Small {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

/// A sheet that is being filled.
#[derive(Default)]
pub struct Sheet {
    frames: u64,
    shown: Vec<Small>,
}

impl Sheet {
    /// Says how many frames there are.
    pub fn of(&mut self, frames: u64) {
        self.frames = frames;
    }

    /// Takes a frame, where it is one of those that are shown.
    pub fn take(&mut self, frame: &VideoFrame<'_>) {
        let wanted = self.frames.min(SHEET_FRAMES_MAX);
        // The first of so many frames, the last, and what lies evenly between.
        let last = wanted.saturating_sub(1);
        let next = (self.shown.len() as u64).saturating_mul(self.frames.saturating_sub(1)).checked_div(last).unwrap_or(0);
        if (self.shown.len() as u64) < wanted && u64::from(frame.number) == next {
            self.shown.push(small(frame));
        }
    }

    /// Writes the sheet.
    ///
    /// # Errors
    /// It can't be written.
    pub fn finish(self, out: &Path) -> Result<(), Failed> {
        let count = self.shown.len() as u32;
        let columns = (1..=count).find(|columns| columns.saturating_mul(*columns) >= count).unwrap_or(1);
        let rows = count.div_ceil(columns);
        let (cell_width, cell_height) = self.shown.first().map_or((1, 1), |first| (first.width, first.height));
        let side = |cells: u32, cell: u32| cells.saturating_mul(cell.saturating_add(GAP)).saturating_add(GAP);
        let (width, height) = (side(columns, cell_width), side(rows, cell_height));
        let mut rgba = vec![0_u8; (width as usize).saturating_mul(height as usize).saturating_mul(4)];
        for (number, small) in (0_u32..).zip(&self.shown) {
            let (left, top) = (side(number % columns, cell_width), side(number / columns, cell_height));
            for (row, pixels) in (top..).zip(small.rgba.chunks(small.width as usize * 4)) {
                let start = (row as usize).saturating_mul(width as usize).saturating_add(left as usize).saturating_mul(4);
                if let Some(place) = rgba.get_mut(start..start.saturating_add(pixels.len())) {
                    place.copy_from_slice(pixels);
                }
            }
        }
        write_png(out, width, height, &rgba)
    }
}

/// A frame of which only each n-th pixel is left.
fn small(frame: &VideoFrame<'_>) -> Small {
    let step = frame.width.max(frame.height).div_ceil(SIDE_MAX).max(1) as usize;
    let (pixels, _) = frame.pixels.as_chunks::<4>();
    let rows = pixels.chunks(frame.width.max(1) as usize).step_by(step);
    let rgba = rows.flat_map(|row| row.iter().step_by(step)).flat_map(|[blue, green, red, alpha]| [*red, *green, *blue, *alpha]).collect();
    let side = |side: u32| side.div_ceil(step as u32);
    Small { width: side(frame.width), height: side(frame.height), rgba }
}
