//! Logs and guests that fake it. Each is rejected, and for the right reason.

mod common;

use common::code::{Then, image, liar};
use common::{Boot, CONTRACTS, kinds, platform_verdict};
use qemu_runner::boot::{Guest, Mode, Options};
use qemu_runner::{Exit, FaultKind, Grammar, Outcome, RunSettings, run};
use spec::FailureKind;
use std::time::{Duration, Instant};

/// A log that is the honest one but for a change, from a machine that ended well, and the faults that it must show: these and no others.
#[track_caller]
fn reject(change: impl FnOnce(&Boot, &mut Vec<String>), expected: &[FaultKind]) {
    let boot = Boot::new(1);
    let log = boot.lie(|lines| change(&boot, lines));
    reject_run(&log, Exit::Code(0), false, expected);
}

#[track_caller]
fn reject_run(log: &[u8], exit: Exit, timed_out: bool, expected: &[FaultKind]) {
    let verdict = Boot::new(1).verdict(log, exit, timed_out);
    assert_eq!(kinds(&verdict), expected, "{verdict}");
    assert_eq!(verdict.outcome, Outcome::Failed);
    assert!(verdict.faults.iter().all(|fault| !fault.what.is_empty() && !fault.advice.is_empty()));
}

#[test]
fn the_honest_log_passes() {
    let boot = Boot::new(1);
    let verdict = boot.verdict(&boot.lie(|_| {}), Exit::Code(0), false);
    assert_eq!((verdict.outcome, kinds(&verdict)), (Outcome::Passed, vec![]));
    assert_eq!(verdict.markers.len(), verdict.plan.len());
    // So it does with other lines between, and with the line ends of a terminal.
    let noisy = boot.lie(|lines| lines.insert(2, "format: starting".to_owned()));
    assert_eq!(boot.verdict(&noisy, Exit::Code(0), false).outcome, Outcome::Passed);
    let terminal = String::from_utf8(boot.lie(|_| {})).unwrap().replace('\n', "\r\n");
    assert_eq!(boot.verdict(terminal.as_bytes(), Exit::Stopped, false).outcome, Outcome::Passed);
}

#[test]
fn a_replayed_log_is_never_proven() {
    let verdict = run::judge_recorded(&Boot::new(1).lie(|_| {}), "contracts").unwrap();
    assert_eq!((verdict.outcome, kinds(&verdict)), (Outcome::NotProven, vec![]));
    assert!(verdict.to_string().contains("challenge: not proven by a replayed log"), "{verdict}");
    assert!(matches!(run::judge_recorded(b"", "nothing"), Err(run::Error::Profile(_))));
}

#[test]
fn test_reject_markers_without_a_challenge() {
    let nothing = "conform: ready challenge=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let digest = "0".repeat(64);
    reject(
        |_, lines| {
            lines[1] = nothing.to_owned();
            for (line, contract) in lines[2..2 + CONTRACTS.len()].iter_mut().zip(CONTRACTS) {
                *line = format!("SELFTEST: {contract} ok cases=48 digest={digest}");
            }
        },
        &[FaultKind::WrongChallenge, FaultKind::WrongDigest],
    );
    reject(|_, lines| drop(lines.remove(1)), &[FaultKind::Missing]);
}

#[test]
fn test_reject_an_old_log() {
    reject_run(&Boot::new(2).lie(|_| {}), Exit::Code(0), false, &[FaultKind::WrongChallenge, FaultKind::WrongDigest]);
}

#[test]
fn test_reject_the_right_digests_of_another_challenge() {
    reject(|boot, lines| *lines = [&boot.honest()[..2], &Boot::new(2).honest()[2..]].concat(), &[FaultKind::WrongDigest]);
    // One of them is enough.
    reject(|_, lines| lines[5] = Boot::new(2).ok("level"), &[FaultKind::WrongDigest]);
    // So is the digest of another contract of this very challenge.
    reject(|boot, lines| lines[3] = boot.ok("gain").replace("gain", "ring"), &[FaultKind::WrongDigest]);
}

