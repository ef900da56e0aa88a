//! A picture: its segments in their order.

use crate::nonzero::nonzero;
use crate::output::Rows;
use crate::scan::Scan;
use crate::segments::{Header, ScanHeader, is_header};
use crate::tables::{ROWS, Steps, Tables};
use crate::walk::{Cursor, marker};
use crate::{Fault, Halt};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::mjpeg::MJPEG_COEFFICIENT_BYTES;

/// What is kept from picture to picture, so that it is not allocated again: rows of samples, and coefficients.
#[derive(Debug, Default)]
pub struct Decoder {
    rows: Rows,
    kept: [Vec<[i16; 64]>; 3],
}

/// What was said of a component's coefficients so far.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// The lowest bit that is known of each coefficient; [`UNKNOWN`] before its first scan.
    low: [u8; 64],
}

const UNKNOWN: u8 = 0xff;

/// The state of a picture between its segments.
struct State {
    known: [Known; 3],
    steps: [Steps; 3],
    /// Whether a frame header was met.
    framed: bool,
    /// Whether the components are red, green and blue, once the first scan has begun.
    rgb: Option<bool>,
    /// Whether coefficients are kept.
    keep: bool,
}

impl Decoder {
    /// Bytes of coefficients that a picture needs kept: none where one scan tells everything.
    pub fn kept_bytes(header: &Header, components_of_first_scan: u8) -> u64 {
        if !header.progressive && usize::from(components_of_first_scan) == header.components().len() {
            return 0;
        }
        (header.blocks() as u64).saturating_mul(64).saturating_mul(MJPEG_COEFFICIENT_BYTES.into())
    }

    /// Gives back the memory of coefficients.
    pub fn forget(&mut self) {
        self.kept = Default::default();
    }

    /// Decodes the picture that begins with the first of these bytes, which are all of it, into `out`: four bytes a pixel (blue, green, red,
    /// 255), rows from the top without gaps. `header` is what [`crate::header`] gave for it, `components_of_first_scan` what
    /// [`crate::Walk::first_scan`] did.
    ///
    /// # Errors
    /// `malformed_media`, `corrupt_pixels`, `decode_memory_exceeded`; what `out` holds then has no meaning.
    pub fn decode(&mut self, bytes: &[u8], header: &Header, components_of_first_scan: u8, out: &mut [u8]) -> Result<(), Fault> {
        let keep = Self::kept_bytes(header, components_of_first_scan) > 0;
        self.rows.prepare(header).map_err(|_| no_memory())?;
        self.prepare(header, keep)?;
        let mut state = State { known: [Known { low: [UNKNOWN; 64] }; 3], steps: [ROWS; 3], framed: false, rgb: None, keep };
        match self.segments(bytes, header, &mut state, out) {
            Ok(()) => {}
            Err(Halt::Fault(fault)) => return Err(fault),
            Err(Halt::NeedInput) => return Err(Fault::malformed("the picture is cut", bytes.len())),
        }
        if state.known.iter().zip(header.components()).any(|(known, _)| known.low[0] == UNKNOWN) {
            return Err(Fault::malformed("a component has no scan", bytes.len()));
        }
        if keep {
            self.paint(header, &state, out);
        }
        Ok(())
    }

    fn prepare(&mut self, header: &Header, keep: bool) -> Result<(), Fault> {
        for (place, kept) in self.kept.iter_mut().enumerate() {
            let component = header.components().get(place).filter(|_| keep);
            let blocks = component.map_or(0, |component| component.columns.saturating_mul(component.rows));
            // No more is held than was charged for this picture. What the picture before left is overwritten by a block's first scan.
            if kept.capacity() != blocks || kept.len() != blocks {
                *kept = Vec::new();
                kept.try_reserve_exact(blocks).map_err(|_| no_memory())?;
                kept.resize(blocks, [0; 64]);
            }
        }
        Ok(())
    }

