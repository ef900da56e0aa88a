//! Each bound of the audio service, from both sides: what lies beyond is rejected, and nothing has changed.

use spec::ErrorCode;
use spec::audiod::{
    ALL_RIGHTS, AUDIOD_APP_BYTES_MAX, AUDIOD_RAMP_MS_MAX, AUDIOD_STREAMS_MAX, AUDIOD_URI_BYTES_MAX, Call, Config, Obs, Op, RIGHTS, Sink,
    State, Stats,
};
use spec::capabilities::{METHODS, Method};
use spec::{Machine, audiod::Audiod};
use std::collections::BTreeSet;

fn machine(config: Config) -> Box<dyn Machine<Audiod>> {
    let mut machine = sut::machine::<Audiod>();
    assert_eq!(machine.reset(&config), Ok(Ok(())));
    machine
}

fn call(machine: &mut dyn Machine<Audiod>, call: Call) -> Obs {
    machine.step(&Op::Call { sender: 0, call }).expect("an answer")
}

fn rejected(code: ErrorCode) -> Obs {
    Obs::Rejected(code)
}

/// All that can be seen without changing it.
fn state(machine: &mut dyn Machine<Audiod>) -> Vec<Obs> {
    let seen = [Call::Stats, Call::Meters, Call::GetLevel, Call::SinkState, Call::Position(1), Call::Position(2)];
    seen.into_iter().map(|asked| call(machine, asked)).collect()
}

/// Asks what must be rejected, and that it changed nothing.
fn assert_rejected(machine: &mut dyn Machine<Audiod>, asked: Call, code: ErrorCode) {
    let before = state(machine);
    assert_eq!(call(machine, asked.clone()), rejected(code), "{asked:?}");
    assert_eq!(state(machine), before, "{asked:?} changed something");
}

fn busy() -> Box<dyn Machine<Audiod>> {
    let mut machine = machine(Config::default());
    call(&mut *machine, Call::OpenStream("first".into()));
    call(&mut *machine, Call::Write { stream: 1, frames: 960, seed: 1 });
    call(&mut *machine, Call::Start(1));
    machine.step(&Op::Tick(1)).expect("a block");
    machine
}

#[test]
fn test_reject_audiod_streams_over_max() {
    let mut machine = busy();
    for _ in 1..AUDIOD_STREAMS_MAX {
        assert!(matches!(call(&mut *machine, Call::OpenStream("more".into())), Obs::Opened { frames: 1_920, .. }));
    }
    assert_rejected(&mut *machine, Call::OpenStream("one".into()), ErrorCode::TooManyStreams);
    assert_rejected(&mut *machine, Call::PlayTone { hz: 440, ms: 10 }, ErrorCode::TooManyStreams);
    assert_eq!(call(&mut *machine, Call::Close(7)), Obs::Done);
    assert_eq!(call(&mut *machine, Call::OpenStream("one".into())), Obs::Opened { stream: 17, frames: 1_920 });
}

#[test]
fn test_reject_audiod_senders_over_max() {
    let mut machine = sut::machine::<Audiod>();
    let config = |senders| Config { grants: vec![ALL_RIGHTS; senders], ..Config::default() };
    assert_eq!(machine.reset(&config(5)), Ok(Err(ErrorCode::OutOfRange)));
    assert_eq!(machine.reset(&config(4)), Ok(Ok(())));
}

#[test]
fn test_reject_audiod_record_bound_out_of_range() {
    let mut machine = sut::machine::<Audiod>();
    for (record_blocks_max, accepted) in [(0, false), (1, true), (4_369, true), (4_370, false)] {
        let outcome = machine.reset(&Config { record_blocks_max, ..Config::default() });
        assert_eq!(outcome, Ok(if accepted { Ok(()) } else { Err(ErrorCode::OutOfRange) }));
    }
}

#[test]
fn test_reject_audiod_tick_out_of_range() {
    let mut machine = busy();
    for count in [0, 121, u32::MAX] {
        let before = state(&mut *machine);
        assert_eq!(machine.step(&Op::Tick(count)), Ok(rejected(ErrorCode::OutOfRange)));
        assert_eq!(state(&mut *machine), before);
    }
    assert!(matches!(machine.step(&Op::Tick(120)), Ok(Obs::Mixed { .. })));
}

#[test]
fn test_reject_audiod_app() {
    let mut machine = busy();
    for app in ["", "two words", "a=b", "na\u{ef}ve", "a\n"] {
        assert_rejected(&mut *machine, Call::OpenStream(app.into()), ErrorCode::InvalidApp);
    }
    assert_rejected(&mut *machine, Call::OpenStream("a".repeat(AUDIOD_APP_BYTES_MAX as usize + 1)), ErrorCode::InvalidApp);
    assert!(matches!(call(&mut *machine, Call::OpenStream("a".repeat(AUDIOD_APP_BYTES_MAX as usize))), Obs::Opened { .. }));
}

