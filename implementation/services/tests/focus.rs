//! The bounds of `focus` are met from outside: the code is the documented one, and nothing changes.

use services::ServiceError;
use services::focus::Focus;
use spec::ErrorCode;
use spec::focus::{Change, Class, FOCUS_SESSIONS_MAX, Kind, Playback, What};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

#[test]
fn test_reject_focus_sessions_over_max() {
    let mut focus = Focus::new(true);
    for sid in 1..=FOCUS_SESSIONS_MAX {
        assert!(focus.register(sid * 2, Class::Music).expect("a session").is_empty());
    }
    focus.play(2).expect("it plays");
    let before = focus.clone();
    assert_eq!(code(focus.register(1, Class::Ui)), ErrorCode::TooManySessions);
    assert_eq!(code(focus.register(2, Class::Ui)), ErrorCode::DuplicateSession);
    assert_eq!(code(focus.register(0, Class::Ui)), ErrorCode::OutOfRange);
    for op in [Focus::close, Focus::abandon, Focus::play, Focus::pause] {
        assert_eq!(code(op(&mut focus, 1)), ErrorCode::UnknownSession);
    }
    assert_eq!(code(focus.request(1, Kind::Gain)), ErrorCode::UnknownSession);
    assert_eq!(code(focus.session(1)), ErrorCode::UnknownSession);
    assert_eq!(code(focus.abandon(4)), ErrorCode::FocusNotHeld);
    assert_eq!(focus, before);
    focus.close(2).expect("it goes");
    focus.register(1, Class::Ui).expect("there is room again");
    assert_eq!(focus.sessions().map(|session| session.sid).take(2).collect::<Vec<_>>(), [1, 4]);
}

#[test]
fn test_reject_focus_play_that_would_not_resume() {
    let mut focus = Focus::new(false);
    focus.register(1, Class::Alarm).expect("a session");
    focus.register(2, Class::Music).expect("a session");
    focus.play(1).expect("it plays");
    let before = focus.clone();
    assert_eq!(code(focus.play(2)), ErrorCode::FocusPreempted);
    assert_eq!(focus, before);
    focus.pause(1).expect("it pauses");
    assert_eq!(**focus.play(2).expect("it plays"), [Change { sid: 2, what: What::Playing }]);
}

#[test]
fn every_session_can_change_at_once() {
    let mut focus = Focus::new(true);
    for sid in 1..FOCUS_SESSIONS_MAX {
        focus.register(sid, Class::Music).expect("a session");
        focus.request(sid, Kind::Transient).expect("focus");
        focus.play(sid).expect("it plays");
    }
    focus.register(99, Class::Alarm).expect("a session");
    assert_eq!(focus.play(99).expect("it plays").len(), FOCUS_SESSIONS_MAX as usize);
    assert_eq!(focus.session(1).expect("a session").playback, Playback::Waiting);
    assert_eq!(focus.close(99).expect("it goes").len(), FOCUS_SESSIONS_MAX as usize - 1);
    focus.register(99, Class::Comms).expect("a session");
    assert_eq!(focus.play(99).expect("it plays").len(), FOCUS_SESSIONS_MAX as usize);
}
