//! The registry of sessions from outside: every bound is met, what is rejected changes nothing, and a begun thing ends.

use services::ServiceError;
use services::sessions::{Limits, Metadata, Registry};
use spec::ErrorCode;
use spec::media::Class;
use spec::sessions::{Act, Command, Consumed, Key, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX, SESSIONS_TICK_BLOCKS_MAX};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// A registry with so many sessions, and the lines that it printed.
fn registry(sessions: u32) -> (Registry, Vec<String>) {
    let mut lines = Vec::new();
    let mut registry = Registry::start(Limits::default(), &mut lines).expect("the largest limits are limits");
    for _ in 0..sessions {
        registry.publish("app", Class::Music, true, &mut lines).expect("a session");
    }
    (registry, lines)
}

#[test]
fn test_reject_sessions_over_max() {
    let (mut full, mut lines) = registry(SESSIONS_MAX);
    let before = (full.clone(), lines.clone());
    assert_eq!(code(full.publish("app", Class::Ui, false, &mut lines)), ErrorCode::TooManySessions);
    assert_eq!(code(full.publish("an app", Class::Ui, false, &mut lines)), ErrorCode::InvalidApp);
    for unknown in [0, SESSIONS_MAX + 1, u32::MAX] {
        assert_eq!(code(full.withdraw(unknown, &mut lines)), ErrorCode::UnknownSession);
        assert_eq!(code(full.play(unknown, &mut lines)), ErrorCode::UnknownSession);
        assert_eq!(code(full.stop(unknown, &mut lines)), ErrorCode::UnknownSession);
        assert_eq!(code(full.accept(unknown, &mut lines)), ErrorCode::UnknownSession);
        assert_eq!(code(full.set_metadata(unknown, &Metadata::default())), ErrorCode::UnknownSession);
        assert_eq!(code(full.take_commands(unknown)), ErrorCode::UnknownSession);
    }
    assert_eq!((full.clone(), lines.clone()), before);
    assert_eq!(full.withdraw(1, &mut lines), Ok(()));
    assert_eq!(full.publish("app", Class::Ui, false, &mut lines), Ok(SESSIONS_MAX + 1));
}

#[test]
fn test_reject_sessions_limits() {
    let mut lines = Vec::new();
    for limits in [
        Limits { sessions: 0, ..Limits::default() },
        Limits { sessions: SESSIONS_MAX + 1, ..Limits::default() },
        Limits { commands: 0, ..Limits::default() },
        Limits { commands: SESSIONS_COMMANDS_MAX + 1, ..Limits::default() },
        Limits { text_bytes: 0, ..Limits::default() },
        Limits { text_bytes: SESSIONS_TEXT_BYTES_MAX + 1, ..Limits::default() },
    ] {
        assert_eq!(code(Registry::start(limits, &mut lines)), ErrorCode::OutOfRange);
        assert_eq!(code(Registry::with_clock(limits, &mut lines)), ErrorCode::OutOfRange);
    }
    assert!(lines.is_empty());
    let mut one = Registry::start(Limits { sessions: 1, commands: 1, text_bytes: 1 }, &mut lines).expect("limits of 1");
    assert_eq!(one.publish("app", Class::Music, true, &mut lines), Ok(1));
    assert_eq!(code(one.publish("app", Class::Music, true, &mut lines)), ErrorCode::TooManySessions);
}

#[test]
fn test_reject_sessions_text_over_max() {
    let (mut registry, _) = registry(1);
    let kept = Metadata { title: b"Title", artwork: b"pkg://fixtures/artwork/tide.png", duration_ms: Some(1), ..Metadata::default() };
    assert_eq!(registry.set_metadata(1, &kept), Ok(()));
    let before = registry.clone();
    let long = vec![b't'; SESSIONS_TEXT_BYTES_MAX as usize + 1];
    for metadata in [
        Metadata { title: &long, ..kept },
        Metadata { artist: &long, ..kept },
        Metadata { album: &long, ..kept },
        Metadata { artwork: &long, ..kept },
    ] {
        assert_eq!(code(registry.set_metadata(1, &metadata)), ErrorCode::TextTooLong);
    }
    for bad in [&b"\xff"[..], b"a\nb", b"\xc2\x80"] {
        assert_eq!(code(registry.set_metadata(1, &Metadata { title: b"new", artwork: bad, ..kept })), ErrorCode::InvalidMetadata);
    }
    assert_eq!(registry, before);
    let longest = Metadata { album: long.get(1..).expect("it is not empty"), ..kept };
    assert_eq!(registry.set_metadata(1, &longest), Ok(()));
    assert_eq!(registry.get(1).map(|session| session.album().len()), Ok(SESSIONS_TEXT_BYTES_MAX as usize));
}

