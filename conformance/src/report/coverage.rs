//! What must hold, joined with what a run showed of it.

pub use super::obligations::{Carried, ObligationCoverage, TaskCoverage, Totals};
use crate::evidence::{DriverName, DriverRun, Evidence, RunRecord};
use serde::Serialize;
use spec_files::{ContractFile, EvidenceKind, Library, Requirement};
use std::collections::{BTreeMap, BTreeSet};

/// How a needed piece of evidence stands, and how a requirement stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It was shown in this run.
    Passed,
    /// A check found it broken.
    Failed,
    /// What could have shown it ran, and nothing exercised it.
    Missing,
    /// The subject says that it lacks the contract or a part of it.
    NotSupported,
    /// What would have shown it did not run.
    NotRun,
}

impl Standing {
    /// One character for tables.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Passed => "✔",
            Self::Failed => "✘",
            Self::Missing => "∅",
            Self::NotSupported => "⊘",
            Self::NotRun => "–",
        }
    }

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::NotSupported => "not supported",
            Self::NotRun => "not run",
        }
    }
}

/// One needed piece of evidence: a kind, from a driver or from the run as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The kind.
    pub kind: EvidenceKind,
    /// The driver; `None` for kinds that are shown once per run.
    pub driver: Option<DriverName>,
    /// How it stands.
    pub standing: Standing,
    /// Steps, values or executions.
    pub count: u64,
    /// The checks that showed it.
    pub checks: Vec<String>,
}

/// A requirement and its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementCoverage {
    /// Its id.
    pub id: String,
    /// Its contract.
    pub contract: String,
    /// How it stands; [`Standing::Passed`] is proven.
    pub standing: Standing,
    /// Each needed kind, for kinds of every driver once for each driver of the run.
    pub cells: Vec<Cell>,
}

impl RequirementCoverage {
    /// Whether all the evidence that it asks for is there and nothing failed.
    pub fn is_proven(&self) -> bool {
        self.standing == Standing::Passed
    }

    /// How the kinds that this driver must show stand together; `None` where it must show none.
    pub fn on(&self, driver: DriverName) -> Option<Standing> {
        let worst = |cell: &Cell| match cell.standing {
            Standing::Failed => 0,
            Standing::Missing => 1,
            Standing::NotSupported => 2,
            Standing::NotRun => 3,
            Standing::Passed => 4,
        };
        self.cells.iter().filter(|cell| cell.driver == Some(driver)).min_by_key(|cell| worst(cell)).map(|cell| cell.standing)
    }

    /// What keeps it from being proven, in one line; empty where nothing does. What did not run is only named where that alone
    /// is the reason.
    pub fn lacking(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let names = |cell: &&Cell| match cell.standing {
            Standing::Passed => false,
            Standing::NotRun => self.standing == Standing::NotRun,
            Standing::Failed | Standing::Missing | Standing::NotSupported => true,
        };
        for cell in self.cells.iter().filter(names) {
            let whom = cell.driver.map(|driver| format!(" on {}", driver.name())).unwrap_or_default();
            parts.push(format!("{}{whom} {}", cell.kind, cell.standing.name()));
        }
        if self.standing == Standing::Failed && !self.cells.iter().any(|cell| cell.standing == Standing::Failed) {
            parts.insert(0, "found broken".to_owned());
        }
        if self.is_proven() { String::new() } else { parts.join(", ") }
    }
}

/// How a driver did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriverVerdict {
    /// Everything that it supports was shown.
    Passed,
    /// Something was found broken.
    Failed,
    /// Nothing was found broken, but not everything was exercised.
    Incomplete,
    /// It did not run.
    NotRun,
}

/// A driver's part of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriverCoverage {
    /// The driver.
    pub driver: DriverName,
    /// How it did.
    pub verdict: DriverVerdict,
    /// Contracts of which it showed something.
    pub contracts: usize,
    /// Requirements of the run's contracts that every driver must show.
    pub asked: usize,
    /// Those that it showed in every kind asked for.
    pub proven: usize,
}

/// What a run shows, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overall {
    /// Everything that took part was shown to hold.
    Conforms,
    /// Something was found broken.
    Diverges,
    /// Nothing was found broken, but not everything that took part was exercised.
    Incomplete,
    /// No step was compared, which is not a pass.
    NothingRun,
}

/// What must hold, and how each part of it stands after a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The run, in one word.
    pub overall: Overall,
    /// Drivers, in the order of reports.
    pub drivers: Vec<DriverCoverage>,
    /// Requirements, in the order of the contract files.
    pub requirements: Vec<RequirementCoverage>,
    /// Tasks, in the order of their files.
    pub tasks: Vec<TaskCoverage>,
    /// Totals over all tasks.
    pub totals: Totals,
    /// Contracts of which the run says something.
    pub took_part: BTreeSet<String>,
    /// Requirements of which this run has no evidence at all, neither for nor against.
    pub without_evidence: Vec<String>,
}

