//! The frame: memory that `embedded-graphics` draws into.

use alloc::vec;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;
use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{Dimensions, OriginDimensions, Size};
use embedded_graphics::pixelcolor::PixelColor;
use embedded_graphics::pixelcolor::raw::RawU32;
use embedded_graphics::primitives::Rectangle;
use spec::miniplayer::{MINIPLAYER_HEIGHT, MINIPLAYER_WIDTH};

const WIDTH: usize = MINIPLAYER_WIDTH as usize;

/// A colour of straight alpha: alpha, red, green and blue from the highest byte down, so that its bytes in memory are BGRA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Color(pub(crate) u32);

impl PixelColor for Color {
    type Raw = RawU32;
}

/// A frame of [`MINIPLAYER_WIDTH`] by [`MINIPLAYER_HEIGHT`] pixels, BGRA8888 with straight alpha.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame(Vec<u32>);

impl Default for Frame {
    /// Transparent.
    fn default() -> Self {
        Self(vec![0; WIDTH.saturating_mul(MINIPLAYER_HEIGHT as usize)])
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({MINIPLAYER_WIDTH}x{MINIPLAYER_HEIGHT})")
    }
}

impl Frame {
    /// The bytes: blue, green, red and alpha of each pixel, row by row, without gaps.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.iter().flat_map(|pixel| pixel.to_le_bytes())
    }

    /// All pixels, row by row; alpha is the highest byte, blue the lowest.
    pub fn pixels(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }

    /// The pixels of a row, from 0; alpha is the highest byte, blue the lowest.
    pub fn row(&self, row: u32) -> Option<&[u32]> {
        self.0.chunks_exact(WIDTH).nth(row as usize)
    }

    /// Makes every pixel transparent.
    pub(crate) fn wipe(&mut self) {
        self.0.fill(0);
    }

    /// What `embedded-graphics` draws into: apart, so that its version is no part of what this package offers.
    pub(crate) const fn canvas(&mut self) -> Canvas<'_> {
        Canvas(self)
    }

    fn at(&mut self, x: i32, y: i32) -> Option<&mut u32> {
        let x = usize::try_from(x).ok().filter(|x| *x < WIDTH)?;
        let row = usize::try_from(y).ok()?.checked_mul(WIDTH)?;
        self.0.get_mut(row.checked_add(x)?)
    }
}

/// A frame that is drawn into.
pub(crate) struct Canvas<'a>(&'a mut Frame);

impl OriginDimensions for Canvas<'_> {
    fn size(&self) -> Size {
        Size::new(MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT)
    }
}

impl DrawTarget for Canvas<'_> {
    type Color = Color;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Color>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(point, Color(color)) in pixels {
            if let Some(pixel) = self.0.at(point.x, point.y) {
                *pixel = color;
            }
        }
        Ok(())
    }

    // Nearly everything that is drawn are rows of one colour.
    fn fill_solid(&mut self, area: &Rectangle, Color(color): Color) -> Result<(), Infallible> {
        let area = area.intersection(&self.bounding_box());
        let (left, top) = (area.top_left.x.max(0) as usize, area.top_left.y.max(0) as usize);
        let (width, height) = (area.size.width as usize, area.size.height as usize);
        for row in self.0.0.chunks_exact_mut(WIDTH).skip(top).take(height) {
            row.iter_mut().skip(left).take(width).for_each(|pixel| *pixel = color);
        }
        Ok(())
    }
}