#[test]
fn test_reject_a_truncated_plan() {
    reject(|_, lines| lines.truncate(6), &[FaultKind::Truncated, FaultKind::ExitBeforeDone]);
    reject(|_, lines| lines.truncate(2), &[FaultKind::Truncated, FaultKind::ExitBeforeDone]);
}

#[test]
fn test_reject_a_selftest_left_out() {
    reject(|_, lines| drop(lines.remove(4)), &[FaultKind::Missing]);
    reject(|_, lines| lines[4] = "gain was fine too".to_owned(), &[FaultKind::Missing]);
}

#[test]
fn test_reject_fail_then_ok() {
    let fail = "SELFTEST: ring FAIL reason=capacity";
    reject(|_, lines| lines.insert(3, fail.to_owned()), &[FaultKind::SelftestFailed, FaultKind::Contradicted]);
    reject(|_, lines| lines[3] = fail.to_owned(), &[FaultKind::SelftestFailed, FaultKind::Missing]);
}

#[test]
fn test_reject_ok_then_fail() {
    reject(
        |_, lines| lines.insert(4, "SELFTEST: ring FAIL reason=later".to_owned()),
        &[FaultKind::SelftestFailed, FaultKind::Contradicted],
    );
}

#[test]
fn test_reject_a_panic_after_ok() {
    reject(|_, lines| lines.insert(9, "conform: panic file=ring.rs line=12".to_owned()), &[FaultKind::GuestFault]);
}

#[test]
fn test_reject_a_trap_after_done() {
    let trap = "conform: trap cause=5 pc=0000000080000010 value=0000000000000000";
    reject(|_, lines| lines.push(trap.to_owned()), &[FaultKind::AfterDone, FaultKind::GuestFault]);
}

#[test]
fn test_reject_output_after_done() {
    reject(|_, lines| lines.push("one more thing".to_owned()), &[FaultKind::AfterDone]);
}

#[test]
fn test_reject_a_marker_inside_another_line() {
    reject(|boot, lines| lines[3] = format!("log: {}", boot.ok("ring")), &[FaultKind::Embedded, FaultKind::Missing]);
    reject(|boot, lines| lines.insert(3, format!("echo '{}'", boot.ok("ring"))), &[FaultKind::Embedded]);
    // A space in front is no less a fault.
    reject(|boot, lines| lines[3] = format!(" {}", boot.ok("ring")), &[FaultKind::Embedded, FaultKind::Missing]);
    // Two markers on one line are none.
    reject(|boot, lines| lines[3] = format!("{} {}", boot.ok("ring"), lines.remove(4)), &[FaultKind::Undeclared, FaultKind::Missing]);
}

#[test]
fn test_reject_junk_on_a_marker_line() {
    for junk in [" ", ".", " (cached)", "\t", "\u{200b}"] {
        reject(|boot, lines| lines[3] = boot.ok("ring") + junk, &[FaultKind::Undeclared, FaultKind::Missing]);
    }
}

#[test]
fn test_reject_an_early_exit() {
    reject_run(
        &Boot::new(1).lie(|lines| lines.truncate(2 + CONTRACTS.len())),
        Exit::Code(0),
        false,
        &[FaultKind::Missing, FaultKind::ExitBeforeDone],
    );
    reject_run(b"", Exit::Code(0), false, &[FaultKind::Silent, FaultKind::Truncated, FaultKind::ExitBeforeDone]);
}

#[test]
fn test_reject_a_failing_exit() {
    reject_run(&Boot::new(1).lie(|_| {}), Exit::Code(1), false, &[FaultKind::ExitCode]);
    reject_run(&Boot::new(1).lie(|_| {}), Exit::Signal(9), false, &[FaultKind::Killed]);
}

#[test]
fn test_reject_a_duplicate() {
    reject(|boot, lines| lines.insert(4, boot.ok("ring")), &[FaultKind::Duplicate]);
    reject(|boot, lines| lines.insert(2, boot.ready()), &[FaultKind::Duplicate]);
    // Right once and wrong once is not right.
    reject(|_, lines| lines.insert(4, Boot::new(2).ok("ring")), &[FaultKind::Duplicate, FaultKind::WrongDigest]);
    reject(|boot, lines| *lines = [boot.honest(), boot.honest()].concat(), &[FaultKind::AfterDone, FaultKind::Duplicate]);
}

