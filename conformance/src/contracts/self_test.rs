//! What every contract's checks are themselves checked for: they are complete, and they catch what they say they catch.

use crate::check::compare;
use crate::suite::{Domain, Extent, Held, Law, Suite, Violation};
use spec::{Case, Machine, SplitMix64, Trace};
use spec_files::{EvidenceKind, Library};
use std::collections::BTreeSet;

/// Drawn cases that a violation is tried on.
const SEEDS: u64 = 2_000;

/// Operations of a drawn case.
const OPS: usize = 24;

/// Trials of a law.
const TRIALS: u64 = 500;

/// Fails unless every requirement of the contract's file is carried by each kind of evidence that it asks for, as far as a
/// suite can carry it; unless every law holds on the model and is broken by a violation; and unless every violation is caught.
pub fn assert_complete<C: Suite>() {
    let golden = answered::<C>(C::goldens().into_iter().map(|golden| golden.case).collect());
    let drawn = answered::<C>((0..SEEDS).map(|seed| C::draw(&mut SplitMix64::new(seed), OPS)).collect());
    let (in_goldens, in_draws) = (touched(&golden), touched(&drawn));
    let mut problems = Vec::new();
    let property: BTreeSet<&str> = C::PROPERTY.iter().copied().collect();
    let laws: BTreeSet<&str> = C::laws().iter().flat_map(|law| law.requirements).copied().collect();
    let domains: BTreeSet<&str> = C::domains().iter().flat_map(|domain| domain.requirements).copied().collect();
    let violations: BTreeSet<&str> = C::violations().iter().map(|violation| violation.requirement).collect();

    let library = Library::embedded_contracts().expect("the contract files are valid");
    let contract = library.contract(C::NAME).expect("every contract has a file");
    for requirement in &contract.requirements {
        let id = requirement.id.value.as_str();
        for kind in &requirement.evidence {
            let carried = match kind {
                EvidenceKind::Property => property.contains(id) && in_draws.contains(id),
                EvidenceKind::Law => laws.contains(id),
                EvidenceKind::Exhaustive => domains.contains(id),
                // A check of a run can carry it beside the recorded cases.
                EvidenceKind::Golden => in_goldens.contains(id) || crate::carried::by_requirement().contains_key(&(id.to_owned(), *kind)),
                EvidenceKind::Violation => violations.contains(id),
                EvidenceKind::Interleaving
                | EvidenceKind::Stress
                | EvidenceKind::Allocation
                | EvidenceKind::Command
                | EvidenceKind::Boot => true,
            };
            if !carried {
                problems.push(format!("{id} is carried by no {kind}"));
            }
        }
    }
    for id in [&property, &laws, &domains, &violations, &in_goldens, &in_draws].into_iter().flatten() {
        if !contract.requirements.iter().any(|requirement| requirement.id.value == *id) {
            problems.push(format!("{id} is no requirement of {}", C::NAME));
        }
    }
    for id in property.difference(&in_draws) {
        problems.push(format!("{id} is said to be touched by random cases, and {SEEDS} of them do not touch it"));
    }

    let mut names = BTreeSet::new();
    for golden in C::goldens() {
        if !names.insert(golden.name) || !golden.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            problems.push(format!("golden {}: names are in snake case, and no two are the same", golden.name));
        }
    }
    check_laws::<C>(&mut problems);
    for violation in C::violations() {
        if !is_caught(&violation, &golden, &drawn) {
            problems.push(format!("a machine that {} ({}) passes every check", violation.what, violation.requirement));
        }
    }
    assert!(problems.is_empty(), "{}:\n  {}", C::NAME, problems.join("\n  "));
}

/// How many values each domain holds.
pub fn values_of<C: Suite>(domains: &[Domain<C>], extent: Extent) -> Vec<u64> {
    domains.iter().map(|domain| (domain.cases)(extent).map(|(_, count)| count).sum()).collect()
}

type Answered<C> = Vec<(Case<C>, Trace<C>)>;

/// Each case with the model's answers.
fn answered<C: Suite>(cases: Vec<Case<C>>) -> Answered<C> {
    let mut model = C::model();
    let answer = |case: Case<C>| {
        let trace = model.run_case(&case).expect("a model does not fail");
        (case, trace)
    };
    cases.into_iter().map(answer).collect()
}

fn touched<C: Suite>(cases: &Answered<C>) -> BTreeSet<&'static str> {
    let mut ids = BTreeSet::new();
    for (case, trace) in cases {
        C::touched(case, trace.rejected, &trace.obs, &mut |step, id| {
            assert!(step.is_none_or(|step| step < trace.obs.len()), "{id} is touched by a step that there is not");
            ids.insert(id);
        });
    }
    ids
}

/// Every law holds on the model, says something about at least one case in ten, and is broken by at least one violation.
fn check_laws<C: Suite>(problems: &mut Vec<String>) {
    for law in C::laws() {
        let mut violations = C::violations();
        // Those that are about the law's requirement break it soonest.
        violations.sort_by_key(|violation| !law.requirements.contains(&violation.requirement));
        if !violations.iter().any(|violation| breaks(&law, &mut *(violation.machine)())) {
            problems.push(format!("law {} is broken by no violation", law.name));
        }
        let mut applied = 0;
        for seed in 0..TRIALS {
            let case = (law.draw)(&mut SplitMix64::new(seed));
            match (law.holds)(&mut *C::model(), &case).expect("a model does not fail") {
                Held::Yes(_) => applied += 1,
                Held::No(why) => problems.push(format!("law {} does not hold on the model: {why}, for {case:?}", law.name)),
                Held::NotApplicable => {}
            }
        }
        if applied * 10 < TRIALS {
            problems.push(format!("law {} applies to {applied} of {TRIALS} drawn cases", law.name));
        }
    }
}

fn is_caught<C: Suite>(violation: &Violation<C>, golden: &Answered<C>, drawn: &Answered<C>) -> bool {
    let mut wrong = (violation.machine)();
    let mut differs = |case: &Case<C>, right: &Trace<C>| {
        let got = wrong.run_case(case);
        got.map_or(true, |got| compare(case, right, got).is_err())
    };
    if golden.iter().chain(drawn).any(|(case, right)| differs(case, right)) {
        return true;
    }
    let mut model = C::model();
    let in_domain = C::domains().iter().any(|domain| {
        (domain.cases)(Extent::Corners).any(|(case, _)| {
            let right = model.run_case(&case).expect("a model does not fail");
            differs(&case, &right)
        })
    });
    let mut laws = C::laws();
    laws.sort_by_key(|law| !law.requirements.contains(&violation.requirement));
    in_domain || laws.iter().any(|law| breaks(law, &mut *wrong))
}

fn breaks<C: Suite>(law: &Law<C>, wrong: &mut dyn Machine<C>) -> bool {
    (0..TRIALS).any(|seed| {
        let case = (law.draw)(&mut SplitMix64::new(seed));
        !matches!((law.holds)(wrong, &case), Ok(Held::Yes(_) | Held::NotApplicable))
    })
}
