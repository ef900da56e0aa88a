//! Books, spectra and blocks.

use super::{changed, stream};
use crate::suite::GoldenCase;
use spec::vorbis::Vorbis;
use spec::vorbis::write::{Codebook, Drawn, Floor, Form, Lookup, Mapping, Setup, packed};

/// A book of vectors of their own.
fn listed(entries: usize, dimensions: u16) -> Codebook {
    let count = entries * usize::from(dimensions);
    let multiplicands = (0..count).map(|place| (place * 7 % 16) as u16).collect();
    let lookup = Lookup { kind: 2, minimum: packed(-7, -1), delta: packed(1, -1), value_bits: 4, sequence: false, multiplicands };
    Codebook { lookup: Some(lookup), ..Codebook::plain(entries, dimensions) }
}

/// A floor of type 0 whose coefficients are those of book 3, which is added.
fn response(setup: &mut Setup, order: u8, rising: bool) {
    let multiplicands = (0..8).collect();
    let lookup = Lookup { kind: 1, minimum: packed(1, -3), delta: packed(1, -4), value_bits: 3, sequence: rising, multiplicands };
    setup.codebooks.push(Codebook { lookup: Some(lookup), ..Codebook::plain(64, 2) });
    let books = vec![setup.codebooks.len() as u8 - 1];
    setup.floors = vec![Floor::Response { order, rate: 48_000, map_size: 128, amplitude_bits: 6, amplitude_offset: 100, books }];
}

pub(super) fn of_books() -> Vec<GoldenCase<Vorbis>> {
    let lengths = |lengths: &'static [u8], form: Form| {
        move |setup: &mut Setup| setup.codebooks[0] = Codebook { lengths: lengths.to_vec(), form, ..Codebook::plain(2, 1) }
    };
    vec![
        changed("plain", "One channel of short and long blocks: a floor of six points, a residue in pairs.", 1, |_| {}),
        changed("lengths_ordered", "Lengths that ascend.", 1, lengths(&[1, 3, 3, 3, 4, 4], Form::Ordered)),
        changed(
            "lengths_dense",
            "Lengths in any order: each entry has the lowest free codeword.",
            1,
            lengths(&[3, 1, 4, 3, 4, 3], Form::Dense),
        ),
        changed("lengths_sparse", "Unused entries have no codeword.", 1, lengths(&[0, 2, 0, 1, 3, 0, 3], Form::Sparse)),
        changed("lengths_32", "A spine of codewords of up to 32 bits.", 1, |setup| {
            let lengths = (1..=32).chain([32]).collect();
            setup.codebooks[0] = Codebook { lengths, form: Form::Dense, ..Codebook::plain(2, 1) };
        }),
        changed("one_entry", "The one entry of a book takes a bit of any value.", 1, lengths(&[0, 1, 0], Form::Sparse)),
        changed("no_entries", "Reading a book of no entries ends the packet.", 1, lengths(&[0, 0], Form::Sparse)),
        changed("vectors_listed", "Vectors of their own.", 1, |setup| setup.codebooks[2] = listed(16, 2)),
        changed("vectors_in_sums", "Each scalar is added to the one before it, in a lattice.", 1, |setup| {
            if let Some(lookup) = &mut setup.codebooks[2].lookup {
                lookup.sequence = true;
            }
        }),
        changed("vectors_listed_in_sums", "The same in vectors of their own, of four scalars.", 1, |setup| {
            setup.codebooks[2] = listed(8, 4);
            if let Some(lookup) = &mut setup.codebooks[2].lookup {
                lookup.sequence = true;
            }
        }),
        changed("lattice_of_fewer", "More entries than combinations: the lattice is begun anew.", 1, |setup| {
            let lengths = vec![3, 3, 3, 3, 3, 4, 4, 4, 4, 3];
            let lookup = Codebook::plain(16, 2).with_lattice(3).lookup;
            setup.codebooks[2] = Codebook { lengths, form: Form::Dense, lookup, ..Codebook::plain(2, 2) };
        }),
    ]
}

