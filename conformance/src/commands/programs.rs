//! The programs under test: built from this repository where that is asked for, or somebody's own.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The tool, and the programs that lie beside it.
const NAMES: [&str; 4] = ["nx", "nx-media", "tonegen", "wavplay"];

/// Programs that lie in one folder: [`NAMES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// The tool.
    pub nx: PathBuf,
    /// Where the demo programs lie.
    pub folder: PathBuf,
    /// Whether they are built from this repository.
    pub own: bool,
}

/// A message of cargo, as far as it is read.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
}

impl Programs {
    /// Builds this repository's programs; where they are up to date that takes a fraction of a second.
    ///
    /// # Errors
    /// What keeps cargo from building them; its own message stands on the terminal.
    pub fn build(root: &Path) -> Result<Self, String> {
        let mut cargo = Command::new("cargo");
        // By the programs' names and not by their package's, for which cargo would choose other features of what all packages share.
        cargo.current_dir(root).args(["build", "--release", "--message-format=json-render-diagnostics"]);
        cargo.args(NAMES.iter().flat_map(|name| ["--bin", name]));
        // A first build takes a while and shows how far it is; later ones only speak up where something is wrong.
        if root.join("target/release/nx").is_file() {
            cargo.arg("--quiet");
        }
        let output = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| format!("cargo can't be started: {error}"))?;
        if !output.status.success() {
            return Err(format!("nx and the programs beside it can't be built: cargo ended with {}; its message is above", output.status));
        }
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let built = lines.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok()?.executable);
        let nx = built.into_iter().find(|path| path.file_stem().is_some_and(|name| name == "nx"));
        Self::beside(&nx.ok_or("cargo built no program nx")?, true)
    }

    /// Somebody's own `nx`, with the demo programs beside it.
    ///
    /// # Errors
    /// A program that is not there.
    pub fn of(nx: &Path) -> Result<Self, String> {
        let programs = Self::beside(nx, false)?;
        let beside = NAMES[1..].iter().map(|name| programs.folder.join(name));
        for path in std::iter::once(programs.nx.clone()).chain(beside) {
            if !path.is_file() {
                return Err(format!("there is no program {}: {} lie in one folder", path.display(), NAMES.join(", ")));
            }
        }
        Ok(programs)
    }

    fn beside(nx: &Path, own: bool) -> Result<Self, String> {
        let nx = std::path::absolute(nx).map_err(|error| format!("{}: {error}", nx.display()))?;
        let folder = nx.parent().ok_or_else(|| format!("{} lies in no folder", nx.display()))?.to_owned();
        Ok(Self { nx, folder, own })
    }
}

#[cfg(test)]
mod tests {
    use super::Programs;

    #[test]
    fn test_reject_programs_that_are_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Programs::of(&folder.path().join("nx")).expect_err("nothing is there");
        assert!(error.starts_with("there is no program "), "{error}");
        std::fs::write(folder.path().join("nx"), "").expect("a file");
        let error = Programs::of(&folder.path().join("nx")).expect_err("the demo programs are not there");
        assert!(error.contains("tonegen"), "{error}");
    }
}
