//! Huffman's codes as tables: the next bits are the place of what they mean.

use crate::bits::Bits;
use alloc::vec::Vec;

/// What the next bits mean: how many bits that are with extra ones (the lowest byte), how many of them are the code, or the first of
/// two (from bit 8), kinds (from bit 12), and one or two literals, the smallest length or distance, or where the rest of a code is looked up
/// (from bit 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry(u32);

/// Two bytes as they are, the first one lowest; [`LITERAL`] stands as well.
const TWO: u32 = 1 << TWO_BIT;
const TWO_BIT: u32 = 12;
/// A byte as it is.
pub(super) const LITERAL: u32 = 1 << 15;
/// Neither literal nor length nor distance: the end of a block, or nothing at all.
pub(super) const EXCEPTION: u32 = 1 << 14;
/// The code goes on.
pub(super) const SUBTABLE: u32 = 1 << 13;
impl Entry {
    const NOTHING: Self = Self::new(EXCEPTION, 0, 0);
    /// The end of a block.
    const END: Self = Self::new(EXCEPTION, 1, 0);

    #[inline(always)]
    pub const fn is_end(self) -> bool {
        self.is(EXCEPTION) && self.value() == 1
    }

    #[inline(always)]
    pub const fn is(self, kind: u32) -> bool {
        self.0 & kind != 0
    }

    /// Bits of the code and of what follows it.
    #[inline(always)]
    pub const fn bits(self) -> u8 {
        self.0 as u8
    }

    /// Bits of the code.
    #[inline(always)]
    pub const fn code_bits(self) -> u8 {
        (self.0 >> 8 & 15) as u8
    }

    #[inline(always)]
    pub const fn value(self) -> u32 {
        self.0 >> 16
    }

    /// How many literals it is, where it is any.
    #[inline(always)]
    pub const fn literals(self) -> usize {
        (self.0 >> TWO_BIT & 1).wrapping_add(1) as usize
    }

    /// This literal and the one behind it.
    const fn and(self, next: Self) -> Self {
        let value = self.value() | next.value() << 8;
        Self(value << 16 | LITERAL | TWO | (self.code_bits() as u32) << 8 | self.bits().wrapping_add(next.bits()) as u32)
    }

    const fn new(kind: u32, value: u32, extra: u32) -> Self {
        Self(value << 16 | kind | extra)
    }

    /// The rest of a code is looked up in the table that begins there and is indexed by so many bits.
    const fn subtable(place: u32, bits: u32) -> Self {
        Self(place << 16 | SUBTABLE | bits << 8)
    }

    /// The same behind a code of so many bits.
    const fn behind(self, code: u32) -> Self {
        Self(self.0.wrapping_add(code << 8 | code))
    }
}

/// Bits of literals' and lengths' codes that are looked up first.
const LITERAL_BITS: u32 = 11;
/// Bits of distances' codes that are looked up first.
const DISTANCE_BITS: u32 = 9;
/// Bits of the code lengths' codes, which are never longer.
const LENGTH_BITS: u32 = 7;
/// Bits of the longest code.
const LONGEST: usize = 15;

/// The order in which the lengths of the code lengths' codes come.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The codes of a block.
#[derive(Debug, Default)]
pub(super) struct Tables {
    literals: Vec<Entry>,
    distances: Vec<Entry>,
    /// Whether they are the fixed ones.
    fixed: bool,
}

fn literal(symbol: u32) -> Entry {
    match symbol {
        0..=255 => Entry::new(LITERAL, symbol, 0),
        256 => Entry::END,
        257..=264 => Entry::new(0, symbol.wrapping_sub(254), 0),
        265..=284 => {
            let (step, extra) = (symbol.wrapping_sub(257), (symbol.wrapping_sub(257) / 4).wrapping_sub(1));
            Entry::new(0, (4 | step & 3).wrapping_shl(extra).wrapping_add(3), extra)
        }
        285 => Entry::new(0, 258, 0),
        _ => Entry::NOTHING,
    }
}

