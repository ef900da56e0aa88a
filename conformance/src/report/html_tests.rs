//! The page is whole, harmless and alone.

use super::render;
use crate::evidence::{RunRecord, SelftestRun};
use crate::report::coverage::Coverage;
use crate::report::samples::{library, mixed, passing};
use spec_files::Library;

fn page(library: &Library, record: &RunRecord) -> String {
    render(library, record, &Coverage::of(library, record))
}

/// The page without its own script and its own style sheet.
fn body(page: &str) -> &str {
    let start = page.find("<body>").expect("a page has a body");
    let end = page.find("<script>\n(()").expect("a page has its script");
    &page[start..end]
}

#[test]
fn no_text_of_others_is_markup() {
    let library = library();
    let mut record = mixed(&library);
    record.selftests.push(SelftestRun {
        profile: "<s>".to_owned(),
        challenge: "<s>".to_owned(),
        passed: false,
        answered: 0,
        verdict: "</pre><script>alert(2)</script>".to_owned(),
        log: "\"><s>".to_owned(),
    });
    for run in &mut record.drivers {
        run.subject.push_str("<s onclick='x'>");
        run.not_supported.push("<s>".to_owned());
        run.not_run = run.not_run.as_ref().map(|why| format!("{why} <s>"));
    }
    for finding in &mut record.findings {
        finding.check = "<s>".to_owned();
        finding.contract = "<s>".to_owned();
        finding.requirements.push("\"><s>".to_owned());
        finding.case_file = Some("<s>".to_owned());
    }
    for evidence in &mut record.evidence {
        evidence.check = "\"><s>".to_owned();
    }
    let page = page(&library, &record);
    let body = body(&page);
    for markup in ["<script", "<img", "<s>", "<s ", "<b>over", "<effects", "<delay>", "<i>kind", "\u{1b}"] {
        assert!(!body.contains(markup), "{markup} in the page");
    }
    // It is shown all the same.
    for shown in ["&lt;script&gt;alert(1)", "&lt;script&gt;alert(2)", "&lt;img src=x onerror=alert(1)&gt;", "&lt;/td&gt; ends cells"] {
        assert!(body.contains(shown), "{shown} is not in the page");
    }
}

#[test]
fn every_element_is_closed() {
    let library = library();
    let page = page(&library, &mixed(&library));
    let mut open: Vec<&str> = Vec::new();
    for tag in body(&page).split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if tag.ends_with('/') || matches!(name, "br" | "input" | "meta") {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "an element ends within another");
        } else {
            open.push(name);
        }
    }
    assert_eq!(open, ["body"]);
}

#[test]
fn it_needs_no_other_file() {
    let library = Library::embedded().expect("the contracts are valid");
    let page = page(&library, &passing(&library));
    for reference in ["src=", "url(", "@import", "<link", "http://", "https://", "fetch("] {
        assert!(!page.contains(reference), "{reference} in the page");
    }
    assert!(page.len() < 2_000_000, "the page has {} bytes", page.len());
}

#[test]
fn every_obligation_requirement_and_decision_is_on_it() {
    let library = Library::embedded().expect("the contracts are valid");
    let page = page(&library, &passing(&library));
    let obligations = library.tasks.iter().flat_map(|task| &task.obligations).map(|it| &it.id.value);
    let decisions = library.contracts.iter().flat_map(|contract| &contract.decisions).map(|it| &it.id.value);
    for id in obligations.chain(decisions).chain(library.requirements().map(|(_, it)| &it.id.value)) {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    for picture in crate::report::pictures::all() {
        assert!(page.contains(&picture.svg), "the picture of {} is missing", picture.contract);
    }
}

#[test]
fn the_verdict_is_the_coverages() {
    let library = library();
    assert!(page(&library, &passing(&library)).contains("<header class=\"banner good\">"));
    let mixed = page(&library, &mixed(&library));
    assert!(mixed.contains("<header class=\"banner bad\">") && mixed.contains("<strong>qemu was not run.</strong>"));
    let empty = page(&library, &RunRecord::default());
    assert!(empty.contains("Nothing was run") && !empty.contains("banner good"));
}

#[test]
fn features_of_every_format_are_in_both_reports() {
    let library = Library::embedded().expect("the contracts are valid");
    let record = passing(&library);
    let (page, text) = (page(&library, &record), crate::report::markdown::render(&library, &record, &Coverage::of(&library, &record)));
    for row in crate::contracts::features::formats().iter().flat_map(|format| &format.rows) {
        let golden = row.goldens.first().expect("a golden");
        let html_row = format!("<tr><td>{}</td><td>{}", crate::report::text::html(&row.feature), crate::report::text::html(golden));
        assert!(page.contains(&html_row), "{html_row} is not in the page");
        let line = format!("\n| {} | {}", crate::report::text::markdown(&row.feature), crate::report::text::markdown(golden));
        assert!(text.contains(&line), "{line} is not in the Markdown");
    }
}
