//! `conform verify`: everything that must hold before a change is merged.

use super::Failed;
use crate::setup::{self, Tool};
use clap::Args;
use std::path::Path;
use std::time::Instant;
use xshell::{Shell, cmd};

/// Options of `verify`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Leaves out the bounded fuzz smoke, which builds with a nightly toolchain.
    #[arg(long)]
    no_fuzz: bool,
}

/// Inputs that the smoke run of each fuzz target tries.
const FUZZ_RUNS: &str = "2000";

/// Runs every step in order and stops at the first that fails; the tests come last, so that their summary ends the output.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    let internal = |error: xshell::Error| Failed::Internal(error.to_string());
    setup::install_missing(&[Tool::Qemu, Tool::Dtc, Tool::Riscv64, Tool::Nextest, Tool::Capnp]);
    if !arguments.no_fuzz {
        setup::install_missing(&[Tool::Nightly, Tool::Fuzz]);
    }
    let shell = Shell::new().map_err(internal)?;
    shell.change_dir(root);
    let program = std::env::current_exe().map_err(|error| Failed::Internal(error.to_string()))?;
    step("format", || cmd!(shell, "cargo fmt --all --check").run())?;
    step("lints", || cmd!(shell, "cargo clippy --release --workspace --all-targets --quiet -- -D warnings").run())?;
    step("goldens", || cmd!(shell, "{program} goldens check").run())?;
    step("pages", || cmd!(shell, "{program} pages check").run())?;
    step("conformance", || cmd!(shell, "{program} all").run())?;
    if !arguments.no_fuzz {
        step("fuzz smoke", || fuzz_smoke(&shell))?;
    }
    if setup::probe(Tool::Capnp).is_none() {
        // The tests pass over it, since building needs no such tool; here it is said where it is read.
        eprintln!("verify: NOT CHECKED: whether implementation/idl/src/audio_capnp.rs is that of its schema; {}", Tool::Capnp.by_hand());
    }
    step("tests", || cmd!(shell, "cargo nextest run --release --workspace --no-tests fail").run())
}

fn fuzz_smoke(shell: &Shell) -> xshell::Result<()> {
    let targets = cmd!(shell, "cargo +nightly fuzz list").read()?;
    cmd!(shell, "cargo +nightly fuzz build --dev --sanitizer address").run()?;
    for target in targets.lines() {
        // What it finds goes to the first folder; the committed corpus is only read.
        let found = shell.create_temp_dir()?;
        let (found, corpus) = (found.path(), format!("fuzz/corpus/{target}"));
        let limits = [format!("-runs={FUZZ_RUNS}"), "-max_total_time=20".to_owned(), "-verbosity=0".to_owned()];
        cmd!(shell, "cargo +nightly fuzz run --dev --sanitizer address {target} {found} {corpus} -- {limits...}").quiet().run()?;
        eprintln!("fuzz smoke: {target} survived {FUZZ_RUNS} inputs");
    }
    Ok(())
}

fn step(name: &str, run: impl FnOnce() -> xshell::Result<()>) -> Result<(), Failed> {
    eprintln!("verify: {name}");
    let start = Instant::now();
    run().map_err(|error| {
        eprintln!("verify: {name} failed: {error}");
        Failed::Diverges
    })?;
    eprintln!("verify: {name} passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
