//! Asks and compares.
//!
//! One body ([`check::check`]) compares two machines on a case; engines make cases for it, drivers bring machines to it. What
//! it shows becomes [`evidence`], and evidence becomes reports.

#[cfg(feature = "harness")]
pub mod audio_goldens;
#[cfg(feature = "harness")]
pub mod bench;
#[cfg(feature = "harness")]
pub mod boots;
#[cfg(feature = "harness")]
pub mod carried;
pub mod case_file;
pub mod check;
#[cfg(feature = "harness")]
pub mod cli;
#[cfg(feature = "harness")]
pub mod commands;
pub mod contracts;
#[cfg(feature = "harness")]
pub mod corpus;
pub mod drivers;
pub mod engines;
pub mod evidence;
#[cfg(feature = "harness")]
pub mod folder;
pub mod fuzz;
#[cfg(feature = "harness")]
pub mod goldens;
#[cfg(feature = "harness")]
pub mod kept;
#[cfg(feature = "harness")]
pub mod libfuzzer;
#[cfg(feature = "harness")]
pub mod pages;
#[cfg(feature = "harness")]
pub mod report;
#[cfg(feature = "harness")]
pub mod run;
#[cfg(feature = "harness")]
pub mod scaffold;
#[cfg(feature = "harness")]
pub mod selftest;
pub mod serve;
#[cfg(feature = "harness")]
pub mod setup;
pub mod shrink;
pub mod suite;

/// The root of the repository that this was built from.
pub fn repository_root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
