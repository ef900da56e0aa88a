//! Checks of the contract `volume`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod walk;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::volume::{Obs, Volume};
use spec::{Case, ErrorCode};

impl Suite for Volume {
    const PROPERTY: &'static [&'static str] = &[
        "VOLUME-001",
        "VOLUME-002",
        "VOLUME-003",
        "VOLUME-004",
        "VOLUME-005",
        "VOLUME-006",
        "VOLUME-007",
        "VOLUME-008",
        "VOLUME-010",
        "VOLUME-011",
        "VOLUME-013",
        "VOLUME-014",
        "VOLUME-015",
        "VOLUME-016",
        "VOLUME-017",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = walk::Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
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

    fn pcm(obs: &Obs) -> Option<&[i16]> {
        match obs {
            Obs::Mixed(mixed) => Some(&mixed.pcm),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::volume::Volume;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Volume>();
    }
}
