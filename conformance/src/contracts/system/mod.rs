//! Checks of the contract `system`.

mod goldens;
mod laws;
mod violations;
mod walk;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::system::{Obs, System};
use spec::{Case, ErrorCode};

impl Suite for System {
    const PROPERTY: &'static [&'static str] = &[
        "SYSTEM-001",
        "SYSTEM-002",
        "SYSTEM-003",
        "SYSTEM-004",
        "SYSTEM-005",
        "SYSTEM-006",
        "SYSTEM-007",
        "SYSTEM-008",
        "SYSTEM-009",
        "SYSTEM-010",
        "SYSTEM-011",
        "SYSTEM-012",
        "SYSTEM-013",
        "SYSTEM-014",
        "SYSTEM-015",
        "SYSTEM-016",
        "SYSTEM-017",
        "SYSTEM-018",
        "SYSTEM-019",
        "SYSTEM-020",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "SYSTEM-015");
        }
        let mut walk = walk::Walk::default();
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
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
            Obs::Mixed { pcm, .. } => Some(pcm),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::system::System;

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<System>();
    }
}
