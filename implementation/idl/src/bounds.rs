//! The bounds of texts and lists, the same in both directions.

use crate::error::length;
use crate::{IdlError, Result};
use spec::ErrorCode;
use spec::idl::{
    IDL_ARTWORK_BYTES_MAX, IDL_COMMANDS_MAX, IDL_FILLS_MAX, IDL_KEY_BYTES_MAX, IDL_PCM_BYTES_MAX, IDL_SESSIONS_MAX, IDL_SETTING_BYTES_MAX,
    IDL_TEXT_BYTES_MAX,
};

fn at_most(len: usize, max: u32, code: ErrorCode, what: &'static str, advice: &'static str) -> Result<()> {
    if length(len) > u64::from(max) {
        return Err(IdlError::range(code, what, (length(len), 0, u64::from(max)), advice));
    }
    Ok(())
}

/// An app id, a URI or an error text (IDL-010).
pub(crate) fn text(len: usize) -> Result<()> {
    at_most(len, IDL_TEXT_BYTES_MAX, ErrorCode::OversizedText, "the text's size in bytes", "shorten the app id, URI or explanation")
}

/// A key or value of a setting (IDL-010).
pub(crate) fn setting(len: usize) -> Result<()> {
    at_most(len, IDL_SETTING_BYTES_MAX, ErrorCode::OversizedText, "the setting text's size in bytes", "shorten the key or value")
}

/// The PCM of a write (IDL-010).
pub(crate) fn pcm(len: usize) -> Result<()> {
    at_most(len, IDL_PCM_BYTES_MAX, ErrorCode::OversizedList, "the size of the PCM in bytes", "split it into several writes")
}

/// The fills of a reply (IDL-010).
pub(crate) fn fills(len: usize) -> Result<()> {
    at_most(len, IDL_FILLS_MAX, ErrorCode::OversizedList, "the number of fills", "tell those of open streams alone")
}

/// The sessions of a reply, and their positions (IDL-010).
pub(crate) fn sessions(len: usize) -> Result<()> {
    at_most(len, IDL_SESSIONS_MAX, ErrorCode::OversizedList, "the number of sessions", "tell published sessions alone")
}

/// The commands of a reply (IDL-010).
pub(crate) fn commands(len: usize) -> Result<()> {
    at_most(len, IDL_COMMANDS_MAX, ErrorCode::OversizedList, "the number of commands", "tell waiting commands alone")
}

/// The bytes of a picture (IDL-010).
pub(crate) fn artwork(len: usize) -> Result<()> {
    at_most(len, IDL_ARTWORK_BYTES_MAX, ErrorCode::OversizedList, "the size of the picture in bytes", "send a smaller picture")
}

/// The key of a picture (IDL-010).
pub(crate) fn key(len: usize) -> Result<()> {
    at_most(len, IDL_KEY_BYTES_MAX, ErrorCode::OversizedList, "the size of the key in bytes", "a key is a SHA-256")
}

/// An error's code (IDL-014).
pub(crate) fn error_code(code: u16) -> Result<u16> {
    if code == 0 {
        let what = "the error's code";
        return Err(IdlError::range(ErrorCode::OutOfRange, what, (0, 1, u64::from(u16::MAX)), "0 would read as success"));
    }
    Ok(code)
}
