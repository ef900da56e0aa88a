//! A picture: its segments in their order, its coefficients, its pixels.

use super::segments::{Header, Segment, all, is_header};
use super::{WRONG, samples, scan};
use crate::decode::{Pixel, Stop};
use scan::Codes;
use spec::mjpeg::{MJPEG_CODE_BITS_MAX, MJPEG_SHIFT_MAX, MJPEG_UNIT_BLOCKS_MAX};

/// What is known of a component while its scans are read.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    /// Its steps, as they were at its first scan.
    pub steps: Option<[u16; 64]>,
    /// Coefficients in zigzag order, block by block.
    pub blocks: Vec<[i16; 64]>,
    /// The lowest bit that is known of each coefficient.
    pub known: [Option<u8>; 64],
}

/// A scan's header, with the tables that it uses.
pub(super) struct Scan<'a> {
    /// Component, DC table, AC table.
    pub planes: Vec<(usize, Option<&'a Codes>, Option<&'a Codes>)>,
    pub first: usize,
    pub last: usize,
    pub high: u8,
    pub low: u8,
    /// Units between restart markers.
    pub interval: usize,
}

#[derive(Default)]
struct Tables {
    steps: [Option<[u16; 64]>; 4],
    dc: [Option<Codes>; 4],
    ac: [Option<Codes>; 4],
    interval: usize,
    jfif: bool,
    adobe: Option<u8>,
}

/// The pixels of a picture that is whole.
pub(super) fn decode(frame: &[u8], header: Header) -> Result<Vec<Pixel>, Stop> {
    let mut planes: Vec<Plane> = header
        .components
        .iter()
        .map(|component| Plane { steps: None, blocks: vec![[0; 64]; component.columns * component.rows], known: [None; 64] })
        .collect();
    let (mut tables, mut headers, mut rgb) = (Tables::default(), 0, None);
    for segment in all(frame)? {
        let Segment { marker, content, data } = segment;
        match marker {
            0xdb => tables.read_steps(content)?,
            0xc4 => tables.read_codes(content)?,
            0xdd => tables.interval = usize::from(u16::from_be_bytes(content.try_into().map_err(|_| WRONG)?)),
            0xe0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => tables.jfif = true,
            0xee if content.starts_with(b"Adobe") && content.len() >= 12 => tables.adobe = Some(content[11]),
            0xda => {
                rgb.get_or_insert_with(|| tables.is_rgb(&header));
                let scan = read_scan(content, &header, &tables, &mut planes)?;
                scan::read(data, &scan, &header, &mut planes)?;
            }
            marker if is_header(marker) => {
                headers += 1;
                // MJPEG-004
                if headers > 1 {
                    return Err(WRONG);
                }
            }
            _ => {}
        }
    }
    // MJPEG-004: every component had a scan.
    if planes.iter().any(|plane| plane.known[0].is_none()) {
        return Err(WRONG);
    }
    Ok(samples::pixels(&header, &planes, rgb == Some(true)))
}

impl Tables {
    fn read_steps(&mut self, mut content: &[u8]) -> Result<(), Stop> {
        while let [kind, rest @ ..] = content {
            let (wide, number) = (kind >> 4, usize::from(kind & 15));
            let bytes = if wide == 0 { 64 } else { 128 };
            // MJPEG-004
            if wide > 1 || number > 3 || rest.len() < bytes {
                return Err(WRONG);
            }
            let mut steps = [0; 64];
            for (place, step) in steps.iter_mut().enumerate() {
                *step = if wide == 0 { rest[place].into() } else { u16::from_be_bytes([rest[2 * place], rest[2 * place + 1]]) };
            }
            if steps.contains(&0) {
                return Err(WRONG);
            }
            self.steps[number] = Some(steps);
            content = &rest[bytes..];
        }
        Ok(())
    }

