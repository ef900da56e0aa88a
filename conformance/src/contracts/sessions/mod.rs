//! Checks of the contract `sessions`.

mod domains;
mod flaw;
mod goldens;
mod laws;
mod violations;
mod walk;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::sessions::{Obs, Sessions};
use spec::{Case, ErrorCode};

impl Suite for Sessions {
    const PROPERTY: &'static [&'static str] = &[
        "SESSIONS-001",
        "SESSIONS-002",
        "SESSIONS-003",
        "SESSIONS-004",
        "SESSIONS-005",
        "SESSIONS-006",
        "SESSIONS-007",
        "SESSIONS-008",
        "SESSIONS-009",
        "SESSIONS-010",
        "SESSIONS-011",
        "SESSIONS-012",
        "SESSIONS-013",
        "SESSIONS-014",
        "SESSIONS-015",
        "SESSIONS-016",
        "SESSIONS-017",
        "SESSIONS-018",
        "SESSIONS-019",
        "SESSIONS-020",
        "SESSIONS-021",
        "SESSIONS-022",
        "SESSIONS-023",
        "SESSIONS-024",
        "SESSIONS-025",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        walk::walk(case, rejected, expected, out);
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

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::sessions::Sessions;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Sessions>();
    }
}
