//! Logs and guests that fake the media sessions. Each is rejected, and for the right reason.

mod common;

use common::kinds;
use common::services::{Boot, place, replace, text};
use qemu_runner::{FaultKind, Outcome};

const PARTS: [&str; 4] = ["media.play", "media.duck", "media.mute", "media.focus"];
const CLAIMS: [&str; 4] =
    ["SELFTEST: media play ok", "SELFTEST: media duck ok", "SELFTEST: media mute ok", "SELFTEST: media focus resume ok"];
const EXPORT: &str = "metrics: export lines=3 bytes=651";

/// The lines that a model would give.
const LINES: [&str; 15] = [
    "i2sd: ready",
    "codecd: ack route=speaker mode=null",
    "audiod: ready",
    "mediasessd: ready v2",
    "media: register app=app-0001 sid=1",
    "media: active sid=1",
    "media: state sid=1 playing pos=0",
    "powerd: wakelock acquire kind=partial id=playback app=mediasessd",
    "mediasession: playing",
    "media: handoff offer from=1 to=2",
    "media: handoff accept sid=2",
    "audiod: duck -9dB",
    "media: state sid=1 paused pos=80",
    "powerd: wakelock release kind=partial id=playback app=mediasessd",
    EXPORT,
];

/// A boot of the profile `media`.
fn boot(seed: u8) -> Boot {
    Boot::new(seed, &PARTS, &LINES)
}

/// The log of an honest guest, line by line.
fn honest(boot: &Boot) -> Vec<String> {
    let service = |range: std::ops::Range<usize>| boot.lines[range].iter().cloned();
    let mut log = boot.begun();
    for ((part, claim), lines) in PARTS.into_iter().zip(CLAIMS).zip([1..11, 11..12, 12..14, 14..15]) {
        log.extend(service(lines));
        log.extend([boot.answer(part), claim.to_owned()]);
    }
    log.push("conform: done selftests=4".to_owned());
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
    boot.reject("media", &lines, expected);
}

#[test]
fn the_honest_log_passes() {
    reject(|_, _| {}, &[]);
}

