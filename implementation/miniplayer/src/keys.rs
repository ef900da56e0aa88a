//! What keys ask for, and the line of what they ask for.

use crate::view::{find, place, position};
use core::fmt;
use spec::miniplayer::{
    Action, Key, MINIPLAYER_SEEK_STEP_MS, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_STEP, Session, State,
};

/// What a key asks for in this state, if anything.
pub(crate) fn action(state: &State, selected: Option<u32>, key: Key) -> Option<Action> {
    match key {
        Key::Up => return at(state, place(state, selected).checked_sub(1)?),
        Key::Down => return at(state, place(state, selected).saturating_add(1)),
        Key::Enter => return selected.filter(|sid| state.active != Some(*sid)).map(Action::Switch),
        Key::TakeOver => return state.offer.map(Action::TakeOver),
        _ => {}
    }
    let session = find(state, state.active?)?;
    let sid = session.sid;
    Some(match key {
        Key::Toggle if session.playing => Action::Pause(sid),
        Key::Toggle => Action::Play(sid),
        Key::Left => seek(session, position(session).saturating_sub(MINIPLAYER_SEEK_STEP_MS)),
        Key::Right => seek(session, position(session).saturating_add(MINIPLAYER_SEEK_STEP_MS)),
        Key::Previous => Action::Previous(sid),
        Key::Next => Action::Next(sid),
        Key::Stop => Action::Stop(sid),
        Key::Plus => return volume(session, session.app_volume_db.saturating_add(MINIPLAYER_VOLUME_STEP)),
        Key::Minus => return volume(session, session.app_volume_db.saturating_sub(MINIPLAYER_VOLUME_STEP)),
        Key::Mute => Action::Mute { sid, muted: !session.app_muted },
        Key::Up | Key::Down | Key::Enter | Key::TakeOver => return None,
    })
}

/// The selection of a row, where there is one.
fn at(state: &State, place: usize) -> Option<Action> {
    state.sessions.get(place).map(|session| Action::Select(session.sid))
}

/// A seek, not beyond the end where that is known (MINIPLAYER-006).
fn seek(session: &Session, position_ms: u64) -> Action {
    Action::Seek { sid: session.sid, position_ms: session.duration_ms.map_or(position_ms, |end| position_ms.min(end)) }
}

/// Another volume within its bounds; nothing where that is the same (MINIPLAYER-007).
fn volume(session: &Session, db: i32) -> Option<Action> {
    let db = db.clamp(MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MAX);
    (db != session.app_volume_db).then_some(Action::Volume { sid: session.sid, db })
}

/// The line of a command, once it is sent (MINIPLAYER-013).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(Action);

impl Line {
    /// The line of a command; a selection has none.
    pub const fn of(action: Action) -> Option<Self> {
        match action {
            Action::Select(_) => None,
            _ => Some(Self(action)),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let control = match self.0 {
            Action::Switch(sid) => return write!(f, "tray: session switch sid={sid}"),
            Action::TakeOver(sid) => return write!(f, "tray: handoff take-over sid={sid}"),
            Action::Play(_) => "play",
            Action::Pause(_) => "pause",
            Action::Seek { .. } => "seek",
            Action::Previous(_) => "prev",
            Action::Next(_) => "next",
            Action::Stop(_) => "stop",
            Action::Volume { .. } => "volume",
            Action::Mute { .. } => "mute",
            Action::Select(_) => "select",
        };
        write!(f, "tray: mini-player control={control}")
    }
}
