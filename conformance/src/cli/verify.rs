//! `conform verify`: everything that must hold before a change is merged.

use super::Failed;
use crate::fuzz::TARGETS;
use crate::libfuzzer::{self, Profile, Programs};
use crate::setup::{self, Tool};
use clap::Args;
use std::fmt::Display;
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

/// Runs every step and stops at the first that fails; the tests come last, so that their summary ends the output. What has to be
/// built is built first, the fuzz targets beside the rest: alone, neither keeps every processor busy.
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
    let fuzz_targets = if arguments.no_fuzz { None } else { Some(Beside::fuzz_targets(root)?) };
    step("lints", || cmd!(shell, "cargo clippy --release --workspace --all-targets --quiet -- -D warnings").run())?;
    if qemu_runner::build::toolchain().is_some() {
        step("the guest's image", || qemu_runner::build::build_guest(root).map(drop))?;
    }
    step("the tests' programs", || cmd!(shell, "cargo nextest run --release --workspace --no-run").run())?;
    if let Some(fuzz_targets) = fuzz_targets {
        step("the fuzz targets' programs", || fuzz_targets.wait())?;
    }
    step("goldens", || cmd!(shell, "{program} goldens check").run())?;
    step("pages", || cmd!(shell, "{program} pages check").run())?;
    step("conformance", || cmd!(shell, "{program} all").run())?;
    if !arguments.no_fuzz {
        step("fuzz smoke", || fuzz_smoke(root))?;
    }
    if setup::probe(Tool::Capnp).is_none() {
        // The tests pass over it, since building needs no such tool; here it is said where it is read.
        eprintln!("verify: NOT CHECKED: whether implementation/idl/src/audio_capnp.rs is that of its schema; {}", Tool::Capnp.by_hand());
    }
    step("tests", || cmd!(shell, "cargo nextest run --release --workspace --no-tests fail").run())
}

/// A build that runs beside the steps, silent unless it fails. Where a step fails first, it is stopped.
struct Beside {
    build: duct::Handle,
}

impl Beside {
    fn fuzz_targets(root: &Path) -> Result<Self, Failed> {
        let build = Profile::Quick.build(root, None).stdin_null().stderr_to_stdout().stdout_capture().unchecked().start();
        build.map(|build| Self { build }).map_err(|error| Failed::Internal(format!("cargo +nightly fuzz build: {error}")))
    }

    fn wait(&self) -> Result<(), String> {
        let built = self.build.wait().map_err(|error| error.to_string())?;
        if built.status.success() {
            return Ok(());
        }
        Err(format!("{}\ncargo +nightly fuzz build ended with {}", String::from_utf8_lossy(&built.stdout), built.status))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // One that has ended cannot be stopped any more, which is as well.
        let _ = self.build.kill();
    }
}

/// Lets each target try its inputs. What one says is shown where it fails.
fn fuzz_smoke(root: &Path) -> Result<(), String> {
    let programs = Programs::built(root, Profile::Quick)?;
    let limits = [format!("-runs={FUZZ_RUNS}"), "-max_total_time=20".to_owned(), "-verbosity=0".to_owned()];
    let failures: Vec<String> = libfuzzer::each(TARGETS, |target| {
        // What it finds goes to a folder that ends with it; the committed corpus is only read.
        let found = tempfile::tempdir().map_err(|error| format!("{}: {error}", target.name)).and_then(|found| {
            let ran = programs.run(target.name, found.path(), &limits)?;
            if ran.succeeded { Ok(()) } else { Err(format!("{}\n{}", ran.said, ran.next(target.name))) }
        });
        match found {
            Ok(()) => {
                eprintln!("fuzz smoke: {} survived {FUZZ_RUNS} inputs", target.name);
                None
            }
            Err(why) => Some(why),
        }
    })
    .into_iter()
    .flatten()
    .collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn step<E: Display>(name: &str, run: impl FnOnce() -> Result<(), E>) -> Result<(), Failed> {
    eprintln!("verify: {name}");
    let start = Instant::now();
    run().map_err(|error| {
        eprintln!("verify: {name} failed: {error}");
        Failed::Diverges
    })?;
    eprintln!("verify: {name} passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
