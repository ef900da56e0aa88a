//! The tray's mini-player: what it shows of the media sessions, what its keys ask for, and its drawing.
//!
//! It is told the sessions' state and keeps a view of it; it asks nobody and waits for nothing. A frame is drawn into memory that the
//! mini-player has from its beginning, so that drawing allocates nothing.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

mod frame;
mod keys;
mod paint;
mod text;
mod view;

pub use audio::AudioError as ServiceError;
pub use frame::Frame;
pub use keys::Line;

use alloc::string::String;
use spec::ErrorCode;
use spec::miniplayer::{
    Action, Key, MINIPLAYER_NOTIFY, MINIPLAYER_OPEN, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX, MINIPLAYER_VOLUME_MAX,
    MINIPLAYER_VOLUME_MIN, Session, State, View,
};

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, ServiceError>;

/// The mini-player.
#[derive(Clone, Debug, Default)]
pub struct MiniPlayer {
    state: State,
    /// The selected session of the list.
    selected: Option<u32>,
    open: bool,
    view: View,
    frame: Frame,
    /// Whether the frame is that of the view.
    drawn: bool,
}

impl MiniPlayer {
    /// A mini-player that was told nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a state. Gives the line to print where the mini-player opens with it (MINIPLAYER-013).
    ///
    /// # Errors
    /// `too_many_sessions`; then, session by session, `duplicate_session`, `oversized_text` and `out_of_range`; then
    /// `unknown_session`. Nothing has changed then (MINIPLAYER-016).
    pub fn show(&mut self, state: State) -> Result<Option<&'static str>> {
        check(&state)?;
        let kept = self.selected.filter(|sid| view::find(&state, *sid).is_some());
        self.selected = kept.or(state.active).or_else(|| state.sessions.first().map(|session| session.sid));
        self.state = state;
        self.look();
        let opens = !self.open;
        self.open = true;
        Ok(opens.then_some(MINIPLAYER_OPEN))
    }

    /// What is shown.
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// Presses a key, and gives what it asks for. What it asks for has not happened: the next state says whether it did.
    pub fn key(&mut self, key: Key) -> Option<Action> {
        let action = keys::action(&self.state, self.selected, key);
        if let Some(Action::Select(sid)) = action {
            self.selected = Some(sid);
            self.look();
        }
        action
    }

    /// Draws what is shown, if it was not drawn yet (MINIPLAYER-014).
    pub fn draw(&mut self) -> &Frame {
        if !self.drawn {
            paint::paint(&self.view, &mut self.frame);
            self.drawn = true;
        }
        &self.frame
    }

    /// The frame as it was drawn last.
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Asks for a media notification, of which there are none yet. The line to print instead is [`MiniPlayer::PLACEHOLDER`].
    ///
    /// # Errors
    /// Always `notifications_gated` (MINIPLAYER-015).
    pub const fn notify(&self) -> Result<()> {
        Err(GATED)
    }

    /// The line that stands in the place of a notification.
    pub const PLACEHOLDER: &'static str = MINIPLAYER_NOTIFY;

    fn look(&mut self) {
        let view = view::view(&self.state, self.selected);
        self.drawn &= view == self.view;
        self.view = view;
    }
}

const GATED: ServiceError = ServiceError::plain(
    ErrorCode::NotificationsGated,
    "media notifications are a stub/placeholder without actions",
    "use the mini-player's own controls",
);

const REPEATED: ServiceError = ServiceError::plain(
    ErrorCode::DuplicateSession,
    "two sessions of the state have one id, or one has the id 0",
    "give each its own, from 1 on",
);

const UNKNOWN: ServiceError = ServiceError::plain(
    ErrorCode::UnknownSession,
    "the active or the offered session is none of the state",
    "name a session of the list, or none",
);

/// Whether a state can be shown (MINIPLAYER-016).
fn check(state: &State) -> Result<()> {
    let count = state.sessions.len();
    if count > MINIPLAYER_SESSIONS_MAX as usize {
        let range = (0, MINIPLAYER_SESSIONS_MAX);
        return Err(ServiceError::range(
            ErrorCode::TooManySessions,
            "the sessions of a state",
            count as i128,
            range,
            "show fewer sessions",
        ));
    }
    for (place, session) in state.sessions.iter().enumerate() {
        if session.sid == 0 || state.sessions.iter().take(place).any(|other| other.sid == session.sid) {
            return Err(REPEATED);
        }
        check_session(session)?;
    }
    let known = |sid: &u32| view::find(state, *sid).is_some();
    if state.active.iter().chain(state.offer.iter()).all(known) { Ok(()) } else { Err(UNKNOWN) }
}

fn check_session(session: &Session) -> Result<()> {
    let texts: [(&'static str, &String); 3] = [
        ("the bytes of the app's name", &session.app),
        ("the bytes of the title", &session.title),
        ("the bytes of the artist", &session.artist),
    ];
    for (what, text) in texts {
        if text.len() > MINIPLAYER_TEXT_BYTES_MAX as usize {
            let range = (0, MINIPLAYER_TEXT_BYTES_MAX);
            return Err(ServiceError::range(ErrorCode::OversizedText, what, text.len() as i128, range, "shorten it"));
        }
    }
    let range = (MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MAX);
    if session.app_volume_db < range.0 || session.app_volume_db > range.1 {
        let what = "the app's volume in Q8.8 dB";
        return Err(ServiceError::range(ErrorCode::OutOfRange, what, session.app_volume_db, range, "give a volume of that range"));
    }
    Ok(())
}
