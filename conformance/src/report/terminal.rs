//! The summary that a run ends with on a terminal.

use super::coverage::{Cell, Coverage, DriverCoverage, DriverVerdict, Overall, RequirementCoverage, Standing};
use super::text;
use crate::evidence::{DriverRun, RunRecord};
use comfy_table::{CellAlignment, Table, presets};
use spec_files::{EvidenceKind, Library};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal;

/// Requirements that are listed by name, at most.
pub const LISTED_MAX: usize = 20;

/// Characters of a subject that are shown.
const SUBJECT_WIDTH: usize = 36;

/// The summary, in colour where standard output is a terminal and `NO_COLOR` is not set.
pub fn render(library: &Library, record: &RunRecord, coverage: &Coverage) -> String {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    render_with(library, record, coverage, wanted && std::io::stdout().is_terminal())
}

/// The summary, in colour or not.
pub fn render_with(library: &Library, record: &RunRecord, coverage: &Coverage, colour: bool) -> String {
    let paint = Paint(colour);
    let mut out = if record.drivers.is_empty() { String::new() } else { drivers(library, record, coverage, &paint) };
    total(&mut out, library, record, coverage, &paint);
    if let Some(run) = &record.commands {
        let broken = record.findings.iter().any(|finding| finding.kind == EvidenceKind::Command);
        let verdict = if broken { paint.bad("FAILED") } else { paint.good("passed") };
        let runs = text::count(run.runs);
        let _ = writeln!(out, "programs: {}, run {runs} times in {:.1} s, {verdict}", text::line(&run.subject, 80), run.seconds);
    }
    for run in &record.selftests {
        let verdict = if run.passed { paint.good("passed") } else { paint.bad("FAILED") };
        let _ = writeln!(out, "selftests, profile {}: {} answered, {verdict}", text::line(&run.profile, 40), run.answered);
    }
    lacking(&mut out, record, coverage, &paint);
    out.push_str("A pass proves nothing beyond the cases that were run and the documents as the contracts read them; see reports/coverage.md for what is waived.\n");
    out
}

fn drivers(library: &Library, record: &RunRecord, coverage: &Coverage, paint: &Paint) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["driver", "subject", "contracts", "cases", "steps", "speed", "proven", "verdict"]);
    for index in 2..=6 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for (run, covered) in record.drivers.iter().zip(&coverage.drivers) {
        table.add_row([
            run.driver.name().to_owned(),
            text::line(&run.subject, SUBJECT_WIDTH),
            format!("{}/{}", covered.contracts, library.driven()),
            text::count(run.cases),
            text::count(run.steps),
            text::rate(run.steps, run.seconds),
            format!("{}/{}", covered.proven, covered.asked),
            verdict(run, covered),
        ]);
    }
    let mut out = String::new();
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        // Colours come last, because they would count as width.
        let line = match index.checked_sub(1).and_then(|row| coverage.drivers.get(row)) {
            None => paint.faint(line),
            Some(covered) => paint_end(line, covered.verdict, paint),
        };
        let _ = writeln!(out, "{line}");
    }
    out
}

fn verdict(run: &DriverRun, covered: &DriverCoverage) -> String {
    let word = word(covered.verdict);
    match (covered.verdict, &run.not_run) {
        (DriverVerdict::NotRun, Some(why)) => format!("{word}: {}", text::line(why, 80)),
        _ if !run.not_supported.is_empty() => format!("{word}; not supported: {}", text::line(&run.not_supported.join(", "), 60)),
        _ => word.to_owned(),
    }
}

fn word(verdict: DriverVerdict) -> &'static str {
    match verdict {
        DriverVerdict::Passed => "passed",
        DriverVerdict::Failed => "FAILED",
        DriverVerdict::Incomplete => "INCOMPLETE",
        DriverVerdict::NotRun => "not run",
    }
}

fn paint_end(line: &str, verdict: DriverVerdict, paint: &Paint) -> String {
    let word = word(verdict);
    let Some(at) = line.rfind(word) else {
        return line.to_owned();
    };
    let (before, end) = line.split_at(at);
    let end = match verdict {
        DriverVerdict::Passed => paint.good(end),
        DriverVerdict::Failed => paint.bad(end),
        DriverVerdict::Incomplete | DriverVerdict::NotRun => paint.warn(end),
    };
    format!("{before}{end}")
}

fn total(out: &mut String, library: &Library, record: &RunRecord, coverage: &Coverage, paint: &Paint) {
    let seconds = record.drivers.iter().map(|run| run.seconds).chain(record.commands.iter().map(|run| run.seconds)).fold(0.0, f64::max);
    let word = match coverage.overall {
        Overall::Conforms => paint.good("conforms"),
        Overall::Diverges => paint.bad("DIVERGES"),
        Overall::Incomplete => paint.warn("INCOMPLETE"),
        Overall::NothingRun => paint.warn("NOTHING RUN, which is not a pass"),
    };
    let _ = writeln!(
        out,
        "\n{word}: {} steps compared in {seconds:.1} s, {} of {} requirements of {} contracts proven, seed {}",
        text::count(record.steps()),
        coverage.proven(),
        coverage.requirements.len(),
        library.contracts.len(),
        record.seed
    );
    let totals = &coverage.totals;
    let _ = writeln!(
        out,
        "obligations: {} in {} documents; {} carried wholly, {} partly, {} waived, {} not proven",
        totals.obligations,
        coverage.tasks.len(),
        totals.wholly,
        totals.partly,
        totals.waived_all(),
        totals.not_proven
    );
    let aside: Vec<&str> =
        library.contracts.iter().map(|it| it.contract.value.as_str()).filter(|name| !coverage.took_part.contains(*name)).collect();
    if !aside.is_empty() {
        let _ = writeln!(out, "took no part in this run: {}", aside.join(", "));
    }
}

