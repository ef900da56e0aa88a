//! Checks of the contract `gif`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::decode::{Limits, Obs, whole};
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
        vec![
            Law { name: "chunks_change_nothing", requirements: &["GIF-014"], draw: draw_whole, holds: decoding::chunks_change_nothing },
            Law { name: "a_rewind_gives_the_same", requirements: &["GIF-016"], draw: draw_whole, holds: decoding::rewind_gives_the_same },
        ]
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
    let mut stream = animation.bytes();
    if source.one_in(4) {
        stream.truncate(source.below(stream.len() as u64) as usize);
    }
    Case { config: Limits::default(), ops: whole(&stream, animation.images.len()) }
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
