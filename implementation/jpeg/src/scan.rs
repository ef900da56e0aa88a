//! The data of a scan: intervals, units and blocks.

use crate::Fault;
use crate::bits::Bits;
use crate::codes::{AcCodes, DcCodes};
use crate::output::Rows;
use crate::progressive::{self, Band};
use crate::segments::{Component, Header, ScanHeader};
use crate::sequential::{self, Coded};
use crate::tables::{AS_THEY_ARE, Steps, Tables};

/// A component of a scan, with its tables.
#[derive(Clone, Copy, Debug)]
struct Source<'a> {
    /// Its place in the frame.
    place: usize,
    component: &'a Component,
    dc: Option<&'a DcCodes>,
    ac: Option<&'a AcCodes>,
    steps: &'a Steps,
}

/// What a scan's data go through.
pub(crate) struct Scan<'a> {
    header: &'a Header,
    scan: ScanHeader,
    sources: [Option<Source<'a>>; 3],
    bits: Bits<'a>,
    /// The whole picture, for the places of markers.
    bytes: &'a [u8],
    /// Units between restart markers; 0 for none.
    interval: u16,
    /// Units that are left of this interval.
    left: u16,
    restarts: u8,
    before: [i16; 3],
    ended: u32,
}

const BROKEN: &str = "entropy-coded data break their code, or end before the last block";

impl<'a> Scan<'a> {
    /// A scan whose data begin at `at`. Every table that it uses is there.
    pub fn new(header: &'a Header, scan: ScanHeader, tables: &'a Tables, steps: &'a [Steps; 3], bytes: &'a [u8], at: usize) -> Self {
        let mut sources = [None; 3];
        for (part, source) in scan.parts().iter().zip(&mut sources) {
            let (dc, ac) = (tables.dc.get(part.dc), tables.ac.get(part.ac));
            *source = header.components().get(part.place).zip(steps.get(part.place)).map(|(component, steps)| Source {
                place: part.place,
                component,
                dc: dc.and_then(Option::as_deref),
                ac: ac.and_then(Option::as_deref),
                steps,
            });
        }
        let (interval, bits) = (tables.interval, Bits::new(bytes, at));
        Self { header, scan, sources, bits, bytes, interval, left: interval, restarts: 0, before: [0; 3], ended: 0 }
    }

    fn broken(&self) -> Fault {
        Fault::corrupt(BROKEN, self.bits.at())
    }

