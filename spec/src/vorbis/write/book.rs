//! Codebooks.

use super::bits::{BitWriter, width};
use alloc::vec;
use alloc::vec::Vec;

/// How the lengths of codewords are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The number of entries of each length; the lengths must ascend.
    Ordered,
    /// The length of each entry; all must be used.
    Dense,
    /// A bit for each entry, and the length of each that is used.
    Sparse,
}

/// The vectors of a codebook's entries.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// 1: every vector is made of a short list of values; 2: each has its own.
    pub kind: u8,
    /// [`packed`] number that is added to each value.
    pub minimum: u32,
    /// [`packed`] number by which each multiplicand is multiplied.
    pub delta: u32,
    /// Bits of a multiplicand, 1 to 16.
    pub value_bits: u32,
    /// Whether each scalar is added to the one before it.
    pub sequence: bool,
    /// The multiplicands.
    pub multiplicands: Vec<u16>,
}

/// A codebook.
#[derive(Clone, Debug)]
pub struct Codebook {
    /// Scalars of a vector, or classes of a group.
    pub dimensions: u16,
    /// Bits of each entry's codeword; 0 for unused entries.
    pub lengths: Vec<u8>,
    /// How they are written.
    pub form: Form,
    /// The vectors, if entries stand for them.
    pub lookup: Option<Lookup>,
}

/// A number in the format's own packing: mantissa x 2^exponent, with 21 bits of mantissa and exponents of -788 to 235.
pub const fn packed(mantissa: i32, exponent: i32) -> u32 {
    let sign = if mantissa < 0 { 1 << 31 } else { 0 };
    sign | ((exponent + 788) as u32 & 0x3ff) << 21 | mantissa.unsigned_abs() & 0x1f_ffff
}

impl Codebook {
    /// How many values a list has whose combinations make so many vectors.
    pub fn lattice_values(entries: usize, dimensions: u16) -> usize {
        let fits = |values: usize| {
            let mut power = 1_usize;
            (0..dimensions).all(|_| {
                power = power.saturating_mul(values);
                power <= entries
            })
        };
        (1..=entries).take_while(|values| fits(*values)).last().unwrap_or(0)
    }

    /// Writes the book.
    pub fn write(&self, out: &mut BitWriter) {
        out.write(0x56_4342, 24);
        out.write(u64::from(self.dimensions), 16);
        out.write(self.lengths.len() as u64, 24);
        out.flag(self.form == Form::Ordered);
        if self.form == Form::Ordered {
            let mut length = self.lengths[0];
            let mut written = 0;
            out.write(u64::from(length) - 1, 5);
            while written < self.lengths.len() {
                let number = self.lengths[written..].iter().take_while(|other| **other == length).count();
                out.write(number as u64, width((self.lengths.len() - written) as u64));
                written += number;
                length += 1;
            }
        } else {
            out.flag(self.form == Form::Sparse);
            for length in &self.lengths {
                if self.form == Form::Sparse {
                    out.flag(*length > 0);
                }
                if *length > 0 {
                    out.write(u64::from(*length) - 1, 5);
                }
            }
        }
        let Some(lookup) = &self.lookup else { return out.write(0, 4) };
        out.write(u64::from(lookup.kind), 4);
        out.write(u64::from(lookup.minimum), 32);
        out.write(u64::from(lookup.delta), 32);
        out.write(u64::from(lookup.value_bits) - 1, 4);
        out.flag(lookup.sequence);
        for multiplicand in &lookup.multiplicands {
            out.write(u64::from(*multiplicand), lookup.value_bits);
        }
    }

    /// The codeword of each entry with its length, the bit that is read first lowest; of length 0 for unused entries.
    pub fn codewords(&self) -> Vec<(u32, u32)> {
        let used = self.lengths.iter().filter(|length| **length > 0).count();
        // Free subtrees: the codeword of their root, left-aligned, and its length.
        let mut free = vec![(0_u64, 0_u32)];
        let mut words = Vec::new();
        for length in self.lengths.iter().map(|length| u32::from(*length)) {
            let roots = free.iter().enumerate().filter(|(_, (_, depth))| length > 0 && used > 1 && *depth <= length);
            let Some((lowest, _)) = roots.min_by_key(|(_, (root, _))| *root) else {
                words.push((0, length));
                continue;
            };
            let (root, depth) = free.swap_remove(lowest);
            free.extend((depth + 1..=length).map(|depth| (root | 1 << (64 - depth), depth)));
            words.push(((root >> 32) as u32, length));
        }
        words.iter().map(|(word, length)| (word.reverse_bits(), *length)).collect()
    }
}
