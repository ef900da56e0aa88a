//! `conform keep`.

use super::Failed;
use crate::case_file::{self, AnyCaseFile, CASE_FILE_BYTES_MAX};
use crate::{fuzz, goldens, kept};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// Options of `keep`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A case file, or with --target an input of that fuzz target, such as a crash in fuzz/artifacts.
    file: PathBuf,
    /// The fuzz target that the file is an input of.
    #[arg(long)]
    target: Option<String>,
    /// The golden's name; by default one that the case's contents give.
    #[arg(long)]
    name: Option<String>,
}

/// Files the case and writes its golden.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    let shown = arguments.file.display();
    let usage = |why: String| Failed::Usage(format!("{shown}: {why}"));
    let size = fs::metadata(&arguments.file).map_err(|error| usage(error.to_string()))?.len();
    if size > CASE_FILE_BYTES_MAX {
        return Err(usage(format!("{size} bytes, expected at most {CASE_FILE_BYTES_MAX}")));
    }
    let bytes = fs::read(&arguments.file).map_err(|error| usage(error.to_string()))?;
    let cases = match &arguments.target {
        None => vec![String::from_utf8(bytes).map_err(|error| usage(format!("{error}; an input of a fuzz target needs --target")))?],
        Some(name) => {
            let target = fuzz::target(name).ok_or_else(|| usage(format!("there is no fuzz target `{name}`")))?;
            let cases = fuzz::cases_of(target.body, &bytes);
            if cases.is_empty() {
                return Err(usage(format!(
                    "`{name}` makes no case of it\n  next: copy it to fuzz/corpus/{name}, whose inputs every test run tries"
                )));
            }
            cases
        }
    };
    let read = |text: &String| case_file::read(text).map_err(&usage);
    let cases: Vec<AnyCaseFile> = cases.iter().map(read).collect::<Result<_, _>>()?;
    // Of an input that gives several cases the ones that diverge are of interest, or all of them.
    let diverge: Vec<bool> = cases.iter().map(kept::diverges).collect::<Result<_, _>>().map_err(&usage)?;
    let any = diverge.contains(&true);
    for (place, (case, _)) in cases.iter().zip(&diverge).filter(|(_, diverges)| **diverges || !any).enumerate() {
        let name = arguments.name.as_ref().map(|name| if place == 0 { name.clone() } else { format!("{name}_{}", place + 1) });
        let filed = kept::file(root, case, name.as_deref()).map_err(&usage)?;
        let (before, after) = filed.ops;
        println!("{}: kept, with {after} of {before} operations", filed.path);
        if filed.diverges {
            println!("  it diverges: `cargo conform replay {}` shows how", filed.path);
        }
    }
    let folder = goldens::folder(root).map_err(Failed::Internal)?;
    folder.write(root).map_err(Failed::Internal)?.iter().for_each(|line| println!("{line}"));
    Ok(())
}
