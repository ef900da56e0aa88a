//! Builds the guest's image.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The guest's target.
pub const TARGET: &str = "riscv64gc-unknown-none-elf";

/// Why there is no image.
#[derive(Debug)]
pub enum Error {
    /// This is not the root of the repository.
    NotTheRoot(PathBuf),
    /// No toolchain for the target is installed; says what to type.
    NoToolchain,
    /// Cargo can't be started.
    Cargo(io::Error),
    /// Cargo failed; its own message stands on the terminal.
    Failed(String),
    /// Cargo says that it built the image, but it is not where it should be.
    NoImage(PathBuf),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTheRoot(root) => {
                write!(f, "{} is not the root of the repository: it has no implementation/guest/Cargo.toml", root.display())
            }
            Self::NoToolchain => write!(
                f,
                "no Rust toolchain for {TARGET}: type `rustup target add {TARGET}`, or on Debian and Ubuntu `apt-get install rustc-web cargo-web rust-web-src lld`"
            ),
            Self::Cargo(error) => write!(f, "cargo can't be started: {error}"),
            Self::Failed(what) => write!(f, "the guest can't be built: {what}"),
            Self::NoImage(path) => write!(f, "cargo built no {}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Which toolchain builds the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// Rustup's, with the target installed.
    Rustup,
    /// Debian's, which builds `core` and `alloc` from source.
    Debian,
}

/// Settings of a host build that would break or change a build for another machine, such as instrumentation for coverage.
const HOST_ONLY: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_TARGET_DIR",
    "CARGO_INCREMENTAL",
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_BOOTSTRAP",
    "__CARGO_LLVM_COV_RUSTC_WRAPPER",
];

/// Where [`build_guest`] puts the image.
pub fn image_path(root: &Path) -> PathBuf {
    root.join("target/guest").join(TARGET).join("guest/guest")
}

/// The toolchain that is there, rustup's first.
pub fn toolchain() -> Option<Toolchain> {
    let listed = Command::new("rustup").args(["target", "list", "--installed"]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    if listed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).lines().any(|line| line.trim() == TARGET)) {
        return Some(Toolchain::Rustup);
    }
    let debian = ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/ld.lld"];
    debian.iter().all(|file| Path::new(file).is_file()).then_some(Toolchain::Debian)
}

/// Builds the image with whichever toolchain is there, in its own folder below `<root>/target`, and gives its path. Where it is up to
/// date that takes a fraction of a second.
///
/// # Errors
/// No toolchain, or what keeps cargo from building it.
pub fn build_guest(root: &Path) -> Result<PathBuf, Error> {
    build_guest_with(root, toolchain().ok_or(Error::NoToolchain)?)
}

/// Builds the image with that toolchain.
///
/// # Errors
/// What keeps cargo from building it.
pub fn build_guest_with(root: &Path, toolchain: Toolchain) -> Result<PathBuf, Error> {
    if !root.join("implementation/guest/Cargo.toml").is_file() {
        return Err(Error::NotTheRoot(root.to_owned()));
    }
    let image = image_path(root);
    let mut cargo = command(root, toolchain);
    // A first build takes a while and shows how far it is; later ones only speak up where something is wrong.
    if image.is_file() {
        cargo.arg("--quiet");
    }
    let status = cargo.stdin(Stdio::null()).stdout(Stdio::null()).status().map_err(Error::Cargo)?;
    if !status.success() {
        return Err(Error::Failed(format!("cargo ended with {status}; its message is above")));
    }
    if image.is_file() { Ok(image) } else { Err(Error::NoImage(image)) }
}

fn command(root: &Path, toolchain: Toolchain) -> Command {
    let mut cargo = Command::new(match toolchain {
        Toolchain::Rustup => "cargo",
        Toolchain::Debian => "/usr/bin/cargo",
    });
    for name in HOST_ONLY {
        cargo.env_remove(name);
    }
    cargo.current_dir(root).args(["build", "--profile", "guest", "-p", "guest", "--bin", "guest", "--target", TARGET]);
    cargo.arg("--target-dir").arg(root.join("target/guest"));
    if toolchain == Toolchain::Debian {
        // Debian ships the sources of `core` and `alloc` instead of builds for this target.
        cargo.arg("-Zbuild-std=core,alloc");
        cargo.env("PATH", "/usr/bin:/bin").env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_RISCV64GC_UNKNOWN_NONE_ELF_LINKER", "/usr/bin/ld.lld");
        cargo.env("CARGO_TARGET_RISCV64GC_UNKNOWN_NONE_ELF_RUSTFLAGS", "-Clinker-flavor=ld.lld");
    }
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_reject_another_folder() {
        let folder = tempfile::tempdir().unwrap();
        let error = build_guest_with(folder.path(), Toolchain::Rustup).unwrap_err();
        assert!(matches!(error, Error::NotTheRoot(_)), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_host_s_settings_stay_with_the_host() {
        let command = command(Path::new("/repository"), Toolchain::Rustup);
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name.to_owned()).collect();
        assert!(HOST_ONLY.iter().all(|name| removed.iter().any(|removed| removed == name)));
    }

    #[test]
    fn what_is_missing_is_named() {
        let text = Error::NoToolchain.to_string();
        assert!(text.contains("rustup target add riscv64gc-unknown-none-elf") && text.contains("rust-web-src"));
    }
}