#[test]
fn test_reject_audiod_record_uri() {
    let mut machine = busy();
    let long = |bytes: usize| format!("state:/{}.wav", "x".repeat(bytes - "state:/.wav".len()));
    for uri in ["", "state:/", "state:/.wav", "state:/../a.wav", "state:/a//b.wav", "pkg:/a.wav", "state:/a.mp3", "state:/a b.wav"] {
        assert_rejected(&mut *machine, Call::RecordStart(uri.into()), ErrorCode::InvalidUri);
    }
    assert_rejected(&mut *machine, Call::RecordStart(long(AUDIOD_URI_BYTES_MAX as usize + 1)), ErrorCode::InvalidUri);
    assert_eq!(call(&mut *machine, Call::RecordStart(long(AUDIOD_URI_BYTES_MAX as usize))), Obs::Done);
    assert_rejected(&mut *machine, Call::RecordStart(long(40)), ErrorCode::AlreadyRecording);
}

#[test]
fn test_reject_audiod_ramp_over_max() {
    let mut machine = busy();
    for ms in [AUDIOD_RAMP_MS_MAX + 1, u32::MAX] {
        assert_rejected(&mut *machine, Call::Duck { stream: 1, ms }, ErrorCode::OutOfRange);
        assert_rejected(&mut *machine, Call::Unduck { stream: 1, ms }, ErrorCode::OutOfRange);
    }
    assert_eq!(call(&mut *machine, Call::Duck { stream: 1, ms: AUDIOD_RAMP_MS_MAX }), Obs::Done);
}

#[test]
fn test_reject_audiod_sinks_that_are_not_there() {
    let mut machine = machine(Config { state: State::Missing, ..Config::default() });
    assert_rejected(&mut *machine, Call::SelectSink(Sink::I2s), ErrorCode::SinkUnavailable);
    assert_rejected(&mut *machine, Call::SelectSink(Sink::File), ErrorCode::SinkUnavailable);
    assert_rejected(&mut *machine, Call::RecordStart("state:/a.wav".into()), ErrorCode::StateUnavailable);
    assert_rejected(&mut *machine, Call::RecordStop, ErrorCode::NotRecording);
}

/// Each capability alone taken away makes exactly the methods that need it fail, and each denial is recorded.
#[test]
fn test_reject_audiod_without_capability() {
    let every = [
        Call::DefaultFormat,
        Call::SinkState,
        Call::SetLevel(0),
        Call::SetMuted(true),
        Call::GetLevel,
        Call::PlayTone { hz: 440, ms: 10 },
        Call::OpenStream("music".into()),
        Call::Write { stream: 1, frames: 480, seed: 0 },
        Call::Start(1),
        Call::Pause(1),
        Call::Close(1),
        Call::SetStreamGain { stream: 1, db: 0 },
        Call::SetStreamMuted { stream: 1, muted: true },
        Call::Position(1),
        Call::Stats,
        Call::Meters,
        Call::SelectSink(Sink::Null),
        Call::RecordStart("state:/a.wav".into()),
        Call::RecordStop,
        Call::SessionPlay(1),
        Call::SessionPause(1),
        Call::SetVolume { stream: 1, db: 0 },
        Call::SetSessionMuted { stream: 1, muted: true },
        Call::Duck { stream: 1, ms: 0 },
        Call::Unduck { stream: 1, ms: 0 },
    ];
    // Every method of the audio service is among them.
    let called: BTreeSet<Method> = every.iter().map(Call::method).collect();
    assert!(METHODS.iter().filter(|entry| entry.service == "audiod").all(|entry| called.contains(&entry.method)));
    for right in RIGHTS {
        let mut machine = machine(Config { grants: vec![ALL_RIGHTS & !right.bit(), ALL_RIGHTS], ..Config::default() });
        let mut denials = 0;
        for asked in &every {
            let method = asked.method();
            let denied = call(&mut *machine, asked.clone()) == rejected(ErrorCode::AccessDenied);
            assert_eq!(denied, method.capability() == right, "{method:?} without {}", right.name());
            if denied {
                denials += 1;
                let name = format!("{}.{}", method.entry().service, method.entry().name);
                assert_eq!(machine.step(&Op::Denials), Ok(Obs::Denials(denials, Some((0, name)))));
            }
        }
        assert!(denials > 0, "no method needs {}", right.name());
    }
}

#[test]
fn test_reject_audiod_faulted_streams() {
    let mut machine = busy();
    assert_eq!(machine.step(&Op::Forge { stream: 1, write_index: 1 << 40 }), Ok(Obs::Done));
    machine.step(&Op::Tick(1)).expect("a block");
    assert_rejected(&mut *machine, Call::Start(1), ErrorCode::RingFault);
    assert_rejected(&mut *machine, Call::Write { stream: 1, frames: 1, seed: 0 }, ErrorCode::RingFault);
    assert!(matches!(call(&mut *machine, Call::Stats), Obs::Stats(Stats { streams: 1, .. })));
}
