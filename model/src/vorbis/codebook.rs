//! Codebooks: a Huffman tree that is walked bit by bit, and the vectors of its entries.

use super::bits::{Bits, ilog};
use spec::vorbis::{
    Reject, VORBIS_BOOK_BYTES, VORBIS_CODEBOOK_DIMENSIONS_MAX, VORBIS_CODEBOOK_ENTRIES_MAX, VORBIS_CODEWORD_BITS_MAX, VORBIS_ENTRY_BYTES,
    VORBIS_SCALAR_BYTES, VORBIS_SETUP_ENTRIES_MAX, VORBIS_SETUP_SCALARS_MAX,
};

/// What all tables of a stream may hold together.
pub struct Total {
    entries: u64,
    scalars: u64,
    /// Bytes that are charged, and the most that may be.
    pub bytes: u64,
    pub bytes_max: u64,
}

impl Total {
    pub const fn new(bytes_max: u64) -> Self {
        Self { entries: 0, scalars: 0, bytes: 0, bytes_max }
    }

    pub const fn charge(&mut self, bytes: u64) -> Result<(), Reject> {
        if self.bytes + bytes > self.bytes_max {
            return Err(Reject::OversizedMemory);
        }
        self.bytes += bytes;
        Ok(())
    }
}

pub struct Codebook {
    pub entries: u32,
    pub dimensions: usize,
    tree: Tree,
    lookup: Option<Lookup>,
}

struct Lookup {
    lattice: bool,
    minimum: f32,
    delta: f32,
    sequence: bool,
    multiplicands: Vec<f32>,
}

impl Codebook {
    pub fn read(bits: &mut Bits, total: &mut Total) -> Result<Self, Reject> {
        const END: Reject = Reject::MalformedVorbis;
        if bits.read(24).ok_or(END)? != 0x56_4342 {
            return Err(Reject::MalformedVorbis);
        }
        let dimensions = bits.read(16).ok_or(END)?;
        let entries = bits.read(24).ok_or(END)?;
        if dimensions == 0 || entries == 0 {
            return Err(Reject::MalformedVorbis);
        }
        total.entries += entries;
        // VORBIS-014
        if dimensions > u64::from(VORBIS_CODEBOOK_DIMENSIONS_MAX)
            || entries > u64::from(VORBIS_CODEBOOK_ENTRIES_MAX)
            || total.entries > u64::from(VORBIS_SETUP_ENTRIES_MAX)
        {
            return Err(Reject::OversizedInput);
        }
        total.charge(VORBIS_BOOK_BYTES + VORBIS_ENTRY_BYTES * entries)?;
        let tree = Tree::of(&lengths(bits, entries)?)?;
        let lookup = match bits.read(4).ok_or(END)? {
            0 => None,
            kind @ 1..=2 => {
                total.scalars += entries * dimensions;
                if total.scalars > u64::from(VORBIS_SETUP_SCALARS_MAX) {
                    return Err(Reject::OversizedInput);
                }
                total.charge(VORBIS_SCALAR_BYTES * entries * dimensions)?;
                let minimum = unpack(bits.read(32).ok_or(END)? as u32);
                let delta = unpack(bits.read(32).ok_or(END)? as u32);
                let width = bits.read(4).ok_or(END)? as u32 + 1;
                let sequence = bits.flag().ok_or(END)?;
                let count = if kind == 1 { lookup1_values(entries, dimensions) } else { entries * dimensions };
                let mut multiplicands = Vec::new();
                for _ in 0..count {
                    multiplicands.push(bits.read(width).ok_or(END)? as f32);
                }
                Some(Lookup { lattice: kind == 1, minimum, delta, sequence, multiplicands })
            }
            _ => return Err(Reject::MalformedVorbis),
        };
        Ok(Self { entries: entries as u32, dimensions: dimensions as usize, tree, lookup })
    }

    /// Whether entries stand for vectors.
    pub const fn has_vectors(&self) -> bool {
        self.lookup.is_some()
    }

    /// Reads a codeword and gives its entry. A book without entries ends the packet.
    pub fn entry(&self, bits: &mut Bits) -> Option<u32> {
        let mut tree = &self.tree;
        loop {
            match tree {
                Tree::Leaf(entry) => return Some(*entry),
                Tree::Single(entry) => {
                    bits.read(1)?;
                    return Some(*entry);
                }
                Tree::Branch(branches, _) => tree = &branches[bits.read(1)? as usize],
                Tree::Free => {
                    bits.end();
                    return None;
                }
            }
        }
    }

