//! Which checks carry which requirement, known before anything runs.

use crate::commands::SUITES;
use crate::contracts::boot;
use crate::contracts::devices;
use crate::engines::session::Counts;
use crate::suite::Suite;
use model::Modelled;
use spec_files::problem::Problems;
use spec_files::{EvidenceKind, Library};
use std::collections::BTreeMap;

/// Requirement and kind to the names of the checks that carry it.
pub type Carried = BTreeMap<(String, EvidenceKind), Vec<String>>;

/// Everything that the suites carry.
pub fn by_requirement() -> Carried {
    let mut carried = Carried::new();
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => { $(collect::<$contract>(&mut carried);)* };
    }
    spec::for_each_contract!(contracts);
    let mut native = |id: &str, kind, name: &str| carried.entry((id.to_owned(), kind)).or_default().push(name.to_owned());
    native("RING-013", EvidenceKind::Interleaving, "loom");
    native("RING-013", EvidenceKind::Stress, "two threads");
    native("RING-016", EvidenceKind::Allocation, "counting allocator");
    native("MIXER-017", EvidenceKind::Allocation, "counting allocator");
    native("RESAMPLER-019", EvidenceKind::Allocation, "counting allocator");
    native("AUDIOD-029", EvidenceKind::Allocation, "counting allocator");
    native("IDL-015", EvidenceKind::Allocation, "counting allocator");
    native("POLICY-023", EvidenceKind::Allocation, "counting allocator");
    native("CAPABILITY_AUDIT-016", EvidenceKind::Allocation, "counting allocator");
    native("VOLUME-018", EvidenceKind::Allocation, "counting allocator");
    native("SESSIONS-026", EvidenceKind::Allocation, "counting allocator");
    native("METRICS-018", EvidenceKind::Allocation, "counting allocator");
    native("FOCUS-020", EvidenceKind::Allocation, "counting allocator");
    native("DUCKING-014", EvidenceKind::Allocation, "counting allocator");
    native("DECODE_BOUNDS-012", EvidenceKind::Allocation, "counting allocator");
    native("DECODE_BOUNDS-013", EvidenceKind::Allocation, "counting allocator");
    native(devices::compiled::REQUIREMENT, EvidenceKind::Golden, devices::compiled::CHECK);
    for check in boot::CHECKS {
        native(check.requirement, EvidenceKind::Boot, check.name);
    }
    for (id, name) in boot::FURTHER {
        native(id, EvidenceKind::Boot, name);
    }
    for lie in boot::lies() {
        native(lie.requirement, EvidenceKind::Violation, &format!("a guest that {}", lie.what));
    }
    for suite in SUITES {
        for check in (suite.checks)() {
            for id in check.requirements {
                native(id, EvidenceKind::Command, check.name);
            }
        }
        for lie in (suite.lies)() {
            native(lie.requirement, EvidenceKind::Violation, &format!("a program that {}", lie.what));
        }
    }
    carried
}

fn collect<C: Suite>(carried: &mut Carried) {
    let mut add = |id: &str, kind, name: String| carried.entry((id.to_owned(), kind)).or_default().push(name);
    for id in C::PROPERTY {
        add(id, EvidenceKind::Property, "random cases".to_owned());
    }
    for law in C::laws() {
        for id in law.requirements {
            add(id, EvidenceKind::Law, law.name.to_owned());
        }
    }
    for domain in C::domains() {
        for id in domain.requirements {
            add(id, EvidenceKind::Exhaustive, domain.name.to_owned());
        }
    }
    for violation in C::violations() {
        add(violation.requirement, EvidenceKind::Violation, format!("a machine that {}", violation.what));
    }
    let mut model = <C as Modelled>::model();
    for golden in C::goldens() {
        let mut counts = Counts::default();
        if let Ok(trace) = model.run_case(&golden.case) {
            counts.touch(&golden.case, &trace);
        }
        for id in counts.0.keys() {
            add(id, EvidenceKind::Golden, golden.name.to_owned());
        }
    }
}

/// Every requirement has a check of every kind that it asks for, and no check carries what is no requirement.
///
/// # Errors
/// Each gap, with file and line.
pub fn check(library: &Library) -> Result<(), Problems> {
    let carried = by_requirement();
    let mut problems = Problems::default();
    for (contract, requirement) in library.requirements() {
        for kind in &requirement.evidence {
            if !carried.contains_key(&(requirement.id.value.clone(), *kind)) {
                let message = format!(
                    "{} asks for {kind} evidence, but no check carries it: write one in conformance/src/contracts/{}{}",
                    requirement.id.value,
                    contract.contract.value.replace('-', "_"),
                    if contract.has_machine() { ".rs" } else { "/" }
                );
                problems.add(&contract.path, requirement.id.referenced.line(), message);
            }
        }
    }
    for (id, kind) in carried.keys() {
        if library.requirement(id).is_none() {
            problems.add("conformance/src/contracts", 0, format!("a {kind} check carries {id}, which is no requirement"));
        }
    }
    problems.or(())
}
