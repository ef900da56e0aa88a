//! Machines whose keys ask for something else.

use super::{Flaw, NONE, active, wrong};
use crate::suite::Violation;
use spec::miniplayer::{Action, Key, MINIPLAYER_SEEK_STEP_MS, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, Miniplayer};

pub(super) fn of_keys() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-003", "asks to play what plays",
            asks: |_, _, action| match action {
                Some(Action::Pause(sid)) => Some(Action::Play(sid)),
                other => other,
            };
        "MINIPLAYER-006", "seeks ten seconds",
            asks: |_, key, action| match (key, action) {
                (Key::Right, Some(Action::Seek { sid, position_ms })) => {
                    Some(Action::Seek { sid, position_ms: position_ms.saturating_add(MINIPLAYER_SEEK_STEP_MS) })
                }
                (_, other) => other,
            };
        "MINIPLAYER-006", "seeks beyond the end",
            asks: |state, key, action| match (key, action, active(state)) {
                (Key::Right, Some(Action::Seek { sid, .. }), Some(session)) => {
                    Some(Action::Seek { sid, position_ms: session.position_ms.saturating_add(MINIPLAYER_SEEK_STEP_MS) })
                }
                (_, other, _) => other,
            };
        "MINIPLAYER-006", "does not seek back before five seconds",
            asks: |state, key, action| {
                let far = active(state).is_some_and(|session| session.position_ms >= MINIPLAYER_SEEK_STEP_MS);
                action.filter(|_| key != Key::Left || far)
            };
        "MINIPLAYER-006", "exchanges left and right",
            asks: |state, key, action| match (key, action, active(state)) {
                (Key::Left, Some(Action::Seek { sid, .. }), Some(session)) => {
                    let aim = session.position_ms.saturating_add(MINIPLAYER_SEEK_STEP_MS);
                    Some(Action::Seek { sid, position_ms: session.duration_ms.map_or(aim, |end| aim.min(end)) })
                }
                (_, other, _) => other,
            };
        "MINIPLAYER-007", "changes the volume by half a decibel",
            asks: |state, _, action| match (action, active(state)) {
                (Some(Action::Volume { sid, db }), Some(session)) => Some(Action::Volume { sid, db: (db + session.app_volume_db) / 2 }),
                (other, _) => other,
            };
        "MINIPLAYER-007", "asks for the bound at the bound",
            asks: |state, key, action| match (key, active(state)) {
                (Key::Plus, Some(session)) if action.is_none() => Some(Action::Volume { sid: session.sid, db: MINIPLAYER_VOLUME_MAX }),
                _ => action,
            };
        "MINIPLAYER-007", "does nothing within a step of the lowest volume",
            asks: |_, key, action| action.filter(|action| {
                key != Key::Minus || !matches!(action, Action::Volume { db: MINIPLAYER_VOLUME_MIN, .. })
            });
        "MINIPLAYER-008", "asks to mute whatever is",
            asks: |_, _, action| match action {
                Some(Action::Mute { sid, .. }) => Some(Action::Mute { sid, muted: true }),
                other => other,
            };
        "MINIPLAYER-008", "asks by the session's mute",
            asks: |state, _, action| match (action, active(state)) {
                (Some(Action::Mute { sid, .. }), Some(session)) => Some(Action::Mute { sid, muted: !session.muted }),
                (other, _) => other,
            };
        "MINIPLAYER-011", "exchanges previous and next",
            asks: |_, _, action| match action {
                Some(Action::Previous(sid)) => Some(Action::Next(sid)),
                Some(Action::Next(sid)) => Some(Action::Previous(sid)),
                other => other,
            };
        "MINIPLAYER-011", "goes from the last row to the first",
            asks: |state, key, action| match (key, action, state.sessions.first()) {
                (Key::Down, None, Some(first)) => Some(Action::Select(first.sid)),
                (_, other, _) => other,
            };
        "MINIPLAYER-011", "asks to switch to the active session",
            asks: |state, key, action| match (key, action) {
                (Key::Enter, None) => state.active.map(Action::Switch),
                (_, other) => other,
            };
        "MINIPLAYER-011", "pauses at stop",
            asks: |_, _, action| match action {
                Some(Action::Stop(sid)) => Some(Action::Pause(sid)),
                other => other,
            };
        "MINIPLAYER-012", "takes over the active session",
            asks: |state, _, action| match action {
                Some(Action::TakeOver(sid)) => Some(Action::TakeOver(state.active.unwrap_or(sid))),
                other => other,
            };
    }
}
