//! A writer of JPEG streams for cases, from coefficients: it writes whatever it is told, right or wrong.

use super::code::{self, Coding};
use alloc::vec;
use alloc::vec::Vec;

/// A segment, or bytes in the place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A marker's second byte, and the content behind the length.
    Marked(u8, Vec<u8>),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

/// The quantisation steps of a table, in the order of the coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Its number.
    pub number: u8,
    /// Whether it is written with 16 bits a step.
    pub wide: bool,
    /// The steps, in zigzag order.
    pub steps: [u16; 64],
}

/// A component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    /// Its name.
    pub id: u8,
    /// Horizontal and vertical sampling factor.
    pub factors: (u8, u8),
    /// The number of its table of steps.
    pub steps: u8,
    /// The number of its DC table.
    pub dc: u8,
    /// The number of its AC table.
    pub ac: u8,
    /// Its blocks in whole units, row by row; coefficients in zigzag order.
    pub blocks: Vec<[i16; 64]>,
}

/// What comes between intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restarts {
    /// Restart markers in turn.
    InTurn,
    /// Restart markers in turn, and another behind the last interval.
    OneMore,
    /// The same restart marker, of this number.
    Always(u8),
    /// Nothing.
    Never,
}

/// A scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Places of its components in the frame.
    pub planes: Vec<u8>,
    /// The first coefficient.
    pub first: u8,
    /// The last coefficient.
    pub last: u8,
    /// The bit position before this scan, 0 for none.
    pub high: u8,
    /// The bit position of this scan.
    pub low: u8,
    /// How its tables are made.
    pub coding: Coding,
    /// What comes between its intervals.
    pub restarts: Restarts,
    /// Most blocks whose bands are ended together in a progressive frame.
    pub longest_run: u16,
    /// Segments before its tables.
    pub before: Vec<Segment>,
    /// Bytes that its data lose at their end.
    pub lost: usize,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jpeg {
    /// The second byte of the frame header's marker: 0xc0, 0xc1, 0xc2 …
    pub kind: u8,
    /// Bits of a sample.
    pub precision: u8,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Components.
    pub planes: Vec<Plane>,
    /// Tables of steps.
    pub steps: Vec<Steps>,
    /// Units between restart markers, 0 for none.
    pub interval: u16,
    /// Segments behind the first marker.
    pub before: Vec<Segment>,
    /// Scans.
    pub scans: Vec<Scan>,
    /// Whether it has its end marker.
    pub end: bool,
    /// Bytes behind its end.
    pub behind: Vec<u8>,
}

impl Scan {
    /// All coefficients of these components.
    pub fn sequential(planes: &[u8]) -> Self {
        Self::progressive(planes, (0, 63), 0, 0)
    }

    /// A band of these components, from one bit position to another.
    pub fn progressive(planes: &[u8], (first, last): (u8, u8), high: u8, low: u8) -> Self {
        let (coding, restarts, planes) = (Coding::Flat, Restarts::InTurn, planes.to_vec());
        Self { planes, first, last, high, low, coding, restarts, longest_run: 0x7fff, before: Vec::new(), lost: 0 }
    }
}

impl Jpeg {
    /// A baseline picture of grey zeros, with steps of 1, and one scan of all components, each of these sampling factors.
    pub fn new(width: u16, height: u16, factors: &[(u8, u8)]) -> Self {
        let planes = (1..).zip(factors).map(|(id, factors)| {
            let other = u8::from(id > 1);
            Plane { id, factors: *factors, steps: other, dc: other, ac: other, blocks: Vec::new() }
        });
        let steps = |number| Steps { number, wide: false, steps: [1; 64] };
        let mut jpeg = Self {
            kind: 0xc0,
            precision: 8,
            width,
            height,
            planes: planes.collect(),
            steps: vec![steps(0), steps(1)],
            interval: 0,
            before: Vec::new(),
            scans: vec![Scan::sequential(&(0..factors.len() as u8).collect::<Vec<_>>())],
            end: true,
            behind: Vec::new(),
        };
        for plane in 0..jpeg.planes.len() {
            let (columns, rows) = jpeg.blocks(plane);
            jpeg.planes[plane].blocks = vec![[0; 64]; columns * rows];
        }
        jpeg
    }

    /// The same with a block of every component set: by component, number of the block and coefficient.
    #[must_use]
    pub fn painted(mut self, coefficient: impl Fn(usize, usize, usize) -> i16) -> Self {
        for (plane, of) in self.planes.iter_mut().enumerate() {
            for (number, block) in of.blocks.iter_mut().enumerate() {
                block.iter_mut().enumerate().for_each(|(place, value)| *value = coefficient(plane, number, place));
            }
        }
        self
    }

