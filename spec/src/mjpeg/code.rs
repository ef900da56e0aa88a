//! Huffman tables and entropy-coded data, written for cases.

use super::build::{Jpeg, Restarts, Scan};
use alloc::vec;
use alloc::vec::Vec;

/// A Huffman table as a segment has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Codes of each length from 1.
    pub counts: [u8; 16],
    /// What the codes mean, by their length and number.
    pub symbols: Vec<u8>,
}

/// How the tables of a scan are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Of the symbols that the scan has, with codes of one length.
    Flat,
    /// Of the symbols that the scan has, with codes of each length from 1, and of 16 bits.
    Deep,
    /// Of every symbol, with codes of one length.
    Every,
    /// The scan has no tables of its own and uses those before it, which are of every symbol.
    Before,
}

impl Table {
    /// Codes of one length.
    pub fn flat(symbols: &[u8]) -> Self {
        let bits = (1..16).find(|bits| symbols.len() < 1 << bits).unwrap_or(16);
        let mut counts = [0; 16];
        counts[bits - 1] = symbols.len() as u8;
        if symbols.len() == 256 {
            // A count has eight bits; one symbol is of ten bits, whose codes the longest of nine leave.
            (counts[8], counts[9]) = (255, 1);
        }
        Self { counts, symbols: symbols.to_vec() }
    }

    /// One code of each length as long as the others have room in codes of 16 bits.
    pub fn deep(symbols: &[u8]) -> Self {
        let singles = (0..=15.min(symbols.len())).rev().find(|one| (1 << (16 - one)) > symbols.len() - one).unwrap_or(0);
        let mut counts = [0; 16];
        counts[..singles].fill(1);
        counts[15] += (symbols.len() - singles) as u8;
        Self { counts, symbols: symbols.to_vec() }
    }

    /// The content of its segment, for a class (0 for DC, 1 for AC) and a number.
    pub fn content(&self, class: u8, number: u8) -> Vec<u8> {
        [&[class << 4 | number][..], &self.counts, &self.symbols].concat()
    }

    /// The code of a symbol and its length in bits; 0 bits of nothing for one that the table does not have.
    fn code(&self, symbol: u8) -> (u16, u8) {
        let (mut code, mut place) = (0_u16, 0);
        for (length, count) in (1..).zip(self.counts) {
            for _ in 0..count {
                if self.symbols.get(place) == Some(&symbol) {
                    return (code, length);
                }
                code = code.wrapping_add(1);
                place += 1;
            }
            code = code.wrapping_shl(1);
        }
        (0, 0)
    }
}

/// What data are made of.
enum Item {
    /// A symbol of the table of this class and number.
    Symbol(u8, u8, u8),
    /// So many bits.
    Bits(u16, u8),
    /// A restart marker.
    Restart(u8),
}

/// Bits of a value's magnitude.
fn size(value: i32) -> u8 {
    (32 - value.unsigned_abs().leading_zeros()) as u8
}

/// A value's own bits: a negative one's are those of one less.
fn own_bits(value: i32) -> u16 {
    (if value < 0 { value - 1 } else { value }) as u16
}

/// The items of a scan, as they come.
struct Writer<'a> {
    jpeg: &'a Jpeg,
    scan: &'a Scan,
    items: Vec<Item>,
    before: [i32; 4],
    /// Blocks whose bands have ended, and the bits that correct them.
    ended: u16,
    corrections: Vec<u8>,
}