pub(super) fn of_spectra() -> Vec<GoldenCase<Vorbis>> {
    let multiplied = |multiplier: u8| {
        move |setup: &mut Setup| {
            if let Floor::Points { multiplier: place, .. } = &mut setup.floors[0] {
                *place = multiplier;
            }
        }
    };
    let residue = |kind: u8, channels: u32| {
        move |setup: &mut Setup| (setup.residues[0].kind, setup.residues[0].end) = (kind, 64 * if kind == 2 { channels } else { 1 })
    };
    vec![
        changed("heights_1", "Heights of 256 steps.", 1, multiplied(1)),
        changed("heights_3", "Heights of 86 steps.", 1, multiplied(3)),
        changed("heights_4", "Heights of 64 steps.", 1, multiplied(4)),
        changed("points_of_classes", "Points whose books a master book chooses, some without a book.", 1, |setup| {
            if let Floor::Points { classes, .. } = &mut setup.floors[0] {
                (classes[0].subclass_bits, classes[0].master, classes[0].books) = (1, 1, vec![None, Some(0)]);
            }
        }),
        changed("no_points", "A floor of the two points at the ends.", 1, |setup| {
            setup.floors = vec![Floor::Points { partitions: vec![], classes: vec![], multiplier: 2, range_bits: 6, places: vec![] }];
        }),
        changed("floor_0_even", "The response of a filter of even order.", 1, |setup| response(setup, 6, false)),
        changed("floor_0_odd", "The response of a filter of odd order, from running sums.", 1, |setup| response(setup, 5, true)),
        changed("residue_0", "Vectors that are spread.", 1, residue(0, 1)),
        changed("residue_0_of_two", "The same in two channels.", 2, residue(0, 2)),
        changed("residue_1_of_two", "Vectors that are kept together, in two channels.", 2, residue(1, 2)),
        changed("residue_2", "Two channels woven into one.", 2, residue(2, 2)),
        changed("residue_2_of_three", "Three channels woven into one.", 3, residue(2, 3)),
        changed("residue_of_eight_passes", "Vectors in the first pass and in the last.", 1, |setup| {
            setup.codebooks.push(listed(8, 1));
            setup.residues[0].books[0][7] = Some(3);
            setup.residues[0].books[1][7] = Some(3);
        }),
        changed("residue_in_part", "Coefficients from 6 to 40 alone, in short blocks up to their end.", 1, |setup| {
            (setup.residues[0].begin, setup.residues[0].end) = (6, 40);
        }),
        changed("coupled", "A channel of magnitudes and one of angles.", 2, |setup| setup.mappings[0].coupling = vec![(0, 1)]),
        changed("coupled_turned", "The second channel has the magnitudes.", 2, |setup| setup.mappings[0].coupling = vec![(1, 0)]),
        changed("coupled_twice", "Pairs that share a channel: the last is made first.", 3, |setup| {
            setup.mappings[0].coupling = vec![(0, 1), (1, 2), (2, 0)];
        }),
        changed("submaps", "Channels of two floors and two residues, and another mapping for long blocks.", 3, |setup| {
            response(setup, 4, true);
            let points = Setup::plain(1).floors;
            setup.floors.extend(points);
            let other = spec::vorbis::write::Residue { kind: 0, ..setup.residues[0].clone() };
            setup.residues.push(other);
            setup.mappings[0] = Mapping { submaps: vec![(0, 0), (1, 1)], mux: vec![1, 0, 1], coupling: vec![(0, 2)] };
            setup.mappings.push(Mapping { submaps: vec![(1, 0)], mux: vec![0; 3], coupling: vec![] });
            setup.modes[1].mapping = 1;
        }),
    ]
}

pub(super) fn of_blocks() -> Vec<GoldenCase<Vorbis>> {
    let mut loud = Setup::plain(1);
    if let Some(lookup) = &mut loud.codebooks[2].lookup {
        (lookup.minimum, lookup.delta) = (packed(-3, 16), packed(1, 17));
    }
    let of = |setup: Setup, modes: &[usize], seed| Drawn::of(setup, modes, seed);
    let wide = |blocks: [u32; 2]| {
        let mut setup = Setup::plain(1);
        (setup.blocks, setup.residues[0].end) = (blocks, 1 << (blocks[1] - 1));
        setup
    };
    let mut passed_over = of(Setup::plain(1), &[0, 0, 0, 0, 0], 9);
    (passed_over.audio[1].0, passed_over.audio[3].0) = (vec![], vec![1, 3]);
    let mut cut = of(Setup::plain(2), &[1, 1, 1, 1, 1], 10);
    cut.audio.iter_mut().zip([200, 4, 9, 2, 200]).for_each(|((packet, _), length)| packet.truncate(length));
    let with = |change: fn(&mut Drawn)| {
        let mut drawn = of(Setup::plain(1), &[0, 0, 1, 0, 0], 11);
        change(&mut drawn);
        drawn
    };
    vec![
        stream("short_blocks", "Blocks of 64 samples alone.", &of(Setup::plain(1), &[0, 0, 0], 4)),
        stream("long_blocks", "Blocks of 128 samples alone.", &of(Setup::plain(1), &[1, 1, 1], 5)),
        stream("blocks_in_turn", "Every change from one size to the other.", &of(wide([6, 8]), &[0, 1, 0, 0, 1, 1, 0], 6)),
        stream("blocks_far_apart", "The shortest and the longest blocks.", &of(wide([6, 13]), &[0, 1, 0, 1, 1], 7)),
        stream("one_size", "Two sizes that are the same.", &of(wide([7, 7]), &[0, 1, 1, 0], 8)),
        stream("eight_channels", "As many channels as there may be.", &of(Setup::plain(8), &[0, 1, 0], 12)),
        stream("loud", "Samples beyond both ends are clamped.", &of(loud, &[0, 0, 0], 13)),
        stream("silent", "Packets of unused floors.", &{
            let mut drawn = of(Setup::plain(1), &[0, 0, 0], 14);
            drawn.audio.iter_mut().for_each(|(packet, _)| *packet = vec![0]);
            drawn
        }),
        stream("no_audio", "Packets that are empty or of another type are passed over.", &passed_over),
        stream("cut_packets", "Packets that end early are decoded as far as they go.", &cut),
        stream("no_packets", "Headers alone are a whole stream.", &of(Setup::plain(1), &[], 15)),
        stream("one_packet", "The first packet gives nothing.", &of(Setup::plain(1), &[0], 16)),
        stream(
            "starts_early",
            "What lies before place 0 is dropped.",
            &with(|drawn| {
                (drawn.layout.start, drawn.layout.segments) = (-20, 2);
            }),
        ),
        stream("starts_late", "A later start drops nothing.", &with(|drawn| (drawn.layout.start, drawn.layout.segments) = (5_000, 1))),
        stream("ends_early", "What lies behind the end is dropped.", &with(|drawn| drawn.layout.cut = 50)),
        stream("ends_at_0", "All of it lies behind the end.", &with(|drawn| drawn.layout.cut = 160)),
        stream("ends_late", "A later end adds nothing.", &with(|drawn| drawn.layout.cut = -10)),
        stream("pages_of_one_segment", "Packets that go on from page to page.", &with(|drawn| drawn.layout.segments = 1)),
        stream(
            "pages_of_others",
            "Pages of another stream between those of this one.",
            &with(|drawn| {
                (drawn.layout.foreign, drawn.layout.segments) = (true, 2);
            }),
        ),
    ]
}