fn distance(symbol: u32) -> Entry {
    match symbol {
        0..=3 => Entry::new(0, symbol.wrapping_add(1), 0),
        4..=29 => {
            let extra = (symbol / 2).wrapping_sub(1);
            Entry::new(0, (2 | symbol & 1).wrapping_shl(extra).wrapping_add(1), extra)
        }
        _ => Entry::NOTHING,
    }
}

impl Tables {
    /// Literals' and distances' primary tables.
    pub fn primary(&self) -> Option<(&[Entry; 1 << LITERAL_BITS], &[Entry; 1 << DISTANCE_BITS])> {
        Some((self.literals.first_chunk()?, self.distances.first_chunk()?))
    }

    #[inline(always)]
    pub fn literal(&self, bits: u64) -> Entry {
        lookup(&self.literals, 0, bits, LITERAL_BITS)
    }

    #[inline(always)]
    pub fn distance(&self, bits: u64) -> Entry {
        lookup(&self.distances, 0, bits, DISTANCE_BITS)
    }

    pub fn longer_literal(&self, entry: Entry, bits: u64) -> Entry {
        lookup(&self.literals, entry.value() as usize, bits >> LITERAL_BITS, entry.code_bits().into())
    }

    pub fn longer_distance(&self, entry: Entry, bits: u64) -> Entry {
        lookup(&self.distances, entry.value() as usize, bits >> DISTANCE_BITS, entry.code_bits().into())
    }

    /// The fixed codes.
    pub fn fix(&mut self) -> Option<()> {
        if !self.fixed {
            let mut lengths = [8_u8; 288];
            lengths.get_mut(144..256)?.fill(9);
            lengths.get_mut(256..280)?.fill(7);
            fill(&mut self.literals, LITERAL_BITS, &lengths, literal)?;
            fill(&mut self.distances, DISTANCE_BITS, &[5; 32], distance)?;
            self.fixed = true;
        }
        Some(())
    }

    /// A block's own codes.
    pub fn read<'a>(&mut self, bits: &mut Bits<'a, impl Iterator<Item = &'a [u8]>>) -> Option<()> {
        self.fixed = false;
        let (literals, distances, count) = (bits.take(5)?.wrapping_add(257), bits.take(5)?.wrapping_add(1), bits.take(4)?.wrapping_add(4));
        if literals > 286 || distances > 30 {
            return None;
        }
        let mut own = [0_u8; 19];
        for place in ORDER.iter().take(count as usize) {
            *own.get_mut(*place)? = bits.take(3)? as u8;
        }
        let codes = &mut self.literals;
        if fill(codes, LENGTH_BITS, &own, |symbol| Entry::new(0, symbol, 0))? != 0 {
            return None;
        }
        let mut lengths = [0_u8; 286 + 30];
        let all = lengths.get_mut(..literals.wrapping_add(distances) as usize)?;
        let mut at = 0;
        while at < all.len() {
            bits.refill();
            let entry = lookup(codes, 0, bits.peek(), LENGTH_BITS);
            if entry.bits() > bits.count() {
                return None;
            }
            bits.skip(entry.bits());
            let (length, times) = match entry.value() {
                16 => (*all.get(at.checked_sub(1)?)?, bits.take(2)?.wrapping_add(3)),
                17 => (0, bits.take(3)?.wrapping_add(3)),
                18 => (0, bits.take(7)?.wrapping_add(11)),
                length => (length as u8, 1),
            };
            let end = at.wrapping_add(times as usize);
            all.get_mut(at..end)?.fill(length);
            at = end;
        }
        let (literals, distances) = all.split_at_checked(literals as usize)?;
        fill(&mut self.literals, LITERAL_BITS, literals, literal)?;
        pair(&mut self.literals);
        fill(&mut self.distances, DISTANCE_BITS, distances, distance)?;
        Some(())
    }
}