#[test]
fn test_reject_an_unknown_selftest() {
    let unknown = |boot: &Boot| boot.ok("ring").replace("ring", "nothing");
    reject(|boot, lines| lines.insert(3, unknown(boot)), &[FaultKind::Unplanned, FaultKind::NoAnswer]);
    reject(|_, lines| lines.insert(3, "SELFTEST: everything is fine".to_owned()), &[FaultKind::Undeclared]);
    reject(|_, lines| lines.insert(3, "KSELFTEST: ring ok".to_owned()), &[FaultKind::Undeclared]);
}

#[test]
fn test_reject_ok_beside_a_placeholder() {
    let kinds = [FaultKind::Unplanned, FaultKind::OkBesidePlaceholder];
    reject(|_, lines| lines.insert(2, "ring: stub/placeholder".to_owned()), &kinds);
    reject(|_, lines| lines.insert(6, "ring: stub/placeholder".to_owned()), &kinds);
    // A stub instead of a selftest is not the selftest.
    reject(|_, lines| lines[3] = "ring: stub/placeholder".to_owned(), &[FaultKind::Unplanned, FaultKind::Missing]);
}

#[test]
fn test_reject_markers_out_of_order() {
    reject(|_, lines| lines.swap(3, 4), &[FaultKind::OutOfOrder]);
    // Claims before the guest was ready.
    reject(|_, lines| lines[1..4].rotate_left(1), &[FaultKind::OutOfOrder]);
    reject(|_, lines| lines[0..2].reverse(), &[FaultKind::OutOfOrder]);
}

#[test]
fn test_reject_a_wrong_number_of_cases() {
    reject(|_, lines| lines[3] = lines[3].replace("cases=48", "cases=47"), &[FaultKind::WrongCases]);
    reject(|_, lines| lines[3] = lines[3].replace("cases=48", "cases=0"), &[FaultKind::WrongCases]);
}

#[test]
fn test_reject_a_wrong_total() {
    reject(|_, lines| lines[2 + CONTRACTS.len()] = "conform: done selftests=6".to_owned(), &[FaultKind::WrongTotal]);
}

#[test]
fn test_reject_another_protocol() {
    reject(|_, lines| lines[0] = lines[0].replace("protocol=1", "protocol=2"), &[FaultKind::WrongProtocol]);
}

#[test]
fn test_reject_a_digest_in_upper_case() {
    reject(
        |boot, lines| lines[3] = boot.ok("ring").replace(&boot.answers["ring"].digest, &boot.answers["ring"].digest.to_uppercase()),
        &[FaultKind::Undeclared, FaultKind::Missing],
    );
}

#[test]
fn test_reject_a_missing_end() {
    // The machine was ended for its time while the guest had no more to say.
    reject_run(
        &Boot::new(1).lie(|lines| lines.truncate(2 + CONTRACTS.len())),
        Exit::Stopped,
        true,
        &[FaultKind::Missing, FaultKind::TimedOut],
    );
    let mut log = Boot::new(1).lie(|_| {});
    log.pop();
    reject_run(&log, Exit::Code(0), false, &[FaultKind::Unterminated, FaultKind::Missing, FaultKind::ExitBeforeDone]);
}

#[test]
fn test_reject_a_hang() {
    // Everything was printed, but the machine did not end.
    reject_run(&Boot::new(1).lie(|_| {}), Exit::Stopped, true, &[FaultKind::TimedOut]);
    reject_run(b"", Exit::Stopped, true, &[FaultKind::Silent, FaultKind::Truncated, FaultKind::TimedOut]);
}

#[test]
fn test_reject_nothing_of_the_plan() {
    reject_run(b"hello\n", Exit::Code(0), false, &[FaultKind::Truncated, FaultKind::ExitBeforeDone]);
}

