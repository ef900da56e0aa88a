//! The one error type, which the audio core has, too: a stable code and a bounded explanation.

pub use audio::AudioError as ServiceError;

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::fmt::Display;
use spec::ErrorCode;
use spec::idl::{Answer, IDL_TEXT_BYTES_MAX};

/// A rejection as the answer of a message: the stable code, and as much of the explanation as an answer holds.
pub fn rejection(code: ErrorCode, error: &dyn Display) -> Answer<'static> {
    let mut text = error.to_string();
    text.truncate(text.floor_char_boundary(IDL_TEXT_BYTES_MAX as usize));
    Answer::Error { code: code as u16, text: Cow::Owned(text) }
}

/// A length as a number for an explanation. No slice is longer than an `i128` can tell.
pub(crate) const fn length(len: usize) -> i128 {
    len as i128
}
