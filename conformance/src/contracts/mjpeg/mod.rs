//! Checks of the contract `mjpeg`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::decode::Obs;
use spec::mjpeg::{Mjpeg, stream};
use spec::{Case, Entropy, ErrorCode};

impl Suite for Mjpeg {
    const PROPERTY: &'static [&'static str] = &[
        "MJPEG-001",
        "MJPEG-002",
        "MJPEG-003",
        "MJPEG-004",
        "MJPEG-005",
        "MJPEG-006",
        "MJPEG-007",
        "MJPEG-008",
        "MJPEG-009",
        "MJPEG-010",
        "MJPEG-011",
        "MJPEG-012",
        "MJPEG-013",
        "MJPEG-014",
        "MJPEG-015",
        "MJPEG-016",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        decoding::walk::touched::<Self, touched::Touch>(case, rejected, expected, out);
    }

    fn laws() -> Vec<Law<Self>> {
        decoding::laws(&["MJPEG-013"], &["MJPEG-015"], draw_whole)
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

/// A stream in one chunk and all its packets, now and then cut.
fn draw_whole(source: &mut dyn Entropy) -> Case<Mjpeg> {
    let (stream, frames) = stream(source);
    decoding::now_and_then_cut(stream, frames, source)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::mjpeg::Mjpeg;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Mjpeg>();
    }
}
