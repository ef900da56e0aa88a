//! `conform new`: what it writes, what it refuses, and that what it writes compiles and fails where it should.

use conformance::scaffold::create;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const NAME: &str = "echo-test";
const YAML: &str = "spec/contracts/echo-test.yaml";
const TASK: &str = "spec/tasks/ECHO.yaml";

/// What the scaffold reads and changes, besides the contract and task files.
const READ: [&str; 9] = [
    "Cargo.toml",
    "spec/markers.yaml",
    "spec/src/lib.rs",
    "model/src/lib.rs",
    "implementation/audio/src/lib.rs",
    "implementation/sut/src/lib.rs",
    "conformance/src/contracts/mod.rs",
    "conformance/src/fuzz/targets.rs",
    "fuzz/Cargo.toml",
];

const DRAFTS: [&str; 7] = [
    "spec/src/echo_test.rs",
    "model/src/echo_test.rs",
    "implementation/audio/src/echo_test.rs",
    "implementation/sut/src/echo_test.rs",
    "conformance/src/contracts/echo_test.rs",
    "fuzz/fuzz_targets/echo_test.rs",
    "fuzz/corpus/echo_test/zeros",
];

/// The files under `folder`, without what is built or hidden; paths are relative.
fn files(folder: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, base: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                walk(&path, base, out);
            } else if path.is_file() {
                out.push(path.strip_prefix(base).expect("a path below the base").to_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

fn copy(to: &Path, paths: impl IntoIterator<Item = PathBuf>) {
    let root = conformance::repository_root();
    for path in paths {
        let new = to.join(&path);
        fs::create_dir_all(new.parent().expect("a file has a folder")).expect("a writable folder");
        // Not `fs::copy`, so that each file is newer than whatever was built before.
        fs::write(new, fs::read(root.join(&path)).expect("a readable file")).expect("a writable file");
    }
}

/// A house with just what the scaffold needs, and an obligation that waits for the new contract.
fn small_house() -> TempDir {
    let house = tempfile::tempdir().expect("a temporary folder");
    let root = conformance::repository_root();
    let below = |folder: &'static str| files(&root.join(folder)).into_iter().map(move |path| Path::new(folder).join(path));
    copy(house.path(), READ.iter().map(PathBuf::from).chain(below("spec/contracts")).chain(below("spec/tasks")));
    waiting_obligation(house.path());
    house
}

fn waiting_obligation(house: &Path) {
    let task = "task: ECHO\ntitle: An echo\nobligations:\n  - id: ECHO-001\n    where: Goal\n    text: What is said comes back.\n    \
                waiver: {kind: planned, contract: echo-test, reason: Later.}\n";
    fs::write(house.join(TASK), task).expect("a writable file");
}

/// Writes what people write between the two calls: the contract, and the obligation that asks for it.
fn edit(house: &Path) {
    let yaml = read(house, YAML)
        .replace(
            "constants: []",
            "constants:\n  - {name: ECHO_TEST_RATE, type: u32, value: 8, unit: Hz, doc: A rate., source: ECHO_TEST-D1}",
        )
        .replace(
            "bounds: []",
            "bounds:\n  - {name: ECHO_TEST_ITEMS_MAX, type: u32, value: 8, unit: items, error: out_of_range, reject_test: \
             test_reject_echo_test_items_over_max, doc: Most items.}",
        )
        .replace("text: One statement that a machine either keeps or breaks.", r#"text: "What is said \"comes back\".""#)
        + "  - {id: ECHO_TEST-002, text: It allocates nothing., source: {document: ECHO, where: Goal}, evidence: [allocation]}\n";
    fs::write(house.join(YAML), yaml).expect("a writable file");
    let task = read(house, TASK)
        .replace("waiver: {kind: planned, contract: echo-test, reason: Later.}", "requirements: [ECHO_TEST-001, ECHO_TEST-002]");
    fs::write(house.join(TASK), task).expect("a writable file");
}

fn read(house: &Path, path: &str) -> String {
    fs::read_to_string(house.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn contents(house: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(house).into_iter().map(|path| (path.clone(), fs::read(house.join(path)).expect("a readable file"))).collect()
}

/// The refusal of that name; nothing may have changed.
#[track_caller]
fn refusal(house: &Path, name: &str) -> String {
    let before = contents(house);
    let why = create(house, name).expect_err("this must be refused");
    assert!(contents(house) == before, "a refused call changed something: {why}");
    why
}

#[test]
fn the_first_call_writes_a_contract_file_that_is_valid_and_says_what_waits_for_it() {
    let house = small_house();
    create(house.path(), NAME).expect("a free name");
    let text = read(house.path(), YAML);
    let contract = spec_files::ContractFile::parse(YAML, &text).unwrap_or_else(|problems| panic!("{problems}"));
    let [requirement] = contract.requirements.as_slice() else { panic!("{text}") };
    assert_eq!((requirement.id.value.as_str(), requirement.source.document.value.as_str()), ("ECHO_TEST-001", "ECHO"));
    assert!(text.contains("#   ECHO-001 (spec/tasks/ECHO.yaml:4): What is said comes back."), "{text}");
    assert!(!text.contains('@'), "{text}");
}

#[test]
fn the_second_call_writes_every_draft_and_every_list() {
    let house = small_house();
    create(house.path(), NAME).expect("a free name");
    edit(house.path());
    let before = contents(house.path());
    create(house.path(), NAME).unwrap_or_else(|why| panic!("{why}"));
    let after = contents(house.path());
    let mut new: Vec<&str> = after.keys().filter(|path| !before.contains_key(*path)).filter_map(|path| path.to_str()).collect();
    let mut drafts = DRAFTS;
    new.sort_unstable();
    drafts.sort_unstable();
    assert_eq!(new, drafts);
    for path in &DRAFTS[..6] {
        let text = read(house.path(), path);
        // By its type, or where it is compiled already by its module; never by both ways of a draft.
        let named = text.contains("EchoTest") || text.contains("contract::echo_test");
        assert!(!text.contains('@') && named != text.contains("pub fn draft"), "{path}:\n{text}");
    }
    for path in READ {
        let (old, new) = (&before[Path::new(path)], read(house.path(), path));
        if path != "Cargo.toml" {
            assert_ne!(old, new.as_bytes(), "{path} must name the contract");
            let old = String::from_utf8(old.clone()).expect("a text");
            let kept = new.lines().filter(|line| !line.contains("echo")).count();
            assert!(old.lines().filter(|line| !new.contains(line)).count() <= 1 && kept + 1 >= old.lines().count(), "{path}:\n{new}");
        }
    }
    let contracts = read(house.path(), "spec/src/lib.rs");
    let entries: Vec<&str> = contracts.lines().filter_map(|line| line.trim().split_once(" => $crate::")).map(|(name, _)| name).collect();
    assert_eq!(entries.last(), Some(&"echo_test"), "the places of the others are numbers of a protocol");
    let suites = read(house.path(), "conformance/src/contracts/mod.rs");
    let modules: Vec<&str> = suites.lines().filter_map(|line| line.strip_prefix("mod ")).collect();
    assert!(modules.is_sorted() && modules.contains(&"echo_test;"), "{modules:?}");
    let library = spec_files::MarkerFile::parse("spec/markers.yaml", &read(house.path(), "spec/markers.yaml")).expect("a valid file");
    let plan: Vec<&str> = library.profile("contracts").expect("a profile").plan.iter().map(|entry| entry.value.as_str()).collect();
    assert!(plan.ends_with(&["selftest_ok:echo-test", "done"]), "{plan:?}");
    assert!(refusal(house.path(), NAME).contains("exists already, in spec/src/echo_test.rs"));
}

#[test]
fn test_reject_names_that_are_none() {
    let house = small_house();
    let long = "a".repeat(33);
    let endless = "a".repeat(1 << 20);
    for (name, why) in [
        ("", "2 to 32 characters"),
        ("a", "2 to 32 characters"),
        (long.as_str(), "2 to 32 characters"),
        (endless.as_str(), "2 to 32 characters"),
        ("Echo", "lower-case"),
        ("echo_test", "lower-case"),
        ("echo test", "lower-case"),
        ("écho", "lower-case"),
        ("../echo", "lower-case"),
        ("echo\n", "lower-case"),
        ("2echo", "start it with a letter"),
        ("-echo", "start it with a letter"),
        ("echo-", "single hyphens"),
        ("echo--test", "single hyphens"),
        ("type", "keyword"),
        ("async", "keyword"),
        ("core", "hide another"),
        ("u8", "hide another"),
        ("error-code", "hide another"),
    ] {
        let refused = refusal(house.path(), name);
        assert!(refused.contains(why) && refused.len() < 300, "{name:?}: {refused}");
    }
}

#[test]
fn test_reject_names_that_are_taken() {
    let house = small_house();
    for path in ["spec/src/gain.rs", "spec/src/machine.rs", "implementation/audio/src/fixed.rs", "model/src/wide/mod.rs"] {
        fs::create_dir_all(house.path().join(path).parent().expect("a folder")).expect("a writable folder");
        fs::write(house.path().join(path), "").expect("a writable file");
    }
    for (name, place) in [
        ("gain", "spec/src/gain.rs"),
        ("machine", "spec/src/machine.rs"),
        ("fixed", "implementation/audio/src/fixed.rs"),
        ("wide", "model/src/wide"),
        ("ring", "spec/src/lib.rs"),
        ("generated", "spec/src/lib.rs"),
        ("self-test", "conformance/src/contracts/mod.rs"),
        ("regex", "Cargo.toml"),
        ("num-bigint", "Cargo.toml"),
    ] {
        let refused = refusal(house.path(), name);
        assert!(refused.contains(&format!("`{name}` exists already, in {place}")) && refused.contains("next: "), "{refused}");
    }
}

#[test]
fn test_reject_contract_files_that_are_wrong() {
    let house = small_house();
    create(house.path(), NAME).expect("a free name");
    let skeleton = read(house.path(), YAML);
    let line = skeleton.lines().position(|line| line.contains("id: ECHO_TEST-001") && !line.starts_with('#')).expect("a requirement") + 1;
    let refused = refusal(house.path(), NAME);
    assert!(refused.contains(&format!("{YAML}:{line}: no obligation of spec/tasks names ECHO_TEST-001")), "{refused}");
    edit(house.path());
    let good = read(house.path(), YAML);
    for (from, to, why) in [
        ("evidence: [allocation]", "evidence: [faith]", "unknown variant `faith`"),
        ("version: 1", "version: 1\nversion: 2", "duplicate"),
        ("error: out_of_range", "error: nothing", "`nothing` is no declared error code"),
        ("contract: echo-test", "contract: echo", "the contract is named `echo`"),
        ("ECHO_TEST_RATE", "GAIN_UNITY_Q16", "`GAIN_UNITY_Q16` stands already at spec/contracts/echo-test.yaml:"),
    ] {
        fs::write(house.path().join(YAML), good.replace(from, to)).expect("a writable file");
        let refused = refusal(house.path(), NAME);
        let placed = refused.lines().any(|line| line.starts_with("spec/contracts/") && line.contains(why));
        assert!(placed && refused.contains("run `cargo conform new echo-test` again"), "{refused}");
    }
}

#[test]
fn test_reject_lists_that_are_not_found() {
    for (path, from, to) in [
        ("conformance/src/fuzz/targets.rs", "$callback! {", "$called! {"),
        ("fuzz/Cargo.toml", "[[bin]]", "[bin]"),
        ("spec/markers.yaml", "- name: contracts", "- name: treaties"),
        ("spec/src/lib.rs", " => $crate::", " -> $crate::"),
        ("model/src/lib.rs", "pub mod ", "pub  mod "),
    ] {
        let house = small_house();
        create(house.path(), NAME).expect("a free name");
        edit(house.path());
        fs::write(house.path().join(path), read(house.path(), path).replace(from, to)).expect("a writable file");
        let refused = refusal(house.path(), NAME);
        assert!(refused.contains("the list of contracts is not found") && refused.contains("next: "), "{path}: {refused}");
    }
}

#[test]
fn test_reject_what_can_not_be_written_as_a_whole() {
    let house = small_house();
    create(house.path(), NAME).expect("a free name");
    edit(house.path());
    // The last of the drafts has a file where it needs a folder: those before it must not stay.
    fs::write(house.path().join("fuzz/corpus"), "").expect("a writable file");
    let refused = refusal(house.path(), NAME);
    assert!(refused.contains("fuzz/corpus/echo_test/zeros: ") && refused.contains("nothing was changed"), "{refused}");
    fs::remove_file(house.path().join("fuzz/corpus")).expect("a writable folder");
    create(house.path(), NAME).unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn test_reject_places_that_are_no_house() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(refusal(empty.path(), NAME).contains("run this inside a checkout"));
}

fn cargo(house: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .current_dir(house)
        .args(arguments)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_NET_OFFLINE", "true")
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo runs")
}

fn target() -> PathBuf {
    conformance::repository_root().join("target/scaffold")
}

#[track_caller]
fn assert_passes(output: &Output) {
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

/// Takes minutes, as it builds the house anew.
#[test]
#[ignore = "builds a copy of the whole workspace"]
fn drafts_compile_and_their_tests_fail_with_the_requirement() {
    // One at a time: two copies in one target folder would take each other's builds for their own.
    fs::create_dir_all(target()).expect("a writable folder");
    let lock = File::create(target().join("scaffold.lock")).expect("a writable folder");
    lock.lock().expect("a lock");
    let house = tempfile::tempdir().expect("a temporary folder");
    copy(house.path(), files(&conformance::repository_root()));
    waiting_obligation(house.path());
    create(house.path(), NAME).unwrap_or_else(|why| panic!("{why}"));
    edit(house.path());
    create(house.path(), NAME).unwrap_or_else(|why| panic!("{why}"));

    let drafts = DRAFTS[..6].iter().map(|path| house.path().join(path));
    assert_passes(
        &Command::new("rustfmt")
            .args(["--check", "--edition", "2024"])
            .args(drafts)
            .current_dir(house.path())
            .output()
            .expect("rustfmt runs"),
    );
    assert_passes(&cargo(house.path(), &["check", "--quiet", "-p", "spec", "-p", "model", "-p", "sut", "-p", "conformance"]));
    assert_passes(&cargo(
        house.path(),
        &["test", "--quiet", "-p", "spec", "-p", "model", "--lib", "--tests", "--", "--skip", "echo_test::tests"],
    ));

    let failed = cargo(house.path(), &["test", "--quiet", "-p", "model", "--lib", "echo_test::tests"]);
    let text = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert!(!failed.status.success() && text.contains("0 passed; 1 failed"), "{text}");
    assert!(text.contains("ECHO_TEST-001 is not modelled yet") && text.contains("It says: What is said \"comes back\"."), "{text}");

    let failed = cargo(house.path(), &["test", "--quiet", "-p", "conformance", "--lib", "contracts::echo_test::tests"]);
    let text = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert!(!failed.status.success() && text.contains("0 passed; 4 failed"), "{text}");
    for said in [
        "ECHO_TEST-001 has no property, no golden, no violation check yet. It says: What is said \"comes back\".",
        "ECHO_TEST-002 has no allocation check yet. It says: It allocates nothing.",
        "ECHO_TEST_ITEMS_MAX is not tested yet: go beyond it, expect `out_of_range`",
        "ECHO_TEST-001 is carried by no property",
    ] {
        assert!(text.contains(said), "{said:?} is expected in:\n{text}");
    }
}
