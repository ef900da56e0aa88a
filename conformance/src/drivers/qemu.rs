//! A guest on QEMU as a machine: whole cases travel through shared memory.

use crate::suite::Suite;
use qemu_runner::boot;
use serde::{Serialize, de::DeserializeOwned};
use spec::{Case, Contract, ErrorCode, Failure, FailureKind, Machine, Trace, mailbox};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A booted guest, shared by the machines of all contracts and booted again after it failed.
#[derive(Clone)]
pub struct Guest {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    image: PathBuf,
    answer_time: Duration,
    running: Option<boot::Guest>,
}

/// The image of this repository, which `conform setup` builds.
///
/// # Errors
/// What is missing.
pub fn image(root: &Path) -> Result<PathBuf, Failure> {
    qemu_runner::build::build_guest(root).map_err(|error| Failure::new(FailureKind::NotStarted, error.to_string()))
}

impl Guest {
    /// Boots an image.
    ///
    /// # Errors
    /// What keeps it from being ready.
    pub fn start(image: &Path, answer_time: Duration) -> Result<Self, Failure> {
        let mut shared = Shared { image: image.to_owned(), answer_time, running: None };
        shared.running()?;
        Ok(Self { shared: Arc::new(Mutex::new(shared)) })
    }

    /// A machine of that contract on this guest.
    pub fn machine<C: Suite>(&self) -> Box<dyn Machine<C>> {
        Box::new(Remote::<C> { guest: self.clone(), config: C::Config::default(), asked: Vec::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // A panic elsewhere leaves at worst a guest that fails its next exchange and is booted again.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn running(&mut self) -> Result<&mut boot::Guest, Failure> {
        match &mut self.running {
            Some(guest) => Ok(guest),
            empty => Ok(empty.insert(boot::Guest::boot_server(&self.image)?)),
        }
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        let time = self.answer_time;
        let answer = self.running()?.exchange(request, time);
        if answer.is_err() {
            // A guest that hangs, crashes or floods costs one verdict and a boot, never the run.
            self.running = None;
        }
        answer
    }
}

/// The contract's place in the list that host and guest share.
fn index<C: Contract>() -> u8 {
    let mut names: Vec<&str> = Vec::new();
    macro_rules! names {
        ($($module:ident => $contract:ty,)*) => { $(names.push(<$contract as Contract>::NAME);)* };
    }
    spec::for_each_contract!(names);
    names.iter().position(|name| *name == C::NAME).and_then(|place| u8::try_from(place).ok()).unwrap_or(mailbox::STOP - 1)
}

fn encode(value: &impl Serialize, into: Vec<u8>) -> Result<Vec<u8>, Failure> {
    postcard::to_extend(value, into).map_err(|error| Failure::new(FailureKind::Garbage, format!("the request can't be written: {error}")))
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    postcard::from_bytes(bytes)
        .map_err(|error| Failure::new(FailureKind::Garbage, format!("the response of {} bytes can't be read: {error}", bytes.len())))
}

struct Remote<C: Contract> {
    guest: Guest,
    config: C::Config,
    /// What was asked since the reset: the guest answers whole cases, so a single step repeats what came before it.
    asked: Vec<C::Op>,
}

impl<C: Contract> Remote<C> {
    fn ask(&self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        let request = encode(&cases, vec![index::<C>()])?;
        if request.len() as u64 > mailbox::REQUEST_BYTES {
            return self.halves(cases, "the request is larger than the mailbox");
        }
        let response = self.guest.lock().exchange(&request)?;
        let traces: Vec<Trace<C>> = match response.split_first() {
            Some((&mailbox::STATUS_OK, traces)) => decode(traces)?,
            Some((&mailbox::STATUS_TOO_LARGE, _)) => return self.halves(cases, "the response is larger than the mailbox"),
            Some((&mailbox::STATUS_UNKNOWN_CONTRACT, _)) => {
                return Err(Failure::new(FailureKind::Unsupported, format!("the guest has no contract `{}`", C::NAME)));
            }
            Some((&mailbox::STATUS_MALFORMED, _)) => {
                return Err(Failure::new(
                    FailureKind::Faulted,
                    "the guest can't read the request: image and conform are of different versions",
                ));
            }
            other => return Err(Failure::new(FailureKind::Garbage, format!("unknown status {:?}", other.map(|(status, _)| *status)))),
        };
        if traces.len() != cases.len() {
            return Err(Failure::new(FailureKind::Garbage, format!("{} traces for {} cases", traces.len(), cases.len())));
        }
        for (case, trace) in cases.iter().zip(&traces) {
            let expected = if trace.rejected.is_some() { 0 } else { case.ops.len() };
            if trace.obs.len() != expected {
                return Err(Failure::new(FailureKind::Garbage, format!("{} observations for {expected} operations", trace.obs.len())));
            }
        }
        Ok(traces)
    }

    fn halves(&self, cases: &[Case<C>], why: &str) -> Result<Vec<Trace<C>>, Failure> {
        if cases.len() < 2 {
            return Err(Failure::new(FailureKind::Unsupported, format!("{why}: ask less at a time")));
        }
        let (first, second) = cases.split_at(cases.len() / 2);
        let mut traces = self.ask(first)?;
        traces.extend(self.ask(second)?);
        Ok(traces)
    }
}

impl<C: Contract> Machine<C> for Remote<C> {
    fn reset(&mut self, config: &C::Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.config = config.clone();
        self.asked.clear();
        let case = Case { config: config.clone(), ops: Vec::new() };
        let traces = self.ask(std::slice::from_ref(&case))?;
        Ok(traces.first().and_then(|trace| trace.rejected).map_or(Ok(()), Err))
    }

    fn step(&mut self, op: &C::Op) -> Result<C::Obs, Failure> {
        let mut obs = self.run(std::slice::from_ref(op))?;
        obs.pop().ok_or_else(|| Failure::new(FailureKind::Garbage, "no observation"))
    }

    fn run(&mut self, ops: &[C::Op]) -> Result<Vec<C::Obs>, Failure> {
        let before = self.asked.len();
        self.asked.extend_from_slice(ops);
        let case = Case { config: self.config.clone(), ops: self.asked.clone() };
        let mut traces = self.ask(std::slice::from_ref(&case))?;
        let trace = traces.pop().ok_or_else(|| Failure::new(FailureKind::Garbage, "no trace"))?;
        Ok(trace.obs.into_iter().skip(before).collect())
    }

    fn run_case(&mut self, case: &Case<C>) -> Result<Trace<C>, Failure> {
        let mut traces = self.ask(std::slice::from_ref(case))?;
        traces.pop().ok_or_else(|| Failure::new(FailureKind::Garbage, "no trace"))
    }

    fn run_cases(&mut self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        if cases.is_empty() { Ok(Vec::new()) } else { self.ask(cases) }
    }
}
