//! From filtered rows to the canvas, row by row.

use super::blend::over;
use super::filters::undo;
use super::samples::Form;
use crate::canvas::{Canvas, Rect, zeros};
use alloc::vec::Vec;
use core::mem;
use core::slice;

/// First column and row, and the steps to the next, of each pass of Adam7.
pub(super) const PASSES: [Pass; 7] = [
    Pass { left: 0, top: 0, right: 8, down: 8 },
    Pass { left: 4, top: 0, right: 8, down: 8 },
    Pass { left: 0, top: 4, right: 4, down: 8 },
    Pass { left: 2, top: 0, right: 4, down: 4 },
    Pass { left: 0, top: 2, right: 2, down: 4 },
    Pass { left: 1, top: 0, right: 2, down: 2 },
    Pass { left: 0, top: 1, right: 1, down: 2 },
];

/// The one pass of a picture that is not interlaced.
pub(super) const WHOLE: [Pass; 1] = [Pass { left: 0, top: 0, right: 1, down: 1 }];

/// The pixels that are sent together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    left: u32,
    top: u32,
    right: u32,
    down: u32,
}

impl Pass {
    /// Columns and rows of the pass.
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        (width.saturating_sub(self.left).div_ceil(self.right), height.saturating_sub(self.top).div_ceil(self.down))
    }
}

/// Takes a filter off a row in place: its number, the row, and the row above.
type Undo = fn(u8, &mut [u8], &[u8]) -> Result<(), &'static str>;

/// A frame that is drawn while its rows come. It holds two of them, and the pixels of one.
pub(super) struct Rows<'a> {
    form: &'a Form,
    canvas: &'a mut Canvas,
    rect: Rect,
    blend: bool,
    undo: Undo,
    /// The passes to come, and the current one with its columns and bytes of a row.
    passes: slice::Iter<'static, Pass>,
    pass: Pass,
    columns: u32,
    bytes: usize,
    /// Rows of the pass that were drawn, and that there are.
    drawn: u32,
    count: u32,
    /// The current row, of which so many bytes are there, its filter first; and the row above.
    row: Vec<u8>,
    filled: usize,
    above: Vec<u8>,
    /// Pixels that are not side by side on the canvas, or are blended with it.
    line: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// Nothing of a frame is drawn yet.
    pub fn new(form: &'a Form, rect: Rect, blend: bool, canvas: &'a mut Canvas) -> crate::Result<Self> {
        let undo: Undo = match form.bits().div_ceil(8) {
            2 => undo::<2>,
            3 => undo::<3>,
            4 => undo::<4>,
            6 => undo::<6>,
            8 => undo::<8>,
            _ => undo::<1>,
        };
        let longest = form.row_bytes(rect.width).saturating_add(1);
        let pixels = if blend || form.interlaced { u64::from(rect.width).saturating_mul(4) } else { 0 };
        let (row, above, line) = (zeros(longest)?, zeros(longest)?, zeros(pixels)?);
        let (passes, [pass]) = (form.passes().iter(), WHOLE);
        let (columns, bytes, drawn, count, filled) = (0, 0, 0, 0, 0);
        Ok(Self { form, canvas, rect, blend, undo, passes, pass, columns, bytes, drawn, count, row, filled, above, line })
    }

    /// Draws what comes next of the filtered rows, and says what is wrong with them.
    pub fn draw(&mut self, mut more: &[u8]) -> Result<(), &'static str> {
        while !more.is_empty() {
            while self.drawn >= self.count {
                self.begin_pass()?;
            }
            let room = self.row.get_mut(self.filled..self.bytes).unwrap_or_default();
            let (now, later) = more.split_at(more.len().min(room.len()));
            room.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            self.filled = self.filled.saturating_add(now.len());
            more = later;
            if self.filled == self.bytes {
                self.draw_row()?;
            }
        }
        Ok(())
    }

    fn begin_pass(&mut self) -> Result<(), &'static str> {
        self.pass = *self.passes.next().ok_or("there are more rows than the frame has")?;
        (self.columns, self.count) = self.pass.size(self.rect.width, self.rect.height);
        if self.columns == 0 {
            self.count = 0;
        }
        self.bytes = (self.form.row_bytes(self.columns) as usize).saturating_add(1);
        self.drawn = 0;
        Ok(())
    }

    fn draw_row(&mut self) -> Result<(), &'static str> {
        let Some((filter, row)) = self.row.get_mut(..self.bytes).and_then(<[u8]>::split_first_mut) else { return Ok(()) };
        let above = if self.drawn == 0 { None } else { self.above.get(1..self.bytes) };
        (self.undo)(*filter, row, above.unwrap_or_default())?;
        let y = self.pass.top.saturating_add(self.drawn.saturating_mul(self.pass.down));
        if self.line.is_empty() {
            self.form.convert(row, self.canvas.row(0, y));
        } else {
            let pixels = self.line.as_chunks_mut().0.get_mut(..self.columns as usize).unwrap_or_default();
            self.form.convert(row, pixels);
            let places = self.canvas.row(self.pass.left, y).iter_mut().step_by(self.pass.right as usize);
            places.zip(pixels).for_each(|(place, pixel)| *place = if self.blend { over(*pixel, *place) } else { *pixel });
        }
        mem::swap(&mut self.row, &mut self.above);
        (self.filled, self.drawn) = (0, self.drawn.saturating_add(1));
        Ok(())
    }
}
