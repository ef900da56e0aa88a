//! Machines that show another view.

use super::{Flaw, NONE, active, current, wrong};
use crate::suite::Violation;
use spec::miniplayer::{
    Glyph, MINIPLAYER_SEEK_WIDTH, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX, MINIPLAYER_TIME_MAX_MS, MINIPLAYER_TITLE_CHARS,
    MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_WIDTH, Miniplayer, Session, State, View,
};

pub(super) fn of_views() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-001", "shows the first session instead of the active one",
            hears: |state| {
                let first = state.sessions.first().map(|session| session.sid);
                State { active: first.filter(|_| state.active.is_some()), ..state.clone() }
            };
        "MINIPLAYER-001", "shows a session though none is active",
            hears: |state| State { active: state.active.or(state.sessions.first().map(|session| session.sid)), ..state.clone() };
        "MINIPLAYER-001", "shows nothing while the active session is paused",
            shows: |state, view| View { current: view.current.filter(|_| active(state).is_some_and(|session| session.playing)), ..view };
        "MINIPLAYER-002", "cuts titles without a mark",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| current.title.ends_with("...")) {
                    current.title = session.title.chars().take(MINIPLAYER_TITLE_CHARS as usize).collect();
                }
            });
        "MINIPLAYER-002", "cuts titles by their bytes",
            shows: |state, view| current(view, |current| {
                let long = |session: &&Session| session.title.len() > MINIPLAYER_TITLE_CHARS as usize && !session.title.is_ascii();
                if let Some(session) = active(state).filter(long) {
                    let whole = session.title.char_indices().take_while(|(at, _)| *at < MINIPLAYER_TITLE_CHARS as usize - 3);
                    current.title = whole.map(|(_, letter)| letter).collect::<String>() + "...";
                }
            });
        "MINIPLAYER-002", "leaves out what the font lacks",
            shows: |_, view| current(view, |current| current.artist = current.artist.replace('?', ""));
        "MINIPLAYER-002", "has no name for a session without a title",
            shows: |state, view| current(view, |current| {
                if active(state).is_some_and(|session| session.title.is_empty()) {
                    current.title.clear();
                }
            });
        "MINIPLAYER-003", "shows what the session does instead of what the key does",
            shows: |_, view| current(view, |current| current.glyph = if current.glyph == Glyph::Play { Glyph::Pause } else { Glyph::Play });
        "MINIPLAYER-004", "rounds the fill up",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && *end > 0
                {
                    let product = u128::from(MINIPLAYER_SEEK_WIDTH) * u128::from(*position_ms.min(end));
                    current.seek_fill = Some(product.div_ceil(u128::from(*end)) as u32);
                }
            });
        "MINIPLAYER-004", "fills beyond the end of the bar",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && position_ms > end
                {
                    current.seek_fill = current.seek_fill.map(|fill| fill + 1);
                }
            });
        "MINIPLAYER-004", "fills the bar of an unknown duration",
            shows: |_, view| current(view, |current| current.seek_fill = current.seek_fill.or(Some(MINIPLAYER_SEEK_WIDTH)));
        "MINIPLAYER-004", "fills the bar of a duration of 0",
            shows: |state, view| current(view, |current| {
                if active(state).is_some_and(|session| session.duration_ms == Some(0)) {
                    current.seek_fill = Some(MINIPLAYER_SEEK_WIDTH);
                }
            });
        "MINIPLAYER-005", "rounds seconds to the nearest",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    session.position_ms = session.position_ms.saturating_add(if session.duration_ms.is_none() { 500 } else { 0 });
                }
                state
            };
        "MINIPLAYER-005", "tells seconds without a leading zero",
            shows: |_, view| current(view, |current| current.elapsed = current.elapsed.replace(":0", ":"));
        "MINIPLAYER-005", "tells minutes of any number",
            shows: |state, view| current(view, |current| {
                if let Some(end) = active(state).and_then(|session| session.duration_ms).filter(|end| *end > MINIPLAYER_TIME_MAX_MS) {
                    current.total = Some(format!("{}:{:02}", end / 60_000, end / 1_000 % 60));
                }
            });
        "MINIPLAYER-005", "tells a position beyond the end",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && position_ms > end
                {
                    current.elapsed.push('+');
                }
            });
        "MINIPLAYER-007", "tells decibels that are cut off",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| !current.muted) {
                    let whole = session.app_volume_db / 256;
                    current.volume = if whole > 0 { format!("+{whole} dB") } else { format!("{whole} dB") };
                }
            });
        "MINIPLAYER-007", "fills the volume bar to the nearest pixel",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state) {
                    let (span, above) = (MINIPLAYER_VOLUME_MAX - MINIPLAYER_VOLUME_MIN, session.app_volume_db - MINIPLAYER_VOLUME_MIN);
                    let product = i64::from(above) * i64::from(MINIPLAYER_VOLUME_WIDTH);
                    current.volume_fill = ((product + i64::from(span) / 2) / i64::from(span)) as u32;
                }
            });
        "MINIPLAYER-008", "shows the app's mute alone",
            hears: |state| {
                let mut state = state.clone();
                state.sessions.iter_mut().for_each(|session| session.muted = false);
                state
            };
        "MINIPLAYER-008", "shows the volume of what is muted",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| current.muted) {
                    current.volume = format!("{} dB", session.app_volume_db / 256);
                }
            });
        "MINIPLAYER-009", "never shows DUCKED", shows: |_, view| current(view, |current| current.ducked = false);
        "MINIPLAYER-009", "shows DUCKED while any session is",
            shows: |state, view| current(view, |current| current.ducked = state.sessions.iter().any(|session| session.ducked));
        "MINIPLAYER-009", "hides DUCKED while the session is paused",
            shows: |state, view| current(view, |current| current.ducked &= active(state).is_some_and(|session| session.playing));
        "MINIPLAYER-010", "lists sessions by their ids",
            hears: |state| {
                let mut state = state.clone();
                let active = state.active.or(state.sessions.first().map(|session| session.sid));
                state.sessions.sort_by_key(|session| session.sid);
                State { active: state.active.and(active), ..state }
            };
        "MINIPLAYER-010", "marks the active session as the selected one",
            shows: |_, mut view| {
                view.rows.iter_mut().for_each(|row| row.selected = row.active);
                view
            };
        "MINIPLAYER-010", "lists the first five whatever is selected",
            shows: |state, mut view| {
                if view.rows.first().map(|row| row.sid) != state.sessions.first().map(|session| session.sid) {
                    view.rows.reverse();
                }
                view
            };
        "MINIPLAYER-010", "counts the rows in sight", shows: |_, view| View { sessions: view.rows.len() as u32, ..view };
        "MINIPLAYER-010", "marks no session that plays",
            shows: |_, mut view| {
                view.rows.iter_mut().for_each(|row| row.playing = false);
                view
            };
        "MINIPLAYER-012", "shows no offer", shows: |_, view| View { offer: None, ..view };
        "MINIPLAYER-012", "offers the active session too", shows: |state, view| View { offer: view.offer.or(state.active), ..view };
        "MINIPLAYER-016", "shows the first sixteen of more",
            hears: |state| {
                let first = state.sessions.iter().take(MINIPLAYER_SESSIONS_MAX as usize);
                State { sessions: first.cloned().collect(), ..state.clone() }
            };
        "MINIPLAYER-016", "takes the first of two same sessions",
            hears: |state| {
                let mut kept: Vec<Session> = Vec::new();
                for session in &state.sessions {
                    if kept.iter().all(|other| other.sid != session.sid) {
                        kept.push(session.clone());
                    }
                }
                State { sessions: kept, ..state.clone() }
            };
        "MINIPLAYER-016", "takes an active session that there is not",
            hears: |state| State { active: active(state).map(|session| session.sid), ..state.clone() };
        "MINIPLAYER-016", "takes an offer that there is not",
            hears: |state| {
                let there = |sid: &u32| state.sessions.iter().any(|session| session.sid == *sid);
                State { offer: state.offer.filter(there), ..state.clone() }
            };
        "MINIPLAYER-016", "moves a volume to its nearest bound",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    session.app_volume_db = session.app_volume_db.clamp(MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MAX);
                }
                state
            };
        "MINIPLAYER-016", "takes texts of one byte more",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    if session.title.len() == MINIPLAYER_TEXT_BYTES_MAX as usize + 1 {
                        session.title.pop();
                    }
                }
                state
            };
    }
}
