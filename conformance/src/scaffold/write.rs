//! Writing everything or nothing.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// A file to be written.
#[derive(Clone, Debug)]
pub struct Change {
    /// Path in the repository.
    pub path: String,
    /// What it holds now; `None` for a new file.
    pub old: Option<String>,
    /// What it shall hold.
    pub new: String,
}

impl Change {
    /// A new file.
    pub fn created(path: impl Into<String>, new: impl Into<String>) -> Self {
        Self { path: path.into(), old: None, new: new.into() }
    }
}

/// Reads a file of the repository.
///
/// # Errors
/// Why it can't be read, and what to do.
pub fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path))
        .map_err(|error| format!("{path}: {error}\n  next: run this inside a checkout, or name one with --root"))
}

/// Makes all changes; where one of them fails, takes back those before it.
///
/// # Errors
/// A new file that exists, a file that changed in the meantime, or what kept a file from being written.
pub fn all(root: &Path, changes: &[Change]) -> Result<(), String> {
    for (done, change) in changes.iter().enumerate() {
        if let Err(why) = make(root, change) {
            let (made, _) = changes.split_at(done);
            for made in made.iter().rev() {
                // Nothing better can be done for a file that can no longer be written than to go on with the others.
                let _ = take_back(root, made);
            }
            return Err(format!("{}: {why}; nothing was changed", change.path));
        }
    }
    Ok(())
}

fn make(root: &Path, change: &Change) -> Result<(), String> {
    let path = root.join(&change.path);
    let Some(old) = &change.old else {
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        // `create_new` refuses a file that exists, also one that came into being just now.
        let mut file = File::create_new(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => "exists already, and is not overwritten: move it away".to_owned(),
            _ => error.to_string(),
        })?;
        return file.write_all(change.new.as_bytes()).map_err(|error| {
            let _ = fs::remove_file(&path);
            error.to_string()
        });
    };
    if fs::read_to_string(&path).map_err(|error| error.to_string())? != *old {
        return Err("was changed by someone else just now: try again".to_owned());
    }
    fs::write(&path, &change.new).map_err(|error| {
        let _ = fs::write(&path, old);
        error.to_string()
    })
}

fn take_back(root: &Path, change: &Change) -> std::io::Result<()> {
    let path = root.join(&change.path);
    match &change.old {
        Some(old) => fs::write(path, old),
        None => fs::remove_file(path),
    }
}
