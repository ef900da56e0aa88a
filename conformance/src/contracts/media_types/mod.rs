//! Checks of the contract `media-types`.

mod domains;
mod goldens;
mod violations;

use crate::suite::{Domain, GoldenCase, Held, Law, Suite, Violation};
use spec::media_types::{Config, Kind, MediaTypes, Obs, Op};
use spec::{Case, Entropy, ErrorCode, Failure, Machine};

impl Suite for MediaTypes {
    const PROPERTY: &'static [&'static str] =
        &["MEDIA_TYPES-001", "MEDIA_TYPES-002", "MEDIA_TYPES-003", "MEDIA_TYPES-004", "MEDIA_TYPES-005", "MEDIA_TYPES-006"];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            let id = match (op, obs) {
                (Op::Probe(_), Obs::Rejected(_)) => "MEDIA_TYPES-006",
                (Op::Probe(_), _) => "MEDIA_TYPES-005",
                (_, Obs::Rejected(_)) => "MEDIA_TYPES-003",
                (Op::Name { .. }, _) => "MEDIA_TYPES-001",
                (Op::Number { .. }, _) => "MEDIA_TYPES-002",
                (Op::Output(_), _) => "MEDIA_TYPES-004",
            };
            out(Some(step), id);
        }
    }

    fn laws() -> Vec<Law<Self>> {
        vec![Law { name: "a_name_is_of_its_number", requirements: &["MEDIA_TYPES-002"], draw: draw_number, holds: name_gives_number }]
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

fn draw_number(source: &mut dyn Entropy) -> Case<MediaTypes> {
    let op = Op::Name { kind: spec::entropy::pick(source, Kind::ALL), number: 1 + source.below(5) as u16 };
    Case { config: Config {}, ops: vec![op] }
}

/// Asks for the number of the name that a number has.
fn name_gives_number(machine: &mut dyn Machine<MediaTypes>, case: &Case<MediaTypes>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let ([Op::Name { kind, number }], [Obs::Name(name)]) = (case.ops.as_slice(), trace.obs.as_slice()) else {
        return Ok(Held::NotApplicable);
    };
    let back = machine.step(&Op::Number { kind: *kind, name: name.as_str().into() })?;
    Ok(if back == Obs::Number(*number) { Held::Yes(1) } else { Held::No(format!("{name} of {number} gives {back:?}")) })
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::media_types::MediaTypes;

    #[test]
    fn checks_are_complete() {
        assert_complete::<MediaTypes>();
    }
}
