//! Checks of the contract `apng`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::apng::{Apng, bytes, picture};
use spec::decode::Obs;
use spec::{Case, Entropy, ErrorCode};

impl Suite for Apng {
    const PROPERTY: &'static [&'static str] = &[
        "APNG-001", "APNG-002", "APNG-003", "APNG-004", "APNG-005", "APNG-006", "APNG-007", "APNG-008", "APNG-009", "APNG-010", "APNG-011",
        "APNG-012", "APNG-013", "APNG-014", "APNG-015", "APNG-016", "APNG-017", "APNG-018", "APNG-019",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        decoding::walk::touched::<Self, touched::Touch>(case, rejected, expected, out);
    }

    fn laws() -> Vec<Law<Self>> {
        decoding::laws(&["APNG-016"], &["APNG-018"], draw_whole)
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
fn draw_whole(source: &mut dyn Entropy) -> Case<Apng> {
    let (_, chunks, frames) = picture(source);
    let stream = bytes(&chunks);
    decoding::now_and_then_cut(stream, frames, source)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::apng::Apng;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Apng>();
    }
}
