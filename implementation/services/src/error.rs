//! One error type: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Why a call was rejected: the stable code, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceError {
    code: ErrorCode,
    fault: Fault,
    advice: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Plain(&'static str),
    Range { what: &'static str, got: i128, low: i128, high: i128 },
    Expected { what: &'static str, got: i128, expected: i128 },
}

impl ServiceError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    pub(crate) const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, fault: Fault::Plain(what), advice }
    }

    pub(crate) fn range(
        code: ErrorCode,
        what: &'static str,
        got: impl Into<i128>,
        (low, high): (impl Into<i128>, impl Into<i128>),
        advice: &'static str,
    ) -> Self {
        Self { code, fault: Fault::Range { what, got: got.into(), low: low.into(), high: high.into() }, advice }
    }

    pub(crate) fn expected(
        code: ErrorCode,
        what: &'static str,
        got: impl Into<i128>,
        expected: impl Into<i128>,
        advice: &'static str,
    ) -> Self {
        Self { code, fault: Fault::Expected { what, got: got.into(), expected: expected.into() }, advice }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code.name())?;
        match self.fault {
            Fault::Plain(what) => f.write_str(what)?,
            Fault::Range { what, got, low, high } => write!(f, "{what} is {got}, expected {low} to {high}")?,
            Fault::Expected { what, got, expected } => write!(f, "{what} is {got}, expected {expected}")?,
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for ServiceError {}

impl From<ServiceError> for ErrorCode {
    fn from(error: ServiceError) -> Self {
        error.code
    }
}

/// A length as a number for an explanation. No slice is longer than an `i128` can tell.
pub(crate) fn length(len: usize) -> i128 {
    len as i128
}
