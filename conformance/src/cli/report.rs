//! `conform report`.

use super::{Failed, library};
use crate::evidence::RunRecord;
use crate::report::{coverage::Coverage, html, json, junit, markdown};
use clap::{Args, ValueEnum};
use spec_files::Library;
use std::fs;
use std::path::{Path, PathBuf};

/// The committed report.
const COMMITTED: &str = "reports/coverage.md";

/// The record of the last whole run.
const LAST_RUN: &str = "reports/run.json";

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Markdown: the committed report.
    Md,
    /// JSON.
    Json,
    /// JUnit XML.
    Junit,
    /// One self-contained HTML file.
    Html,
}

/// Options of `report`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Format.
    #[arg(long, value_enum, default_value = "md")]
    format: Format,
    /// Writes to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Writes reports/coverage.md from the last run.
    #[arg(long)]
    update: bool,
}

/// Shows the last run.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    let library = library()?;
    let text = fs::read_to_string(root.join(LAST_RUN))
        .map_err(|error| Failed::Setup(format!("{LAST_RUN}: {error}; `cargo conformance` makes it")))?;
    let record: RunRecord =
        json::read(&text).map_err(|why| Failed::Setup(format!("{LAST_RUN}: {why}; `cargo conformance` makes a new one")))?;
    let coverage = Coverage::of(&library, &record);
    if arguments.update {
        let whole = record.drivers.iter().all(|driver| driver.not_run.is_none()) && record.findings.is_empty();
        if !whole {
            return Err(Failed::Setup(
                "the last run has findings or left out a driver: the committed report shows whole, passing runs alone".to_owned(),
            ));
        }
        fs::write(root.join(COMMITTED), markdown::render(&library, &record, &coverage))
            .map_err(|error| Failed::Internal(format!("{COMMITTED}: {error}")))?;
        println!("wrote {COMMITTED}");
        return Ok(());
    }
    let rendered = match arguments.format {
        Format::Md => markdown::render(&library, &record, &coverage),
        Format::Json => json::render(&library, &record, &coverage),
        Format::Junit => junit::render(&library, &record, &coverage),
        Format::Html => html::render(&library, &record, &coverage),
    };
    match &arguments.output {
        None => println!("{rendered}"),
        Some(path) => fs::write(path, rendered).map_err(|error| Failed::Usage(format!("{}: {error}", path.display())))?,
    }
    Ok(())
}

/// Why the committed report does not say what this run showed; `None` where it does.
pub fn stale(library: &Library, record: &RunRecord, coverage: &Coverage, root: &Path) -> Option<String> {
    let committed = fs::read_to_string(root.join(COMMITTED)).unwrap_or_default();
    let fresh = markdown::render(library, record, coverage);
    let diff = markdown::is_stale(&committed, &fresh)?;
    Some(format!("{COMMITTED} is stale:\n{diff}\n  next: cargo conform report --update, and commit it"))
}
