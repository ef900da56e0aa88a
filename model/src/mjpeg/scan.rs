//! Entropy-coded data, bit by bit.

use super::picture::{Plane, Scan};
use super::segments::Header;
use crate::decode::Stop;
use spec::ErrorCode;
use spec::mjpeg::{MJPEG_AC_BITS_MAX, MJPEG_DC_BITS_MAX};

const CORRUPT: Stop = Stop::Wrong(ErrorCode::CorruptPixels);

/// A Huffman table.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    /// Codes of each length from 1.
    pub counts: Vec<usize>,
    pub symbols: Vec<u8>,
}

/// The bits of an interval.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Result<i32, Stop> {
        let byte = self.bytes.get(self.at / 8).ok_or(CORRUPT)?;
        self.at += 1;
        Ok(i32::from(*byte) >> (8 - (self.at - 1) % 8 - 1) & 1)
    }

    fn number(&mut self, bits: u8) -> Result<i32, Stop> {
        (0..bits).try_fold(0, |number, _| Ok(2 * number + self.bit()?))
    }

    /// A value of so many own bits; one that begins with 0 is negative.
    fn value(&mut self, bits: u8) -> Result<i32, Stop> {
        let number = self.number(bits)?;
        Ok(if bits > 0 && number < 1 << (bits - 1) { number + 1 - (1 << bits) } else { number })
    }

    fn symbol(&mut self, codes: Option<&Codes>) -> Result<u8, Stop> {
        let codes = codes.ok_or(CORRUPT)?;
        let (mut code, mut first, mut place) = (0, 0, 0);
        for count in &codes.counts {
            code = 2 * code + self.bit()? as usize;
            first *= 2;
            if code < first + count {
                return Ok(codes.symbols[place + code - first]);
            }
            first += count;
            place += count;
        }
        // MJPEG-005
        Err(CORRUPT)
    }
}

/// The intervals of a scan's data, without stuffing, and the restart markers between them.
fn intervals(data: &[u8]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let (mut all, mut markers, mut marked) = (vec![Vec::new()], Vec::new(), false);
    for byte in data {
        match (marked, byte) {
            (_, 0xff) => marked = true,
            (true, 0xd0..=0xd7) => {
                markers.push(byte - 0xd0);
                all.push(Vec::new());
                marked = false;
            }
            _ => {
                let interval = all.last_mut().expect("there is one");
                interval.push(if marked { 0xff } else { *byte });
                marked = false;
            }
        }
    }
    (all, markers)
}

/// What is kept from block to block within an interval.
#[derive(Default)]
struct State {
    /// The last DC value of each component.
    dc: [i32; 3],
    /// Blocks whose bands have ended.
    ended: i32,
}

/// Reads the data of a scan into the blocks.
pub(super) fn read(data: &[u8], scan: &Scan<'_>, header: &Header, planes: &mut [Plane]) -> Result<(), Stop> {
    let units = units(scan, header);
    let length = if scan.interval == 0 { units.len() } else { scan.interval };
    let (intervals, markers) = intervals(data);
    // MJPEG-007
    let in_turn = markers.iter().enumerate().all(|(number, marker)| number % 8 == usize::from(*marker));
    if intervals.len() != units.len().div_ceil(length) || !in_turn {
        return Err(CORRUPT);
    }
    for (units, bytes) in units.chunks(length).zip(&intervals) {
        let (mut bits, mut state) = (Bits { bytes, at: 0 }, State::default());
        for (number, block) in units.iter().flatten() {
            let (plane, dc, ac) = scan.planes[*number];
            let block = &mut planes[plane].blocks[*block];
            if !header.progressive {
                difference(&mut bits, dc, &mut state.dc[plane], &mut block[0], 0)?;
                sequential(&mut bits, ac, block)?;
            } else if scan.first == 0 && scan.high == 0 {
                difference(&mut bits, dc, &mut state.dc[plane], &mut block[0], scan.low)?;
            } else if scan.first == 0 {
                block[0] |= (bits.bit()? << scan.low) as i16;
            } else if scan.high == 0 {
                band(&mut bits, ac, block, scan, &mut state)?;
            } else {
                refine(&mut bits, ac, block, scan, &mut state)?;
            }
        }
    }
    Ok(())
}

