//! Draws of streams: mostly valid ones that use every feature, and hostile ones made of them.

use super::{Class, Codebook, Floor, Form, Layout, Lookup, Mapping, Mode, Residue, Setup, draw_packet, file, packed};
use crate::entropy::{Entropy, pick};
use alloc::vec;
use alloc::vec::Vec;

/// A valid stream before it is put into pages.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// What the headers say.
    pub setup: Setup,
    /// The audio packets, with the frames that each finishes.
    pub audio: Vec<(Vec<u8>, i64)>,
    /// How they lie in pages.
    pub layout: Layout,
}

impl Drawn {
    /// The file.
    pub fn file(&self) -> Vec<u8> {
        let headers = [self.setup.identification(), Setup::comment(), self.setup.write()];
        file(headers.each_ref().map(Vec::as_slice), &self.audio, self.layout)
    }
}

/// A file: a valid one, one with a few bits of its packets changed, or one with bytes changed, cut or left out.
pub fn draw_file(source: &mut dyn Entropy) -> Vec<u8> {
    let drawn = draw_stream(source);
    spoil(drawn, source)
}

/// The file of a stream, often with something wrong: see [`draw_file`].
pub fn spoil(mut drawn: Drawn, source: &mut dyn Entropy) -> Vec<u8> {
    match source.below(4) {
        0 | 1 => drawn.file(),
        2 => {
            let mut headers = [drawn.setup.identification(), Setup::comment(), drawn.setup.write()];
            for _ in 0..1 + source.below(3) {
                let packet = match source.below(4) {
                    0 => &mut headers[source.below(3) as usize],
                    1 => &mut headers[2],
                    _ if drawn.audio.is_empty() => &mut headers[2],
                    _ => {
                        let index = source.below(drawn.audio.len() as u64) as usize;
                        &mut drawn.audio[index].0
                    }
                };
                damage(packet, source);
            }
            file(headers.each_ref().map(Vec::as_slice), &drawn.audio, drawn.layout)
        }
        _ => {
            let mut file = drawn.file();
            damage(&mut file, source);
            file
        }
    }
}

/// Changes a bit, cuts, or leaves out a few bytes.
fn damage(bytes: &mut Vec<u8>, source: &mut dyn Entropy) {
    let at = source.below(bytes.len() as u64 + 1) as usize;
    match source.below(4) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..(at + 1 + source.below(8) as usize).min(bytes.len()).max(at))),
        _ => {
            let bit = source.below(8);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
    }
}

/// A valid stream.
pub fn draw_stream(source: &mut dyn Entropy) -> Drawn {
    let setup = draw_setup(source);
    // What a packet costs grows with its channels; several short streams of many show more than a long one.
    let count = source.below(if setup.channels > 3 { 6 } else { 12 }) as usize;
    let modes: Vec<usize> = (0..count).map(|_| source.below(setup.modes.len() as u64) as usize).collect();
    let long = |index: usize| modes.get(index).is_some_and(|mode| setup.modes[*mode].long);
    let mut audio = Vec::new();
    for (index, mode) in modes.iter().enumerate() {
        let neighbours = [index > 0 && long(index - 1), long(index + 1)];
        let mut packet = draw_packet(&setup, *mode, neighbours, source);
        if source.one_in(8) {
            // A packet may end anywhere behind its mode.
            packet.truncate((2 + source.below(packet.len() as u64) as usize).min(packet.len()));
        }
        let quarter = |index: usize| 1_i64 << (setup.blocks[usize::from(long(index))] - 2);
        audio.push((packet, if index == 0 { 0 } else { quarter(index - 1) + quarter(index) }));
    }
    let layout = Layout {
        serial: source.bits() as u32,
        segments: pick(source, [255, 255, 40, 7, 2, 1]),
        start: if source.one_in(4) { source.between(-40, 100_000) } else { 0 },
        cut: if source.one_in(3) { source.between(-10, 600) } else { 0 },
        foreign: source.one_in(8),
    };
    Drawn { setup, audio, layout }
}

