//! `/state` on the real machine: what the guest wrote is on the disk, and a cut of the power leaves it readable.

mod common;

use qemu_runner::boot::{Guest, Mode, Options};
use qemu_runner::disk::Disk;
use qemu_runner::{Challenge, Outcome, RunSettings, build, platform, run};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn image(test: &str) -> Option<PathBuf> {
    if !common::qemu(test) {
        return None;
    }
    match build::build_guest(&common::root()) {
        Ok(image) => Some(image),
        Err(build::Error::NoToolchain) => {
            eprintln!("SKIPPED {test}: {}", build::Error::NoToolchain);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// Runs the platform's selftests on a disk and shows that they passed and that the files are there.
#[track_caller]
fn selftests(image: &Path, disk: &Disk) -> Duration {
    let challenge = Challenge::random().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let options = run::Options {
        log: Some(log.path().to_owned()),
        settings: RunSettings::default(),
        disk: Some(disk.path().to_owned()),
        ..run::Options::default()
    };
    let run = run::run_selftests(image, "platform", &challenge, Some(&platform::answers(&challenge)), &options).unwrap();
    assert_eq!(run.verdict.outcome, Outcome::Passed, "{}\n{}", run.verdict, String::from_utf8_lossy(&run.log));
    platform::verify_disk(disk, &challenge).unwrap();
    // What the disk held before this boot can't have been that.
    assert!(platform::verify_disk(disk, &Challenge::random().unwrap()).is_err());
    run.time
}

#[test]
fn what_the_guest_wrote_is_on_the_disk() {
    let Some(image) = image("what_the_guest_wrote_is_on_the_disk") else { return };
    let disk = Disk::fresh().unwrap();
    for _ in 0..3 {
        println!("boot to verdict with a disk: {:?}", selftests(&image, &disk));
    }
}

#[test]
fn without_a_disk_nothing_is_claimed() {
    let Some(image) = image("without_a_disk_nothing_is_claimed") else { return };
    let challenge = Challenge::random().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let options = run::Options { log: Some(log.path().to_owned()), ..run::Options::default() };
    let run = run::run_selftests(&image, "diskless", &challenge, Some(&platform::answers(&challenge)), &options).unwrap();
    assert_eq!(run.verdict.outcome, Outcome::Passed, "{}", run.verdict);
    assert!(String::from_utf8(run.log).unwrap().contains("state: stub/placeholder\n"));
}

/// QEMU is killed while the guest writes, again and again on the same disk.
#[test]
fn a_cut_of_the_power_leaves_whole_generations() {
    let Some(image) = image("a_cut_of_the_power_leaves_whole_generations") else { return };
    let disk = Disk::fresh().unwrap();
    let mut generations = Vec::new();
    for cut in 0..12_u64 {
        let challenge = Challenge::random().unwrap();
        let options = Options { disk: Some(disk.path().to_owned()), ..Options::default() };
        // The file of the last boot is the selftest's, which no writer of this challenge left.
        std::fs::copy(Disk::fresh().unwrap().path(), disk.path()).unwrap();
        let guest = Guest::boot(&image, Mode::Writer, &challenge, &options).unwrap();
        // Points that lie anywhere in a generation, which takes some tens of milliseconds.
        std::thread::sleep(Duration::from_micros(3_000 + cut * 17_331));
        let heard = guest.kill();
        assert_eq!(heard.fault, None);
        assert!(!String::from_utf8_lossy(&heard.log).contains("FAIL"));
        generations.push(platform::verify_cut(&disk, &challenge).unwrap_or_else(|error| panic!("cut {cut}: {error}")));
        // The next boot finds a disk that works.
        selftests(&image, &disk);
    }
    println!("generations at the cuts: {generations:?}");
    assert!(generations.iter().any(|generation| *generation > 0), "the guest wrote something");
}