/// The units of a scan: for each of its blocks the number of its component in the scan, and its place.
fn units(scan: &Scan<'_>, header: &Header) -> Vec<Vec<(usize, usize)>> {
    let (h_most, v_most) = header.largest();
    let (width, height) = (header.width as usize, header.height as usize);
    if let [(plane, ..)] = scan.planes[..] {
        let component = &header.components[plane];
        let columns = (width * component.h).div_ceil(h_most).div_ceil(8);
        let rows = (height * component.v).div_ceil(v_most).div_ceil(8);
        let places = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
        return places.map(|(x, y)| vec![(0, y * component.columns + x)]).collect();
    }
    let mut units = Vec::new();
    for unit_y in 0..height.div_ceil(8 * v_most) {
        for unit_x in 0..width.div_ceil(8 * h_most) {
            let mut unit = Vec::new();
            for (number, (plane, ..)) in scan.planes.iter().enumerate() {
                let component = &header.components[*plane];
                for y in 0..component.v {
                    for x in 0..component.h {
                        unit.push((number, (unit_y * component.v + y) * component.columns + unit_x * component.h + x));
                    }
                }
            }
            units.push(unit);
        }
    }
    units
}

fn difference(bits: &mut Bits<'_>, dc: Option<&Codes>, before: &mut i32, target: &mut i16, low: u8) -> Result<(), Stop> {
    let size = bits.symbol(dc)?;
    // MJPEG-005
    if u16::from(size) > MJPEG_DC_BITS_MAX {
        return Err(CORRUPT);
    }
    *before = i32::from((*before + bits.value(size)?) as i16);
    *target = (*before << low) as i16;
    Ok(())
}

/// The AC coefficients of a block of a sequential frame.
fn sequential(bits: &mut Bits<'_>, ac: Option<&Codes>, block: &mut [i16; 64]) -> Result<(), Stop> {
    let mut place = 1;
    while place <= 63 {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (usize::from(symbol >> 4), symbol & 15);
        if symbol == 0 {
            return Ok(());
        }
        place += run;
        // MJPEG-005
        if place > 63 || u16::from(size) > MJPEG_AC_BITS_MAX || size == 0 && run != 15 {
            return Err(CORRUPT);
        }
        block[place] = bits.value(size)? as i16;
        place += 1;
    }
    Ok(())
}

/// A band of a progressive frame for the first time.
fn band(bits: &mut Bits<'_>, ac: Option<&Codes>, block: &mut [i16; 64], scan: &Scan<'_>, state: &mut State) -> Result<(), Stop> {
    if state.ended > 0 {
        state.ended -= 1;
        return Ok(());
    }
    let mut place = scan.first;
    // MJPEG-006
    while place <= scan.last {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 && run < 15 {
            state.ended = (1 << run) + bits.number(run)? - 1;
            return Ok(());
        }
        place += usize::from(run);
        if place > scan.last || u16::from(size) > MJPEG_AC_BITS_MAX {
            return Err(CORRUPT);
        }
        block[place] = (bits.value(size)? << scan.low) as i16;
        place += 1;
    }
    Ok(())
}

/// One bit more of a coefficient that is not 0.
fn correct(bits: &mut Bits<'_>, coefficient: &mut i16, bit: i16) -> Result<(), Stop> {
    if bits.bit()? == 1 && *coefficient & bit == 0 {
        *coefficient = if *coefficient < 0 { coefficient.wrapping_sub(bit) } else { coefficient.wrapping_add(bit) };
    }
    Ok(())
}

/// One bit more of a band.
fn refine(bits: &mut Bits<'_>, ac: Option<&Codes>, block: &mut [i16; 64], scan: &Scan<'_>, state: &mut State) -> Result<(), Stop> {
    let bit = 1 << scan.low;
    let mut place = scan.first;
    // MJPEG-006
    while place <= scan.last && state.ended == 0 {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 && run < 15 {
            state.ended = (1 << run) + bits.number(run)?;
            break;
        }
        if size > 1 {
            return Err(CORRUPT);
        }
        let new = if size == 0 { 0 } else { bit * (2 * bits.bit()? as i16 - 1) };
        // Zeros are passed over as the run says, and what is not 0 is corrected on the way.
        let mut zeros = 0;
        loop {
            if place > scan.last {
                return Err(CORRUPT);
            }
            if block[place] != 0 {
                correct(bits, &mut block[place], bit)?;
            } else if zeros == run {
                break;
            } else {
                zeros += 1;
            }
            place += 1;
        }
        block[place] = new;
        place += 1;
    }
    if state.ended > 0 {
        for coefficient in &mut block[place..=scan.last] {
            if *coefficient != 0 {
                correct(bits, coefficient, bit)?;
            }
        }
        state.ended -= 1;
    }
    Ok(())
}
