//! One-line mistakes in the implementation, each of which must be caught on every driver, naming the right requirement.
//!
//! The source tree is copied, one line of it is changed, and `conform run` must fail. Slow, because each mutation is a build, so
//! it is left out of plain test runs: `just mutations` runs it.

#[path = "mutations/list.rs"]
mod list;

use list::MUTATIONS;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies what git tracks or would track, so that nothing built comes along. Files that did not change keep their times, so
/// that a second run builds little.
fn copy_tree(from: &Path, to: &Path) {
    let listed =
        Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(from).output().expect("git lists the files");
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let (source, target) = (from.join(name), to.join(name));
        let Ok(bytes) = fs::read(&source) else { continue };
        if fs::read(&target).is_ok_and(|present| present == bytes) {
            continue;
        }
        fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&target, bytes).expect("a file can be written");
    }
}

/// Runs conformance in the copy. Gives the findings by driver, or `None` where it did not even build.
fn conform(tree: &Path, contract: &str) -> Option<Vec<(String, Vec<String>)>> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--profile", "mutation", "--package", "conformance", "--bin", "conform", "--"])
        .args(["--root", &tree.display().to_string(), "run", "--json", "--cases", "1500", "--contract", contract])
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", tree.join("target"))
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let Ok(record) = serde_json::from_str::<Value>(&text) else {
        panic!("no record:\n{text}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let findings = record["record"]["findings"].as_array()?;
    let strings = |value: &Value| value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    Some(
        findings
            .iter()
            .map(|finding| (finding["driver"].as_str().unwrap_or("harness").to_owned(), strings(&finding["requirements"])))
            .collect(),
    )
}

#[test]
#[ignore = "a build for each: `just mutations`"]
fn each_mutation_is_caught_on_every_driver() {
    let root = conformance::repository_root();
    let tree: PathBuf = root.join("target/mutations");
    copy_tree(&root, &tree);
    assert_eq!(conform(&tree, "ring"), Some(Vec::new()), "the unchanged implementation conforms");
    let mut missed = Vec::new();
    // `MUTATIONS=duck,wakelock` runs those whose names hold one of these.
    let chosen = std::env::var("MUTATIONS").unwrap_or_default();
    let chosen: Vec<&str> = chosen.split(',').filter(|part| !part.is_empty()).collect();
    for mutation in MUTATIONS.iter().filter(|mutation| chosen.is_empty() || chosen.iter().any(|part| mutation.name.contains(part))) {
        let path = tree.join(mutation.file);
        let right = fs::read_to_string(&path).expect("the file to mutate is there");
        assert_eq!(
            right.matches(&format!("{}\n", mutation.line)).count(),
            1,
            "{}: the line to mutate must stand once in {}",
            mutation.name,
            mutation.file
        );
        fs::write(&path, right.replace(mutation.line, mutation.instead)).expect("a file can be written");
        let findings = conform(&tree, mutation.contract).unwrap_or_default();
        fs::write(&path, right).expect("a file can be written");
        for driver in ["in-process", "process", "qemu"] {
            let named: Vec<&Vec<String>> = findings.iter().filter(|(on, _)| on == driver).map(|(_, requirements)| requirements).collect();
            if named.iter().any(|requirements| requirements.iter().any(|id| id == mutation.requirement)) {
                eprintln!("{}: caught on {driver} as {}", mutation.name, mutation.requirement);
            } else {
                missed.push(format!("{} on {driver}: expected {}, found {named:?}", mutation.name, mutation.requirement));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