impl Coverage {
    /// Joins the two. Evidence of what is no requirement proves nothing and is left out.
    pub fn of(library: &Library, record: &RunRecord) -> Self {
        let facts = Facts::of(library, record);
        let requirements: Vec<RequirementCoverage> =
            library.requirements().map(|(contract, requirement)| facts.requirement(contract, requirement)).collect();
        let proven: BTreeSet<&str> = requirements.iter().filter(|it| it.is_proven()).map(|it| it.id.as_str()).collect();
        let tasks: Vec<TaskCoverage> = library.tasks.iter().map(|task| TaskCoverage::of(task, &proven)).collect();
        let totals = tasks.iter().fold(Totals::default(), |sum, task| sum.plus(&task.totals));
        let drivers = record.drivers.iter().map(|run| facts.driver(run, &requirements)).collect();
        let without = |it: &&RequirementCoverage| !it.cells.iter().any(|cell| matches!(cell.standing, Standing::Passed | Standing::Failed));
        let without_evidence = requirements.iter().filter(without).map(|it| it.id.clone()).collect();
        let took_part = facts.took_part.iter().map(|name| (*name).to_owned()).collect();
        let mut coverage = Self { overall: Overall::Conforms, drivers, requirements, tasks, totals, took_part, without_evidence };
        coverage.overall = if !record.findings.is_empty() || coverage.broken().next().is_some() {
            Overall::Diverges
        } else if !record.ran_something() {
            Overall::NothingRun
        } else if coverage.gaps().next().is_some() || coverage.drivers.iter().any(|it| it.verdict == DriverVerdict::Incomplete) {
            Overall::Incomplete
        } else {
            Overall::Conforms
        };
        coverage
    }

    /// The requirement of that id.
    pub fn requirement(&self, id: &str) -> Option<&RequirementCoverage> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }

    /// Requirements that a check found broken.
    pub fn broken(&self) -> impl Iterator<Item = &RequirementCoverage> {
        self.requirements.iter().filter(|requirement| requirement.standing == Standing::Failed)
    }

    /// Requirements that nothing exercised although what could have shown them ran: nothing run is a failure, not a pass.
    pub fn gaps(&self) -> impl Iterator<Item = &RequirementCoverage> {
        self.requirements.iter().filter(|requirement| requirement.standing == Standing::Missing)
    }

    /// Requirements of this run's contracts that are not proven.
    pub fn unproven(&self) -> impl Iterator<Item = &RequirementCoverage> {
        self.requirements.iter().filter(|requirement| !requirement.is_proven() && self.took_part.contains(&requirement.contract))
    }

    /// Requirements that are proven.
    pub fn proven(&self) -> usize {
        self.requirements.iter().filter(|requirement| requirement.is_proven()).count()
    }

    /// Whether something was found broken, or was not exercised although its contract took part. A driver that did not run, a
    /// contract that was not asked for and one that the subject lacks are no failures of this run.
    pub fn has_failures(&self) -> bool {
        self.broken().next().is_some() || self.gaps().next().is_some()
    }
}

/// A record, by what the questions about it need.
struct Facts<'a> {
    by_requirement: BTreeMap<&'a str, Vec<&'a Evidence>>,
    accused: BTreeSet<&'a str>,
    drivers: &'a [DriverRun],
    /// Drivers that are at fault in some finding.
    at_fault: BTreeSet<DriverName>,
    took_part: BTreeSet<&'a str>,
    /// Contracts of which a driver gave evidence.
    shown: BTreeSet<(&'a str, DriverName)>,
    self_checks: bool,
    /// Kinds of which the run has evidence, and whether the programs that were run are this repository's.
    kinds: BTreeSet<EvidenceKind>,
    own_programs: bool,
}

impl<'a> Facts<'a> {
    fn of(library: &'a Library, record: &'a RunRecord) -> Self {
        let mut facts = Self {
            by_requirement: BTreeMap::new(),
            accused: record.findings.iter().flat_map(|finding| &finding.requirements).map(String::as_str).collect(),
            drivers: &record.drivers,
            at_fault: record.findings.iter().filter_map(|finding| finding.driver).collect(),
            took_part: record.findings.iter().map(|finding| finding.contract.as_str()).collect(),
            shown: BTreeSet::new(),
            self_checks: record.evidence.iter().any(|evidence| evidence.kind.of_harness()),
            kinds: record.evidence.iter().map(|evidence| evidence.kind).collect(),
            own_programs: record.commands.as_ref().is_none_or(|run| run.own),
        };
        facts.took_part.extend(record.drivers.iter().flat_map(|run| &run.not_supported).map(|text| lacked_contract(text)));
        let contracts: BTreeMap<&str, &str> =
            library.requirements().map(|(contract, it)| (it.id.value.as_str(), contract.contract.value.as_str())).collect();
        for evidence in &record.evidence {
            let Some(contract) = contracts.get(evidence.requirement.as_str()) else {
                continue;
            };
            facts.took_part.insert(contract);
            if let Some(driver) = evidence.driver {
                facts.shown.insert((contract, driver));
                if !evidence.passed {
                    facts.at_fault.insert(driver);
                }
            }
            facts.by_requirement.entry(&evidence.requirement).or_default().push(evidence);
        }
        facts.took_part.retain(|name| library.contract(name).is_some());
        facts
    }