#[test]
fn test_reject_a_flood() {
    let bounds = Grammar::embedded().bounds();
    let flood = |line: &str, count: usize| Boot::new(1).lie(|lines| drop(lines.splice(2..2, std::iter::repeat_n(line.to_owned(), count))));
    let cut = [FaultKind::Flood, FaultKind::Truncated];
    reject_run(&flood("", bounds.lines_max), Exit::Stopped, false, &cut);
    reject_run(&flood(&"x".repeat(bounds.line_bytes_max), bounds.log_bytes_max / bounds.line_bytes_max), Exit::Stopped, false, &cut);
}

#[test]
fn test_reject_an_overlong_line() {
    let max = Grammar::embedded().bounds().line_bytes_max;
    reject(|_, lines| lines.insert(3, "x".repeat(max + 1)), &[FaultKind::LineTooLong]);
    // A marker behind so much text that a careless reader starts anew.
    reject(|boot, lines| lines[3] = "x".repeat(max) + &boot.ok("ring"), &[FaultKind::LineTooLong, FaultKind::Missing]);
}

#[test]
fn test_reject_bytes_that_are_no_text() {
    reject(|_, lines| lines.insert(3, "a\0b".to_owned()), &[FaultKind::ControlCharacter]);
    reject(|boot, lines| lines[3] = boot.ok("ring") + "\0", &[FaultKind::ControlCharacter, FaultKind::Missing]);
    let mut log = Boot::new(1).lie(|lines| lines.insert(3, "@@".to_owned()));
    log.iter_mut().filter(|byte| **byte == b'@').for_each(|byte| *byte = 0xff);
    reject_run(&log, Exit::Code(0), false, &[FaultKind::NotUtf8]);
}

#[test]
fn test_reject_terminal_escapes() {
    reject(|boot, lines| lines[3] = format!("\x1b[32m{}\x1b[0m", boot.ok("ring")), &[FaultKind::ControlCharacter, FaultKind::Missing]);
    // A FAIL that a terminal would hide is still read: the line above is erased only for the eye.
    reject(
        |_, lines| {
            lines.insert(3, "SELFTEST: ring FAIL reason=hidden".to_owned());
            lines.insert(4, "\x1b[1A\x1b[2K".to_owned());
        },
        &[FaultKind::SelftestFailed, FaultKind::ControlCharacter, FaultKind::Contradicted],
    );
}

#[test]
fn test_reject_a_carriage_return_that_overwrites() {
    reject(
        |boot, lines| lines[3] = format!("SELFTEST: ring FAIL reason=x\r{}", boot.ok("ring")),
        &[FaultKind::ControlCharacter, FaultKind::Missing],
    );
}

#[test]
fn test_reject_without_all_answers() {
    let mut boot = Boot::new(1);
    boot.answers.remove("tone");
    let verdict = boot.verdict(&Boot::new(1).lie(|_| {}), Exit::Code(0), false);
    assert_eq!((verdict.outcome, kinds(&verdict)), (Outcome::Failed, vec![FaultKind::NoAnswer]));
}

#[test]
fn faults_are_bounded_and_counted() {
    let log = "SELFTEST: x\n".repeat(1000);
    let verdict = Boot::new(1).verdict(log.as_bytes(), Exit::Code(0), false);
    assert_eq!(kinds(&verdict), [FaultKind::Undeclared, FaultKind::Truncated, FaultKind::ExitBeforeDone]);
    assert_eq!(verdict.faults.len(), qemu_runner::fault::FAULTS_OF_A_KIND_MAX + 2);
    assert_eq!(verdict.faults_left_out + verdict.faults.len(), 1000 + 2);
}

