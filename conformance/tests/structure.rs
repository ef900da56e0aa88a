//! The shape of the house, as a test: what depends on what, what is named how, and what may not stand in the code.

use spec_files::Library;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    conformance::repository_root()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                walk(&path, out);
            } else if path.extension().is_some_and(|end| end == "rs") {
                out.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    files
}

/// What Cap'n Proto's compiler wrote from a schema, which a test of its package compares.
fn is_generated(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_capnp"))
}

/// Normal dependencies of a package on packages of this workspace.
fn own_dependencies(manifest: &str) -> Vec<String> {
    const OWN: &[&str] = &[
        "spec",
        "spec-files",
        "schemas",
        "model",
        "audio",
        "services",
        "sut",
        "guest",
        "nx",
        "qemu-runner",
        "conformance",
        "idl",
        "devices",
        "miniplayer",
        "vorbis",
        "decoders",
        "jpeg",
    ];
    let text = read(&root().join(manifest).join("Cargo.toml"));
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line.trim().to_owned();
        } else if let Some(name) = line.split(['.', '=', ' ']).next()
            && section.ends_with("dependencies]")
            && OWN.contains(&name)
        {
            let kind = match section.as_str() {
                "[dev-dependencies]" => "dev:",
                "[build-dependencies]" => "build:",
                _ => "",
            };
            found.push(format!("{kind}{name}"));
        }
    }
    found
}

#[test]
fn model_and_implementation_share_nothing_but_the_spec() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("spec", &["build:spec-files"][..]),
        ("spec/files", &[]),
        ("spec/schemas", &["spec", "dev:model", "dev:sut"]),
        ("model", &["spec", "dev:spec-files"]),
        ("implementation/audio", &["spec", "dev:audio"]),
        ("implementation/idl", &["spec"]),
        ("implementation/services", &["spec", "audio", "idl", "dev:sut"]),
        ("implementation/devices", &["spec"]),
        ("implementation/miniplayer", &["spec", "audio"]),
        ("implementation/vorbis", &["spec"]),
        ("implementation/jpeg", &["spec"]),
        ("implementation/decoders", &["spec", "vorbis", "jpeg"]),
        ("implementation/sut", &["spec", "audio", "services", "idl", "devices", "miniplayer", "decoders"]),
        ("implementation/guest", &["spec", "audio", "services", "idl", "devices", "sut", "build:spec", "dev:spec-files"]),
        ("implementation/nx", &["spec", "audio", "services", "idl", "miniplayer", "decoders"]),
        ("qemu-runner", &["spec", "spec-files"]),
        (
            "conformance",
            &[
                "spec",
                "spec-files",
                "model",
                "audio",
                "services",
                "idl",
                "devices",
                "sut",
                "guest",
                "qemu-runner",
                "decoders",
                "dev:vorbis",
            ],
        ),
    ]);
    for (package, allowed) in allowed {
        for dependency in own_dependencies(package) {
            assert!(allowed.contains(&dependency.as_str()), "{package} depends on {dependency}, which the architecture does not allow");
        }
    }
}

#[test]
fn a_contract_has_the_same_name_in_every_room() {
    let library = Library::embedded_contracts().expect("the contracts are right");
    for contract in &library.contracts {
        let name = contract.contract.value.replace('-', "_");
        if !contract.has_machine() {
            assert!(root().join("conformance/src/contracts").join(&name).join("mod.rs").exists(), "conformance has no {name}");
            continue;
        }
        let has = |room: &str| {
            let file = root().join(room).join(format!("{name}.rs"));
            let folder = root().join(room).join(&name);
            file.exists() || folder.join("mod.rs").exists()
        };
        for room in ["spec/src", "model/src", "implementation/sut/src", "conformance/src/contracts"] {
            assert!(has(room), "{room} has no {name}");
        }
        // The messages are a package of their own, for clients that need nothing else.
        let package = root().join("implementation").join(&name).join("src/lib.rs").exists();
        assert!(
            package || ["audio", "services", "decoders"].iter().any(|room| has(&format!("implementation/{room}/src"))),
            "neither the audio core, nor the services, nor the decoders have {name}"
        );
        assert!(root().join("goldens").join(&contract.contract.value).is_dir(), "goldens has no {name}");
        assert!(root().join("fuzz/fuzz_targets").join(format!("{name}.rs")).exists(), "fuzz has no {name}");
    }
}

#[test]
fn every_bound_has_its_test() {
    let library = Library::embedded_contracts().expect("the contracts are right");
    let tests: String = [
        "implementation/audio",
        "implementation/idl",
        "implementation/services",
        "implementation/devices",
        "implementation/miniplayer",
        "implementation/vorbis",
        "implementation/decoders",
        "implementation/jpeg",
        "implementation/sut",
        "implementation/nx",
        "conformance",
    ]
    .iter()
    .flat_map(|folder| rust_files(folder))
    .map(|path| read(&path))
    .collect();
    for contract in &library.contracts {
        for bound in &contract.bounds {
            let name = &bound.reject_test.value;
            assert!(
                tests.contains(&format!("fn {name}(")),
                "{}:{}: the test {name} does not exist",
                contract.path,
                bound.reject_test.referenced.line()
            );
        }
    }
}

