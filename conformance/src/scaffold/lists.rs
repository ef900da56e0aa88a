//! The lists that name every contract, with one more in them.

use super::MARKERS;
use super::name::Name;
use super::write::{self, Change};
use std::path::Path;

/// The one list of contracts in Rust; its order is that of reports, and a contract's number in the mailbox.
const CONTRACTS: &str = "spec/src/lib.rs";

/// Files with a line `mod NAME;` or `pub mod NAME;` for every contract.
pub const MODULE_LISTS: [&str; 5] =
    [CONTRACTS, "model/src/lib.rs", "implementation/audio/src/lib.rs", "implementation/sut/src/lib.rs", "conformance/src/contracts/mod.rs"];

const FUZZ_MANIFEST: &str = "fuzz/Cargo.toml";
const FUZZ_TARGETS: &str = "conformance/src/fuzz/targets.rs";

/// Every list with the new contract in it.
///
/// # Errors
/// A list that is not where it is expected, with the line to add by hand.
pub fn insert_everywhere(root: &Path, name: &Name) -> Result<Vec<Change>, String> {
    let module = name.module();
    let mut changes = Vec::new();
    let mut change = |path: &str, line: &str, edit: &dyn Fn(&str) -> Option<String>| -> Result<(), String> {
        let old = write::read(root, path)?;
        let new = edit(&old)
            .ok_or_else(|| format!("{path}: the list of contracts is not found\n  next: restore it, so that it can take `{line}`"))?;
        changes.push(Change { path: path.to_owned(), old: Some(old), new });
        Ok(())
    };
    let known = contracts(&write::read(root, CONTRACTS)?);
    for path in MODULE_LISTS {
        let item = format!("=> $crate::{module}::{}", name.type_name());
        let in_macro =
            |text: &str| if path == CONTRACTS { contract(text, &format!("            {module} {item},")) } else { Some(text.to_owned()) };
        change(path, &format!("mod {module};"), &|text| in_macro(&with_module(text, &known, &module)?))?;
    }
    let target = format!("            {module}: $crate::fuzz::contract::{module};");
    change(FUZZ_TARGETS, target.trim(), &|text| at_end_of(text, "        $callback! {", &target))?;
    let bin = format!("[[bin]]\nname = \"{module}\"\npath = \"fuzz_targets/{module}.rs\"\ntest = false\ndoc = false\nbench = false\n");
    change(FUZZ_MANIFEST, &format!("[[bin]] {module}"), &|text| text.contains("[[bin]]").then(|| format!("{}\n\n{bin}", text.trim_end())))?;
    let entry = format!("\"selftest_ok:{}\"", name.text);
    change(MARKERS, &entry, &|text| planned(text, &entry))?;
    Ok(changes)
}

/// The modules of the contracts that there are.
fn contracts(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.split_once(" => $crate::")).map(|(module, _)| module.trim().to_owned()).collect()
}

fn joined(lines: &[&str]) -> String {
    lines.join("\n") + "\n"
}

/// Adds an entry to the list of contracts, at its end: the places of the others are numbers of a protocol.
fn contract(text: &str, entry: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| line.contains(" => $crate::"))?;
    lines.insert(last + 1, entry);
    Some(joined(&lines))
}

/// Adds a module to the block of modules that holds those of the contracts, in the order of the alphabet.
fn with_module(text: &str, known: &[String], module: &str) -> Option<String> {
    let name_of = |line: &str| {
        line.trim_start_matches("pub(crate) ")
            .trim_start_matches("pub ")
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'))
            .map(str::to_owned)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| name_of(line).is_some_and(|name| known.contains(&name)))?;
    let in_block = |line: &&str| name_of(line).is_some() || line.starts_with("#[");
    let start = first - lines[..first].iter().rev().take_while(|line| in_block(line)).count();
    let end = first + lines[first..].iter().take_while(|line| in_block(line)).count();
    let visibility = if lines[first].starts_with("pub ") { "pub " } else { "" };
    let mut place = (start..end).find(|&index| name_of(lines[index]).is_some_and(|name| name.as_str() > module)).unwrap_or(end);
    // Attributes belong to the module below them.
    while place > start && lines[place - 1].starts_with("#[") {
        place -= 1;
    }
    let line = format!("{visibility}mod {module};");
    lines.insert(place, &line);
    Some(joined(&lines))
}

/// Adds a line at the end of the block that the line `opening` opens, which ends where that is indented.
fn at_end_of(text: &str, opening: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| *line == opening)?;
    let indentation = opening.len() - opening.trim_start().len();
    let closing = format!("{}}}", &opening[..indentation]);
    let end = start + lines[start..].iter().position(|line| *line == closing)?;
    lines.insert(end, line);
    Some(joined(&lines))
}

/// Adds a selftest before the end of the plan of the profile that has one of every contract.
fn planned(text: &str, entry: &str) -> Option<String> {
    let profile = text.find("\n  - name: contracts\n")?;
    let plan = profile + text[profile..].find("\n    plan: [")?;
    let end = plan + text[plan..].find(", done]")?;
    // On the same line, so that it is the plan of this profile.
    (!text[plan + 1..end].contains('\n')).then(|| format!("{}, {entry}{}", &text[..end], &text[end..]))
}
