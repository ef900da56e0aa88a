//! Every bound of the mini-player is met from outside: the code is the documented one, and nothing that is shown changes.

use miniplayer::{MiniPlayer, ServiceError};
use spec::ErrorCode;
use spec::miniplayer::{
    Action, Key, MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX, MINIPLAYER_VOLUME_MAX, MINIPLAYER_VOLUME_MIN, Session, State,
};

fn session(sid: u32) -> Session {
    Session { sid, app: "nx:music".to_owned(), title: format!("Title {sid}"), playing: true, ..Session::default() }
}

fn state(count: u32) -> State {
    State { sessions: (1..=count).map(session).collect(), active: Some(1), offer: None }
}

/// A state that must be rejected, after one that is shown.
fn reject(wrong: State, code: ErrorCode) {
    let mut player = MiniPlayer::new();
    player.show(state(2)).expect("a right state");
    player.key(Key::Down);
    let (view, frame) = (player.view().clone(), player.draw().clone());
    let error: ServiceError = player.show(wrong).expect_err("this must be rejected");
    assert_eq!(error.code(), code);
    let told = error.to_string();
    assert!(told.starts_with(code.name()) && told.contains("; ") && told.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{told}");
    assert_eq!(*player.view(), view);
    assert_eq!(*player.draw(), frame);
    assert_eq!(player.key(Key::Enter), Some(Action::Switch(2)));
}

/// The same with a changed session.
fn reject_session(change: impl Fn(&mut Session), code: ErrorCode) {
    let mut wrong = state(2);
    wrong.sessions.iter_mut().skip(1).for_each(change);
    reject(wrong, code);
}

fn accept_session(change: impl Fn(&mut Session)) {
    let mut right = state(2);
    right.sessions.iter_mut().skip(1).for_each(change);
    MiniPlayer::new().show(right).expect("the bound itself is right");
}

#[test]
fn test_reject_miniplayer_sessions_over_max() {
    reject(state(MINIPLAYER_SESSIONS_MAX + 1), ErrorCode::TooManySessions);
    MiniPlayer::new().show(state(MINIPLAYER_SESSIONS_MAX)).expect("the bound itself is right");
}

#[test]
fn test_reject_miniplayer_text_over_max() {
    let text = |bytes: u32| "x".repeat(bytes as usize);
    let (max, over) = (text(MINIPLAYER_TEXT_BYTES_MAX), text(MINIPLAYER_TEXT_BYTES_MAX + 1));
    reject_session(|session| session.app.clone_from(&over), ErrorCode::OversizedText);
    reject_session(|session| session.title.clone_from(&over), ErrorCode::OversizedText);
    reject_session(|session| session.artist.clone_from(&over), ErrorCode::OversizedText);
    accept_session(|session| (session.app, session.title, session.artist) = (max.clone(), max.clone(), max.clone()));
}

#[test]
fn test_reject_miniplayer_volume_under_min() {
    reject_session(|session| session.app_volume_db = MINIPLAYER_VOLUME_MIN - 1, ErrorCode::OutOfRange);
    reject_session(|session| session.app_volume_db = i32::MIN, ErrorCode::OutOfRange);
    accept_session(|session| session.app_volume_db = MINIPLAYER_VOLUME_MIN);
}

#[test]
fn test_reject_miniplayer_volume_over_max() {
    reject_session(|session| session.app_volume_db = MINIPLAYER_VOLUME_MAX + 1, ErrorCode::OutOfRange);
    reject_session(|session| session.app_volume_db = i32::MAX, ErrorCode::OutOfRange);
    accept_session(|session| session.app_volume_db = MINIPLAYER_VOLUME_MAX);
}

#[test]
fn test_reject_miniplayer_unknown_and_repeated_sessions() {
    reject_session(|session| session.sid = 1, ErrorCode::DuplicateSession);
    reject_session(|session| session.sid = 0, ErrorCode::DuplicateSession);
    reject(State { active: Some(3), ..state(2) }, ErrorCode::UnknownSession);
    reject(State { offer: Some(3), ..state(2) }, ErrorCode::UnknownSession);
}

#[test]
fn test_reject_miniplayer_notifications() {
    let player = MiniPlayer::new();
    assert_eq!(player.notify().map_err(|error| error.code()), Err(ErrorCode::NotificationsGated));
    assert!(MiniPlayer::PLACEHOLDER.ends_with("stub/placeholder"));
}
