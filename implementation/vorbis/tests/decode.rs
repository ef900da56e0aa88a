//! What a decoder gives does not depend on how its input is cut, and is the same on every processor.

mod common;

use common::{decode, file, setup};
use sha2::{Digest, Sha256};
use spec::SplitMix64;
use spec::vorbis::Reject;
use spec::vorbis::write::{draw_file, draw_stream};
use vorbis::Decoder;

#[test]
fn pieces_of_any_size_give_the_same() {
    for seed in 0..60 {
        let bytes = draw_file(&mut SplitMix64::new(seed));
        let whole = decode(&mut Decoder::default(), &bytes, bytes.len().max(1));
        for piece in [1, 2, 27, 300] {
            assert_eq!(decode(&mut Decoder::default(), &bytes, piece), whole, "seed {seed}, pieces of {piece} bytes");
        }
    }
}

#[test]
fn a_file_that_is_cut_anywhere_gives_what_lies_before_the_cut() {
    let bytes = draw_stream(&mut SplitMix64::new(3)).file();
    let (all, result) = decode(&mut Decoder::default(), &bytes, 999);
    assert_eq!(result, Ok(()));
    for cut in 0..bytes.len() {
        let (samples, result) = decode(&mut Decoder::default(), &bytes[..cut], 64);
        assert!(all.starts_with(&samples));
        assert!(result.err().is_none_or(|error| error.reject() == Reject::TruncatedOgg), "cut at {cut}");
    }
}

#[test]
fn the_samples_are_those_of_every_other_processor() {
    let mut digest = Sha256::new();
    for seed in 0..200 {
        let (samples, _) = decode(&mut Decoder::default(), &draw_stream(&mut SplitMix64::new(seed)).file(), 4_096);
        samples.iter().for_each(|sample| digest.update(sample.to_le_bytes()));
    }
    let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "10a05a09b54d31ef68fc013fed5620fc38638638d354305bff7cbb76388452d9");
}

#[test]
fn packets_that_are_no_audio_are_passed_over() {
    // An empty packet, one of another type, and one of a header's type between two of audio.
    let silent = vec![0; 1];
    let bytes = file(&setup(), &[silent.clone(), vec![], vec![1], vec![3, 9], silent]);
    let (samples, result) = decode(&mut Decoder::default(), &bytes, 100);
    assert_eq!((samples, result), (vec![0; 32], Ok(())));
}
