//! `conform list`.

use super::{Failed, library};
use crate::carried;
use clap::Args;

/// Options of `list`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this contract, with its requirements and what checks them.
    contract: Option<String>,
}

/// Lists contracts, or one contract's requirements.
pub fn run(arguments: &Arguments) -> Result<(), Failed> {
    let library = library()?;
    let Some(name) = &arguments.contract else {
        for contract in &library.contracts {
            println!("{:<16} {:>3} requirements  {}", contract.contract.value, contract.requirements.len(), contract.title);
        }
        println!(
            "\n{} obligations of {} documents; `conform list NAME` shows one contract",
            library.tasks.iter().map(|task| task.obligations.len()).sum::<usize>(),
            library.tasks.len()
        );
        return Ok(());
    };
    let Some(contract) = library.contract(name) else {
        return Err(Failed::Usage(format!("there is no contract `{name}`: `conform list` names them")));
    };
    println!("{}: {}\n{}\n", name, contract.title, contract.summary);
    let carried = carried::by_requirement();
    for requirement in &contract.requirements {
        println!("{}  {}", requirement.id.value, requirement.text);
        for kind in &requirement.evidence {
            let checks = carried.get(&(requirement.id.value.clone(), *kind)).map(|checks| checks.join(", ")).unwrap_or_default();
            println!("    {:<12} {checks}", kind.name());
        }
    }
    Ok(())
}
