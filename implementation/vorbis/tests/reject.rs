//! Every bound is met from outside: the reason is the documented one, and the decoder is in a defined state.

mod common;

use common::{LAYOUT, book, decode, file, lookup, points, setup};
use spec::vorbis::Reject::{self, MalformedVorbis, OversizedInput, OversizedOutput, UnsupportedMedia};
use spec::vorbis::write::{Codebook, Floor, Form, Setup};
use spec::vorbis::{
    VORBIS_CHANNELS_MAX, VORBIS_CODEBOOK_DIMENSIONS_MAX, VORBIS_CODEBOOK_ENTRIES_MAX, VORBIS_COMMENT_BYTES_MAX, VORBIS_PACKET_BYTES_MAX,
    VORBIS_RATE_HZ_MAX,
};
use vorbis::Decoder;

/// The reason why a file is rejected, after a look at its explanation and at the decoder that rejected it.
fn reject(bytes: &[u8]) -> Option<Reject> {
    let mut decoder = Decoder::default();
    let (_, result) = decode(&mut decoder, bytes, 1_000);
    let error = result.err()?;
    let text = error.to_string();
    assert!(text.starts_with(error.reject().code().name()) && text.contains("; ") && text.len() < 240, "{text}");
    // Nothing more comes, and a restart makes the decoder as good as new.
    assert_eq!(decoder.feed(b"OggS"), Err(error));
    assert_eq!(decoder.next_block(), Err(error));
    assert_eq!(decoder.finish(), Err(error));
    decoder.restart();
    let valid = file(&setup(), &[vec![0; 1], vec![0; 1]]);
    assert_eq!(decode(&mut decoder, &valid, 7), (vec![0; 32], Ok(())));
    Some(error.reject())
}

fn reject_setup(change: impl Fn(&mut Setup)) -> Option<Reject> {
    let mut changed = setup();
    change(&mut changed);
    reject(&file(&changed, &[]))
}

#[test]
fn test_reject_vorbis_channels_over_max() {
    assert_eq!(reject_setup(|setup| setup.channels = VORBIS_CHANNELS_MAX as u8), None);
    assert_eq!(reject_setup(|setup| setup.channels = VORBIS_CHANNELS_MAX as u8 + 1), Some(UnsupportedMedia));
    assert_eq!(reject_setup(|setup| setup.channels = 255), Some(UnsupportedMedia));
}

#[test]
fn test_reject_vorbis_rate_over_max() {
    assert_eq!(reject_setup(|setup| setup.rate = VORBIS_RATE_HZ_MAX), None);
    assert_eq!(reject_setup(|setup| setup.rate = VORBIS_RATE_HZ_MAX + 1), Some(UnsupportedMedia));
    assert_eq!(reject_setup(|setup| setup.rate = u32::MAX), Some(UnsupportedMedia));
}

