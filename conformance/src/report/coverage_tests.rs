//! What counts as proven.

use super::{Carried, Coverage, DriverVerdict, Overall, Standing};
use crate::evidence::{DriverName, RunRecord};
use crate::report::samples::{diverge, leave_out, library, mixed, passing, withdraw};
use spec_files::{EvidenceKind, WaiverKind};

fn standing(record: &RunRecord, id: &str) -> Standing {
    Coverage::of(&library(), record).requirement(id).expect("the sample has it").standing
}

fn carried(coverage: &Coverage) -> Vec<Carried> {
    coverage.tasks[0].obligations.iter().map(|obligation| obligation.carried).collect()
}

#[test]
fn everything_shown_is_proven() {
    let library = library();
    let coverage = Coverage::of(&library, &passing(&library));
    assert_eq!(coverage.overall, Overall::Conforms);
    assert_eq!(coverage.proven(), 4);
    assert!(!coverage.has_failures() && coverage.without_evidence.is_empty());
    assert_eq!(carried(&coverage), [Carried::Wholly, Carried::Partly, Carried::Wholly, Carried::Waived(WaiverKind::Process)]);
    assert!(coverage.drivers.iter().all(|driver| driver.verdict == DriverVerdict::Passed && driver.proven == 3 && driver.contracts == 2));
    assert_eq!((coverage.totals.obligations, coverage.totals.waived_all(), coverage.totals.not_proven), (4, 1, 0));
}

#[test]
fn one_missing_kind_or_driver_is_a_gap() {
    for (kind, driver) in [
        (EvidenceKind::Golden, Some(DriverName::InProcess)),
        (EvidenceKind::Property, Some(DriverName::Qemu)),
        (EvidenceKind::Violation, None),
    ] {
        let mut record = passing(&library());
        withdraw(&mut record, "DELAY-001", kind, driver);
        let coverage = Coverage::of(&library(), &record);
        assert_eq!(coverage.requirement("DELAY-001").map(|it| it.standing), Some(Standing::Missing), "{kind}");
        assert_eq!(coverage.overall, Overall::Incomplete);
        assert!(coverage.has_failures());
        assert_eq!(carried(&coverage)[0], Carried::NotProven);
    }
}

/// A library with a contract of programs, and the evidence of a run of it alone.
fn of_programs() -> (spec_files::Library, RunRecord) {
    let contract = "contract: echo-tool\nversion: 1\ntitle: T\nsummary: S\nmachine: none\nconstants: []\nbounds: []\nerrors: []\ndecisions: []\n\
                    requirements:\n  - {id: ECHO_TOOL-001, text: T, source: {document: DOC-2, where: W}, evidence: [command, violation]}\n\
                    \x20 - {id: ECHO_TOOL-002, text: T, source: {document: DOC-2, where: W}, evidence: [command, boot]}\n";
    let task = "task: DOC-2\ntitle: T\nobligations:\n  - {id: D2-001, where: W, text: T, requirements: [ECHO_TOOL-001, ECHO_TOOL-002]}\n";
    let markers =
        "version: 1\nbounds: {line_bytes_max: 1, log_bytes_max: 1, lines_max: 1}\nreserved_prefixes: []\nmarkers: []\nprofiles: []\n";
    let contracts = [("spec/contracts/echo-tool.yaml", contract)];
    let library = spec_files::Library::parse(&contracts, &[("spec/tasks/DOC-2.yaml", task)], ("spec/markers.yaml", markers));
    let library = library.unwrap_or_else(|problems| panic!("{problems}"));
    let mut record = passing(&library);
    record.drivers.clear();
    record.commands = Some(crate::evidence::CommandRun { subject: "tool".to_owned(), own: true, runs: 9, seconds: 1.0 });
    (library, record)
}

#[test]
fn a_run_of_programs_alone_is_a_run() {
    let (library, record) = of_programs();
    let coverage = Coverage::of(&library, &record);
    assert_eq!((coverage.overall, coverage.proven()), (Overall::Conforms, 2));
    assert_eq!(carried(&coverage), [Carried::Wholly]);
    assert_eq!(Coverage::of(&library, &RunRecord::default()).overall, Overall::NothingRun);
}

#[test]
fn programs_that_show_nothing_of_a_requirement_are_a_gap_and_those_of_others_are_not_run() {
    let (library, record) = of_programs();
    let standing = |record: &RunRecord, id: &str| Coverage::of(&library, record).requirement(id).map(|it| it.standing);
    let mut gap = record.clone();
    withdraw(&mut gap, "ECHO_TOOL-001", EvidenceKind::Command, None);
    assert_eq!(standing(&gap, "ECHO_TOOL-001"), Some(Standing::Missing));
    assert_eq!(Coverage::of(&library, &gap).overall, Overall::Incomplete);
    let mut unproven = record.clone();
    withdraw(&mut unproven, "ECHO_TOOL-002", EvidenceKind::Boot, None);
    assert_eq!(standing(&unproven, "ECHO_TOOL-002"), Some(Standing::NotRun), "no guest was booted");
    let mut theirs = gap;
    withdraw(&mut theirs, "ECHO_TOOL-001", EvidenceKind::Violation, None);
    theirs.commands = Some(crate::evidence::CommandRun { subject: "theirs".to_owned(), own: false, runs: 9, seconds: 1.0 });
    assert_eq!(standing(&theirs, "ECHO_TOOL-001"), Some(Standing::NotRun));
}

