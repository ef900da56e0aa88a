//! `conform all` and `conform run`.

use super::select::Selection;
use super::{Failed, library};
use crate::carried;
use crate::evidence::RunRecord;
use crate::report::{self, coverage::Coverage};
use spec_files::Library;
use std::fs;
use std::path::Path;

/// The main job: everything, and the reports.
pub fn all(selection: &Selection, root: &Path) -> Result<(), Failed> {
    let library = library()?;
    carried::check(&library).map_err(|problems| Failed::Usage(format!("the contracts ask for what nothing checks:\n{problems}")))?;
    crate::setup::install_for_conformance();
    let plan = selection.plan(&library, root)?;
    if let Some(missing) = selection.required_but_missing(&plan) {
        return Err(Failed::Setup(missing));
    }
    device_tree()?;
    let record = plan.execute();
    let goldens = crate::goldens::differences(root).map_err(Failed::Internal)?;
    for difference in &goldens {
        eprintln!("{difference}");
    }
    let coverage = Coverage::of(&library, &record);
    write_reports(&library, &record, &coverage, root)?;
    show(selection, &library, &record, &coverage)?;
    // The committed report speaks of a whole run alone.
    let whole = selection.contract.is_empty()
        && selection.task.is_empty()
        && selection.sut.is_none()
        && selection.nx.is_none()
        && record.drivers.iter().all(|driver| driver.not_run.is_none());
    let whole = whole && record.drivers.len() == crate::evidence::DriverName::ALL.len();
    let stale = if whole { super::report::stale(&library, &record, &coverage, root) } else { None };
    if let Some(why) = &stale {
        eprintln!("{why}");
    }
    verdict(&record, &coverage, goldens.is_empty() && stale.is_none())
}

/// The device tree that guests are booted with, compiled now: a wrong one fails the run, as nothing that reads it could be right.
/// Without its compiler nothing runs on QEMU, which the summary says.
fn device_tree() -> Result<(), Failed> {
    use qemu_runner::device_tree::{Error, NAME, compiled};
    match compiled() {
        Ok(blob) => eprintln!("device tree: {NAME} compiles to {} bytes; its references resolve and no two nodes overlap", blob.len()),
        Err(error @ Error::NoCompiler(_)) => eprintln!("device tree: not checked: {error}"),
        Err(error) => {
            eprintln!("device tree: {error}");
            return Err(Failed::Diverges);
        }
    }
    Ok(())
}

/// Chosen contracts on chosen drivers, without writing reports.
pub fn run(selection: &Selection, root: &Path) -> Result<(), Failed> {
    let library = library()?;
    let plan = selection.plan(&library, root)?;
    if let Some(missing) = selection.required_but_missing(&plan) {
        return Err(Failed::Setup(missing));
    }
    let record = plan.execute();
    let coverage = Coverage::of(&library, &record);
    show(selection, &library, &record, &coverage)?;
    if !record.findings.is_empty() {
        return Err(Failed::Diverges);
    }
    something_ran(&record)
}

fn something_ran(record: &RunRecord) -> Result<(), Failed> {
    if !record.ran_something() {
        Err(Failed::Setup("no step was compared and no program run, and nothing run is not a pass".to_owned()))
    } else {
        Ok(())
    }
}

fn show(selection: &Selection, library: &Library, record: &RunRecord, coverage: &Coverage) -> Result<(), Failed> {
    if let Some(path) = &selection.junit {
        fs::write(path, report::junit::render(library, record, coverage))
            .map_err(|error| Failed::Usage(format!("{}: {error}", path.display())))?;
    }
    if selection.json {
        println!("{}", report::json::render(library, record, coverage));
        return Ok(());
    }
    for finding in &record.findings {
        println!("{}", finding.message);
    }
    println!("{}", report::terminal::render(library, record, coverage));
    Ok(())
}

fn write_reports(library: &Library, record: &RunRecord, coverage: &Coverage, root: &Path) -> Result<(), Failed> {
    let folder = root.join("reports");
    let write =
        |name: &str, text: String| fs::write(folder.join(name), text).map_err(|error| Failed::Internal(format!("reports/{name}: {error}")));
    fs::create_dir_all(&folder).map_err(|error| Failed::Internal(format!("reports: {error}")))?;
    write("run.json", report::json::render(library, record, coverage))?;
    write("junit.xml", report::junit::render(library, record, coverage))?;
    write("index.html", report::html::render(library, record, coverage))
}

fn verdict(record: &RunRecord, coverage: &Coverage, rest: bool) -> Result<(), Failed> {
    if !record.findings.is_empty() || !rest || coverage.has_failures() {
        return Err(Failed::Diverges);
    }
    something_ran(record)
}
