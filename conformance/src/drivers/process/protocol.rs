//! The lines of the child-process protocol, as `PROTOCOL.md` describes them: written by the harness, read by the machine, and back.
//!
//! Everything that is read here comes from someone else's program, so reading never panics, and what it keeps is bounded by the
//! length of the line.

mod reply;
mod request;

pub use reply::{Reply, ResetReply, parse_hello, parse_reply, write_answer};
pub use request::{Greeting, Request, ResetRequest, parse_request, write_hello, write_reset, write_run};

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// Version of the protocol.
pub const PROTOCOL: u32 = 1;

/// Longest line in either direction, in bytes without its newline.
pub const LINE_BYTES_MAX: usize = 64 << 20;

/// Longest answer to a hello, in bytes without its newline.
pub const HELLO_BYTES_MAX: usize = 64 << 10;

/// Most operations of one `run`, so that a machine knows how much one answer can hold.
pub const RUN_OPS_MAX: usize = 64;

/// Longest explanation that is kept of an `error` or `unsupported`, in bytes.
pub const TEXT_BYTES_MAX: usize = 2_048;

/// How much of a line that can't be understood is shown, in bytes.
const EXCERPT_BYTES: usize = 160;

/// The id of a request: a random number, written as 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub u64);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Id {
    fn parse(text: &str) -> Option<Self> {
        let hexadecimal = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        hexadecimal.then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }

    /// Appends the id's 16 digits.
    fn write(self, out: &mut Vec<u8>) {
        out.extend((0..16).rev().map(|digit| b"0123456789abcdef"[(self.0 >> (4 * digit) & 15) as usize]));
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 16 lower-case hexadecimal digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                Id::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(excerpt(text.as_bytes(), 0).as_str()), &self))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// Gives ids that nobody outside can foretell, so that an answer from before its request can't carry the right one.
pub struct Ids {
    // A keyed hash with a secret key from the operating system, over a counter.
    secret: RandomState,
    count: u64,
}

impl Default for Ids {
    fn default() -> Self {
        Self { secret: RandomState::new(), count: 0 }
    }
}

impl Ids {
    /// The next id.
    pub fn next_id(&mut self) -> Id {
        self.count = self.count.wrapping_add(1);
        Id(self.secret.hash_one(self.count))
    }
}

/// What a machine says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The version of the protocol that it speaks.
    pub protocol: u32,
    /// Its name, for reports.
    pub name: String,
    /// Its contracts, each with the optional parts that it has of it.
    pub contracts: BTreeMap<String, Vec<String>>,
}

/// What can't be understood about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where in the line, in bytes from its start.
    pub byte: usize,
    /// What is wrong.
    pub what: String,
    /// The line around that place, made printable.
    pub excerpt: String,
}

impl Malformed {
    fn new(line: &[u8], error: &serde_json::Error) -> Self {
        // A line has no newline in it, so that the column alone says where.
        let byte = error.column().saturating_sub(1).min(line.len());
        let mut what = error.to_string();
        if let Some(end) = what.rfind(" at line ") {
            what.truncate(end);
        }
        Self { byte, what: bounded(&what).to_owned(), excerpt: excerpt(line, byte) }
    }

    fn whole(line: &[u8], what: impl Into<String>) -> Self {
        Self { byte: 0, what: what.into(), excerpt: excerpt(line, 0) }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} of the line: `{}`", self.what, self.byte, self.excerpt)
    }
}

impl std::error::Error for Malformed {}

/// The beginning of a text, at most [`TEXT_BYTES_MAX`] bytes of it.
pub fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}

/// A printable piece of a line around a byte.
pub fn excerpt(line: &[u8], byte: usize) -> String {
    let start = byte.min(line.len()).saturating_sub(EXCERPT_BYTES / 2);
    let end = line.len().min(start + EXCERPT_BYTES);
    let piece = String::from_utf8_lossy(&line[start..end]);
    // Quotation marks are what JSON is made of; only what would disturb a terminal is escaped.
    let printable: String = piece.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if end < line.len() { "…" } else { "" };
    format!("{before}{printable}{after}")
}
