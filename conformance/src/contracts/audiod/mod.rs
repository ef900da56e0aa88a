//! Checks of the contract `audiod`.

mod goldens;
mod laws;
mod violations;
mod walk;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::audiod::{Audiod, Obs};
use spec::{Case, ErrorCode};

impl Suite for Audiod {
    const PROPERTY: &'static [&'static str] = &[
        "AUDIOD-001",
        "AUDIOD-002",
        "AUDIOD-003",
        "AUDIOD-004",
        "AUDIOD-005",
        "AUDIOD-006",
        "AUDIOD-007",
        "AUDIOD-008",
        "AUDIOD-009",
        "AUDIOD-010",
        "AUDIOD-011",
        "AUDIOD-012",
        "AUDIOD-013",
        "AUDIOD-014",
        "AUDIOD-015",
        "AUDIOD-016",
        "AUDIOD-017",
        "AUDIOD-018",
        "AUDIOD-019",
        "AUDIOD-020",
        "AUDIOD-021",
        "AUDIOD-022",
        "AUDIOD-023",
        "AUDIOD-024",
        "AUDIOD-025",
        "AUDIOD-026",
        "AUDIOD-027",
        "AUDIOD-028",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "AUDIOD-028");
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
    use spec::audiod::Audiod;

    #[test]
    fn the_checks_are_complete() {
        assert_complete::<Audiod>();
    }
}
