//! Checks of the contract `focus`.

mod domains;
mod goldens;
mod laws;
mod touched;
mod violations;
mod walks;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::focus::{Class, Config, Focus, Kind, Obs, Op};
use spec::{Case, ErrorCode};

impl Suite for Focus {
    const PROPERTY: &'static [&'static str] = &[
        "FOCUS-001",
        "FOCUS-002",
        "FOCUS-003",
        "FOCUS-004",
        "FOCUS-005",
        "FOCUS-006",
        "FOCUS-007",
        "FOCUS-008",
        "FOCUS-009",
        "FOCUS-010",
        "FOCUS-011",
        "FOCUS-012",
        "FOCUS-013",
        "FOCUS-014",
        "FOCUS-015",
        "FOCUS-016",
        "FOCUS-017",
        "FOCUS-018",
        "FOCUS-019",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = touched::Walk::new(&case.config);
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
}

fn register(sid: u32, class: Class) -> Op {
    Op::Register { sid, class }
}

fn request(sid: u32, kind: Kind) -> Op {
    Op::Request { sid, kind }
}

fn case(auto_resume: bool, ops: Vec<Op>) -> Case<Focus> {
    Case { config: Config { auto_resume }, ops }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::focus::Focus;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Focus>();
    }
}
