//! One error type: a stable code and a bounded explanation.

use core::fmt;
use spec::ErrorCode;

/// Why a call was rejected: the stable code, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioError {
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

impl AudioError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// An error that is said in one sentence.
    pub const fn plain(code: ErrorCode, what: &'static str, advice: &'static str) -> Self {
        Self { code, fault: Fault::Plain(what), advice }
    }

    /// A number that lies outside its range.
    pub fn range(
        code: ErrorCode,
        what: &'static str,
        got: impl Into<i128>,
        (low, high): (impl Into<i128>, impl Into<i128>),
        advice: &'static str,
    ) -> Self {
        Self { code, fault: Fault::Range { what, got: got.into(), low: low.into(), high: high.into() }, advice }
    }

    /// A number that is not the one that it must be.
    pub fn expected(code: ErrorCode, what: &'static str, got: impl Into<i128>, expected: impl Into<i128>, advice: &'static str) -> Self {
        Self { code, fault: Fault::Expected { what, got: got.into(), expected: expected.into() }, advice }
    }

    /// A sample count that makes no whole stereo frames.
    pub(crate) fn half_frame(samples: usize) -> Self {
        let code = ErrorCode::Misaligned;
        Self {
            code,
            fault: Fault::Expected { what: "the number of samples modulo 2", got: (samples % 2) as i128, expected: 0 },
            advice: "give both channels of every frame",
        }
    }
}

impl fmt::Display for AudioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code.name())?;
        match self.fault {
            Fault::Plain(what) => f.write_str(what)?,
            Fault::Range { what, got, low, high } if low == high => write!(f, "{what} is {got}, expected {low}")?,
            Fault::Range { what, got, low, high } => write!(f, "{what} is {got}, expected {low} to {high}")?,
            Fault::Expected { what, got, expected } => write!(f, "{what} is {got}, expected {expected}")?,
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for AudioError {}

impl From<AudioError> for ErrorCode {
    fn from(error: AudioError) -> Self {
        error.code
    }
}

/// A length as a number for an explanation. No slice is longer than an `i128` can tell.
pub(crate) fn length(len: usize) -> i128 {
    len as i128
}
