//! The report as one HTML file: no other file, no network, readable on a phone, in the dark and on paper.

mod contracts;
mod tasks;

use super::coverage::{Coverage, DriverCoverage, DriverVerdict, Overall, Standing};
use super::pictures;
use super::svg::STYLE as PLOTS;
use super::text::{count, html, rate};
use crate::evidence::{DriverName, DriverRun, Finding, RunRecord};
use spec_files::{EvidenceKind, Library};
use std::fmt::Write as _;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/filter.js");

/// The report.
pub fn render(library: &Library, record: &RunRecord, coverage: &Coverage) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // The page asks nothing of anybody, whatever text it shows.
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    let _ = writeln!(out, "<title>Conformance: {}</title>\n<style>\n{PLOTS}{STYLE}</style>\n</head>\n<body>", headline(coverage.overall));
    banner(&mut out, library, record, coverage);
    nav(&mut out, library, record, coverage);
    out.push_str("<main>\n");
    drivers(&mut out, library, record, coverage);
    findings(&mut out, record);
    tasks::section(&mut out, library, coverage);
    contracts::sections(&mut out, library, coverage, &pictures::all());
    out.push_str("</main>\n");
    footer(&mut out, record);
    let _ = writeln!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>");
    out
}

fn headline(overall: Overall) -> &'static str {
    match overall {
        Overall::Conforms => "conforms",
        Overall::Diverges => "diverges",
        Overall::Incomplete => "incomplete",
        Overall::NothingRun => "nothing was run",
    }
}

/// The class of what stands like this.
fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Passed => "good",
        Standing::Failed => "bad",
        Standing::Missing => "gap",
        Standing::NotSupported | Standing::NotRun => "off",
    }
}

fn banner(out: &mut String, library: &Library, record: &RunRecord, coverage: &Coverage) {
    let (class, word, what) = match coverage.overall {
        Overall::Conforms => ("good", "Conforms", "Everything that this run asked was answered as the models answer it."),
        Overall::Diverges => ("bad", "Diverges", "A check found something broken; the findings below say what, and how to see it again."),
        Overall::Incomplete => ("gap", "Incomplete", "Nothing was found broken, but not everything that took part was exercised."),
        Overall::NothingRun => ("gap", "Nothing was run", "No step was compared, and nothing run is not a pass."),
    };
    let _ = write!(
        out,
        "<header class=\"banner {class}\"><div class=\"wide\"><p class=\"over\">Conformance report</p><h1>{word}</h1><p>{what}"
    );
    let out_of_it: Vec<&DriverRun> = record.drivers.iter().filter(|run| run.not_run.is_some()).collect();
    for run in out_of_it {
        let _ = write!(out, " <strong>{} was not run.</strong>", run.driver.name());
    }
    let aside = library.contracts.iter().filter(|contract| !coverage.took_part.contains(&contract.contract.value)).count();
    if aside > 0 && coverage.overall != Overall::NothingRun {
        let _ = write!(out, " <strong>{aside} of {} contracts took no part.</strong>", library.contracts.len());
    }
    out.push_str("</p><dl class=\"figures\">");
    let mut figure = |number: String, name: &str| {
        let _ = write!(out, "<div><dd>{number}</dd><dt>{name}</dt></div>");
    };
    figure(format!("{}<small>/{}</small>", coverage.proven(), coverage.requirements.len()), "requirements proven");
    figure(count(record.steps()), "steps compared");
    figure(record.findings.len().to_string(), if record.findings.len() == 1 { "finding" } else { "findings" });
    let ran = record.drivers.iter().filter(|run| run.not_run.is_none()).count();
    figure(format!("{ran}<small>/{}</small>", record.drivers.len()), "drivers ran");
    figure(
        format!("{}<small>/{}</small>", coverage.totals.wholly + coverage.totals.partly, coverage.totals.obligations),
        "obligations carried",
    );
    out.push_str("</dl></div></header>\n");
}

fn nav(out: &mut String, library: &Library, record: &RunRecord, coverage: &Coverage) {
    out.push_str("<nav><div class=\"wide\"><a href=\"#drivers\">Drivers</a>");
    if !record.findings.is_empty() {
        out.push_str("<a href=\"#findings\">Findings</a>");
    }
    if !coverage.tasks.is_empty() {
        out.push_str("<a href=\"#tasks\">Obligations</a>");
    }
    for contract in &library.contracts {
        let name = html(&contract.contract.value);
        let _ = write!(out, "<a class=\"contract\" href=\"#contract-{name}\">{name}</a>");
    }
    out.push_str("</div></nav>\n");
}

