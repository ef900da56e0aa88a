//! Wrong machines of the contract `media-types`.

use crate::suite::{Violation, misheard, tampered, violation};
use spec::ErrorCode as E;
use spec::Machine;
use spec::bytes::Bytes;
use spec::devices::Blob;
use spec::media_types::{
    CODEC_ID_APNG, CODEC_ID_GIF, Kind, MediaTypes, Obs, Op, PIXEL_FORMAT_BGRA8888, PIXEL_FORMAT_RGBA8888, SAMPLE_FORMAT_S16LE,
};

/// A model whose observations are changed.
fn wrong(tamper: fn(&mut (), &Op, Obs) -> Obs) -> Box<dyn Machine<MediaTypes>> {
    tampered::<MediaTypes, ()>(tamper)
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<MediaTypes>> {
    vec![
        violation("MEDIA_TYPES-001", "calls apng png", || {
            wrong(|(), _, obs| match obs {
                Obs::Name(name) if name == "apng" => Obs::Name("png".to_owned()),
                obs => obs,
            })
        }),
        violation("MEDIA_TYPES-001", "writes names in capitals", || {
            wrong(|(), _, obs| match obs {
                Obs::Name(name) => Obs::Name(name.to_ascii_uppercase()),
                obs => obs,
            })
        }),
        violation("MEDIA_TYPES-002", "takes names in any letters", || {
            misheard(|op| match op {
                Op::Number { kind, name } => Op::Number { kind: *kind, name: Bytes(name.0.to_ascii_lowercase()) },
                op => op.clone(),
            })
        }),
        violation("MEDIA_TYPES-002", "numbers names from zero", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Number { .. }, Obs::Number(number)) => Obs::Number(number - 1),
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-003", "takes the first codec for an unknown number", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Name { kind: Kind::Codec, .. }, Obs::Rejected(E::UnknownIdentifier)) => Obs::Name("wav".to_owned()),
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-003", "gives zero for an unknown name", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Number { .. }, Obs::Rejected(E::UnknownIdentifier)) => Obs::Number(0),
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-004", "says that frames are rgba8888", || {
            wrong(|(), _, obs| match obs {
                Obs::VideoFrame { pixel: PIXEL_FORMAT_BGRA8888, color } => Obs::VideoFrame { pixel: PIXEL_FORMAT_RGBA8888, color },
                obs => obs,
            })
        }),
        violation("MEDIA_TYPES-004", "says that every codec gives samples", || {
            wrong(|(), _, obs| match obs {
                Obs::VideoFrame { .. } => Obs::Pcm { sample: SAMPLE_FORMAT_S16LE },
                obs => obs,
            })
        }),
        violation("MEDIA_TYPES-005", "takes PNG for GIF", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Probe(_), Obs::Number(CODEC_ID_APNG)) => Obs::Number(CODEC_ID_GIF),
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-005", "wants 12 bytes before it says anything", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Probe(Blob(bytes)), Obs::Number(_)) if bytes.len() < 12 => Obs::NeedInput,
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-006", "asks for more of what is no media", || {
            wrong(|(), op, obs| match (op, obs) {
                (Op::Probe(_), Obs::Rejected(E::UnknownMedia)) => Obs::NeedInput,
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_TYPES-006", "looks at the first four bytes alone", || {
            misheard(|op| match op {
                Op::Probe(Blob(bytes)) if bytes.starts_with(b"GIF8") && bytes.len() >= 6 => Op::Probe(Blob(b"GIF89a".to_vec())),
                op => op.clone(),
            })
        }),
    ]
}
