//! The one error type, which the audio core has, too: a stable code and a bounded explanation.

pub use audio::AudioError as ServiceError;

/// A length as a number for an explanation. No slice is longer than an `i128` can tell.
pub(crate) const fn length(len: usize) -> i128 {
    len as i128
}
