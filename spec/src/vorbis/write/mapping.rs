//! Mappings, modes, and the headers.

use super::bits::{BitWriter, width};
use super::{Codebook, Floor, Residue};
use crate::vorbis::{VORBIS_BLOCK_BYTES, VORBIS_BOOK_BYTES, VORBIS_ENTRY_BYTES, VORBIS_SCALAR_BYTES, VORBIS_STEP_BYTES};
use alloc::vec::Vec;

/// How channels share floors, residues and each other.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Floor and residue of each submap.
    pub submaps: Vec<(u8, u8)>,
    /// The submap of each channel.
    pub mux: Vec<u8>,
    /// Pairs of channels, magnitude first.
    pub coupling: Vec<(u8, u8)>,
}

/// A kind of block.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// Whether the block is long.
    pub long: bool,
    /// Its mapping.
    pub mapping: u8,
}

/// What the headers say.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Channels.
    pub channels: u8,
    /// Sample rate in Hz.
    pub rate: u32,
    /// Binary logarithms of the sizes of the short and of the long block, 6 to 13.
    pub blocks: [u32; 2],
    /// The codebooks.
    pub codebooks: Vec<Codebook>,
    /// The floors.
    pub floors: Vec<Floor>,
    /// The residues.
    pub residues: Vec<Residue>,
    /// The mappings.
    pub mappings: Vec<Mapping>,
    /// The modes.
    pub modes: Vec<Mode>,
}

impl Setup {
    /// The identification header.
    pub fn identification(&self) -> Vec<u8> {
        let mut out = BitWriter::header(1);
        out.write(0, 32);
        out.write(u64::from(self.channels), 8);
        out.write(u64::from(self.rate), 32);
        out.write(0, 64);
        out.write(0, 32);
        self.blocks.iter().for_each(|block| out.write(u64::from(*block), 4));
        out.flag(true);
        out.into_bytes()
    }

    /// An empty comment header.
    pub fn comment() -> Vec<u8> {
        let mut out = BitWriter::header(3);
        out.write(0, 64);
        out.flag(true);
        out.into_bytes()
    }

    /// The setup header.
    pub fn write(&self) -> Vec<u8> {
        let mut out = BitWriter::header(5);
        out.write(self.codebooks.len() as u64 - 1, 8);
        self.codebooks.iter().for_each(|book| book.write(&mut out));
        out.write(0, 6);
        out.write(0, 16);
        out.write(self.floors.len() as u64 - 1, 6);
        self.floors.iter().for_each(|floor| floor.write(&mut out));
        out.write(self.residues.len() as u64 - 1, 6);
        self.residues.iter().for_each(|residue| residue.write(&mut out));
        out.write(self.mappings.len() as u64 - 1, 6);
        self.mappings.iter().for_each(|mapping| self.mapping(mapping, &mut out));
        out.write(self.modes.len() as u64 - 1, 6);
        for mode in &self.modes {
            out.flag(mode.long);
            out.write(0, 32);
            out.write(u64::from(mode.mapping), 8);
        }
        out.flag(true);
        out.into_bytes()
    }

    fn mapping(&self, mapping: &Mapping, out: &mut BitWriter) {
        out.write(0, 16);
        let submaps = mapping.submaps.len() as u64;
        out.flag(submaps > 1);
        if submaps > 1 {
            out.write(submaps - 1, 4);
        }
        out.flag(!mapping.coupling.is_empty());
        if !mapping.coupling.is_empty() {
            out.write(mapping.coupling.len() as u64 - 1, 8);
            let bits = width(u64::from(self.channels) - 1);
            for (magnitude, angle) in &mapping.coupling {
                out.write(u64::from(*magnitude), bits);
                out.write(u64::from(*angle), bits);
            }
        }
        out.write(0, 2);
        if submaps > 1 {
            mapping.mux.iter().for_each(|submap| out.write(u64::from(*submap), 4));
        }
        for (floor, residue) in &mapping.submaps {
            out.write(0, 8);
            out.write(u64::from(*floor), 8);
            out.write(u64::from(*residue), 8);
        }
    }
}

impl Setup {
    /// Memory that a decoder is charged for what these headers say.
    pub fn memory_bytes(&self) -> u64 {
        let [short, long] = self.blocks.map(|exponent| 1_u64 << exponent);
        let books: u64 = self.codebooks.iter().map(Codebook::memory_bytes).sum();
        let responses = self.floors.iter().filter(|floor| matches!(floor, Floor::Response { .. })).count() as u64;
        VORBIS_BLOCK_BYTES * long * (u64::from(self.channels) + 4) + books + VORBIS_STEP_BYTES * (short + long) * responses
    }
}

impl Codebook {
    fn memory_bytes(&self) -> u64 {
        let entries = self.lengths.len() as u64;
        let scalars = if self.lookup.is_some() { entries * u64::from(self.dimensions) } else { 0 };
        VORBIS_BOOK_BYTES + VORBIS_ENTRY_BYTES * entries + VORBIS_SCALAR_BYTES * scalars
    }
}
