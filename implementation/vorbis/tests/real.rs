//! Files of the common encoder, beside what the format's reference decoder makes of them.
//!
//! `fixtures/*.ogg` are oggenc's, of sound that sox made: every quality from lowest to highest, short and long blocks, one to six
//! channels, 8 to 96 kHz. `fixtures/*.s16` is what oggdec gives, as raw samples. Both decoders round once from floats, so that
//! they may differ by one unit where a sum lies near a tie, and nowhere by more.

mod common;

use common::decode;
use std::fs;
use std::path::Path;
use vorbis::Decoder;

#[test]
fn samples_are_those_of_the_reference_decoder_but_for_one_unit() {
    let mut files = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for entry in fs::read_dir(folder).expect("the fixtures").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "ogg") {
            continue;
        }
        let (samples, result) = decode(&mut Decoder::default(), &fs::read(&path).expect("a file"), 1_000);
        assert_eq!(result, Ok(()), "{}", path.display());
        let expected = fs::read(path.with_extension("s16")).expect("what the reference decoder gives");
        let expected: Vec<i16> = expected.as_chunks::<2>().0.iter().map(|two| i16::from_le_bytes(*two)).collect();
        assert_eq!(samples.len(), expected.len(), "{}", path.display());
        let far = samples.iter().zip(&expected).position(|(sample, other)| sample.abs_diff(*other) > 1);
        assert_eq!(far, None, "{} differs there by more than one unit", path.display());
        let off = samples.iter().zip(&expected).filter(|(sample, other)| sample != other).count();
        // Both are within a hundredth of a unit of the true sum, so that few sums lie between.
        assert!(off * 50 <= samples.len(), "{}: {off} of {} samples are off", path.display(), samples.len());
        files += 1;
    }
    assert_eq!(files, 7);
}
