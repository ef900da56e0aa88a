//! Recorded cases, checked on every driver.

use super::session::{Counts, Session};
use crate::check::{Answer, compare, steps};
use crate::drivers::Driver;
use crate::evidence::Finding;
use crate::goldens::{self, GoldenFile};
use crate::suite::Suite;
use spec::Failure;
use spec_files::EvidenceKind;

/// Records that a driver could not even be opened for a contract.
pub fn failed_to_open<C: Suite>(session: &mut Session<'_>, kind: EvidenceKind, check: &str, failure: &Failure) {
    if session.lacks(C::NAME, failure) {
        return;
    }
    session.failed(Finding {
        contract: C::NAME.to_owned(),
        driver: session.name,
        kind,
        check: check.to_owned(),
        requirements: C::PROPERTY.iter().map(|id| (*id).to_owned()).collect(),
        message: format!("{} was not checked: the machine {failure}\n", C::NAME),
        case_file: None,
        ops: 0,
        seed: None,
    });
}

/// Checks every recorded case of one contract on one driver.
pub fn run<C: Suite>(session: &mut Session<'_>, driver: &Driver) {
    const CHECK: &str = "goldens";
    let files = match goldens::read_all::<C>(&session.options.root) {
        Ok(files) => files,
        Err(problems) => {
            session.failed(Finding {
                contract: C::NAME.to_owned(),
                driver: session.name,
                kind: EvidenceKind::Golden,
                check: CHECK.to_owned(),
                requirements: C::PROPERTY.iter().map(|id| (*id).to_owned()).collect(),
                message: format!("the goldens of {} can't be read: {problems}\n  next:     cargo conform goldens check\n", C::NAME),
                case_file: None,
                ops: 0,
                seed: None,
            });
            return;
        }
    };
    let mut machine = match driver.machine::<C>() {
        Ok(machine) => machine,
        Err(failure) => return failed_to_open::<C>(session, EvidenceKind::Golden, CHECK, &failure),
    };
    let mut counts = Counts::default();
    for GoldenFile { name, case, trace, .. } in files {
        let got = match machine.run_case(&case) {
            Ok(got) => got,
            Err(failure) if session.lacks(C::NAME, &failure) => continue,
            Err(failure) => {
                let divergence =
                    crate::check::Divergence { case, step: None, expected: Answer::Accepted, got: Answer::Failed(failure), trace: None };
                session.diverged(driver, EvidenceKind::Golden, &format!("golden {name}"), divergence, None);
                continue;
            }
        };
        match compare(&case, &trace, got) {
            Ok(()) => {
                session.steps += steps(&trace);
                session.cases += 1;
                counts.touch(&case, &trace);
            }
            Err(divergence) => session.diverged(driver, EvidenceKind::Golden, &format!("golden {name}"), *divergence, None),
        }
    }
    session.passed(EvidenceKind::Golden, CHECK, counts.0, "");
}
