//! The committed report: `reports/coverage.md`.
//!
//! It says which obligation is carried by what, and nothing that changes from run to run: no counts, seeds, times, versions or
//! names of machines. So a difference from the committed file is a difference in what is proven.

use super::coverage::{Carried, Coverage, RequirementCoverage, Standing, Totals};
use super::text;
use crate::contracts::features;
use crate::evidence::{DriverName, RunRecord};
use spec_files::{ContractFile, EvidenceKind, Library, Obligation, TaskFile, WaiverKind};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Lines of a difference that are shown.
pub const DIFF_LINES_MAX: usize = 60;

/// The report.
pub fn render(library: &Library, _record: &RunRecord, coverage: &Coverage) -> String {
    let mut out = String::new();
    out.push_str("# Coverage\n\n");
    out.push_str("Which obligation of which document is carried by which requirement, and what showed it. Generated from a run of every\n");
    out.push_str("contract on every driver; `cargo conformance` checks that it is up to date, and\n");
    out.push_str("`cargo conform report --update` writes it anew from the last run.\n\n");
    out.push_str(
        "A requirement is proven (✔) only where every kind of evidence that its contract asks for was shown in the run, by every\n",
    );
    out.push_str(
        "driver that the kind is asked of, and nothing failed; otherwise it is not (✘). Of evidence: ✔ passed, ✘ failed, ∅ missing,\n",
    );
    out.push_str("⊘ not supported by the subject, – not run.\n\n");
    let _ = writeln!(out, "{} of {} requirements are proven.\n", coverage.proven(), coverage.requirements.len());
    totals(&mut out, library, coverage);
    for task in &library.tasks {
        task_table(&mut out, task, coverage);
    }
    out.push_str("\n## Contracts\n");
    for contract in &library.contracts {
        contract_table(&mut out, contract, coverage);
        feature_table(&mut out, &contract.contract.value);
    }
    out
}

fn totals(out: &mut String, library: &Library, coverage: &Coverage) {
    out.push_str("## Obligations\n\n");
    out.push_str("| document | obligations | carried wholly | partly, rest waived |");
    for kind in WaiverKind::ALL {
        let _ = write!(out, " waived: {} |", kind.name());
    }
    out.push_str(" NOT PROVEN |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let mut row = |name: &str, totals: &Totals| {
        let _ = write!(out, "| {name} | {} | {} | {} |", totals.obligations, totals.wholly, totals.partly);
        for kind in WaiverKind::ALL {
            let _ = write!(out, " {} |", totals.waived_as(kind));
        }
        let _ = writeln!(out, " {} |", totals.not_proven);
    };
    for (task, file) in coverage.tasks.iter().zip(&library.tasks) {
        row(&format!("{}: {}", text::markdown(&task.task), text::markdown(&file.title)), &task.totals);
    }
    row("**all**", &coverage.totals);
}

fn task_table(out: &mut String, task: &TaskFile, coverage: &Coverage) {
    let _ = write!(out, "\n## {}: {}\n\n", text::markdown(&task.task.value), text::markdown(&task.title));
    out.push_str("| obligation | where | what it asks | carried | by | shown by | waiver |\n|---|---|---|---|---|---|---|\n");
    let carried = coverage.tasks.iter().find(|it| it.task == task.task.value);
    for (index, obligation) in task.obligations.iter().enumerate() {
        let carried = carried.and_then(|it| it.obligations.get(index)).map_or(Carried::NotProven, |it| it.carried);
        let by: Vec<&RequirementCoverage> = obligation.requirements.iter().filter_map(|id| coverage.requirement(&id.value)).collect();
        let marks: Vec<String> = by.iter().map(|it| format!("{} {}", text::markdown(&it.id), mark(it))).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            text::markdown(&obligation.id.value),
            text::markdown(&obligation.place),
            text::markdown(&obligation.text),
            carried.name(),
            marks.join(", "),
            shown_by(&by),
            waiver(obligation)
        );
    }
}

fn waiver(obligation: &Obligation) -> String {
    obligation.waiver.as_ref().map_or_else(String::new, |waiver| {
        let contract = waiver.contract.as_ref().map(|name| format!(" ({})", text::markdown(name))).unwrap_or_default();
        format!("**{}**{contract}: {}", waiver.kind.name(), text::markdown(&waiver.reason))
    })
}

