//! Answers: read by the harness in one pass, straight into the contract's observations, and written by machines.

use super::{Hello, Id, Malformed, PROTOCOL, bounded};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use spec::ErrorCode;
use std::fmt;
use std::marker::PhantomData;

/// What a machine answers to a reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetReply {
    /// It is ready.
    Ok,
    /// The contract rejects the configuration.
    Rejected(ErrorCode),
    /// The machine lacks something that the configuration needs.
    Unsupported(String),
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<O> {
    /// To a reset.
    Reset(ResetReply),
    /// To a run: one observation for each operation.
    Run(Vec<O>),
    /// It could not do what was asked.
    Error(String),
}

/// Reads the answer to a request of `ops` operations, 0 for a reset. The id is absent only of an error.
///
/// # Errors
/// A line that is no JSON, of another shape, or with another number of observations.
pub fn parse_reply<O: DeserializeOwned>(line: &[u8], ops: usize) -> Result<(Option<Id>, Reply<O>), Malformed> {
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    let reply = Envelope::<O> { ops, observation: PhantomData }
        .deserialize(&mut deserializer)
        .and_then(|reply| deserializer.end().map(|()| reply))
        .map_err(|error| Malformed::new(line, &error))?;
    match reply {
        (None, Reply::Reset(_) | Reply::Run(_)) => Err(Malformed::whole(line, "an answer without an id")),
        (_, Reply::Run(obs)) if obs.len() != ops => Err(Malformed::whole(line, format!("{} observations for {ops} operations", obs.len()))),
        reply => Ok(reply),
    }
}

/// Reads the answer to a hello; `Ok(Err(text))` is a machine that reports an error instead.
///
/// # Errors
/// A line that is no JSON or of another shape.
pub fn parse_hello(line: &[u8]) -> Result<Result<Hello, String>, Malformed> {
    /// What every version of a hello has.
    #[derive(Deserialize)]
    struct Version {
        protocol: u32,
    }
    #[derive(Deserialize)]
    struct AnyVersion {
        hello: Option<Version>,
        error: Option<String>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct ThisVersion {
        hello: Hello,
    }
    let malformed = |error: serde_json::Error| Malformed::new(line, &error);
    match serde_json::from_slice(line).map_err(malformed)? {
        AnyVersion { error: Some(text), .. } => Ok(Err(bounded(&text).to_owned())),
        // A hello of another version may be of another shape.
        AnyVersion { hello: Some(Version { protocol }), .. } if protocol != PROTOCOL => Ok(Ok(Hello { protocol, ..Hello::default() })),
        AnyVersion { .. } => serde_json::from_slice(line).map(|ThisVersion { hello }| Ok(hello)).map_err(malformed),
    }
}

/// Appends an answer, with its newline: `key` is `hello`, `reset`, `run` or `error`. A value that can't be written as JSON becomes
/// an error.
pub fn write_answer<T: Serialize>(id: Option<Id>, key: &str, value: &T, out: &mut Vec<u8>) {
    out.push(b'{');
    if let Some(id) = id {
        out.extend_from_slice(b"\"id\":\"");
        id.write(out);
        out.extend_from_slice(b"\",");
    }
    let opened = out.len();
    out.extend_from_slice(format!("\"{key}\":").as_bytes());
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        out.truncate(opened);
        let text = serde_json::Value::from(bounded(&error.to_string()));
        out.extend_from_slice(format!("\"error\":{text}").as_bytes());
    }
    out.extend_from_slice(b"}\n");
}

struct Envelope<O> {
    ops: usize,
    observation: PhantomData<O>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Id,
    Reset,
    Run,
    Error,
}

impl<'de, O: DeserializeOwned> DeserializeSeed<'de> for Envelope<O> {
    type Value = (Option<Id>, Reply<O>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, O: DeserializeOwned> Visitor<'de> for Envelope<O> {
    type Value = (Option<Id>, Reply<O>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `id` and one of `reset`, `run` and `error`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut id: Option<Option<Id>> = None;
        let mut reply = None;
        while let Some(key) = map.next_key()? {
            let given = match key {
                Key::Id if id.is_some() => return Err(de::Error::duplicate_field("id")),
                Key::Id => {
                    id = Some(map.next_value()?);
                    continue;
                }
                Key::Reset => Reply::Reset(map.next_value()?),
                Key::Run => Reply::Run(map.next_value_seed(Observations::<O> { ops: self.ops, observation: PhantomData })?),
                Key::Error => Reply::Error(bounded(&map.next_value::<String>()?).to_owned()),
            };
            if reply.replace(given).is_some() {
                return Err(de::Error::custom("more than one of `reset`, `run` and `error`"));
            }
        }
        let reply = reply.ok_or_else(|| de::Error::custom("none of `reset`, `run` and `error`"))?;
        Ok((id.flatten(), reply))
    }
}

/// A list that ends at the number of observations that were asked for, so that a long line can't become a longer list.
struct Observations<O> {
    ops: usize,
    observation: PhantomData<O>,
}

impl<'de, O: DeserializeOwned> DeserializeSeed<'de> for Observations<O> {
    type Value = Vec<O>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, O: DeserializeOwned> Visitor<'de> for Observations<O> {
    type Value = Vec<O>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} observations", self.ops)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::with_capacity(self.ops.min(super::RUN_OPS_MAX));
        while let Some(item) = items.next_element()? {
            if list.len() == self.ops {
                return Err(de::Error::custom(format_args!("more than {} observations for {0} operations", self.ops)));
            }
            list.push(item);
        }
        Ok(list)
    }
}
