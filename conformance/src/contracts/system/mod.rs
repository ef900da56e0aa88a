//! Checks of the contract `system`.

mod goldens;
mod laws;
mod media;
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
        "SYSTEM-021",
        "SYSTEM-022",
        "SYSTEM-023",
        "SYSTEM-024",
        "SYSTEM-025",
        "SYSTEM-026",
        "SYSTEM-027",
        "SYSTEM-028",
        "SYSTEM-029",
        "SYSTEM-030",
        "SYSTEM-031",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "SYSTEM-015");
        }
        let mut walk = walk::Walk::new(&case.config);
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
        let mut all = violations::violations();
        all.extend(media::violations());
        all
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        let mut all = goldens::goldens();
        all.extend(media::goldens());
        all
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