#[test]
fn test_reject_sessions_commands_over_max() {
    let (mut registry, mut lines) = registry(1);
    for ms in 0..SESSIONS_COMMANDS_MAX {
        assert_eq!(registry.command(1, Command::Seek(u64::from(ms))), Ok(()));
    }
    let before = (registry.clone(), lines.clone());
    assert_eq!(code(registry.command(1, Command::Next)), ErrorCode::TooManyCommands);
    assert_eq!(code(registry.key(Key::Prev, &mut lines)), ErrorCode::TooManyCommands);
    assert_eq!((registry.clone(), lines.clone()), before);
    assert_eq!(registry.key(Key::Mute, &mut lines), Ok((1, Act::Mute)));
    let given = registry.take_commands(1).expect("the session is there");
    assert_eq!(given, (0..SESSIONS_COMMANDS_MAX).map(|ms| Command::Seek(u64::from(ms))).collect::<Vec<_>>());
    assert_eq!(registry.take_commands(1), Ok(Vec::new()));
}

#[test]
fn test_reject_sessions_tick_over_max() {
    let (mut registry, mut lines) = registry(2);
    assert_eq!((registry.play(1, &mut lines), registry.seek(1, 70)), (Ok(true), Ok(70)));
    let before = registry.clone();
    assert_eq!(code(registry.tick(SESSIONS_TICK_BLOCKS_MAX + 1)), ErrorCode::OutOfRange);
    assert_eq!(code(registry.set_now(1)), ErrorCode::WrongTimeSource);
    let entry = |sid, frames| Consumed { sid, frames };
    assert_eq!(code(registry.block(&[entry(1, 480), entry(2, 481)])), ErrorCode::OutOfRange);
    assert_eq!(code(registry.block(&[entry(1, 240), entry(1, 241)])), ErrorCode::OutOfRange);
    assert_eq!(code(registry.block(&[entry(1, u32::MAX), entry(1, 1)])), ErrorCode::OutOfRange);
    assert_eq!(code(registry.block(&[entry(1, 480), entry(3, 0)])), ErrorCode::UnknownSession);
    assert_eq!(registry, before);
    assert_eq!(registry.tick(SESSIONS_TICK_BLOCKS_MAX), Ok(()));
    assert_eq!(registry.get(1).map(|session| registry.position_ms(session)), Ok(60_070));

    let mut clock = Registry::with_clock(Limits::default(), &mut lines).expect("a registry");
    let before = clock.clone();
    assert_eq!(code(clock.tick(1)), ErrorCode::WrongTimeSource);
    assert_eq!(code(clock.block(&[])), ErrorCode::WrongTimeSource);
    assert_eq!(clock, before);
}

#[test]
fn test_reject_sessions_handoff_keys_and_seeks() {
    let (mut registry, mut lines) = registry(0);
    assert_eq!(code(registry.key(Key::Play, &mut lines)), ErrorCode::NoCurrentSession);
    assert_eq!(registry.publish("app", Class::Comms, false, &mut lines), Ok(1));
    assert_eq!(registry.publish("app", Class::Comms, true, &mut lines), Ok(2));
    let before = (registry.clone(), lines.clone());
    assert_eq!(code(registry.seek(1, 0)), ErrorCode::NotSeekable);
    assert_eq!(code(registry.seek_by(1, 1)), ErrorCode::NotSeekable);
    assert_eq!(code(registry.command(1, Command::Seek(0))), ErrorCode::NotSeekable);
    assert_eq!(code(registry.accept(2, &mut lines)), ErrorCode::NoHandoffOffer);
    assert_eq!((registry, lines), before);
}