fn lacking(out: &mut String, record: &RunRecord, coverage: &Coverage, paint: &Paint) {
    // What was found broken comes first. What waits for something that did not run is many, and one reason for all of them.
    let is_waiting = |it: &&RequirementCoverage| it.standing == Standing::NotRun;
    let rest = coverage.unproven().filter(|it| it.standing != Standing::Failed && !is_waiting(it));
    let listed: Vec<&RequirementCoverage> = coverage.broken().chain(rest).collect();
    if !listed.is_empty() {
        let _ = writeln!(out, "\nnot proven ({}):", listed.len());
    }
    for requirement in listed.iter().take(LISTED_MAX) {
        let id = if requirement.standing == Standing::Failed { paint.bad(&requirement.id) } else { paint.warn(&requirement.id) };
        let _ = writeln!(out, "  {id}  {}", text::line(&requirement.lacking(), 160));
    }
    if listed.len() > LISTED_MAX {
        let _ = writeln!(out, "  … and {} more", listed.len() - LISTED_MAX);
    }
    let waiting: Vec<&RequirementCoverage> = coverage.unproven().filter(is_waiting).collect();
    if !waiting.is_empty() {
        let not_run = |cell: &&Cell| cell.standing == Standing::NotRun;
        let kinds: BTreeSet<EvidenceKind> = waiting.iter().flat_map(|it| it.cells.iter().filter(not_run)).map(|cell| cell.kind).collect();
        let kinds: Vec<&str> = kinds.into_iter().map(EvidenceKind::name).collect();
        let _ = writeln!(out, "\nnot proven, because evidence of these kinds was not asked for ({}): {}", waiting.len(), kinds.join(", "));
    }
    if !record.findings.is_empty() {
        let _ = writeln!(out, "\nfindings ({}):", record.findings.len());
    }
    for finding in record.findings.iter().take(LISTED_MAX) {
        let driver = finding.driver.map_or("the harness", |driver| driver.name());
        let first = finding.message.lines().next().unwrap_or_default();
        let _ = writeln!(
            out,
            "  {} on {driver}, {}: {}",
            text::line(&finding.contract, 40),
            text::line(&finding.check, 60),
            text::line(first, 120)
        );
    }
    if record.findings.len() > LISTED_MAX {
        let _ = writeln!(out, "  … and {} more", record.findings.len() - LISTED_MAX);
    }
    out.push('\n');
}

/// Colours, or none.
struct Paint(bool);

impl Paint {
    fn code(&self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn good(&self, text: &str) -> String {
        self.code("32;1", text)
    }

    fn bad(&self, text: &str) -> String {
        self.code("31;1", text)
    }

    fn warn(&self, text: &str) -> String {
        self.code("33;1", text)
    }

    fn faint(&self, text: &str) -> String {
        self.code("2", text)
    }
}

#[cfg(test)]
mod tests {
    use super::render_with;
    use crate::evidence::{DriverName, RunRecord};
    use crate::report::coverage::Coverage;
    use crate::report::samples::{library, mixed, passing};

    fn summary(record: &RunRecord, colour: bool) -> String {
        let library = library();
        render_with(&library, record, &Coverage::of(&library, record), colour)
    }

    #[test]
    fn a_passing_run() {
        insta::assert_snapshot!(summary(&passing(&library()), false));
    }

    #[test]
    fn a_run_with_everything_that_goes_wrong() {
        insta::assert_snapshot!(summary(&mixed(&library()), false));
    }

    #[test]
    fn a_run_of_another_subject_alone() {
        let mut record = passing(&library());
        record.drivers.retain(|run| run.driver == DriverName::Process);
        record.evidence.retain(|evidence| evidence.driver == Some(DriverName::Process));
        insta::assert_snapshot!(summary(&record, false));
    }

    #[test]
    fn an_empty_run_is_no_pass() {
        let text = summary(&RunRecord::default(), false);
        assert!(text.contains("NOTHING RUN") && !text.contains("conforms"), "{text}");
    }

    #[test]
    fn colour_is_all_that_colour_changes() {
        let record = mixed(&library());
        let painted = summary(&record, true);
        assert!(painted.contains("\u{1b}[31;1mFAILED"), "{painted}");
        let mut plain = painted;
        for code in ["\u{1b}[32;1m", "\u{1b}[31;1m", "\u{1b}[33;1m", "\u{1b}[2m", "\u{1b}[0m"] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, summary(&record, false));
    }

    #[test]
    fn no_escape_sequence_of_a_subject_reaches_the_terminal() {
        assert!(!summary(&mixed(&library()), false).contains('\u{1b}'));
    }
}
