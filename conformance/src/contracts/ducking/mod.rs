//! Checks of the contract `ducking`.

mod domains;
mod goldens;
mod laws;
mod touched;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::ducking::{Config, Ducking, Obs, Op, Rule};
use spec::{Case, ErrorCode};

impl Suite for Ducking {
    const PROPERTY: &'static [&'static str] = &[
        "DUCKING-001",
        "DUCKING-002",
        "DUCKING-003",
        "DUCKING-004",
        "DUCKING-005",
        "DUCKING-006",
        "DUCKING-007",
        "DUCKING-008",
        "DUCKING-009",
        "DUCKING-010",
        "DUCKING-012",
        "DUCKING-013",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "DUCKING-013");
        }
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

fn duck(cause: u32, rule: Rule) -> Op {
    duck_at(1, cause, rule)
}

fn duck_at(session: u32, cause: u32, rule: Rule) -> Op {
    Op::Duck { session, cause, rule }
}

fn unduck(cause: u32) -> Op {
    Op::Unduck { session: 1, cause }
}

fn case(config: Config, ops: Vec<Op>) -> Case<Ducking> {
    Case { config, ops }
}

/// The default depths with that length of ramps.
fn ramps(ramp_ms: u32) -> Config {
    Config { ramp_ms, ..Config::default() }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::ducking::Ducking;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Ducking>();
    }
}
