//! Checks of the contract `devices`.

#[cfg(feature = "harness")]
pub mod compiled;
mod domains;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::devices::{Devices, Obs, Op};
use spec::{Case, ErrorCode};

impl Suite for Devices {
    const PROPERTY: &'static [&'static str] = &[
        "DEVICES-001",
        "DEVICES-002",
        "DEVICES-003",
        "DEVICES-004",
        "DEVICES-005",
        "DEVICES-006",
        "DEVICES-007",
        "DEVICES-008",
        "DEVICES-009",
        "DEVICES-010",
        "DEVICES-011",
        "DEVICES-012",
        "DEVICES-013",
        "DEVICES-014",
        "DEVICES-015",
        "DEVICES-016",
        "DEVICES-017",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut rejected = false;
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            match (op, obs) {
                (Op::Read(_), Obs::Rejected(code)) => {
                    rejected = true;
                    broken(*code).iter().for_each(|id| out(Some(step), id));
                }
                (Op::Read(_), Obs::Board(board)) => {
                    rejected = false;
                    let audio: &[&str] = if board.audio.is_some() { &["DEVICES-013", "DEVICES-014", "DEVICES-015"] } else { &[] };
                    audio.iter().chain(&KEPT).for_each(|id| out(Some(step), id));
                }
                _ => {
                    // A case is small when it is diagnosed: a rejection that it still has is what changed something.
                    if rejected {
                        out(Some(step), "DEVICES-017");
                    }
                    out(Some(step), "DEVICES-016");
                }
            }
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
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

/// What every accepted tree exercises, the most telling first.
const KEPT: [&str; 11] = [
    "DEVICES-012",
    "DEVICES-011",
    "DEVICES-010",
    "DEVICES-009",
    "DEVICES-008",
    "DEVICES-007",
    "DEVICES-006",
    "DEVICES-004",
    "DEVICES-003",
    "DEVICES-002",
    "DEVICES-001",
];

/// What a rejection is about.
fn broken(code: ErrorCode) -> &'static [&'static str] {
    use ErrorCode as E;
    match code {
        E::TreeMagic | E::TreeSizeMismatch | E::TreeVersion => &["DEVICES-001"],
        E::TreeLayout => &["DEVICES-002"],
        E::TreeToken => &["DEVICES-003"],
        E::TreeName | E::DuplicateTreeName => &["DEVICES-004"],
        E::TreeTooLarge | E::TreeTooDeep | E::TreeTooManyNodes | E::TreeTooManyProperties | E::TreeNameTooLong => &["DEVICES-005"],
        E::MalformedProperty => &["DEVICES-006"],
        E::WrongRegisters => &["DEVICES-007"],
        E::RegistersOverlap => &["DEVICES-008"],
        E::DuplicatePhandle | E::UnresolvedReference => &["DEVICES-009"],
        E::InvalidInterrupt => &["DEVICES-010"],
        E::UnusableMachine => &["DEVICES-012", "DEVICES-011"],
        E::InvalidAudioPath => &["DEVICES-013", "DEVICES-014", "DEVICES-015"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::devices::Devices;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Devices>();
    }
}
