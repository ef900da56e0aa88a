//! `conform diff`: any two machines against each other.

use super::Failed;
use super::select::{CASE_OPS, CASES_DEFAULT};
use crate::check::check_many;
use crate::drivers::Driver;
use crate::engines::property::{BATCH, nth_case};
use crate::engines::{diagnosis, render};
use crate::shrink::{self, RERUNS_MAX};
use crate::suite::Suite;
use clap::Args;
use std::path::Path;

/// Options of `diff`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The machine whose answers count as expected.
    #[arg(long, default_value = "model")]
    left: String,
    /// The machine that is compared with it.
    #[arg(long)]
    right: String,
    /// Only these contracts.
    #[arg(long, value_name = "NAME")]
    contract: Vec<String>,
    /// Random cases per contract.
    #[arg(long, default_value_t = CASES_DEFAULT)]
    cases: u32,
    /// Seed of the random cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Compares two machines on random cases and prints the first divergence of each contract.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    let open = |description: &str| Driver::open(description, root).map_err(|failure| Failed::Setup(format!("`{description}` {failure}")));
    let (left, right) = (open(&arguments.left)?, open(&arguments.right)?);
    let mut compared = 0;
    let mut diverged = false;
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            $(if arguments.contract.is_empty() || arguments.contract.iter().any(|name| name == <$contract as spec::Contract>::NAME) {
                match one::<$contract>(arguments, &left, &right) {
                    Ok(cases) => compared += cases,
                    Err(text) => {
                        diverged = true;
                        println!("{text}");
                    }
                }
            })*
        };
    }
    spec::for_each_contract!(contracts);
    println!(
        "{} and {}: {compared} cases agree{}",
        arguments.left,
        arguments.right,
        if diverged { ", and the divergences above" } else { "" }
    );
    match (diverged, compared) {
        (true, _) => Err(Failed::Diverges),
        (false, 0) => Err(Failed::Usage("no case was compared, and nothing run is not a pass".to_owned())),
        (false, _) => Ok(()),
    }
}

fn one<C: Suite>(arguments: &Arguments, left: &Driver, right: &Driver) -> Result<u64, String> {
    let name = C::NAME;
    let mut expected = left.machine::<C>().map_err(|failure| format!("{name}: left {failure}"))?;
    let mut got = right.machine::<C>().map_err(|failure| format!("{name}: right {failure}"))?;
    let mut compared = 0;
    for start in (0..arguments.cases).step_by(BATCH as usize) {
        let end = (start + BATCH).min(arguments.cases);
        let cases: Vec<_> = (start..end).map(|index| nth_case::<C>(arguments.seed, index, CASE_OPS)).collect();
        let Err(found) = check_many(&mut *expected, &mut *got, &cases) else {
            compared += cases.len() as u64;
            continue;
        };
        let best = shrink::divergence(&mut *expected, &mut *got, *found, RERUNS_MAX);
        let diagnosis = diagnosis::diagnose(&best);
        let drivers = format!("{} against {}", arguments.right, arguments.left);
        return Err(render::divergence(&best, &diagnosis, &drivers, "random cases", Some(arguments.seed), ""));
    }
    Ok(compared)
}