    /// Before each unit: a restart marker where it is its turn.
    #[inline(always)]
    fn unit(&mut self) -> Result<(), Fault> {
        if self.interval > 0 {
            if self.left == 0 {
                self.restart()?;
            }
            self.left = self.left.wrapping_sub(1);
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), Fault> {
        let (marker, start, behind) = self.marker();
        let expected = 0xd0 | self.restarts & 7;
        if marker != Some(expected) {
            return Err(Fault::corrupt("the restart marker is not there, or not the one in turn", start));
        }
        self.restarts = self.restarts.wrapping_add(1);
        (self.left, self.before, self.ended) = (self.interval, [0; 3], 0);
        self.bits = Bits::new(self.bytes, behind);
        Ok(())
    }

    /// The next marker behind the bits that were read, where it begins and what is behind it.
    fn marker(&self) -> (Option<u8>, usize, usize) {
        let mut cursor = crate::walk::Cursor { bytes: self.bytes, at: self.bits.at() };
        loop {
            cursor.skip_to_ff();
            let start = cursor.at;
            let mut next = 0xff;
            while next == 0xff {
                match cursor.array() {
                    Ok([byte]) => next = byte,
                    Err(_) => return (None, start, start),
                }
            }
            if next != 0 {
                return (Some(next), start, cursor.at);
            }
        }
    }

    /// Behind the last unit: no restart marker. Gives where the next marker begins.
    fn end(&self) -> Result<usize, Fault> {
        if self.bits.is_short() {
            return Err(self.broken());
        }
        match self.marker() {
            (Some(0xd0..=0xd7), start, _) => Err(Fault::corrupt("there is a restart marker behind the last interval", start)),
            (_, start, _) => Ok(start),
        }
    }

    /// Reads a scan of all components of a sequential frame, and paints row by row; gives where the next marker begins.
    pub fn paint(mut self, rows: &mut Rows, out: &mut [u8], rgb: bool) -> Result<usize, Fault> {
        let (across, down) = self.header.units();
        for unit_y in 0..down {
            for unit_x in 0..across {
                self.unit()?;
                for source in self.sources.into_iter().flatten() {
                    let (Some(dc), Some(ac), Some(mut before)) = (source.dc, source.ac, self.before.get(source.place).copied()) else {
                        return Err(self.broken());
                    };
                    let (h, v) = (usize::from(source.component.h), usize::from(source.component.v));
                    for y in 0..v {
                        for x in 0..h {
                            let mut block = [0; 64];
                            let coded = sequential::block(&mut self.bits, dc, ac, &mut before, source.steps, &mut block);
                            let Some(Coded { last }) = coded else { return Err(self.broken()) };
                            rows.put(source.place, unit_x.wrapping_mul(h).wrapping_add(x), unit_y, y, &block, last);
                        }
                    }
                    if let Some(slot) = self.before.get_mut(source.place) {
                        *slot = before;
                    }
                }
                if self.bits.is_short() {
                    return Err(self.broken());
                }
            }
            rows.paint(self.header, unit_y, out, rgb);
        }
        self.end()
    }

    /// Reads a scan into coefficients that are kept, in zigzag order; gives where the next marker begins.
    pub fn keep(mut self, kept: &mut [alloc::vec::Vec<[i16; 64]>; 3]) -> Result<usize, Fault> {
        let single = self.scan.parts().len() == 1;
        let first = self.sources.first().copied().flatten();
        let (across, down) = match first {
            Some(source) if single => (source.component.own_columns, source.component.own_rows),
            _ => self.header.units(),
        };
        for unit_y in 0..down {
            for unit_x in 0..across {
                self.unit()?;
                for source in self.sources.into_iter().flatten() {
                    let (h, v) = if single { (1, 1) } else { (usize::from(source.component.h), usize::from(source.component.v)) };
                    for y in 0..v {
                        for x in 0..h {
                            let (x, y) = (unit_x.wrapping_mul(h).wrapping_add(x), unit_y.wrapping_mul(v).wrapping_add(y));
                            let place = y.wrapping_mul(source.component.columns).wrapping_add(x);
                            let block = kept.get_mut(source.place).and_then(|blocks| blocks.get_mut(place));
                            let Some(()) = block.and_then(|block| self.block(source, block)) else { return Err(self.broken()) };
                        }
                    }
                }
                if self.bits.is_short() {
                    return Err(self.broken());
                }
            }
        }
        self.end()
    }

    #[inline]
    fn block(&mut self, source: Source<'_>, block: &mut [i16; 64]) -> Option<()> {
        /// Coefficients are kept as they are.
        static KEPT: Steps = AS_THEY_ARE;
        let ScanHeader { first, last, high, low, .. } = self.scan;
        let low = u32::from(low);
        let before = self.before.get_mut(source.place)?;
        if !self.header.progressive {
            *block = [0; 64];
            sequential::block(&mut self.bits, source.dc?, source.ac?, before, &KEPT, block)?;
            return Some(());
        }
        let band = Band { first: first.into(), last: last.into(), low };
        match (first, high) {
            (0, 0) => progressive::dc(&mut self.bits, source.dc?, before, low, block),
            (0, _) => {
                progressive::refine_dc(&mut self.bits, low, block);
                Some(())
            }
            (_, 0) => progressive::band(&mut self.bits, source.ac?, band, &mut self.ended, block),
            _ => progressive::refine(&mut self.bits, source.ac?, band, &mut self.ended, block),
        }
    }
}
