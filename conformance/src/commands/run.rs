//! Runs all checks and all lies, many at a time: they mostly wait for sound to end.

use super::{Broken, Check, Lie, Programs, SUITES, Scene};
use crate::evidence::{CommandRun, Evidence, Finding};
use indicatif::ProgressBar;
use spec_files::EvidenceKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Checks at one time.
const AT_ONCE: usize = 12;

/// What is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Somebody's own `nx`; `None` for this repository's.
    pub nx: Option<PathBuf>,
    /// Whether the checks prove themselves on lies. Of somebody's own programs they can't: those may be wrong themselves.
    pub lies: bool,
}

/// What was shown.
#[derive(Debug)]
pub struct Shown {
    /// How the run went.
    pub run: CommandRun,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// What is broken.
    pub findings: Vec<Finding>,
}

/// One thing to do.
struct Job<'a> {
    contract: &'static str,
    check: &'a Check,
    lie: Option<&'a Lie>,
}

/// The checks and lies of all contracts that are wanted; what can't be run is a finding, or not run where nothing is there to run it.
pub fn run(plan: &Plan, root: &Path, wants: impl Fn(&str) -> bool, progress: &ProgressBar) -> Shown {
    let start = Instant::now();
    let subject = plan.nx.as_ref().map_or_else(|| "this repository's nx".to_owned(), |path| path.display().to_string());
    let run = CommandRun { subject, own: plan.nx.is_none(), runs: 0, seconds: 0.0 };
    let mut shown = Shown { run, evidence: Vec::new(), findings: Vec::new() };
    progress.set_message("builds");
    let programs = match plan.nx.as_ref().map_or_else(|| Programs::build(root), |path| Programs::of(path)) {
        Ok(programs) => programs,
        Err(why) => {
            shown.findings.push(finding("every contract", EvidenceKind::Command, "start", &Broken::other(why)));
            return shown;
        }
    };
    let suites: Vec<_> =
        SUITES.iter().filter(|suite| wants(suite.contract)).map(|suite| (suite.contract, (suite.checks)(), (suite.lies)())).collect();
    let mut jobs = Vec::new();
    for (contract, checks, lies) in &suites {
        jobs.extend(checks.iter().filter(|check| programs.own || !check.own).map(|check| Job { contract, check, lie: None }));
        let lies = lies.iter().filter(|_| plan.lies);
        jobs.extend(
            lies.filter_map(|lie| Some(Job { contract, check: checks.iter().find(|check| check.name == lie.check)?, lie: Some(lie) })),
        );
    }
    progress.set_length(jobs.len() as u64);
    progress.set_message("");
    let next = AtomicUsize::new(0);
    let gathered = Mutex::new(&mut shown);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(jobs.len()) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let part = one(job, &programs, root);
                    let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
                    gathered.run.runs += part.runs;
                    gathered.evidence.extend(part.evidence);
                    gathered.findings.extend(part.finding);
                    progress.inc(1);
                }
            });
        }
    });
    shown.findings.sort_by(|a, b| (&a.contract, &a.check).cmp(&(&b.contract, &b.check)));
    shown.run.seconds = start.elapsed().as_secs_f64();
    shown
}

struct Part {
    runs: u64,
    evidence: Vec<Evidence>,
    finding: Option<Finding>,
}

fn one(job: &Job<'_>, programs: &Programs, root: &Path) -> Part {
    let scene = match Scene::new(programs, root, job.lie) {
        Ok(scene) => scene,
        Err(broken) => {
            return Part {
                runs: 0,
                evidence: Vec::new(),
                finding: Some(finding(job.contract, EvidenceKind::Command, job.check.name, &broken)),
            };
        }
    };
    // Whatever a program does, a check that it throws off its feet costs one verdict.
    let held = catch_unwind(AssertUnwindSafe(|| (job.check.run)(&scene)));
    let held = held.unwrap_or_else(|_| Err(Broken::other("the check ended in a panic, which is shown above: this is a fault of conform")));
    let mut part = Part { runs: scene.runs(), evidence: Vec::new(), finding: None };
    match job.lie {
        None => {
            let note = format!("{} programs run", scene.runs());
            let counts = scene.counts().into_iter().filter(|(id, _)| job.check.requirements.contains(id));
            part.evidence.extend(counts.map(|(id, count)| evidence(id, EvidenceKind::Command, job.check.name, count, true, &note)));
            if let Err(broken) = held {
                let of = broken.requirement.map(|id| evidence(id, EvidenceKind::Command, job.check.name, 1, false, ""));
                part.evidence.extend(of);
                part.finding = Some(finding(job.contract, EvidenceKind::Command, job.check.name, &broken));
            }
        }
        Some(lie) => {
            let check = format!("violation: {}", lie.what);
            match held {
                Err(broken) if broken.requirement == Some(lie.requirement) => {
                    let note = format!("caught by {}", job.check.name);
                    part.evidence.push(evidence(lie.requirement, EvidenceKind::Violation, &check, 1, true, &note));
                }
                other => {
                    let seen = match other {
                        Ok(()) => format!("passes the check {}", job.check.name),
                        Err(broken) => format!(
                            "is blamed by the check {} on {}: {}",
                            job.check.name,
                            broken.requirement.unwrap_or("nothing"),
                            broken.why
                        ),
                    };
                    let why = format!(
                        "a program that {} {seen}: {} is not really checked\n  next: mend the check, in conformance/src/contracts/{}/",
                        lie.what,
                        lie.requirement,
                        job.contract.replace('-', "_")
                    );
                    part.evidence.push(evidence(lie.requirement, EvidenceKind::Violation, &check, 1, false, ""));
                    part.finding = Some(finding(job.contract, EvidenceKind::Violation, &check, &Broken::of(lie.requirement, why)));
                }
            }
        }
    }
    part
}

fn evidence(id: &str, kind: EvidenceKind, check: &str, count: u64, passed: bool, note: &str) -> Evidence {
    Evidence { requirement: id.to_owned(), kind, driver: None, check: check.to_owned(), count, seed: None, passed, note: note.to_owned() }
}

fn finding(contract: &str, kind: EvidenceKind, check: &str, broken: &Broken) -> Finding {
    let requirements: Vec<String> = broken.requirement.iter().map(|id| (*id).to_owned()).collect();
    let message = match (kind, broken.requirement) {
        (EvidenceKind::Violation, _) => format!("{}\n", broken.why),
        (_, Some(id)) => format!(
            "{id} broken: {contract}, found by running programs ({check})\n  {}\n  next:     cargo conform run --contract {contract}\n",
            broken.why
        ),
        (_, None) => format!("the programs of {contract} could not be tried ({check})\n  {}\n", broken.why),
    };
    Finding {
        contract: contract.to_owned(),
        driver: None,
        kind,
        check: check.to_owned(),
        requirements,
        message,
        case_file: None,
        ops: 0,
        seed: None,
    }
}
