//! All files together, checked against each other.

use crate::contract::{ContractFile, Requirement};
use crate::embedded;
use crate::markers::MarkerFile;
use crate::problem::Problems;
use crate::task::TaskFile;
use serde_yaml::Spanned;
use std::collections::{BTreeMap, BTreeSet};

/// Every contract, task and marker.
#[derive(Clone, Debug)]
pub struct Library {
    /// Contracts, by name.
    pub contracts: Vec<ContractFile>,
    /// Tasks, by file name.
    pub tasks: Vec<TaskFile>,
    /// The UART's grammar.
    pub markers: MarkerFile,
}

impl Library {
    /// The files that were embedded when this was built.
    ///
    /// # Errors
    /// Every fault in any of them.
    pub fn embedded() -> Result<Self, Problems> {
        Self::parse(embedded::CONTRACTS, embedded::TASKS, embedded::MARKERS)
    }

    /// The contracts of this build alone, which is what constants are generated from: a build does not wait for the task lists.
    ///
    /// # Errors
    /// Every fault in any contract, or between contracts.
    pub fn embedded_contracts() -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let library = Self::read(embedded::CONTRACTS, &[], embedded::MARKERS, &mut problems);
        if problems.0.is_empty() {
            library.check_contracts(&mut problems);
        }
        problems.or(library)
    }

    /// Reads and cross-checks the given files, each a (path, text).
    ///
    /// # Errors
    /// Every fault in any of them, or between them.
    pub fn parse(contracts: &[(&str, &str)], tasks: &[(&str, &str)], markers: (&str, &str)) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let library = Self::read(contracts, tasks, markers, &mut problems);
        // References between files only make sense once every file was read.
        if problems.0.is_empty() {
            library.check_contracts(&mut problems);
            library.check_tasks(&mut problems);
        }
        problems.or(library)
    }

    fn read(contracts: &[(&str, &str)], tasks: &[(&str, &str)], markers: (&str, &str), problems: &mut Problems) -> Self {
        let mut library = Self { contracts: Vec::new(), tasks: Vec::new(), markers: MarkerFile::default() };
        for (path, text) in contracts {
            match ContractFile::parse(path, text) {
                Ok(file) => library.contracts.push(file),
                Err(found) => problems.0.extend(found.0),
            }
        }
        for (path, text) in tasks {
            match TaskFile::parse(path, text) {
                Ok(file) => library.tasks.push(file),
                Err(found) => problems.0.extend(found.0),
            }
        }
        match MarkerFile::parse(markers.0, markers.1) {
            Ok(file) => library.markers = file,
            Err(found) => problems.0.extend(found.0),
        }
        library
    }

    /// Every requirement with its contract.
    pub fn requirements(&self) -> impl Iterator<Item = (&ContractFile, &Requirement)> {
        self.contracts.iter().flat_map(|contract| contract.requirements.iter().map(move |requirement| (contract, requirement)))
    }

    /// How many contracts have a machine, which drivers reach.
    pub fn driven(&self) -> usize {
        self.contracts.iter().filter(|contract| contract.has_machine()).count()
    }

    /// The contract of that name.
    pub fn contract(&self, name: &str) -> Option<&ContractFile> {
        self.contracts.iter().find(|contract| contract.contract.value == name)
    }

    /// The requirement of that id.
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements().map(|(_, requirement)| requirement).find(|requirement| requirement.id.value == id)
    }

    /// Ids, names and error codes are unique over all contracts, and every bound names a declared error.
    fn check_contracts(&self, problems: &mut Problems) {
        let mut names = Names::default();
        let mut codes: BTreeMap<u16, &str> = BTreeMap::new();
        for file in &self.contracts {
            let path = file.path.as_str();
            names.claim(path, &file.contract, problems);
            for constant in &file.constants {
                names.claim(path, &constant.name, problems);
            }
            for bound in &file.bounds {
                names.claim(path, &bound.name, problems);
            }
            for decision in &file.decisions {
                names.claim(path, &decision.id, problems);
            }
            for requirement in &file.requirements {
                names.claim(path, &requirement.id, problems);
            }
            for error in &file.errors {
                names.claim(path, &error.name, problems);
                let owner = *codes.entry(error.code.value).or_insert(&error.name.value);
                if owner != error.name.value {
                    problems.add(path, error.code.referenced.line(), format!("error code {} is {owner}'s already", error.code.value));
                }
            }
        }
        for file in &self.contracts {
            for bound in &file.bounds {
                if !codes.values().any(|name| *name == bound.error.value) {
                    problems.add(&file.path, bound.error.referenced.line(), format!("`{}` is no declared error code", bound.error.value));
                }
            }
        }
    }

    /// Documents, obligations and requirements refer to each other, in both directions.
    fn check_tasks(&self, problems: &mut Problems) {
        let mut names = Names::default();
        for file in &self.tasks {
            names.claim(&file.path, &file.task, problems);
            for obligation in &file.obligations {
                names.claim(&file.path, &obligation.id, problems);
            }
        }
        let carried: BTreeSet<&str> = self
            .tasks
            .iter()
            .flat_map(|task| &task.obligations)
            .flat_map(|obligation| &obligation.requirements)
            .map(|requirement| requirement.value.as_str())
            .collect();
        for (file, requirement) in self.requirements() {
            let document = &requirement.source.document;
            if !self.tasks.iter().any(|task| task.task.value == document.value) {
                problems.add(&file.path, document.referenced.line(), format!("`{}` is no document of spec/tasks", document.value));
            }
            let id = &requirement.id;
            if !carried.contains(id.value.as_str()) {
                let message = format!("no obligation of spec/tasks names {}: name it where a document asks for it, or drop it", id.value);
                problems.add(&file.path, id.referenced.line(), message);
            }
        }
        for file in &self.tasks {
            for obligation in &file.obligations {
                let planned = obligation.waiver.as_ref().and_then(|waiver| waiver.contract.as_ref());
                if let Some(contract) = planned.filter(|planned| self.contract(planned).is_some()) {
                    let id = &obligation.id;
                    let message =
                        format!("{} waits for the contract {contract}, which stands: name its requirements, or what is missing", id.value);
                    problems.add(&file.path, id.referenced.line(), message);
                }
            }
            for requirement in file.obligations.iter().flat_map(|obligation| &obligation.requirements) {
                if self.requirement(&requirement.value).is_none() {
                    let message = format!("`{}` is no requirement of spec/contracts", requirement.value);
                    problems.add(&file.path, requirement.referenced.line(), message);
                }
            }
        }
    }
}

/// The names given so far, and where.
#[derive(Default)]
struct Names<'a>(BTreeMap<&'a str, (&'a str, u64)>);

impl<'a> Names<'a> {
    fn claim(&mut self, path: &'a str, name: &'a Spanned<String>, problems: &mut Problems) {
        let line = name.referenced.line();
        let (file, first) = *self.0.entry(&name.value).or_insert((path, line));
        if (file, first) != (path, line) {
            problems.add(path, line, format!("`{}` stands already at {file}:{first}: give it a name of its own", name.value));
        }
    }
}
