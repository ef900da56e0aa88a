//! Logs of boots that run the media services, and what liars make of them.

use qemu_runner::{Answer, Answers, Challenge, Exit, FaultKind, Grammar, Log, Outcome, Verdict, judge};
use sha2::{Digest, Sha256};

/// A boot of a profile of the services: its challenge, its answers, and the lines that a model would give.
pub struct Boot {
    pub challenge: Challenge,
    pub answers: Answers,
    pub lines: Vec<String>,
}

impl Boot {
    /// A boot whose answers follow from its challenge, as the model's would, but from nothing else.
    pub fn new(seed: u8, parts: &[&str], lines: &[&str]) -> Self {
        let challenge = Challenge([seed; 32]);
        let answer = |part: &&str| ((*part).to_owned(), Answer::new(9, &Sha256::digest([&challenge.0, part.as_bytes()].concat()).into()));
        Self { challenge, answers: parts.iter().map(answer).collect(), lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    /// The line of a part's answer.
    pub fn answer(&self, part: &str) -> String {
        let answer = &self.answers[part];
        format!("conform: answer part={part} cases={} digest={}", answer.cases, answer.digest)
    }

    /// The line of a part that the document does not name.
    pub fn ok(&self, part: &str) -> String {
        let answer = &self.answers[part];
        format!("SELFTEST: {part} ok cases={} digest={}", answer.cases, answer.digest)
    }

    /// The first lines of every log: the boot, ready, and the stub of the first service.
    pub fn begun(&self) -> Vec<String> {
        let boot = "conform: boot protocol=1 hart=0 timebase=10000000 ram=67108864".to_owned();
        vec![
            boot,
            format!("conform: ready challenge={}", self.challenge.echo()),
            self.lines[0].clone(),
            "i2sd: stub/placeholder".to_owned(),
        ]
    }

    /// The verdict on a log of this boot.
    pub fn verdict(&self, profile: &str, log: &str) -> Verdict {
        let grammar = Grammar::embedded();
        let (profile, log) = (grammar.profile(profile).unwrap(), Log::read(grammar, log.as_bytes()));
        let (challenge, answers, lines) = (Some(&self.challenge), Some(&self.answers), Some(self.lines.as_slice()));
        judge::judge(grammar, &judge::Trial { profile, log: &log, exit: Exit::Code(0), timed_out: false, challenge, answers, lines })
    }

    /// The log of these lines must show these faults and no others.
    #[track_caller]
    pub fn reject(&self, profile: &str, lines: &[String], expected: &[FaultKind]) {
        let verdict = self.verdict(profile, &text(lines));
        assert_eq!(super::kinds(&verdict), expected, "{verdict}");
        assert_eq!(verdict.outcome == Outcome::Passed, expected.is_empty());
    }

    /// A guest of a few instructions on the real machine that prints a log, judged as this boot.
    #[track_caller]
    pub fn reject_guest(&self, profile: &str, log: &str, expected: &[FaultKind]) {
        use super::code::{Then, image, liar};
        use qemu_runner::{RunSettings, run};
        let folder = tempfile::tempdir().unwrap();
        let file = image(&liar(&[], log, &Then::Pass));
        let options = run::Options {
            settings: RunSettings { until_marker: false, timeout: Some(std::time::Duration::from_secs(20)) },
            log: Some(folder.path().join("uart.log")),
            lines: Some(self.lines.clone()),
            ..run::Options::default()
        };
        let run = run::run_selftests(file.path(), profile, &self.challenge, Some(&self.answers), &options).unwrap();
        assert_eq!(super::kinds(&run.verdict), expected, "{}", run.verdict);
    }
}

/// A log.
pub fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The place of the line that begins so.
#[track_caller]
pub fn place(lines: &[String], start: &str) -> usize {
    lines.iter().position(|line| line.starts_with(start)).expect("a line that begins so")
}

/// Puts another line in its place.
#[track_caller]
pub fn replace(lines: &mut [String], start: &str, with: &str) {
    let at = place(lines, start);
    lines[at] = with.to_owned();
}
