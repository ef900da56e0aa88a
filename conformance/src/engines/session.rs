//! One driver's run: what engines record into, and how a failure becomes a finding.

use super::answers::Answers;
use super::{diagnosis, render};
use crate::case_file;
use crate::check::Divergence;
use crate::drivers::Driver;
use crate::evidence::{DriverName, Evidence, Finding};
use crate::shrink::{self, RERUNS_MAX};
use crate::suite::Suite;
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use spec::{Case, Failure, FailureKind};
use spec_files::EvidenceKind;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Findings that one engine reports of one contract on one driver before it stops looking.
pub const FINDINGS_MAX: usize = 3;

/// What the caller asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Random cases per contract and driver.
    pub cases: u32,
    /// Operations of a random case, at most.
    pub ops: usize,
    /// The seed.
    pub seed: u64,
    /// Which part of the random cases to run: index and number of parts.
    pub shard: (u32, u32),
    /// Where failing cases are written; `None` writes none.
    pub case_folder: Option<PathBuf>,
    /// The root of the repository, for goldens.
    pub root: PathBuf,
}

/// What one driver's run shows.
pub struct Session<'a> {
    /// The driver; `None` for what the harness shows about itself.
    pub name: Option<DriverName>,
    /// What to do.
    pub options: &'a Options,
    /// Evidence so far.
    pub evidence: Vec<Evidence>,
    /// Findings so far.
    pub findings: Vec<Finding>,
    /// Compared steps.
    pub steps: u64,
    /// Compared cases.
    pub cases: u64,
    /// Contracts and parts that the subject lacks.
    pub not_supported: BTreeSet<String>,
    /// Progress, hidden in a pipe.
    pub progress: ProgressBar,
    /// The model's answers to random cases, shared with the run's other drivers.
    pub answers: Arc<Answers>,
}

impl<'a> Session<'a> {
    /// An empty record.
    pub fn new(name: Option<DriverName>, options: &'a Options, progress: ProgressBar, answers: Arc<Answers>) -> Self {
        let (evidence, findings, not_supported) = Default::default();
        Self { name, options, evidence, findings, steps: 0, cases: 0, not_supported, progress, answers }
    }

    /// Records that a check exercised requirements so often and found nothing.
    pub fn passed(&mut self, kind: EvidenceKind, check: &str, counts: impl IntoIterator<Item = (&'static str, u64)>, note: &str) {
        let driver = if kind.once_per_run() { None } else { self.name };
        let seed = matches!(kind, EvidenceKind::Property | EvidenceKind::Law).then_some(self.options.seed);
        for (requirement, count) in counts {
            if count > 0 {
                let (requirement, check, note) = (requirement.to_owned(), check.to_owned(), note.to_owned());
                self.evidence.push(Evidence { requirement, kind, driver, check, count, seed, passed: true, note });
            }
        }
    }

    /// Records a finding, and against each of its requirements that the check failed.
    pub fn failed(&mut self, finding: Finding) {
        for requirement in &finding.requirements {
            self.evidence.push(Evidence {
                requirement: requirement.clone(),
                kind: finding.kind,
                driver: if finding.kind.once_per_run() { None } else { finding.driver },
                check: finding.check.clone(),
                count: 1,
                seed: finding.seed,
                passed: false,
                note: String::new(),
            });
        }
        self.findings.push(finding);
    }

    /// Whether a failure only says that the subject lacks something, which is then noted.
    pub fn lacks(&mut self, contract: &str, failure: &Failure) -> bool {
        if failure.kind == FailureKind::Unsupported {
            self.not_supported.insert(format!("{contract}: {}", failure.detail));
            return true;
        }
        false
    }

    /// Shrinks a divergence, names what is broken, writes the case file and records the finding.
    pub fn diverged<C: Suite>(&mut self, driver: &Driver, kind: EvidenceKind, check_name: &str, found: Divergence<C>, seed: Option<u64>) {
        let shrunk = shrink_divergence::<C>(driver, found.clone());
        let diagnosis = diagnosis::diagnose_shrunk(&found, &shrunk);
        let (case_file, command) = self.write_case(&shrunk.case, &diagnosis.requirements, check_name, seed);
        let driver_name = self.name.map_or("the harness", DriverName::name);
        let message = render::divergence(&shrunk, &diagnosis, driver_name, check_name, seed, &command);
        self.failed(Finding {
            contract: C::NAME.to_owned(),
            driver: self.name,
            kind,
            check: check_name.to_owned(),
            requirements: diagnosis.requirements,
            message,
            case_file,
            ops: shrunk.case.ops.len(),
            seed,
        });
    }

    /// Writes a case file. Gives its path and the command that replays it.
    pub fn write_case<C: Suite>(
        &self,
        case: &Case<C>,
        requirements: &[String],
        check: &str,
        seed: Option<u64>,
    ) -> (Option<String>, String) {
        let seed = seed.map(|seed| format!(", seed {seed}")).unwrap_or_default();
        let text = case_file::write(case, format!("{} found by {check}{seed}", requirements.join(", ")));
        let Some(folder) = &self.options.case_folder else {
            return (None, String::new());
        };
        let hash = Sha256::digest(&text);
        let name = format!("{}-{:02x}{:02x}{:02x}{:02x}.json", C::NAME, hash[0], hash[1], hash[2], hash[3]);
        let path = folder.join(name);
        let shown = path.strip_prefix(&self.options.root).unwrap_or(&path).display().to_string();
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
        match written {
            Ok(()) => {
                let driver = self.name.map(|name| format!(" --driver {}", name.name())).unwrap_or_default();
                let command = format!("cargo conform replay {shown}{driver}");
                (Some(shown), command)
            }
            Err(error) => (None, format!("(the case could not be written to {shown}: {error})")),
        }
    }
}

/// The smallest divergence that a divergence shrinks to, by rerunning it on the same driver.
pub fn shrink_divergence<C: Suite>(driver: &Driver, found: Divergence<C>) -> Divergence<C> {
    let (Ok(mut left), Ok(mut right)) = (Driver::Model.machine::<C>(), driver.machine::<C>()) else {
        return found;
    };
    // A machine that hangs costs its whole time limit at each rerun.
    let hangs = matches!(&found.got, crate::check::Answer::Failed(failure) if failure.kind == FailureKind::Hung);
    let reruns = if hangs { 12 } else { RERUNS_MAX };
    shrink::divergence(&mut *left, &mut *right, found, reruns)
}

/// Counts by requirement.
#[derive(Clone, Debug, Default)]
pub struct Counts(pub BTreeMap<&'static str, u64>);

impl Counts {
    /// Adds what the steps of a case touched.
    pub fn touch<C: Suite>(&mut self, case: &Case<C>, trace: &spec::Trace<C>) {
        C::touched(case, trace.rejected, &trace.obs, &mut |_, id| *self.0.entry(id).or_default() += 1);
    }
}
