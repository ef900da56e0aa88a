//! Folders of files that are made from models and data, and committed for review.

use crate::report::text;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// Largest file, in bytes: they are data that people review.
pub const FILE_BYTES_MAX: u64 = 2 << 20;

/// A folder, as it should be.
pub struct Folder {
    /// Its path in the repository.
    pub path: &'static str,
    /// The command of `conform` that writes it.
    pub verb: &'static str,
    /// Where its files are declared.
    pub declared: &'static str,
    /// Every file, path in the folder to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// What differs between the folder on disk and this one, as text; empty where nothing does.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub fn differences(&self, root: &Path) -> Result<Vec<String>, String> {
        let Self { path: name, verb, declared, files: fresh } = self;
        let folder = root.join(name);
        let mut found = Vec::new();
        let present = self.present(&folder)?;
        for path in present.iter().filter(|path| !fresh.contains_key(*path)) {
            found.push(format!("{name}/{path}: an orphan, which nothing declares\n  next: remove it, or declare it in {declared}"));
        }
        for (path, bytes) in fresh {
            if !present.contains(path) {
                found.push(format!("{name}/{path}: missing\n  next: cargo conform {verb} generate, and review the new file"));
                continue;
            }
            let on_disk = read_bounded(&folder.join(path))?;
            if on_disk != *bytes {
                found.push(format!("{name}/{path}: changed\n{}", difference(&on_disk, bytes)));
            }
        }
        Ok(found)
    }

    /// Writes the folder as it should be, and removes orphans. Gives the paths that changed.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn write(&self, root: &Path) -> Result<Vec<String>, String> {
        let Self { path: name, files: fresh, .. } = self;
        let folder = root.join(name);
        let mut changed = Vec::new();
        for path in self.present(&folder)?.iter().filter(|path| !fresh.contains_key(*path)) {
            fs::remove_file(folder.join(path)).map_err(|error| format!("{name}/{path}: {error}"))?;
            changed.push(format!("removed {name}/{path}"));
        }
        for (path, bytes) in fresh {
            let full = folder.join(path);
            if fs::read(&full).is_ok_and(|on_disk| on_disk == *bytes) {
                continue;
            }
            if let Some(parent) = full.parent() {
                fs::create_dir_all(parent).map_err(|error| format!("{name}/{path}: {error}"))?;
            }
            fs::write(&full, bytes).map_err(|error| format!("{name}/{path}: {error}"))?;
            changed.push(format!("wrote {name}/{path}"));
        }
        Ok(changed)
    }

    fn present(&self, folder: &Path) -> Result<Vec<String>, String> {
        let mut present = Vec::new();
        list(folder, "", &mut present).map_err(|error| format!("{}: {error}", self.path))?;
        Ok(present)
    }
}

/// A file of such a folder, at most [`FILE_BYTES_MAX`] bytes.
///
/// # Errors
/// A file that can't be read, or a larger one.
pub fn read_bounded(path: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!("{size} bytes, expected at most {FILE_BYTES_MAX}"));
    }
    fs::read(path).map_err(|error| error.to_string())
}

/// Lines of a difference that are shown.
const DIFF_LINES_MAX: usize = 40;

fn difference(on_disk: &[u8], fresh: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(on_disk), std::str::from_utf8(fresh)) else {
        let first = on_disk.iter().zip(fresh).position(|(a, b)| a != b).unwrap_or(on_disk.len().min(fresh.len()));
        return format!("  {} bytes on disk, {} from the model; they differ from byte {first} on", on_disk.len(), fresh.len());
    };
    let text = format!("--- recorded\n+++ model\n{}", text::unified_diff(old, new, 1));
    let mut lines: Vec<&str> = text.lines().collect();
    let all = lines.len();
    lines.truncate(DIFF_LINES_MAX);
    let mut text: String = lines.iter().map(|line| format!("  {}\n", line.chars().take(160).collect::<String>())).collect();
    if all > DIFF_LINES_MAX {
        let _ = writeln!(text, "  … {} more lines", all - DIFF_LINES_MAX);
    }
    text
}

fn list(folder: &Path, prefix: &str, out: &mut Vec<String>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), out)?;
        } else {
            out.push(name);
        }
    }
    Ok(())
}
