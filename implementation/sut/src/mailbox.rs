//! Answers the byte protocol of [`spec::mailbox`].
//!
//! A request is decoded, asked and answered one operation at a time: what is in memory is one operation and its observation, and
//! hostile lengths reserve nothing.

use crate::Implemented;
use alloc::vec::Vec;
use postcard::ser_flavors::Flavor;
use serde::{Serialize, de::DeserializeOwned};
use spec::mailbox::{RESPONSE_BYTES, STATUS_MALFORMED, STATUS_OK, STATUS_TOO_LARGE, STATUS_UNKNOWN_CONTRACT};
use spec::{Case, Contract, ErrorCode, Failure, FailureKind, Machine};

/// Answers a request, replacing what is in `response`: a status byte and, where it is [`STATUS_OK`], the traces. The answer has
/// at most [`RESPONSE_BYTES`]. Any bytes may come; the answer to what is no request is a status.
pub fn answer(request: &[u8], response: &mut Vec<u8>) {
    response.clear();
    response.push(STATUS_OK);
    let status = match request {
        [contract, cases @ ..] => dispatch(*contract, cases, response),
        [] => Err(STATUS_MALFORMED),
    };
    if let Err(status) = status {
        response.clear();
        response.push(status);
    }
}

macro_rules! dispatch {
    ($($name:ident => $contract:ty,)*) => {
        /// Answers with the contract at that place of the list.
        fn dispatch(contract: u8, cases: &[u8], response: &mut Vec<u8>) -> Result<(), u8> {
            let answers: &[fn(&[u8], &mut Vec<u8>) -> Result<(), u8>] = &[$(traces::<$contract>),*];
            answers.get(usize::from(contract)).ok_or(STATUS_UNKNOWN_CONTRACT)?(cases, response)
        }
    };
}

spec::for_each_contract!(dispatch);

/// The same bytes as decoding a `Vec<Case<C>>`, asking each case and encoding the `Vec<Trace<C>>`.
fn traces<C: Implemented>(mut request: &[u8], response: &mut Vec<u8>) -> Result<(), u8> {
    let mut machine = C::machine();
    let cases: u64 = take(&mut request)?;
    put(&cases, response)?;
    for _ in 0..cases {
        let config: C::Config = take(&mut request)?;
        let ops: u64 = take(&mut request)?;
        let rejected = machine.reset(&config).map_err(failed)?.err();
        put::<Option<ErrorCode>>(&rejected, response)?;
        put(if rejected.is_some() { &0 } else { &ops }, response)?;
        for _ in 0..ops {
            let op: C::Op = take(&mut request)?;
            if rejected.is_none() {
                put(&machine.step(&op).map_err(failed)?, response)?;
            }
        }
    }
    if request.is_empty() { Ok(()) } else { Err(STATUS_MALFORMED) }
}

/// Asks one case and appends its trace as [`answer`] encodes it: the bytes of a [`spec::Trace`] in postcard. Where it fails, part of
/// a trace may be appended.
///
/// # Errors
/// The machine's own failure, and a trace that is longer than a response.
pub fn trace<C: Contract>(machine: &mut dyn Machine<C>, case: &Case<C>, out: &mut Vec<u8>) -> Result<(), Failure> {
    let too_long = |_| Failure::new(FailureKind::Faulted, "the trace is longer than a response");
    let rejected = machine.reset(&case.config)?.err();
    put::<Option<ErrorCode>>(&rejected, out).map_err(too_long)?;
    let ops = if rejected.is_some() { &[] } else { case.ops.as_slice() };
    put(&(ops.len() as u64), out).map_err(too_long)?;
    ops.iter().try_for_each(|op| put(&machine.step(op)?, out).map_err(too_long))
}

fn take<T: DeserializeOwned>(request: &mut &[u8]) -> Result<T, u8> {
    let (value, rest) = postcard::take_from_bytes(request).map_err(|_| STATUS_MALFORMED)?;
    *request = rest;
    Ok(value)
}

/// Not inlined: one body for each type of observation, for requests and for selftests, is a twentieth of the guest's image less.
#[inline(never)]
fn put<T: Serialize>(value: &T, response: &mut Vec<u8>) -> Result<(), u8> {
    postcard::serialize_with_flavor(value, Bounded(response)).map_err(|_| STATUS_TOO_LARGE)
}

/// The machines here fail only where they are asked before an accepted reset, which `traces` does not do.
fn failed(_failure: Failure) -> u8 {
    STATUS_UNKNOWN_CONTRACT
}

/// Appends to a response until it is full.
struct Bounded<'a>(&'a mut Vec<u8>);

impl Flavor for Bounded<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.try_extend(&[byte])
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        if self.0.len().saturating_add(bytes.len()) as u64 > RESPONSE_BYTES {
            return Err(postcard::Error::SerializeBufferFull);
        }
        // Most of what comes is a number of one to three bytes, for which a copy by call is dear on an emulated machine.
        if bytes.len() <= 4 {
            bytes.iter().for_each(|byte| self.0.push(*byte));
        } else {
            self.0.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
