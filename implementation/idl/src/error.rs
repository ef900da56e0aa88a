//! One error type: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Why a message was rejected: the stable code, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdlError {
    code: ErrorCode,
    what: &'static str,
    /// What was met, and the smallest and the largest that is accepted.
    range: Option<(u64, u64, u64)>,
    advice: &'static str,
}

impl IdlError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, what, range: None, advice }
    }

    pub(crate) const fn range(code: ErrorCode, what: &'static str, (got, low, high): (u64, u64, u64), advice: &'static str) -> Self {
        Self { code, what, range: Some((got, low, high)), advice }
    }
}

impl fmt::Display for IdlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.what)?;
        match self.range {
            None => {}
            Some((got, low, high)) if low == high => write!(f, " is {got}, expected {low}")?,
            Some((got, low, high)) => write!(f, " is {got}, expected {low} to {high}")?,
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for IdlError {}

impl From<IdlError> for ErrorCode {
    fn from(error: IdlError) -> Self {
        error.code
    }
}

/// A length as a number for an explanation. No slice is longer than a `u64` can tell.
pub(crate) const fn length(len: usize) -> u64 {
    len as u64
}
