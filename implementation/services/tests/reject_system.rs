//! What the media services together reject, by messages.

use spec::ErrorCode;
use spec::system::{ALL_CLIENT_RIGHTS, Config, Obs, Op, System};

#[test]
fn test_reject_system_senders_over_max() {
    let mut machine = sut::machine::<System>();
    let config = |senders| Config { grants: vec![ALL_CLIENT_RIGHTS; senders], ..Config::default() };
    assert_eq!(machine.reset(&config(5)), Ok(Err(ErrorCode::OutOfRange)));
    assert_eq!(machine.reset(&config(4)), Ok(Ok(())));
    let beyond = Config { grants: vec![!ALL_CLIENT_RIGHTS], ..Config::default() };
    assert_eq!(machine.reset(&beyond), Ok(Err(ErrorCode::OutOfRange)));
}

#[test]
fn test_reject_system_tick_out_of_range() {
    let mut machine = sut::machine::<System>();
    assert_eq!(machine.reset(&Config::default()), Ok(Ok(())));
    for count in [0, 121, u32::MAX] {
        assert_eq!(machine.step(&Op::Tick(count)), Ok(Obs::rejected(ErrorCode::OutOfRange)));
    }
    for count in [1, 120] {
        assert!(matches!(machine.step(&Op::Tick(count)), Ok(Obs::Mixed { .. })));
    }
}
