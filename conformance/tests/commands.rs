//! Programs that lie, as real programs: `conform run --nx` must say what is broken, and leave nothing running.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

fn conform(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conform")).args(arguments).output().expect("conform runs")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the contract on an `nx` that is a shell script around the real one, which it knows as `$nx`.
fn around(script: &str) -> Output {
    let real = conformance::commands::Programs::build(&conformance::repository_root()).expect("the programs are built");
    let folder = tempfile::tempdir().expect("a folder");
    for program in ["tonegen", "wavplay", "nx-media"] {
        std::os::unix::fs::symlink(real.folder.join(program), folder.path().join(program)).expect("a link");
    }
    let nx = folder.path().join("nx");
    fs::write(&nx, format!("#!/bin/sh\nnx='{}'\n{script}\n", real.nx.display())).expect("a file");
    fs::set_permissions(&nx, fs::Permissions::from_mode(0o755)).expect("a mode");
    let output = conform(&["run", "--contract", "nx-audio", "--nx", &nx.display().to_string()]);
    assert_eq!(running(&real.nx, &nx), Vec::<String>::new(), "nothing is left running");
    output
}

/// Services of that program that were started through the other one.
fn running(real: &Path, through: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").expect("the processes").flatten();
    let lines = processes.filter_map(|process| {
        let is_real = fs::read_link(process.path().join("exe")).is_ok_and(|exe| exe == real);
        let parent = fs::read_to_string(process.path().join("environ")).unwrap_or_default();
        (is_real && parent.contains(&format!("THROUGH={}", through.display()))).then(|| process.path().display().to_string())
    });
    lines.collect()
}

#[test]
fn programs_behind_a_script_conform_and_leave_nothing_running() {
    let output = around("THROUGH=\"$0\" \"$nx\" \"$@\"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn test_reject_programs_that_lie() {
    for (lie, requirement) in [
        ("\"$nx\" \"$@\"; code=$?; [ $code = 6 ] && exit 7; exit $code", "NX_AUDIO-015 broken"),
        ("case \"$*\" in *'tone 440 300'*) echo 'nx: audio tone 440 ms=300';; *) exec \"$nx\" \"$@\";; esac", "NX_AUDIO-012 broken"),
        ("case \"$*\" in *'--mute'*) exit 0;; *) exec \"$nx\" \"$@\";; esac", "NX_AUDIO-004 broken"),
    ] {
        let output = around(lie);
        assert_eq!(output.status.code(), Some(1), "{lie}: {}", text(&output));
        assert!(text(&output).contains(requirement), "{lie}: {}", text(&output));
    }
}

#[test]
fn test_reject_programs_that_are_not_there_or_not_asked_for() {
    let output = conform(&["run", "--contract", "nx-audio", "--nx", "/nonexistent/nx"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(text(&output).contains("there is no program /nonexistent/nx"), "{}", text(&output));
    let output = conform(&["run", "--contract", "gain", "--nx", "/nonexistent/nx"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("choose nx-audio"), "{}", text(&output));
}

#[test]
fn this_repository_s_programs_conform_and_every_lie_is_caught() {
    let output = conform(&["run", "--contract", "nx-audio", "--contract", "nx-media", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let requirements = report["coverage"]["requirements"].as_array().expect("requirements");
    for (contract, count) in [("nx-audio", 25), ("nx-media", 24)] {
        let own = || requirements.iter().filter(|requirement| requirement["contract"] == contract);
        assert!(own().count() >= count && own().all(|requirement| requirement["standing"] == "passed"), "{}", text(&output));
    }
    assert_eq!(report["coverage"]["overall"], "conforms");
}
