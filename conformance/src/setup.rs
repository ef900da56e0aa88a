//! The tools beside Rust that this project needs, and how they come onto a machine.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A tool that is not part of a plain Rust installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The emulator of the guest's machine.
    Qemu,
    /// The compiler of the guest's device tree.
    Dtc,
    /// A compiler for the guest.
    Riscv64,
    /// The command runner of the justfile.
    Just,
    /// The test runner.
    Nextest,
    /// A nightly toolchain, for cargo-fuzz.
    Nightly,
    /// The fuzzer's driver.
    Fuzz,
    /// The compiler of schemas.
    Capnp,
}

/// Where rustup's server does not answer within this time, Debian's packages are used.
const RUSTUP_TIME: Duration = Duration::from_secs(60);

impl Tool {
    /// Every tool, in the order of installing.
    pub const ALL: &'static [Self] =
        &[Self::Qemu, Self::Dtc, Self::Riscv64, Self::Just, Self::Nextest, Self::Nightly, Self::Fuzz, Self::Capnp];

    /// Name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Qemu => "qemu",
            Self::Dtc => "dtc",
            Self::Riscv64 => "riscv64 target",
            Self::Just => "just",
            Self::Nextest => "cargo-nextest",
            Self::Nightly => "nightly rust",
            Self::Fuzz => "cargo-fuzz",
            Self::Capnp => "capnp",
        }
    }

    /// What it is needed for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Qemu => "conformance on QEMU",
            Self::Dtc => "the guest's device tree",
            Self::Riscv64 => "building the guest",
            Self::Just => "the recipes of the justfile",
            Self::Nextest => "cargo verify",
            Self::Nightly | Self::Fuzz => "fuzzing",
            Self::Capnp => "comparing the generated code with its schema",
        }
    }

    /// What a person types to install it.
    pub fn by_hand(self) -> &'static str {
        match self {
            Self::Qemu => "sudo apt-get install qemu-system-misc",
            Self::Dtc => "sudo apt-get install device-tree-compiler",
            Self::Riscv64 => {
                "rustup target add riscv64gc-unknown-none-elf   (or: sudo apt-get install rustc-web cargo-web rust-web-src lld)"
            }
            Self::Just => "pip install rust-just   (or: cargo install --locked just)",
            Self::Nextest => "cargo install --locked cargo-nextest",
            Self::Nightly => "rustup toolchain install nightly --profile minimal",
            Self::Fuzz => "cargo install --locked cargo-fuzz",
            Self::Capnp => "sudo apt-get install capnproto",
        }
    }
}

/// The first line that a command prints, if it succeeds.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The tool's version, if it is there.
pub fn probe(tool: Tool) -> Option<String> {
    match tool {
        Tool::Qemu => first_line("qemu-system-riscv64", &["--version"]),
        Tool::Dtc => first_line(qemu_runner::device_tree::COMPILER, &["--version"]),
        Tool::Riscv64 => rustup_target().or_else(debian_toolchain),
        Tool::Just => first_line("just", &["--version"]),
        Tool::Nextest => first_line("cargo", &["nextest", "--version"]),
        Tool::Nightly => first_line("rustc", &["+nightly", "--version"]),
        Tool::Fuzz => first_line("cargo", &["fuzz", "--version"]),
        Tool::Capnp => first_line("capnp", &["--version"]),
    }
}

/// What a person types to install ffmpeg.
pub const FFMPEG_BY_HAND: &str = "sudo apt-get install ffmpeg";

/// ffmpeg's version, if it is there: nothing needs it, `conform corpus` asks it for its opinion.
pub fn probe_ffmpeg() -> Option<String> {
    crate::corpus::outside::find("ffmpeg").map(|outside| outside.version)
}

