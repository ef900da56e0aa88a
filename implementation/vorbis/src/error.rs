//! One error type: a stable reason and a bounded explanation.

use core::fmt;
use spec::vorbis::Reject;

/// Why a stream was rejected: the stable reason, and in words what was wrong, what was expected and what to do.
///
/// The text is bounded: it is made of fixed sentences and of at most two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VorbisError {
    reject: Reject,
    what: &'static str,
    bound: Option<(u64, u64)>,
    advice: &'static str,
}

impl VorbisError {
    /// The stable reason, which contracts compare.
    pub const fn reject(&self) -> Reject {
        self.reject
    }

    /// What was wrong, in words.
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// A number that was met, and the most that is accepted.
    pub const fn bound(&self) -> Option<(u64, u64)> {
        self.bound
    }

    /// What to do.
    pub const fn advice(&self) -> &'static str {
        self.advice
    }

    pub(crate) const fn new(reject: Reject, what: &'static str, advice: &'static str) -> Self {
        Self { reject, what, bound: None, advice }
    }

    /// A number that is above its bound.
    pub(crate) const fn above(reject: Reject, what: &'static str, got: u64, max: u64, advice: &'static str) -> Self {
        Self { reject, what, bound: Some((got, max)), advice }
    }

    /// A header that the format does not allow.
    pub(crate) const fn malformed(what: &'static str) -> Self {
        Self::new(Reject::MalformedVorbis, what, "encode the stream again")
    }

    /// A table of the setup that is above its bound.
    pub(crate) const fn oversized(what: &'static str, got: u64, max: u64) -> Self {
        Self::above(Reject::OversizedInput, what, got, max, "encode the stream with a common encoder's setup")
    }
}

impl fmt::Display for VorbisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reject.code().name(), self.what)?;
        if let Some((got, max)) = self.bound {
            write!(f, " is {got}, expected at most {max}")?;
        }
        write!(f, "; {}", self.advice)
    }
}

impl core::error::Error for VorbisError {}
