//! One-line mistakes in the implementation, each of which must be caught on every driver, naming the right requirement.
//!
//! The source tree is copied, one line of it is changed, and `conform run` must fail. Slow, because each mutation is a build, so
//! it is left out of plain test runs: `just mutations` runs it.

#[path = "mutations/list.rs"]
mod list;

use conformance::libfuzzer::{Profile, Programs};
use list::{MUTATIONS, Mutation};
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

/// `MUTATIONS=duck,wakelock` runs those whose names hold one of these.
fn chosen() -> impl Iterator<Item = &'static Mutation> {
    let parts = std::env::var("MUTATIONS").unwrap_or_default();
    let parts: Vec<String> = parts.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    MUTATIONS.iter().filter(move |mutation| parts.is_empty() || parts.iter().any(|part| mutation.name.contains(part)))
}

/// The file of a mutation, in which the line to change stands once.
fn right(tree: &Path, mutation: &Mutation) -> (PathBuf, String) {
    let path = tree.join(mutation.file);
    let right = fs::read_to_string(&path).expect("the file to mutate is there");
    let times = right.matches(&format!("{}\n", mutation.line)).count();
    assert_eq!(times, 1, "{}: the line to mutate must stand once in {}", mutation.name, mutation.file);
    (path, right)
}

#[test]
fn each_line_to_mutate_stands_once() {
    MUTATIONS.iter().for_each(|mutation| drop(right(&conformance::repository_root(), mutation)));
}

/// Does something while a line of the copy is changed.
fn mutated<T>(tree: &Path, mutation: &Mutation, work: impl FnOnce() -> T) -> T {
    let (path, right) = right(tree, mutation);
    fs::write(&path, right.replace(mutation.line, mutation.instead)).expect("a file can be written");
    let done = work();
    fs::write(&path, right).expect("a file can be written");
    done
}

/// Contracts whose own fuzz target must find their mutations, from the committed corpus alone.
const FUZZED: [&str; 6] = ["resampler", "wav-stream", "vorbis", "gif", "apng", "mjpeg"];

/// Seconds in which a target finds a mutation.
const FUZZ_SECONDS: u32 = 60;

#[test]
#[ignore = "a build for each: `just mutations-fuzz`"]
fn each_mutation_of_a_decoder_is_found_by_its_fuzz_target() {
    let root = conformance::repository_root();
    let tree: PathBuf = root.join("target/mutations");
    copy_tree(&root, &tree);
    let found = tempfile::tempdir().expect("a folder");
    let fuzz = |target: &str, seconds: u32| {
        let built = Profile::Quick.build(&tree, Some(target)).unchecked().run().expect("cargo runs").status.success();
        assert!(built, "{target} is built");
        let programs = Programs::built(&tree, Profile::Quick).expect("the programs");
        let limits = [format!("-max_total_time={seconds}"), "-print_final_stats=1".to_owned()];
        programs.run(target, found.path(), &limits).expect("the target runs")
    };
    let mut missed = Vec::new();
    for mutation in chosen().filter(|mutation| FUZZED.contains(&mutation.contract)) {
        let target = mutation.contract.replace('-', "_");
        let ran = mutated(&tree, mutation, || fuzz(&target, FUZZ_SECONDS));
        if ran.succeeded || ran.artifact().is_none() {
            missed.push(format!("{}: {target} found nothing", mutation.name));
        } else {
            let executions = ran.stats().executions.map_or_else(|| "an unknown number of".to_owned(), |count| count.to_string());
            eprintln!("{}: found by {target} after {executions} executions", mutation.name);
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    // What finds a fault in everything would have passed so far.
    for contract in FUZZED {
        assert!(fuzz(&contract.replace('-', "_"), 10).succeeded, "{contract}: the unchanged implementation");
    }
}

#[test]
#[ignore = "a build for each: `just mutations`"]
fn each_mutation_is_caught_on_every_driver() {
    let root = conformance::repository_root();
    let tree: PathBuf = root.join("target/mutations");
    copy_tree(&root, &tree);
    assert_eq!(conform(&tree, "ring"), Some(Vec::new()), "the unchanged implementation conforms");
    let mut missed = Vec::new();
    for mutation in chosen() {
        let findings = mutated(&tree, mutation, || conform(&tree, mutation.contract).unwrap_or_default());
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
