//! The machine's device tree: compiled from `pkg://dts/virt-nexus.dts` by `dtc` in each run, and proven right before a guest reads it.

mod check;
mod nodes;
mod references;

pub use check::{Problem, check};
use spec_files::embedded;
use std::fmt;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

/// The device tree that a guest is booted with.
#[derive(Clone, Debug, Default)]
pub enum Choice {
    /// The machine's, compiled once in each run of a program.
    #[default]
    Compiled,
    /// QEMU's own, which knows nothing of the audio path.
    Qemu,
    /// This blob.
    Blob(Arc<[u8]>),
}

impl Choice {
    /// The blob; nothing for QEMU's own.
    ///
    /// # Errors
    /// What is wrong, as text: the compiler is missing, or the tree is not right.
    pub fn blob(&self) -> Result<Option<Arc<[u8]>>, String> {
        static COMPILED: OnceLock<Result<Arc<[u8]>, String>> = OnceLock::new();
        match self {
            Self::Compiled => COMPILED.get_or_init(|| compiled().map(Arc::from).map_err(|error| error.to_string())).clone().map(Some),
            Self::Qemu => Ok(None),
            Self::Blob(blob) => Ok(Some(Arc::clone(blob))),
        }
    }
}

/// The compiler that is looked for on the path.
pub const COMPILER: &str = "dtc";
/// Name of the source.
pub const NAME: &str = embedded::DEVICE_TREE.0;
/// The source.
pub const SOURCE: &str = embedded::DEVICE_TREE.1;
/// Bytes of the compiler's message that are shown.
const MESSAGE_BYTES_MAX: usize = 2000;

/// Why there is no device tree to give to a guest.
#[derive(Debug)]
pub enum Error {
    /// The compiler is not there or can't be started.
    NoCompiler(io::Error),
    /// The compiler rejects or warns of the source: its message.
    Compiler(String),
    /// The source compiles, but is not right: everything that is wrong with it.
    Wrong(Vec<Problem>),
    /// The blob is not what the source gives.
    Stale,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCompiler(error) => {
                write!(f, "{COMPILER} can't be started: {error}; Debian and Ubuntu have it in device-tree-compiler")
            }
            Self::Compiler(message) => write!(f, "{NAME} does not compile:\n{message}"),
            Self::Wrong(problems) => {
                write!(f, "{NAME} is not right:")?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
            Self::Stale => write!(f, "the blob is not what {NAME} compiles to: compile it again, or give none and let each run compile it"),
        }
    }
}

impl std::error::Error for Error {}

/// Compiles a source. The compiler's warnings are faults, as a tree that it warns of hides what is wrong with it.
///
/// # Errors
/// [`Error::NoCompiler`] and [`Error::Compiler`].
pub fn compile(source: &str) -> Result<Vec<u8>, Error> {
    let mut child = Command::new(COMPILER)
        .args(["-I", "dts", "-O", "dtb", "-o", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::NoCompiler)?;
    let input = child.stdin.take();
    // The source is written beside the reading, so that neither side waits for the other's full pipe.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(source.as_bytes())));
        child.wait_with_output()
    })
    .map_err(Error::NoCompiler)?;
    if output.status.success() && output.stderr.is_empty() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let message: String = message.trim().chars().take(MESSAGE_BYTES_MAX).collect();
    Err(Error::Compiler(if message.is_empty() { format!("{COMPILER} ended with {}", output.status) } else { message }))
}

/// The machine's device tree, compiled now and checked.
///
/// # Errors
/// What keeps it from being compiled, or what is wrong with it.
pub fn compiled() -> Result<Vec<u8>, Error> {
    let blob = compile(SOURCE)?;
    check(&blob).map_err(Error::Wrong)?;
    Ok(blob)
}

/// Checks a blob that somebody else compiled: it is right, and what the source gives today.
///
/// # Errors
/// What is wrong with it.
pub fn verify(blob: &[u8]) -> Result<(), Error> {
    check(blob).map_err(Error::Wrong)?;
    if compile(SOURCE)? == blob { Ok(()) } else { Err(Error::Stale) }
}

#[cfg(test)]
#[path = "device_tree/tests.rs"]
mod tests;
