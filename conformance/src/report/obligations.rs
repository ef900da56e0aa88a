//! Obligations of the source documents, and how far proven requirements carry them.

use serde::Serialize;
use spec_files::{Obligation, TaskFile, WaiverKind};
use std::collections::{BTreeMap, BTreeSet};

/// How far an obligation is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// All of its requirements are proven, and it has no waiver.
    Wholly,
    /// All of its requirements are proven, and a waiver names the rest.
    Partly,
    /// A waiver alone.
    Waived(WaiverKind),
    /// A requirement of it is not proven in this run.
    NotProven,
}

impl Carried {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wholly => "wholly",
            Self::Partly => "partly",
            Self::Waived(kind) => kind.name(),
            Self::NotProven => "NOT PROVEN",
        }
    }

    fn of(obligation: &Obligation, proven: &BTreeSet<&str>) -> Self {
        let all = obligation.requirements.iter().all(|requirement| proven.contains(requirement.value.as_str()));
        match &obligation.waiver {
            _ if !all => Self::NotProven,
            Some(waiver) if obligation.requirements.is_empty() => Self::Waived(waiver.kind),
            Some(_) => Self::Partly,
            // Neither a requirement nor a waiver: nothing carries it, which the files' parser rejects already.
            None if obligation.requirements.is_empty() => Self::NotProven,
            None => Self::Wholly,
        }
    }
}

/// An obligation and how far it is carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObligationCoverage {
    /// Its id.
    pub id: String,
    /// How far.
    pub carried: Carried,
}

/// Obligations, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All of them.
    pub obligations: usize,
    /// Carried wholly.
    pub wholly: usize,
    /// Carried partly.
    pub partly: usize,
    /// Waived, by kind; kinds without any are left out.
    pub waived: BTreeMap<WaiverKind, usize>,
    /// Not proven.
    pub not_proven: usize,
}

impl Totals {
    /// Waived obligations of that kind.
    pub fn waived_as(&self, kind: WaiverKind) -> usize {
        self.waived.get(&kind).copied().unwrap_or(0)
    }

    /// Waived obligations of every kind.
    pub fn waived_all(&self) -> usize {
        self.waived.values().sum()
    }

    fn add(&mut self, carried: Carried) {
        self.obligations += 1;
        match carried {
            Carried::Wholly => self.wholly += 1,
            Carried::Partly => self.partly += 1,
            Carried::Waived(kind) => *self.waived.entry(kind).or_default() += 1,
            Carried::NotProven => self.not_proven += 1,
        }
    }

    pub(super) fn plus(mut self, other: &Self) -> Self {
        self.obligations += other.obligations;
        self.wholly += other.wholly;
        self.partly += other.partly;
        self.not_proven += other.not_proven;
        for (kind, count) in &other.waived {
            *self.waived.entry(*kind).or_default() += count;
        }
        self
    }
}

/// A task's obligations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskCoverage {
    /// Id of the source document.
    pub task: String,
    /// Its obligations, in the order of the file.
    pub obligations: Vec<ObligationCoverage>,
    /// The same, counted.
    pub totals: Totals,
}

impl TaskCoverage {
    pub(super) fn of(task: &TaskFile, proven: &BTreeSet<&str>) -> Self {
        let mut totals = Totals::default();
        let obligations = task
            .obligations
            .iter()
            .map(|obligation| {
                let carried = Carried::of(obligation, proven);
                totals.add(carried);
                ObligationCoverage { id: obligation.id.value.clone(), carried }
            })
            .collect();
        Self { task: task.task.value.clone(), obligations, totals }
    }
}
