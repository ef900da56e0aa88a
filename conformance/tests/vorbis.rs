//! The decoder of Ogg Vorbis beside its reference: the same samples, bit for bit, and the same reasons for rejection.

use conformance::suite::Suite;
use spec::devices::Blob;
use spec::gif::DECODE_TOTAL_BYTES_MAX;
use spec::vorbis::write::{Page, draw_file, draw_stream, pages, read};
use spec::vorbis::{Op, Reject, StreamInfo, Vorbis};
use spec::{Case, Entropy, SplitMix64};
use std::collections::BTreeSet;
use vorbis::{Decoder, STEPS_PER_PI, Transform, VorbisError, slope, turn};

type Answer = (Option<StreamInfo>, Vec<Vec<i16>>, Option<Reject>);

fn model(file: &[u8], max: u64) -> Answer {
    let decoded = model::vorbis::decode_within(file, max);
    (decoded.info, decoded.blocks, decoded.reject)
}

fn implementation(file: &[u8], piece: usize, max: u64) -> Answer {
    let mut decoder = Decoder::new(max);
    let mut blocks = Vec::new();
    let mut all = || -> Result<(), VorbisError> {
        for piece in file.chunks(piece) {
            let mut rest = piece;
            while !rest.is_empty() {
                let taken = decoder.feed(rest)?;
                rest = &rest[taken..];
                while let Some(block) = decoder.next_block()? {
                    blocks.push(block.to_vec());
                }
            }
        }
        decoder.finish()
    };
    let reject = all().err().map(|error| error.reject());
    (decoder.info(), blocks, reject)
}

#[test]
fn drawn_files_give_the_same() {
    let mut met = BTreeSet::new();
    for seed in 0..3_000 {
        let source = &mut SplitMix64::new(seed);
        let file = draw_file(source);
        let piece = 1 + source.below(400) as usize;
        let max = if source.one_in(20) { source.below(20_000) } else { DECODE_TOTAL_BYTES_MAX };
        let expected = model(&file, max);
        met.insert(expected.2);
        assert!(implementation(&file, piece, max) == expected, "seed {seed}, pieces of {piece} bytes, at most {max} bytes");
    }
    assert_eq!(met.len(), 8, "the draws meet the end of a stream and every reason but that of memory: {met:?}");
}

