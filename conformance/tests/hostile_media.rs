//! Every golden's stream cut at each byte and with each bit turned: model and implementation give the same frames and the same code.

use conformance::fuzz::hold;
use conformance::suite::Suite;
use spec::apng::{Apng, SIGNATURE, bytes, chunks};
use spec::decode::{Limits, Obs, Op, whole};
use spec::devices::Blob;
use spec::gif::{Gif, PartKind, parts};
use spec::mjpeg::{FoundKind, Mjpeg, find};
use spec::vorbis::Vorbis;
use spec::vorbis::write::{checksum, pages};
use spec::wav_stream::{WavStream, chunks as chunks_of_wav};
use spec::{Case, Contract};
use std::collections::BTreeSet;
use std::ops::Range;

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

/// A part of a stream: where it lies, and whether it is compressed data.
type Part = (Range<usize>, bool);

/// Turns each bit of the streams, but those of parts that another stream has, too, and of long compressed data all but the first bytes.
fn turns<C: Suite<Config = Limits, Op = Op, Obs = Obs>>(parts: fn(&[u8]) -> Vec<Part>) {
    let mut seen = BTreeSet::new();
    for stream in fixtures::<C>() {
        let mut is_turned = vec![true; stream.len()];
        for (part, is_data) in parts(&stream) {
            if is_data && stream.len() > SHORT_BYTES {
                is_turned[part].iter_mut().skip(2).for_each(|turned| *turned = false);
            } else if !is_data && !seen.insert(stream[part.clone()].to_vec()) {
                is_turned[part].fill(false);
            }
        }
        let places = (0..stream.len()).filter(|place| is_turned[*place]);
        places.flat_map(|place| (0..8).map(move |bit| place * 8 + bit)).for_each(|bit| held::<C>(&turned(&stream, bit)));
    }
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
fn mjpeg_streams_are_cut_at_every_byte() {
    cuts::<Mjpeg>();
}

#[test]
fn wav_streams_are_cut_at_every_byte() {
    cuts::<WavStream>();
}

#[test]
fn vorbis_streams_are_cut_at_every_byte() {
    cuts::<Vorbis>();
}

#[test]
fn every_bit_of_gif_headers_is_turned() {
    turns::<Gif>(|stream| parts(stream).into_iter().map(|part| (part.bytes, part.kind == PartKind::Data)).collect());
}

#[test]
fn every_bit_of_mjpeg_headers_is_turned() {
    turns::<Mjpeg>(|stream| find(stream).into_iter().map(|part| (part.bytes, part.kind == FoundKind::Data)).collect());
}

#[test]
fn every_bit_of_wav_headers_is_turned() {
    turns::<WavStream>(|stream| chunks_of_wav(stream).into_iter().map(|chunk| (chunk.content, chunk.name == *b"data")).collect());
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

/// Streams whose headers of pages are turned: they differ in lengths alone.
const PAGED: usize = 4;

#[test]
fn every_bit_of_vorbis_headers_is_turned() {
    let mut seen = BTreeSet::new();
    for (number, stream) in fixtures::<Vorbis>().into_iter().enumerate() {
        let mut start = 0;
        // The three headers lie on two pages.
        for page in pages(&stream).0.into_iter().take(2) {
            let bytes = page.bytes();
            let header_bytes = bytes.len() - page.body.len();
            for place in 0..bytes.len() {
                // Many headers begin alike, and are turned once as far as they do.
                let is_turned =
                    if place < header_bytes { number < PAGED } else { seen.insert(page.body[..=place - header_bytes].to_vec()) };
                for bit in (0..8).filter(|_| is_turned) {
                    let mut changed = turned(&stream, 8 * (start + place) + bit);
                    // As it stands, which the checksum finds, and below a checksum that is right again.
                    if place < header_bytes {
                        held::<Vorbis>(&changed);
                    }
                    let page = &mut changed[start..start + bytes.len()];
                    page[22..26].fill(0);
                    let right = checksum(page).to_le_bytes();
                    page[22..26].copy_from_slice(&right);
                    held::<Vorbis>(&changed);
                }
            }
            start += bytes.len();
        }
    }
}
