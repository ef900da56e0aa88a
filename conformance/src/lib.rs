//! Asks and compares.
//!
//! One body ([`check::check`]) compares two machines on a case; engines make cases for it, drivers bring machines to it. What
//! it shows becomes [`evidence`], and evidence becomes reports.

pub mod audio_goldens;
pub mod bench;
pub mod boots;
pub mod carried;
pub mod case_file;
pub mod check;
pub mod cli;
pub mod commands;
pub mod contracts;
pub mod drivers;
pub mod engines;
pub mod evidence;
pub mod fuzz;
pub mod goldens;
pub mod report;
pub mod run;
pub mod scaffold;
pub mod selftest;
pub mod serve;
pub mod setup;
pub mod shrink;
pub mod suite;

/// The root of the repository that this was built from.
pub fn repository_root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
