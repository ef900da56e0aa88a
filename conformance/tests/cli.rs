//! The command line, as a person or a CI job meets it: exit codes and messages.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn conform(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conform")).args(arguments).output().expect("conform runs")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("a readable folder");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// A folder with the repository's goldens, which a test may damage.
fn goldens() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&conformance::repository_root().join("goldens"), &folder.path().join("goldens"));
    folder
}

fn check(folder: &Path) -> Output {
    conform(&["--root", &folder.display().to_string(), "goldens", "check"])
}

#[test]
fn whole_goldens_pass() {
    let folder = goldens();
    let output = check(folder.path());
    assert_eq!(code(&output), Some(0), "{}", text(&output));
}

#[test]
fn test_reject_a_changed_golden() {
    let folder = goldens();
    let path = folder.path().join("goldens/ring/in_order.json");
    let right = fs::read_to_string(&path).expect("a golden");
    fs::write(&path, right.replacen("\"wrote\":3", "\"wrote\":2", 1)).expect("a file can be written");
    let output = check(folder.path());
    assert_eq!(code(&output), Some(1));
    let shown = text(&output);
    for part in ["goldens/ring/in_order.json: changed", "-    {\"obs\":{\"wrote\":2}", "+    {\"obs\":{\"wrote\":3}"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn test_reject_a_missing_and_an_orphaned_golden() {
    let folder = goldens();
    fs::remove_file(folder.path().join("goldens/gain/anchors.json")).expect("a golden can be removed");
    fs::write(folder.path().join("goldens/ring/nobody.json"), "{}").expect("a file can be written");
    let output = check(folder.path());
    assert_eq!(code(&output), Some(1));
    assert!(text(&output).contains("goldens/gain/anchors.json: missing"), "{}", text(&output));
    assert!(text(&output).contains("goldens/ring/nobody.json: an orphan"), "{}", text(&output));
}

#[test]
fn test_reject_a_recording_that_was_cut() {
    let folder = goldens();
    let path = folder.path().join("goldens/audio/tone_440_hz_200_ms.wav");
    let right = fs::read(&path).expect("a recording");
    assert_eq!(right.len(), 38_444, "200 ms are 9,600 frames behind a header of 44 bytes");
    fs::write(&path, &right[..right.len() - 4]).expect("a file can be written");
    let output = check(folder.path());
    assert_eq!(code(&output), Some(1));
    assert!(text(&output).contains("38440 bytes on disk, 38444 from the model"), "{}", text(&output));
}

#[test]
fn test_reject_pages_that_say_something_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().display().to_string();
    let pages = |action| conform(&["--root", &root, "pages", action]);
    assert_eq!(code(&pages("generate")), Some(0));
    assert_eq!(code(&pages("check")), Some(0));
    let page = folder.path().join("spec/pages/focus.md");
    let right = fs::read_to_string(&page).expect("a page");
    let wrong = right.replacen("| comms | gain | **duck_db** |", "| comms | gain | **pause** |", 1);
    assert_ne!(right, wrong);
    fs::write(&page, wrong).expect("a file can be written");
    fs::remove_file(folder.path().join("spec/pages/focus_alarm.svg")).expect("a picture can be removed");
    fs::write(folder.path().join("spec/pages/nobody.md"), "").expect("a file can be written");
    let output = pages("check");
    assert_eq!(code(&output), Some(1));
    for part in ["focus.md: changed", "focus_alarm.svg: missing", "nobody.md: an orphan"] {
        assert!(text(&output).contains(part), "{part} is not in\n{}", text(&output));
    }
}

#[test]
fn test_reject_options_that_say_nothing() {
    for (arguments, message) in [
        (&["run", "--contract", "nothing"][..], "there is no contract `nothing`"),
        (&["run", "--task", "TASK-1"], "there is no task `TASK-1`"),
        (&["run", "--seed", "one"], "`one` is no seed"),
        (&["run", "--shard", "3/2"], "`3/2` is no shard"),
        (&["run", "--sut", "true", "--driver", "qemu"], "--sut goes with --driver process alone"),
        (&["diff", "--right", "nowhere"], "names no machine"),
        (&["nonsense"], "unrecognized subcommand"),
    ] {
        let output = conform(arguments);
        assert!(matches!(code(&output), Some(2 | 3)), "{arguments:?}: {}", text(&output));
        assert!(text(&output).contains(message), "{arguments:?}: {}", text(&output));
    }
}

#[test]
fn test_reject_case_files_that_are_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    for (content, message) in [
        ("", "not a case file: EOF"),
        ("{\"conform_case\":1", "line 1 column"),
        ("{\"conform_case\":2,\"contract\":\"ring\",\"config\":{},\"ops\":[]}", "case file of version 2, expected 1"),
        ("{\"conform_case\":1,\"contract\":\"rung\",\"config\":{},\"ops\":[]}", "there is no contract `rung`"),
        ("{\"conform_case\":1,\"contract\":\"ring\",\"config\":{\"capacity_frames\":4},\"ops\":[{\"red\":1}]}", "`ops` do not fit"),
        ("{\"conform_case\":1,\"contract\":\"ring\",\"config\":{\"capacity\":4},\"ops\":[]}", "`config` does not fit"),
        ("{\"conform_case\":1,\"contract\":\"ring\",\"config\":{},\"ops\":[],\"extra\":1}", "unknown field `extra`"),
    ] {
        fs::write(&path, content).expect("a file can be written");
        let output = conform(&["replay", &path.display().to_string()]);
        assert_eq!(code(&output), Some(2), "{content}: {}", text(&output));
        assert!(text(&output).contains(message), "{content}: {}", text(&output));
    }
    let output = conform(&["replay", "/nonexistent/case.json"]);
    assert_eq!(code(&output), Some(2));
}

