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
    /// The number of the request that was sent ahead and whose answer nobody has taken yet.
    ahead: Option<u64>,
    /// Requests sent ahead so far.
    sent_ahead: u64,
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
        let mut shared = Shared { image: image.to_owned(), answer_time, running: None, ahead: None, sent_ahead: 0 };
        shared.running()?;
        Ok(Self { shared: Arc::new(Mutex::new(shared)) })
    }

    /// A machine of that contract on this guest.
    pub fn machine<C: Suite>(&self) -> Box<dyn Machine<C>> {
        Box::new(Remote::<C> { guest: self.clone(), config: C::Config::default(), asked: Vec::new(), ahead: None })
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

    /// Sends a request and takes its answer. What was sent ahead and not taken is dropped.
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        if let Some(ticket) = self.ahead {
            self.take_ahead(ticket);
        }
        let time = self.answer_time;
        let answer = self.running()?.exchange(request, time);
        self.unless_failed(answer)
    }

    /// Sends a request for [`take_ahead`](Self::take_ahead); gives its ticket. One at a time can be under way, and a guest that
    /// fails here fails again when it is asked in earnest.
    fn send_ahead(&mut self, request: &[u8]) -> Option<u64> {
        if self.ahead.is_some() {
            return None;
        }
        let sent = self.running().and_then(|guest| guest.ask(request));
        self.unless_failed(sent).ok()?;
        self.sent_ahead += 1;
        self.ahead = Some(self.sent_ahead);
        self.ahead
    }

    /// The answer to what was sent ahead under that ticket; `None` where another machine has dropped it since.
    fn take_ahead(&mut self, ticket: u64) -> Option<Result<Vec<u8>, Failure>> {
        self.ahead.take_if(|ahead| *ahead == ticket)?;
        let time = self.answer_time;
        let answer = self.running.as_mut()?.answer(time);
        Some(self.unless_failed(answer))
    }

    /// A guest that hangs, crashes or floods costs one verdict and a boot, never the run.
    fn unless_failed<T>(&mut self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        if outcome.is_err() {
            self.running = None;
            self.ahead = None;
        }
        outcome
    }
}

/// The contract's place in the list that host and guest share.
fn index<C: Contract>() -> u8 {
    spec::CONTRACTS.iter().position(|name| *name == C::NAME).and_then(|place| u8::try_from(place).ok()).unwrap_or(mailbox::STOP - 1)
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
    /// The ticket of the cases that were sent ahead.
    ahead: Option<u64>,
}

impl<C: Contract> Remote<C> {
    fn ask(&self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        let request = encode(&cases, vec![index::<C>()])?;
        if request.len() as u64 > mailbox::REQUEST_BYTES {
            return self.halves(cases, "the request is larger than the mailbox");
        }
        let response = self.guest.lock().exchange(&request)?;
        self.traces(cases, &response)
    }

    /// The traces in a response to these cases.
    fn traces(&self, cases: &[Case<C>], response: &[u8]) -> Result<Vec<Trace<C>>, Failure> {
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

    /// What is asked next goes on after this case.
    fn follows(&mut self, case: &Case<C>) {
        self.config = case.config.clone();
        self.asked.clear();
        self.asked.extend_from_slice(&case.ops);
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
        self.follows(case);
        let mut traces = self.ask(std::slice::from_ref(case))?;
        traces.pop().ok_or_else(|| Failure::new(FailureKind::Garbage, "no trace"))
    }

    fn ahead(&mut self, cases: &[Case<C>]) {
        self.ahead = None;
        // What can't be sent ahead is asked in earnest, and fails there if it must.
        let Ok(request) = encode(&cases, vec![index::<C>()]) else { return };
        if !cases.is_empty() && request.len() as u64 <= mailbox::REQUEST_BYTES {
            self.ahead = self.guest.lock().send_ahead(&request);
        }
    }

    fn run_cases(&mut self, cases: &[Case<C>]) -> Result<Vec<Trace<C>>, Failure> {
        let Some(last) = cases.last() else { return Ok(Vec::new()) };
        self.follows(last);
        let ahead = self.ahead.take().and_then(|ticket| self.guest.lock().take_ahead(ticket));
        match ahead {
            Some(response) => self.traces(cases, &response?),
            None => self.ask(cases),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drivers::Driver;
    use crate::engines::property::nth_case;
    use spec::level::Level;
    use spec::ring::Ring;

    #[test]
    fn what_is_sent_ahead_is_answered_once_and_to_its_sender() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        if crate::setup::missing_for_qemu().is_some() {
            eprintln!("not run: QEMU is missing");
            return;
        }
        let guest = Guest::start(&image(&root).expect("an image"), Duration::from_secs(20)).expect("a guest");
        let (mut ring, mut level) = (guest.machine::<Ring>(), guest.machine::<Level>());
        let cases: Vec<Case<Ring>> = (0..40).map(|index| nth_case(7, index, 12)).collect();
        let others: Vec<Case<Level>> = (0..40).map(|index| nth_case(7, index, 12)).collect();
        let expected = Driver::Model.machine::<Ring>().expect("a model").run_cases(&cases).expect("traces");
        let expected_others = Driver::Model.machine::<Level>().expect("a model").run_cases(&others).expect("traces");
        ring.ahead(&cases);
        assert_eq!(ring.run_cases(&cases), Ok(expected.clone()), "the answer to what was sent ahead");
        assert_eq!(ring.run_cases(&cases), Ok(expected.clone()), "nothing is under way any more");
        ring.ahead(&cases);
        assert_eq!(level.run_cases(&others), Ok(expected_others.clone()), "the guest's other machines are not disturbed");
        assert_eq!(ring.run_cases(&cases), Ok(expected.clone()), "and what they dropped is asked again");
        ring.ahead(&cases);
        level.ahead(&others);
        assert_eq!(level.run_cases(&others), Ok(expected_others), "one at a time is under way");
        assert_eq!(ring.run_cases(&cases), Ok(expected), "the first was dropped");
    }
}
