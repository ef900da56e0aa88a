//! One error type of policy and audit: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Why a call was rejected: the stable code, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessError {
    code: ErrorCode,
    what: &'static str,
    range: Option<(u64, u64, u64)>,
    advice: &'static str,
}

/// What the functions of policy and audit return.
pub type Result<T> = core::result::Result<T, AccessError>;

impl AccessError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, what, range: None, advice }
    }

    pub(crate) const fn range(code: ErrorCode, what: &'static str, got: u64, (low, high): (u64, u64), advice: &'static str) -> Self {
        Self { code, what, range: Some((got, low, high)), advice }
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.what)?;
        if let Some((got, low, high)) = self.range {
            write!(f, " is {got}, expected {low} to {high}")?;
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for AccessError {}

impl From<AccessError> for ErrorCode {
    fn from(error: AccessError) -> Self {
        error.code
    }
}
