//! Every bound of the overlays is met from outside: the code is the documented one, and nothing changes.

use services::ServiceError;
use services::volume::{Composed, Overlays, Setting, compose};
use spec::ErrorCode;
use spec::audiod::AUDIOD_APP_BYTES_MAX;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::volume::{VOLUME_APPS_MAX, VOLUME_DUCK_DB_MAX, VOLUME_PEAK_MAX, VOLUME_SESSION_MIN, VOLUME_SESSIONS_MAX};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// Session 1 of the app `a`, with something of everything.
fn overlays() -> Overlays {
    let mut overlays = Overlays::default();
    overlays.open(1, "a").expect("a session");
    overlays.set_volume(1, -256).expect("a volume");
    overlays.set_app_volume("a", -512).expect("a volume");
    overlays.set_app_muted("b", true).expect("a mute");
    overlays
}

#[test]
fn test_reject_volume_sessions_over_max() {
    let mut overlays = overlays();
    for session in 2..=VOLUME_SESSIONS_MAX {
        assert_eq!(overlays.open(session, "a"), Ok(()));
    }
    let before = overlays.clone();
    assert_eq!(code(overlays.open(VOLUME_SESSIONS_MAX + 1, "a")), ErrorCode::TooManySessions);
    assert_eq!(code(overlays.open(1, "a")), ErrorCode::SessionAlreadyOpen);
    assert_eq!(overlays, before);
    assert_eq!(overlays.close(3), Ok(()));
    assert_eq!(overlays.open(u32::MAX, "a"), Ok(()));
    assert_eq!(overlays.sessions().count(), VOLUME_SESSIONS_MAX as usize);
}

#[test]
fn test_reject_volume_session_zero() {
    let mut overlays = overlays();
    let before = overlays.clone();
    assert_eq!(code(overlays.open(VOLUME_SESSION_MIN - 1, "a")), ErrorCode::OutOfRange);
    for session in [0, 2] {
        assert_eq!(code(overlays.set_volume(session, GAIN_DB_Q8_8_MAX + 1)), ErrorCode::UnknownSession);
        assert_eq!(code(overlays.set_muted(session, true)), ErrorCode::UnknownSession);
        assert_eq!(code(overlays.decibels(session, 0, 1)), ErrorCode::UnknownSession);
        assert_eq!(code(overlays.overlay(session)), ErrorCode::UnknownSession);
        assert_eq!(code(overlays.close(session)), ErrorCode::UnknownSession);
    }
    assert_eq!(overlays, before);
}

#[test]
fn test_reject_volume_apps_over_max() {
    let mut overlays = overlays();
    for n in 2..VOLUME_APPS_MAX {
        assert_eq!(overlays.set_app_volume(&format!("app{n}"), -1), Ok(()));
    }
    let before = overlays.clone();
    assert_eq!(code(overlays.set_app_volume("more", -1)), ErrorCode::TooManyApps);
    assert_eq!(code(overlays.set_app_muted("more", true)), ErrorCode::TooManyApps);
    assert_eq!(overlays.set_app_volume("more", 0), Ok(()));
    assert_eq!(overlays.set_app_muted("more", false), Ok(()));
    assert_eq!(overlays, before);
    assert_eq!(overlays.set_app_muted("b", false), Ok(()));
    assert_eq!(overlays.set_app_volume("more", -1), Ok(()));
    assert_eq!(overlays.apps().count(), VOLUME_APPS_MAX as usize);
    assert_eq!((overlays.app("b"), overlays.app("a")), (Setting::default(), Setting { db: -512, muted: false }));
}

#[test]
fn test_reject_volume_app() {
    let mut overlays = overlays();
    let before = overlays.clone();
    let (longest, longer) = ("n".repeat(AUDIOD_APP_BYTES_MAX as usize), "n".repeat(AUDIOD_APP_BYTES_MAX as usize + 1));
    for app in ["", "a b", "a\n", "\u{e4}", &longer] {
        assert_eq!(code(overlays.open(1, app)), ErrorCode::InvalidApp);
        assert_eq!(code(overlays.set_app_volume(app, GAIN_DB_Q8_8_MAX + 1)), ErrorCode::InvalidApp);
        assert_eq!(code(overlays.set_app_muted(app, true)), ErrorCode::InvalidApp);
    }
    assert_eq!(overlays, before);
    assert_eq!(overlays.open(2, &longest), Ok(()));
}

#[test]
fn test_reject_volume_db_out_of_range() {
    let mut overlays = overlays();
    let before = overlays.clone();
    for db in [i32::MIN, GAIN_DB_Q8_8_MIN - 1, GAIN_DB_Q8_8_MAX + 1, i32::MAX] {
        assert_eq!(code(overlays.set_volume(1, db)), ErrorCode::OutOfRange);
        assert_eq!(code(overlays.set_app_volume("a", db)), ErrorCode::OutOfRange);
        assert_eq!(code(overlays.decibels(1, db, 1)), ErrorCode::OutOfRange);
    }
    assert_eq!(overlays, before);
    for db in [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX] {
        assert_eq!((overlays.set_volume(1, db), overlays.set_app_volume("a", db)), (Ok(()), Ok(())));
        assert_eq!(overlays.decibels(1, db, 0), Ok(Composed { db, muted: false }));
    }
}

#[test]
fn test_reject_volume_duck_out_of_range() {
    let overlays = overlays();
    for duck in [i32::MIN, GAIN_DB_Q8_8_MIN - 1, VOLUME_DUCK_DB_MAX + 1, i32::MAX] {
        assert_eq!(code(overlays.decibels(1, 0, duck)), ErrorCode::OutOfRange);
    }
    assert_eq!(overlays.decibels(1, -1, -1), Ok(Composed { db: -770, muted: false }));
}

#[test]
fn peaks_are_those_of_each_sample() {
    let pcm: Vec<i16> = vec![i16::MIN, 1, -3, i16::MAX, 0, -32_767];
    for db in [GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MIN + 1, -3072, -1, 0, 1, GAIN_DB_Q8_8_MAX] {
        let composed = Composed { db, muted: false };
        let each =
            |channel| pcm.iter().skip(channel).step_by(2).map(|sample| audio::gain::scale(*sample, composed.factor()).unsigned_abs()).max();
        assert_eq!(composed.peak(&pcm).map(Some), [each(0), each(1)], "{db}");
        assert_eq!(Composed { db, muted: true }.peak(&pcm), [0, 0]);
    }
    let loudest = Composed { db: GAIN_DB_Q8_8_MAX, muted: false };
    assert_eq!((loudest.peak(&pcm)[0], loudest.peak(&[])), (VOLUME_PEAK_MAX, [0, 0]));
    assert_eq!([compose([i32::MAX; 4]), compose([-1, i32::MIN]), compose([])], [GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN, 0]);
}
