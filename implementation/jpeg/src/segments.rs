//! Frame headers and scan headers.

use crate::walk::{Cursor, marker};
use crate::{Fault, Halt};
use spec::mjpeg::{MJPEG_SHIFT_MAX, MJPEG_UNIT_BLOCKS_MAX};

/// A component of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Component {
    pub(crate) id: u8,
    /// Sampling factors, from 1 to 4.
    pub(crate) h: u8,
    pub(crate) v: u8,
    /// The number of its table of steps.
    pub(crate) steps: u8,
    /// Columns and rows of its blocks, in whole units.
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// The same without what only fills units.
    pub(crate) own_columns: usize,
    pub(crate) own_rows: usize,
    /// Columns and rows of its samples.
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// What a picture's frame header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether it is progressive.
    pub progressive: bool,
    /// Width, in pixels, from 1.
    pub width: u16,
    /// Height, in pixels, from 1.
    pub height: u16,
    /// One component, or three.
    count: u8,
    components: [Component; 3],
    /// The largest sampling factors.
    pub(crate) h_most: u8,
    pub(crate) v_most: u8,
}

impl Header {
    /// Its components.
    pub fn components(&self) -> &[Component] {
        self.components.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Columns and rows of units of all components.
    pub(crate) fn units(&self) -> (usize, usize) {
        let side = |side: u16, most: u8| usize::from(side).div_ceil(usize::from(most).saturating_mul(8).max(8));
        (side(self.width, self.h_most), side(self.height, self.v_most))
    }

    /// Blocks of all components.
    pub(crate) fn blocks(&self) -> usize {
        self.components().iter().fold(0, |all, component| all.saturating_add(component.columns.saturating_mul(component.rows)))
    }
}

/// Whether this marker begins a frame header.
pub(crate) const fn is_header(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xc3 | 0xc5..=0xcb | 0xcd..=0xcf)
}

/// What the picture that begins here claims.
///
/// # Errors
/// Bytes are missing; `malformed_media`; `unsupported_media`. Bounds of sides and pixels are the caller's.
pub fn header(bytes: &[u8]) -> Result<Header, Halt> {
    let mut cursor = Cursor { bytes, at: 0 };
    cursor.start()?;
    loop {
        let start = cursor.at;
        match cursor.marker()? {
            marker::SCAN | marker::END => return Err(Fault::malformed("there is no frame header", start).into()),
            marker if is_header(marker) => {
                let content = cursor.content()?;
                return Ok(parse(marker, content, start)?);
            }
            _ => {
                cursor.content()?;
            }
        }
    }
}

fn parse(marker: u8, content: &[u8], at: usize) -> Result<Header, Fault> {
    if marker > 0xc2 {
        return Err(Fault::unsupported("the picture is not of a Huffman-coded sequential or progressive kind", at));
    }
    let length = Fault::malformed("the frame header's length is not that of its components", at);
    let [precision, y1, y0, x1, x0, count, named @ ..] = content else { return Err(length) };
    let (width, height) = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
    if *precision != 8 {
        return Err(Fault::unsupported("the number of bits of a sample", at).with((*precision).into(), 8, 8));
    }
    if height == 0 {
        return Err(Fault::unsupported("the height is told behind the first scan", at));
    }
    if *count != 1 && *count != 3 {
        return Err(Fault::unsupported("the picture has neither one component nor three", at));
    }
    if width == 0 {
        return Err(Fault::malformed("the picture has no columns", at));
    }
    let (named, rest) = named.as_chunks::<3>();
    if named.len() != usize::from(*count) || !rest.is_empty() {
        return Err(length);
    }
    let mut header =
        Header { progressive: marker == 0xc2, width, height, count: *count, components: Default::default(), h_most: 1, v_most: 1 };
    for (place, [id, factors, steps]) in named.iter().enumerate() {
        let (h, v) = (factors >> 4, factors & 15);
        if !(1..=4).contains(&h) || !(1..=4).contains(&v) {
            return Err(Fault::malformed("a sampling factor is not from 1 to 4", at));
        }
        if *steps > 3 {
            return Err(Fault::malformed("the number of a table of steps", at).with((*steps).into(), 0, 3));
        }
        if named.iter().take(place).any(|[other, ..]| other == id) {
            return Err(Fault::malformed("two components have the same name", at));
        }
        // The factors of a single component mean nothing.
        let (h, v) = if *count == 1 { (1, 1) } else { (h, v) };
        (header.h_most, header.v_most) = (header.h_most.max(h), header.v_most.max(v));
        if let Some(component) = header.components.get_mut(place) {
            *component = Component { id: *id, h, v, steps: *steps, ..Component::default() };
        }
    }
    let ((across, down), (h_most, v_most)) = (header.units(), (header.h_most, header.v_most));
    for component in header.components.iter_mut().take(usize::from(*count)) {
        let (h, v) = (component.h, component.v);
        if h_most.checked_rem(h) != Some(0) || v_most.checked_rem(v) != Some(0) {
            return Err(Fault::unsupported("a sampling factor does not divide the largest one", at));
        }
        let side = |side: u16, own: u8, most: u8| usize::from(side).saturating_mul(own.into()).div_ceil(usize::from(most).max(1));
        (component.columns, component.rows) = (across.saturating_mul(h.into()), down.saturating_mul(v.into()));
        (component.width, component.height) = (side(width, h, h_most), side(height, v, v_most));
        (component.own_columns, component.own_rows) = (component.width.div_ceil(8), component.height.div_ceil(8));
    }
    Ok(header)
}