#[test]
fn a_case_file_replays_on_another_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    fs::write(&path, "{\"conform_case\":1,\"contract\":\"ring\",\"config\":{\"capacity_frames\":4},\"ops\":[{\"write\":[1,2,3,4]},{\"read\":9},\"stats\"]}")
        .expect("a file can be written");
    for driver in ["in-process", "process"] {
        let output = conform(&["replay", "--driver", driver, &path.display().to_string()]);
        assert_eq!(code(&output), Some(0), "{}", text(&output));
    }
}

#[test]
fn qemu_that_is_not_there_is_not_run_and_never_passed() {
    let without = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_conform")).args(arguments).env("PATH", "/nonexistent").output().expect("conform runs")
    };
    let output = without(&["run", "--driver", "in-process", "--driver", "qemu", "--contract", "gain", "--cases", "200"]);
    assert_eq!(code(&output), Some(0), "{}", text(&output));
    assert!(text(&output).contains("not run"), "{}", text(&output));
    let output = without(&["run", "--driver", "qemu", "--contract", "gain", "--cases", "200"]);
    assert_eq!(code(&output), Some(3), "nothing run is not a pass: {}", text(&output));
    let output = without(&["run", "--contract", "gain", "--cases", "200", "--require", "qemu"]);
    assert_eq!(code(&output), Some(3), "{}", text(&output));
    assert!(text(&output).contains("the driver qemu is required, but"), "{}", text(&output));
}

#[test]
fn a_subject_that_is_wrong_or_dead_is_a_verdict() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().display().to_string();
    let output = conform(&["--root", &root, "run", "--sut", "exit 7", "--contract", "level", "--cases", "50"]);
    assert_eq!(code(&output), Some(1), "{}", text(&output));
    let shown = text(&output);
    assert!(shown.contains("exit status: 7") || shown.contains("status 7") || shown.contains("code 7"), "{shown}");
}

#[test]
fn the_model_served_as_a_process_agrees_with_itself() {
    let program = env!("CARGO_BIN_EXE_conform");
    let output = conform(&["diff", "--left", "in-process", "--right", &format!("process:{program} serve --model"), "--cases", "300"]);
    assert_eq!(code(&output), Some(0), "{}", text(&output));
}

/// The README's first command for somebody else's implementation: what the example doesn't have is said, and is no divergence.
#[test]
fn the_example_passes_without_a_choice_of_contracts() {
    let example = conformance::repository_root().join("conformance/examples/sut.py");
    let sut = format!("python3 {}", example.display());
    let output = conform(&["run", "--sut", &sut, "--cases", "20"]);
    let said = text(&output);
    assert_eq!(code(&output), Some(0), "{said}");
    assert!(said.contains("not supported: apng"), "{said}");
}
