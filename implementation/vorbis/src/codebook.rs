//! Codebooks: a table for short codewords, a tree for long ones, and the vectors of the entries, all expanded at setup.

use crate::Result;
use crate::bits::{Bits, ilog};
use crate::error::VorbisError;
use alloc::vec;
use alloc::vec::Vec;
use spec::vorbis::{
    Reject, VORBIS_BOOK_BYTES, VORBIS_CODEBOOK_DIMENSIONS_MAX, VORBIS_CODEBOOK_ENTRIES_MAX, VORBIS_CODEWORD_BITS_MAX, VORBIS_ENTRY_BYTES,
    VORBIS_SCALAR_BYTES, VORBIS_SETUP_ENTRIES_MAX, VORBIS_SETUP_SCALARS_MAX,
};

/// Longest codeword that the table tells with one look.
const TABLE_BITS_MAX: u32 = 10;
/// A slot holds a leaf's entry or a node's number above its low bits, and the codeword's length in them: 0 for a node.
const LENGTH_BITS: u32 = 6;

/// What the tables of a stream hold together.
pub struct Total<'a> {
    entries: u32,
    scalars: u64,
    bytes: u64,
    hold: &'a mut dyn FnMut(u64) -> bool,
}

impl<'a> Total<'a> {
    /// `hold` is asked before so many bytes in all are taken.
    pub fn new(hold: &'a mut dyn FnMut(u64) -> bool) -> Self {
        Self { entries: 0, scalars: 0, bytes: 0, hold }
    }

    /// Asks for further bytes.
    pub fn charge(&mut self, bytes: u64) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        if (self.hold)(self.bytes) {
            return Ok(());
        }
        let advice = "close other decoders, or allow more memory";
        Err(VorbisError::new(Reject::OversizedMemory, "the tables of the headers need more memory than there is", advice))
    }
}

/// A codebook.
#[derive(Clone, Debug, Default)]
pub struct Codebook {
    entries: u32,
    dimensions: usize,
    table_bits: u32,
    table: Vec<u32>,
    nodes: Vec<[u32; 2]>,
    /// Entries times dimensions scalars, if entries stand for vectors.
    vectors: Vec<f32>,
}

impl Codebook {
    pub const fn entries(&self) -> u32 {
        self.entries
    }

    pub const fn dimensions(&self) -> usize {
        self.dimensions
    }

    pub const fn has_vectors(&self) -> bool {
        !self.vectors.is_empty()
    }

    /// Reads a codebook of the setup header.
    pub fn read(bits: &mut Bits<'_>, total: &mut Total<'_>) -> Result<Self> {
        if bits.read(24).ok_or_else(cut)? != 0x56_4342 {
            return Err(VorbisError::malformed("a codebook does not start with its pattern"));
        }
        let dimensions = bits.read(16).ok_or_else(cut)?;
        let entries = bits.read(24).ok_or_else(cut)?;
        if dimensions == 0 || entries == 0 {
            return Err(VorbisError::malformed("a codebook has no entries or no dimensions"));
        }
        bounded("a codebook's number of dimensions", dimensions, VORBIS_CODEBOOK_DIMENSIONS_MAX)?;
        bounded("a codebook's number of entries", entries, VORBIS_CODEBOOK_ENTRIES_MAX)?;
        total.entries = total.entries.saturating_add(entries);
        bounded("the number of entries of all codebooks", total.entries, VORBIS_SETUP_ENTRIES_MAX)?;
        total.charge(VORBIS_ENTRY_BYTES.saturating_mul(u64::from(entries)).saturating_add(VORBIS_BOOK_BYTES))?;
        let lengths = lengths(bits, entries)?;
        let mut book = Self { entries, dimensions: dimensions as usize, ..Self::default() };
        book.plant(&lengths)?;
        drop(lengths);
        match bits.read(4).ok_or_else(cut)? {
            0 => {}
            kind @ 1..=2 => book.expand(bits, kind, total)?,
            _ => return Err(VorbisError::malformed("a codebook's lookup type is above 2")),
        }
        Ok(book)
    }

    /// Reads a codeword and gives its entry. A book without entries ends the packet.
    #[inline]
    pub fn entry(&self, bits: &mut Bits<'_>) -> Option<u32> {
        let word = bits.peek();
        let mask = 1_u32.wrapping_shl(self.table_bits).wrapping_sub(1);
        let mut slot = self.table.get((word & mask) as usize).copied().unwrap_or_default();
        let mut length = slot & LENGTH_MASK;
        if length == 0 {
            let mut rest = word >> self.table_bits;
            // A tree is at most 32 deep, and the node 0 is that of no codeword.
            for _ in 0..VORBIS_CODEWORD_BITS_MAX {
                let [left, right] = self.nodes.get((slot >> LENGTH_BITS) as usize).copied().unwrap_or_default();
                slot = if rest & 1 == 0 { left } else { right };
                rest >>= 1;
                length = slot & LENGTH_MASK;
                if length != 0 {
                    break;
                }
            }
            if length == 0 {
                bits.end();
                return None;
            }
        }
        bits.take(length)?;
        Some(slot >> LENGTH_BITS)
    }