#[test]
fn cut_and_flipped_files_give_the_same() {
    for seed in [2, 5] {
        let mut file = draw_stream(&mut SplitMix64::new(seed)).file();
        for cut in 0..file.len() {
            assert!(implementation(&file[..cut], 100, 1 << 30) == model(&file[..cut], 1 << 30), "seed {seed}, cut at {cut}");
        }
        for bit in 0..8 * file.len().min(120) {
            file[bit / 8] ^= 1 << (bit % 8);
            assert!(implementation(&file, 100, 1 << 30) == model(&file, 1 << 30), "seed {seed}, bit {bit}");
            file[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn transforms_of_every_size_give_the_same() {
    for exponent in 5..=12 {
        let source = &mut SplitMix64::new(exponent);
        let values: Vec<f32> = (0..1 << exponent).map(|_| source.between(-1 << 20, 1 << 20) as f32 / 1024.0).collect();
        let mut transformed = values.clone();
        Transform::new(values.len()).run(&mut transformed);
        assert_eq!(transformed, model::vorbis::dct_iv(&values), "size 2^{exponent}");
    }
}

#[test]
fn every_cosine_and_every_slope_is_the_nearest() {
    for step in 0..2 * STEPS_PER_PI {
        let expected = (model::vorbis::cos_pi(step, STEPS_PER_PI), model::vorbis::sin_pi(step, STEPS_PER_PI));
        assert_eq!(turn(step), expected, "step {step}");
    }
    for overlap in (5..=12).map(|exponent| 1 << exponent) {
        let expected: Vec<f32> = (0..overlap).map(|i| model::vorbis::window(i, overlap)).collect();
        assert_eq!(slope(overlap), expected, "an overlap of {overlap}");
    }
}

#[test]
fn every_turn_of_every_size_is_the_nearest() {
    // One coefficient at a time shows the turns alone: each value that leaves the transform is a product of a few of them.
    for exponent in [5, 8, 12] {
        let size = 1 << exponent;
        let mut transform = Transform::new(size);
        for place in (0..size).step_by(1 + size / 64) {
            let mut values = vec![0.0; size];
            values[place] = 1.0;
            let expected = model::vorbis::dct_iv(&values);
            transform.run(&mut values);
            assert_eq!(values, expected, "size 2^{exponent}, place {place}");
        }
    }
}

#[test]
fn files_of_the_common_encoder_give_the_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../implementation/vorbis/tests/fixtures");
    let files = std::fs::read_dir(folder).expect("the fixtures").flatten().map(|entry| entry.path());
    let mut compared = 0;
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "ogg")) {
        let file = std::fs::read(&path).expect("a file");
        let expected = model(&file, 1 << 30);
        assert_eq!(expected.2, None, "{}", path.display());
        assert!(implementation(&file, 777, 1 << 30) == expected, "{}", path.display());
        // Its headers take thousands of bytes, which every decoder of a cut file reads: not every cut, but some of every part.
        for cut in (0..file.len()).step_by(97) {
            assert!(implementation(&file[..cut], 100, 1 << 30) == model(&file[..cut], 1 << 30), "{}, cut at {cut}", path.display());
        }
        compared += 1;
    }
    assert_eq!(compared, 7);
}

/// What goldens feed, each stream once; what is longer is about bounds alone.
fn fixtures() -> BTreeSet<Vec<u8>> {
    let fed = |case: &Case<Vorbis>| {
        let chunks = case.ops.iter().filter_map(|op| match op {
            Op::Feed(Blob(bytes)) => Some(bytes.as_slice()),
            _ => None,
        });
        chunks.collect::<Vec<_>>().concat()
    };
    let streams = Vorbis::goldens().iter().map(|golden| fed(&golden.case)).collect::<BTreeSet<_>>();
    let small = |stream: &Vec<u8>| {
        let entries = read(stream).map_or(0, |read| read.setup.codebooks.iter().map(|book| book.lengths.len()).sum::<usize>());
        !stream.is_empty() && stream.len() < 4_096 && entries < 4_096
    };
    streams.into_iter().filter(small).collect()
}

#[test]
fn every_golden_cut_at_every_byte_gives_the_same() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 60, "{} fixtures", fixtures.len());
    for stream in fixtures {
        for cut in 0..stream.len() {
            assert!(implementation(&stream[..cut], 100, 1 << 30) == model(&stream[..cut], 1 << 30), "cut at {cut} of {stream:?}");
        }
    }
}

#[test]
fn every_golden_with_every_bit_of_its_headers_turned_gives_the_same() {
    let mut met = BTreeSet::new();
    for stream in fixtures() {
        let (found, rest) = pages(&stream);
        let header_pages = read(&stream).map_or(found.len().min(3), |read| read.header_pages);
        let mut held = |file: &[u8], what: &str| {
            let expected = model(file, 1 << 30);
            assert!(implementation(file, 1_000, 1 << 30) == expected, "{what} of {stream:?}");
            met.insert(expected.2);
        };
        // In the bytes as they are, which a checksum guards, and in what the pages hold.
        for bit in 0..8 * 58.min(stream.len()) {
            let mut file = stream.clone();
            file[bit / 8] ^= 1 << (bit % 8);
            held(&file, &format!("bit {bit}"));
        }
        for page in 0..header_pages {
            for bit in 0..8 * found[page].body.len() {
                let mut changed = found.clone();
                changed[page].body[bit / 8] ^= 1 << (bit % 8);
                let file = [changed.iter().flat_map(Page::bytes).collect(), rest.to_vec()].concat();
                held(&file, &format!("bit {bit} of page {page}"));
            }
        }
    }
    assert!(met.len() >= 6, "{met:?}");
}