fn draw_setup(source: &mut dyn Entropy) -> Setup {
    let channels = pick(source, [1, 2, 2, 3, 6, 8]);
    // Small blocks mostly: they go the same ways as large ones, of which the domains and goldens have every size.
    let short = pick(source, [6, 6, 7, 6, 6, 8]);
    let blocks = [short, short + pick(source, [0, 1, 0, 1, 2])];
    let mut setup = Setup {
        channels,
        rate: pick(source, [8_000, 44_100, 48_000, 1, 192_000]),
        blocks,
        codebooks: vec![scalar_book(source, 1), scalar_book(source, 1)],
        floors: Vec::new(),
        residues: Vec::new(),
        mappings: Vec::new(),
        modes: Vec::new(),
    };
    for _ in 0..1 + source.below(3) {
        let floor = if source.one_in(3) { draw_response(&mut setup, source) } else { draw_points(&setup, source) };
        setup.floors.push(floor);
    }
    for _ in 0..1 + source.below(3) {
        let residue = draw_residue(&mut setup, source);
        setup.residues.push(residue);
    }
    for _ in 0..1 + source.below(2) {
        let submaps: Vec<(u8, u8)> = (0..1 + source.below(3))
            .map(|_| (source.below(setup.floors.len() as u64) as u8, source.below(setup.residues.len() as u64) as u8))
            .collect();
        let mux = (0..channels).map(|_| source.below(submaps.len() as u64) as u8).collect();
        let steps = if channels > 1 { source.below(3) } else { 0 };
        let coupling = (0..steps)
            .map(|_| {
                let magnitude = source.below(u64::from(channels)) as u8;
                (magnitude, (magnitude + 1 + source.below(u64::from(channels) - 1) as u8) % channels)
            })
            .collect();
        setup.mappings.push(Mapping { submaps, mux, coupling });
    }
    for _ in 0..1 + source.below(4) {
        setup.modes.push(Mode { long: source.one_in(2), mapping: source.below(setup.mappings.len() as u64) as u8 });
    }
    setup
}

/// Lengths of the leaves of a full tree: a bushy one, or one with a long spine.
fn draw_lengths(entries: usize, source: &mut dyn Entropy) -> Vec<u8> {
    let mut lengths = vec![if entries == 1 { 1 } else { 0 }];
    let spine = source.one_in(3);
    while lengths.len() < entries {
        let last = lengths.len() - 1;
        let leaf = if spine && lengths[last] < 31 { last } else { source.below(lengths.len() as u64) as usize };
        if lengths[leaf] >= 31 {
            break;
        }
        lengths[leaf] += 1;
        let length = lengths[leaf];
        lengths.insert(leaf, length);
    }
    // A tree that ran out of depth is filled up where there is room.
    while lengths.len() < entries {
        let leaf = (0..lengths.len()).min_by_key(|leaf| lengths[*leaf]).unwrap_or(0);
        lengths[leaf] += 1;
        lengths.push(lengths[leaf]);
    }
    lengths
}

fn draw_book(entries: usize, dimensions: u16, source: &mut dyn Entropy) -> Codebook {
    let mut lengths = draw_lengths(entries, source);
    let form = pick(source, [Form::Dense, Form::Ordered, Form::Sparse]);
    match form {
        Form::Ordered => lengths.sort_unstable(),
        Form::Dense => {}
        // An entry keeps its number where the unused ones come last.
        Form::Sparse => lengths.extend((0..source.below(4)).map(|_| 0)),
    }
    Codebook { dimensions, lengths, form, lookup: None }
}

fn scalar_book(source: &mut dyn Entropy, dimensions: u16) -> Codebook {
    let entries = 1 + source.below(50) as usize;
    draw_book(entries, dimensions, source)
}

/// A book of vectors whose scalars lie around 0; the step between two is given as mantissa and exponent.
fn vector_book(dimensions: u16, (step, exponent): (i32, i32), source: &mut dyn Entropy) -> Codebook {
    let entries = 1 + source.below(40) as usize;
    let mut book = draw_book(entries, dimensions, source);
    let count = book.lengths.len();
    let kind = pick(source, [1, 2]);
    let values = if kind == 1 { Codebook::lattice_values(count, dimensions) } else { count * usize::from(dimensions) };
    let value_bits = 1 + source.below(5) as u32;
    let multiplicands = (0..values).map(|_| source.below(1 << value_bits) as u16).collect();
    let minimum = packed(-(step << value_bits) / 2, exponent);
    book.lookup = Some(Lookup { kind, minimum, delta: packed(step, exponent), value_bits, sequence: source.one_in(4), multiplicands });
    book
}

