//! One machine behind the protocol, whatever its contract.

use crate::drivers::process::protocol::{Id, Malformed, Request, ResetRequest, bounded, parse_request, write_answer};
use serde_json::value::RawValue;
use spec::{Contract, ErrorCode, Machine};

/// A machine whose contract is known to itself alone.
pub trait Served {
    /// The name of its contract.
    fn contract(&self) -> &'static str;

    /// Resets it with a configuration as the contract writes it.
    ///
    /// # Errors
    /// A configuration of another shape, or the machine's own failure; bounded.
    fn reset(&mut self, config: &RawValue) -> Result<Result<(), ErrorCode>, String>;

    /// Reads a line; where it is a run, answers it by appending a line to `out`.
    fn hear<'a>(&mut self, line: &'a [u8], out: &mut Vec<u8>) -> Heard<'a>;
}

/// What a line was.
pub enum Heard<'a> {
    /// A run, answered.
    Answered,
    /// A hello.
    Hello,
    /// A reset.
    Reset(Id, ResetRequest<'a>),
    /// A question that can't be answered, and why.
    Fault(Option<Id>, String),
}

impl<'a> Heard<'a> {
    /// What a request was, where it is not to be run.
    pub fn unless_run<O>(request: Result<Request<'a, O>, (Option<Id>, Malformed)>, run: impl FnOnce(Id, Vec<O>) -> Self) -> Self {
        match request {
            Ok(Request::Hello(_)) => Self::Hello,
            Ok(Request::Reset(id, request)) => Self::Reset(id, request),
            Ok(Request::Run(id, ops)) => run(id, ops),
            Err((id, malformed)) => Self::Fault(id, malformed.to_string()),
        }
    }
}

/// Serves a machine.
pub fn served<C: Contract>(machine: Box<dyn Machine<C>>) -> Box<dyn Served> {
    Box::new(Host(machine))
}

struct Host<C: Contract>(Box<dyn Machine<C>>);

impl<C: Contract> Served for Host<C> {
    fn contract(&self) -> &'static str {
        C::NAME
    }

    fn reset(&mut self, config: &RawValue) -> Result<Result<(), ErrorCode>, String> {
        let config: C::Config = serde_json::from_slice(config.get().as_bytes())
            .map_err(|error| format!("`config` does not fit the contract `{}`: {}", C::NAME, bounded(&error.to_string())))?;
        self.0.reset(&config).map_err(|failure| bounded(&failure.to_string()).to_owned())
    }

    fn hear<'a>(&mut self, line: &'a [u8], out: &mut Vec<u8>) -> Heard<'a> {
        Heard::unless_run(parse_request::<C::Op>(line), |id, ops| match self.0.run(&ops) {
            Ok(obs) => {
                write_answer(Some(id), "run", &obs, out);
                Heard::Answered
            }
            Err(failure) => Heard::Fault(Some(id), failure.to_string()),
        })
    }
}
