//! A small valid stream to start from, and how a whole file is decoded.
#![allow(dead_code, reason = "each test uses what it needs")]

use spec::vorbis::write::{Codebook, Floor, Form, Layout, Lookup, Mapping, Mode, Residue, Setup, packed};
use vorbis::{Decoder, VorbisError};

/// How the packets of these tests lie in pages.
pub const LAYOUT: Layout = Layout { serial: 7, segments: 255, start: 0, cut: 0, foreign: false };

/// One channel, one floor without partitions, one residue that codes nothing.
pub fn setup() -> Setup {
    Setup {
        channels: 1,
        rate: 48_000,
        blocks: [6, 6],
        codebooks: vec![book(1, 1)],
        floors: vec![points(0)],
        residues: vec![Residue { kind: 1, begin: 0, end: 0, partition: 2, classbook: 0, books: vec![[None; 8]] }],
        mappings: vec![Mapping { submaps: vec![(0, 0)], mux: vec![0; 8], coupling: Vec::new() }],
        modes: vec![Mode { long: false, mapping: 0 }],
    }
}

/// A book of so many entries, a power of two, with codewords of one length.
pub fn book(entries: usize, dimensions: u16) -> Codebook {
    let length = entries.ilog2().max(1) as u8;
    Codebook { dimensions, lengths: vec![length; entries], form: Form::Ordered, lookup: None }
}

/// The vectors of a book made of two values.
pub fn lookup(values: usize) -> Option<Lookup> {
    let multiplicands = vec![1; values];
    Some(Lookup { kind: 1, minimum: packed(-1, 0), delta: packed(1, 0), value_bits: 1, sequence: false, multiplicands })
}

/// A floor of type 1 with so many points besides the two implicit ones, at most eight in a partition.
pub fn points(count: u16) -> Floor {
    use spec::vorbis::write::Class;
    let class = |dimensions| Class { dimensions, subclass_bits: 0, master: 0, books: vec![None] };
    let partitions = [vec![0; usize::from(count / 8)], vec![1; usize::from(count % 8)]].concat();
    let classes = if count == 0 {
        Vec::new()
    } else if count.is_multiple_of(8) {
        vec![class(8)]
    } else {
        vec![class(8), class(1)]
    };
    Floor::Points { partitions, classes, multiplier: 1, range_bits: 8, places: (1..=count).collect() }
}

/// A file of these headers and of packets that finish 32 frames each but for the first.
pub fn file(setup: &Setup, packets: &[Vec<u8>]) -> Vec<u8> {
    let headers = [setup.identification(), Setup::comment(), setup.write()];
    let audio: Vec<(Vec<u8>, i64)> =
        packets.iter().enumerate().map(|(index, packet)| (packet.clone(), if index > 0 { 32 } else { 0 })).collect();
    spec::vorbis::write::file(headers.each_ref().map(Vec::as_slice), &audio, LAYOUT)
}

/// Feeds a file in pieces of so many bytes, and gives its samples up to the end or an error.
pub fn decode(decoder: &mut Decoder, file: &[u8], piece: usize) -> (Vec<i16>, Result<(), VorbisError>) {
    let mut samples = Vec::new();
    let mut all = || {
        for piece in file.chunks(piece) {
            let mut rest = piece;
            while !rest.is_empty() {
                let taken = decoder.feed(rest)?;
                rest = &rest[taken..];
                while let Some(block) = decoder.next_block()? {
                    samples.extend_from_slice(block);
                }
            }
        }
        decoder.finish()
    };
    let result = all();
    (samples, result)
}