/// Lies about the platform.
#[test]
fn test_reject_a_platform_that_lies() {
    let reject = |change: &dyn Fn(&mut Vec<String>), expected: &[FaultKind]| {
        let verdict = platform_verdict(change);
        assert_eq!(kinds(&verdict), expected, "{verdict}");
    };
    reject(&|_| {}, &[]);
    // A stub that is claimed, one that is kept silent about, and a disk that is claimed where there is none.
    let codec = |lines: &mut Vec<String>| lines.insert(5, lines[4].replace("state", "codec"));
    reject(&codec, &[FaultKind::Unplanned, FaultKind::OkBesidePlaceholder, FaultKind::NoAnswer]);
    reject(&|lines| drop(lines.remove(3)), &[FaultKind::Missing]);
    reject(&|lines| lines.insert(4, "state: stub/placeholder".to_owned()), &[FaultKind::Unplanned, FaultKind::OkBesidePlaceholder]);
    reject(&|lines| lines[4] = "state: stub/placeholder".to_owned(), &[FaultKind::Unplanned, FaultKind::Missing]);
    // Work that was not done, or was another's.
    for place in [4, 5, 6, 10] {
        reject(
            &|lines| lines[place] = lines[place].split("digest=").next().unwrap().to_owned() + "digest=" + &"0".repeat(64),
            &[FaultKind::WrongDigest],
        );
    }
    reject(&|lines| lines[5] = lines[5].replace("cases=3", "cases=9"), &[FaultKind::WrongCases]);
    // A task that is never abandoned, one that takes the machine with it, and a fault that is told as none of the declared.
    reject(&|lines| drop(lines.remove(9)), &[FaultKind::Missing]);
    reject(&|lines| lines.insert(9, "conform: panic file=trials.rs line=1".to_owned()), &[FaultKind::GuestFault]);
    reject(&|lines| lines[7] = lines[7].replace("restarts=1", "restarts=once"), &[FaultKind::Undeclared]);
    // The core's profile has no task that may fault.
    let contained = "conform: contained task=audiod by=trap at=0000000080000000 restarts=1";
    let verdict = Boot::new(1).verdict(&Boot::new(1).lie(|lines| lines.insert(4, contained.to_owned())), Exit::Code(0), false);
    assert_eq!(kinds(&verdict), [FaultKind::Unplanned]);
}

/// A guest of a few instructions on the real machine, and the faults that it must show. It knows the challenge and all answers
/// beforehand, which no guest does, so that nothing but its lie is wrong.
#[track_caller]
fn reject_guest(text: &str, then: &Then, settings: RunSettings, expected: &[FaultKind]) {
    let boot = Boot::new(1);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("uart.log");
    let file = image(&liar(&[], text, then));
    let options = run::Options { settings, log: Some(log.clone()), ..run::Options::default() };
    let run = run::run_selftests(file.path(), "contracts", &boot.challenge, Some(&boot.answers), &options).unwrap();
    assert_eq!(kinds(&run.verdict), expected, "{}", run.verdict);
    assert_eq!(run.verdict.outcome == Outcome::Passed, expected.is_empty());
    assert_eq!(std::fs::read(log).unwrap(), run.log, "the raw log is kept");
}

fn honest(seed: u8) -> String {
    String::from_utf8(Boot::new(seed).lie(|_| {})).unwrap()
}

fn seconds(seconds: u64) -> RunSettings {
    RunSettings { until_marker: false, timeout: Some(Duration::from_secs(seconds)) }
}

/// The yardstick of the liars below: a guest that prints what is right and ends well, so that only the lie makes the difference.
#[test]
fn a_guest_that_knows_everything_passes() {
    if common::qemu("a_guest_that_knows_everything_passes") {
        reject_guest(&honest(1), &Then::Pass, seconds(20), &[]);
        reject_guest(&honest(1), &Then::Hang, RunSettings { until_marker: true, ..seconds(20) }, &[]);
    }
}

#[test]
fn test_reject_a_guest_that_prints_all_markers_of_another_boot() {
    if common::qemu("test_reject_a_guest_that_prints_all_markers_of_another_boot") {
        reject_guest(&honest(2), &Then::Pass, seconds(20), &[FaultKind::WrongChallenge, FaultKind::WrongDigest]);
    }
}

#[test]
fn test_reject_a_guest_that_ends_at_once() {
    if common::qemu("test_reject_a_guest_that_ends_at_once") {
        reject_guest("", &Then::Pass, seconds(20), &[FaultKind::Silent, FaultKind::Truncated, FaultKind::ExitBeforeDone]);
    }
}