/// Makes one entry of two literals, wherever both codes are in the primary table's bits.
fn pair(table: &mut [Entry]) {
    // From the end: what stands behind a code is looked up at a smaller place, which is not made a pair yet.
    for place in (0..1_usize.wrapping_shl(LITERAL_BITS).min(table.len())).rev() {
        let Some(first) = table.get(place).copied().filter(|entry| entry.is(LITERAL)) else { continue };
        let next = table.get(place.wrapping_shr(first.bits().into())).copied().unwrap_or(Entry::NOTHING);
        if next.is(LITERAL)
            && u32::from(first.bits().wrapping_add(next.bits())) <= LITERAL_BITS
            && let Some(entry) = table.get_mut(place)
        {
            *entry = first.and(next);
        }
    }
}

/// What the next bits mean by a primary table.
#[inline(always)]
pub(super) fn first<const N: usize>(table: &[Entry; N], bits: u64) -> Entry {
    table.get(bits as usize & N.wrapping_sub(1)).copied().unwrap_or(Entry::NOTHING)
}

#[inline(always)]
fn lookup(table: &[Entry], start: usize, bits: u64, count: u32) -> Entry {
    let place = start.wrapping_add((bits & 1_u64.wrapping_shl(count).wrapping_sub(1)) as usize);
    table.get(place).copied().unwrap_or(Entry::NOTHING)
}

/// Makes the table of codes of these lengths; gives how much of the codes' room is left, which is nothing but where at most one code of
/// one bit is. None where there are too many codes, or too few of others.
fn fill(table: &mut Vec<Entry>, first: u32, lengths: &[u8], meaning: impl Fn(u32) -> Entry) -> Option<u32> {
    let mut counts = [0_u32; LONGEST + 1];
    for length in lengths {
        let count = counts.get_mut(usize::from(*length))?;
        *count = count.wrapping_add(1);
    }
    // Codes of a length follow each other, and the first of the next length is twice the one behind them.
    let (mut left, mut longest, mut next) = (1_u32, 0, [0_u32; LONGEST + 1]);
    let mut code = 0_u32;
    for (length, (count, next)) in (0_u32..).zip(counts.iter().zip(&mut next)).skip(1) {
        left = left.wrapping_mul(2).checked_sub(*count)?;
        code = code.wrapping_mul(2);
        *next = code;
        code = code.wrapping_add(*count);
        if *count > 0 {
            longest = length;
        }
    }
    if left > 0 && longest > 1 {
        return None;
    }
    table.clear();
    table.resize(1_usize.wrapping_shl(first), Entry::NOTHING);
    let rest = longest.saturating_sub(first);
    for (symbol, length) in (0_u32..).zip(lengths) {
        let length = u32::from(*length);
        if length == 0 {
            continue;
        }
        let code = next.get_mut(length as usize)?;
        // A code's first bit is its highest.
        let reversed = code.reverse_bits().wrapping_shr(32_u32.wrapping_sub(length)) as usize;
        *code = code.wrapping_add(1);
        if length <= first {
            let every = 1_usize.wrapping_shl(length);
            let table = table.get_mut(..1_usize.wrapping_shl(first))?;
            table.iter_mut().skip(reversed).step_by(every).for_each(|entry| *entry = meaning(symbol).behind(length));
            continue;
        }
        let end = table.len();
        let link = table.get_mut(reversed & 1_usize.wrapping_shl(first).wrapping_sub(1))?;
        if !link.is(SUBTABLE) {
            *link = Entry::subtable(end as u32, rest);
            table.resize(end.wrapping_add(1_usize.wrapping_shl(rest)), Entry::NOTHING);
        }
        let start = table.get(reversed & 1_usize.wrapping_shl(first).wrapping_sub(1))?.value() as usize;
        let places = table.get_mut(start..start.wrapping_add(1_usize.wrapping_shl(rest)))?;
        let every = 1_usize.wrapping_shl(length.wrapping_sub(first));
        places.iter_mut().skip(reversed.wrapping_shr(first)).step_by(every).for_each(|entry| *entry = meaning(symbol).behind(length));
    }
    Some(left)
}
