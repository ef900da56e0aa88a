//! The picture that frames are drawn on, and what becomes of a frame before the next one.

use crate::budget::out_of_memory;
use crate::{Info, Result};
use alloc::vec::Vec;
use spec::gif::DECODE_PIXEL_BYTES;

/// Bytes of a pixel.
const PIXEL: usize = DECODE_PIXEL_BYTES as usize;

/// A part of a canvas, in pixels. Whoever makes one has seen that it lies inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Rect {
    pub const fn pixels(self) -> u64 {
        (self.width as u64).saturating_mul(self.height as u64)
    }

    pub const fn lies_in(self, info: Info) -> bool {
        let (right, bottom) = ((self.left as u64).saturating_add(self.width as u64), (self.top as u64).saturating_add(self.height as u64));
        right <= info.width as u64 && bottom <= info.height as u64
    }
}

/// What becomes of a frame before the next one is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disposal {
    /// It stays.
    #[default]
    Keep,
    /// Its part becomes transparent black.
    Clear,
    /// What was there before is put back.
    Restore,
}

/// A canvas of straight BGRA.
#[derive(Debug, Default)]
pub struct Canvas {
    pixels: Vec<u8>,
    /// Bytes of a row.
    stride: usize,
    disposal: Disposal,
    rect: Rect,
    saved: Vec<u8>,
}

impl Canvas {
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Bytes that a disposal needs, for whoever charges them.
    pub const fn saved_bytes(disposal: Disposal, rect: Rect) -> u64 {
        match disposal {
            Disposal::Restore => rect.pixels().saturating_mul(PIXEL as u64),
            Disposal::Keep | Disposal::Clear => 0,
        }
    }

    /// Everything transparent black, nothing to dispose of.
    pub fn reset(&mut self) {
        self.pixels.fill(0);
        (self.disposal, self.saved) = (Disposal::Keep, Vec::new());
    }

    /// Disposes of the frame before and gets ready for one in this part. The memory has been charged.
    pub fn begin(&mut self, info: Info, rect: Rect, disposal: Disposal) -> Result<()> {
        if self.pixels.is_empty() {
            let bytes = u64::from(info.width).saturating_mul(info.height.into()).saturating_mul(PIXEL as u64);
            self.pixels = zeros(bytes)?;
            self.stride = (info.width as usize).saturating_mul(PIXEL);
        }
        let saved = core::mem::take(&mut self.saved);
        match self.disposal {
            Disposal::Keep => {}
            Disposal::Clear => self.rows(self.rect).for_each(|row| row.fill(0)),
            Disposal::Restore => {
                let length = (self.rect.width as usize).saturating_mul(PIXEL).max(1);
                self.rows(self.rect).zip(saved.chunks_exact(length)).for_each(|(row, saved)| row.copy_from_slice(saved));
            }
        }
        drop(saved);
        (self.disposal, self.rect) = (disposal, rect);
        if disposal == Disposal::Restore {
            let mut saved = zeros(Self::saved_bytes(disposal, rect))?;
            let length = (rect.width as usize).saturating_mul(PIXEL).max(1);
            saved.chunks_exact_mut(length).zip(self.rows(rect)).for_each(|(saved, row)| saved.copy_from_slice(row));
            self.saved = saved;
        }
        Ok(())
    }

    /// The rows of a part, each of its width.
    fn rows(&mut self, rect: Rect) -> impl Iterator<Item = &mut [u8]> {
        let (start, length) = ((rect.left as usize).saturating_mul(PIXEL), (rect.width as usize).saturating_mul(PIXEL));
        let rows = self.pixels.chunks_exact_mut(self.stride.max(1)).skip(rect.top as usize).take(rect.height as usize);
        rows.filter_map(move |row| row.get_mut(start..)?.get_mut(..length))
    }

    /// Pixels of the current frame, from a place in it to the end of the row there.
    pub fn row(&mut self, x: u32, y: u32) -> &mut [[u8; PIXEL]] {
        let (left, right) = (self.rect.left.saturating_add(x), self.rect.left.saturating_add(self.rect.width));
        let start = (self.rect.top.saturating_add(y) as usize).saturating_mul(self.stride);
        let row = self.pixels.get_mut(start..).and_then(|rest| rest.get_mut(..self.stride)).unwrap_or_default();
        row.as_chunks_mut().0.get_mut(left as usize..right as usize).unwrap_or_default()
    }
}

/// Zeros, where there is memory for them; it has been charged.
pub(crate) fn zeros(bytes: u64) -> Result<Vec<u8>> {
    let refused = out_of_memory(bytes, 0);
    let length = usize::try_from(bytes).map_err(|_| refused)?;
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(length).map_err(|_| refused)?;
    zeros.resize(length, 0);
    Ok(zeros)
}
