//! Evidence: records that a check of a requirement ran now.

use serde::{Deserialize, Serialize};
use spec_files::EvidenceKind;
use std::collections::BTreeMap;

/// How the system under test was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriverName {
    /// Linked in.
    InProcess,
    /// A child process.
    Process,
    /// A guest on QEMU.
    Qemu,
}

impl DriverName {
    /// Every driver, in the order of reports.
    pub const ALL: [Self; 3] = [Self::InProcess, Self::Process, Self::Qemu];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::InProcess => "in-process",
            Self::Process => "process",
            Self::Qemu => "qemu",
        }
    }
}

/// What a check showed of one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The requirement.
    pub requirement: String,
    /// The kind of evidence.
    pub kind: EvidenceKind,
    /// The driver; `None` for kinds that are shown once per run.
    pub driver: Option<DriverName>,
    /// The check's name.
    pub check: String,
    /// Steps, values or executions that exercised the requirement.
    pub count: u64,
    /// The seed, where the check drew its cases.
    pub seed: Option<u64>,
    /// Whether the requirement held.
    pub passed: bool,
    /// What was covered, where a number does not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A divergence, ready to be shown and replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The contract.
    pub contract: String,
    /// The driver; `None` where the harness itself is at fault.
    pub driver: Option<DriverName>,
    /// The kind of check that found it.
    pub kind: EvidenceKind,
    /// The check's name.
    pub check: String,
    /// The requirements that are broken, the likeliest first.
    pub requirements: Vec<String>,
    /// The whole message, with case, values and the command that replays it.
    pub message: String,
    /// Where the case was written.
    pub case_file: Option<String>,
    /// Operations of the smallest case.
    pub ops: usize,
    /// The seed.
    pub seed: Option<u64>,
}

/// How a driver took part in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriverRun {
    /// The driver.
    pub driver: DriverName,
    /// What was reached.
    pub subject: String,
    /// Why it did not run; `None` where it ran.
    pub not_run: Option<String>,
    /// Compared steps.
    pub steps: u64,
    /// Compared cases.
    pub cases: u64,
    /// Seconds.
    pub seconds: f64,
    /// Contracts and optional parts that the subject lacks.
    pub not_supported: Vec<String>,
}

/// All that a run showed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this record.
    pub version: u32,
    /// The seed of the run.
    pub seed: u64,
    /// Drivers, in the order of reports.
    pub drivers: Vec<DriverRun>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Divergences.
    pub findings: Vec<Finding>,
    /// Boots whose guest answered a challenge over the UART.
    #[serde(default)]
    pub selftests: Vec<SelftestRun>,
    /// Programs that were run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commands: Option<CommandRun>,
}

/// Programs that were run, for the contracts without a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommandRun {
    /// Whose programs.
    pub subject: String,
    /// Whether they are this repository's.
    pub own: bool,
    /// Programs run.
    pub runs: u64,
    /// Seconds.
    pub seconds: f64,
}

/// One boot that was judged by its UART.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelftestRun {
    /// The profile of `spec/markers.yaml`.
    pub profile: String,
    /// The challenge of that boot, in hexadecimal digits.
    pub challenge: String,
    /// Whether every marker of the plan came, in order, with the right answers.
    pub passed: bool,
    /// Selftests whose answer was the model's.
    pub answered: u64,
    /// The verdict, as text.
    pub verdict: String,
    /// Where the raw log is.
    pub log: String,
}

impl SelftestRun {
    /// What went wrong, as a finding.
    pub fn finding(&self) -> Option<Finding> {
        (!self.passed).then(|| Finding {
            contract: "markers".to_owned(),
            driver: Some(DriverName::Qemu),
            kind: EvidenceKind::Property,
            check: format!("profile {}", self.profile),
            requirements: Vec::new(),
            message: format!("the guest's markers do not prove what they say\n{}\n  log:      {}\n", self.verdict, self.log),
            case_file: None,
            ops: 0,
            seed: None,
        })
    }
}

impl RunRecord {
    /// Merges equal evidence of one check, so that a record stays readable.
    pub fn settle(&mut self) {
        let mut merged: BTreeMap<(String, EvidenceKind, Option<DriverName>, String), Evidence> = BTreeMap::new();
        for item in self.evidence.drain(..) {
            let key = (item.requirement.clone(), item.kind, item.driver, item.check.clone());
            merged
                .entry(key)
                .and_modify(|first| {
                    first.count += item.count;
                    first.passed &= item.passed;
                })
                .or_insert(item);
        }
        self.evidence = merged.into_values().collect();
    }

    /// Whether anything was asked of anything: steps of machines, programs or boots.
    pub fn ran_something(&self) -> bool {
        let whole = |evidence: &Evidence| matches!(evidence.kind, EvidenceKind::Command | EvidenceKind::Boot) && evidence.count > 0;
        self.steps() > 0 || self.evidence.iter().any(whole)
    }

    /// Compared steps over all drivers.
    pub fn steps(&self) -> u64 {
        self.drivers.iter().map(|driver| driver.steps).sum()
    }
}
