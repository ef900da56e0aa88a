//! Pages for people that are made from the contracts' data and the models' answers, and committed: `spec/pages/`.

use crate::folder::Folder;
use crate::report::pictures::timelines::{self, Timeline};
use crate::report::text;
use model::Modelled;
use spec::Case;
use spec::ducking::{self, Ducking, Rule as Duck};
use spec::focus::{Class, Kind, RULES, Rule};
use spec_files::{ContractFile, Library};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The folder of the pages, as it is made now.
///
/// # Errors
/// A failing model, or a contract that is not there.
pub fn folder() -> Result<Folder, String> {
    let library = Library::embedded().map_err(|problems| problems.to_string())?;
    let timelines = timelines::all();
    let mut files = BTreeMap::new();
    for Timeline { contract, name, drawn, .. } in &timelines {
        let (plot, _) = drawn.as_ref().map_err(|why| format!("the picture of {contract}/{name}: {why}"))?;
        files.insert(picture(contract, name), plot.file().into_bytes());
    }
    files.insert("focus.md".to_owned(), focus(&library, &timelines)?.into_bytes());
    Ok(Folder { path: "spec/pages", verb: "pages", declared: "conformance/src/pages.rs", files })
}

fn picture(contract: &str, name: &str) -> String {
    format!("{contract}_{name}.svg")
}

/// Who gives way to whom, and how far a session is lowered.
fn focus(library: &Library, timelines: &[Timeline]) -> Result<String, String> {
    let contract = |name: &str| library.contract(name).ok_or_else(|| format!("there is no contract `{name}`"));
    let (focus, ducking) = (contract("focus")?, contract("ducking")?);
    let mut out = String::from("# Focus and ducking\n\n");
    out.push_str(
        "Made by `cargo conform pages generate` from the contracts `focus` and `ducking`, the table `spec/focus.yaml` and the answers of\n",
    );
    out.push_str("the reference models; `cargo conform pages check` compares it, and so does a test.\n\n## Who gives way to whom\n\n");
    let _ = writeln!(out, "{}\n", text::markdown(&focus.summary));
    table(&mut out);
    out.push_str("\nThe reasons, row by row:\n\n");
    reasons(&mut out);
    for it in timelines.iter().filter(|it| it.contract == "focus") {
        show(&mut out, it);
    }
    out.push_str("\n## How far a session is lowered\n\n");
    let _ = writeln!(out, "{}\n", text::markdown(&ducking.summary));
    out.push_str("| what | value | unit | |\n|---|--:|---|---|\n");
    for constant in &ducking.constants {
        let (name, value) = (&constant.name.value, &constant.value);
        let _ = writeln!(out, "| `{name}` | {value} | {} | {} |", text::markdown(&constant.unit), text::markdown(&constant.doc));
    }
    out.push_str("\nThe gain of each block where nothing is configured, in Q8.8 dB (256 is 1 dB):\n\n");
    ramps(&mut out)?;
    for it in timelines.iter().filter(|it| it.contract == "ducking") {
        show(&mut out, it);
    }
    out.push_str("\n## What must hold\n\n");
    for contract in [focus, ducking] {
        statements(&mut out, contract);
    }
    Ok(out)
}

/// The table of the rules, a row for each active class and kind.
fn table(out: &mut String) {
    out.push_str("| a session that plays | asked for |");
    for class in Class::ALL {
        let _ = write!(out, " does to {} |", class.name());
    }
    out.push_str("\n|---|---|---|---|---|---|\n");
    for active in Class::ALL {
        for kind in Kind::ALL {
            let _ = write!(out, "| {} | {} |", active.name(), kind.name());
            for other in Class::ALL {
                let rule = RULES.iter().find(|entry| (entry.active, entry.kind, entry.other) == (active, kind, other));
                let _ = match rule.map(|entry| entry.rule) {
                    Some(Rule::None) => write!(out, " – |"),
                    Some(rule) => write!(out, " **{}** |", rule.name()),
                    None => write!(out, " ? |"),
                };
            }
            out.push('\n');
        }
    }
}

/// Each reason with the rows that have it, in the order of the table.
fn reasons(out: &mut String) {
    let mut seen: Vec<(&str, Vec<String>)> = Vec::new();
    for entry in &RULES {
        let row = format!("{} ({}) and {}", entry.active.name(), entry.kind.name(), entry.other.name());
        match seen.iter_mut().find(|(source, _)| *source == entry.source) {
            Some((_, rows)) => rows.push(row),
            None => seen.push((entry.source, vec![row])),
        }
    }
    for (source, rows) in seen {
        let _ = writeln!(out, "- {}: {}", text::markdown(source), rows.join(", "));
    }
}

fn show(out: &mut String, timeline: &Timeline) {
    if let Ok((plot, events)) = &timeline.drawn {
        let file = picture(timeline.contract, timeline.name);
        let _ =
            writeln!(out, "\n### {}\n\n![{}]({file})\n", text::markdown(timeline.doc.trim_end_matches('.')), text::markdown(&plot.title));
        for (number, event) in (1..).zip(events) {
            let _ = writeln!(out, "{number}. {}", text::markdown(event));
        }
    }
}

/// A ramp down and back by each rule, as the model gives it.
fn ramps(out: &mut String) -> Result<(), String> {
    let config = ducking::Config::default();
    let blocks = config.ramp_ms.div_ceil(spec::format::BLOCK_MS);
    out.push_str("| rule |");
    for (way, block) in
        [("down", 1..=blocks), ("back", 1..=blocks)].into_iter().flat_map(|(way, blocks)| blocks.map(move |block| (way, block)))
    {
        let _ = write!(out, " {way} {block} |");
    }
    let _ = writeln!(out, "\n|---|{}", "--:|".repeat(2 * blocks as usize));
    for (name, rule) in [("duck_db", Duck::DuckDb), ("duck_db_ui", Duck::DuckDbUi)] {
        let (session, cause) = (1, 1);
        let ops = vec![
            ducking::Op::Open(session),
            ducking::Op::Duck { session, cause, rule },
            ducking::Op::Blocks(blocks),
            ducking::Op::Unduck { session, cause },
            ducking::Op::Blocks(blocks),
        ];
        let trace = Ducking::model().run_case(&Case { config, ops }).map_err(|failure| failure.to_string())?;
        let _ = write!(out, "| {name} |");
        for obs in trace.obs {
            if let ducking::Obs::Gains(tracks) = obs {
                for gain in tracks.iter().flat_map(|track| &track.db_q8_8) {
                    let _ = write!(out, " {} |", text::minus(&gain.to_string()));
                }
            }
        }
        out.push('\n');
    }
    Ok(())
}

fn statements(out: &mut String, contract: &ContractFile) {
    for requirement in &contract.requirements {
        let _ = writeln!(out, "- **{}** {}", text::markdown(&requirement.id.value), text::markdown(&requirement.text));
    }
    let _ = writeln!(out, "\nWhere the documents leave something open, `{}` decides:\n", contract.contract.value);
    for decision in &contract.decisions {
        let [id, point, what, why] =
            [&decision.id.value, &decision.open_point, &decision.decision, &decision.why].map(|it| text::markdown(it));
        let _ = writeln!(out, "- **{id}** *{point}* {what} ({why})");
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn the_pages_are_those_that_are_made_now() {
        let found = folder().expect("the pages are made").differences(&crate::repository_root()).expect("the folder is read");
        assert!(found.is_empty(), "{}\n`cargo conform pages generate` writes them; review what changed", found.join("\n"));
    }
}