    fn read_codes(&mut self, mut content: &[u8]) -> Result<(), Stop> {
        while let [kind, rest @ ..] = content {
            let (class, number) = (kind >> 4, usize::from(kind & 15));
            let lengths = usize::from(MJPEG_CODE_BITS_MAX);
            // MJPEG-004
            if class > 1 || number > 3 || rest.len() < lengths {
                return Err(WRONG);
            }
            let counts: Vec<usize> = rest[..lengths].iter().map(|count| usize::from(*count)).collect();
            let symbols = rest[lengths..].get(..counts.iter().sum()).ok_or(WRONG)?;
            // No code is of ones alone: behind the last code of each length there is another.
            let (mut next, mut right) = (0, symbols.len() <= 256);
            for (length, count) in (1..).zip(&counts) {
                next = 2 * next + count;
                right &= *count == 0 || next < 1 << length;
            }
            if !right {
                return Err(WRONG);
            }
            let codes = Codes { symbols: symbols.to_vec(), counts };
            if class == 0 {
                self.dc[number] = Some(codes)
            } else {
                self.ac[number] = Some(codes)
            }
            content = &rest[lengths + symbols.len()..];
        }
        Ok(())
    }

    /// Whether three components are red, green and blue.
    fn is_rgb(&self, header: &Header) -> bool {
        // MJPEG-010
        match self.adobe {
            _ if self.jfif => false,
            Some(transform) => transform == 0,
            None => header.components.iter().map(|component| component.id).eq(*b"RGB"),
        }
    }
}

/// A scan's header. What it promises is noted in the planes.
fn read_scan<'a>(content: &[u8], header: &Header, tables: &'a Tables, planes: &mut [Plane]) -> Result<Scan<'a>, Stop> {
    let [count, named @ .., first, last, bits] = content else { return Err(WRONG) };
    // MJPEG-004
    if !(1..=3).contains(count) || named.len() != 2 * usize::from(*count) {
        return Err(WRONG);
    }
    let (first, last, high, low) = if header.progressive { (*first, *last, bits >> 4, bits & 15) } else { (0, 63, 0, 0) };
    let mut scan = Scan { planes: Vec::new(), first: first.into(), last: last.into(), high, low, interval: tables.interval };
    let mut least = 0;
    for named in named.chunks(2) {
        let place = header.components.iter().position(|component| component.id == named[0]).ok_or(WRONG)?;
        let (dc, ac) = (usize::from(named[1] >> 4), usize::from(named[1] & 15));
        if place < least || dc > 3 || ac > 3 {
            return Err(WRONG);
        }
        least = place + 1;
        scan.planes.push((place, tables.dc[dc].as_ref(), tables.ac[ac].as_ref()));
    }
    let components = || scan.planes.iter().map(|(place, ..)| &header.components[*place]);
    let blocks: usize = components().map(|component| component.h * component.v).sum();
    // MJPEG-011
    if scan.planes.len() > 1 && blocks > MJPEG_UNIT_BLOCKS_MAX as usize {
        return Err(WRONG);
    }
    // MJPEG-006
    if header.progressive {
        let band = if first == 0 { last == 0 } else { first <= last && last <= 63 && scan.planes.len() == 1 };
        let shift = u16::from(low) <= MJPEG_SHIFT_MAX && (high == 0 || high == low + 1);
        if !band || !shift {
            return Err(WRONG);
        }
    }
    for (place, dc, ac) in &scan.planes {
        let plane = &mut planes[*place];
        // MJPEG-005: what is used is there.
        let needs_dc = first == 0 && high == 0;
        let needs_ac = last > 0;
        if needs_dc && dc.is_none() || needs_ac && ac.is_none() || first > 0 && plane.known[0].is_none() {
            return Err(WRONG);
        }
        for known in &mut plane.known[first.into()..=last.into()] {
            if *known != (high > 0).then_some(high) {
                return Err(WRONG);
            }
            *known = Some(low);
        }
        if plane.steps.is_none() {
            plane.steps = Some(tables.steps[header.components[*place].steps].ok_or(WRONG)?);
        }
    }
    Ok(scan)
}
