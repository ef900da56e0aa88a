//! `conform goldens`.

use super::Failed;
use crate::goldens;
use clap::Subcommand;
use std::path::Path;

/// What to do with the goldens.
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
pub fn run(action: &Action, root: &Path) -> Result<(), Failed> {
    match action {
        Action::Generate => {
            let changed = goldens::write(root).map_err(Failed::Internal)?;
            for line in &changed {
                println!("{line}");
            }
            println!("{} files changed; `git diff goldens` is for review", changed.len());
            Ok(())
        }
        Action::Check | Action::Diff => {
            let found = goldens::differences(root).map_err(Failed::Internal)?;
            for line in &found {
                println!("{line}");
            }
            println!("{} goldens differ from the models", found.len());
            if found.is_empty() || matches!(action, Action::Diff) { Ok(()) } else { Err(Failed::Diverges) }
        }
    }
}
