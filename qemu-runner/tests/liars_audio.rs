//! Logs and guests that fake the media services. Each is rejected, and for the right reason.

mod common;

use common::kinds;
use common::services::{Boot, place, replace, text};
use qemu_runner::{FaultKind, Outcome};

const PARTS: [&str; 6] = ["audio.tone", "audio.stream", "audio.duck", "tonegen", "wavplay", "audio.record"];

/// The lines that a model would give.
const LINES: [&str; 10] = [
    "i2sd: ready",
    "codecd: ack route=speaker mode=null",
    "audiod: ready",
    "audiod: level linear=0.75 muted=false",
    "audiod: tick seq=1 mix=8111 streams=1",
    "audiod: underrun app=other frames=411",
    "powerd: wakelock acquire kind=partial id=playback app=mediasessd",
    "mediasession: playing",
    "audiod: duck -6dB",
    "powerd: wakelock release kind=partial id=playback app=mediasessd",
];

/// A boot of the profile `audio`.
fn boot(seed: u8) -> Boot {
    Boot::new(seed, &PARTS, &LINES)
}

/// The log of an honest guest, line by line.
fn honest(boot: &Boot) -> Vec<String> {
    let service = |range: std::ops::Range<usize>| boot.lines[range].iter().cloned();
    let mut log = boot.begun();
    log.extend(service(1..5));
    log.extend([boot.answer("audio.tone"), "SELFTEST: audio tone ok".to_owned()]);
    log.extend(service(5..6));
    log.extend([boot.answer("audio.stream"), "SELFTEST: audio stream start/stop ok".to_owned()]);
    log.extend(service(6..10));
    log.extend([boot.answer("audio.duck"), "SELFTEST: audio duck ok".to_owned()]);
    log.extend([boot.ok("tonegen"), boot.ok("wavplay")]);
    log.extend([boot.answer("audio.record"), "SELFTEST: audio record ok".to_owned()]);
    log.push("conform: done selftests=6".to_owned());
    log
}

/// The honest log of a boot but for a change.
fn lie(boot: &Boot, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines = honest(boot);
    change(&mut lines);
    text(&lines)
}

/// The honest log but for a change, and the faults that it must show: these and no others.
#[track_caller]
fn reject(change: impl FnOnce(&Boot, &mut Vec<String>), expected: &[FaultKind]) {
    let boot = boot(1);
    let mut lines = honest(&boot);
    change(&boot, &mut lines);
    boot.reject("audio", &lines, expected);
}

#[test]
fn the_honest_log_passes() {
    reject(|_, _| {}, &[]);
}