impl Writer<'_> {
    fn block(&mut self, plane: usize, place: usize) {
        let Some(plane_of) = self.jpeg.planes.get(plane) else { return };
        let Some(block) = plane_of.blocks.get(place) else { return };
        let (dc, ac) = (plane_of.dc, plane_of.ac);
        if self.jpeg.kind != 0xc2 {
            self.difference(plane, dc, i32::from(block[0]));
            self.band(block, ac, 1, 63, 0);
            return;
        }
        let Scan { first, last, high, low, .. } = *self.scan;
        match (first, high) {
            (0, 0) => self.difference(plane, dc, i32::from(block[0]) >> low),
            (0, _) => self.items.push(Item::Bits((block[0] >> low) as u16 & 1, 1)),
            (_, 0) => self.band(block, ac, first, last, low),
            _ => self.refine(block, ac),
        }
    }

    fn difference(&mut self, plane: usize, dc: u8, value: i32) {
        let difference = value - core::mem::replace(&mut self.before[plane & 3], value);
        self.items.push(Item::Symbol(0, dc, size(difference)));
        self.items.push(Item::Bits(own_bits(difference), size(difference)));
    }

    /// A band for the first time; sequential frames end each band by itself.
    fn band(&mut self, block: &[i16; 64], ac: u8, first: u8, last: u8, low: u8) {
        let mut run = 0;
        for coefficient in block.get(first.into()..=last.into()).unwrap_or_default() {
            let magnitude = i32::from(*coefficient).abs() >> low;
            if magnitude == 0 {
                run += 1;
                continue;
            }
            self.end_bands(ac);
            while run > 15 {
                self.items.push(Item::Symbol(1, ac, 0xf0));
                run -= 16;
            }
            let value = if *coefficient < 0 { -magnitude } else { magnitude };
            self.items.push(Item::Symbol(1, ac, run << 4 | size(value)));
            self.items.push(Item::Bits(own_bits(value), size(value)));
            run = 0;
        }
        if run > 0 {
            self.ended += 1;
            if self.jpeg.kind != 0xc2 || self.ended >= self.scan.longest_run.clamp(1, 0x7fff) {
                self.end_bands(ac);
            }
        }
    }

    /// One bit more of a band.
    fn refine(&mut self, block: &[i16; 64], ac: u8) {
        let Scan { first, last, low, .. } = *self.scan;
        let band = block.get(first.into()..=last.into()).unwrap_or_default();
        let magnitudes: Vec<u16> = band.iter().map(|coefficient| coefficient.unsigned_abs() >> low).collect();
        let last_new = magnitudes.iter().rposition(|magnitude| *magnitude == 1);
        let (mut run, mut corrections) = (0, Vec::new());
        for (place, magnitude) in magnitudes.iter().enumerate() {
            if *magnitude == 0 {
                run += 1;
                continue;
            }
            while run > 15 && last_new.is_some_and(|new| place <= new) {
                self.end_bands(ac);
                self.items.push(Item::Symbol(1, ac, 0xf0));
                run -= 16;
                self.correct(&mut corrections);
            }
            if *magnitude > 1 {
                corrections.push((magnitude & 1) as u8);
                continue;
            }
            self.end_bands(ac);
            self.items.push(Item::Symbol(1, ac, run << 4 | 1));
            self.items.push(Item::Bits(u16::from(band[place] >= 0), 1));
            self.correct(&mut corrections);
            run = 0;
        }
        if run > 0 || !corrections.is_empty() {
            self.ended += 1;
            self.corrections.append(&mut corrections);
            if self.ended >= self.scan.longest_run.clamp(1, 0x7fff) || self.corrections.len() > 900 {
                self.end_bands(ac);
            }
        }
    }

    fn correct(&mut self, corrections: &mut Vec<u8>) {
        self.items.extend(corrections.drain(..).map(|bit| Item::Bits(bit.into(), 1)));
    }

    fn end_bands(&mut self, ac: u8) {
        if self.ended > 0 {
            let bits = 15 - self.ended.leading_zeros() as u8;
            self.items.push(Item::Symbol(1, ac, bits << 4));
            self.items.push(Item::Bits(self.ended & ((1 << bits) - 1), bits));
            self.ended = 0;
            let mut corrections = core::mem::take(&mut self.corrections);
            self.correct(&mut corrections);
        }
    }

    /// The end of an interval.
    fn end(&mut self) {
        let ac = self.scan.planes.first().and_then(|plane| self.jpeg.planes.get(usize::from(*plane))).map_or(0, |plane| plane.ac);
        self.end_bands(ac);
        self.before = [0; 4];
    }
}