#[test]
fn every_requirement_stands_beside_the_model_line_that_keeps_it() {
    let library = Library::embedded_contracts().expect("the contracts are right");
    let model: String = rust_files("model/src").iter().map(|path| read(path)).collect();
    for (contract, requirement) in library.requirements() {
        let id = &requirement.id.value;
        // What only code that is linked in can show has no line in a model.
        if requirement.evidence.iter().all(|kind| kind.once_per_run()) {
            continue;
        }
        assert!(model.contains(id.as_str()), "{}:{}: no line of the model names {id}", contract.path, requirement.id.referenced.line());
    }
}

#[test]
fn modules_are_short_enough_to_hold_in_the_head() {
    for folder in ["spec", "model", "implementation", "conformance", "qemu-runner", "fuzz/fuzz_targets"] {
        for path in rust_files(folder).into_iter().filter(|path| !is_generated(path)) {
            let lines = read(&path).lines().count();
            assert!(lines <= 600, "{}: {lines} lines, expected at most 600", path.display());
        }
    }
}

#[test]
fn nothing_in_the_implementation_can_panic_or_hide() {
    const FORBIDDEN: [&str; 6] = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!("];
    for folder in [
        "implementation/audio/src",
        "implementation/idl/src",
        "implementation/services/src",
        "implementation/devices/src",
        "implementation/miniplayer/src",
        "implementation/vorbis/src",
        "implementation/decoders/src",
        "implementation/jpeg/src",
        "implementation/sut/src",
        "implementation/nx/src",
        "implementation/guest/src",
    ] {
        for path in rust_files(folder) {
            // Tests may panic. loom tells of a broken interleaving by a panic; that module is part of a check, behind a feature.
            let tests = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
            if tests || is_generated(&path) || path.ends_with("ring/interleavings.rs") {
                continue;
            }
            let text = read(&path);
            // Tests beside the code may panic: that is how they fail.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                let line = line.split("//").next().unwrap_or_default();
                for word in FORBIDDEN {
                    // A machine without a board has nobody to return an error to: it prints its panic marker and ends.
                    if word == "panic!(" && path.components().any(|part| part.as_os_str() == "bare") {
                        continue;
                    }
                    assert!(!line.contains(word), "{}:{}: `{word}` in the implementation", path.display(), number + 1);
                }
                // An exception names its lint and its reason; a module's, on the line of the attribute or the next two.
                let reason = || code.lines().skip(number).take(3).any(|line| line.contains("reason ="));
                let blanket = line.contains("allow(dead_code)") || (line.contains("#![allow(") && !reason());
                assert!(!blanket, "{}:{}: an allow without a reason, or of dead code", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn models_have_no_unsafe_code() {
    let lib = read(&root().join("model/src/lib.rs"));
    assert!(lib.contains("#![forbid(unsafe_code)]"), "model/src/lib.rs must forbid unsafe code");
}

#[test]
fn the_top_level_holds_what_it_should() {
    const NAMES: [&str; 17] = [
        "Cargo.toml",
        "Cargo.lock",
        "spec",
        "model",
        "conformance",
        "fuzz",
        "qemu-runner",
        "implementation",
        "goldens",
        "reports",
        "justfile",
        "README.md",
        "ARCHITECTURE.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "rustfmt.toml",
        "target",
    ];
    for entry in fs::read_dir(root()).expect("the root is readable") {
        let name = entry.expect("the root is readable").file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || NAMES.contains(&name.as_str()), "{name} does not belong at the top level");
    }
}

#[test]
fn the_contracts_are_whole() {
    let library = Library::embedded().unwrap_or_else(|problems| panic!("{problems}"));
    conformance::carried::check(&library).unwrap_or_else(|problems| panic!("{problems}"));
}

/// Tests and programs are built of the same crates with the same features, or all of them would be compiled twice. What a test's
/// dependency asks for beyond that is asked for in `implementation/bench/Cargo.toml` too.
#[test]
fn tests_ask_for_no_features_of_what_programs_are_built_of() {
    let tree = |edges: &str| -> BTreeSet<String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root()).args([
            "tree",
            "--workspace",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--format",
            "{p} [{f}]",
            "--edges",
            edges,
        ]);
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
    };
    // What build scripts and macros are built of is built for them alone.
    let (programs, tests) = (tree("no-build,no-proc-macro,no-dev"), tree("no-build,no-proc-macro"));
    assert!(programs.len() > 100, "only {} crates", programs.len());
    let others: Vec<&String> = programs.difference(&tests).collect();
    assert!(others.is_empty(), "the tests have other features of {others:#?}");
}