fn mark(requirement: &RequirementCoverage) -> &'static str {
    if requirement.is_proven() { "✔" } else { "✘" }
}

/// Kinds of evidence, joined where the same drivers showed them: "property, golden: in-process, qemu; violation".
fn shown_by(requirements: &[&RequirementCoverage]) -> String {
    let mut groups: Vec<(Vec<DriverName>, Vec<EvidenceKind>)> = Vec::new();
    for kind in EvidenceKind::ALL {
        let cells = || requirements.iter().flat_map(|it| &it.cells).filter(|cell| cell.kind == kind);
        let failing: BTreeSet<Option<DriverName>> =
            cells().filter(|cell| cell.standing != Standing::Passed).map(|cell| cell.driver).collect();
        let passing: BTreeSet<Option<DriverName>> = cells().map(|cell| cell.driver).filter(|driver| !failing.contains(driver)).collect();
        if passing.is_empty() {
            continue;
        }
        let drivers: Vec<DriverName> = passing.into_iter().flatten().collect();
        match groups.iter_mut().find(|(known, _)| *known == drivers) {
            Some((_, kinds)) => kinds.push(kind),
            None => groups.push((drivers, vec![kind])),
        }
    }
    let texts: Vec<String> = groups
        .into_iter()
        .map(|(drivers, kinds)| {
            let kinds = kinds.into_iter().map(EvidenceKind::name).collect::<Vec<_>>().join(", ");
            let drivers = drivers.into_iter().map(DriverName::name).collect::<Vec<_>>().join(", ");
            if drivers.is_empty() { kinds } else { format!("{kinds}: {drivers}") }
        })
        .collect();
    texts.join("; ")
}

fn contract_table(out: &mut String, contract: &ContractFile, coverage: &Coverage) {
    // Where there is no machine no driver reaches one.
    let drivers: Vec<DriverName> = coverage.drivers.iter().filter(|_| contract.has_machine()).map(|it| it.driver).collect();
    let _ = write!(
        out,
        "\n### {}: {}\n\n| requirement | what must hold |",
        text::markdown(&contract.contract.value),
        text::markdown(&contract.title)
    );
    for driver in &drivers {
        let _ = write!(out, " {} |", driver.name());
    }
    out.push_str(" once per run |\n|---|---|");
    out.push_str(&"---|".repeat(drivers.len() + 1));
    out.push('\n');
    for requirement in &contract.requirements {
        let Some(covered) = coverage.requirement(&requirement.id.value) else {
            continue;
        };
        let _ = write!(out, "| {} {} | {} |", text::markdown(&covered.id), mark(covered), text::markdown(&requirement.text));
        for driver in drivers.iter().map(|driver| Some(*driver)).chain([None]) {
            let cells: Vec<String> = covered
                .cells
                .iter()
                .filter(|cell| cell.driver == driver)
                .map(|cell| format!("{} {}", cell.kind, cell.standing.symbol()))
                .collect();
            let _ = write!(out, " {} |", cells.join(", "));
        }
        out.push('\n');
    }
}

/// Goldens that are named for a feature, at most; there may be a hundred.
const GOLDENS_NAMED_MAX: usize = 4;

/// Features of a decoder's format, and what exercises them.
fn feature_table(out: &mut String, contract: &str) {
    let Some(format) = features::of(contract) else { return };
    out.push_str("\n| feature of the format | goldens that exercise it | files of other encoders |\n|---|---|---|\n");
    for row in &format.rows {
        let mut named: Vec<String> = row.goldens.iter().take(GOLDENS_NAMED_MAX).map(|name| text::markdown(name)).collect();
        if row.goldens.len() > GOLDENS_NAMED_MAX {
            named.push(format!("and {} more", row.goldens.len() - GOLDENS_NAMED_MAX));
        }
        let _ = writeln!(out, "| {} | {} | {} |", text::markdown(&row.feature), named.join(", "), text::markdown(&row.fixtures.join(", ")));
    }
}

