//! Audio packets of chosen symbols.

use super::bits::{BitWriter, width};
use super::{Codebook, Floor, Residue, Setup};
use crate::Entropy;
use alloc::vec;
use alloc::vec::Vec;

/// A packet of the given mode whose symbols are drawn; `before` and `after` say whether its neighbours are long.
pub fn draw_packet(setup: &Setup, mode: usize, [before, after]: [bool; 2], source: &mut dyn Entropy) -> Vec<u8> {
    let books = setup.codebooks.iter().map(Words::of).collect();
    let mut writer = Packet { setup, books, out: BitWriter::default() };
    let chosen = setup.modes[mode];
    writer.out.flag(false);
    writer.out.write(mode as u64, width(setup.modes.len() as u64 - 1));
    if chosen.long {
        writer.out.flag(before);
        writer.out.flag(after);
    }
    let mapping = &setup.mappings[usize::from(chosen.mapping)];
    let size = 1_usize << (setup.blocks[usize::from(chosen.long)] - 1);
    let mut used: Vec<bool> = (0..setup.channels)
        .map(|channel| {
            let submap = mapping.mux[usize::from(channel)];
            let (floor, _) = mapping.submaps[usize::from(submap)];
            writer.floor(&setup.floors[usize::from(floor)], source)
        })
        .collect();
    for (magnitude, angle) in &mapping.coupling {
        let either = used[usize::from(*magnitude)] || used[usize::from(*angle)];
        used[usize::from(*magnitude)] = either;
        used[usize::from(*angle)] = either;
    }
    for (number, (_, residue)) in mapping.submaps.iter().enumerate() {
        let members: Vec<bool> = (0..usize::from(setup.channels))
            .filter(|channel| usize::from(mapping.mux[*channel]) == number)
            .map(|channel| used[channel])
            .collect();
        let residue = &setup.residues[usize::from(*residue)];
        if residue.kind == 2 {
            let woven = usize::from(members.contains(&true));
            writer.residue(residue, woven, size * members.len(), source);
        } else {
            writer.residue(residue, members.iter().filter(|used| **used).count(), size, source);
        }
    }
    writer.out.into_bytes()
}

struct Packet<'a> {
    setup: &'a Setup,
    books: Vec<Words>,
    out: BitWriter,
}

/// What a book's entries are written as.
struct Words {
    /// The codeword of each entry, and its length.
    words: Vec<(u32, u32)>,
    /// The entries that have one.
    used: Vec<usize>,
}

impl Words {
    fn of(book: &Codebook) -> Self {
        let words = book.codewords();
        let used = (0..words.len()).filter(|entry| words[*entry].1 > 0).collect();
        Self { words, used }
    }
}

impl Packet<'_> {
    fn entry(&mut self, book: u8, entry: usize) {
        let (word, length) = self.books[usize::from(book)].words[entry];
        self.out.write(u64::from(word), length);
    }

    /// Writes an entry that is used, and gives it; 0 where the book has none.
    fn any(&mut self, book: u8, source: &mut dyn Entropy) -> usize {
        let used = &self.books[usize::from(book)].used;
        if used.is_empty() {
            return 0;
        }
        let entry = used[source.below(used.len() as u64) as usize];
        self.entry(book, entry);
        entry
    }

    /// Writes a channel's floor, and says whether the channel is used.
    fn floor(&mut self, floor: &Floor, source: &mut dyn Entropy) -> bool {
        let unused = source.one_in(6);
        match floor {
            Floor::Response { order, amplitude_bits, books, .. } => {
                let full = (1_u64 << amplitude_bits) - 1;
                let amplitude = if unused { 0 } else { 1 + source.below(full.div_ceil(2)) };
                self.out.write(amplitude, *amplitude_bits);
                if amplitude == 0 {
                    return false;
                }
                let chosen = source.below(books.len() as u64) as usize;
                self.out.write(chosen as u64, width(books.len() as u64));
                let dimensions = usize::from(self.setup.codebooks[usize::from(books[chosen])].dimensions);
                for _ in 0..usize::from(*order).div_ceil(dimensions) {
                    self.any(books[chosen], source);
                }
            }
            Floor::Points { partitions, classes, multiplier, .. } => {
                self.out.flag(!unused);
                if unused {
                    return false;
                }
                let range = [256_u64, 128, 86, 64][usize::from(*multiplier) - 1];
                for _ in 0..2 {
                    // Of middle amplitude, so that most sums are not clipped.
                    let height = range / 3 + source.below(range / 4);
                    self.out.write(height, width(range - 1));
                }
                for class in partitions {
                    let class = &classes[usize::from(*class)];
                    let mut chosen = if class.subclass_bits > 0 { self.any(class.master, source) } else { 0 };
                    for _ in 0..class.dimensions {
                        let book = class.books[chosen & (class.books.len() - 1)];
                        chosen >>= class.subclass_bits;
                        if let Some(book) = book {
                            self.any(book, source);
                        }
                    }
                }
            }
        }
        true
    }

    /// Writes so many vectors of a residue.
    fn residue(&mut self, residue: &Residue, vectors: usize, size: usize, source: &mut dyn Entropy) {
        let begin = (residue.begin as usize).min(size);
        let partitions = (residue.end as usize).min(size).saturating_sub(begin) / residue.partition as usize;
        let group = usize::from(self.setup.codebooks[usize::from(residue.classbook)].dimensions);
        let mut classes = vec![vec![0_usize; partitions + group]; vectors];
        for pass in 0..8 {
            for partition in 0..partitions {
                if pass == 0 && partition % group == 0 {
                    for row in &mut classes {
                        let mut word = self.any(residue.classbook, source);
                        for place in (partition..partition + group).rev() {
                            row[place] = word % residue.books.len();
                            word /= residue.books.len();
                        }
                    }
                }
                for row in &classes {
                    if let Some(book) = residue.books[row[partition]][pass] {
                        let dimensions = usize::from(self.setup.codebooks[usize::from(book)].dimensions);
                        for _ in 0..residue.partition as usize / dimensions {
                            self.any(book, source);
                        }
                    }
                }
            }
        }
    }
}
