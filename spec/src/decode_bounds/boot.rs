//! The selftest of the decoders on a guest: files that the host makes for one boot, and puts into memory that both share.
//!
//! The guest is told nothing of them but their bytes, so that it can answer only by decoding them.

use super::Format;
use crate::challenge::CHALLENGE_BYTES;
use crate::decode::{Limits, Op, whole};
use crate::vorbis::write::draw_stream;
use crate::{SplitMix64, apng, gif, mjpeg, wav_stream};
use alloc::vec::Vec;

/// The part of an answer that tells what the decoders gave.
pub const PART: &str = "media.decode";

/// Packets that are pulled of each file, at most.
pub const PACKETS: usize = 12;

/// The files of a challenge, one of each format behind the pull API, all of them right.
pub fn files(challenge: &[u8; CHALLENGE_BYTES]) -> Vec<(Format, Vec<u8>)> {
    let seed = super::sum(super::sum(super::SUM_OF_NOTHING, challenge), PART.as_bytes());
    let source = &mut SplitMix64::new(seed);
    let file = |format, source: &mut SplitMix64| match format {
        Format::Wav | Format::WavFile => wav_stream::file(source).bytes(),
        Format::Ogg => draw_stream(source).file(),
        Format::Gif => gif::animation(source).bytes(),
        Format::Apng => apng::bytes(&apng::picture(source).1),
        Format::Mjpeg => mjpeg::stream(source).0,
    };
    Format::PULLED.map(|format| (format, file(format, source))).to_vec()
}

/// The files as they lie in shared memory: of each its length, in four bytes of which the lowest comes first, and its bytes.
pub fn packed(files: &[(Format, Vec<u8>)]) -> Vec<u8> {
    files.iter().flat_map(|(_, file)| (file.len() as u32).to_le_bytes().into_iter().chain(file.iter().copied())).collect()
}

/// The files in such bytes, in the order of [`Format::PULLED`]; none where they are not just these.
pub fn unpacked(bytes: &[u8]) -> Option<Vec<(Format, &[u8])>> {
    let mut rest = bytes;
    let mut files = Vec::new();
    for format in Format::PULLED {
        let (length, behind) = rest.split_first_chunk()?;
        let (file, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        files.push((format, file));
        rest = behind;
    }
    rest.is_empty().then_some(files)
}

/// What a decoder is asked about a file.
pub fn ops(file: &[u8]) -> (Limits, Vec<Op>) {
    (Limits::default(), whole(file, PACKETS))
}

#[cfg(test)]
mod tests {
    use super::{files, packed, unpacked};
    use crate::decode_bounds::Format;
    use alloc::vec::Vec;

    #[test]
    fn files_come_back_as_they_were_packed() {
        let files = files(&[7; 32]);
        let bytes = packed(&files);
        let back: Vec<(Format, Vec<u8>)> = unpacked(&bytes).unwrap().into_iter().map(|(format, file)| (format, file.to_vec())).collect();
        assert_eq!(back, files);
        assert!((0..bytes.len()).all(|cut| unpacked(&bytes[..cut]).is_none()), "cut");
        assert_eq!(unpacked(&[&bytes[..], &[0]].concat()), None);
        assert_eq!(unpacked(&[0xff; 64]), None);
    }

    #[test]
    fn every_challenge_has_files_of_its_own() {
        assert!(files(&[1; 32]).iter().zip(files(&[2; 32])).all(|(one, other)| one.0 == other.0 && one.1 != other.1));
    }
}
