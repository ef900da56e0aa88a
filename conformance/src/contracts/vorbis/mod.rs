//! Checks of the contract `vorbis`.

mod domains;
pub(super) mod features;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::vorbis::write::{Drawn, Setup};
use spec::vorbis::{Obs, Vorbis};
use spec::{Case, Entropy, ErrorCode};

impl Suite for Vorbis {
    const PROPERTY: &'static [&'static str] = &[
        "VORBIS-001",
        "VORBIS-002",
        "VORBIS-003",
        "VORBIS-004",
        "VORBIS-005",
        "VORBIS-006",
        "VORBIS-007",
        "VORBIS-008",
        "VORBIS-009",
        "VORBIS-010",
        "VORBIS-011",
        "VORBIS-012",
        "VORBIS-013",
        "VORBIS-014",
        "VORBIS-015",
        "VORBIS-016",
        "VORBIS-017",
        "VORBIS-018",
        "VORBIS-019",
        "VORBIS-020",
        "VORBIS-021",
        "VORBIS-022",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        decoding::walk::touched::<Self, touched::Touch>(case, rejected, expected, out);
    }

    fn laws() -> Vec<Law<Self>> {
        decoding::laws(&["VORBIS-017"], &["VORBIS-019"], draw_whole)
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

/// A small stream in one chunk and all its packets, now and then cut.
fn draw_whole(source: &mut dyn Entropy) -> Case<Vorbis> {
    let modes: Vec<usize> = (0..source.below(6)).map(|_| source.below(2) as usize).collect();
    let drawn = Drawn::of(Setup::plain(1 + source.below(2) as u8), &modes, source.bits());
    let stream = drawn.file();
    decoding::now_and_then_cut(stream, drawn.audio.len(), source)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::vorbis::Vorbis;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Vorbis>();
    }
}