fn draw_response(setup: &mut Setup, source: &mut dyn Entropy) -> Floor {
    let books = (0..1 + source.below(2))
        .map(|_| {
            let dimensions = pick(source, [1, 2, 3, 4]);
            // Coefficients are angles, of up to about 3.
            let mut book = vector_book(dimensions, (3, -4), source);
            if let Some(lookup) = book.lookup.as_mut().filter(|_| source.one_in(2)) {
                // Angles that ascend by a tenth or so, as those of a filter that could be real.
                lookup.minimum = packed(3, -5);
                lookup.delta = packed(1, -4 - lookup.value_bits as i32);
                lookup.sequence = true;
            }
            setup.codebooks.push(book);
            setup.codebooks.len() as u8 - 1
        })
        .collect();
    Floor::Response {
        order: 1 + source.below(12) as u8,
        rate: pick(source, [44_100, 8_000, 65_535, 1]),
        map_size: pick(source, [64, 256, 1, 1_000]),
        amplitude_bits: pick(source, [6, 8, 1, 32]),
        amplitude_offset: pick(source, [100, 140, 60]),
        books,
    }
}

fn draw_points(setup: &Setup, source: &mut dyn Entropy) -> Floor {
    let books = setup.codebooks.len() as u64;
    let classes: Vec<Class> = (0..1 + source.below(3))
        .map(|_| {
            let subclass_bits = source.below(4) as u32;
            let chosen = (0..1 << subclass_bits).map(|_| if source.one_in(4) { None } else { Some(source.below(books) as u8) }).collect();
            Class { dimensions: 1 + source.below(8) as u8, subclass_bits, master: source.below(books) as u8, books: chosen }
        })
        .collect();
    let range_bits = pick(source, [7, 6, 9, 15]);
    let mut partitions = Vec::new();
    let mut places: Vec<u16> = Vec::new();
    for _ in 0..source.below(8) {
        let class = source.below(classes.len() as u64) as u8;
        if places.len() + usize::from(classes[usize::from(class)].dimensions) > 60 {
            break;
        }
        partitions.push(class);
        for _ in 0..classes[usize::from(class)].dimensions {
            // The next free place from a drawn one on; 0 is taken.
            let mut place = 1 + source.below((1 << range_bits) - 1) as u16;
            while places.contains(&place) {
                place = place % ((1 << range_bits) - 1) + 1;
            }
            places.push(place);
        }
    }
    // Only the classes up to the highest in use are written.
    let written = partitions.iter().max().map_or(0, |highest| usize::from(*highest) + 1);
    let classes = classes[..written].to_vec();
    Floor::Points { partitions, classes, multiplier: 1 + source.below(4) as u8, range_bits, places }
}

fn draw_residue(setup: &mut Setup, source: &mut dyn Entropy) -> Residue {
    let partition = pick(source, [8_u16, 16, 12, 24, 2]);
    let classes = 1 + source.below(4) as usize;
    let group = 1 + source.below(3) as u32;
    let entries = classes.pow(group) + source.below(3) as usize;
    setup.codebooks.push(draw_book(entries, group as u16, source));
    let classbook = setup.codebooks.len() as u8 - 1;
    let books = (0..classes)
        .map(|_| {
            let mut chosen = [None; 8];
            let passes = if source.one_in(5) { 8 } else { 2 };
            for (pass, place) in chosen.iter_mut().enumerate().take(passes) {
                if source.one_in(2) {
                    let divisors: Vec<u16> = (1..=partition).filter(|divisor| partition.is_multiple_of(*divisor)).collect();
                    let dimensions = divisors[source.below(divisors.len() as u64) as usize];
                    setup.codebooks.push(vector_book(dimensions, (1, -(pass as i32)), source));
                    *place = Some(setup.codebooks.len() as u8 - 1);
                }
            }
            chosen
        })
        .collect();
    let half = 1_u64 << (setup.blocks[1] - 1);
    let begin = if source.one_in(2) { 0 } else { source.below(40) as u32 };
    let end = begin + source.below(half * 2) as u32;
    Residue { kind: source.below(3) as u8, begin, end, partition: u32::from(partition), classbook, books }
}
