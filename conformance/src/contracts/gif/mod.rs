//! Checks of the contract `gif`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::decode::Obs;
use spec::gif::{Gif, animation};
use spec::{Case, Entropy, ErrorCode};

impl Suite for Gif {
    const PROPERTY: &'static [&'static str] = &[
        "GIF-001", "GIF-002", "GIF-003", "GIF-004", "GIF-005", "GIF-006", "GIF-007", "GIF-008", "GIF-009", "GIF-010", "GIF-011", "GIF-012",
        "GIF-013", "GIF-014", "GIF-015", "GIF-016", "GIF-017", "GIF-018", "GIF-019",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        decoding::walk::touched::<Self, touched::Touch>(case, rejected, expected, out);
    }

    fn laws() -> Vec<Law<Self>> {
        decoding::laws(&["GIF-014"], &["GIF-016"], draw_whole)
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
fn draw_whole(source: &mut dyn Entropy) -> Case<Gif> {
    let animation = animation(source);
    let stream = animation.bytes();
    decoding::now_and_then_cut(stream, animation.images.len(), source)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::gif::Gif;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Gif>();
    }
}
