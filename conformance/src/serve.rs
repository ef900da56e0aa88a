//! Machines behind the child-process protocol: the side that answers.
//!
//! What comes in is judged line by line. A malformed line is answered with an error and changes nothing; a machine that panics is
//! answered for with an error and has to be reset.

mod served;

pub use served::{Heard, Served, served};

use crate::drivers::process::protocol::{
    Hello, Id, LINE_BYTES_MAX, PROTOCOL, Request, ResetReply, ResetRequest, bounded, excerpt, parse_request, write_answer,
};
use model::Modelled;
use serde::de::IgnoredAny;
use spec::Contract;
use std::io::{self, BufRead, Write};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use sut::Implemented;

/// How much output is gathered before it is written, in bytes.
const BUFFER_BYTES: usize = 256 << 10;

/// Machines that can be served: a name, and a fresh machine of each contract.
pub trait Machines {
    /// The name, for reports.
    const NAME: &'static str;

    /// A fresh machine of the contract of that name.
    fn open(contract: &str) -> Option<Box<dyn Served>>;
}

/// The implementation.
pub struct Implementation;

/// The reference models.
pub struct Models;

macro_rules! machines {
    ($($module:ident => $contract:ty,)*) => {
        impl Machines for Implementation {
            const NAME: &'static str = concat!("implementation ", env!("CARGO_PKG_VERSION"));

            fn open(contract: &str) -> Option<Box<dyn Served>> {
                match contract {
                    $(<$contract as Contract>::NAME => Some(served(<$contract as Implemented>::machine())),)*
                    _ => None,
                }
            }
        }

        impl Machines for Models {
            const NAME: &'static str = concat!("model ", env!("CARGO_PKG_VERSION"));

            fn open(contract: &str) -> Option<Box<dyn Served>> {
                match contract {
                    $(<$contract as Contract>::NAME => Some(served(<$contract as Modelled>::model())),)*
                    _ => None,
                }
            }
        }

        fn hello(name: &str) -> Hello {
            let parts = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
            let contracts = [$((<$contract as Contract>::NAME.to_owned(), parts(<$contract as Contract>::PARTS)),)*];
            Hello { protocol: PROTOCOL, name: name.to_owned(), contracts: contracts.into() }
        }
    };
}
spec::for_each_contract!(machines);

/// Serves the implementation until the input ends.
///
/// # Errors
/// What reading or writing says.
pub fn serve(input: impl BufRead, output: impl Write) -> io::Result<()> {
    serve_machines::<Implementation>(input, output)
}

/// Serves the reference models until the input ends.
///
/// # Errors
/// What reading or writing says.
pub fn serve_model(input: impl BufRead, output: impl Write) -> io::Result<()> {
    serve_machines::<Models>(input, output)
}

/// Serves machines until the input ends.
///
/// # Errors
/// What reading or writing says.
pub fn serve_machines<M: Machines>(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut server = Server::<M>::default();
    let mut line = Vec::new();
    let mut answers = Vec::with_capacity(BUFFER_BYTES);
    loop {
        let piece = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            piece => piece?,
        };
        let taken = piece.len();
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            if line.is_empty() {
                server.handle_line(&rest[..end], &mut answers);
            } else {
                keep(&mut line, &rest[..end]);
                server.handle_line(&line, &mut answers);
                line = Vec::new();
            }
            rest = &rest[end + 1..];
            if answers.len() >= BUFFER_BYTES {
                output.write_all(&answers)?;
                answers.clear();
                answers.shrink_to(BUFFER_BYTES);
            }
        }
        keep(&mut line, rest);
        input.consume(taken);
        if taken == 0 && !line.is_empty() {
            server.handle_line(&line, &mut answers);
        }
        // Whoever asked several questions at once gets the answers at once.
        output.write_all(&answers)?;
        output.flush()?;
        answers.clear();
        if taken == 0 {
            return Ok(());
        }
    }
}