fn rustup_target() -> Option<String> {
    let output = Command::new("rustup").args(["target", "list", "--installed"]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().find(|line| *line == "riscv64gc-unknown-none-elf").map(|line| format!("{line} (rustup)"))
}

fn debian_toolchain() -> Option<String> {
    let version = first_line("/usr/bin/rustc", &["--version"])?;
    let parts = ["/usr/bin/cargo", "/usr/bin/ld.lld"];
    parts.iter().all(|part| Path::new(part).exists()).then(|| format!("{version} (Debian)"))
}

/// Why conformance can't run on QEMU here; `None` where it can.
pub fn missing_for_qemu() -> Option<String> {
    let missing: Vec<&str> =
        [Tool::Qemu, Tool::Dtc, Tool::Riscv64].into_iter().filter(|tool| probe(*tool).is_none()).map(Tool::name).collect();
    (!missing.is_empty()).then(|| format!("{} is not installed (`cargo conform setup --check` says how)", missing.join(" and ")))
}

/// Installs what conformance on QEMU needs, where that is allowed; says what to type otherwise.
pub fn install_for_conformance() {
    install_missing(&[Tool::Qemu, Tool::Dtc, Tool::Riscv64]);
}

/// Installs the missing ones of these tools, saying so; where that fails, says what to type.
pub fn install_missing(tools: &[Tool]) {
    for tool in tools {
        if probe(*tool).is_none()
            && let Err(why) = install(*tool)
        {
            eprintln!("set-up: {} could not be installed: {why}\n        type: {}", tool.name(), tool.by_hand());
        }
    }
}

/// Installs a tool.
///
/// # Errors
/// Why it could not be installed.
pub fn install(tool: Tool) -> Result<(), String> {
    eprintln!("set-up: installing {} (for {})", tool.name(), tool.purpose());
    match tool {
        Tool::Qemu => apt(&["qemu-system-misc"]),
        Tool::Dtc => apt(&["device-tree-compiler"]),
        Tool::Riscv64 => {
            let added = run_for("rustup", &["target", "add", "riscv64gc-unknown-none-elf"], Some(RUSTUP_TIME));
            added.or_else(|_| apt(&["rustc-web", "cargo-web", "rust-web-src", "lld"]))
        }
        Tool::Just => run_for("pip", &["install", "--quiet", "rust-just"], None).or_else(|_| cargo_install("just")),
        Tool::Nextest => cargo_install("cargo-nextest"),
        Tool::Nightly => run_for("rustup", &["toolchain", "install", "nightly", "--profile", "minimal"], None),
        Tool::Fuzz => cargo_install("cargo-fuzz"),
        Tool::Capnp => apt(&["capnproto"]),
    }
}

fn cargo_install(name: &str) -> Result<(), String> {
    run_for("cargo", &["install", "--locked", name], None)
}

fn apt(packages: &[&str]) -> Result<(), String> {
    if first_line("apt-get", &["--version"]).is_none() {
        return Err("this system has no apt-get".to_owned());
    }
    let root = first_line("id", &["-u"]).as_deref() == Some("0");
    if !root && first_line("sudo", &["-n", "true"]).is_none() {
        return Err("this needs root or a sudo without a password".to_owned());
    }
    let sudo: &[&str] = if root { &[] } else { &["sudo", "-n"] };
    let apt_get = |arguments: &[&str]| {
        let words: Vec<&str> =
            sudo.iter().chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).chain(arguments).copied().collect();
        match words.split_first() {
            Some((program, arguments)) => run_for(program, arguments, None),
            None => Ok(()),
        }
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    // Package lists may be missing or old: they are read anew only where the first attempt fails.
    apt_get(&install).or_else(|_| apt_get(&["update"]).and_then(|()| apt_get(&install)))
}

/// Runs a command with its output on standard error, for at most so long.
fn run_for(program: &str, arguments: &[&str], time: Option<Duration>) -> Result<(), String> {
    let shown = format!("{program} {}", arguments.join(" "));
    eprintln!("set-up: {shown}");
    let handle =
        duct::cmd(program, arguments).stdin_null().stdout_to_stderr().unchecked().start().map_err(|error| format!("{shown}: {error}"))?;
    let output = match time {
        None => Some(handle.wait().map_err(|error| format!("{shown}: {error}"))?.status),
        Some(time) => handle.wait_timeout(time).map_err(|error| format!("{shown}: {error}"))?.map(|output| output.status),
    };
    match output {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("`{shown}` ended with {status}")),
        None => {
            let _ = handle.kill();
            Err(format!("`{shown}` took longer than {} s", time.unwrap_or_default().as_secs()))
        }
    }
}
