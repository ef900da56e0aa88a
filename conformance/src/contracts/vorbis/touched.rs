//! What each step of a case exercises.

use super::features::{Features, features, pages_are_right, trees_are_full};
use spec::devices::Blob;
use spec::vorbis::write::{pages, read};
use spec::vorbis::{Limits, Obs, Op, Vorbis};
use spec::{Case, ErrorCode};

/// What is known of a decoder while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    stream: Vec<u8>,
    chunks: u32,
    rewound: bool,
    failed: bool,
    /// Those of the stream, while no byte is added.
    features: Option<Features>,
}

pub(super) fn touched(
    case: &Case<Vorbis>,
    rejected: Option<ErrorCode>,
    expected: &[Obs],
    out: &mut dyn FnMut(Option<usize>, &'static str),
) {
    if rejected.is_some() || case.config != Limits::default() {
        out(None, "VORBIS-022");
    }
    let mut walk = Walk::default();
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(ErrorCode::DecodeCancelled)) | (Op::Cancel, _) => out("VORBIS-021"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(ErrorCode::DecodeMemoryExceeded)) => out("VORBIS-015"),
            (Op::Feed(_) | Op::FeedZeros(_), Obs::Rejected(_)) => out("VORBIS-020"),
            (Op::Feed(Blob(bytes)), _) => self.take(bytes),
            (Op::FeedZeros(count), _) => self.take(&vec![0; *count as usize]),
            (Op::Rewind, _) => (self.rewound, self.failed) = (true, false),
            (Op::Info, Obs::Audio { .. }) => out("VORBIS-002"),
            (Op::Info | Op::Next, Obs::Rejected(code)) => {
                if self.failed {
                    out("VORBIS-020");
                }
                self.broken(*code, out);
                self.failed |= *op == Op::Next;
            }
            (Op::Info | Op::Next, Obs::NeedInput) => out("VORBIS-018"),
            (_, Obs::Ended { .. }) => {
                out("VORBIS-001");
                out("VORBIS-013");
                self.around(out);
            }
            (_, Obs::Pcm { .. }) => self.packet(out),
            _ => {}
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.stream.extend(bytes);
        self.chunks += 1;
        self.features = None;
    }

    fn around(&self, out: &mut dyn FnMut(&'static str)) {
        if self.rewound {
            out("VORBIS-019");
        }
        if self.chunks > 1 {
            out("VORBIS-017");
        }
    }

    fn packet(&mut self, out: &mut dyn FnMut(&'static str)) {
        let stream = &self.stream;
        let features = self.features.get_or_insert_with(|| features(stream));
        features.requirements.iter().copied().for_each(&mut *out);
        if features.passed_over {
            out("VORBIS-012");
        }
        self.around(out);
        ["VORBIS-001", "VORBIS-003", "VORBIS-004", "VORBIS-010", "VORBIS-011", "VORBIS-013"].into_iter().for_each(out);
    }

    fn broken(&self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        use ErrorCode as E;
        match code {
            E::UnsupportedFormat => {
                out("VORBIS-002");
                out("VORBIS-014");
            }
            E::MalformedMedia => out(self.malformed()),
            E::CorruptChecksum => out("VORBIS-001"),
            E::TruncatedMedia => out("VORBIS-018"),
            E::OversizedInput => out("VORBIS-014"),
            E::DecodedTooLarge => out("VORBIS-016"),
            E::DecodeMemoryExceeded => out("VORBIS-015"),
            _ => {}
        }
    }

    /// What a malformed stream is about: its pages, its first header, a tree, or another part of its headers.
    fn malformed(&self) -> &'static str {
        if !pages_are_right(&self.stream) {
            return "VORBIS-001";
        }
        let (pages, _) = pages(&self.stream);
        if pages.len() < 2 {
            return "VORBIS-002";
        }
        if read(&self.stream).is_some_and(|read| !trees_are_full(&read.setup)) { "VORBIS-004" } else { "VORBIS-003" }
    }
}
