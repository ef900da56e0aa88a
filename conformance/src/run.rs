//! One run: which contracts, on which drivers, by which engines.

use crate::contracts::devices;
use crate::contracts::miniplayer::pictures;
use crate::drivers::{self, Driver};
use crate::engines::answers::Answers;
use crate::engines::{Options, Session, decoding, exhaustive, golden, law, media, property, threads, violation};
use crate::evidence::{CommandRun, DriverName, DriverRun, Evidence, Finding, RunRecord, SelftestRun};
use crate::suite::Suite;
use crate::{audio_goldens, boots, commands, selftest};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use spec::Contract;
use spec_files::EvidenceKind;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Instant;

/// A driver that takes part, and what it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The driver.
    pub name: DriverName,
    /// The description that [`Driver::open`] takes.
    pub description: String,
    /// Why it can't run, where that is known beforehand.
    pub not_run: Option<String>,
}

/// What a run does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names of the contracts.
    pub contracts: Vec<String>,
    /// The drivers.
    pub subjects: Vec<Subject>,
    /// Whether the harness proves itself, too: violations, interleavings, allocations.
    pub self_checks: bool,
    /// How programs are run; `None` runs none.
    pub commands: Option<commands::Plan>,
    /// The guest that answers the challenge of a boot in each profile of `spec/markers.yaml`, as [`Driver::open`] takes it; `None` boots
    /// none.
    pub boots: Option<String>,
    /// Random cases per contract on drivers other than the linked-in one.
    pub cases_beside: u32,
    /// What the engines do.
    pub options: Options,
}

/// What one thread of a run brings back.
struct Part {
    driver: Option<DriverRun>,
    evidence: Vec<Evidence>,
    findings: Vec<Finding>,
    selftests: Vec<SelftestRun>,
    commands: Option<CommandRun>,
}

impl Plan {
    /// The options of a driver's run.
    fn options_of(&self, driver: DriverName) -> Options {
        let cases = if driver == DriverName::InProcess { self.options.cases } else { self.cases_beside };
        Options { cases, ..self.options.clone() }
    }

    fn wants(&self, contract: &str) -> bool {
        self.contracts.iter().any(|name| name == contract)
    }

    /// The programs that are run, where a chosen contract is about programs.
    fn programs(&self) -> Option<&commands::Plan> {
        self.commands.as_ref().filter(|_| commands::SUITES.iter().any(|suite| self.wants(suite.contract)))
    }

