//! A child process in any language as a machine, over the JSON Lines protocol of `PROTOCOL.md`.
//!
//! A child that hangs, dies, answers garbage, floods or answers too early costs a verdict ([`Failure`]) and a restart at the next
//! reset, never the run.

mod child;
mod link;
mod machine;
mod pipes;
pub mod protocol;

use link::{Link, Talk};
use protocol::{Hello, LINE_BYTES_MAX};
use spec::{Contract, Failure, FailureKind, Machine};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How a child is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long each answer may take, from its question or the answer before it, whichever is later.
    pub timeout: Duration,
    /// Longest answer, in bytes without its newline; at most [`LINE_BYTES_MAX`].
    pub line_bytes_max: usize,
}

impl Default for Options {
    /// 10 seconds and [`LINE_BYTES_MAX`].
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), line_bytes_max: LINE_BYTES_MAX }
    }
}

/// A child process, shared by the machines of all contracts. It is one machine at a time: the one that was reset last.
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    command: String,
    options: Options,
    link: Option<Link>,
    /// Counts resets and failures, so that a machine knows whether the child is still its own.
    session: u64,
}

impl Connection {
    /// Runs `sh -c command` in a process group of its own, and hears what it says of itself; each answer may take `timeout`.
    ///
    /// # Errors
    /// The child's failure; another version of the protocol is [`FailureKind::NotStarted`].
    pub fn start(command: &str, timeout: Duration) -> Result<Self, Failure> {
        let connection = Self::new(command, Options { timeout, ..Options::default() });
        connection.hello()?;
        Ok(connection)
    }

    /// A child that is started when it is needed first.
    pub fn new(command: &str, options: Options) -> Self {
        Self { shared: Arc::new(Mutex::new(Shared { command: command.to_owned(), options, link: None, session: 0 })) }
    }

    /// What the child says of itself. Starts it where it is not running.
    ///
    /// # Errors
    /// The child's failure.
    pub fn hello(&self) -> Result<Hello, Failure> {
        Ok(self.lock().link()?.hello.clone())
    }

    /// A machine of that contract. Whether the child has the contract and the parts that a configuration needs shows at the
    /// reset, as [`FailureKind::Unsupported`].
    pub fn machine<C: Contract>(&self) -> Box<dyn Machine<C>> {
        Box::new(machine::Remote::<C>::new(self.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // A panic elsewhere leaves at worst an unfinished exchange, which the next one reports and mends.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The running child, started where there is none.
    fn link(&mut self) -> Result<&mut Link, Failure> {
        match &mut self.link {
            Some(link) => Ok(link),
            empty => Ok(empty.insert(Link::start(&self.command, &self.options)?)),
        }
    }

    /// Asks the running child. After a failure it has to be reset, and where it is out of step it is ended.
    fn exchange(&mut self, talk: &mut dyn Talk) -> Result<(), Failure> {
        let Some(link) = &mut self.link else {
            return Err(Failure::new(FailureKind::Died, "it is not running"));
        };
        let result = link.exchange(talk);
        if let Err(failure) = &result {
            self.session += 1;
            let sane = matches!(failure.kind, FailureKind::Faulted | FailureKind::Unsupported);
            if !(sane && link.is_settled()) {
                self.link = None;
            }
        }
        result
    }

    /// Begins a session: the child is another machine from here on.
    fn next_session(&mut self) -> u64 {
        self.session += 1;
        self.session
    }
}
