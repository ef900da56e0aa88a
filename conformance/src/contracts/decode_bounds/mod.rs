//! Checks of the contract `decode-bounds`.

mod domains;
mod goldens;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::decode_bounds::{Bound, DecodeBounds, Format, Obs, Op};
use spec::{Case, ErrorCode};

impl Suite for DecodeBounds {
    const PROPERTY: &'static [&'static str] = &[
        "DECODE_BOUNDS-001",
        "DECODE_BOUNDS-002",
        "DECODE_BOUNDS-003",
        "DECODE_BOUNDS-004",
        "DECODE_BOUNDS-005",
        "DECODE_BOUNDS-006",
        "DECODE_BOUNDS-007",
        "DECODE_BOUNDS-008",
        "DECODE_BOUNDS-009",
        "DECODE_BOUNDS-010",
        "DECODE_BOUNDS-011",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            // What the table does not have shows nothing.
            if *obs != Obs::NoRow {
                out(Some(step), requirement(op));
            }
        }
    }

    fn laws() -> Vec<Law<Self>> {
        Vec::new()
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

/// The requirement that an operation is about.
fn requirement(op: &Op) -> &'static str {
    match op {
        Op::Try { format, bound, .. } => of_row(*format, *bound),
        Op::Bomb(_) => "DECODE_BOUNDS-010",
        Op::Cut { .. } => "DECODE_BOUNDS-011",
    }
}

/// The requirement that a row is about.
fn of_row(format: Format, bound: Bound) -> &'static str {
    use Bound as B;
    match bound {
        B::InputLimit | B::PixelsLimit | B::FramesLimit | B::TotalLimit | B::MemoryLimit => "DECODE_BOUNDS-001",
        B::InputLeast | B::PixelsLeast | B::FramesLeast | B::TotalLeast | B::MemoryLeast => "DECODE_BOUNDS-001",
        B::Input | B::LongestInput | B::ToldLength => "DECODE_BOUNDS-002",
        B::Width | B::Height | B::Pixels => "DECODE_BOUNDS-003",
        B::Frames | B::ToldFrames | B::Total => "DECODE_BOUNDS-004",
        B::Memory | B::CoefficientMemory => "DECODE_BOUNDS-005",
        B::Expansion => "DECODE_BOUNDS-006",
        _ => match format {
            Format::Gif | Format::Apng | Format::Mjpeg => "DECODE_BOUNDS-007",
            Format::Wav | Format::WavFile => "DECODE_BOUNDS-008",
            Format::Ogg => "DECODE_BOUNDS-009",
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::decode_bounds::{DecodeBounds, ROWS};
    use spec_files::Library;
    use std::collections::BTreeSet;

    #[test]
    fn checks_are_complete() {
        assert_complete::<DecodeBounds>();
    }

    /// A bound that a contract of a decoder adds is tried from both sides, or this fails.
    #[test]
    fn every_bound_of_a_decoder_has_a_row() {
        let library = Library::embedded_contracts().expect("the contract files are valid");
        let named: BTreeSet<&str> = ROWS.iter().map(|row| row.name).collect();
        for name in ["apng", "decode-bounds", "gif", "mjpeg", "vorbis", "wav", "wav-stream"] {
            let contract = library.contract(name).expect("it has a file");
            for bound in &contract.bounds {
                assert!(named.contains(bound.name.value.as_str()), "no row is about {}", bound.name.value);
            }
        }
    }

    #[test]
    fn every_row_is_named_after_a_value_or_a_decision() {
        let library = Library::embedded_contracts().expect("the contract files are valid");
        let values = library.contracts.iter().flat_map(|contract| {
            let bounds = contract.bounds.iter().map(|bound| bound.name.value.as_str());
            let constants = contract.constants.iter().map(|constant| constant.name.value.as_str());
            bounds.chain(constants).chain(contract.decisions.iter().map(|decision| decision.id.value.as_str()))
        });
        let values: BTreeSet<&str> = values.collect();
        for row in &ROWS {
            assert!(values.contains(row.name), "{} is named nowhere", row.name);
        }
    }
}
