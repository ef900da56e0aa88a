//! One section per contract.

use super::class;
use crate::contracts::features;
use crate::report::coverage::{Cell, Coverage, RequirementCoverage};
use crate::report::pictures::Picture;
use crate::report::text::{count, html};
use spec_files::{ContractFile, Library, Requirement};
use std::fmt::Write as _;

/// The sections of all contracts.
pub fn sections(out: &mut String, library: &Library, coverage: &Coverage, pictures: &[Picture]) {
    for contract in &library.contracts {
        one(out, contract, coverage, pictures);
    }
}

fn one(out: &mut String, contract: &ContractFile, coverage: &Coverage, pictures: &[Picture]) {
    let name = html(&contract.contract.value);
    let own = || coverage.requirements.iter().filter(|it| it.contract == contract.contract.value);
    let (proven, all) = (own().filter(|it| it.is_proven()).count(), own().count());
    let state = if proven == all {
        "good"
    } else if own().any(|it| class(it.standing) == "bad") {
        "bad"
    } else {
        "gap"
    };
    let _ = writeln!(
        out,
        "<section id=\"contract-{name}\" class=\"contract\"><h2><code>{name}</code> {} <span class=\"tag {state}\">{proven} of {all} proven</span></h2>\n<p class=\"lead\">{}</p>",
        html(&contract.title),
        html(&contract.summary)
    );
    out.push_str("<div class=\"pictures\">");
    for picture in pictures.iter().filter(|it| it.contract == contract.contract.value) {
        let _ = writeln!(out, "<figure>{}<figcaption>{}</figcaption></figure>", picture.svg, html(&picture.caption));
    }
    out.push_str("</div>\n<ul class=\"requirements\">\n");
    for requirement in &contract.requirements {
        if let Some(covered) = coverage.requirement(&requirement.id.value) {
            item(out, requirement, covered);
        }
    }
    out.push_str("</ul>\n");
    decisions(out, contract);
    bounds(out, contract);
    features(out, &contract.contract.value);
    out.push_str("</section>\n");
}

fn item(out: &mut String, requirement: &Requirement, covered: &RequirementCoverage) {
    let id = html(&requirement.id.value);
    let state = class(covered.standing);
    let _ = write!(
        out,
        "<li id=\"{id}\" class=\"{state}\"><span class=\"id\">{id}</span><div><p>{} <span class=\"quiet source\">{}, {}</span></p><div class=\"chips\">",
        html(&requirement.text),
        html(&requirement.source.document.value),
        html(&requirement.source.place)
    );
    let mut rest = covered.cells.as_slice();
    while let Some(first) = rest.first() {
        let (cells, after) = rest.split_at(rest.iter().take_while(|cell| cell.kind == first.kind).count());
        rest = after;
        let _ = write!(out, "<span class=\"chip\"><b>{}</b>", first.kind);
        for cell in cells {
            evidence(out, cell);
        }
        out.push_str("</span>");
    }
    out.push_str("</div></div></li>\n");
}

fn evidence(out: &mut String, cell: &Cell) {
    let whom = cell.driver.map(|driver| driver.name());
    let shown = if cell.count > 0 { format!(", {} by {}", count(cell.count), cell.checks.join(", ")) } else { String::new() };
    let hint = format!("{} {}{shown}", whom.unwrap_or("once per run"), cell.standing.name());
    let _ = write!(out, "<span class=\"{}\" title=\"{}\">{}", class(cell.standing), html(&hint), cell.standing.symbol());
    if let Some(whom) = whom {
        let _ = write!(out, " {whom}");
    }
    out.push_str("</span>");
}

fn decisions(out: &mut String, contract: &ContractFile) {
    if contract.decisions.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<details class=\"box\"><summary>Decisions where the documents leave something open ({})</summary>",
        contract.decisions.len()
    );
    for decision in &contract.decisions {
        let id = html(&decision.id.value);
        let _ = writeln!(
            out,
            "<div class=\"decision\" id=\"{id}\"><b class=\"id\">{id}</b><p class=\"quiet\">{}</p><p>{}</p><p class=\"why\">{}</p></div>",
            html(&decision.open_point),
            html(&decision.decision),
            html(&decision.why)
        );
    }
    out.push_str("</details>\n");
}

/// Features of the format, and what exercises them.
fn features(out: &mut String, contract: &str) {
    let Some(format) = features::of(contract) else { return };
    let _ = writeln!(
        out,
        "<details class=\"box\"><summary>Features of the format and what exercises them ({})</summary><table class=\"stack\"><thead><tr><th>Feature</th><th>Goldens</th><th>Files of other encoders</th></tr></thead><tbody>",
        format.rows.len()
    );
    for row in &format.rows {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            html(&row.feature),
            html(&row.goldens.join(", ")),
            html(&row.fixtures.join(", "))
        );
    }
    out.push_str("</tbody></table></details>\n");
}

fn bounds(out: &mut String, contract: &ContractFile) {
    if contract.bounds.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<details class=\"box\"><summary>Bounds ({})</summary><table class=\"stack\"><thead><tr><th>Bound</th><th>Value</th><th>Beyond it</th><th>What it is</th></tr></thead><tbody>",
        contract.bounds.len()
    );
    for bound in &contract.bounds {
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td class=\"number\">{} {}</td><td><code>{}</code></td><td>{}</td></tr>",
            html(&bound.name.value),
            html(&bound.value.to_string()),
            html(&bound.unit),
            html(&bound.error.value),
            html(&bound.doc)
        );
    }
    out.push_str("</tbody></table></details>\n");
}
