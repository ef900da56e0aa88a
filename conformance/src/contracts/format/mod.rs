//! Checks of the contract `format`.

mod goldens;
mod laws;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::format::{BYTES_PER_FRAME, FORMAT_FRAMES_MAX, Format, Obs, Op};
use spec::{Case, ErrorCode};

/// The largest byte count that makes frames.
const BYTES_MAX: u64 = FORMAT_FRAMES_MAX * BYTES_PER_FRAME as u64;

impl Suite for Format {
    const PROPERTY: &'static [&'static str] =
        &["FORMAT-001", "FORMAT-002", "FORMAT-003", "FORMAT-004", "FORMAT-005", "FORMAT-006", "FORMAT-007"];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            // The largest number that is accepted shows the bound; one that fails above as well as below it shrinks to less.
            if matches!(obs, Obs::Rejected(ErrorCode::OutOfRange | ErrorCode::OversizedInput)) || on_bound(op) {
                out(Some(step), "FORMAT-007");
            }
            if let Some(id) = subject(op, obs) {
                out(Some(step), id);
            }
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        Vec::new()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Pcm(pcm) => Some(pcm),
            _ => None,
        }
    }
}

fn on_bound(op: &Op) -> bool {
    matches!(op, Op::FramesToBytes(FORMAT_FRAMES_MAX) | Op::FramesToMs(FORMAT_FRAMES_MAX) | Op::BytesToFrames(BYTES_MAX))
}

/// The statement that an operation is about, its bounds aside.
fn subject(op: &Op, obs: &Obs) -> Option<&'static str> {
    match (op, obs) {
        (_, Obs::Rejected(ErrorCode::OutOfRange | ErrorCode::OversizedInput)) => None,
        (_, Obs::Rejected(ErrorCode::Misaligned)) => Some("FORMAT-002"),
        (Op::Default, _) => Some("FORMAT-001"),
        (Op::FramesToBytes(_) | Op::BytesToFrames(_), _) => Some("FORMAT-002"),
        (Op::MsToFrames(_) | Op::FramesToMs(_), _) => Some("FORMAT-003"),
        (Op::MsToBlocks(_), _) => Some("FORMAT-004"),
        (Op::Decode(_) | Op::Encode(_), _) => Some("FORMAT-005"),
        (Op::Check(_), _) => Some("FORMAT-006"),
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::format::Format;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Format>();
    }
}
