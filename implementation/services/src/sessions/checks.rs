//! What the registry rejects, and how it says so.

use super::{Limits, Metadata};
use crate::Result;
use crate::error::{ServiceError, length};
use spec::ErrorCode;
use spec::format::BLOCK_FRAMES;
use spec::sessions::{SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX};

pub(super) const UNKNOWN: ServiceError =
    ServiceError::plain(ErrorCode::UnknownSession, "there is no session of that number", "use a number that publish gave");

pub(super) const NOT_SEEKABLE: ServiceError =
    ServiceError::plain(ErrorCode::NotSeekable, "the session's source can't be sought", "play it from where it is, or stop it");

pub(super) const NO_OFFER: ServiceError =
    ServiceError::plain(ErrorCode::NoHandoffOffer, "no handoff is offered to that session", "set it active instead");

pub(super) const NO_CURRENT: ServiceError =
    ServiceError::plain(ErrorCode::NoCurrentSession, "no session is now playing", "publish one, or set one active");

pub(super) const NO_CLOCK: ServiceError =
    ServiceError::plain(ErrorCode::WrongTimeSource, "this registry counts audiod's blocks and has no clock", "tell it blocks");

pub(super) const NO_BLOCKS: ServiceError =
    ServiceError::plain(ErrorCode::WrongTimeSource, "this registry has a clock and no audiod", "set its clock");

impl Default for Limits {
    fn default() -> Self {
        Self { sessions: SESSIONS_MAX, commands: SESSIONS_COMMANDS_MAX, text_bytes: SESSIONS_TEXT_BYTES_MAX }
    }
}

/// Limits can only be lower than the contract's (SESSIONS-025).
pub(super) fn limits(limits: Limits) -> Result<()> {
    for (what, limit, max) in [
        ("the limit on sessions", limits.sessions, SESSIONS_MAX),
        ("the limit on waiting commands", limits.commands, SESSIONS_COMMANDS_MAX),
        ("the limit on a text's bytes", limits.text_bytes, SESSIONS_TEXT_BYTES_MAX),
    ] {
        if limit == 0 || limit > max {
            return Err(ServiceError::range(ErrorCode::OutOfRange, what, limit, (1, max), "choose a limit in this range"));
        }
    }
    Ok(())
}

pub(super) fn too_many_sessions(published: usize, max: u32) -> ServiceError {
    let with_it = length(published).saturating_add(1);
    ServiceError::range(ErrorCode::TooManySessions, "the number of published sessions", with_it, (0, max), "withdraw one first")
}

pub(super) fn too_many_commands(waiting: usize, max: u32) -> ServiceError {
    let with_it = length(waiting).saturating_add(1);
    let advice = "let the app take its commands first";
    ServiceError::range(ErrorCode::TooManyCommands, "the number of commands that wait for the app", with_it, (0, max), advice)
}

pub(super) fn frames_over_block(frames: u32) -> ServiceError {
    let advice = "tell each block by itself";
    ServiceError::range(ErrorCode::OutOfRange, "the frames of a session in one block", frames, (0, BLOCK_FRAMES), advice)
}

/// The texts of metadata, where each is one (SESSIONS-003).
pub(super) fn texts<'a>(metadata: &Metadata<'a>, max: u32) -> Result<[&'a str; 4]> {
    Ok([
        text("the bytes of the title", metadata.title, max)?,
        text("the bytes of the artist", metadata.artist, max)?,
        text("the bytes of the album", metadata.album, max)?,
        text("the bytes of the artwork's URI", metadata.artwork, max)?,
    ])
}

fn text<'a>(what: &'static str, bytes: &'a [u8], max: u32) -> Result<&'a str> {
    if bytes.len() > max as usize {
        return Err(ServiceError::range(ErrorCode::TextTooLong, what, length(bytes.len()), (0, max), "shorten the text"));
    }
    match core::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => Ok(text),
        Ok(_) => Err(ServiceError::plain(ErrorCode::InvalidMetadata, "a text has a control character", "leave it out")),
        Err(_) => Err(ServiceError::plain(ErrorCode::InvalidMetadata, "a text is no UTF-8", "encode it as UTF-8")),
    }
}
