//! The bounds of `ducking` are met from outside: the code is the documented one, and nothing changes.

use services::ServiceError;
use services::ducking::{Config, Ducking, Ramp, Rule, check_blocks};
use spec::ErrorCode;
use spec::ducking::{
    DUCKING_BLOCKS_MAX, DUCKING_CAUSES_MAX, DUCKING_DB_Q8_8_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_RAMP_MS_MAX, DUCKING_SESSIONS_MAX,
};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// One session in the middle of a ramp.
fn ramping() -> Ducking {
    let mut ducking = Ducking::new(Config::default()).expect("a configuration");
    ducking.open(1).expect("a session");
    ducking.duck(1, 0, Rule::DuckDb).expect("a cause");
    ducking.advance();
    ducking.advance();
    assert_eq!(ducking.gain(1), Ok(-614));
    ducking
}

#[test]
fn test_reject_ducking_depth_over_max() {
    let mut ducking = ramping();
    let before = ducking.clone();
    for depth in [DUCKING_DB_Q8_8_MIN - 1, DUCKING_DB_Q8_8_MAX + 1, i32::MIN, i32::MAX] {
        let (db, ui) = (Config { duck_db_q8_8: depth, ..Config::default() }, Config { duck_db_ui_q8_8: depth, ..Config::default() });
        for config in [db, ui] {
            assert_eq!(code(ducking.configure(config)), ErrorCode::OutOfRange);
            assert_eq!(code(Ducking::new(config)), ErrorCode::OutOfRange);
        }
    }
    assert_eq!(ducking, before);
    let extremes = Config { duck_db_q8_8: DUCKING_DB_Q8_8_MIN, duck_db_ui_q8_8: DUCKING_DB_Q8_8_MAX, ramp_ms: 0 };
    assert_eq!(ducking.configure(extremes), Ok(()));
    assert_eq!(ducking.gain(1), Ok(DUCKING_DB_Q8_8_MIN));
}

#[test]
fn test_reject_ducking_ramp_over_max() {
    let mut ducking = ramping();
    let before = ducking.clone();
    let of = |ramp_ms| Config { ramp_ms, ..Config::default() };
    assert_eq!(code(ducking.configure(of(DUCKING_RAMP_MS_MAX + 1))), ErrorCode::OutOfRange);
    assert_eq!(code(Ducking::new(of(u32::MAX))), ErrorCode::OutOfRange);
    assert_eq!(ducking, before);
    assert_eq!(ducking.configure(of(DUCKING_RAMP_MS_MAX)), Ok(()));
}

#[test]
fn test_reject_ducking_sessions_over_max() {
    let mut ducking = ramping();
    for session in 2..=DUCKING_SESSIONS_MAX {
        assert_eq!(ducking.open(session), Ok(()));
    }
    let before = ducking.clone();
    let more = DUCKING_SESSIONS_MAX + 1;
    assert_eq!(code(ducking.open(more)), ErrorCode::TooManySessions);
    assert_eq!(code(ducking.open(1)), ErrorCode::DuplicateSession);
    assert_eq!(code(ducking.open(0)), ErrorCode::OutOfRange);
    assert_eq!(code(ducking.close(more)), ErrorCode::UnknownSession);
    assert_eq!(code(ducking.duck(more, 1, Rule::DuckDb)), ErrorCode::UnknownSession);
    assert_eq!(code(ducking.unduck(more, 1)), ErrorCode::UnknownSession);
    assert_eq!(code(ducking.gain(more)), ErrorCode::UnknownSession);
    assert_eq!(code(ducking.is_ducked(more)), ErrorCode::UnknownSession);
    assert_eq!(ducking, before);
    assert_eq!(ducking.close(2), Ok(()));
    assert_eq!(ducking.open(more), Ok(()));
}

#[test]
fn test_reject_ducking_causes_over_max() {
    let mut ducking = ramping();
    for cause in 1..DUCKING_CAUSES_MAX {
        assert_eq!(ducking.duck(1, cause, Rule::DuckDbUi), Ok(()));
    }
    let before = ducking.clone();
    assert_eq!(code(ducking.duck(1, DUCKING_CAUSES_MAX, Rule::DuckDb)), ErrorCode::TooManyDuckCauses);
    assert_eq!(code(ducking.unduck(1, DUCKING_CAUSES_MAX)), ErrorCode::UnknownDuckCause);
    assert_eq!(ducking, before);
    assert_eq!(ducking.duck(1, 1, Rule::DuckDb), Ok(()));
}

#[test]
fn test_reject_ducking_blocks_over_max() {
    assert_eq!(code(check_blocks(DUCKING_BLOCKS_MAX + 1)), ErrorCode::OutOfRange);
    assert_eq!(code(check_blocks(u32::MAX)), ErrorCode::OutOfRange);
    assert_eq!(check_blocks(DUCKING_BLOCKS_MAX), Ok(()));
}

#[test]
fn a_ramp_of_five_blocks_has_the_documented_steps() {
    let mut ramp = Ramp::default();
    assert_eq!(ramp.retarget(-1_536, 50), 0);
    let mut steps = [0; 6];
    for step in &mut steps {
        ramp.advance();
        *step = ramp.value();
    }
    assert_eq!(steps, [-307, -614, -922, -1229, -1536, -1536]);
}
