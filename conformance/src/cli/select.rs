//! What to run: the options that `all` and `run` share.

use super::Failed;
use crate::commands::{self, SUITES};
use crate::engines::Options;
use crate::evidence::DriverName;
use crate::run::{Plan, Subject, default_subjects};
use clap::{Args, ValueEnum};
use spec_files::Library;
use std::path::{Path, PathBuf};

/// Random cases per contract and driver, where nothing else is said.
pub const CASES_DEFAULT: u32 = 4_000;

/// The same for a child process and a guest beside the linked-in driver: they are the same code, asked elsewhere, so that the depth is that
/// driver's and they show that elsewhere makes no difference.
pub const CASES_BESIDE_DEFAULT: u32 = 2_000;

/// Operations of a random case.
pub const CASE_OPS: usize = 24;

/// A driver on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DriverArgument {
    /// Linked in.
    InProcess,
    /// A child process.
    Process,
    /// A guest on QEMU.
    Qemu,
}

impl From<DriverArgument> for DriverName {
    fn from(driver: DriverArgument) -> Self {
        match driver {
            DriverArgument::InProcess => Self::InProcess,
            DriverArgument::Process => Self::Process,
            DriverArgument::Qemu => Self::Qemu,
        }
    }
}

/// Contracts, drivers and amounts.
#[derive(Args, Clone, Debug)]
pub struct Selection {
    /// Only these contracts.
    #[arg(long, value_name = "NAME")]
    pub contract: Vec<String>,
    /// Only the contracts that carry obligations of this source document.
    #[arg(long, value_name = "ID")]
    pub task: Vec<String>,
    /// Only these drivers.
    #[arg(long)]
    pub driver: Vec<DriverArgument>,
    /// A system under test of your own: a command that speaks the child-process protocol.
    #[arg(long, value_name = "COMMAND")]
    pub sut: Option<String>,
    /// An `nx` of your own, with its `tonegen` and `wavplay` beside it, for contracts of programs.
    #[arg(long, value_name = "PROGRAM")]
    pub nx: Option<PathBuf>,
    /// A failure, not a note, if this driver can't run.
    #[arg(long, value_name = "DRIVER")]
    pub require: Vec<DriverArgument>,
    /// Random cases per contract and driver [default: 4000; 2000 for a driver that runs beside the linked-in one]
    #[arg(long)]
    pub cases: Option<u32>,
    /// Seed of the random cases: a number, or `random`.
    #[arg(long, default_value = "1")]
    pub seed: String,
    /// Runs part i of n of the random cases.
    #[arg(long, value_name = "i/n", default_value = "1/1")]
    pub shard: String,
    /// Prints the whole record as JSON instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// Writes JUnit XML to this file.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

impl Selection {
    /// The plan that these options ask for.
    ///
    /// # Errors
    /// Usage: a name or a number that says nothing.
    pub fn plan(&self, library: &Library, root: &Path) -> Result<Plan, Failed> {
        let contracts = self.contracts(library)?;
        let seed = match self.seed.as_str() {
            "random" => crate::selftest::random_u64().map_err(Failed::Internal)?,
            number => number
                .parse()
                .map_err(|_| Failed::Usage(format!("`{number}` is no seed: give a number from 0 to {}, or `random`", u64::MAX)))?,
        };
        let options = Options {
            cases: self.cases.unwrap_or(CASES_DEFAULT),
            ops: CASE_OPS,
            seed,
            shard: parse_shard(&self.shard)?,
            case_folder: Some(root.join("reports/cases")),
            root: root.to_owned(),
        };
        let of_programs = |name: &String| library.contract(name).is_some_and(|contract| !contract.has_machine());
        if self.nx.is_some() && !contracts.iter().any(of_programs) {
            let names: Vec<&str> = SUITES.iter().map(|suite| suite.contract).collect();
            return Err(Failed::Usage(format!("--nx goes with a contract of programs: choose {}", names.join(", "))));
        }
        // Where no chosen contract has a machine no driver has anything to do.
        let asked = self.subjects()?;
        let guest = asked.iter().find(|subject| subject.name == DriverName::Qemu && subject.not_run.is_none());
        let boots = guest.map(|subject| subject.description.clone());
        let subjects = if contracts.iter().all(of_programs) { Vec::new() } else { asked };
        let beside = subjects.iter().any(|subject| subject.name == DriverName::InProcess);
        let cases_beside = self.cases.unwrap_or(if beside { CASES_BESIDE_DEFAULT } else { CASES_DEFAULT });
        // A run about somebody's own machine or programs shows nothing of this implementation, and so nothing of the harness.
        let own = self.sut.is_none() && self.nx.is_none();
        let commands = (self.sut.is_none() || self.nx.is_some()).then(|| commands::Plan { nx: self.nx.clone(), lies: own });
        Ok(Plan { contracts, subjects, self_checks: own, commands, boots, cases_beside, options })
    }

