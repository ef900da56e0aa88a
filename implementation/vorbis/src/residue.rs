//! Residues: the fine spectrum, in partitions of vectors, pass by pass.

use crate::Result;
use crate::bits::Bits;
use crate::codebook::Codebook;
use crate::error::VorbisError;
use crate::setup::cut;
use alloc::vec::Vec;

const PASSES: usize = 8;

/// A residue's setup.
#[derive(Clone, Debug)]
pub struct Residue {
    kind: u8,
    begin: usize,
    end: usize,
    partition: usize,
    classifications: u32,
    classbook: u8,
    /// The book of each classification in each pass.
    books: Vec<[Option<u8>; PASSES]>,
    /// Passes up to the last that has a book, and at least one.
    passes: usize,
}

impl Residue {
    pub fn read(bits: &mut Bits<'_>, codebooks: &[Codebook]) -> Result<Self> {
        let malformed = VorbisError::malformed;
        let kind = bits.read(16).ok_or_else(cut)?;
        if kind > 2 {
            return Err(malformed("a residue's type is above 2"));
        }
        let begin = bits.read(24).ok_or_else(cut)? as usize;
        let end = bits.read(24).ok_or_else(cut)? as usize;
        let partition = bits.read(24).ok_or_else(cut)?.saturating_add(1) as usize;
        let classifications = bits.read(6).ok_or_else(cut)?.saturating_add(1);
        let classbook = bits.read(8).ok_or_else(cut)? as u8;
        let mut cascades = [0_u32; 64];
        for cascade in cascades.iter_mut().take(classifications as usize) {
            let low = bits.read(3).ok_or_else(cut)?;
            let high = if bits.flag().ok_or_else(cut)? { bits.read(5).ok_or_else(cut)? } else { 0 };
            *cascade = high << 3 | low;
        }
        let mut books = Vec::new();
        for cascade in cascades.iter().take(classifications as usize) {
            let mut chosen = [None; PASSES];
            for (pass, book) in (0_u32..).zip(&mut chosen) {
                if cascade.wrapping_shr(pass) & 1 == 1 {
                    *book = Some(bits.read(8).ok_or_else(cut)? as u8);
                }
            }
            books.push(chosen);
        }
        let missing = || malformed("a residue's codebook does not exist");
        let class = codebooks.get(usize::from(classbook)).ok_or_else(missing)?;
        let combinations = classifications.checked_pow(class.dimensions() as u32);
        if combinations.is_none_or(|combinations| combinations > class.entries()) {
            return Err(malformed("a residue's classbook has fewer entries than there are groups of classifications"));
        }
        if begin > end {
            return Err(malformed("a residue ends before it begins"));
        }
        for number in books.iter().flatten().flatten() {
            let book = codebooks.get(usize::from(*number)).ok_or_else(missing)?;
            if !book.has_vectors() || partition.checked_rem(book.dimensions()) != Some(0) {
                return Err(malformed("a residue's codebook has no vectors, or its partition is not made of whole ones"));
            }
        }
        let used =
            (1..=PASSES).rev().find(|passes| books.iter().any(|books| books.get(passes.saturating_sub(1)).is_some_and(Option::is_some)));
        let passes = used.unwrap_or(1);
        Ok(Self { kind: kind as u8, begin, end, partition, classifications, classbook, books, passes })
    }

    /// Whether the channels' coefficients are coded in turn, as one vector.
    pub const fn is_woven(&self) -> bool {
        self.kind == 2
    }

    /// Adds to the vectors that are used, until all is read or the packet ends. `classes` is scratch.
    pub fn decode(
        &self,
        bits: &mut Bits<'_>,
        codebooks: &[Codebook],
        used: &[u8],
        vectors: &mut [Vec<f32>],
        size: usize,
        classes: &mut Vec<u8>,
    ) -> Option<()> {
        let begin = self.begin.min(size);
        let partitions = self.end.min(size).saturating_sub(begin).checked_div(self.partition)?;
        let classbook = codebooks.get(usize::from(self.classbook))?;
        // Classes are written in whole groups. A group longer than the partitions costs nothing beyond them.
        let group = classbook.dimensions();
        let row = partitions.checked_next_multiple_of(group)?;
        classes.clear();
        classes.resize(row.saturating_mul(used.len()), 0);
        for pass in 0..self.passes {
            let mut start = 0_usize;
            while start < partitions {
                let end = start.saturating_add(group);
                if pass == 0 {
                    for row in classes.chunks_exact_mut(row) {
                        let mut word = classbook.entry(bits)?;
                        for class in row.get_mut(start..end)?.iter_mut().rev() {
                            *class = word.checked_rem(self.classifications)? as u8;
                            word = word.checked_div(self.classifications)?;
                        }
                    }
                }
                for partition in start..end.min(partitions) {
                    for (row, channel) in classes.chunks_exact(row).zip(used) {
                        let class = usize::from(*row.get(partition)?);
                        if let Some(book) = *self.books.get(class)?.get(pass)? {
                            let from = begin.saturating_add(partition.saturating_mul(self.partition));
                            let to = from.saturating_add(self.partition);
                            let out = vectors.get_mut(usize::from(*channel))?.get_mut(from..to)?;
                            self.add(bits, codebooks.get(usize::from(book))?, out)?;
                        }
                    }
                }
                start = end;
            }
        }
        Some(())
    }

    /// Adds a partition's vectors: type 0 spreads the scalars of each, the others keep them together.
    #[inline]
    fn add(&self, bits: &mut Bits<'_>, book: &Codebook, out: &mut [f32]) -> Option<()> {
        if self.kind == 0 {
            let count = out.len().checked_div(book.dimensions())?;
            for number in 0..count {
                let places = out.iter_mut().skip(number).step_by(count);
                places.zip(book.vector(bits)?).for_each(|(place, scalar)| *place += scalar);
            }
            return Some(());
        }
        match book.dimensions() {
            1 => add_together::<1>(bits, book, out),
            2 => add_together::<2>(bits, book, out),
            4 => add_together::<4>(bits, book, out),
            8 => add_together::<8>(bits, book, out),
            dimensions => {
                for places in out.chunks_exact_mut(dimensions) {
                    places.iter_mut().zip(book.vector(bits)?).for_each(|(place, scalar)| *place += scalar);
                }
                Some(())
            }
        }
    }
}

fn add_together<const N: usize>(bits: &mut Bits<'_>, book: &Codebook, out: &mut [f32]) -> Option<()> {
    for places in out.as_chunks_mut::<N>().0 {
        let vector = book.vector(bits)?.first_chunk::<N>()?;
        places.iter_mut().zip(vector).for_each(|(place, scalar)| *place += scalar);
    }
    Some(())
}
