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
        let mut branch = self.tree.0.first();
        while let Some(places) = branch {
            match places[bits.read(1)? as usize] {
                Place::Leaf(entry) => return Some(entry),
                Place::Branch(next) => branch = self.tree.0.get(next),
                // A whole tree has no free place.
                Place::Free => branch = None,
            }
        }
        bits.end();
        None
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

/// Where a bit of a codeword leads.
#[derive(Clone, Copy)]
enum Place {
    Free,
    Leaf(u32),
    /// To this branch of the tree.
    Branch(usize),
}

/// A place for a 0 and one for a 1 in each branch, of which the first is the root. A book without entries has none.
struct Tree(Vec<[Place; 2]>);

impl Tree {
    /// VORBIS-004: gives each entry, in order, the lowest free codeword of its length. A tree with no room, or with room left, is malformed.
    fn of(lengths: &[u32]) -> Result<Self, Reject> {
        let used: Vec<(u32, u32)> = (0..).zip(lengths).filter(|(_, length)| **length > 0).map(|(entry, length)| (entry, *length)).collect();
        match used[..] {
            [] => return Ok(Self(Vec::new())),
            // The one entry of its book: a bit of any value stands for it.
            [(entry, 1)] => return Ok(Self(vec![[Place::Leaf(entry); 2]])),
            _ => {}
        }
        let mut tree = Self(vec![[Place::Free; 2]]);
        // The free subtrees from the left to the right: the bits that lead there, and how many these are.
        let mut free: Vec<(u64, u32)> = vec![(0, 0)];
        for (entry, length) in used {
            let leftmost = free.iter().position(|(_, depth)| *depth <= length).ok_or(Reject::MalformedVorbis)?;
            let (bits, depth) = free.remove(leftmost);
            tree.put(bits << (length - depth), length, entry);
            // Of the subtree the rightmost halves stay free, the smallest of them on the left.
            let halves = (depth + 1..=length).rev().map(|depth_of_half| (bits << (depth_of_half - depth) | 1, depth_of_half));
            free.splice(leftmost..leftmost, halves);
        }
        if free.is_empty() { Ok(tree) } else { Err(Reject::MalformedVorbis) }
    }

    /// Puts an entry where the bits lead, the highest first.
    fn put(&mut self, codeword: u64, length: u32, entry: u32) {
        let mut at = 0;
        for place in (1..length).rev() {
            let bit = (codeword >> place & 1) as usize;
            at = match self.0[at][bit] {
                Place::Branch(branch) => branch,
                Place::Free | Place::Leaf(_) => {
                    self.0.push([Place::Free; 2]);
                    self.0[at][bit] = Place::Branch(self.0.len() - 1);
                    self.0.len() - 1
                }
            };
        }
        self.0[at][(codeword & 1) as usize] = Place::Leaf(entry);
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
