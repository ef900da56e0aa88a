//! Quick laws, run by quickcheck: statements about every right machine, without the model's answer.

use super::render;
use super::session::Session;
use crate::drivers::Driver;
use crate::evidence::{DriverName, Finding};
use crate::shrink::shrink;
use crate::suite::{Held, Law, Suite};
use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult, Testable};
use spec::{Case, Contract, Failure, Machine, SplitMix64};
use spec_files::EvidenceKind;
use std::cell::RefCell;
use std::rc::Rc;

/// Trials of each law, for so many random cases of a run.
fn trials(cases: u32) -> u64 {
    u64::from(cases / 8).max(32)
}

struct Trial<C: Contract> {
    machine: RefCell<Box<dyn Machine<C>>>,
    law: Law<C>,
    outcome: Rc<RefCell<Outcome<C>>>,
}

struct Outcome<C: Contract> {
    steps: u64,
    held: u64,
    broken: Option<(Case<C>, String)>,
    failed: Option<(Case<C>, Failure)>,
}

impl<C: Contract> Testable for Trial<C> {
    fn result(&self, entropy: &mut Gen) -> TestResult {
        let case = (self.law.draw)(&mut SplitMix64::new(u64::arbitrary(entropy)));
        let mut outcome = self.outcome.borrow_mut();
        match (self.law.holds)(&mut **self.machine.borrow_mut(), &case) {
            Ok(Held::Yes(steps)) => {
                outcome.steps += steps;
                outcome.held += 1;
                TestResult::passed()
            }
            Ok(Held::NotApplicable) => TestResult::discard(),
            Ok(Held::No(why)) => {
                outcome.broken = Some((case, why));
                TestResult::failed()
            }
            Err(failure) => {
                outcome.failed = Some((case, failure));
                TestResult::failed()
            }
        }
    }
}

/// Tries a law on a machine. Gives the steps and trials in which it held, or the case that broke it.
fn try_law<C: Suite>(law: Law<C>, machine: Box<dyn Machine<C>>, tests: u64, seed: u64) -> Outcome<C> {
    let outcome = Rc::new(RefCell::new(Outcome { steps: 0, held: 0, broken: None, failed: None }));
    let trial = Trial { machine: RefCell::new(machine), law, outcome: Rc::clone(&outcome) };
    // The result is in the outcome, with its case; quickcheck's own report has only a text. Trials that say nothing are drawn
    // again, up to twenty times as many.
    let _ = QuickCheck::new().rng(Gen::from_size_and_seed(64, seed)).tests(tests).max_tests(tests * 20).quicktest(trial);
    Rc::try_unwrap(outcome).map(RefCell::into_inner).unwrap_or(Outcome { steps: 0, held: 0, broken: None, failed: None })
}

/// Whether a machine breaks one of the contract's laws within so many trials, and which.
pub fn broken_law<C: Suite>(make: fn() -> Box<dyn Machine<C>>, tests: u64, seed: u64) -> Option<&'static str> {
    C::laws().into_iter().find_map(|law| {
        let name = law.name;
        let outcome = try_law(law, make(), tests, seed);
        (outcome.broken.is_some() || outcome.failed.is_some()).then_some(name)
    })
}

/// Runs every law of one contract.
pub fn run<C: Suite>(session: &mut Session<'_>, driver: &Driver) {
    let seed = session.options.seed;
    for law in C::laws() {
        let (name, requirements, holds) = (law.name, law.requirements, law.holds);
        let check = format!("law {name}");
        let machine = match driver.machine::<C>() {
            Ok(machine) => machine,
            Err(failure) => {
                super::golden::failed_to_open::<C>(session, EvidenceKind::Law, &check, &failure);
                return;
            }
        };
        let outcome = try_law(law, machine, trials(session.options.cases), seed);
        session.steps += outcome.steps;
        session.cases += outcome.held;
        if let Some((_, failure)) = &outcome.failed
            && session.lacks(C::NAME, failure)
        {
            continue;
        }
        let broken = outcome.broken.or(outcome.failed.map(|(case, failure)| (case, failure.to_string())));
        if let Some((case, why)) = broken {
            report_broken(session, driver, &check, requirements, holds, case, why);
        } else {
            session.passed(EvidenceKind::Law, &check, requirements.iter().map(|id| (*id, outcome.held)), "");
        }
    }
}

type Holds<C> = fn(&mut dyn Machine<C>, &Case<C>) -> Result<Held, Failure>;

fn report_broken<C: Suite>(
    session: &mut Session<'_>,
    driver: &Driver,
    check: &str,
    requirements: &[&str],
    holds: Holds<C>,
    case: Case<C>,
    mut why: String,
) {
    let mut machine = driver.machine::<C>();
    let case = shrink(&case, 1_000, &mut |candidate| match machine.as_mut().map(|machine| holds(&mut **machine, candidate)) {
        Ok(Ok(Held::No(now))) => {
            why = now;
            true
        }
        _ => false,
    });
    let requirements: Vec<String> = requirements.iter().map(|id| (*id).to_owned()).collect();
    let seed = Some(session.options.seed);
    let (case_file, command) = session.write_case(&case, &requirements, check, seed);
    let driver_name = session.name.map_or("the harness", DriverName::name);
    let message = render::broken_law(&case, &requirements, driver_name, check, &why, seed, &command);
    session.failed(Finding {
        contract: C::NAME.to_owned(),
        driver: session.name,
        kind: EvidenceKind::Law,
        check: check.to_owned(),
        requirements,
        message,
        case_file,
        ops: case.ops.len(),
        seed,
    });
}
