//! Checks of the contract `wav-stream`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::wav_stream::{Obs, WavStream, file};
use spec::{Case, Entropy, ErrorCode};

impl Suite for WavStream {
    const PROPERTY: &'static [&'static str] = &[
        "WAV_STREAM-001",
        "WAV_STREAM-002",
        "WAV_STREAM-003",
        "WAV_STREAM-004",
        "WAV_STREAM-005",
        "WAV_STREAM-006",
        "WAV_STREAM-007",
        "WAV_STREAM-008",
        "WAV_STREAM-009",
        "WAV_STREAM-010",
        "WAV_STREAM-011",
        "WAV_STREAM-012",
        "WAV_STREAM-013",
        "WAV_STREAM-014",
        "WAV_STREAM-015",
        "WAV_STREAM-016",
        "WAV_STREAM-017",
        "WAV_STREAM-018",
        "WAV_STREAM-019",
        "WAV_STREAM-020",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        decoding::walk::touched::<Self, touched::Touch>(case, rejected, expected, out);
    }

    fn laws() -> Vec<Law<Self>> {
        decoding::laws(&["WAV_STREAM-016"], &["WAV_STREAM-017"], draw_whole)
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
fn draw_whole(source: &mut dyn Entropy) -> Case<WavStream> {
    let stream = file(source).bytes();
    // A drawn stream has at most three packets.
    decoding::now_and_then_cut(stream, 3, source)
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::wav_stream::WavStream;

    #[test]
    fn checks_are_complete() {
        assert_complete::<WavStream>();
    }
}
