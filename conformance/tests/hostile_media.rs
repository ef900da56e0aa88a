//! Every golden's stream cut at each byte and with each bit turned: model and implementation give the same frames and the same code.

use conformance::fuzz::hold;
use conformance::suite::Suite;
use spec::apng::{Apng, SIGNATURE, bytes, chunks};
use spec::decode::{Limits, Obs, Op, whole};
use spec::devices::Blob;
use spec::gif::{Gif, PartKind, parts};
use spec::{Case, Contract};
use std::collections::BTreeSet;

/// Pulls of each changed stream: no golden has more frames, but for those of bounds.
const PULLS: usize = 8;

/// Streams up to this length have every bit turned, longer ones those of their headers.
const SHORT_BYTES: usize = 512;

/// Streams up to this length are fixtures; what is longer is about lengths alone.
const FIXTURE_BYTES: usize = 16_384;

/// What goldens feed, each stream once.
fn fixtures<C: Suite<Config = Limits, Op = Op, Obs = Obs>>() -> BTreeSet<Vec<u8>> {
    let fed = |case: &Case<C>| {
        let chunks = case.ops.iter().filter_map(|op| match op {
            Op::Feed(Blob(bytes)) => Some(bytes.as_slice()),
            _ => None,
        });
        chunks.collect::<Vec<_>>().concat()
    };
    C::goldens().iter().map(|golden| fed(&golden.case)).filter(|stream| !stream.is_empty() && stream.len() <= FIXTURE_BYTES).collect()
}

/// Holds a stream, with and without its end.
fn held<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(stream: &[u8]) {
    // A turned bit may make a picture large, which costs time and shows nothing more.
    let config = Limits { pixels: 1 << 16, ..Limits::default() };
    let mut ops = whole(stream, PULLS);
    hold::<C>(&Case { config: config.clone(), ops: ops.clone() });
    ops.retain(|op| *op != Op::End);
    hold::<C>(&Case { config, ops });
}

fn cuts<C: Suite<Config = Limits, Op = Op, Obs = Obs> + Contract>() {
    let fixtures = fixtures::<C>();
    assert!(fixtures.len() > 40, "{} has {} fixtures", C::NAME, fixtures.len());
    for stream in fixtures {
        (0..stream.len()).for_each(|cut| held::<C>(&stream[..cut]));
    }
}

fn turned(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

#[test]
fn gif_streams_are_cut_at_every_byte() {
    cuts::<Gif>();
}

#[test]
fn apng_streams_are_cut_at_every_byte() {
    cuts::<Apng>();
}

#[test]
fn every_bit_of_gif_headers_is_turned() {
    for stream in fixtures::<Gif>() {
        let all = |_: &usize| stream.len() <= SHORT_BYTES;
        let headers: Vec<_> = parts(&stream)
            .into_iter()
            .map(|part| if part.kind == PartKind::Data { part.bytes.start..part.bytes.start + 2 } else { part.bytes })
            .collect();
        let places = (0..stream.len()).filter(|place| all(place) || headers.iter().any(|header| header.contains(place)));
        places.flat_map(|place| (0..8).map(move |bit| place * 8 + bit)).for_each(|bit| held::<Gif>(&turned(&stream, bit)));
    }
}

#[test]
fn every_bit_of_apng_headers_is_turned() {
    for stream in fixtures::<Apng>() {
        // As they stand, which a CRC finds but for lengths and signature.
        (0..8 * stream.len().min(SHORT_BYTES)).for_each(|bit| held::<Apng>(&turned(&stream, bit)));
        // And below a CRC that is right again. What is no whole chunk has none.
        let found = chunks(&stream);
        if !stream.starts_with(&SIGNATURE) {
            continue;
        }
        for (place, chunk) in found.iter().enumerate() {
            let data = matches!(&chunk.name, b"IDAT" | b"fdAT") && stream.len() > SHORT_BYTES;
            let content = if data { chunk.bytes.len().min(16) } else { chunk.bytes.len() };
            for bit in 0..8 * (4 + content) {
                let mut changed = found.clone();
                if bit < 32 {
                    changed[place].name[bit / 8] ^= 1 << (bit % 8);
                } else {
                    changed[place].bytes = turned(&chunk.bytes, bit - 32);
                }
                held::<Apng>(&bytes(&changed));
            }
        }
    }
}
