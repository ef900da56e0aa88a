//! `conform bench`: the harness's speed, and the implementation beside its peers.

mod harness;
mod peers;
pub mod table;

use clap::Args;
use std::fs;
use std::path::Path;

/// Options of `bench`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Measures the harness alone, without the implementation's peers.
    #[arg(long)]
    harness_only: bool,
    /// Measures also how long the main job takes from nothing, in a fresh clone: some minutes.
    #[arg(long)]
    cold: bool,
    /// Measures the steps of these contracts alone, and writes nothing.
    #[arg(long, value_name = "NAME")]
    contract: Vec<String>,
    /// Prints the figures without writing reports/bench.md.
    #[arg(long)]
    no_write: bool,
}

/// Measures, prints, and writes `reports/bench.md`.
///
/// # Errors
/// What could not be measured or written.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), String> {
    let mut text = String::from(HEADER);
    text.push_str(&harness::measure(root, arguments.cold, &arguments.contract)?);
    let whole = !arguments.harness_only && arguments.contract.is_empty();
    if whole {
        text.push_str(&peers::measure(root)?);
    }
    println!("{text}");
    if !arguments.no_write && whole {
        fs::write(root.join("reports/bench.md"), &text).map_err(|error| format!("reports/bench.md: {error}"))?;
        eprintln!("wrote reports/bench.md");
    }
    Ok(())
}

const HEADER: &str = "# Benchmarks

Measured by `just bench` on one machine, in one run. Read the ratios: absolute times change with the machine and with what else it does.
Each pair runs in turn in the same minutes; a figure is the median of its rounds.
";