    /// Reads a codeword and gives its entry's vector.
    #[inline]
    pub fn vector(&self, bits: &mut Bits<'_>) -> Option<&[f32]> {
        let entry = self.entry(bits)? as usize;
        let start = entry.wrapping_mul(self.dimensions);
        let vector = self.vectors.get(start..).and_then(|rest| rest.get(..self.dimensions));
        if vector.is_none() {
            bits.end();
        }
        vector
    }

    /// Gives each entry the lowest free codeword of its length. A tree with no room, or with room left, is malformed.
    fn plant(&mut self, lengths: &[u8]) -> Result<()> {
        let longest = lengths.iter().copied().max().map_or(0, u32::from);
        let mut used = lengths.iter().filter(|length| **length > 0);
        if let (Some(length), None) = (used.next(), used.next()) {
            // The one entry of its book: a bit of any value stands for it.
            if *length != 1 {
                return Err(VorbisError::malformed("the one entry of a codebook has a codeword of more than one bit"));
            }
            let entry = lengths.iter().position(|length| *length > 0).unwrap_or_default() as u32;
            self.table_bits = 1;
            self.table = vec![slot(entry, 1); 2];
            return Ok(());
        }
        self.table_bits = longest.min(TABLE_BITS_MAX);
        self.table = vec![0; 1_usize.wrapping_shl(self.table_bits)];
        // A tree has as many nodes as leaves, and one place at most is free at each depth.
        let deep = if longest > TABLE_BITS_MAX { lengths.iter().filter(|length| **length > 0).count().saturating_add(33) } else { 1 };
        self.nodes = Vec::with_capacity(deep);
        self.nodes.push([0; 2]);
        // At most one place is free at each depth, kept as its codeword from the highest bit of 33 on; 0 stands for none.
        let mut free = [0_u64; 33];
        let mut first = true;
        for (entry, length) in (0_u32..).zip(lengths).filter(|(_, length)| **length > 0) {
            let length = u32::from(*length);
            let depths = free.get_mut(..=length as usize).unwrap_or_default();
            let code = if first {
                first = false;
                for (depth, place) in (0_u32..).zip(depths.iter_mut()).skip(1) {
                    *place = TOP >> depth;
                }
                0
            } else {
                // The deepest free place that is not below the entry's own is the leftmost.
                let found = depths.iter_mut().enumerate().rev().find(|(_, place)| **place > 0);
                let (depth, place) = found.ok_or_else(|| VorbisError::malformed("a codebook has more codewords than its tree has room"))?;
                let code = core::mem::take(place);
                for (below, place) in (0_u32..).zip(depths.iter_mut()).skip(depth.saturating_add(1)) {
                    *place = code | TOP >> below;
                }
                code
            };
            // Bits are read from the lowest on.
            self.insert(entry, length, (code as u32).reverse_bits());
        }
        if free.iter().any(|place| *place > 0) {
            return Err(VorbisError::malformed("a codebook's tree has room for more codewords"));
        }
        Ok(())
    }

    fn insert(&mut self, entry: u32, length: u32, word: u32) {
        let leaf = slot(entry, length);
        if let Some(rest) = length.checked_sub(self.table_bits).filter(|rest| *rest > 0) {
            let mask = 1_u32.wrapping_shl(self.table_bits).wrapping_sub(1);
            let (nodes, next) = (&mut self.nodes, |nodes: &[[u32; 2]]| (nodes.len() as u32).wrapping_shl(LENGTH_BITS));
            let Some(place) = self.table.get_mut((word & mask) as usize) else { return };
            if *place == 0 {
                *place = next(nodes);
                nodes.push([0; 2]);
            }
            let mut node = *place >> LENGTH_BITS;
            for depth in 0..rest {
                let fresh = next(nodes);
                let branch = usize::from(word.wrapping_shr(self.table_bits.saturating_add(depth)) & 1 == 1);
                let Some(child) = nodes.get_mut(node as usize).and_then(|node| node.get_mut(branch)) else { return };
                if depth.saturating_add(1) == rest {
                    *child = leaf;
                } else if *child == 0 {
                    *child = fresh;
                    nodes.push([0; 2]);
                    node = fresh >> LENGTH_BITS;
                } else {
                    node = *child >> LENGTH_BITS;
                }
            }
        } else {
            let places = self.table.get_mut(word as usize..).unwrap_or_default();
            places.iter_mut().step_by(1_usize.wrapping_shl(length)).for_each(|place| *place = leaf);
        }
    }

