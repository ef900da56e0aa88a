//! The command line: exit codes, reports and messages.

mod common;

use common::code::{Then, image, liar};
use common::{Boot, CONTRACTS, qemu};
use std::path::Path;
use std::process::{Command, Output};

fn qemu_runner(arguments: &[&str], environment: &[(&str, &str)], folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qemu-runner"));
    command.args(arguments).current_dir(folder).env_remove("RUN_UNTIL_MARKER").env_remove("RUN_TIMEOUT").envs(environment.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn verifies_recorded_logs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.log"), Boot::new(1).lie(|_| {})).unwrap();
    std::fs::write(folder.path().join("bad.log"), Boot::new(1).lie(|lines| drop(lines.remove(3)))).unwrap();
    let (code, out, _) = qemu_runner(&["verify-uart", "good.log", "--profile", "contracts"], &[], folder.path());
    assert_eq!(code, 5);
    assert!(out.contains("well-formed, but not proven") && out.contains("challenge: not proven by a replayed log"), "{out}");
    let (code, out, _) =
        qemu_runner(&["verify-uart", "bad.log", "--profile", "contracts", "--json", "--junit", "bad.xml"], &[], folder.path());
    assert_eq!(code, 1);
    let verdict: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&verdict["outcome"], &verdict["faults"][0]["kind"], &verdict["faults"][0]["about"]),
        (&"failed".into(), &"missing".into(), &"selftest_ok:ring".into())
    );
    let junit = std::fs::read_to_string(folder.path().join("bad.xml")).unwrap();
    assert!(
        junit.contains(&format!(r#"tests="{}""#, CONTRACTS.len() + 5))
            && junit.contains(r#"failures="1""#)
            && junit.contains(r#"<testcase name="selftest_ok:ring""#),
        "{junit}"
    );
}

#[test]
fn test_reject_command_lines_and_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("answers.json"), r#"{"ring": 7}"#).unwrap();
    std::fs::write(folder.path().join("image"), "").unwrap();
    let challenge = "0".repeat(64);
    for (arguments, environment, message) in [
        (&["nothing"][..], &[][..], "unrecognized subcommand"),
        (&["verify-uart", "nothing.log", "--profile", "contracts"], &[], "nothing.log"),
        (&["verify-uart", "answers.json", "--profile", "nothing"], &[], "there is no profile `nothing`"),
        (&["run", "--image", "image", "--challenge", "123"], &[], "64 lower-case hexadecimal digits"),
        (&["run", "--image", "image", "--answers", "answers.json"], &[], "--challenge"),
        (&["run", "--image", "image", "--challenge", &challenge, "--answers", "answers.json"], &[], "answers.json: invalid type"),
        (&["run", "--image", "image", "--disk", "answers.json"], &[], "answers.json: "),
        (&["run", "--image", "image", "--dtb", "answers.json"], &[], "answers.json: /: the blob is not well-formed"),
        (&["run", "--image", "image", "--profile", "nothing"], &[], "spec/markers.yaml has core, contracts, decoders, server"),
        (&["run", "--image", "image"], &[("RUN_TIMEOUT", "soon")], "RUN_TIMEOUT=\"soon\""),
        (&["run", "--image", "image"], &[("RUN_UNTIL_MARKER", "yes")], "RUN_UNTIL_MARKER=\"yes\""),
    ] {
        let (code, out, error) = qemu_runner(arguments, environment, folder.path());
        assert_eq!(code, 2, "{arguments:?}: {error}");
        assert!(error.contains(message) && out.is_empty(), "{error}");
    }
    assert!(!folder.path().join("reports").exists(), "nothing was run");
}

#[test]
fn test_reject_a_set_up_that_lacks_something() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("image"), "").unwrap();
    let (code, _, error) = qemu_runner(&["run", "--image", "image"], &[("PATH", "/nothing")], folder.path());
    assert_eq!(code, 3);
    assert!(error.contains("dtc can't be started") && error.contains("device-tree-compiler"), "{error}");
    let (code, _, error) = qemu_runner(&["run", "--image", "image", "--dtb", "qemu"], &[("PATH", "/nothing")], folder.path());
    assert_eq!(code, 3);
    assert!(error.contains("qemu-system-riscv64 can't be started") && error.contains("qemu-system-misc"), "{error}");
    let (code, _, error) = qemu_runner(&["run", "--image", "nothing"], &[], folder.path());
    assert!(code == 3 && error.contains("nothing"), "{error}");
    let (code, _, error) = qemu_runner(&["run"], &[], folder.path());
    assert!(code == 3 && error.contains("--image"), "{error}");
}