#[test]
fn test_reject_a_duck_of_the_default_depth() {
    reject(|_, lines| replace(lines, "audiod: duck", "audiod: duck -6dB"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_duck_that_is_hidden() {
    reject(|_, lines| drop(lines.remove(place(lines, "audiod: duck"))), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_position_that_a_clock_gave() {
    reject(|_, lines| replace(lines, "media: state sid=1 paused", "media: state sid=1 paused pos=81"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_session_that_plays_twice() {
    reject(|_, lines| lines.insert(place(lines, "mediasession: playing"), "mediasession: playing".to_owned()), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_an_offer_to_another() {
    reject(|_, lines| replace(lines, "media: handoff offer", "media: handoff offer from=2 to=1"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_an_acceptance_that_nobody_gave() {
    reject(
        |_, lines| {
            let at = place(lines, "media: handoff accept");
            lines.swap(at, at - 1);
        },
        &[FaultKind::WrongLine],
    );
}

#[test]
fn test_reject_an_export_of_other_bytes() {
    reject(|_, lines| replace(lines, "metrics: export", "metrics: export lines=3 bytes=650"), &[FaultKind::WrongLine]);
}

#[test]
fn test_reject_a_resume_that_is_claimed_without_its_answer() {
    reject(|_, lines| drop(lines.remove(place(lines, "conform: answer part=media.focus"))), &[FaultKind::Unanswered, FaultKind::Missing]);
}

#[test]
fn test_reject_a_claim_before_its_answer() {
    reject(
        |_, lines| {
            let at = place(lines, "conform: answer part=media.play");
            lines.swap(at, at + 1);
        },
        &[FaultKind::Unanswered, FaultKind::OutOfOrder],
    );
}

#[test]
fn test_reject_a_claim_behind_a_wrong_answer() {
    let other = boot(2).answer("media.mute");
    reject(|_, lines| replace(lines, "conform: answer part=media.mute", &other), &[FaultKind::WrongDigest, FaultKind::Unanswered]);
    // The right answer of another part is no better.
    let duck = |boot: &Boot| boot.answer("media.duck").replace("media.duck", "media.mute");
    reject(|boot, lines| replace(lines, "conform: answer part=media.mute", &duck(boot)), &[FaultKind::WrongDigest, FaultKind::Unanswered]);
}

#[test]
fn test_reject_claims_in_another_order() {
    reject(
        |_, lines| {
            let (duck, mute) = (place(lines, "SELFTEST: media duck"), place(lines, "SELFTEST: media mute"));
            lines.swap(duck, mute);
        },
        &[FaultKind::Unanswered, FaultKind::OutOfOrder],
    );
}

#[test]
fn test_reject_an_export_that_is_claimed_without_a_disk() {
    let mut right = boot(1);
    let log = honest(&right);
    right.lines.pop();
    let instead = |with: Option<&str>| {
        let mut lines = log.clone();
        match with {
            Some(with) => replace(&mut lines, EXPORT, with),
            None => lines.retain(|line| line != EXPORT),
        }
        lines
    };
    right.reject("media-diskless", &instead(Some("metrics: export stub/placeholder")), &[]);
    // Silence in place of the placeholder, and a claim in place of it.
    right.reject("media-diskless", &instead(None), &[FaultKind::Missing]);
    let verdict = right.verdict("media-diskless", &text(&log));
    assert_eq!(verdict.outcome, Outcome::Failed, "{verdict}");
    assert!(kinds(&verdict).contains(&FaultKind::Missing), "{verdict}");
}

#[test]
fn test_reject_a_selftest_that_fails_and_claims() {
    reject(
        |_, lines| lines.insert(place(lines, "conform: answer part=media.duck"), "SELFTEST: media.duck FAIL reason=late".to_owned()),
        &[FaultKind::SelftestFailed, FaultKind::Contradicted],
    );
}

#[test]
fn test_reject_stale_words_after_the_claim() {
    for claim in [
        "SELFTEST: media focus ok",
        "SELFTEST: media focus resume OK",
        " SELFTEST: media focus resume ok",
        "SELFTEST: media focus resume ok.",
    ] {
        let boot = boot(1);
        let verdict = boot.verdict("media", &lie(&boot, |lines| replace(lines, "SELFTEST: media focus resume ok", claim)));
        assert_eq!(verdict.outcome, Outcome::Failed, "{claim:?}");
        assert!(kinds(&verdict).contains(&FaultKind::Missing), "{verdict}");
    }
}

/// The mini-player's lines are declared, and no boot's: nobody presses a key there.
#[test]
fn test_reject_a_mini_player_that_nobody_opened() {
    for line in ["tray: mini-player open", "tray: mini-player control=pause", "tray: session switch sid=2", "tray: handoff take-over sid=2"]
    {
        let beside = |lines: &mut Vec<String>| lines.insert(place(lines, "media: handoff accept"), line.to_owned());
        reject(|_, lines| beside(lines), &[FaultKind::WrongLine, FaultKind::Unplanned]);
        // Within a line of another it is no better.
        reject(|_, lines| lines.insert(4, format!("systemui: {line}")), &[FaultKind::Embedded]);
    }
}

#[test]
fn test_reject_lines_of_the_tray_that_nobody_declared() {
    for line in
        ["tray: mini-player close", "tray: mini-player control=", "tray: session switch sid=-1", "tray: handoff take-over", "tray: "]
    {
        reject(|_, lines| lines.insert(4, line.to_owned()), &[FaultKind::Undeclared]);
    }
}

/// Notifications are gated: their placeholder can be said, that they were shown can't.
#[test]
fn test_reject_a_notification_that_was_shown() {
    for line in [
        "notif: media show sid=1",
        "notif: media update",
        "notif: media hide",
        "notif: now-playing \"A song\"",
        "notif: action=pause",
        "notif: media show ok",
        "notif: media show stub/placeholder ok",
    ] {
        reject(|_, lines| lines.insert(4, line.to_owned()), &[FaultKind::Undeclared]);
    }
    reject(|_, lines| lines.insert(4, "notif: media show stub/placeholder".to_owned()), &[FaultKind::Unplanned]);
}

#[test]
fn test_reject_a_guest_that_prints_the_media_markers_of_another_boot() {
    if common::qemu("test_reject_a_guest_that_prints_the_media_markers_of_another_boot") {
        let diskless = |boot: &Boot| lie(boot, |lines| replace(lines, EXPORT, "metrics: export stub/placeholder"));
        // The yardstick: a guest that knows everything.
        let mut right = boot(1);
        let (log, other) = (diskless(&right), diskless(&boot(2)));
        right.lines.pop();
        right.reject_guest("media-diskless", &log, &[]);
        let faults = [FaultKind::WrongChallenge, FaultKind::WrongDigest, FaultKind::Unanswered];
        right.reject_guest("media-diskless", &other, &faults);
    }
}
