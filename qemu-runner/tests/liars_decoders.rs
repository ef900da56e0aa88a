//! Logs and guests that fake the decoders' selftest. Each is rejected, and for the right reason.

mod common;

use common::services::{Boot, place, replace, text};
use qemu_runner::{FaultKind, Outcome};

const PART: &str = "media.decode";
const CLAIM: &str = "decoder: wav/ogg/gif/apng/mjpeg on";

/// A boot of the profile `decoders`, which has no services.
fn boot(seed: u8) -> Boot {
    Boot::new(seed, &[PART], &[])
}

/// The log of an honest guest, line by line.
fn honest(boot: &Boot) -> Vec<String> {
    vec![
        "conform: boot protocol=1 hart=0 timebase=10000000 ram=67108864".to_owned(),
        format!("conform: ready challenge={}", boot.challenge.echo()),
        boot.answer(PART),
        CLAIM.to_owned(),
        "conform: done selftests=1".to_owned(),
    ]
}

/// The honest log but for a change, and the faults that it must show: these and no others.
#[track_caller]
fn reject(change: impl FnOnce(&Boot, &mut Vec<String>), expected: &[FaultKind]) {
    let boot = boot(1);
    let mut lines = honest(&boot);
    change(&boot, &mut lines);
    boot.reject("decoders", &lines, expected);
}

#[test]
fn the_honest_log_passes() {
    let boot = boot(1);
    assert_eq!(boot.verdict("decoders", &text(&honest(&boot))).outcome, Outcome::Passed);
}

#[test]
fn test_reject_a_marker_without_an_answer() {
    let expected = [FaultKind::Unanswered, FaultKind::Missing];
    reject(|_, lines| drop(lines.remove(place(lines, "conform: answer"))), &expected);
}

#[test]
fn test_reject_a_marker_behind_the_answer_of_another_boot() {
    reject(|_, lines| replace(lines, "conform: answer", &boot(2).answer(PART)), &[FaultKind::WrongDigest, FaultKind::Unanswered]);
}

#[test]
fn test_reject_a_marker_of_fewer_decoders() {
    reject(|_, lines| replace(lines, "decoder: ", "decoder: wav/ogg/gif on"), &[FaultKind::Undeclared, FaultKind::Missing]);
}

#[test]
fn test_reject_an_answer_without_the_marker() {
    reject(|_, lines| drop(lines.remove(place(lines, "decoder: "))), &[FaultKind::Missing]);
}

#[test]
fn test_reject_a_marker_that_comes_twice() {
    reject(|_, lines| lines.insert(place(lines, "decoder: "), CLAIM.to_owned()), &[FaultKind::Duplicate]);
}

#[test]
fn test_reject_a_guest_that_prints_what_an_honest_one_printed_before() {
    if !common::qemu("liars_decoders") {
        return;
    }
    let log = text(&honest(&boot(2)));
    boot(1).reject_guest("decoders", &log, &[FaultKind::WrongChallenge, FaultKind::WrongDigest, FaultKind::Unanswered]);
}
