//! One error type: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Bytes of a node's name that are kept: all of it, unless it is longer than any of the machine's.
const NAME_BYTES: usize = 47;

/// Why a device tree was rejected: the stable code, and in words where and what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences, a node's name, and of at most three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevicesError {
    code: ErrorCode,
    what: &'static str,
    /// What was met, and the smallest and the largest that is accepted.
    range: Option<(u64, u64, u64)>,
    /// Bytes in front of the fault, or the node's name.
    place: Place,
    advice: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Blob,
    Byte(usize),
    Node([u8; NAME_BYTES]),
}

impl DevicesError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, what, range: None, place: Place::Blob, advice }
    }

    pub(crate) const fn range(code: ErrorCode, what: &'static str, range: (u64, u64, u64), advice: &'static str) -> Self {
        Self { code, what, range: Some(range), place: Place::Blob, advice }
    }

    /// The same, at that byte of the blob.
    pub(crate) const fn at(self, byte: usize) -> Self {
        Self { place: Place::Byte(byte), ..self }
    }

    /// The same, in the node of that name, which the format has bounded.
    pub(crate) fn of(self, name: &[u8]) -> Self {
        let mut kept = [0; NAME_BYTES];
        for (kept, byte) in kept.iter_mut().zip(name) {
            *kept = *byte;
        }
        Self { place: Place::Node(kept), ..self }
    }
}

impl fmt::Display for DevicesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code.name())?;
        match &self.place {
            Place::Blob => {}
            Place::Byte(byte) => write!(f, "at byte {byte}, ")?,
            Place::Node(name) => {
                let name = name.split(|byte| *byte == 0).next().and_then(|name| core::str::from_utf8(name).ok()).unwrap_or_default();
                write!(f, "in the node {}, ", if name.is_empty() { "/" } else { name })?;
            }
        }
        f.write_str(self.what)?;
        match self.range {
            None => {}
            Some((got, low, high)) if low == high => write!(f, " is {got}, expected {low}")?,
            Some((got, low, high)) => write!(f, " is {got}, expected {low} to {high}")?,
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for DevicesError {}

impl From<DevicesError> for ErrorCode {
    fn from(error: DevicesError) -> Self {
        error.code
    }
}

/// A length as a number for an explanation. No slice is longer than a `u64` can tell.
pub(crate) const fn length(len: usize) -> u64 {
    len as u64
}