#[test]
fn test_reject_a_guest_that_ends_with_a_failure() {
    if common::qemu("test_reject_a_guest_that_ends_with_a_failure") {
        reject_guest(&honest(1), &Then::Fail(7), seconds(20), &[FaultKind::ExitCode]);
    }
}

#[test]
fn test_reject_a_guest_that_hangs() {
    if common::qemu("test_reject_a_guest_that_hangs") {
        let start = Instant::now();
        reject_guest(&honest(1), &Then::Hang, seconds(1), &[FaultKind::TimedOut]);
        assert!(start.elapsed() < Duration::from_secs(5), "the time is bounded");
        // One that stops at the marker that a careless runner waits for.
        let begun: String = honest(1).lines().take(2).map(|line| format!("{line}\n")).collect();
        reject_guest(&begun, &Then::Hang, RunSettings { until_marker: true, ..seconds(1) }, &[FaultKind::Truncated, FaultKind::TimedOut]);
    }
}

#[test]
fn test_reject_a_guest_that_floods() {
    if common::qemu("test_reject_a_guest_that_floods") {
        reject_guest(
            "conform: here I am again\n",
            &Then::Repeat,
            seconds(60),
            &[FaultKind::Undeclared, FaultKind::Flood, FaultKind::Truncated],
        );
    }
}

#[test]
fn test_reject_a_guest_that_goes_on_after_its_end() {
    if common::qemu("test_reject_a_guest_that_goes_on_after_its_end") {
        reject_guest(
            &(honest(1) + "conform: panic file=main.rs line=1\n"),
            &Then::Pass,
            seconds(20),
            &[FaultKind::AfterDone, FaultKind::GuestFault],
        );
    }
}

/// A liar as a driver: what the host makes of it.
#[track_caller]
fn reject_server(pokes: &[(u32, u32)], text: &str, then: &Then, kind: FailureKind) {
    let boot = Boot::new(1);
    let file = image(&liar(pokes, text, then));
    let options = Options { ready_time: Duration::from_secs(5), ..Options::default() };
    let failure = Guest::boot(file.path(), Mode::Serve, &boot.challenge, &options).and_then(|mut guest| {
        // Time enough for what the guest does after it is ready.
        std::thread::sleep(Duration::from_millis(100));
        guest.exchange(&[0, 0], Duration::from_millis(300))
    });
    assert_eq!(failure.map_err(|failure| failure.kind), Err(kind));
}

#[test]
fn test_reject_servers_that_lie() {
    if !common::qemu("test_reject_servers_that_lie") {
        return;
    }
    let ready = Boot::new(1).ready() + "\n";
    let sequence = 0x8000_0000 + (spec::mailbox::CONTROL_OFFSET + spec::mailbox::RESPONSE_SEQUENCE_AT) as u32;
    let length = 0x8000_0000 + (spec::mailbox::CONTROL_OFFSET + spec::mailbox::RESPONSE_LENGTH_AT) as u32;
    reject_server(&[], &ready, &Then::Hang, FailureKind::Hung);
    reject_server(&[], &ready, &Then::Pass, FailureKind::Died);
    reject_server(&[], &ready, &Then::Fail(3), FailureKind::Died);
    reject_server(&[], &(ready.clone() + &"\n".repeat(500)), &Then::Repeat, FailureKind::Flooded);
    reject_server(&[(sequence, 1)], &ready, &Then::Hang, FailureKind::Early);
    reject_server(&[(length, 0x7fff_f000), (sequence, 7)], &ready, &Then::Hang, FailureKind::Early);
    reject_server(&[], &(ready.clone() + "conform: panic file=main.rs line=9\n"), &Then::Hang, FailureKind::Faulted);
    reject_server(&[], &(Boot::new(2).ready() + "\n"), &Then::Hang, FailureKind::Garbage);
    reject_server(&[], "hello\n", &Then::Pass, FailureKind::Died);
}