/// A scan's header.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScanHeader {
    count: usize,
    /// Place of the component in the frame, DC table, AC table.
    parts: [Part; 3],
    pub first: u8,
    pub last: u8,
    pub high: u8,
    pub low: u8,
}

/// A component of a scan.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    /// Its place in the frame.
    pub place: usize,
    /// Its DC table.
    pub dc: usize,
    /// Its AC table.
    pub ac: usize,
}

impl ScanHeader {
    pub fn parts(&self) -> &[Part] {
        self.parts.get(..self.count).unwrap_or_default()
    }

    pub fn parse(content: &[u8], header: &Header, at: usize) -> Result<Self, Fault> {
        let length = Fault::malformed("a scan header's length is not that of its components", at);
        let [count, named @ .., first, last, bits] = content else { return Err(length) };
        let (named, rest) = named.as_chunks::<2>();
        if !(1..=3).contains(count) || named.len() != usize::from(*count) || !rest.is_empty() {
            return Err(length);
        }
        let (first, last, high, low) = if header.progressive { (*first, *last, bits >> 4, bits & 15) } else { (0, 63, 0, 0) };
        let mut scan = Self { count: named.len(), parts: Default::default(), first, last, high, low };
        let (mut least, mut blocks) = (0, 0_u32);
        for ([id, tables], part) in named.iter().zip(&mut scan.parts) {
            let found = header.components().iter().enumerate().skip(least).find(|(_, component)| component.id == *id);
            let Some((place, component)) = found else {
                return Err(Fault::malformed("a scan's component is not the frame's, or not in its order", at));
            };
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 {
                return Err(Fault::malformed("the number of a Huffman table", at).with(dc.max(ac) as u64, 0, 3));
            }
            *part = Part { place, dc, ac };
            least = place.saturating_add(1);
            blocks = blocks.saturating_add(u32::from(component.h).saturating_mul(component.v.into()));
        }
        if *count > 1 && blocks > MJPEG_UNIT_BLOCKS_MAX {
            let fault = Fault::malformed("the number of blocks in a unit", at);
            return Err(fault.with(blocks.into(), 1, MJPEG_UNIT_BLOCKS_MAX.into()));
        }
        if header.progressive {
            let band = if first == 0 { last == 0 } else { first <= last && last <= 63 && *count == 1 };
            if !band {
                return Err(Fault::malformed("a scan's band is neither DC nor AC of one component", at));
            }
            if u16::from(low) > MJPEG_SHIFT_MAX || high > 0 && high != low.saturating_add(1) {
                return Err(Fault::malformed("a scan's bit positions do not follow each other", at));
            }
        }
        Ok(scan)
    }
}
