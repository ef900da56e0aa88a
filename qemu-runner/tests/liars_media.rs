//! Logs and guests that fake the media sessions. Each is rejected, and for the right reason.

mod common;

use common::code::{Then, image, liar};
use common::kinds;
use qemu_runner::{Answer, Answers, Challenge, Exit, FaultKind, Grammar, Log, Outcome, RunSettings, Verdict, judge, run};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A boot of the profile `media`: its challenge, its answers, and the lines that a model would give.
struct Boot {
    challenge: Challenge,
    answers: Answers,
    lines: Vec<String>,
}

const PARTS: [&str; 4] = ["media.play", "media.duck", "media.mute", "media.focus"];
const CLAIMS: [&str; 4] =
    ["SELFTEST: media play ok", "SELFTEST: media duck ok", "SELFTEST: media mute ok", "SELFTEST: media focus resume ok"];
const EXPORT: &str = "metrics: export lines=3 bytes=651";

impl Boot {
    fn new(seed: u8) -> Self {
        let challenge = Challenge([seed; 32]);
        let answer = |part: &str| (part.to_owned(), Answer::new(9, &Sha256::digest([&challenge.0, part.as_bytes()].concat()).into()));
        let lines = [
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
        Self { challenge, answers: PARTS.map(answer).into(), lines: lines.map(str::to_owned).to_vec() }
    }

    fn answer(&self, part: &str) -> String {
        let answer = &self.answers[part];
        format!("conform: answer part={part} cases={} digest={}", answer.cases, answer.digest)
    }

    /// The log of an honest guest, line by line.
    fn honest(&self) -> Vec<String> {
        let service = |range: std::ops::Range<usize>| self.lines[range].iter().cloned();
        let mut log = vec!["conform: boot protocol=1 hart=0 timebase=10000000 ram=67108864".to_owned()];
        log.push(format!("conform: ready challenge={}", self.challenge.echo()));
        log.extend(service(0..1));
        log.push("i2sd: stub/placeholder".to_owned());
        for ((part, claim), lines) in PARTS.into_iter().zip(CLAIMS).zip([1..11, 11..12, 12..14, 14..15]) {
            log.extend(service(lines));
            log.extend([self.answer(part), claim.to_owned()]);
        }
        log.push("conform: done selftests=4".to_owned());
        log
    }

    fn lie(&self, change: impl FnOnce(&mut Vec<String>)) -> String {
        let mut lines = self.honest();
        change(&mut lines);
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn verdict(&self, profile: &str, log: &str) -> Verdict {
        let grammar = Grammar::embedded();
        let (profile, log) = (grammar.profile(profile).unwrap(), Log::read(grammar, log.as_bytes()));
        let (challenge, answers, lines) = (Some(&self.challenge), Some(&self.answers), Some(self.lines.as_slice()));
        judge::judge(grammar, &judge::Trial { profile, log: &log, exit: Exit::Code(0), timed_out: false, challenge, answers, lines })
    }
}

/// The honest log but for a change, and the faults that it must show: these and no others.
#[track_caller]
fn reject(change: impl FnOnce(&Boot, &mut Vec<String>), expected: &[FaultKind]) {
    let boot = Boot::new(1);
    let verdict = boot.verdict("media", &boot.lie(|lines| change(&boot, lines)));
    assert_eq!(kinds(&verdict), expected, "{verdict}");
    assert_eq!(verdict.outcome == Outcome::Passed, expected.is_empty());
}

/// The place of the line that begins so.
#[track_caller]
fn place(lines: &[String], start: &str) -> usize {
    lines.iter().position(|line| line.starts_with(start)).expect("a line that begins so")
}

fn replace(lines: &mut [String], start: &str, with: &str) {
    let at = place(lines, start);
    lines[at] = with.to_owned();
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
    let other = Boot::new(2).answer("media.mute");
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
    let mut boot = Boot::new(1);
    boot.lines.pop();
    let placeholder = |lines: &mut Vec<String>| {
        lines.insert(place(lines, "conform: answer part=media.focus"), "metrics: export stub/placeholder".to_owned())
    };
    let without = |boot: &Boot, change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = Boot {
            lines: [boot.lines.clone(), vec![EXPORT.to_owned()]].concat(),
            challenge: boot.challenge,
            answers: boot.answers.clone(),
        }
        .honest();
        lines.retain(|line| line != EXPORT);
        change(&mut lines);
        lines.iter().map(|line| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(kinds(&boot.verdict("media-diskless", &without(&boot, &|lines| placeholder(lines)))), []);
    // Silence in place of the placeholder, and a claim in place of it.
    assert_eq!(kinds(&boot.verdict("media-diskless", &without(&boot, &|_| {}))), [FaultKind::Missing]);
    let claimed = without(&boot, &|lines| lines.insert(place(lines, "conform: answer part=media.focus"), EXPORT.to_owned()));
    let verdict = boot.verdict("media-diskless", &claimed);
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
        let boot = Boot::new(1);
        let verdict = boot.verdict("media", &boot.lie(|lines| replace(lines, "SELFTEST: media focus resume ok", claim)));
        assert_eq!(verdict.outcome, Outcome::Failed, "{claim:?}");
        assert!(kinds(&verdict).contains(&FaultKind::Missing), "{verdict}");
    }
}

/// A guest of a few instructions on the real machine, in the profile without a disk.
#[track_caller]
fn reject_guest(boot: &Boot, text: &str, expected: &[FaultKind]) {
    let folder = tempfile::tempdir().unwrap();
    let file = image(&liar(&[], text, &Then::Pass));
    let options = run::Options {
        settings: RunSettings { until_marker: false, timeout: Some(Duration::from_secs(20)) },
        log: Some(folder.path().join("uart.log")),
        lines: Some(boot.lines[..14].to_vec()),
        ..run::Options::default()
    };
    let run = run::run_selftests(file.path(), "media-diskless", &boot.challenge, Some(&boot.answers), &options).unwrap();
    assert_eq!(kinds(&run.verdict), expected, "{}", run.verdict);
}

#[test]
fn test_reject_a_guest_that_prints_the_media_markers_of_another_boot() {
    if common::qemu("test_reject_a_guest_that_prints_the_media_markers_of_another_boot") {
        let diskless = |boot: &Boot| boot.lie(|lines| replace(lines, EXPORT, "metrics: export stub/placeholder"));
        let boot = Boot::new(1);
        // The yardstick: a guest that knows everything.
        reject_guest(&boot, &diskless(&boot), &[]);
        reject_guest(&boot, &diskless(&Boot::new(2)), &[FaultKind::WrongChallenge, FaultKind::WrongDigest, FaultKind::Unanswered]);
    }
}
