//! What each step of a case exercises.

use crate::contracts::decoding::walk::{Format, Out, Used, Walk};
use spec::ErrorCode;
use spec::mjpeg::{Found, FoundKind, find};

/// The requirements of this contract.
#[derive(Default)]
pub(super) struct Touch;

impl Format for Touch {
    const USED: Used = Used {
        limits: "MJPEG-016",
        cancelled: "MJPEG-016",
        memory: "MJPEG-012",
        not_taken: "MJPEG-016",
        info: "MJPEG-001",
        stays: "MJPEG-015",
        need_input: "MJPEG-014",
        rewound: "MJPEG-015",
        chunks: "MJPEG-013",
    };

    fn ended(&self, walk: &Walk, out: &mut Out<'_>) {
        out(if in_parts(&walk.stream) { "MJPEG-003" } else { "MJPEG-001" });
        walk.around(out);
    }

    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>) {
        if in_parts(&walk.stream) {
            out("MJPEG-003");
        }
        walk.around(out);
        coded(walk, out);
        let picture = picture(walk);
        let header = picture.iter().find(|part| matches!(part.kind, FoundKind::Segment(0xc0..=0xc2))).map(|part| bytes(walk, part));
        if let Some([_, _, _, _, _, _, _, _, _, 3, _, first, _, _, second, _, _, third, _]) = header
            && (first != second || second != third)
        {
            out("MJPEG-009");
        }
        ["MJPEG-002", "MJPEG-004", "MJPEG-008", "MJPEG-010"].into_iter().for_each(out);
    }

    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia | E::UnsupportedMedia => wrong(walk, code, out),
            E::TruncatedMedia => out("MJPEG-014"),
            E::CorruptPixels => coded(walk, out),
            E::PictureTooLarge
            | E::TooManyFrames
            | E::DecodedTooLarge
            | E::ExpansionTooLarge
            | E::TooManyScans
            | E::TooManyRestarts
            | E::PartHeaderTooLarge
            | E::OversizedInput => out("MJPEG-011"),
            E::DecodeMemoryExceeded => out("MJPEG-012"),
            _ => {}
        }
    }
}

fn in_parts(stream: &[u8]) -> bool {
    stream.starts_with(b"--")
}

/// The segments and data of the picture that is drawn now.
fn picture(walk: &Walk) -> Vec<Found> {
    find(&walk.stream).into_iter().filter(|part| part.picture == walk.packets).collect()
}

fn bytes<'a>(walk: &'a Walk, part: &Found) -> &'a [u8] {
    &walk.stream[part.bytes.clone()]
}

/// What a picture's data are about.
fn coded(walk: &Walk, out: &mut Out<'_>) {
    let picture = picture(walk);
    out(if picture.iter().any(|part| part.kind == FoundKind::Segment(0xc2)) { "MJPEG-006" } else { "MJPEG-005" });
    if picture.iter().any(|part| part.kind == FoundKind::Segment(0xdd)) {
        out("MJPEG-007");
    }
}

/// What a malformed stream is about: its first bytes, its parts, the size of a later picture, or segments.
fn wrong(walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
    if !in_parts(&walk.stream) && !walk.stream.starts_with(&[0xff, 0xd8]) {
        return out("MJPEG-001");
    }
    let sides = |picture: usize| {
        let header = find(&walk.stream).into_iter().find(|part| part.picture == picture && part.kind == FoundKind::Segment(0xc0));
        header.and_then(|part| bytes(walk, &part).get(5..9).map(<[u8]>::to_vec))
    };
    if code == ErrorCode::MalformedMedia && walk.packets > 0 && sides(0) != sides(walk.packets) {
        out("MJPEG-002");
    }
    if in_parts(&walk.stream) {
        out("MJPEG-003");
    }
    out("MJPEG-004");
}