/// Keeps the beginning of a line: one byte more than the longest is enough to know that it is too long.
fn keep(line: &mut Vec<u8>, piece: &[u8]) {
    let room = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
    line.extend_from_slice(&piece[..piece.len().min(room)]);
}

/// Answers one line as the implementation would right after its start: an entry for fuzzing.
pub fn handle_line(line: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    Server::<Implementation>::default().handle_line(line, &mut answer);
    answer
}

/// Answers lines, one after the other.
pub struct Server<M> {
    /// The machine of the last reset.
    machine: Option<Box<dyn Served>>,
    /// Whether that reset was accepted.
    ready: bool,
    machines: PhantomData<M>,
}

impl<M> Default for Server<M> {
    fn default() -> Self {
        Self { machine: None, ready: false, machines: PhantomData }
    }
}

impl<M: Machines> Server<M> {
    /// Answers one line, without its newline: appends one line, with its newline. A blank line is no question.
    pub fn handle_line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        if line.trim_ascii().is_empty() {
            return;
        }
        if line.len() > LINE_BYTES_MAX {
            return write_answer(None, "error", &format!("a line of more than {LINE_BYTES_MAX} bytes"), out);
        }
        let start = out.len();
        let heard = caught(|| match self.machine.as_mut().filter(|_| self.ready) {
            Some(machine) => machine.hear(line, out),
            None => Heard::unless_run(parse_request::<IgnoredAny>(line), |id, _| {
                Heard::Fault(Some(id), "a run without an accepted reset".to_owned())
            }),
        });
        match heard {
            Ok(Heard::Answered) => {}
            Ok(Heard::Hello) => write_answer(None, "hello", &hello(M::NAME), out),
            Ok(Heard::Reset(id, request)) => self.reset(id, &request, out),
            Ok(Heard::Fault(id, text)) => write_answer(id, "error", &bounded(&text), out),
            Err(text) => {
                // Nobody knows what state it is in.
                (self.machine, self.ready) = (None, false);
                out.truncate(start);
                let id = match parse_request::<IgnoredAny>(line) {
                    Ok(Request::Reset(id, _) | Request::Run(id, _)) => Some(id),
                    _ => None,
                };
                write_answer(id, "error", &text, out);
            }
        }
    }

    fn reset(&mut self, id: Id, request: &ResetRequest<'_>, out: &mut Vec<u8>) {
        let contract = request.contract.as_str();
        self.ready = false;
        // The machine of the same contract is used again, because making one may cost more than resetting it.
        let same = self.machine.take().filter(|machine| machine.contract() == contract);
        let opened = match same {
            Some(machine) => Ok(Some(machine)),
            None => caught(|| M::open(contract)),
        };
        let reset = match opened {
            Ok(Some(machine)) => caught(|| {
                let mut machine = machine;
                let reset = machine.reset(request.config);
                (machine, reset)
            }),
            Ok(None) => {
                let why = format!("no contract `{}` here", excerpt(contract.as_bytes(), 0));
                return write_answer(Some(id), "reset", &ResetReply::Unsupported(why), out);
            }
            Err(text) => Err(text),
        };
        match reset {
            Ok((machine, reset)) => {
                self.machine = Some(machine);
                self.ready = matches!(reset, Ok(Ok(())));
                match reset {
                    Ok(Ok(())) => write_answer(Some(id), "reset", &ResetReply::Ok, out),
                    Ok(Err(code)) => write_answer(Some(id), "reset", &ResetReply::Rejected(code), out),
                    Err(text) => write_answer(Some(id), "error", &text, out),
                }
            }
            Err(text) => write_answer(Some(id), "error", &text, out),
        }
    }
}

/// What `work` gives, or how it panicked. A machine that panics is a verdict for whoever asked, not the end of the process.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("the machine panicked: {}", bounded(said.unwrap_or("without a text")))
    })
}
