//! The view of a state: what is shown, in pixels and texts.

use crate::text;
use alloc::string::ToString;
use alloc::vec::Vec;
use spec::miniplayer::{
    Current, Glyph, MINIPLAYER_ARTIST_CHARS, MINIPLAYER_ROW_CHARS, MINIPLAYER_ROWS, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_TITLE_CHARS,
    MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_WIDTH, Row, Session, State, View,
};

/// The session of that id.
pub(crate) fn find(state: &State, sid: u32) -> Option<&Session> {
    state.sessions.iter().find(|session| session.sid == sid)
}

/// The place of the selected session in the list.
pub(crate) fn place(state: &State, selected: Option<u32>) -> usize {
    state.sessions.iter().position(|session| Some(session.sid) == selected).unwrap_or(0)
}

/// The position, held at the end where it is beyond it.
pub(crate) fn position(session: &Session) -> u64 {
    match session.duration_ms {
        Some(duration) => session.position_ms.min(duration),
        None => session.position_ms,
    }
}

/// All that a state shows with this selection.
pub(crate) fn view(state: &State, selected: Option<u32>) -> View {
    View {
        current: state.active.and_then(|sid| find(state, sid)).map(current),
        rows: rows(state, selected),
        sessions: u32::try_from(state.sessions.len()).unwrap_or(u32::MAX),
        offer: state.offer,
    }
}

/// What is shown of the active session (MINIPLAYER-001).
fn current(session: &Session) -> Current {
    let muted = session.app_muted || session.muted;
    let position = position(session);
    Current {
        sid: session.sid,
        title: text::cut(name(session), MINIPLAYER_TITLE_CHARS),
        artist: text::cut(&session.artist, MINIPLAYER_ARTIST_CHARS),
        glyph: if session.playing { Glyph::Pause } else { Glyph::Play },
        seek_fill: session.duration_ms.map(|duration| filled(MINIPLAYER_SEEK_WIDTH, position, duration)),
        elapsed: text::time(position),
        total: session.duration_ms.map(text::time),
        volume_fill: filled(MINIPLAYER_VOLUME_WIDTH, above_min(session.app_volume_db), above_min(MINIPLAYER_VOLUME_MAX)),
        volume: if muted { "MUTED".to_string() } else { text::decibels(session.app_volume_db) },
        muted,
        ducked: session.ducked,
    }
}

/// The rows in sight, around the selected one (MINIPLAYER-010).
fn rows(state: &State, selected: Option<u32>) -> Vec<Row> {
    let seen = MINIPLAYER_ROWS as usize;
    let first = place(state, selected).saturating_sub(seen >> 1).min(state.sessions.len().saturating_sub(seen));
    let row = |session: &Session| Row {
        sid: session.sid,
        label: text::cut(name(session), MINIPLAYER_ROW_CHARS),
        playing: session.playing,
        active: state.active == Some(session.sid),
        selected: selected == Some(session.sid),
        offered: state.offer == Some(session.sid),
    };
    state.sessions.iter().skip(first).take(seen).map(row).collect()
}

/// What a session is called: without a title, as its app (MINIPLAYER-002).
fn name(session: &Session) -> &str {
    if session.title.is_empty() { &session.app } else { &session.title }
}

/// A volume above the lowest.
fn above_min(db: i32) -> u64 {
    u64::try_from(db.saturating_sub(MINIPLAYER_VOLUME_MIN)).unwrap_or(0)
}

/// So many of `width` pixels as `part` is of `whole`, rounded down (MINIPLAYER-004). `part` is not above `whole`.
fn filled(width: u32, part: u64, whole: u64) -> u32 {
    let product = u128::from(part).saturating_mul(u128::from(width));
    u32::try_from(product.checked_div(u128::from(whole)).unwrap_or(0)).unwrap_or(width).min(width)
}
