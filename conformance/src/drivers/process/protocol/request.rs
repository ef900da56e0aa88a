//! Requests: written by the harness, read by the machine in one pass, straight into the contract's operations.

use super::{Id, Malformed, PROTOCOL, RUN_OPS_MAX};
use serde::de::{self, DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// A `run` is closed after so many bytes, so that neither it nor its answer comes near the longest line.
const RUN_BYTES: usize = 1 << 20;

/// The harness, as it introduces itself. A harness of another version may say more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Greeting {
    /// The version of the protocol that it speaks.
    pub protocol: u32,
}

/// A request to start afresh.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest<'a> {
    /// The contract.
    pub contract: String,
    /// The configuration, as the contract writes it.
    #[serde(borrow)]
    pub config: &'a RawValue,
}

/// A request.
#[derive(Clone, Debug)]
pub enum Request<'a, O> {
    /// The harness introduces itself.
    Hello(Greeting),
    /// Start afresh.
    Reset(Id, ResetRequest<'a>),
    /// Answer these operations.
    Run(Id, Vec<O>),
}

/// Reads a request whose operations are of type `O`. The error comes with the id, where that could be read.
///
/// # Errors
/// A line that is no JSON or of another shape, or more than [`RUN_OPS_MAX`] operations.
pub fn parse_request<O: DeserializeOwned>(line: &[u8]) -> Result<Request<'_, O>, (Option<Id>, Malformed)> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, bound = "O: DeserializeOwned")]
    struct Line<'a, O> {
        hello: Option<Greeting>,
        id: Option<Id>,
        #[serde(borrow)]
        reset: Option<ResetRequest<'a>>,
        run: Option<Ops<O>>,
    }
    match serde_json::from_slice(line) {
        Ok(Line { hello: Some(greeting), id: None, reset: None, run: None }) => Ok(Request::Hello(greeting)),
        Ok(Line { hello: None, id: Some(id), reset: Some(reset), run: None }) => Ok(Request::Reset(id, reset)),
        Ok(Line { hello: None, id: Some(id), reset: None, run: Some(Ops(ops)) }) => Ok(Request::Run(id, ops)),
        Ok(Line { id, .. }) => Err((id, Malformed::whole(line, "not a `hello`, an `id` with a `reset`, or an `id` with a `run`"))),
        Err(error) => Err((id_alone(line), Malformed::new(line, &error))),
    }
}

/// The id of a line that is otherwise wrong.
fn id_alone(line: &[u8]) -> Option<Id> {
    #[derive(Deserialize)]
    struct Line {
        id: Id,
    }
    serde_json::from_slice(line).ok().map(|Line { id }| id)
}

/// A bounded list of operations.
struct Ops<O>(Vec<O>);

impl<'de, O: DeserializeOwned> Deserialize<'de> for Ops<O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<O>(PhantomData<O>);
        impl<'de, O: DeserializeOwned> Visitor<'de> for List<O> {
            type Value = Ops<O>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of operations")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Ops<O>, A::Error> {
                let mut list = Vec::with_capacity(RUN_OPS_MAX);
                while let Some(item) = items.next_element()? {
                    if list.len() == RUN_OPS_MAX {
                        return Err(de::Error::custom(format_args!("more than {RUN_OPS_MAX} operations in one run")));
                    }
                    list.push(item);
                }
                Ok(Ops(list))
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

/// Appends the harness's hello, with its newline.
pub fn write_hello(out: &mut Vec<u8>) {
    let version = env!("CARGO_PKG_VERSION");
    out.extend_from_slice(format!("{{\"hello\":{{\"protocol\":{PROTOCOL},\"harness\":\"conform {version}\"}}}}\n").as_bytes());
}

/// Appends a reset, with its newline.
///
/// # Errors
/// A configuration that can't be written as JSON.
pub fn write_reset<T: Serialize>(id: Id, contract: &str, config: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    open(id, b"reset", out);
    out.extend_from_slice(b"{\"contract\":");
    serde_json::to_writer(&mut *out, contract)?;
    out.extend_from_slice(b",\"config\":");
    serde_json::to_writer(&mut *out, config)?;
    out.extend_from_slice(b"}}\n");
    Ok(())
}

/// Appends a run of the first operations, with its newline, and says how many of them it took: at least one of a list that is
/// not empty, at most [`RUN_OPS_MAX`], fewer where they are long.
///
/// # Errors
/// An operation that can't be written as JSON.
pub fn write_run<O: Serialize>(id: Id, ops: &[O], out: &mut Vec<u8>) -> serde_json::Result<usize> {
    open(id, b"run", out);
    let start = out.len();
    let mut taken = 0;
    for op in ops.iter().take(RUN_OPS_MAX) {
        out.push(if taken == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut *out, op)?;
        taken += 1;
        if out.len() - start > RUN_BYTES {
            break;
        }
    }
    out.extend_from_slice(if taken == 0 { b"[]}\n" } else { b"]}\n" });
    Ok(taken)
}

fn open(id: Id, key: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":\"");
    id.write(out);
    out.extend_from_slice(b"\",\"");
    out.extend_from_slice(key);
    out.extend_from_slice(b"\":");
}