/// The guest of this repository by its command: a disk that stays, the device tree of this run, and answers from the challenge.
#[test]
fn runs_the_platform() {
    if !qemu("runs_the_platform") || qemu_runner::build::toolchain().is_none() {
        return;
    }
    let guest = qemu_runner::build::build_guest(&common::root()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let blob = qemu_runner::device_tree::compiled().unwrap();
    std::fs::write(folder.path().join("virt-nexus.dtb"), blob).unwrap();
    let run = |arguments: &[&str]| qemu_runner(&[&["run", "--image", guest.to_str().unwrap()], arguments].concat(), &[], folder.path());
    for tree in [&["--dtb", "virt-nexus.dtb"][..], &[]] {
        let (code, out, error) = run(&[&["--profile", "platform", "--disk", "state.img"], tree].concat());
        assert!(code == 0 && out.contains("platform: passed"), "{out}{error}");
        let disk = qemu_runner::disk::Disk::at(&folder.path().join("state.img")).unwrap();
        assert!(disk.list().unwrap().iter().any(|(path, length)| path.to_lowercase() == "/audio/out.wav" && *length > 0));
    }
    let (code, out, error) = run(&["--profile", "diskless"]);
    assert!(code == 0 && out.contains("diskless: passed"), "{out}{error}");
    // QEMU's own tree has no audio path, of which the guest then says nothing.
    let (code, out, _) = run(&["--profile", "diskless", "--dtb", "qemu"]);
    assert!(code == 1 && out.contains("`placeholder:i2s` is missing"), "{out}");
}

#[test]
fn runs_an_image() {
    if !qemu("runs_an_image") {
        return;
    }
    let boot = Boot::new(3);
    let folder = tempfile::tempdir().unwrap();
    let text = String::from_utf8(boot.lie(|_| {})).unwrap();
    let honest = image(&liar(&[], &text, &Then::Pass));
    let hanging = image(&liar(&[], &text, &Then::Hang));
    std::fs::write(folder.path().join("answers.json"), serde_json::to_string(&boot.answers).unwrap()).unwrap();
    let challenge = boot.challenge.to_string();
    let (honest, hanging) = (honest.path().to_str().unwrap(), hanging.path().to_str().unwrap());
    let proven = |image| vec!["run", "--image", image, "--profile", "contracts", "--challenge", &challenge, "--answers", "answers.json"];
    let run = |arguments: &[&str], environment: &[(&str, &str)]| qemu_runner(arguments, environment, folder.path());

    let (code, out, error) = run(&proven(honest), &[]);
    // Beside the selftests the plan has boot, ready and done.
    let planned = CONTRACTS.len() + 3;
    assert!(code == 0 && out.contains(&format!("contracts: passed ({planned} of {planned}")), "{out}{error}");
    assert_eq!(std::fs::read(folder.path().join("reports/uart-contracts.log")).unwrap(), text.as_bytes());
    let (code, out, _) = run(&["run", "--image", honest, "--profile", "contracts", "--challenge", &challenge], &[]);
    assert!(code == 5 && out.contains("digests: not proven"), "{out}");
    let (code, out, _) = run(&["run", "--image", honest], &[]);
    assert!(code == 1 && out.contains("ready for another challenge"), "{out}");

    let (code, _, _) = run(&proven(hanging), &[("RUN_UNTIL_MARKER", "1"), ("RUN_TIMEOUT", "185s")]);
    assert_eq!(code, 0);
    let (code, out, _) = run(&proven(hanging), &[("RUN_UNTIL_MARKER", "0"), ("RUN_TIMEOUT", "500ms")]);
    assert!(code == 1 && out.contains("ended for its time"), "{out}");
}
