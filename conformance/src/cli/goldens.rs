//! `conform goldens` and `conform pages`.

use super::Failed;
use crate::folder::Folder;
use clap::Subcommand;
use std::path::Path;

/// What to do with files that are made and committed.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Writes them from the models, and removes orphans. Review what changed.
    Generate,
    /// Compares them with the models, and fails on any difference, orphan or gap.
    Check,
    /// Shows how they differ from the models, and succeeds.
    Diff,
}

/// Runs the action.
pub fn run(action: &Action, folder: Result<Folder, String>, root: &Path) -> Result<(), Failed> {
    let folder = folder.map_err(Failed::Internal)?;
    match action {
        Action::Generate => {
            let changed = folder.write(root).map_err(Failed::Internal)?;
            for line in &changed {
                println!("{line}");
            }
            println!("{} files changed; `git diff {}` is for review", changed.len(), folder.path);
            Ok(())
        }
        Action::Check | Action::Diff => {
            let found = folder.differences(root).map_err(Failed::Internal)?;
            for line in &found {
                println!("{line}");
            }
            println!("{} {} differ from the models", found.len(), folder.verb);
            if found.is_empty() || matches!(action, Action::Diff) { Ok(()) } else { Err(Failed::Diverges) }
        }
    }
}
