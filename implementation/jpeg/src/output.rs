//! Rows of samples on their way to pixels.

use crate::segments::Header;
use crate::{colour, transform, upsample};
use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use spec::gif::DECODE_PIXEL_BYTES;

/// The samples of two rows of units of a component: those of even units above, those of odd ones below.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    bytes: Vec<u8>,
    /// Samples of a row, in whole blocks.
    stride: usize,
    /// Rows of a unit.
    unit: usize,
    /// Samples of the component.
    width: usize,
    height: usize,
    /// How many columns and rows of the picture one of its own is.
    pub across: u8,
    pub down: u8,
}

impl Ring {
    /// A row of samples; beyond the last row, that one.
    pub fn row(&self, y: usize) -> &[u8] {
        let y = y.min(self.height.saturating_sub(1));
        let (unit, row) = (y.checked_div(self.unit).unwrap_or(0), y.checked_rem(self.unit).unwrap_or(0));
        let row = (unit & 1).wrapping_mul(self.unit).wrapping_add(row);
        let start = row.wrapping_mul(self.stride);
        self.bytes.get(start..start.wrapping_add(self.width)).unwrap_or_default()
    }
}

/// Rows of all components.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rings: [Ring; 3],
    /// Rows as wide as the picture, for components that are not, and sums that they are made of.
    wide: [Vec<u8>; 3],
    sums: Vec<u16>,
    /// Rows of the picture that are painted.
    painted: usize,
}

/// Memory of zeros, where there is enough.
fn zeros<T: Copy + Default>(target: &mut Vec<T>, count: usize) -> Result<(), TryReserveError> {
    if target.capacity() < count {
        *target = Vec::new();
    }
    target.clear();
    target.try_reserve_exact(count)?;
    target.resize(count, T::default());
    Ok(())
}

impl Rows {
    /// For a picture: nothing is painted.
    pub fn prepare(&mut self, header: &Header) -> Result<(), TryReserveError> {
        self.painted = 0;
        for ((ring, wide), component) in self.rings.iter_mut().zip(&mut self.wide).zip(header.components()) {
            let factor = |most: u8, own: u8| most.checked_div(own).unwrap_or(1);
            ring.stride = component.columns.saturating_mul(8);
            ring.unit = usize::from(component.v).saturating_mul(8);
            (ring.width, ring.height) = (component.width, component.height);
            (ring.across, ring.down) = (factor(header.h_most, component.h), factor(header.v_most, component.v));
            zeros(&mut ring.bytes, ring.stride.saturating_mul(ring.unit).saturating_mul(2))?;
            let width = if (ring.across, ring.down) == (1, 1) { 0 } else { ring.width.saturating_mul(ring.across.into()) };
            zeros(wide, width)?;
        }
        zeros(&mut self.sums, self.rings.iter().map(|ring| ring.width).max().unwrap_or(0))
    }

    /// Puts a block of a component: its column, the row of its unit, its row in there.
    #[inline(always)]
    pub fn put(&mut self, place: usize, x: usize, unit: usize, y: usize, block: &[i16; 64], last: u32) {
        let Some(ring) = self.rings.get_mut(place) else { return };
        let first = (unit & 1).wrapping_mul(ring.unit).wrapping_add(y.wrapping_mul(8)).wrapping_mul(ring.stride);
        let samples = transform::block(block, last);
        let Some(rows) = ring.bytes.get_mut(first..first.wrapping_add(ring.stride.wrapping_mul(8))) else { return };
        for (row, samples) in rows.chunks_exact_mut(ring.stride.max(1)).zip(samples.as_flattened().as_chunks::<8>().0) {
            if let Some(target) = row.as_chunks_mut::<8>().0.get_mut(x) {
                *target = *samples;
            }
        }
    }

    /// Paints the rows whose samples, and those around them, are there behind this row of units.
    pub fn paint(&mut self, header: &Header, unit: usize, out: &mut [u8], rgb: bool) {
        let (_, units) = header.units();
        let height = usize::from(header.height);
        let next = unit.saturating_add(1);
        // The last row of the smallest component may need the one below it.
        let whole = next.saturating_mul(8).saturating_sub(1).saturating_mul(header.v_most.into());
        let end = if next >= units { height } else { whole.min(height) };
        let pitch = usize::from(header.width).saturating_mul(DECODE_PIXEL_BYTES as usize);
        let Self { rings, wide, sums, painted } = self;
        let targets = out.chunks_exact_mut(pitch.max(1)).enumerate().take(end).skip(*painted);
        for (y, target) in targets {
            let [first, second, third] = &*rings;
            if header.components().len() == 1 {
                colour::grey(first.row(y), target);
                continue;
            }
            let [one, two, three] = &mut *wide;
            let one = upsample::row(first, y, one, sums);
            let two = upsample::row(second, y, two, sums);
            let three = upsample::row(third, y, three, sums);
            if rgb {
                colour::rgb(one, two, three, target);
            } else {
                colour::ycbcr(one, two, three, target);
            }
        }
        *painted = end;
    }
}