/// How the committed report differs from a fresh one, as a unified diff of bounded length; `None` where it does not. What got
/// worse comes first: a requirement that the committed report calls proven and the fresh one does not.
pub fn is_stale(committed: &str, fresh: &str) -> Option<String> {
    // A checkout may have turned the ends of lines.
    let committed = committed.replace("\r\n", "\n");
    if committed == fresh {
        return None;
    }
    let mut out = String::new();
    let worse = worse(&committed, fresh);
    if !worse.is_empty() {
        let _ = writeln!(out, "WORSE: proven in the committed report, and not now: {}", worse.join(", "));
    }
    let diff = format!("--- committed\n+++ this run\n{}", text::unified_diff(&committed, fresh, 0));
    let lines: Vec<&str> = diff.lines().collect();
    for line in lines.iter().take(DIFF_LINES_MAX) {
        let _ = writeln!(out, "{}", text::line(line, 400));
    }
    if lines.len() > DIFF_LINES_MAX {
        let _ = writeln!(out, "… and {} lines more", lines.len() - DIFF_LINES_MAX);
    }
    Some(out)
}

/// Requirements that the committed report calls proven and the fresh one does not, in the committed order.
pub fn worse(committed: &str, fresh: &str) -> Vec<String> {
    let now: BTreeSet<&str> = proven(fresh).collect();
    proven(committed).filter(|id| !now.contains(id)).map(str::to_owned).collect()
}

/// Requirements that a report calls proven: those rows of the contracts' tables start with the id and a mark.
fn proven(report: &str) -> impl Iterator<Item = &str> {
    report.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" ✔ | ").map(|(id, _)| id)).filter(|id| !id.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::{DIFF_LINES_MAX, is_stale, render, worse};
    use crate::evidence::{DriverName, RunRecord};
    use crate::report::coverage::Coverage;
    use crate::report::samples::{library, mixed, passing, withdraw};
    use spec_files::EvidenceKind;

    fn report(record: &RunRecord) -> String {
        let library = library();
        render(&library, record, &Coverage::of(&library, record))
    }

    #[test]
    fn a_passing_run() {
        insta::assert_snapshot!(report(&passing(&library())));
    }

    #[test]
    fn a_run_with_everything_that_goes_wrong() {
        insta::assert_snapshot!(report(&mixed(&library())));
    }

    #[test]
    fn nothing_in_it_changes_from_run_to_run() {
        let first = passing(&library());
        let mut second = first.clone();
        second.seed += 1;
        second.evidence.reverse();
        for evidence in &mut second.evidence {
            evidence.count += 5;
            evidence.check.push_str(" of another name");
        }
        for driver in &mut second.drivers {
            (driver.steps, driver.seconds, driver.subject) = (driver.steps + 1, 99.0, "/home/someone/sut".to_owned());
        }
        assert_eq!(report(&first), report(&second));
    }

    #[test]
    fn an_equal_report_is_not_stale() {
        let fresh = report(&passing(&library()));
        assert_eq!(is_stale(&fresh, &fresh), None);
        assert_eq!(is_stale(&fresh.replace('\n', "\r\n"), &fresh), None);
    }

    #[test]
    fn a_requirement_that_is_proven_no_more_is_worse() {
        let committed = report(&passing(&library()));
        let mut record = passing(&library());
        withdraw(&mut record, "DELAY-001", EvidenceKind::Golden, Some(DriverName::Qemu));
        let fresh = report(&record);
        assert_eq!(worse(&committed, &fresh), ["DELAY-001"]);
        assert!(worse(&fresh, &committed).is_empty());
        let diff = is_stale(&committed, &fresh).expect("they differ");
        assert!(diff.starts_with("WORSE: proven in the committed report, and not now: DELAY-001\n"), "{diff}");
        assert!(diff.contains("\n-| DELAY-001 ✔ ") && diff.contains("\n+| DELAY-001 ✘ "), "{diff}");
        let better = is_stale(&fresh, &committed).expect("they differ");
        assert!(!better.contains("WORSE"), "{better}");
    }

    #[test]
    fn a_large_difference_is_cut() {
        let old = "x\n".repeat(5000);
        let diff = is_stale(&old, "y\n").expect("they differ");
        assert!(diff.lines().count() <= DIFF_LINES_MAX + 1);
        assert!(diff.ends_with("lines more\n"), "{diff}");
        assert!(is_stale("", "y\n").is_some());
    }
}