/// The tables of a scan, by class and number, and its data.
pub(super) fn scan(jpeg: &Jpeg, scan: &Scan) -> (Vec<(u8, u8, Table)>, Vec<u8>) {
    let mut writer = Writer { jpeg, scan, items: Vec::new(), before: [0; 4], ended: 0, corrections: Vec::new() };
    let units = jpeg.units(scan);
    let intervals = usize::from(jpeg.interval);
    for (number, unit) in units.iter().enumerate() {
        if intervals > 0 && number > 0 && number % intervals == 0 {
            writer.end();
            match scan.restarts {
                Restarts::InTurn | Restarts::OneMore => writer.items.push(Item::Restart((number / intervals - 1) as u8 & 7)),
                Restarts::Always(marker) => writer.items.push(Item::Restart(marker)),
                Restarts::Never => {}
            }
        }
        unit.iter().for_each(|(plane, place)| writer.block(*plane, *place));
    }
    writer.end();
    if scan.restarts == Restarts::OneMore {
        writer.items.push(Item::Restart(0));
    }
    let tables = tables(&writer.items, scan.coding);
    let data = data(&writer.items, &tables);
    let told = if scan.coding == Coding::Before { Vec::new() } else { tables };
    (told, data)
}

/// One table for each class and number that the items use.
fn tables(items: &[Item], coding: Coding) -> Vec<(u8, u8, Table)> {
    let mut used: Vec<(u8, u8, Vec<u8>)> = Vec::new();
    for item in items {
        let Item::Symbol(class, number, symbol) = item else { continue };
        let place = used.iter().position(|table| (table.0, table.1) == (*class, *number)).unwrap_or_else(|| {
            used.push((*class, *number, vec![]));
            used.len() - 1
        });
        if !used[place].2.contains(symbol) {
            used[place].2.push(*symbol);
        }
    }
    let every = |class| (0..if class == 0 { 16 } else { 256 }).map(|symbol: u16| symbol as u8).collect::<Vec<_>>();
    used.into_iter()
        .map(|(class, number, symbols)| match coding {
            Coding::Flat => (class, number, Table::flat(&symbols)),
            Coding::Deep => (class, number, Table::deep(&symbols)),
            Coding::Every | Coding::Before => (class, number, Table::flat(&every(class))),
        })
        .collect()
}

fn data(items: &[Item], tables: &[(u8, u8, Table)]) -> Vec<u8> {
    let (mut out, mut waiting, mut bits) = (Vec::new(), 0_u32, 0_u8);
    let mut put = |value: u16, count: u8, out: &mut Vec<u8>| {
        let mask = (1_u32 << count) - 1;
        waiting = waiting << count | u32::from(value) & mask;
        bits += count;
        while bits >= 8 {
            bits -= 8;
            let byte = (waiting >> bits) as u8;
            out.push(byte);
            if byte == 0xff {
                out.push(0);
            }
        }
        bits
    };
    let mut left = 0;
    for item in items {
        match item {
            Item::Symbol(class, number, symbol) => {
                let table = tables.iter().find(|table| (table.0, table.1) == (*class, *number));
                let (code, length) = table.map_or((0, 0), |table| table.2.code(*symbol));
                left = put(code, length, &mut out);
            }
            Item::Bits(value, count) => left = put(*value, *count, &mut out),
            Item::Restart(number) => {
                // The rest of the last byte is ones.
                left = put(0xff, (8 - left) % 8, &mut out);
                out.extend_from_slice(&[0xff, 0xd0 | number]);
            }
        }
    }
    put(0xff, (8 - left) % 8, &mut out);
    out
}
