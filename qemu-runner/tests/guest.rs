//! The guest of this repository, built and booted. Where QEMU or a toolchain is missing the tests say that they were skipped.

mod common;

use qemu_runner::boot::{Guest, Mode, Options};
use qemu_runner::{Challenge, Outcome, RunSettings, build, run};
use spec::mailbox::{REQUEST_BYTES, STATUS_MALFORMED, STATUS_OK, STATUS_UNKNOWN_CONTRACT};
use std::path::PathBuf;
use std::time::Duration;

const TIME: Duration = Duration::from_secs(20);

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

#[test]
fn selftests_are_well_formed_and_repeat() {
    let Some(image) = image("selftests_are_well_formed_and_repeat") else { return };
    let folder = tempfile::tempdir().unwrap();
    let go = |challenge: &Challenge| {
        let options = run::Options {
            log: Some(folder.path().join("uart.log")),
            settings: RunSettings { until_marker: false, timeout: Some(TIME) },
            ..run::Options::default()
        };
        let run = run::run_selftests(&image, "contracts", challenge, None, &options).unwrap();
        assert_eq!(run.verdict.outcome, Outcome::NotProven, "{}", run.verdict);
        run.log
    };
    let challenge = Challenge::random().unwrap();
    let log = go(&challenge);
    assert_eq!(log, go(&challenge), "the same image and challenge give the same bytes");
    let other = go(&Challenge::random().unwrap());
    let (log, other) = (String::from_utf8(log).unwrap(), String::from_utf8(other).unwrap());
    for (line, other) in log.lines().zip(other.lines()).filter(|(line, _)| line.contains("digest=")) {
        assert_ne!(line, other, "another challenge gives other work");
    }
}

#[test]
fn the_server_answers_until_it_is_told_to_stop() {
    let Some(image) = image("the_server_answers_until_it_is_told_to_stop") else { return };
    let mut guest = Guest::boot_server(&image).unwrap();
    // No cases of the first contract: no traces.
    assert_eq!(guest.exchange(&[0, 0], TIME), Ok(vec![STATUS_OK, 0]));
    assert_eq!(guest.exchange(&[200, 0], TIME), Ok(vec![STATUS_UNKNOWN_CONTRACT]));
    for malformed in [&[][..], &[0], &[0, 0xff], &[0, 0, 0]] {
        assert_eq!(guest.exchange(malformed, TIME), Ok(vec![STATUS_MALFORMED]), "{malformed:?}");
    }
    let mut large = vec![0xff; REQUEST_BYTES as usize];
    large[0] = 1;
    assert_eq!(guest.exchange(&large, TIME), Ok(vec![STATUS_MALFORMED]));
    // The guest sleeps while it has nothing to do, and wakes.
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(guest.exchange(&[0, 0], TIME), Ok(vec![STATUS_OK, 0]));
    large.push(0);
    assert!(guest.exchange(&large, TIME).is_err(), "a request that does not fit is not sent");
    assert_eq!(guest.exchange(&[0, 0], TIME), Ok(vec![STATUS_OK, 0]));
    assert_eq!(guest.exchanges(), 9);
    let heard = guest.stop();
    assert_eq!((heard.exit, heard.done), (Some(qemu_runner::Exit::Code(0)), true));
}

#[test]
fn the_server_profile_passes() {
    let Some(image) = image("the_server_profile_passes") else { return };
    let folder = tempfile::tempdir().unwrap();
    let options = run::Options { log: Some(folder.path().join("uart.log")), ..run::Options::default() };
    let run = run::run_selftests(&image, "server", &Challenge::random().unwrap(), None, &options).unwrap();
    assert_eq!(run.verdict.outcome, Outcome::Passed, "{}", run.verdict);
}

/// Figures, for who runs this with `--nocapture`.
#[test]
fn round_trips_are_fast() {
    let Some(image) = image("round_trips_are_fast") else { return };
    let mut boots: Vec<Duration> = Vec::new();
    for _ in 0..10 {
        boots.push(Guest::boot(&image, Mode::Serve, &Challenge::random().unwrap(), &Options::default()).unwrap().boot_time());
    }
    boots.sort();
    let mut guest = Guest::boot_server(&image).unwrap();
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..2000 {
        let start = std::time::Instant::now();
        guest.exchange(&[0, 0], TIME).unwrap();
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "boot to ready: median {:?}, least {:?}; exchange: median {:?}, 99 % within {:?}",
        boots[5], boots[0], times[1000], times[1980]
    );
    assert!(times[1000] < Duration::from_millis(20), "the median of an empty exchange is {:?}", times[1000]);
}
