//! Verdicts for other programs: JUnit and JSON.

use crate::fault::Fault;
use crate::judge::{Outcome, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// A verdict as JSON, with a line end.
///
/// # Errors
/// Never for a verdict; those of the writer.
pub fn json(verdict: &Verdict) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(verdict)? + "\n")
}

/// A verdict as a JUnit report: one test case for each marker of the plan, one for the run as a whole, and one for its proof,
/// which is skipped where nothing could be proven.
///
/// # Errors
/// Those of the writer.
pub fn junit(verdict: &Verdict, time: Duration) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new(format!("uart-{}", verdict.profile));
    suite.set_time(time);
    for key in &verdict.plan {
        let faults = verdict.faults.iter().filter(|fault| fault.about.as_ref() == Some(key));
        let mut case = test_case(key, faults);
        let seen = verdict.markers.iter().any(|seen| seen.key == *key);
        if !seen && matches!(case.status, TestCaseStatus::Success { .. }) {
            case = failed(key, "missing", "The marker is missing.".to_owned());
        }
        suite.add_test_case(case);
    }
    let rest = verdict.faults.iter().filter(|fault| fault.about.as_ref().is_none_or(|about| !verdict.plan.contains(about)));
    suite.add_test_case(test_case("run", rest));
    let mut proof = TestCase::new("proof", TestCaseStatus::success());
    if verdict.outcome != Outcome::Passed {
        let mut status = TestCaseStatus::skipped();
        status.set_message(if verdict.outcome == Outcome::Failed { "the run failed".to_owned() } else { verdict.proof.to_string() });
        proof.status = status;
    }
    suite.add_test_case(proof);
    let mut report = Report::new("qemu-runner");
    report.set_time(time);
    report.add_test_suite(suite);
    report.to_string()
}

fn test_case<'a>(name: &str, faults: impl Iterator<Item = &'a Fault>) -> TestCase {
    let mut kinds = Vec::new();
    let mut text = String::new();
    for fault in faults {
        kinds.push(format!("{:?}", fault.kind));
        text.push_str(&fault.to_string());
        text.push('\n');
    }
    if kinds.is_empty() { TestCase::new(name, TestCaseStatus::success()) } else { failed(name, &kinds.join(", "), text) }
}

fn failed(name: &str, kinds: &str, text: String) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(kinds).set_description(text);
    TestCase::new(name, status)
}
