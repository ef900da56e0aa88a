//! `conform setup`.

use super::Failed;
use crate::setup::{self, Tool};
use clap::Args;
use std::path::Path;

/// Options of `setup`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only lists what is there and what is not.
    #[arg(long)]
    check: bool,
}

/// Lists or installs the tools.
pub fn run(arguments: &Arguments, _root: &Path) -> Result<(), Failed> {
    let mut missing = Vec::new();
    for tool in Tool::ALL {
        let mut found = setup::probe(*tool);
        if found.is_none() && !arguments.check {
            found = setup::install(*tool).ok().and_then(|()| setup::probe(*tool));
        }
        match found {
            Some(version) => println!("{:<16} {version}", tool.name()),
            None => {
                println!("{:<16} missing; needed for {}\n{:17}type: {}", tool.name(), tool.purpose(), "", tool.by_hand());
                missing.push(tool.name());
            }
        }
    }
    match setup::probe_ffmpeg() {
        Some(version) => println!("{:<16} {version}", "ffmpeg"),
        None => println!(
            "{:<16} not there, and not needed: `conform corpus` compares with it\n{:17}type: {}",
            "ffmpeg",
            "",
            setup::FFMPEG_BY_HAND
        ),
    }
    if missing.is_empty() { Ok(()) } else { Err(Failed::Setup(format!("missing: {}", missing.join(", ")))) }
}
