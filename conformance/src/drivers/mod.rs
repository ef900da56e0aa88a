//! How machines are reached.

pub mod process;
pub mod qemu;

use crate::evidence::DriverName;
use crate::suite::Suite;
use model::Modelled;
use spec::{Failure, Machine};
use std::path::Path;
use std::time::Duration;
use sut::Implemented;

/// A way to reach machines of every contract.
pub enum Driver {
    /// The reference models.
    Model,
    /// The implementation, linked in: typed operations, nothing serialised.
    InProcess,
    /// The same, without the processor's vector instructions.
    Portable,
    /// A child process.
    Process(process::Connection),
    /// A guest on QEMU.
    Qemu(qemu::Guest),
}

impl Driver {
    /// A machine of that contract.
    ///
    /// # Errors
    /// The machine's own failure, such as a contract that it lacks.
    pub fn machine<C: Suite>(&self) -> Result<Box<dyn Machine<C>>, Failure> {
        match self {
            Self::Model => Ok(<C as Modelled>::model()),
            Self::InProcess => Ok(<C as Implemented>::machine()),
            Self::Portable => Ok(<C as Implemented>::portable()),
            Self::Process(connection) => Ok(connection.machine::<C>()),
            Self::Qemu(guest) => Ok(guest.machine::<C>()),
        }
    }

    /// Opens a machine by its description on the command line: `model`, `in-process`, `portable`, `process:CMD`, `qemu` or `qemu:IMAGE`.
    ///
    /// # Errors
    /// A description that says nothing, or what keeps the machine from starting.
    pub fn open(description: &str, root: &Path) -> Result<Self, Failure> {
        let (kind, rest) = description.split_once(':').map_or((description, None), |(kind, rest)| (kind, Some(rest)));
        match (kind, rest) {
            ("model", None) => Ok(Self::Model),
            ("in-process", None) => Ok(Self::InProcess),
            ("portable", None) => Ok(Self::Portable),
            ("process", Some(command)) if !command.trim().is_empty() => {
                Ok(Self::Process(process::Connection::start(command, ANSWER_TIME)?))
            }
            ("process", None) => Ok(Self::Process(process::Connection::start(&own_command(), ANSWER_TIME)?)),
            ("qemu", None) => Ok(Self::Qemu(qemu::Guest::start(&qemu::image(root)?, ANSWER_TIME)?)),
            ("qemu", Some(image)) => Ok(Self::Qemu(qemu::Guest::start(Path::new(image), ANSWER_TIME)?)),
            _ => Err(Failure::new(
                spec::FailureKind::NotStarted,
                format!("`{description}` names no machine: use model, in-process, portable, process, process:COMMAND, qemu or qemu:IMAGE"),
            )),
        }
    }
}

/// How long a machine may think about one exchange.
pub const ANSWER_TIME: Duration = Duration::from_secs(20);

/// The command that serves the implementation over the child-process protocol: this program itself.
pub fn own_command() -> String {
    let program = std::env::current_exe().map_or_else(|_| "conform".to_owned(), |path| path.display().to_string());
    format!("exec '{}' serve", program.replace('\'', "'\\''"))
}

/// The description of a driver's default subject.
pub fn default_description(name: DriverName) -> &'static str {
    match name {
        DriverName::InProcess => "in-process",
        DriverName::Process => "process",
        DriverName::Qemu => "qemu",
    }
}