    fn requirement(&self, contract: &ContractFile, requirement: &Requirement) -> RequirementCoverage {
        let id = requirement.id.value.as_str();
        let name = contract.contract.value.as_str();
        let evidence = self.by_requirement.get(id).map_or(&[][..], Vec::as_slice);
        let mut kinds = requirement.evidence.clone();
        kinds.sort();
        let mut cells = Vec::new();
        for kind in kinds {
            if kind.once_per_run() {
                let shown: Vec<&Evidence> = evidence.iter().copied().filter(|it| it.kind == kind).collect();
                cells.push(cell(kind, None, &shown, || self.absent_once(name, kind)));
            } else {
                for run in self.drivers {
                    let shown: Vec<&Evidence> =
                        evidence.iter().copied().filter(|it| it.kind == kind && it.driver == Some(run.driver)).collect();
                    cells.push(cell(kind, Some(run.driver), &shown, || self.absent(name, run)));
                }
            }
        }
        let broken = self.accused.contains(id) || evidence.iter().any(|it| !it.passed);
        let standing = whole(&cells, requirement, broken);
        RequirementCoverage { id: id.to_owned(), contract: name.to_owned(), standing, cells }
    }

    /// Why a driver gave no evidence.
    fn absent(&self, contract: &str, run: &DriverRun) -> Standing {
        if run.not_run.is_some() || !self.took_part.contains(contract) {
            Standing::NotRun
        } else if run.not_supported.iter().any(|text| lacked_contract(text) == contract) {
            Standing::NotSupported
        } else {
            Standing::Missing
        }
    }

    /// Why the run as a whole gave no evidence: threads and memory are those of the linked-in implementation, and somebody else's
    /// programs are not asked about this repository's files.
    fn absent_once(&self, contract: &str, kind: EvidenceKind) -> Standing {
        let linked_in = || self.drivers.iter().any(|run| run.driver == DriverName::InProcess && run.not_run.is_none());
        let ran = match kind {
            EvidenceKind::Command => self.kinds.contains(&kind) && self.own_programs,
            EvidenceKind::Boot => self.kinds.contains(&kind),
            EvidenceKind::Violation => self.self_checks,
            _ => self.self_checks && linked_in(),
        };
        if ran && self.took_part.contains(contract) { Standing::Missing } else { Standing::NotRun }
    }

    fn driver(&self, run: &DriverRun, requirements: &[RequirementCoverage]) -> DriverCoverage {
        let driver = run.driver;
        let standings: Vec<Standing> =
            requirements.iter().filter(|it| self.took_part.contains(it.contract.as_str())).filter_map(|it| it.on(driver)).collect();
        let count = |standing| standings.iter().filter(|it| **it == standing).count();
        let proven = count(Standing::Passed);
        let verdict = if self.at_fault.contains(&driver) {
            DriverVerdict::Failed
        } else if run.not_run.is_some() {
            DriverVerdict::NotRun
        } else if run.steps == 0 || proven == 0 || count(Standing::Missing) > 0 {
            DriverVerdict::Incomplete
        } else {
            DriverVerdict::Passed
        };
        let contracts = self.shown.iter().filter(|(_, shown)| *shown == driver).count();
        DriverCoverage { driver, verdict, contracts, asked: standings.len(), proven }
    }
}

/// The contract in a line of `not_supported`, which is "contract: what is lacking" or the contract alone.
fn lacked_contract(text: &str) -> &str {
    text.split_once(':').map_or(text, |(contract, _)| contract).trim()
}

fn cell(kind: EvidenceKind, driver: Option<DriverName>, shown: &[&Evidence], absent: impl Fn() -> Standing) -> Cell {
    let standing = if shown.iter().any(|it| !it.passed) {
        Standing::Failed
    } else if shown.iter().any(|it| it.count > 0) {
        Standing::Passed
    } else {
        absent()
    };
    let count = shown.iter().fold(0_u64, |sum, it| sum.saturating_add(it.count));
    let checks = shown.iter().map(|it| it.check.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    Cell { kind, driver, standing, count, checks }
}

/// A requirement is proven only where every needed kind was shown by every driver that ran, and by one at least.
fn whole(cells: &[Cell], requirement: &Requirement, broken: bool) -> Standing {
    let any = |standing| cells.iter().any(|cell| cell.standing == standing);
    let shown = |kind: &EvidenceKind| cells.iter().any(|cell| cell.kind == *kind && cell.standing == Standing::Passed);
    if broken || any(Standing::Failed) {
        Standing::Failed
    } else if any(Standing::Missing) {
        Standing::Missing
    } else if any(Standing::NotSupported) {
        Standing::NotSupported
    } else if requirement.evidence.iter().all(shown) {
        Standing::Passed
    } else {
        Standing::NotRun
    }
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
