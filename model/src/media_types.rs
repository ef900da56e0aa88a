//! The reference model of the contract `media-types`.

use spec::devices::Blob;
use spec::media_types::{
    CODEC_ID_APNG, CODEC_ID_GIF, CODEC_ID_MJPEG, CODEC_ID_VORBIS, CODEC_ID_WAV, COLOR_SPACE_BT601_FULL, COLOR_SPACE_BT709_LIMITED,
    COLOR_SPACE_SRGB, Config, Kind, MediaTypes, Obs, Op, PIXEL_FORMAT_BGRA8888, PIXEL_FORMAT_RGBA8888, PIXEL_FORMAT_RGBA8888_PREMUL,
    SAMPLE_FORMAT_S16LE,
};
use spec::{ErrorCode, Failure, Machine};

/// The model: it has no state.
#[derive(Clone, Copy, Debug, Default)]
pub struct MediaTypesModel;

pub(crate) use MediaTypesModel as Model;

/// Every identifier (MEDIA_TYPES-D1, MEDIA_TYPES-D2).
const TABLE: [(Kind, u16, &str); 12] = [
    (Kind::Codec, CODEC_ID_WAV, "wav"),
    (Kind::Codec, CODEC_ID_VORBIS, "vorbis"),
    (Kind::Codec, CODEC_ID_GIF, "gif"),
    (Kind::Codec, CODEC_ID_APNG, "apng"),
    (Kind::Codec, CODEC_ID_MJPEG, "mjpeg"),
    (Kind::Sample, SAMPLE_FORMAT_S16LE, "s16le"),
    (Kind::Pixel, PIXEL_FORMAT_BGRA8888, "bgra8888"),
    (Kind::Pixel, PIXEL_FORMAT_RGBA8888, "rgba8888"),
    (Kind::Pixel, PIXEL_FORMAT_RGBA8888_PREMUL, "rgba8888_premul"),
    (Kind::Color, COLOR_SPACE_SRGB, "srgb"),
    (Kind::Color, COLOR_SPACE_BT601_FULL, "bt601_full"),
    (Kind::Color, COLOR_SPACE_BT709_LIMITED, "bt709_limited"),
];

/// What a stream begins with: each place is a byte, or any byte (MEDIA_TYPES-D3).
fn beginnings() -> Vec<(u16, Vec<Option<u8>>)> {
    let exact = |bytes: &[u8]| bytes.iter().map(|byte| Some(*byte)).collect::<Vec<_>>();
    let any = |count: usize| vec![None; count];
    vec![
        (CODEC_ID_WAV, [exact(b"RIFF"), any(4), exact(b"WAVE")].concat()),
        (CODEC_ID_VORBIS, [exact(b"OggS"), any(24), exact(b"\x01vorbis")].concat()),
        (CODEC_ID_GIF, exact(b"GIF87a")),
        (CODEC_ID_GIF, exact(b"GIF89a")),
        (CODEC_ID_APNG, exact(b"\x89PNG\r\n\x1a\n")),
        (CODEC_ID_MJPEG, exact(b"\xff\xd8\xff")),
        (CODEC_ID_MJPEG, exact(b"--")),
    ]
}

fn probe(bytes: &[u8]) -> Result<Obs, ErrorCode> {
    let fits = |beginning: &[Option<u8>]| beginning.iter().zip(bytes).all(|(right, byte)| right.is_none_or(|right| right == *byte));
    let possible: Vec<_> = beginnings().into_iter().filter(|(_, beginning)| fits(beginning)).collect();
    match possible.iter().find(|(_, beginning)| beginning.len() <= bytes.len()) {
        // MEDIA_TYPES-005
        Some((codec, _)) => Ok(Obs::Number(*codec)),
        None if !possible.is_empty() => Ok(Obs::NeedInput),
        // MEDIA_TYPES-006
        None => Err(ErrorCode::UnknownMedia),
    }
}

fn answer(op: &Op) -> Result<Obs, ErrorCode> {
    // MEDIA_TYPES-003
    let unknown = ErrorCode::UnknownIdentifier;
    match op {
        // MEDIA_TYPES-001
        Op::Name { kind, number } => {
            let found = TABLE.iter().find(|(of, own, _)| of == kind && own == number);
            found.map(|(_, _, name)| Obs::Name((*name).to_owned())).ok_or(unknown)
        }
        // MEDIA_TYPES-002
        Op::Number { kind, name } => {
            let found = TABLE.iter().find(|(of, _, own)| of == kind && own.as_bytes() == name.0);
            found.map(|(_, number, _)| Obs::Number(*number)).ok_or(unknown)
        }
        // MEDIA_TYPES-004
        Op::Output(CODEC_ID_WAV | CODEC_ID_VORBIS) => Ok(Obs::Pcm { sample: SAMPLE_FORMAT_S16LE }),
        Op::Output(CODEC_ID_GIF | CODEC_ID_APNG | CODEC_ID_MJPEG) => {
            Ok(Obs::VideoFrame { pixel: PIXEL_FORMAT_BGRA8888, color: COLOR_SPACE_SRGB })
        }
        Op::Output(_) => Err(unknown),
        Op::Probe(Blob(bytes)) => probe(bytes),
    }
}

impl Machine<MediaTypes> for MediaTypesModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, answer, probe};
    use spec::ErrorCode;
    use spec::media_types::{Kind, Obs, Op, PROBE_BYTES, signatures};

    #[test]
    fn numbers_count_from_one_within_a_kind() {
        for kind in Kind::ALL {
            let numbers: Vec<u16> = TABLE.iter().filter(|(of, _, _)| *of == kind).map(|(_, number, _)| *number).collect();
            assert_eq!(numbers, (1..=numbers.len() as u16).collect::<Vec<_>>());
            assert_eq!(answer(&Op::Name { kind, number: 0 }), Err(ErrorCode::UnknownIdentifier));
        }
    }

    #[test]
    fn every_beginning_is_told_by_its_last_byte() {
        for (place, start) in signatures().into_iter().enumerate() {
            assert_eq!(probe(&start), Ok(Obs::Number([1, 2, 3, 3, 4, 5, 5][place])));
            for cut in 0..start.len() {
                assert_eq!(probe(&start[..cut]), Ok(Obs::NeedInput), "{start:?} cut at {cut}");
            }
            assert!(start.len() <= PROBE_BYTES as usize);
        }
        assert_eq!(probe(b"BM"), Err(ErrorCode::UnknownMedia));
        assert_eq!(probe(b"GIF88a"), Err(ErrorCode::UnknownMedia));
    }
}
