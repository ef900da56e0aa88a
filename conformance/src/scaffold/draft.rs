//! The first drafts of a contract, made from templates.

use super::name::Name;
use super::write::Change;
use spec_files::contract::Bound;
use spec_files::{ContractFile, EvidenceKind, TaskFile, WaiverKind};
use std::collections::BTreeSet;

/// Each room's path, with `NAME` for the module, and its template.
const ROOMS: [(&str, &str); 6] = [
    ("spec/src/NAME.rs", include_str!("templates/spec.rs.txt")),
    ("model/src/NAME.rs", include_str!("templates/model.rs.txt")),
    ("implementation/audio/src/NAME.rs", include_str!("templates/implementation.rs.txt")),
    ("implementation/sut/src/NAME.rs", include_str!("templates/adapter.rs.txt")),
    ("conformance/src/contracts/NAME.rs", include_str!("templates/checks.rs.txt")),
    ("fuzz/fuzz_targets/NAME.rs", include_str!("templates/fuzz.rs.txt")),
];

/// Longest line of a comment.
const WIDTH: usize = 120;

/// The paths of the drafts.
pub fn paths(name: &Name) -> impl Iterator<Item = String> {
    ROOMS.iter().map(|(path, _)| path.replace("NAME", &name.module()))
}

/// The drafts, and a first input for the fuzz target.
pub fn files(name: &Name, contract: &ContractFile) -> Vec<Change> {
    let values = values(name, contract);
    let mut files: Vec<Change> =
        paths(name).zip(ROOMS).map(|(path, (_, template))| Change::created(path, fill(template, &values))).collect();
    files.push(Change::created(format!("fuzz/corpus/{}/zeros", name.module()), "\0".repeat(64)));
    files
}

type Values = Vec<(&'static str, String)>;

fn values(name: &Name, contract: &ContractFile) -> Values {
    let by_model = |kinds: &[EvidenceKind]| !kinds.iter().all(|kind| kind.once_per_run() && *kind != EvidenceKind::Violation);
    let modelled: String = contract
        .requirements
        .iter()
        .filter(|requirement| by_model(&requirement.evidence))
        .map(|requirement| test(requirement, "unwritten"))
        .collect();
    let carried: String = contract.requirements.iter().map(|requirement| test(requirement, "assert_carried")).collect();
    let statements = |indent, prefix| -> String {
        let statement = |requirement: &spec_files::Requirement| {
            let kinds: Vec<&str> = requirement.evidence.iter().map(|kind| kind.name()).collect();
            comment(indent, prefix, &format!("- {}: {} [{}]", requirement.id.value, requirement.text, kinds.join(", ")))
        };
        contract.requirements.iter().map(statement).collect()
    };
    vec![
        ("NAME", name.text.clone()),
        ("MODULE", name.module()),
        ("TYPE", name.type_name()),
        ("IMPORTS", sorted([&name.type_name(), "Config", "Obs", "Op"])),
        ("CHECK_IMPORTS", sorted([&name.type_name(), "Obs"])),
        ("TITLE", comment(0, "//! ", &format!("The contract `{}`: {}", name.text, contract.title))),
        ("STATEMENTS", statements(0, "/// ")),
        ("MODEL_STATEMENTS", statements(8, "// ")),
        ("MODEL_TESTS", modelled),
        ("CHECK_STATEMENTS", statements(8, "// ")),
        ("CHECK_TESTS", carried + &bound_tests(&contract.bounds)),
        ("UNWRITTEN", if contract.bounds.is_empty() { String::new() } else { include_str!("templates/unwritten.rs.txt").to_owned() }),
    ]
}

/// Names in the order in which rustfmt wants them.
fn sorted<const N: usize>(mut names: [&str; N]) -> String {
    names.sort_unstable();
    names.join(", ")
}

/// A test of one requirement that fails until it is written.
fn test(requirement: &spec_files::Requirement, body: &str) -> String {
    let id = &requirement.id.value;
    let function = id.to_lowercase().replace('-', "_");
    format!("\n{}    #[test]\n    fn {function}() {{\n        {body}(\"{id}\");\n    }}\n", comment(4, "/// ", &requirement.text))
}

/// The tests that the bounds name, each once, that fail until they are written.
fn bound_tests(bounds: &[Bound]) -> String {
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    for bound in bounds.iter().filter(|bound| seen.insert(bound.reject_test.value.as_str())) {
        let names: Vec<&str> = bounds
            .iter()
            .filter(|other| other.reject_test.value == bound.reject_test.value)
            .map(|other| other.name.value.as_str())
            .collect();
        let says = format!("Beyond {} the answer is `{}`, and nothing has changed.", names.join(" and "), bound.error.value);
        let (test, name) = (&bound.reject_test.value, &bound.name.value);
        text += &format!("\n{}    #[test]\n    fn {test}() {{\n        unwritten(\"{name}\");\n    }}\n", comment(4, "/// ", &says));
    }
    text
}

/// `text` as comment lines; those of a list's entry hang below it.
fn comment(indent: usize, prefix: &str, text: &str) -> String {
    let start = " ".repeat(indent) + prefix;
    let next = start.clone() + if text.starts_with("- ") { "  " } else { "" };
    let mut lines = String::new();
    let mut line = start.clone();
    for word in text.split_whitespace() {
        if line.len() > next.len() && line.len() + word.len() > WIDTH {
            lines += line.trim_end();
            lines.push('\n');
            line.clone_from(&next);
        }
        line += word;
        line.push(' ');
    }
    lines + line.trim_end() + "\n"
}

/// The template with each `@KEY@` replaced, in one pass, so that no value is taken for a template. A key that stands alone on
/// its line takes the line's end with it, as its value brings lines of its own.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::new();
    for (index, part) in template.split('@').enumerate() {
        if index % 2 == 0 {
            out += if out.ends_with('\n') { part.strip_prefix('\n').unwrap_or(part) } else { part };
        } else if let Some((_, value)) = values.iter().find(|(key, _)| *key == part) {
            out += value;
        }
    }
    out
}

/// The YAML to start from. `last_code` is the largest error code that there is.
pub fn skeleton(name: &Name, last_code: u16, tasks: &[TaskFile]) -> String {
    let mut waiting = String::new();
    let mut document = None;
    for task in tasks {
        for obligation in &task.obligations {
            let waits = |waiver: &spec_files::Waiver| waiver.kind == WaiverKind::Planned && waiver.contract.as_deref() == Some(&name.text);
            if obligation.waiver.as_ref().is_some_and(waits) {
                let place = format!("{} ({}:{}): {}", obligation.id.value, task.path, obligation.id.referenced.line(), obligation.text);
                waiting += &comment(0, "#   ", &place);
                document.get_or_insert(&task.task.value);
            }
        }
    }
    if !waiting.is_empty() {
        waiting.insert_str(0, "#\n# These obligations wait for this contract:\n");
    }
    let document = document.or(tasks.first().map(|task| &task.task.value)).map_or("DOCUMENT", String::as_str);
    let kinds: Vec<&str> = EvidenceKind::ALL.iter().map(|kind| kind.name()).collect();
    let values = [
        ("NAME", name.text.clone()),
        ("MODULE", name.module()),
        ("PREFIX", name.prefix()),
        ("WAITING", waiting),
        ("CODE", (last_code / 100).saturating_add(1).saturating_mul(100).saturating_add(1).to_string()),
        ("DOCUMENT", document.to_owned()),
        ("KINDS", kinds.join(", ")),
    ];
    fill(include_str!("templates/contract.yaml.txt"), &values)
}
