//! Residues.

use super::bits::BitWriter;
use alloc::vec::Vec;

/// A residue.
#[derive(Clone, Debug)]
pub struct Residue {
    /// 0: spread vectors, 1: vectors kept together, 2: the channels in turn as one vector.
    pub kind: u8,
    /// First coefficient that is coded.
    pub begin: u32,
    /// First coefficient behind those that are coded.
    pub end: u32,
    /// Coefficients of a partition.
    pub partition: u32,
    /// The book of groups of classes.
    pub classbook: u8,
    /// The book of each class in each pass.
    pub books: Vec<[Option<u8>; 8]>,
}

impl Residue {
    /// Writes the residue.
    pub fn write(&self, out: &mut BitWriter) {
        out.write(u64::from(self.kind), 16);
        out.write(u64::from(self.begin), 24);
        out.write(u64::from(self.end), 24);
        out.write(u64::from(self.partition) - 1, 24);
        out.write(self.books.len() as u64 - 1, 6);
        out.write(u64::from(self.classbook), 8);
        for books in &self.books {
            let cascade = (0..8).filter(|pass| books[*pass].is_some()).fold(0_u64, |cascade, pass| cascade | 1 << pass);
            out.write(cascade, 3);
            out.flag(cascade > 7);
            if cascade > 7 {
                out.write(cascade >> 3, 5);
            }
        }
        self.books.iter().flatten().flatten().for_each(|book| out.write(u64::from(*book), 8));
    }
}
