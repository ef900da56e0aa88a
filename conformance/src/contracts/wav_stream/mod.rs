//! Checks of the contract `wav-stream`.

mod domains;
mod goldens;
mod touched;
mod violations;

use super::decoding;
use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::decode::whole;
use spec::wav_stream::{Limits, Obs, WavStream, file};
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
        vec![
            Law {
                name: "chunks_change_nothing",
                requirements: &["WAV_STREAM-016"],
                draw: draw_whole,
                holds: decoding::chunks_change_nothing,
            },
            Law {
                name: "a_rewind_gives_the_same",
                requirements: &["WAV_STREAM-017"],
                draw: draw_whole,
                holds: decoding::rewind_gives_the_same,
            },
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
fn draw_whole(source: &mut dyn Entropy) -> Case<WavStream> {
    let mut stream = file(source).bytes();
    if source.one_in(4) {
        stream.truncate(source.below(stream.len() as u64) as usize);
    }
    // A drawn stream has at most three packets.
    Case { config: Limits::default(), ops: whole(&stream, 3) }
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