    fn segments(&mut self, bytes: &[u8], header: &Header, state: &mut State, out: &mut [u8]) -> Result<(), Halt> {
        let mut cursor = Cursor { bytes, at: 0 };
        cursor.start()?;
        let mut tables = Tables::default();
        loop {
            let start = cursor.at;
            match cursor.marker()? {
                marker::END => return Ok(()),
                marker::SCAN => {
                    let content = cursor.content()?;
                    let scan = ScanHeader::parse(content, header, start)?;
                    let rgb = *state.rgb.get_or_insert_with(|| tables.is_rgb(header));
                    state.begin(&scan, header, &tables, start)?;
                    let reader = Scan::new(header, scan, &tables, &state.steps, bytes, cursor.at);
                    cursor.at = if state.keep { reader.keep(&mut self.kept)? } else { reader.paint(&mut self.rows, out, rgb)? };
                }
                marker if is_header(marker) => {
                    if state.framed {
                        return Err(Fault::malformed("there is another frame header", start).into());
                    }
                    state.framed = true;
                    cursor.content()?;
                }
                marker => {
                    let content = cursor.content()?;
                    tables.read(marker, content, start)?;
                }
            }
        }
    }

    /// From kept coefficients to pixels.
    fn paint(&mut self, header: &Header, state: &State, out: &mut [u8]) {
        let (_, down) = header.units();
        for unit_y in 0..down {
            for (place, (component, (kept, steps))) in header.components().iter().zip(self.kept.iter().zip(&state.steps)).enumerate() {
                let v = usize::from(component.v);
                let first = unit_y.saturating_mul(v);
                let blocks = kept.chunks(component.columns.max(1)).enumerate().skip(first).take(v);
                for (y, row) in blocks {
                    for (x, block) in row.iter().enumerate() {
                        let (scaled, last) = scaled(block, steps);
                        self.rows.put(place, x, unit_y, y.saturating_sub(first), &scaled, last);
                    }
                }
            }
            self.rows.paint(header, unit_y, out, state.rgb == Some(true));
        }
    }
}

/// A block's coefficients times their steps, row by row, and the last place in zigzag order that has one.
#[inline(always)]
fn scaled(block: &[i16; 64], steps: &Steps) -> ([i16; 64], u32) {
    let mut scaled = [0; 64];
    let mut places = nonzero(block);
    let last = (places | 1).ilog2();
    while places != 0 {
        let place = places.trailing_zeros() as usize;
        places &= places.wrapping_sub(1);
        if let (Some(value), Some(step)) = (block.get(place), steps.get(place))
            && let Some(slot) = scaled.get_mut(usize::from(step.place & 63))
        {
            *slot = value.wrapping_mul(step.factor);
        }
    }
    (scaled, last)
}

fn no_memory() -> Fault {
    Fault::new(ErrorCode::DecodeMemoryExceeded, "there is no memory for the picture's samples", 0)
}

impl State {
    /// Notes what a scan will say, and holds it against what others have said.
    fn begin(&mut self, scan: &ScanHeader, header: &Header, tables: &Tables, at: usize) -> Result<(), Fault> {
        for part in scan.parts() {
            let (Some(known), Some(steps)) = (self.known.get_mut(part.place), self.steps.get_mut(part.place)) else {
                return Err(Fault::malformed("a scan's component is not the frame's", at));
            };
            let needs_dc = scan.first == 0 && scan.high == 0;
            let has = |there: bool, needed: bool| there || !needed;
            let dc = tables.dc.get(part.dc).is_some_and(Option::is_some);
            let ac = tables.ac.get(part.ac).is_some_and(Option::is_some);
            if !has(dc, needs_dc) || !has(ac, scan.last > 0) {
                return Err(Fault::malformed("a scan uses a Huffman table that is not there", at));
            }
            if scan.first > 0 && known.low[0] == UNKNOWN {
                return Err(Fault::malformed("a component's AC comes before its DC", at));
            }
            let unknown = known.low.iter().all(|low| *low == UNKNOWN);
            let expected = if scan.high == 0 { UNKNOWN } else { scan.high };
            let band = known.low.iter_mut().take(usize::from(scan.last).saturating_add(1)).skip(usize::from(scan.first));
            for low in band {
                if *low != expected {
                    return Err(Fault::malformed("a scan says again, or too early, what a coefficient is", at));
                }
                *low = scan.low;
            }
            if unknown {
                let number = header.components().get(part.place).map_or(0, |component| usize::from(component.steps));
                let found = tables.steps.get(number).copied().flatten();
                *steps = found.ok_or(Fault::malformed("a component uses a table of steps that is not there", at))?;
            }
        }
        Ok(())
    }
}
