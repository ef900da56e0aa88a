//! What each step of a case exercises.

use super::features::{Features, features, pages_are_right, trees_are_full};
use crate::contracts::decoding::walk::{Format, Out, Used, Walk};
use spec::ErrorCode;
use spec::vorbis::write::{pages, read};

/// The requirements of this contract.
#[derive(Default)]
pub(super) struct Touch {
    /// What the stream uses, while no byte is added.
    features: Option<Features>,
}

impl Format for Touch {
    const USED: Used = Used {
        limits: "VORBIS-022",
        cancelled: "VORBIS-021",
        memory: "VORBIS-015",
        not_taken: "VORBIS-020",
        info: "VORBIS-002",
        stays: "VORBIS-020",
        need_input: "VORBIS-018",
        rewound: "VORBIS-019",
        chunks: "VORBIS-017",
    };

    fn ended(&self, walk: &Walk, out: &mut Out<'_>) {
        out("VORBIS-001");
        out("VORBIS-013");
        walk.around(out);
    }

    fn fed(&mut self) {
        self.features = None;
    }

    fn packet(&mut self, walk: &Walk, out: &mut Out<'_>) {
        let features = self.features.get_or_insert_with(|| features(&walk.stream));
        features.requirements.iter().copied().for_each(&mut *out);
        if features.passed_over {
            out("VORBIS-012");
        }
        walk.around(out);
        ["VORBIS-001", "VORBIS-003", "VORBIS-004", "VORBIS-010", "VORBIS-011", "VORBIS-013"].into_iter().for_each(out);
    }

    fn broken(&self, walk: &Walk, code: ErrorCode, out: &mut Out<'_>) {
        use ErrorCode as E;
        match code {
            E::UnsupportedMedia => {
                out("VORBIS-002");
                out("VORBIS-014");
            }
            E::MalformedMedia => out(malformed(walk)),
            E::CorruptChecksum => out("VORBIS-001"),
            E::TruncatedMedia => out("VORBIS-018"),
            E::OversizedInput => out("VORBIS-014"),
            E::DecodedTooLarge => out("VORBIS-016"),
            E::DecodeMemoryExceeded => out("VORBIS-015"),
            _ => {}
        }
    }
}

/// What a malformed stream is about: its pages, its first header, a tree, or another part of its headers.
fn malformed(walk: &Walk) -> &'static str {
    if !pages_are_right(&walk.stream) {
        return "VORBIS-001";
    }
    let (pages, _) = pages(&walk.stream);
    if pages.len() < 2 {
        return "VORBIS-002";
    }
    if read(&walk.stream).is_some_and(|read| !trees_are_full(&read.setup)) { "VORBIS-004" } else { "VORBIS-003" }
}
