//! Residues: the fine spectrum, in partitions of vectors, pass by pass.

use super::bits::Bits;
use super::codebook::Codebook;
use spec::vorbis::Reject;

const END: Reject = Reject::MalformedVorbis;
const PASSES: usize = 8;

pub struct Residue {
    kind: u64,
    begin: usize,
    end: usize,
    partition: usize,
    classifications: usize,
    classbook: usize,
    /// The book of each classification in each pass.
    books: Vec<[Option<usize>; PASSES]>,
}

impl Residue {
    pub fn read(bits: &mut Bits, codebooks: &[Codebook]) -> Result<Self, Reject> {
        let kind = bits.read(16).ok_or(END)?;
        if kind > 2 {
            return Err(Reject::MalformedVorbis);
        }
        let begin = bits.read(24).ok_or(END)? as usize;
        let end = bits.read(24).ok_or(END)? as usize;
        let partition = bits.read(24).ok_or(END)? as usize + 1;
        let classifications = bits.read(6).ok_or(END)? as usize + 1;
        let classbook = bits.read(8).ok_or(END)? as usize;
        let mut cascades = Vec::new();
        for _ in 0..classifications {
            let low = bits.read(3).ok_or(END)?;
            let high = if bits.flag().ok_or(END)? { bits.read(5).ok_or(END)? } else { 0 };
            cascades.push(high * 8 + low);
        }
        let mut books = Vec::new();
        for cascade in cascades {
            let mut chosen = [None; PASSES];
            for (pass, book) in chosen.iter_mut().enumerate() {
                if cascade >> pass & 1 == 1 {
                    *book = Some(bits.read(8).ok_or(END)? as usize);
                }
            }
            books.push(chosen);
        }
        let class = codebooks.get(classbook).ok_or(END)?;
        let combinations = (0..class.dimensions)
            .try_fold(1_u64, |all, _| all.checked_mul(classifications as u64).filter(|all| *all <= u64::from(class.entries)));
        if combinations.is_none() || begin > end {
            return Err(Reject::MalformedVorbis);
        }
        for number in books.iter().flatten().flatten() {
            let book = codebooks.get(*number).ok_or(END)?;
            if !book.has_vectors() || !partition.is_multiple_of(book.dimensions) {
                return Err(Reject::MalformedVorbis);
            }
        }
        Ok(Self { kind, begin, end, partition, classifications, classbook, books })
    }

    /// The residues of channels of so many coefficients each, of which `used` are coded.
    pub fn vectors(&self, bits: &mut Bits, codebooks: &[Codebook], used: &[bool], size: usize) -> Vec<Vec<f32>> {
        if self.kind < 2 {
            let mut vectors = vec![vec![0.0; size]; used.len()];
            self.decode(bits, codebooks, used, &mut vectors);
            return vectors;
        }
        // Type 2 is type 1 over the channels' coefficients in turn, if any of them is used.
        let channels = used.len();
        let mut woven = vec![vec![0.0; size * channels]];
        self.decode(bits, codebooks, &[used.contains(&true)], &mut woven);
        (0..channels).map(|channel| woven[0].iter().skip(channel).step_by(channels).copied().collect()).collect()
    }

    /// Decodes until all is read or the packet ends.
    fn decode(&self, bits: &mut Bits, codebooks: &[Codebook], used: &[bool], vectors: &mut [Vec<f32>]) -> Option<()> {
        let size = vectors.first().map_or(0, Vec::len);
        let begin = self.begin.min(size);
        let partitions = (self.end.min(size) - begin) / self.partition;
        let classbook = &codebooks[self.classbook];
        let group = classbook.dimensions;
        let mut classes = vec![vec![0; partitions + group]; vectors.len()];
        for pass in 0..PASSES {
            for partition in 0..partitions {
                if pass == 0 && partition % group == 0 {
                    for (channel, _) in used.iter().enumerate().filter(|(_, used)| **used) {
                        let mut word = classbook.entry(bits)? as usize;
                        for place in (partition..partition + group).rev() {
                            classes[channel][place] = word % self.classifications;
                            word /= self.classifications;
                        }
                    }
                }
                for (channel, _) in used.iter().enumerate().filter(|(_, used)| **used) {
                    if let Some(book) = self.books[classes[channel][partition]][pass] {
                        let start = begin + partition * self.partition;
                        self.partition(bits, &codebooks[book], &mut vectors[channel][start..start + self.partition])?;
                    }
                }
            }
        }
        Some(())
    }

    /// VORBIS-008: adds a partition's vectors: type 0 spreads the scalars of each, the others keep them together.
    fn partition(&self, bits: &mut Bits, book: &Codebook, out: &mut [f32]) -> Option<()> {
        let count = out.len() / book.dimensions;
        for number in 0..count {
            for (index, scalar) in book.vector(bits)?.into_iter().enumerate() {
                let place = if self.kind == 0 { number + index * count } else { number * book.dimensions + index };
                out[place] += scalar;
            }
        }
        Some(())
    }
}