#[test]
fn test_reject_a_duck_that_was_not_due() {
    reject(|_, lines| lines.insert(9, "audiod: duck -6dB".to_owned()), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_another_depth_of_the_duck() {
    reject(|_, lines| replace(lines, "audiod: duck", "audiod: duck -3dB"), &[FaultKind::WrongLine]);
    // A depth that raises is no declared line at all, and the right one is missed.
    reject(|_, lines| replace(lines, "audiod: duck", "audiod: duck 6dB"), &[FaultKind::Undeclared, FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_tick_with_another_peak() {
    reject(|_, lines| replace(lines, "audiod: tick", "audiod: tick seq=1 mix=8112 streams=1"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_an_underrun_that_is_hidden() {
    let hidden = |lines: &mut Vec<String>| drop(lines.remove(place(lines, "audiod: underrun")));
    reject(|_, lines| hidden(lines), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_an_underrun_of_another_app() {
    reject(|_, lines| replace(lines, "audiod: underrun", "audiod: underrun app=music frames=411"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_level_that_nobody_set() {
    reject(|_, lines| replace(lines, "audiod: level", "audiod: level linear=1.00 muted=false"), &[FaultKind::WrongLine]);
    reject(
        |_, lines| replace(lines, "audiod: level", "audiod: level linear=1.50 muted=false"),
        &[FaultKind::Undeclared, FaultKind::WrongLine],
    );
}

#[test]
fn test_reject_a_wake_lock_that_leaks() {
    let leak = |lines: &mut Vec<String>| drop(lines.remove(place(lines, "powerd: wakelock release")));
    reject(|_, lines| leak(lines), &[FaultKind::MissingLine]);
}

#[test]
fn test_reject_a_playing_session_out_of_order() {
    reject(
        |_, lines| {
            let at = place(lines, "mediasession: playing");
            lines.swap(at, at + 1);
        },
        &[FaultKind::WrongLine],
    );
}

#[test]
fn test_reject_a_claim_without_its_answer() {
    reject(|_, lines| drop(lines.remove(place(lines, "conform: answer part=audio.duck"))), &[FaultKind::Unanswered, FaultKind::Missing]);
}

#[test]
fn test_reject_a_claim_before_its_answer() {
    reject(
        |_, lines| {
            let at = place(lines, "conform: answer part=audio.tone");
            lines.swap(at, at + 1);
        },
        &[FaultKind::Unanswered, FaultKind::OutOfOrder],
    );
}

#[test]
fn test_reject_a_claim_behind_a_wrong_answer() {
    let other = boot(2).answer("audio.stream");
    reject(|_, lines| replace(lines, "conform: answer part=audio.stream", &other), &[FaultKind::WrongDigest, FaultKind::Unanswered]);
    // The right answer of another part is no better.
    let tone = |boot: &Boot| boot.answer("audio.tone").replace("audio.tone", "audio.stream");
    reject(
        |boot, lines| replace(lines, "conform: answer part=audio.stream", &tone(boot)),
        &[FaultKind::WrongDigest, FaultKind::Unanswered],
    );
}

#[test]
fn test_reject_a_recording_that_is_claimed_beside_its_placeholder() {
    reject(
        |_, lines| lines.insert(place(lines, "SELFTEST: audio record"), "audio.record: stub/placeholder".to_owned()),
        &[FaultKind::Unplanned, FaultKind::OkBesidePlaceholder],
    );
}

#[test]
fn test_reject_a_recording_that_is_claimed_without_a_disk() {
    let boot = boot(1);
    let honest = lie(&boot, |lines| {
        replace(lines, "SELFTEST: audio record", "audio.record: stub/placeholder");
        replace(lines, "conform: done", "conform: done selftests=5");
    });
    assert_eq!(kinds(&boot.verdict("audio-diskless", &honest)), []);
    let verdict = boot.verdict("audio-diskless", &lie(&boot, |_| {}));
    assert_eq!(kinds(&verdict), [FaultKind::Unplanned, FaultKind::WrongTotal, FaultKind::Missing], "{verdict}");
    // Silence in place of the placeholder is no better.
    let silent = lie(&boot, |lines| {
        lines.remove(place(lines, "SELFTEST: audio record"));
        replace(lines, "conform: done", "conform: done selftests=5");
    });
    assert_eq!(kinds(&boot.verdict("audio-diskless", &silent)), [FaultKind::Missing]);
    // And with a disk the placeholder is not the recording.
    assert_eq!(kinds(&boot.verdict("audio", &honest)), [FaultKind::Unplanned, FaultKind::WrongTotal, FaultKind::Missing]);
}

#[test]
fn test_reject_services_that_fail_halfway() {
    reject(
        |_, lines| lines.insert(place(lines, "conform: answer part=audio.duck"), "SELFTEST: audio.duck FAIL reason=late".to_owned()),
        &[FaultKind::SelftestFailed, FaultKind::Contradicted],
    );
    // The services' task began anew in the middle, and said ready once more.
    reject(
        |_, lines| {
            let contained = "conform: contained task=audiod by=trap at=0000000080000000 restarts=1".to_owned();
            lines.splice(9..9, [contained, "i2sd: ready".to_owned()]);
        },
        &[FaultKind::Unplanned, FaultKind::WrongLine],
    );
}

#[test]
fn test_reject_stale_words_after_the_claim() {
    for claim in ["SELFTEST: audio tone ok (cached)", "SELFTEST: audio tone OK", " SELFTEST: audio tone ok", "SELFTEST: audio tone ok."] {
        let verdict = boot(1).verdict("audio", &lie(&boot(1), |lines| replace(lines, "SELFTEST: audio tone ok", claim)));
        assert_eq!(verdict.outcome, Outcome::Failed, "{claim:?}");
        assert!(kinds(&verdict).contains(&FaultKind::Missing), "{verdict}");
    }
}

#[test]
fn test_reject_a_guest_that_prints_the_audio_markers_of_another_boot() {
    if common::qemu("test_reject_a_guest_that_prints_the_audio_markers_of_another_boot") {
        let placeholder = |boot: &Boot| {
            lie(boot, |lines| {
                replace(lines, "SELFTEST: audio record", "audio.record: stub/placeholder");
                replace(lines, "conform: done", "conform: done selftests=5");
            })
        };
        // The yardstick: a guest that knows everything.
        let right = boot(1);
        right.reject_guest("audio-diskless", &placeholder(&right), &[]);
        let faults = [FaultKind::WrongChallenge, FaultKind::WrongDigest, FaultKind::Unanswered];
        right.reject_guest("audio-diskless", &placeholder(&boot(2)), &faults);
    }
}
