//! A small valid stream to start from, when one thing of it is to be chosen.

use super::{Class, Codebook, Drawn, Floor, Form, Layout, Lookup, Mapping, Mode, Residue, Setup, draw_packet, packed};
use crate::SplitMix64;
use alloc::vec;
use alloc::vec::Vec;

impl Layout {
    /// Full pages of one stream that starts at 0.
    pub const PLAIN: Self = Self { serial: 7, segments: 255, start: 0, cut: 0, foreign: false };
}

impl Codebook {
    /// A book of so many entries, a power of two, with codewords of one length.
    pub fn plain(entries: usize, dimensions: u16) -> Self {
        let length = entries.ilog2().max(1) as u8;
        Self { dimensions, lengths: vec![length; entries], form: Form::Ordered, lookup: None }
    }

    /// The same with vectors of all combinations of these values around 0, a unit apart.
    #[must_use]
    pub fn with_lattice(self, values: u16) -> Self {
        let minimum = packed(1 - i32::from(values), -1);
        let multiplicands = (0..values).collect();
        let lookup = Lookup { kind: 1, minimum, delta: packed(1, 0), value_bits: 4, sequence: false, multiplicands };
        Self { lookup: Some(lookup), ..self }
    }
}

impl Setup {
    /// So many channels at 48 kHz in blocks of 64 and 128 samples: modes 0 and 1. One floor of type 1 through six points, and one
    /// residue of type 1 in pairs. Book 0 is that of the heights, 1 of the classes, 2 of the vectors.
    pub fn plain(channels: u8) -> Self {
        let class = Class { dimensions: 4, subclass_bits: 0, master: 0, books: vec![Some(0)] };
        let books = vec![[None; 8], [Some(2), None, None, None, None, None, None, None]];
        Self {
            channels,
            rate: 48_000,
            blocks: [6, 7],
            codebooks: vec![Codebook::plain(16, 1), Codebook::plain(4, 2), Codebook::plain(16, 2).with_lattice(4)],
            floors: vec![Floor::Points {
                partitions: vec![0],
                classes: vec![class],
                multiplier: 2,
                range_bits: 6,
                places: vec![4, 9, 17, 40],
            }],
            residues: vec![Residue { kind: 1, begin: 0, end: 64, partition: 4, classbook: 1, books }],
            mappings: vec![Mapping { submaps: vec![(0, 0)], mux: vec![0; usize::from(channels)], coupling: Vec::new() }],
            modes: vec![Mode { long: false, mapping: 0 }, Mode { long: true, mapping: 0 }],
        }
    }
}

impl Drawn {
    /// A stream of packets of these modes whose symbols are drawn from a seed.
    pub fn of(setup: Setup, modes: &[usize], seed: u64) -> Self {
        let source = &mut SplitMix64::new(seed);
        let long = |index: usize| modes.get(index).is_some_and(|mode| setup.modes[*mode].long);
        let quarter = |index: usize| 1_i64 << (setup.blocks[usize::from(long(index))] - 2);
        let packet = |(index, mode): (usize, &usize)| {
            let packet = draw_packet(&setup, *mode, [index > 0 && long(index - 1), long(index + 1)], source);
            (packet, if index == 0 { 0 } else { quarter(index - 1) + quarter(index) })
        };
        let audio = modes.iter().enumerate().map(packet).collect();
        Self { audio, setup, layout: Layout::PLAIN }
    }
}
