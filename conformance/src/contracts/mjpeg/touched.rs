//! What each step of a case exercises.

use spec::decode::{Limits, Obs, Op};
use spec::devices::Blob;
use spec::mjpeg::{Found, FoundKind, Mjpeg, find};
use spec::{Case, ErrorCode};

/// What is known of a decoder while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    stream: Vec<u8>,
    chunks: u32,
    frames: usize,
    rewound: bool,
    failed: bool,
}

pub(super) fn touched(case: &Case<Mjpeg>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, "MJPEG-016");
    }
    let mut walk = Walk::default();
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out("MJPEG-016"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out("MJPEG-012"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out("MJPEG-016"),
            (Op::Feed(Blob(bytes)), _) => self.take(bytes),
            (Op::FeedZeros(count), _) => self.take(&vec![0; *count as usize]),
            (Op::Rewind, _) => (self.frames, self.rewound, self.failed) = (0, true, false),
            (Op::Info, Obs::Info { .. }) => out("MJPEG-001"),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out("MJPEG-015");
                }
                self.broken(*code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out("MJPEG-014"),
            (_, Obs::Ended { .. }) => {
                out(if self.in_parts() { "MJPEG-003" } else { "MJPEG-001" });
                self.around(out);
            }
            (_, Obs::Frame { .. }) => {
                self.frame(out);
                self.frames += 1;
            }
            _ => {}
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.stream.extend(bytes);
        self.chunks += 1;
    }

    fn in_parts(&self) -> bool {
        self.stream.starts_with(b"--")
    }

    fn around(&self, out: &mut dyn FnMut(&'static str)) {
        if self.rewound {
            out("MJPEG-015");
        }
        if self.chunks > 1 {
            out("MJPEG-013");
        }
    }

    /// The segments and data of the picture that is drawn now.
    fn picture(&self) -> Vec<Found> {
        find(&self.stream).into_iter().filter(|part| part.picture == self.frames).collect()
    }

    fn bytes(&self, part: &Found) -> &[u8] {
        &self.stream[part.bytes.clone()]
    }

    /// What a picture's data are about.
    fn coded(&self, out: &mut dyn FnMut(&'static str)) {
        let picture = self.picture();
        out(if picture.iter().any(|part| part.kind == FoundKind::Segment(0xc2)) { "MJPEG-006" } else { "MJPEG-005" });
        if picture.iter().any(|part| part.kind == FoundKind::Segment(0xdd)) {
            out("MJPEG-007");
        }
    }

    /// What is about the frame that is drawn now.
    fn frame(&self, out: &mut dyn FnMut(&'static str)) {
        if self.in_parts() {
            out("MJPEG-003");
        }
        self.around(out);
        self.coded(out);
        let picture = self.picture();
        let header = picture.iter().find(|part| matches!(part.kind, FoundKind::Segment(0xc0..=0xc2))).map(|part| self.bytes(part));
        if let Some([_, _, _, _, _, _, _, _, _, 3, _, first, _, _, second, _, _, third, _]) = header
            && (first != second || second != third)
        {
            out("MJPEG-009");
        }
        ["MJPEG-002", "MJPEG-004", "MJPEG-008", "MJPEG-010"].into_iter().for_each(out);
    }

    fn broken(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        use ErrorCode as E;
        match code {
            E::MalformedMedia | E::UnsupportedMedia => self.wrong(code, out),
            E::TruncatedMedia => out("MJPEG-014"),
            E::CorruptPixels => self.coded(out),
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

    /// What a malformed stream is about: its first bytes, its parts, the size of a later picture, or segments.
    fn wrong(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        if !self.in_parts() && !self.stream.starts_with(&[0xff, 0xd8]) {
            return out("MJPEG-001");
        }
        let sides = |picture: usize| {
            let header = find(&self.stream).into_iter().find(|part| part.picture == picture && part.kind == FoundKind::Segment(0xc0));
            header.and_then(|part| self.bytes(&part).get(5..9).map(<[u8]>::to_vec))
        };
        if code == ErrorCode::MalformedMedia && self.frames > 0 && sides(0) != sides(self.frames) {
            out("MJPEG-002");
        }
        if self.in_parts() {
            out("MJPEG-003");
        }
        out("MJPEG-004");
    }
}