    /// Sampling factors as they count: those of a single component are 1.
    fn factors(&self, plane: usize) -> (usize, usize) {
        let (h, v) = self.planes.get(plane).map_or((1, 1), |plane| plane.factors);
        if self.planes.len() == 1 { (1, 1) } else { (h.max(1).into(), v.max(1).into()) }
    }

    fn largest(&self) -> (usize, usize) {
        let all = || (0..self.planes.len()).map(|plane| self.factors(plane));
        (all().map(|of| of.0).max().unwrap_or(1), all().map(|of| of.1).max().unwrap_or(1))
    }

    /// Columns and rows of units of all components.
    fn unit_grid(&self) -> (usize, usize) {
        let (h, v) = self.largest();
        (usize::from(self.width).div_ceil(8 * h), usize::from(self.height).div_ceil(8 * v))
    }

    /// Columns and rows of a component's blocks, in whole units.
    pub fn blocks(&self, plane: usize) -> (usize, usize) {
        let ((columns, rows), (h, v)) = (self.unit_grid(), self.factors(plane));
        (columns * h, rows * v)
    }

    /// The units of a scan, each its components' blocks.
    pub(super) fn units(&self, scan: &Scan) -> Vec<Vec<(usize, usize)>> {
        let (h_most, v_most) = self.largest();
        let side = |side: u16, factor: usize, most: usize| (usize::from(side) * factor).div_ceil(most).div_ceil(8);
        if let [plane] = scan.planes[..] {
            let plane = usize::from(plane);
            let ((h, v), (across, _)) = (self.factors(plane), self.blocks(plane));
            let (columns, rows) = (side(self.width, h, h_most), side(self.height, v, v_most));
            return (0..columns * rows).map(|unit| vec![(plane, unit / columns * across + unit % columns)]).collect();
        }
        let (columns, rows) = self.unit_grid();
        (0..columns * rows)
            .map(|unit| {
                let mut blocks = Vec::new();
                for plane in scan.planes.iter().map(|plane| usize::from(*plane)) {
                    let ((h, v), (across, _)) = (self.factors(plane), self.blocks(plane));
                    let first = unit / columns * v * across + unit % columns * h;
                    blocks.extend((0..v).flat_map(|y| (0..h).map(move |x| (plane, first + y * across + x))));
                }
                blocks
            })
            .collect()
    }

    /// The content of the frame header.
    pub fn header(&self) -> Vec<u8> {
        let mut out = vec![self.precision];
        out.extend_from_slice(&self.height.to_be_bytes());
        out.extend_from_slice(&self.width.to_be_bytes());
        out.push(self.planes.len() as u8);
        for Plane { id, factors: (h, v), steps, .. } in &self.planes {
            out.extend_from_slice(&[*id, h << 4 | v & 15, *steps]);
        }
        out
    }

    /// The picture's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0xff, 0xd8];
        self.before.iter().for_each(|segment| put(segment, &mut out));
        for Steps { number, wide, steps } in &self.steps {
            let mut content = vec![u8::from(*wide) << 4 | number];
            for step in steps {
                content.extend_from_slice(&step.to_be_bytes()[usize::from(!wide)..]);
            }
            put(&Segment::Marked(0xdb, content), &mut out);
        }
        put(&Segment::Marked(self.kind, self.header()), &mut out);
        if self.interval > 0 {
            put(&Segment::Marked(0xdd, self.interval.to_be_bytes().to_vec()), &mut out);
        }
        for scan in &self.scans {
            scan.before.iter().for_each(|segment| put(segment, &mut out));
            let (tables, mut data) = code::scan(self, scan);
            for (class, number, table) in tables {
                put(&Segment::Marked(0xc4, table.content(class, number)), &mut out);
            }
            let mut content = vec![scan.planes.len() as u8];
            for plane in scan.planes.iter().filter_map(|plane| self.planes.get(usize::from(*plane))) {
                content.extend_from_slice(&[plane.id, plane.dc << 4 | plane.ac & 15]);
            }
            content.extend_from_slice(&[scan.first, scan.last, scan.high << 4 | scan.low & 15]);
            put(&Segment::Marked(0xda, content), &mut out);
            data.truncate(data.len().saturating_sub(scan.lost));
            out.extend_from_slice(&data);
        }
        if self.end {
            out.extend_from_slice(&[0xff, 0xd9]);
        }
        out.extend_from_slice(&self.behind);
        out
    }
}

fn put(segment: &Segment, out: &mut Vec<u8>) {
    match segment {
        Segment::Marked(marker, content) => {
            out.extend_from_slice(&[0xff, *marker]);
            out.extend_from_slice(&(content.len() as u16 + 2).to_be_bytes());
            out.extend_from_slice(content);
        }
        Segment::Raw(bytes) => out.extend_from_slice(bytes),
    }
}
