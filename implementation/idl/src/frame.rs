//! Frames: Cap'n Proto's segment table of one segment, which is the length prefix, and the segment.

use crate::error::length;
use crate::{IdlError, Result};
use spec::ErrorCode;
use spec::idl::{IDL_HEADER_BYTES, IDL_MESSAGE_BYTES_MAX};

/// Bytes of a word.
pub(crate) const WORD: usize = 8;

/// Bytes of a frame's header.
pub(crate) const HEADER: usize = IDL_HEADER_BYTES as usize;

/// How many bytes the frame has that starts here, with its header; `None` while that can't be told from so few.
///
/// # Errors
/// `malformed_message` for more than one segment (IDL-007), `oversized_message` beyond [`IDL_MESSAGE_BYTES_MAX`] (IDL-005).
pub fn frame_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(([s0, s1, s2, s3, w0, w1, w2, w3], _)) = bytes.split_first_chunk::<HEADER>() else {
        return Ok(None);
    };
    if u32::from_le_bytes([*s0, *s1, *s2, *s3]) != 0 {
        return Err(IdlError::plain(
            ErrorCode::MalformedMessage,
            "the message has more than one segment",
            "give the encoder's first segment room for the whole message",
        ));
    }
    let words = u64::from(u32::from_le_bytes([*w0, *w1, *w2, *w3]));
    let total = words.saturating_mul(length(WORD)).saturating_add(length(HEADER));
    if total > u64::from(IDL_MESSAGE_BYTES_MAX) {
        let range = (total, length(HEADER), u64::from(IDL_MESSAGE_BYTES_MAX));
        return Err(IdlError::range(ErrorCode::OversizedMessage, "the frame's size in bytes", range, "send less in one message"));
    }
    // At most IDL_MESSAGE_BYTES_MAX, which every usize holds.
    Ok(Some(total as usize))
}

/// The segment of the one frame that these bytes are.
///
/// # Errors
/// Those of [`frame_length`]; `truncated_message` and `trailing_bytes` for any other number of bytes than the header says
/// (IDL-004, IDL-006).
pub(crate) fn segment(bytes: &[u8]) -> Result<&[u8]> {
    let total = frame_length(bytes)?.unwrap_or(HEADER);
    let Some((frame, rest)) = bytes.split_at_checked(total) else {
        let range = (length(bytes.len()), length(total), length(total));
        return Err(IdlError::range(ErrorCode::TruncatedMessage, "the number of bytes", range, "give the whole frame"));
    };
    if !rest.is_empty() {
        let range = (length(bytes.len()), length(total), length(total));
        return Err(IdlError::range(ErrorCode::TrailingBytes, "the number of bytes", range, "give one frame at a time"));
    }
    Ok(frame.get(HEADER..).unwrap_or_default())
}
