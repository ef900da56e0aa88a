//! `conform new`: the skeletons of a contract, in every room of the house.
//!
//! The first call writes the contract's YAML, to be edited. The second one writes first drafts from it, with the requirements
//! beside the lines to be written and a test for each that fails until it is written, and adds the contract to every list. What
//! is to be written is made up in memory first: a call writes everything or nothing, and overwrites no file.

mod draft;
mod lists;
mod name;
mod write;

use name::Name;
use spec_files::{ContractFile, Library, TaskFile};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use write::Change;

/// Writes the YAML of a new contract or, where that is there, the first drafts of it. Prints each path that it writes.
///
/// # Errors
/// What is wrong, and what to do about it; nothing was written then.
pub fn create(root: &Path, name: &str) -> Result<(), String> {
    let name = Name::parse(name)?;
    name.is_free(root)?;
    let yaml = name.yaml();
    let (changes, next) = if root.join(&yaml).exists() {
        let changes = drafts(root, &name)?;
        (changes, after_drafts(&name))
    } else {
        (vec![Change::created(yaml, skeleton(root, &name)?)], after_skeleton(&name))
    };
    write::all(root, &changes)?;
    for change in &changes {
        println!("{} {}", if change.old.is_some() { "changed" } else { "wrote  " }, change.path);
    }
    println!("{next}");
    Ok(())
}

fn after_skeleton(name: &Name) -> String {
    format!(
        "\nnext:\n  1. edit {}: title, summary, numbers, decisions and requirements\n  2. name each of its requirements in an obligation of \
         spec/tasks/*.yaml, in the place of its waiver (`requirements: [{}-001]`)\n  3. run `cargo conform new {}` again, for the first drafts",
        name.yaml(),
        name.prefix(),
        name.text
    )
}

fn after_drafts(name: &Name) -> String {
    let (text, module) = (&name.text, name.module());
    format!(
        "\nnext:\n  1. give `{text}` its operations and observations in spec/src/{module}.rs\n  2. write the model, then the checks, then the \
         implementation; each failing test names what it wants:\n     cargo test -p model {module} && cargo test -p conformance {module}\n  \
         3. cargo conform goldens generate, and review goldens/{text}/\n  4. cargo conform run --contract {text}"
    )
}

/// Every file of `folder` that ends in `.yaml`, as (path in the repository, text), sorted.
fn yaml_files(root: &Path, folder: &str) -> Result<Vec<(String, String)>, String> {
    let entries = fs::read_dir(root.join(folder))
        .map_err(|error| format!("{folder}: {error}\n  next: run this inside a checkout, or name one with --root"))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(|error| format!("{folder}: {error}"))?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            names.insert(format!("{folder}/{name}"));
        }
    }
    names.into_iter().map(|path| write::read(root, &path).map(|text| (path, text))).collect()
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

/// The YAML to start from: valid, and with the obligations that wait for the contract.
fn skeleton(root: &Path, name: &Name) -> Result<String, String> {
    let contracts = yaml_files(root, "spec/contracts")?;
    let codes = contracts.iter().filter_map(|(path, text)| ContractFile::parse(path, text).ok()).flat_map(|file| file.errors);
    let last_code = codes.map(|error| error.code.value).max().unwrap_or(0);
    let tasks: Vec<TaskFile> = yaml_files(root, "spec/tasks")?.iter().filter_map(|(path, text)| TaskFile::parse(path, text).ok()).collect();
    Ok(draft::skeleton(name, last_code, &tasks))
}

/// The first drafts and the lists, from files that are right as a whole: nothing that is generated later can fail on them.
fn drafts(root: &Path, name: &Name) -> Result<Vec<Change>, String> {
    let contracts = yaml_files(root, "spec/contracts")?;
    let tasks = yaml_files(root, "spec/tasks")?;
    let markers = write::read(root, MARKERS)?;
    let library = Library::parse(&borrowed(&contracts), &borrowed(&tasks), (MARKERS, &markers)).map_err(|problems| {
        format!("the contract files are wrong:\n{problems}  next: mend them, and run `cargo conform new {}` again", name.text)
    })?;
    let contract = library.contract(&name.text).ok_or_else(|| format!("{} holds no contract `{}`", name.yaml(), name.text))?;
    if !contract.has_machine() {
        return Err(format!(
            "{} says `machine: none`, so that there is nothing to draft but its checks\n  next: write them in \
             conformance/src/contracts/{}/, and add them to conformance/src/commands/mod.rs",
            name.yaml(),
            name.module()
        ));
    }
    let mut changes = draft::files(name, contract);
    changes.extend(lists::insert_everywhere(root, name)?);
    Ok(changes)
}

/// The UART's grammar, whose profile `contracts` plans a selftest of every contract.
const MARKERS: &str = "spec/markers.yaml";