    fn expand(&mut self, bits: &mut Bits<'_>, kind: u32, total: &mut Total<'_>) -> Result<()> {
        let scalars = u64::from(self.entries).saturating_mul(self.dimensions as u64);
        total.scalars = total.scalars.saturating_add(scalars);
        if total.scalars > u64::from(VORBIS_SETUP_SCALARS_MAX) {
            let what = "the number of scalars of all codebooks";
            return Err(VorbisError::oversized(what, total.scalars, u64::from(VORBIS_SETUP_SCALARS_MAX)));
        }
        total.charge(VORBIS_SCALAR_BYTES.saturating_mul(scalars))?;
        let minimum = unpack(bits.read(32).ok_or_else(cut)?);
        let delta = unpack(bits.read(32).ok_or_else(cut)?);
        let width = bits.read(4).ok_or_else(cut)?.saturating_add(1);
        let sequence = bits.flag().ok_or_else(cut)?;
        let lattice = kind == 1;
        let count = if lattice { u64::from(lookup1_values(self.entries, self.dimensions as u32)) } else { scalars };
        if count.saturating_mul(u64::from(width)) > bits.left() {
            return Err(cut());
        }
        let mut value = || bits.read(width).ok_or_else(cut).map(|multiplicand| multiplicand as f32 * delta + minimum);
        let scalar = |last: &mut f32, value: f32| {
            let scalar = value + *last;
            if sequence {
                *last = scalar;
            }
            scalar
        };
        self.vectors = Vec::with_capacity(scalars as usize);
        if lattice {
            let mut values = Vec::with_capacity(count as usize);
            for _ in 0..count {
                values.push(value()?);
            }
            for entry in 0..self.entries {
                let (mut rest, mut last) = (entry, 0.0);
                self.vectors.extend((0..self.dimensions).map(|_| {
                    let index = rest.checked_rem(count as u32).unwrap_or_default();
                    rest = rest.checked_div(count as u32).unwrap_or_default();
                    scalar(&mut last, values.get(index as usize).copied().unwrap_or_default())
                }));
            }
        } else {
            for _ in 0..self.entries {
                let mut last = 0.0;
                for _ in 0..self.dimensions {
                    self.vectors.push(scalar(&mut last, value()?));
                }
            }
        }
        Ok(())
    }
}

const LENGTH_MASK: u32 = 63;
/// A free place's codeword lies below this bit.
const TOP: u64 = 1 << 32;

const fn slot(entry: u32, length: u32) -> u32 {
    entry << LENGTH_BITS | length
}

fn cut() -> VorbisError {
    VorbisError::malformed("the setup header ends within a codebook")
}

fn bounded(what: &'static str, got: u32, max: u32) -> Result<()> {
    if got > max { Err(VorbisError::oversized(what, u64::from(got), u64::from(max))) } else { Ok(()) }
}

/// The length of each entry's codeword, 0 for unused ones.
fn lengths(bits: &mut Bits<'_>, entries: u32) -> Result<Vec<u8>> {
    if bits.flag().ok_or_else(cut)? {
        let mut lengths = Vec::with_capacity(entries as usize);
        let mut length = bits.read(5).ok_or_else(cut)?.saturating_add(1);
        let mut left = entries;
        while left > 0 {
            let number = bits.read(ilog(left)).ok_or_else(cut)?;
            if length > VORBIS_CODEWORD_BITS_MAX {
                return Err(VorbisError::malformed("a codebook's codeword is longer than 32 bits"));
            }
            left = left.checked_sub(number).ok_or_else(|| VorbisError::malformed("a codebook has more lengths than entries"))?;
            lengths.resize(lengths.len().saturating_add(number as usize), length as u8);
            length = length.saturating_add(1);
        }
        return Ok(lengths);
    }
    let sparse = bits.flag().ok_or_else(cut)?;
    if bits.left() < u64::from(entries).saturating_mul(if sparse { 1 } else { 5 }) {
        return Err(cut());
    }
    let mut lengths = Vec::with_capacity(entries as usize);
    for _ in 0..entries {
        let used = !sparse || bits.flag().ok_or_else(cut)?;
        lengths.push(if used { bits.read(5).ok_or_else(cut)?.saturating_add(1) as u8 } else { 0 });
    }
    Ok(lengths)
}

/// The greatest number whose power of `dimensions` is at most `entries`.
fn lookup1_values(entries: u32, dimensions: u32) -> u32 {
    let fits = |value: u32| value.checked_pow(dimensions).is_some_and(|power| power <= entries);
    let (mut low, mut high) = (1_u32, entries.saturating_add(1));
    // Of these two the lower fits and the higher does not.
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        if fits(middle) { low = middle } else { high = middle }
    }
    low
}

/// The format's own packed number: 21 bits of mantissa, 10 of exponent, a sign.
fn unpack(packed: u32) -> f32 {
    let mantissa = f64::from(packed & 0x1f_ffff);
    // 2^(exponent - 788), exactly: the exponent of an f64 is biased by 1,023.
    let biased = u64::from(packed >> 21 & 0x3ff).saturating_add(1_023_u64.saturating_sub(788));
    let value = (mantissa * f64::from_bits(biased << 52)) as f32;
    if packed >> 31 == 1 { -value } else { value }
}
