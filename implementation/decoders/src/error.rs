//! One error type: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Why a call was rejected: the stable code, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most four numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    code: ErrorCode,
    what: &'static str,
    /// What was met, and the smallest and the largest that is accepted.
    range: Option<(u64, u64, u64)>,
    /// Where in the stream, in bytes.
    at: Option<usize>,
    advice: &'static str,
}

impl DecodeError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, what, range: None, at: None, advice }
    }

    pub(crate) const fn range(code: ErrorCode, what: &'static str, range: (u64, u64, u64), advice: &'static str) -> Self {
        Self { code, what, range: Some(range), at: None, advice }
    }

    /// The same, at that byte of the stream.
    pub(crate) const fn at(self, byte: usize) -> Self {
        Self { at: Some(byte), ..self }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code.name())?;
        if let Some(byte) = self.at {
            write!(f, "at byte {byte}, ")?;
        }
        f.write_str(self.what)?;
        match self.range {
            Some((got, low, high)) if low == high => write!(f, " is {got}, expected {low}")?,
            Some((got, low, high)) => write!(f, " is {got}, expected {low} to {high}")?,
            None => {}
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for DecodeError {}

impl From<DecodeError> for ErrorCode {
    fn from(error: DecodeError) -> Self {
        error.code
    }
}
