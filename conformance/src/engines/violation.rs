//! Known violations, each of which a check must be seen to catch: a harness that catches nothing proves nothing.

use super::diagnosis::agrees;
use super::law::broken_law;
use super::property::nth_case;
use super::session::Session;
use crate::evidence::Finding;
use crate::suite::{Extent, Suite, Violation};
use spec_files::EvidenceKind;

/// Random cases that a violation is tried on.
const CASES: u32 = 2_000;

/// Which check catches this violation; `None` if none does.
pub fn caught_by<C: Suite>(violation: &Violation<C>, seed: u64, ops: usize) -> Option<String> {
    let mut wrong = (violation.machine)();
    if let Some(golden) = C::goldens().iter().find(|golden| !agrees(&mut *wrong, &golden.case)) {
        return Some(format!("golden {}", golden.name));
    }
    let mut model = <C as model::Modelled>::model();
    for index in 0..CASES {
        let case = nth_case::<C>(seed, index, ops);
        let (right, got) = (model.run_case(&case), wrong.run_case(&case));
        if !matches!((right, got), (Ok(right), Ok(got)) if right == got) {
            return Some(format!("random case {index}"));
        }
    }
    if let Some(law) = broken_law::<C>(violation.machine, 500, seed) {
        return Some(format!("law {law}"));
    }
    let domains = C::domains();
    let found = domains.iter().find(|domain| (domain.cases)(Extent::Corners).any(|(case, _)| !agrees(&mut *wrong, &case)));
    found.map(|domain| format!("domain {}", domain.name))
}

/// Runs every violation of one contract.
pub fn run<C: Suite>(session: &mut Session<'_>) {
    for violation in C::violations() {
        let check = format!("violation: {}", violation.what);
        match caught_by(&violation, session.options.seed, session.options.ops) {
            Some(by) => session.passed(EvidenceKind::Violation, &check, [(violation.requirement, 1)], &format!("caught by {by}")),
            None => {
                let message = format!(
                    "a machine that {} passes every check of `{}`: {} is not really checked\n  next: add a golden, a law or a drawn case that catches it, in conformance/src/contracts/",
                    violation.what,
                    C::NAME,
                    violation.requirement
                );
                session.failed(Finding {
                    contract: C::NAME.to_owned(),
                    driver: None,
                    kind: EvidenceKind::Violation,
                    check,
                    requirements: vec![violation.requirement.to_owned()],
                    message,
                    case_file: None,
                    ops: 0,
                    seed: Some(session.options.seed),
                });
            }
        }
        session.progress.inc(1);
    }
}