#[test]
fn a_count_of_zero_shows_nothing() {
    let mut record = passing(&library());
    for evidence in record.evidence.iter_mut().filter(|it| it.requirement == "DELAY-002" && it.driver == Some(DriverName::Qemu)) {
        evidence.count = 0;
    }
    assert_eq!(standing(&record, "DELAY-002"), Standing::Missing);
}

#[test]
fn one_failure_outweighs_any_number_of_passes() {
    let mut record = passing(&library());
    diverge(&mut record, "delay", "DELAY-002", EvidenceKind::Law, DriverName::Process, "broken");
    let coverage = Coverage::of(&library(), &record);
    let broken = coverage.requirement("DELAY-002").expect("the sample has it");
    assert_eq!(broken.standing, Standing::Failed);
    assert_eq!(broken.on(DriverName::Process), Some(Standing::Failed));
    assert_eq!(broken.on(DriverName::Qemu), Some(Standing::Passed));
    assert_eq!(coverage.overall, Overall::Diverges);
    assert_eq!(carried(&coverage)[1], Carried::NotProven);
}

#[test]
fn a_finding_of_a_kind_that_is_not_asked_for_still_breaks() {
    let mut record = passing(&library());
    diverge(&mut record, "delay", "DELAY-002", EvidenceKind::Golden, DriverName::Process, "broken");
    record.evidence.retain(|evidence| evidence.passed);
    assert_eq!(standing(&record, "DELAY-002"), Standing::Failed);
    let coverage = Coverage::of(&library(), &record);
    assert_eq!(coverage.requirement("DELAY-002").map(super::RequirementCoverage::lacking).as_deref(), Some("found broken"));
}

#[test]
fn a_driver_that_did_not_run_is_never_counted() {
    let mut record = passing(&library());
    leave_out(&mut record, DriverName::Qemu, "not installed");
    let coverage = Coverage::of(&library(), &record);
    let requirement = coverage.requirement("DELAY-001").expect("the sample has it");
    assert_eq!((requirement.standing, requirement.on(DriverName::Qemu)), (Standing::Passed, Some(Standing::NotRun)));
    assert_eq!((coverage.drivers[2].verdict, coverage.drivers[2].proven), (DriverVerdict::NotRun, 0));
    assert!(!coverage.has_failures());
    // With no driver left nothing is proven, whatever the harness shows about itself.
    leave_out(&mut record, DriverName::InProcess, "left out");
    leave_out(&mut record, DriverName::Process, "left out");
    let coverage = Coverage::of(&library(), &record);
    assert_eq!(coverage.requirement("DELAY-001").map(|it| it.standing), Some(Standing::NotRun));
    assert_eq!(coverage.overall, Overall::NothingRun);
}

#[test]
fn an_empty_record_proves_nothing() {
    let coverage = Coverage::of(&library(), &RunRecord::default());
    assert_eq!((coverage.overall, coverage.proven(), coverage.without_evidence.len()), (Overall::NothingRun, 0, 4));
}

#[test]
fn what_the_subject_lacks_is_neither_proven_nor_a_gap() {
    let coverage = Coverage::of(&library(), &mixed(&library()));
    let echo = coverage.requirement("ECHO-001").expect("the sample has it");
    assert_eq!((echo.standing, echo.on(DriverName::Process)), (Standing::NotSupported, Some(Standing::NotSupported)));
    assert_eq!(echo.lacking(), "exhaustive on process not supported");
    assert!(coverage.gaps().all(|it| it.id == "DELAY-002"));
}

#[test]
fn a_contract_that_was_not_asked_for_is_not_run() {
    let mut record = passing(&library());
    record.evidence.retain(|evidence| evidence.requirement != "ECHO-001");
    let coverage = Coverage::of(&library(), &record);
    assert_eq!(coverage.requirement("ECHO-001").map(|it| it.standing), Some(Standing::NotRun));
    assert_eq!((coverage.overall, coverage.without_evidence.as_slice()), (Overall::Conforms, &["ECHO-001".to_owned()][..]));
    assert_eq!(coverage.drivers[0].asked, 2);
}

#[test]
fn threads_and_memory_are_the_linked_in_implementations() {
    let mut record = passing(&library());
    withdraw(&mut record, "DELAY-003", EvidenceKind::Allocation, None);
    assert_eq!(standing(&record, "DELAY-003"), Standing::Missing);
    leave_out(&mut record, DriverName::InProcess, "not asked for");
    assert_eq!(standing(&record, "DELAY-003"), Standing::NotRun);
}