#[test]
fn test_reject_vorbis_packet_over_max() {
    let with = |bytes: usize| reject(&file(&setup(), &[vec![0; 1], vec![0; bytes]]));
    assert_eq!(with(VORBIS_PACKET_BYTES_MAX as usize), None);
    assert_eq!(with(VORBIS_PACKET_BYTES_MAX as usize + 1), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_comment_over_max() {
    let with = |bytes: usize| {
        let mut comment = Setup::comment();
        comment.resize(bytes, 0);
        let headers = [setup().identification(), comment, setup().write()];
        reject(&spec::vorbis::write::file(headers.each_ref().map(Vec::as_slice), &[], LAYOUT))
    };
    assert_eq!(with(VORBIS_PACKET_BYTES_MAX as usize + 1), None);
    assert_eq!(with(VORBIS_COMMENT_BYTES_MAX as usize), None);
    assert_eq!(with(VORBIS_COMMENT_BYTES_MAX as usize + 1), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_codebook_entries_over_max() {
    let max = VORBIS_CODEBOOK_ENTRIES_MAX as usize;
    assert_eq!(reject_setup(|setup| setup.codebooks.push(book(max, 1))), None);
    assert_eq!(reject_setup(|setup| setup.codebooks.push(book(2 * max, 1))), Some(OversizedInput));
    // The most that the field holds, in few bytes.
    let hostile = Codebook { lengths: vec![24; (1 << 24) - 1], ..book(2, 1) };
    assert_eq!(reject_setup(|setup| setup.codebooks.push(hostile.clone())), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_codebook_dimensions_over_max() {
    let max = VORBIS_CODEBOOK_DIMENSIONS_MAX as u16;
    assert_eq!(reject_setup(|setup| setup.codebooks.push(book(2, max))), None);
    assert_eq!(reject_setup(|setup| setup.codebooks.push(book(2, max + 1))), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_setup_entries_over_max() {
    let max = VORBIS_CODEBOOK_ENTRIES_MAX as usize;
    // The first book has one entry, so that four of the largest are too many together.
    assert_eq!(reject_setup(|setup| setup.codebooks.extend(vec![book(max, 1); 3])), None);
    assert_eq!(reject_setup(|setup| setup.codebooks.extend(vec![book(max, 1); 4])), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_setup_scalars_over_max() {
    // 65,536 entries of 16 dimensions are 1,048,576 scalars, from lists of two values.
    let big = Codebook { lookup: lookup(2), ..book(65_536, 16) };
    let one = Codebook { lookup: lookup(1), ..book(1, 1) };
    assert_eq!(reject_setup(|setup| setup.codebooks.push(big.clone())), None);
    assert_eq!(reject_setup(|setup| setup.codebooks.extend([big.clone(), one.clone()])), Some(OversizedInput));
}

#[test]
fn test_reject_vorbis_codeword_over_max() {
    // A spine of codewords of 1 to 32 bits, the longest twice.
    let spine = |longest: u8| (1..=longest).chain([longest]).collect::<Vec<u8>>();
    let with = |longest: u8| reject_setup(|setup| setup.codebooks.push(Codebook { lengths: spine(longest), ..book(2, 1) }));
    assert_eq!(with(32), None);
    assert_eq!(with(33), Some(MalformedVorbis));
}

#[test]
fn test_reject_vorbis_floor1_points_over_max() {
    assert_eq!(reject_setup(|setup| setup.floors = vec![points(63)]), None);
    assert_eq!(reject_setup(|setup| setup.floors = vec![points(64)]), Some(MalformedVorbis));
}

#[test]
fn test_reject_vorbis_floor0_amplitude_over_max() {
    let with = |amplitude_bits: u32| {
        reject_setup(|setup| {
            setup.codebooks.push(Codebook { lookup: lookup(1), ..book(1, 1) });
            let (order, rate, map_size, amplitude_offset) = (1, 8_000, 4, 100);
            setup.floors = vec![Floor::Response { order, rate, map_size, amplitude_bits, amplitude_offset, books: vec![1] }];
        })
    };
    assert_eq!((with(1), with(32)), (None, None));
    assert_eq!((with(33), with(63)), (Some(OversizedInput), Some(OversizedInput)));
    assert_eq!(with(0), Some(MalformedVorbis));
}

#[test]
fn test_reject_vorbis_decoded_over_max() {
    let valid = file(&setup(), &vec![vec![0; 1]; 4]);
    for (max, frames, expected) in [(192, 96, None), (191, 64, Some(OversizedOutput)), (63, 0, Some(OversizedOutput))] {
        let (samples, result) = decode(&mut Decoder::new(max), &valid, 50);
        assert_eq!((samples.len(), result.err().map(|error| error.reject())), (frames, expected));
    }
}

#[test]
fn trees_with_no_room_or_with_room_left_are_malformed() {
    let with = |lengths: &[u8], form: Form| {
        let book = Codebook { lengths: lengths.to_vec(), form, ..book(2, 1) };
        reject_setup(|setup| setup.codebooks.push(book.clone()))
    };
    assert_eq!(with(&[2, 1, 3, 3], Form::Dense), None);
    assert_eq!(with(&[0, 2, 1, 0, 3, 3], Form::Sparse), None);
    assert_eq!(with(&[0, 0], Form::Sparse), None);
    assert_eq!(with(&[0, 1], Form::Sparse), None);
    for lengths in [&[1, 1, 1][..], &[2, 2, 2], &[1, 2], &[0, 2], &[3, 1, 1], &[32, 32]] {
        assert_eq!(with(lengths, Form::Sparse), Some(MalformedVorbis), "{lengths:?}");
    }
}