    /// Reads a codeword and gives its entry's vector.
    pub fn vector(&self, bits: &mut Bits) -> Option<Vec<f32>> {
        let Some(lookup) = &self.lookup else {
            bits.end();
            return None;
        };
        let entry = self.entry(bits)? as usize;
        let mut last = 0.0;
        let mut divisor = 1;
        let mut vector = Vec::new();
        // VORBIS-005
        for dimension in 0..self.dimensions {
            let index = if lookup.lattice { entry / divisor % lookup.multiplicands.len() } else { entry * self.dimensions + dimension };
            let scalar = lookup.multiplicands[index] * lookup.delta + lookup.minimum + last;
            if lookup.sequence {
                last = scalar;
            }
            vector.push(scalar);
            // Beyond the highest entry the quotient is 0, whatever the divisor.
            divisor = divisor.saturating_mul(lookup.multiplicands.len());
        }
        Some(vector)
    }
}

/// The length of each entry's codeword, 0 for unused ones.
fn lengths(bits: &mut Bits, entries: u64) -> Result<Vec<u32>, Reject> {
    const END: Reject = Reject::MalformedVorbis;
    let mut lengths = Vec::new();
    if bits.flag().ok_or(END)? {
        let mut length = bits.read(5).ok_or(END)? as u32 + 1;
        while (lengths.len() as u64) < entries {
            let left = entries - lengths.len() as u64;
            let number = bits.read(ilog(left)).ok_or(END)?;
            if number > left || length > VORBIS_CODEWORD_BITS_MAX {
                return Err(Reject::MalformedVorbis);
            }
            lengths.extend((0..number).map(|_| length));
            length += 1;
        }
    } else {
        let sparse = bits.flag().ok_or(END)?;
        for _ in 0..entries {
            let used = !sparse || bits.flag().ok_or(END)?;
            lengths.push(if used { bits.read(5).ok_or(END)? as u32 + 1 } else { 0 });
        }
    }
    Ok(lengths)
}

enum Tree {
    Free,
    Leaf(u32),
    /// The left tree takes a 0, the right one a 1. With how deep below it the nearest free place is, where there is one.
    Branch(Box<[Tree; 2]>, Option<u32>),
    /// The one entry of its book: a bit of any value stands for it.
    Single(u32),
}

impl Tree {
    /// VORBIS-004: gives each entry, in order, the lowest free codeword of its length. A tree with no room, or with room left, is malformed.
    fn of(lengths: &[u32]) -> Result<Self, Reject> {
        let used: Vec<(u32, u32)> = (0..).zip(lengths).filter(|(_, length)| **length > 0).map(|(entry, length)| (entry, *length)).collect();
        match used[..] {
            [] => return Ok(Self::Free),
            [(entry, 1)] => return Ok(Self::Single(entry)),
            _ => {}
        }
        let mut tree = Self::Free;
        for (entry, length) in used {
            if !tree.place(entry, length) {
                return Err(Reject::MalformedVorbis);
            }
        }
        if tree.room().is_none() { Ok(tree) } else { Err(Reject::MalformedVorbis) }
    }

    /// Puts an entry into the leftmost free place so deep; says whether there was one.
    fn place(&mut self, entry: u32, depth: u32) -> bool {
        match self {
            Self::Leaf(_) | Self::Single(_) => false,
            Self::Free if depth == 0 => {
                *self = Self::Leaf(entry);
                true
            }
            Self::Free => {
                *self = Self::Branch(Box::new([Self::Free, Self::Free]), Some(1));
                self.place(entry, depth)
            }
            Self::Branch(_, room) if room.is_none_or(|room| room > depth) => false,
            Self::Branch(branches, room) => {
                let placed = branches.iter_mut().any(|branch| branch.place(entry, depth - 1));
                *room = branches.iter().filter_map(Self::room).min().map(|room| room + 1);
                placed
            }
        }
    }

    /// How deep the nearest free place is.
    const fn room(&self) -> Option<u32> {
        match self {
            Self::Free => Some(0),
            Self::Leaf(_) | Self::Single(_) => None,
            Self::Branch(_, room) => *room,
        }
    }
}

/// The greatest number whose power of `dimensions` is at most `entries`.
fn lookup1_values(entries: u64, dimensions: u64) -> u64 {
    let fits =
        |value: u64| (0..dimensions).try_fold(1_u64, |power, _| power.checked_mul(value).filter(|power| *power <= entries)).is_some();
    (1..=entries).take_while(|value| fits(*value)).last().unwrap_or(0)
}

/// The format's own packed number: 21 bits of mantissa, 10 of exponent, a sign.
pub fn unpack(packed: u32) -> f32 {
    let mantissa = f64::from(packed & 0x1f_ffff);
    let exponent = (packed >> 21 & 0x3ff) as i32 - 788;
    let signed = if packed >> 31 == 1 { -mantissa } else { mantissa };
    // Exact in an f64, and rounded once.
    (signed * 2_f64.powi(exponent)) as f32
}
