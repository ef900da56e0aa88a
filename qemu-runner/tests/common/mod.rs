//! An honest log, and what liars are made of.
#![allow(dead_code, reason = "each test program uses its part")]

pub mod code;
pub mod services;

use qemu_runner::{Answer, Answers, Challenge, Exit, FaultKind, Grammar, Log, Verdict, judge};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// The contracts, in the order of the plan.
pub const CONTRACTS: &[&str] = &[
    "format",
    "ring",
    "gain",
    "level",
    "mixer",
    "tone",
    "wav",
    "audiod",
    "policy",
    "capability-audit",
    "settings",
    "wakelock",
    "codec",
    "idl",
    "system",
    "devices",
    "focus",
    "volume",
    "media-config",
    "sessions",
    "metrics",
    "artwork",
    "miniplayer",
    "ducking",
    "resampler",
    "media-types",
    "gif",
    "apng",
    "vorbis",
    "mjpeg",
    "wav-stream",
    "decode-bounds",
];

/// A boot: its challenge and what is right.
pub struct Boot {
    pub challenge: Challenge,
    pub answers: Answers,
}

impl Boot {
    /// A boot whose answers follow from its challenge, as the model's would, but from nothing else.
    pub fn new(seed: u8) -> Self {
        let challenge = Challenge([seed; 32]);
        let answer = |name: &&str| ((*name).to_owned(), Answer::new(48, &Sha256::digest([&challenge.0, name.as_bytes()].concat()).into()));
        Self { challenge, answers: CONTRACTS.iter().map(answer).collect() }
    }

    /// The line of one selftest.
    pub fn ok(&self, contract: &str) -> String {
        let answer = &self.answers[contract];
        format!("SELFTEST: {contract} ok cases={} digest={}", answer.cases, answer.digest)
    }

    /// The ready marker.
    pub fn ready(&self) -> String {
        format!("conform: ready challenge={}", self.challenge.echo())
    }

    /// The log of an honest guest, line by line.
    pub fn honest(&self) -> Vec<String> {
        let mut lines = vec!["conform: boot protocol=1 hart=0 timebase=10000000 ram=67108864".to_owned(), self.ready()];
        lines.extend(CONTRACTS.iter().map(|contract| self.ok(contract)));
        lines.push(format!("conform: done selftests={}", CONTRACTS.len()));
        lines
    }

    /// The honest log after a change of its lines.
    pub fn lie(&self, change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
        let mut lines = self.honest();
        change(&mut lines);
        lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
    }

    /// The verdict on a log of this boot.
    pub fn verdict(&self, log: &[u8], exit: Exit, timed_out: bool) -> Verdict {
        let grammar = Grammar::embedded();
        let profile = grammar.profile("contracts").unwrap();
        let log = Log::read(grammar, log);
        judge::judge(
            grammar,
            &judge::Trial {
                profile,
                log: &log,
                exit,
                timed_out,
                challenge: Some(&self.challenge),
                answers: Some(&self.answers),
                lines: None,
            },
        )
    }
}

/// The log of an honest guest in the platform's profile with a disk, and its verdict after a change of its lines.
pub fn platform_verdict(change: impl FnOnce(&mut Vec<String>)) -> Verdict {
    let challenge = Challenge([1; 32]);
    let answers = qemu_runner::platform::answers(&challenge);
    let ok = |part: &str| format!("SELFTEST: {part} ok cases={} digest={}", answers[part].cases, answers[part].digest);
    let contained = |restarts| format!("conform: contained task=faulty by=trap at=0000000080000000 restarts={restarts}");
    let mut lines = vec![
        "conform: boot protocol=1 hart=0 timebase=10000000 ram=67108864".to_owned(),
        format!("conform: ready challenge={}", challenge.echo()),
        "i2s: stub/placeholder".to_owned(),
        "codec: stub/placeholder".to_owned(),
        ok("state"),
        ok("ticks"),
        ok("letters"),
        contained(1),
        contained(2),
        "conform: abandoned task=hopeless by=trap at=0000000080000000".to_owned(),
        ok("containment"),
        "conform: done selftests=4".to_owned(),
    ];
    change(&mut lines);
    let log: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let grammar = Grammar::embedded();
    let (profile, log) = (grammar.profile("platform").unwrap(), Log::read(grammar, log.as_bytes()));
    let trial = judge::Trial {
        profile,
        log: &log,
        exit: Exit::Code(0),
        timed_out: false,
        challenge: Some(&challenge),
        answers: Some(&answers),
        lines: None,
    };
    judge::judge(grammar, &trial)
}

/// The kinds of a verdict's faults, in order and each once.
pub fn kinds(verdict: &Verdict) -> Vec<FaultKind> {
    let mut kinds: Vec<FaultKind> = Vec::new();
    for fault in &verdict.faults {
        if !kinds.contains(&fault.kind) {
            kinds.push(fault.kind);
        }
    }
    kinds
}

/// Whether QEMU is there, and the compiler of its device tree; a test that needs them says that it was skipped.
pub fn qemu(test: &str) -> bool {
    let there = qemu_runner::machine::find_qemu().is_some();
    let compiler = std::process::Command::new(qemu_runner::device_tree::COMPILER).arg("--version").output().is_ok();
    if !there || !compiler {
        eprintln!("SKIPPED {test}: qemu-system-riscv64 or dtc is not installed");
    }
    there && compiler
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