    /// Runs it all: each driver in a thread of its own, programs in another, and what the harness shows about itself in a third.
    pub fn execute(&self) -> RunRecord {
        let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bars = MultiProgress::with_draw_target(target);
        let runs = |subject: &&Subject| subject.not_run.is_none();
        let cases = |subject: &Subject| self.options_of(subject.name).cases;
        let shared = self.subjects.iter().filter(runs).map(cases).min().unwrap_or(0);
        let answers = Answers::new(self.subjects.iter().filter(runs).count(), shared);
        let parts: Vec<Part> = std::thread::scope(|scope| {
            let mut threads = Vec::new();
            for subject in &self.subjects {
                let bar = bar(&bars, subject.name.name(), u64::from(self.options_of(subject.name).cases) * self.contracts.len() as u64);
                let answers = Arc::clone(&answers);
                threads.push(scope.spawn(move || self.one_driver(subject, bar, answers)));
            }
            if self.self_checks {
                let bar = bar(&bars, "harness", violations_total(self));
                threads.push(scope.spawn(move || self.own_checks(bar)));
            }
            if let Some(description) = &self.boots {
                let bar = bar(&bars, "boots", 0);
                threads.push(scope.spawn(move || self.run_boots(description, &bar)));
            }
            if let Some(plan) = self.programs() {
                let bar = bar(&bars, "programs", 0);
                threads.push(scope.spawn(move || self.run_programs(plan, &bar)));
            }
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let mut record = RunRecord { version: 1, seed: self.options.seed, ..RunRecord::default() };
        let expected = self.subjects.len()
            + usize::from(self.self_checks)
            + usize::from(self.programs().is_some())
            + usize::from(self.boots.is_some());
        if parts.len() != expected {
            record.findings.push(internal_fault(expected - parts.len()));
        }
        for part in parts {
            record.drivers.extend(part.driver);
            record.evidence.extend(part.evidence);
            record.findings.extend(part.findings);
            record.selftests.extend(part.selftests);
            record.commands = record.commands.or(part.commands);
        }
        record.drivers.sort_by_key(|driver| driver.driver);
        record.settle();
        record
    }

    fn one_driver(&self, subject: &Subject, progress: ProgressBar, answers: Arc<Answers>) -> Part {
        let start = Instant::now();
        let mut run = DriverRun {
            driver: subject.name,
            subject: subject.description.clone(),
            not_run: subject.not_run.clone(),
            steps: 0,
            cases: 0,
            seconds: 0.0,
            not_supported: Vec::new(),
        };
        let mut part = Part { driver: None, evidence: Vec::new(), findings: Vec::new(), selftests: Vec::new(), commands: None };
        if run.not_run.is_none() {
            match Driver::open(&subject.description, &self.options.root) {
                Err(failure) => part.findings.push(not_opened(subject, &failure.to_string())),
                Ok(driver) => {
                    let options = self.options_of(subject.name);
                    let mut session = Session::new(Some(subject.name), &options, progress.clone(), answers);
                    macro_rules! contracts {
                        ($($module:ident => $contract:ty,)*) => { $(self.one_contract::<$contract>(&mut session, &driver);)* };
                    }
                    spec::for_each_contract!(contracts);
                    if self.wants("wav") && self.wants("mixer") && self.wants("tone") {
                        recordings(&mut session, &driver);
                    }
                    if self.wants("miniplayer") {
                        pictures::run(&mut session, &driver);
                    }
                    if self.wants("devices") {
                        devices::compiled::run(&mut session, &driver);
                    }
                    run.steps = session.steps;
                    run.cases = session.cases;
                    run.not_supported = session.not_supported.into_iter().collect();
                    part.evidence = session.evidence;
                    part.findings.extend(session.findings);
                }
            }
        }
        run.seconds = start.elapsed().as_secs_f64();
        progress.finish_and_clear();
        part.driver = Some(run);
        part
    }

    fn one_contract<C: Suite>(&self, session: &mut Session<'_>, driver: &Driver) {
        if !self.wants(C::NAME) {
            return;
        }
        session.progress.set_message(C::NAME);
        golden::run::<C>(session, driver);
        law::run::<C>(session, driver);
        property::run::<C>(session, driver);
        if matches!(C::NAME, "mixer" | "resampler") && matches!(driver, Driver::InProcess) {
            // Processors without vector instructions run other arithmetic, which must give the same.
            property::run::<C>(session, &Driver::Portable);
        }
        exhaustive::run::<C>(session, driver);
    }

    fn own_checks(&self, progress: ProgressBar) -> Part {
        let mut session = Session::new(None, &self.options, progress.clone(), Answers::new(1, 0));
        macro_rules! contracts {
            ($($module:ident => $contract:ty,)*) => {
                $(if self.wants(<$contract as Contract>::NAME) {
                    session.progress.set_message(<$contract as Contract>::NAME);
                    violation::run::<$contract>(&mut session);
                })*
            };
        }
        spec::for_each_contract!(contracts);
        let linked_in = self.subjects.iter().any(|subject| subject.name == DriverName::InProcess);
        if linked_in && self.wants("ring") {
            threads::ring(&mut session);
        }
        if linked_in && self.wants("mixer") {
            threads::mixer(&mut session);
        }
        if linked_in && self.wants("resampler") {
            threads::resampler(&mut session);
        }
        if linked_in && self.wants("audiod") {
            threads::audiod(&mut session);
        }
        if linked_in && self.wants("idl") {
            threads::idl(&mut session);
        }
        if linked_in && self.wants("policy") {
            threads::policy(&mut session);
        }
        if linked_in && self.wants("capability-audit") {
            threads::capability_audit(&mut session);
        }
        if linked_in && self.wants("volume") {
            media::volume(&mut session);
        }
        if linked_in && self.wants("sessions") {
            media::sessions(&mut session);
        }
        if linked_in && self.wants("metrics") {
            media::metrics(&mut session);
        }
        if linked_in && self.wants("focus") {
            media::focus(&mut session);
        }
        if linked_in && self.wants("ducking") {
            media::ducking(&mut session);
        }
        if linked_in && self.wants("decode-bounds") {
            decoding::bounds(&mut session);
        }
        progress.finish_and_clear();
        Part { driver: None, evidence: session.evidence, findings: session.findings, selftests: Vec::new(), commands: None }
    }

    fn run_boots(&self, description: &str, progress: &ProgressBar) -> Part {
        let wanted = self.wants(boots::CONTRACT);
        // Without the contract the boot of the drivers' own selftests is enough.
        let profiles = if wanted { &selftest::PROFILES[..] } else { &["contracts"] };
        let shown = boots::run(profiles, description, &self.options.root, wanted, self.self_checks, progress);
        progress.finish_and_clear();
        Part { driver: None, evidence: shown.evidence, findings: shown.findings, selftests: shown.selftests, commands: None }
    }

    fn run_programs(&self, plan: &commands::Plan, progress: &ProgressBar) -> Part {
        let shown = commands::run(plan, &self.options.root, |contract| self.wants(contract), progress);
        progress.finish_and_clear();
        Part { driver: None, evidence: shown.evidence, findings: shown.findings, selftests: Vec::new(), commands: Some(shown.run) }
    }
}

fn violations_total(plan: &Plan) -> u64 {
    let mut total = 0;
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => { $(if plan.wants(<$contract as Contract>::NAME) { total += <$contract>::violations().len(); })* };
    }
    spec::for_each_contract!(contracts);
    total as u64
}

fn bar(bars: &MultiProgress, name: &'static str, length: u64) -> ProgressBar {
    let bar = bars.add(ProgressBar::new(length));
    if let Ok(style) = ProgressStyle::with_template("{prefix:>11} {bar:30} {pos:>7}/{len} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(name);
    bar
}

/// The recorded sound, made anew by this driver.
fn recordings(session: &mut Session<'_>, driver: &Driver) {
    const REQUIREMENTS: [&str; 5] = ["TONE-003", "TONE-004", "MIXER-003", "WAV-001", "WAV-002"];
    let mut frames = 0;
    for name in audio_goldens::names() {
        let check = format!("recording {name}");
        let path = session.options.root.join("goldens/audio").join(name);
        let got = audio_goldens::file(driver, name);
        if got.as_ref().is_err_and(|failure| session.lacks("wav", failure)) {
            return;
        }
        let outcome = std::fs::read(&path).map_err(|error| format!("goldens/audio/{name}: {error}")).and_then(|expected| {
            let got = got.map_err(|failure| format!("the machine {failure}"))?;
            if got == expected { Ok(expected.len() as u64 / 4) } else { Err(differs(&expected, &got)) }
        });
        match outcome {
            Ok(count) => frames += count,
            Err(why) => session.failed(Finding {
                contract: "wav".to_owned(),
                driver: session.name,
                kind: EvidenceKind::Golden,
                check,
                requirements: REQUIREMENTS.iter().map(|id| (*id).to_owned()).collect(),
                message: format!("{} differs: {why}\n  next:     cargo conform goldens diff\n", path.display()),
                case_file: None,
                ops: 0,
                seed: None,
            }),
        }
    }
    session.passed(EvidenceKind::Golden, "recordings", REQUIREMENTS.into_iter().map(|id| (id, frames)), "");
}

fn differs(expected: &[u8], got: &[u8]) -> String {
    let first = expected.iter().zip(got).position(|(a, b)| a != b);
    let lengths = format!("{} bytes expected, {} got", expected.len(), got.len());
    match first {
        Some(first) if first >= spec::wav::WAV_HEADER_BYTES as usize => {
            let frame = (first - spec::wav::WAV_HEADER_BYTES as usize) / 4;
            format!("{lengths}; the first differing frame is {frame}")
        }
        Some(first) => format!("{lengths}; the header differs from byte {first} on"),
        None => lengths,
    }
}

fn not_opened(subject: &Subject, why: &str) -> Finding {
    Finding {
        contract: "every contract".to_owned(),
        driver: Some(subject.name),
        kind: EvidenceKind::Property,
        check: "start".to_owned(),
        requirements: Vec::new(),
        message: format!("{} could not be reached through {}: {why}\n", subject.description, subject.name.name()),
        case_file: None,
        ops: 0,
        seed: None,
    }
}

fn internal_fault(lost: usize) -> Finding {
    Finding {
        contract: "every contract".to_owned(),
        driver: None,
        kind: EvidenceKind::Property,
        check: "the harness".to_owned(),
        requirements: Vec::new(),
        message: format!("{lost} threads of the harness ended in a panic, which is shown above: this is a fault of conform\n"),
        case_file: None,
        ops: 0,
        seed: None,
    }
}

/// The drivers of a full run, with the reason where one can't run here.
pub fn default_subjects() -> Vec<Subject> {
    DriverName::ALL
        .into_iter()
        .map(|name| {
            let missing = (name == DriverName::Qemu).then(crate::setup::missing_for_qemu).flatten();
            Subject { name, description: drivers::default_description(name).to_owned(), not_run: missing }
        })
        .collect()
}
