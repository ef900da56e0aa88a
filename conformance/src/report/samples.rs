//! Libraries and records for the tests of the reports.

use crate::evidence::{DriverName, DriverRun, Evidence, Finding, RunRecord};
use spec_files::{EvidenceKind, Library};

const DELAY: &str = r#"
contract: delay
version: 1
title: A delay line
summary: "What goes in comes out later. <script>alert('summary')</script>"
constants: []
bounds:
  - {name: DELAY_FRAMES_MAX, type: u32, value: 48000, unit: frames, error: too_long, reject_test: test_reject_delay, doc: "Longest <delay>."}
errors:
  - {name: too_long, code: 1, doc: Too long.}
decisions:
  - {id: DELAY-D1, open_point: "Is 0 a delay?", decision: "Yes | no.", why: "Because </td> ends cells."}
requirements:
  - {id: DELAY-001, text: "Frames come out *in order* | bit for bit.", source: {document: DOC-1, where: "Goal 1"}, evidence: [property, golden, violation]}
  - {id: DELAY-002, text: "A delay <b>over</b> the bound is rejected.", source: {document: DOC-1, where: "Goal 2"}, evidence: [law]}
  - {id: DELAY-003, text: "Nothing is allocated.", source: {document: DOC-1, where: "Goal 3"}, evidence: [allocation]}
"#;

const ECHO: &str = r#"
contract: echo
version: 1
title: An echo
summary: It repeats.
constants: []
bounds: []
errors: []
decisions: []
requirements:
  - {id: ECHO-001, text: "It repeats once.", source: {document: DOC-1, where: "Goal 4"}, evidence: [exhaustive, violation]}
"#;

const DOC: &str = r#"
task: DOC-1
title: "Sound <effects>"
obligations:
  - {id: D1-001, where: "Goal 1", text: "Order | is \"kept\".", requirements: [DELAY-001]}
  - {id: D1-002, where: "Goal 2", text: "It is bounded.", requirements: [DELAY-002, DELAY-003], waiver: {kind: planned, contract: reverb, reason: "The rest comes with reverb."}}
  - {id: D1-003, where: "Goal 4", text: "It repeats.", requirements: [ECHO-001]}
  - {id: D1-004, where: "Rules", text: "People are <i>kind</i>.", waiver: {kind: process, reason: "A rule about people \"'><img src=x onerror=alert(1)>."}}
"#;

/// Two contracts and one document, with text that would break a careless report.
pub fn library() -> Library {
    let contracts = [("spec/contracts/delay.yaml", DELAY), ("spec/contracts/echo.yaml", ECHO)];
    let markers =
        "version: 1\nbounds: {line_bytes_max: 1, log_bytes_max: 1, lines_max: 1}\nreserved_prefixes: []\nmarkers: []\nprofiles: []\n";
    Library::parse(&contracts, &[("spec/tasks/DOC-1.yaml", DOC)], ("spec/markers.yaml", markers)).expect("the sample is valid")
}

/// A run of all drivers that shows everything that the library asks for.
pub fn passing(library: &Library) -> RunRecord {
    let mut record = RunRecord { version: 1, seed: 42, ..RunRecord::default() };
    for (index, driver) in DriverName::ALL.into_iter().enumerate() {
        record.drivers.push(DriverRun {
            driver,
            subject: driver.name().to_owned(),
            not_run: None,
            steps: 12_345_678 >> (2 * index),
            cases: 20_000 >> (2 * index),
            seconds: 1.25 + index as f64,
            not_supported: Vec::new(),
        });
    }
    for (index, (_, requirement)) in library.requirements().enumerate() {
        for kind in &requirement.evidence {
            let drivers = if kind.once_per_run() { vec![None] } else { DriverName::ALL.map(Some).to_vec() };
            for driver in drivers {
                record.evidence.push(Evidence {
                    requirement: requirement.id.value.clone(),
                    kind: *kind,
                    driver,
                    check: format!("{kind} check"),
                    count: if *kind == EvidenceKind::Violation { 1 } else { 1000 + 77 * index as u64 },
                    seed: Some(42),
                    passed: true,
                    note: String::new(),
                });
            }
        }
    }
    record
}

/// Makes a driver one that did not run.
pub fn leave_out(record: &mut RunRecord, driver: DriverName, why: &str) {
    for run in record.drivers.iter_mut().filter(|run| run.driver == driver) {
        (run.not_run, run.steps, run.cases, run.seconds) = (Some(why.to_owned()), 0, 0, 0.0);
    }
    record.evidence.retain(|evidence| evidence.driver != Some(driver));
}

/// Takes the evidence of one kind away from one driver.
pub fn withdraw(record: &mut RunRecord, requirement: &str, kind: EvidenceKind, driver: Option<DriverName>) {
    record.evidence.retain(|it| it.requirement != requirement || it.kind != kind || it.driver != driver);
}

/// Adds a finding, with the failed evidence that comes with it.
pub fn diverge(record: &mut RunRecord, contract: &str, requirement: &str, kind: EvidenceKind, driver: DriverName, message: &str) {
    let check = "random cases".to_owned();
    record.evidence.push(Evidence {
        requirement: requirement.to_owned(),
        kind,
        driver: Some(driver),
        check: check.clone(),
        count: 1,
        seed: Some(42),
        passed: false,
        note: String::new(),
    });
    record.findings.push(Finding {
        contract: contract.to_owned(),
        driver: Some(driver),
        kind,
        check,
        requirements: vec![requirement.to_owned()],
        message: message.to_owned(),
        case_file: Some(format!("reports/cases/{contract}-01234567.json")),
        ops: 3,
        seed: Some(42),
    });
}

/// One run with everything that can go wrong: a divergence, a gap, a driver that did not run, a contract that is lacking.
pub fn mixed(library: &Library) -> RunRecord {
    let mut record = passing(library);
    leave_out(&mut record, DriverName::Qemu, "qemu-system-riscv64 is not installed");
    for run in record.drivers.iter_mut().filter(|run| run.driver == DriverName::Process) {
        run.subject = "process:python3 sut.py\u{1b}[31m".to_owned();
        run.not_supported = vec!["echo: not in hello".to_owned()];
    }
    withdraw(&mut record, "ECHO-001", EvidenceKind::Exhaustive, Some(DriverName::Process));
    withdraw(&mut record, "DELAY-002", EvidenceKind::Law, Some(DriverName::Process));
    diverge(
        &mut record,
        "delay",
        "DELAY-001",
        EvidenceKind::Property,
        DriverName::Process,
        "DELAY-001 is broken\n  expected: [1, 2]\n  got:      [2, 1] </pre><script>alert(1)</script>\u{1b}[31m\n  next:     cargo conform replay reports/cases/delay-01234567.json --driver process\n",
    );
    record
}