    fn contracts(&self, library: &Library) -> Result<Vec<String>, Failed> {
        let all: Vec<String> = library.contracts.iter().map(|contract| contract.contract.value.clone()).collect();
        for name in &self.contract {
            if !all.contains(name) {
                return Err(Failed::Usage(format!("there is no contract `{name}`: use one of {}", all.join(", "))));
            }
        }
        let mut of_tasks = Vec::new();
        for id in &self.task {
            let Some(task) = library.tasks.iter().find(|task| task.task.value == *id) else {
                let known: Vec<&str> = library.tasks.iter().map(|task| task.task.value.as_str()).collect();
                return Err(Failed::Usage(format!("there is no task `{id}`: use one of {}", known.join(", "))));
            };
            let carried: Vec<&str> =
                task.obligations.iter().flat_map(|obligation| &obligation.requirements).map(|id| id.value.as_str()).collect();
            of_tasks.extend(
                library
                    .contracts
                    .iter()
                    .filter(|contract| contract.requirements.iter().any(|requirement| carried.contains(&requirement.id.value.as_str())))
                    .map(|contract| contract.contract.value.clone()),
            );
        }
        let chosen = all.into_iter().filter(|name| {
            let by_name = self.contract.contains(name);
            let by_task = of_tasks.contains(name);
            match (self.contract.is_empty(), self.task.is_empty()) {
                (true, true) => true,
                (false, true) => by_name,
                (true, false) => by_task,
                (false, false) => by_name && by_task,
            }
        });
        let chosen: Vec<String> = chosen.collect();
        if chosen.is_empty() {
            return Err(Failed::Usage("no contract is chosen, and nothing run is not a pass: loosen --contract or --task".to_owned()));
        }
        Ok(chosen)
    }

    fn subjects(&self) -> Result<Vec<Subject>, Failed> {
        let mut chosen: Vec<DriverName> = self.driver.iter().map(|driver| (*driver).into()).collect();
        let Some(command) = &self.sut else {
            let subjects = default_subjects();
            return Ok(subjects.into_iter().filter(|subject| chosen.is_empty() || chosen.contains(&subject.name)).collect());
        };
        chosen.retain(|name| *name != DriverName::Process);
        if !chosen.is_empty() {
            return Err(Failed::Usage(
                "--sut goes with --driver process alone: a system under test of your own is a child process".to_owned(),
            ));
        }
        Ok(vec![Subject { name: DriverName::Process, description: format!("process:{command}"), not_run: None }])
    }

    /// What a required driver lacks.
    pub fn required_but_missing(&self, plan: &Plan) -> Option<String> {
        self.require.iter().find_map(|required| {
            let name = DriverName::from(*required);
            match plan.subjects.iter().find(|subject| subject.name == name) {
                None => Some(format!("the driver {} is required, but not chosen", name.name())),
                Some(subject) => subject.not_run.as_ref().map(|why| format!("the driver {} is required, but {why}", name.name())),
            }
        })
    }
}

/// `i/n` as an index from 0 and a number of parts.
fn parse_shard(text: &str) -> Result<(u32, u32), Failed> {
    let wrong = || Failed::Usage(format!("`{text}` is no shard: give part and number of parts, as in 2/4"));
    let (part, parts) = text.split_once('/').ok_or_else(wrong)?;
    let (part, parts): (u32, u32) = (part.parse().map_err(|_| wrong())?, parts.parse().map_err(|_| wrong())?);
    if part == 0 || part > parts { Err(wrong()) } else { Ok((part - 1, parts)) }
}

#[cfg(test)]
mod tests {
    use super::parse_shard;

    #[test]
    fn a_shard_is_a_part_of_its_parts() {
        assert_eq!(parse_shard("1/1").ok(), Some((0, 1)));
        assert_eq!(parse_shard("4/4").ok(), Some((3, 4)));
    }

    #[test]
    fn test_reject_shards_that_are_none() {
        for text in ["", "1", "0/1", "2/1", "a/b", "1/0", "1/2/3", "-1/2"] {
            assert!(parse_shard(text).is_err(), "{text}");
        }
    }
}