fn drivers(out: &mut String, library: &Library, record: &RunRecord, coverage: &Coverage) {
    out.push_str("<section id=\"drivers\"><h2>Drivers</h2><div class=\"cards\">\n");
    for (run, covered) in record.drivers.iter().zip(&coverage.drivers) {
        driver(out, run, covered, library.driven());
    }
    out.push_str("</div>\n");
    if let Some(run) = &record.commands {
        let broken = record.findings.iter().any(|finding| finding.kind == EvidenceKind::Command);
        let (class, word) = if broken { ("bad", "failed") } else { ("good", "passed") };
        let _ = writeln!(
            out,
            "<p class=\"box\"><span class=\"tag {class}\">{word}</span> Programs, on real files and sockets: <code>{}</code>, run {} times in {:.1} s</p>",
            html(&run.subject),
            count(run.runs),
            run.seconds
        );
    }
    for run in &record.selftests {
        let (class, word) = if run.passed { ("good", "passed") } else { ("bad", "failed") };
        let _ = writeln!(
            out,
            "<details class=\"box\"><summary><span class=\"tag {class}\">{word}</span> Selftests of the guest, profile {}: {} answers to a fresh challenge were the models'</summary><pre>{}</pre><p class=\"quiet\">challenge <code>{}</code>, log <code>{}</code></p></details>",
            html(&run.profile),
            run.answered,
            html(&run.verdict),
            html(&run.challenge),
            html(&run.log)
        );
    }
    out.push_str("</section>\n");
}

fn driver(out: &mut String, run: &DriverRun, covered: &DriverCoverage, contracts: usize) {
    let (class, word) = match covered.verdict {
        DriverVerdict::Passed => ("good", "passed"),
        DriverVerdict::Failed => ("bad", "failed"),
        DriverVerdict::Incomplete => ("gap", "incomplete"),
        DriverVerdict::NotRun => ("off", "not run"),
    };
    let _ = write!(out, "<article class=\"box card {class}\"><h3>{} <span class=\"tag {class}\">{word}</span></h3>", run.driver.name());
    if run.subject != run.driver.name() {
        let _ = write!(out, "<p class=\"quiet\"><code>{}</code></p>", html(&run.subject));
    }
    if let Some(why) = &run.not_run {
        let _ = writeln!(out, "<p>{}</p></article>", html(why));
        return;
    }
    let share = if covered.asked == 0 { 0.0 } else { 100.0 * covered.proven as f64 / covered.asked as f64 };
    let _ = write!(out, "<div class=\"bar\"><i class=\"{class}\" style=\"width:{share:.1}%\"></i></div><dl class=\"facts\">");
    let mut fact = |name: &str, value: String| {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    fact("requirements shown", format!("{} of {}", covered.proven, covered.asked));
    fact("contracts", format!("{} of {contracts}", covered.contracts));
    fact("cases", count(run.cases));
    fact("steps compared", count(run.steps));
    fact("time", format!("{:.1} s", run.seconds));
    fact("speed", rate(run.steps, run.seconds));
    out.push_str("</dl>");
    if !run.not_supported.is_empty() {
        out.push_str("<p>Not supported, and so not shown:</p><ul>");
        for lacking in &run.not_supported {
            let _ = write!(out, "<li>{}</li>", html(lacking));
        }
        out.push_str("</ul>");
    }
    out.push_str("</article>\n");
}

fn findings(out: &mut String, record: &RunRecord) {
    if record.findings.is_empty() {
        return;
    }
    out.push_str("<section id=\"findings\"><h2>Findings</h2>\n");
    for (index, finding) in record.findings.iter().enumerate() {
        // The first few are what a reader came for; a hundred of them would bury the page.
        let open = if index < 3 { " open" } else { "" };
        let _ = write!(out, "<details class=\"box finding\"{open}><summary>{}</summary>", title(finding));
        let _ = write!(out, "<pre>{}</pre>", html(&finding.message));
        let _ = write!(out, "<p class=\"quiet\">found by {} ({} evidence)", html(&finding.check), finding.kind);
        if finding.ops > 0 {
            let _ = write!(out, ", smallest case {} operations", finding.ops);
        }
        if let Some(file) = &finding.case_file {
            let _ = write!(out, ", case in <code>{}</code>", html(file));
        }
        if let Some(seed) = finding.seed {
            let _ = write!(out, ", seed {seed}");
        }
        out.push_str("</p></details>\n");
    }
    out.push_str("</section>\n");
}

fn title(finding: &Finding) -> String {
    let mut title = String::new();
    for id in &finding.requirements {
        let _ = write!(title, "<a class=\"id\" href=\"#{0}\">{0}</a> ", html(id));
    }
    let _ = write!(title, "{} on {}", html(&finding.contract), finding.driver.map_or("the harness", DriverName::name));
    title
}

fn footer(out: &mut String, record: &RunRecord) {
    let _ = writeln!(
        out,
        "<footer class=\"wide\"><p>Seed {0}; <code>cargo conform all --seed {0}</code> draws the same random cases. A pass proves nothing beyond \
         the cases that were run and the documents as the contracts read them; every decision where a document leaves something open \
         stands with its contract. The pictures are drawn from the reference models' answers.</p></footer>",
        record.seed
    );
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
