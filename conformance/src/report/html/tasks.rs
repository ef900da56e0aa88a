//! The obligations of each document.

use crate::report::coverage::{Carried, Coverage, TaskCoverage, Totals};
use crate::report::text::html;
use spec_files::{Library, Obligation, TaskFile, WaiverKind};
use std::fmt::Write as _;

/// Ways of being carried, in the order of bars and legends.
const ORDER: [Carried; 7] = [
    Carried::Wholly,
    Carried::Partly,
    Carried::NotProven,
    Carried::Waived(WaiverKind::Planned),
    Carried::Waived(WaiverKind::Stub),
    Carried::Waived(WaiverKind::Process),
    Carried::Waived(WaiverKind::Outside),
];

/// The key of a way, for classes and for the filter.
fn key(carried: Carried) -> &'static str {
    match carried {
        Carried::Wholly => "wholly",
        Carried::Partly => "partly",
        Carried::NotProven => "not-proven",
        Carried::Waived(kind) => kind.name(),
    }
}

fn label(carried: Carried) -> &'static str {
    match carried {
        Carried::Wholly => "carried wholly",
        Carried::Partly => "carried partly",
        Carried::NotProven => "not proven",
        Carried::Waived(WaiverKind::Planned) => "waived: planned",
        Carried::Waived(WaiverKind::Stub) => "waived: stub",
        Carried::Waived(WaiverKind::Process) => "waived: process",
        Carried::Waived(WaiverKind::Outside) => "waived: outside",
    }
}

fn number(totals: &Totals, carried: Carried) -> usize {
    match carried {
        Carried::Wholly => totals.wholly,
        Carried::Partly => totals.partly,
        Carried::NotProven => totals.not_proven,
        Carried::Waived(kind) => totals.waived_as(kind),
    }
}

/// The section of all documents.
pub fn section(out: &mut String, library: &Library, coverage: &Coverage) {
    if library.tasks.is_empty() {
        return;
    }
    out.push_str(
        "<section id=\"tasks\"><h2>Obligations</h2>\n<p>What the source documents ask for, and how far proven requirements carry it.</p>\n",
    );
    bar(out, &coverage.totals);
    out.push_str("<ul class=\"legend\">");
    for carried in ORDER {
        let count = number(&coverage.totals, carried);
        if count > 0 {
            let _ = write!(out, "<li><i class=\"{}\"></i>{} <b>{count}</b></li>", key(carried), label(carried));
        }
    }
    out.push_str("</ul>\n<form class=\"filter\" id=\"filter\" hidden><input type=\"search\" id=\"filter-text\" placeholder=\"Filter by any word\" aria-label=\"Filter obligations\"><select id=\"filter-state\" aria-label=\"State\"><option value=\"\">every state</option>");
    for carried in ORDER {
        let _ = write!(out, "<option value=\"{}\">{}</option>", key(carried), label(carried));
    }
    out.push_str("</select><output id=\"filter-count\"></output></form>\n");
    for (task, covered) in library.tasks.iter().zip(&coverage.tasks) {
        one(out, task, covered, coverage);
    }
    out.push_str("</section>\n");
}

fn bar(out: &mut String, totals: &Totals) {
    out.push_str("<div class=\"bar\">");
    for carried in ORDER {
        let count = number(totals, carried);
        if count > 0 {
            let share = 100.0 * count as f64 / totals.obligations.max(1) as f64;
            let _ = write!(out, "<i class=\"{}\" style=\"width:{share:.2}%\" title=\"{} {count}\"></i>", key(carried), label(carried));
        }
    }
    out.push_str("</div>\n");
}

fn one(out: &mut String, task: &TaskFile, covered: &TaskCoverage, coverage: &Coverage) {
    let totals = &covered.totals;
    let _ = write!(
        out,
        "<details class=\"box task\"><summary><h3>{}</h3><span>{}</span><span class=\"quiet\">{} of {} carried{}</span>",
        html(&task.task.value),
        html(&task.title),
        totals.wholly + totals.partly,
        totals.obligations,
        if totals.not_proven > 0 { format!(", <b class=\"alarm\">{} not proven</b>", totals.not_proven) } else { String::new() }
    );
    bar(out, totals);
    out.push_str(
        "</summary>\n<table class=\"stack\"><thead><tr><th>Obligation</th><th>What it asks</th><th>Carried</th></tr></thead><tbody>\n",
    );
    for (obligation, carried) in task.obligations.iter().zip(&covered.obligations) {
        row(out, obligation, carried.carried, coverage);
    }
    out.push_str("</tbody></table></details>\n");
}

fn row(out: &mut String, obligation: &Obligation, carried: Carried, coverage: &Coverage) {
    let id = html(&obligation.id.value);
    let _ = write!(
        out,
        "<tr id=\"{id}\" data-state=\"{}\"><td><b class=\"id\">{id}</b><br><span class=\"quiet\">{}</span></td><td>{}</td><td><span class=\"state {}\">{}</span>",
        key(carried),
        html(&obligation.place),
        html(&obligation.text),
        key(carried),
        label(carried)
    );
    for requirement in &obligation.requirements {
        let proven = coverage.requirement(&requirement.value).is_some_and(|it| it.is_proven());
        let (class, symbol) = if proven { ("good", "✔") } else { ("bad", "✘") };
        let id = html(&requirement.value);
        let _ = write!(out, " <a class=\"tag {class}\" href=\"#{id}\">{id} {symbol}</a>");
    }
    if let Some(waiver) = &obligation.waiver {
        let contract = waiver.contract.as_ref().map(|name| format!("<code>{}</code>: ", html(name))).unwrap_or_default();
        let _ = write!(out, "<p class=\"quiet\">{contract}{}</p>", html(&waiver.reason));
    }
    out.push_str("</td></tr>\n");
}
