//! Cases that were found, by fuzzing or by a user, and are tried again in every run.
//!
//! `conformance/kept/<contract>/<name>.json` is a case file; its note says where it came from. `conform goldens generate` records the
//! model's answer to it beside the goldens that the contract declares, and every driver is held against that.

use crate::case_file::{self, AnyCaseFile};
use crate::check::check;
use crate::drivers::Driver;
use crate::folder::read_bounded;
use crate::shrink::{self, RERUNS_MAX};
use crate::suite::Suite;
use sha2::{Digest, Sha256};
use spec::Case;
use std::fs;
use std::path::Path;

/// The folder.
pub const FOLDER: &str = "conformance/kept";

/// Letters of a name, at most.
pub const NAME_LETTERS_MAX: usize = 60;

/// A kept case.
pub struct Kept<C: spec::Contract> {
    /// Its name, which its golden has, too.
    pub name: String,
    /// Its path in the repository.
    pub path: String,
    /// Where it came from.
    pub note: String,
    /// The case.
    pub case: Case<C>,
}

/// The kept cases of a contract, in their names' order.
///
/// # Errors
/// A file that can't be read, or is no case of the contract.
pub fn read<C: Suite>(root: &Path) -> Result<Vec<Kept<C>>, String> {
    let folder = root.join(FOLDER).join(C::NAME);
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut names: Vec<_> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let mut kept = Vec::new();
    for file in names {
        let path = format!("{FOLDER}/{}/{file}", C::NAME);
        let wrong = |why: &dyn std::fmt::Display| format!("{path}: {why}");
        let name = file.strip_suffix(".json").ok_or_else(|| wrong(&"expected a case file, NAME.json"))?.to_owned();
        named(&name).map_err(|why| wrong(&why))?;
        let bytes = read_bounded(&folder.join(&file)).map_err(|error| wrong(&error))?;
        let text = String::from_utf8(bytes).map_err(|error| wrong(&error))?;
        let read = case_file::read(&text).map_err(|why| wrong(&why))?;
        if read.contract != C::NAME {
            return Err(wrong(&format!("a case of `{}` in the folder of `{}`", read.contract, C::NAME)));
        }
        let case = read.case().map_err(|why| wrong(&why))?;
        kept.push(Kept { name, path: path.clone(), note: read.note, case });
    }
    Ok(kept)
}

/// Whether a name can be that of a golden.
fn named(name: &str) -> Result<(), String> {
    let right = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if !name.is_empty() && name.len() <= NAME_LETTERS_MAX && name.chars().all(right) {
        return Ok(());
    }
    Err(format!("the name `{name}`, expected 1 to {NAME_LETTERS_MAX} lower-case letters, digits and underscores"))
}

/// What became of a case that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its path in the repository.
    pub path: String,
    /// Whether the linked-in implementation diverges from the model on it.
    pub diverges: bool,
    /// Its operations before and after it was made smaller.
    pub ops: (usize, usize),
}

/// Whether the linked-in implementation diverges from the model on a case.
///
/// # Errors
/// A contract that there is not, or a case that does not fit it.
pub fn diverges(file: &AnyCaseFile) -> Result<bool, String> {
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            match file.contract.as_str() {
                $(<$contract as spec::Contract>::NAME => Ok(divergence::<$contract>(&file.case()?, 0)?.is_some()),)*
                other => Err(format!("there is no contract `{other}`")),
            }
        };
    }
    spec::for_each_contract!(contracts)
}

/// The smallest case found in so many reruns on which both still diverge, where they do on this one.
fn divergence<C: Suite>(case: &Case<C>, reruns: u32) -> Result<Option<Case<C>>, String> {
    let mut left = Driver::Model.machine::<C>().map_err(|failure| failure.to_string())?;
    let mut right = Driver::InProcess.machine::<C>().map_err(|failure| failure.to_string())?;
    let found = check(&mut *left, &mut *right, case).err();
    Ok(found.map(|found| shrink::divergence(&mut *left, &mut *right, *found, reruns).case))
}

/// Files a case under a name, by default one that its contents give. Where the linked-in implementation diverges on it, it becomes as
/// small as it still does.
///
/// # Errors
/// A contract that there is not, a case that does not fit it, a name that can't be, or is taken.
pub fn file(root: &Path, file: &AnyCaseFile, name: Option<&str>) -> Result<Filed, String> {
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            match file.contract.as_str() {
                $(<$contract as spec::Contract>::NAME => filed::<$contract>(root, file, name),)*
                other => Err(format!("there is no contract `{other}`")),
            }
        };
    }
    spec::for_each_contract!(contracts)
}

fn filed<C: Suite>(root: &Path, file: &AnyCaseFile, name: Option<&str>) -> Result<Filed, String> {
    let case = file.case::<C>()?;
    let found = divergence(&case, RERUNS_MAX)?;
    let diverges = found.is_some();
    let smallest = found.unwrap_or_else(|| case.clone());
    let text = case_file::write(&smallest, file.note.clone());
    let name = name.map_or_else(|| format!("found_{}", &crate::goldens::hex(&Sha256::digest(&text))[..8]), str::to_owned);
    named(&name)?;
    let path = format!("{FOLDER}/{}/{name}.json", C::NAME);
    let declared = C::goldens().iter().any(|golden| golden.name == name);
    if declared || root.join(&path).exists() {
        return Err(format!("`{}` has a golden of the name `{name}`\n  next: choose another with --name", C::NAME));
    }
    let folder = root.join(FOLDER).join(C::NAME);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(root.join(&path), text));
    written.map_err(|error| format!("{path}: {error}"))?;
    Ok(Filed { path, diverges, ops: (case.ops.len(), smallest.ops.len()) })
}
