//! `conform verify`: everything that must hold before a change is merged.

use super::Failed;
use crate::setup::{self, Tool};
use clap::Args;
use std::fmt::Display;
use std::path::Path;
use std::sync::Mutex;
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
        step("fuzz smoke", || fuzz_smoke(&shell, root))?;
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
        let build = duct::cmd!("cargo", "+nightly", "fuzz", "build", "--dev", "--sanitizer", "address");
        let build = build.dir(root).stdin_null().stderr_to_stdout().stdout_capture().unchecked().start();
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

/// Lets each target try its inputs: as many at a time as there are processors, since a target uses one.
fn fuzz_smoke(shell: &Shell, root: &Path) -> Result<(), String> {
    let said = |error: xshell::Error| error.to_string();
    let targets = cmd!(shell, "cargo +nightly fuzz list").read().map_err(said)?;
    let compiler = cmd!(shell, "rustc +nightly --version --verbose").read().map_err(said)?;
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("the nightly compiler names no host")?;
    let programs = root.join("fuzz/target").join(host).join("debug");
    let left = Mutex::new(targets.lines());
    let next = || left.lock().ok().and_then(|mut left| left.next());
    let workers = std::thread::available_parallelism().map_or(1, |count| count.get());
    let failures: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let mut failures = Vec::new();
            while let Some(target) = next() {
                match smoke(target, &programs, root) {
                    Ok(()) => eprintln!("fuzz smoke: {target} survived {FUZZ_RUNS} inputs"),
                    Err(why) => failures.push(why),
                }
            }
            failures
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|_| vec!["a fuzz target's thread died".to_owned()])).collect()
    });
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// One target's smoke, run as `cargo fuzz run` runs it. What it says is shown where it fails.
fn smoke(target: &str, programs: &Path, root: &Path) -> Result<(), String> {
    let artifacts = root.join("fuzz/artifacts").join(target);
    let found = tempfile::tempdir().and_then(|found| std::fs::create_dir_all(&artifacts).map(|()| found));
    let found = found.map_err(|error| format!("{target}: {error}"))?;
    // What it finds goes to the first folder; the committed corpus is only read.
    let arguments = [
        format!("-artifact_prefix={}/", artifacts.display()),
        format!("-runs={FUZZ_RUNS}"),
        "-max_total_time=20".to_owned(),
        "-verbosity=0".to_owned(),
        found.path().display().to_string(),
        root.join("fuzz/corpus").join(target).display().to_string(),
    ];
    let ran = duct::cmd(programs.join(target), arguments)
        .env("ASAN_OPTIONS", "detect_odr_violation=0")
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run()
        .map_err(|error| format!("{target}: {error}"))?;
    if ran.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}\n{target} failed; next: cargo +nightly fuzz run {target} with the input that is named above",
        String::from_utf8_lossy(&ran.stdout)
    ))
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
