//! JUnit XML, for build servers: one suite per contract and driver, a case per requirement and kind of evidence.

use super::coverage::{Cell, Coverage, RequirementCoverage, Standing};
use crate::evidence::{DriverName, DriverRun, Finding, RunRecord};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use spec_files::Library;

/// The suite of what is shown once per run.
const ONCE: &str = "once per run";

/// The report.
pub fn render(library: &Library, record: &RunRecord, coverage: &Coverage) -> String {
    let mut report = Report::new("conformance");
    for contract in &library.contracts {
        let name = contract.contract.value.as_str();
        for driver in record.drivers.iter().map(Some).chain([None]) {
            let drivers_name = driver.map_or(ONCE, |run| run.driver.name());
            let mut suite = TestSuite::new(format!("{name} × {drivers_name}"));
            for requirement in coverage.requirements.iter().filter(|it| it.contract == name) {
                for cell in requirement.cells.iter().filter(|cell| cell.driver == driver.map(|run| run.driver)) {
                    let mut case = TestCase::new(format!("{} {}", requirement.id, cell.kind), status(requirement, cell, driver, record));
                    case.set_classname(format!("{name}.{drivers_name}"));
                    suite.add_test_case(case);
                }
            }
            if !suite.test_cases.is_empty() {
                report.add_test_suite(suite);
            }
        }
    }
    report.add_test_suites([selftests(record), other_findings(record, coverage)].into_iter().filter(|suite| !suite.test_cases.is_empty()));
    report
        .to_string()
        .unwrap_or_else(|error| format!("<!-- the report could not be written: {} -->\n", error.to_string().replace("--", "- -")))
}

fn status(requirement: &RequirementCoverage, cell: &Cell, run: Option<&DriverRun>, record: &RunRecord) -> TestCaseStatus {
    match cell.standing {
        Standing::Passed => TestCaseStatus::success(),
        Standing::Failed => match record.findings.iter().find(|finding| explains(finding, requirement, cell)) {
            Some(finding) => broken(finding),
            None => failure(&format!("{} failed a {} check", requirement.id, cell.kind), ""),
        },
        Standing::Missing => failure(&format!("no {} check exercised {} in this run", cell.kind, requirement.id), ""),
        Standing::NotSupported => skipped(&format!("not supported: {}", run.map(|run| run.not_supported.join("; ")).unwrap_or_default())),
        Standing::NotRun => {
            let why = run.and_then(|run| run.not_run.as_deref()).unwrap_or("nothing that shows it was asked for");
            skipped(&format!("not run: {why}"))
        }
    }
}

fn explains(finding: &Finding, requirement: &RequirementCoverage, cell: &Cell) -> bool {
    finding.kind == cell.kind && (cell.driver.is_none() || finding.driver == cell.driver) && finding.requirements.contains(&requirement.id)
}

fn broken(finding: &Finding) -> TestCaseStatus {
    failure(finding.message.lines().next().unwrap_or("diverges"), &finding.message)
}

fn failure(message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message);
    if !description.is_empty() {
        status.set_description(description);
    }
    status
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason);
    status
}

fn selftests(record: &RunRecord) -> TestSuite {
    let mut suite = TestSuite::new(format!("selftests × {}", DriverName::Qemu.name()));
    for run in &record.selftests {
        let status =
            if run.passed { TestCaseStatus::success() } else { failure("the guest's markers do not prove what they say", &run.verdict) };
        suite.add_test_case(TestCase::new(format!("profile {}", run.profile), status));
    }
    suite
}

/// Findings that no case above shows: a driver that could not be reached, a fault of the harness, or a check of a kind that the
/// requirement does not ask for.
fn other_findings(record: &RunRecord, coverage: &Coverage) -> TestSuite {
    let mut suite = TestSuite::new("findings");
    for finding in &record.findings {
        let shown = |requirement: &RequirementCoverage| {
            requirement.cells.iter().any(|cell| cell.standing == Standing::Failed && explains(finding, requirement, cell))
        };
        let is_selftest = record.selftests.iter().any(|run| !run.passed && run.finding().as_ref() == Some(finding));
        if !is_selftest && !coverage.requirements.iter().any(shown) {
            let driver = finding.driver.map_or("the harness", DriverName::name);
            suite.add_test_case(TestCase::new(format!("{} × {driver}: {}", finding.contract, finding.check), broken(finding)));
        }
    }
    suite
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::evidence::{DriverName, Finding, RunRecord, SelftestRun};
    use crate::report::coverage::Coverage;
    use crate::report::samples::{library, mixed, passing};
    use spec_files::EvidenceKind;

    fn report(record: &RunRecord) -> String {
        let library = library();
        render(&library, record, &Coverage::of(&library, record))
    }

    #[test]
    fn a_run_with_everything_that_goes_wrong() {
        insta::assert_snapshot!(report(&mixed(&library())));
    }

    #[test]
    fn a_passing_run_has_no_failure() {
        let text = report(&passing(&library()));
        assert!(text.contains("tests=\"15\" skipped=\"0\" failures=\"0\" errors=\"0\""), "{text}");
    }

    #[test]
    fn findings_without_a_requirement_are_shown() {
        let mut record = passing(&library());
        record.findings.push(Finding {
            contract: "every contract".to_owned(),
            driver: Some(DriverName::Qemu),
            kind: EvidenceKind::Property,
            check: "start".to_owned(),
            requirements: Vec::new(),
            message: "it could not be reached".to_owned(),
            case_file: None,
            ops: 0,
            seed: None,
        });
        let selftest = SelftestRun {
            profile: "core".to_owned(),
            challenge: "00".to_owned(),
            passed: false,
            answered: 0,
            verdict: "the digest is wrong".to_owned(),
            log: "uart.log".to_owned(),
        };
        record.findings.extend(selftest.finding());
        record.selftests.push(selftest);
        let text = report(&record);
        assert!(text.contains("every contract × qemu: start"), "{text}");
        assert_eq!(text.matches("the digest is wrong").count(), 1, "{text}");
    }
}
