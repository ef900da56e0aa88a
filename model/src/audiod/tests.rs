//! Hand-computed vectors of the contract `audiod`.

use super::{AudiodModel, Ramp, check_uri};
use spec::audiod::{ALL_RIGHTS, Call, Config, Obs, Op, Sink, State, Stats, pattern};
use spec::capabilities::Capability;
use spec::{ErrorCode, Machine};

fn machine(config: &Config) -> AudiodModel {
    let mut machine = AudiodModel::default();
    assert_eq!(machine.reset(config), Ok(Ok(())));
    machine
}

fn ask(machine: &mut AudiodModel, op: Op) -> Obs {
    machine.step(&op).expect("a model does not fail")
}

fn call(machine: &mut AudiodModel, call: Call) -> Obs {
    ask(machine, Op::Call { sender: 0, call })
}

fn lines(machine: &mut AudiodModel) -> Vec<String> {
    match ask(machine, Op::Markers) {
        Obs::Lines(lines) => lines,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ramp_of_five_blocks_has_the_documented_steps() {
    let mut ramp = Ramp::default();
    ramp.retarget(-1_536, 50);
    let steps: Vec<i32> = (1..=6)
        .map(|_| {
            ramp.done = (ramp.done + 1).min(ramp.blocks);
            ramp.value()
        })
        .collect();
    assert_eq!(steps, [-307, -614, -922, -1_229, -1_536, -1_536]);
    ramp.retarget(0, 11);
    ramp.done = 1;
    assert_eq!((ramp.blocks, ramp.value()), (2, -768));
    ramp.retarget(-1_536, 0);
    assert_eq!(ramp.value(), -1_536);
}

#[test]
fn a_tone_of_11_ms_takes_two_blocks_and_is_gone() {
    let mut machine = machine(&Config::default());
    assert_eq!(call(&mut machine, Call::PlayTone { hz: 12_000, ms: 11 }), Obs::Playing { stream: 1, frames: 528 });
    // A quarter of a turn per frame: 0, peak, 0, -peak, where the peak is 32767 at -12 dB.
    let Obs::Mixed { pcm, .. } = ask(&mut machine, Op::Tick(1)) else { panic!("it ticks") };
    assert_eq!(pcm[..8], [0, 0, 8_231, 8_231, 0, 0, -8_231, -8_231]);
    assert!(matches!(call(&mut machine, Call::Stats), Obs::Stats(Stats { ticks: 1, streams: 1, playing: 1, peak: [8_231, 8_231], .. })));
    let Obs::Mixed { pcm, .. } = ask(&mut machine, Op::Tick(1)) else { panic!("it ticks") };
    assert!(pcm[96..].iter().all(|sample| *sample == 0) && pcm[94] != 0);
    assert!(matches!(call(&mut machine, Call::Stats), Obs::Stats(Stats { streams: 0, playing: 0, .. })));
    assert_eq!(call(&mut machine, Call::Position(1)), Obs::Rejected(ErrorCode::UnknownStream));
    assert_eq!(lines(&mut machine), ["audiod: ready", "audiod: tick seq=1 mix=8231 streams=1"]);
}

#[test]
fn an_underrun_is_told_once_in_a_hundred_blocks() {
    let mut machine = machine(&Config::default());
    call(&mut machine, Call::OpenStream("music".into()));
    assert_eq!(call(&mut machine, Call::Write { stream: 1, frames: 500, seed: 3 }), Obs::Wrote(500));
    call(&mut machine, Call::Start(1));
    lines(&mut machine);
    ask(&mut machine, Op::Tick(2));
    // One stream at 0 dB and full level comes out as it went in; the second block is short.
    let peak = pattern(3, 480).iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
    let tick = format!("audiod: tick seq=1 mix={peak} streams=1");
    assert_eq!(lines(&mut machine), [tick.as_str(), "audiod: underrun app=music frames=460"]);
    assert_eq!(call(&mut machine, Call::Position(1)), Obs::Position { frames: 500, ms: 10 });
    ask(&mut machine, Op::Tick(100));
    assert_eq!(lines(&mut machine), ["audiod: tick seq=101 mix=0 streams=1", "audiod: underrun app=music frames=480"]);
    let Obs::Stats(stats) = call(&mut machine, Call::Stats) else { panic!("they are told") };
    assert_eq!((stats.underrun_events, stats.missing_frames), (101, 460 + 100 * 480));
}

#[test]
fn a_recording_of_35_blocks_is_void_and_34_are_65324_bytes() {
    let mut machine = machine(&Config::default());
    let uri = || "state:/audio/out.wav".to_owned();
    assert_eq!(call(&mut machine, Call::RecordStart(uri())), Obs::Done);
    ask(&mut machine, Op::Tick(34));
    assert_eq!(call(&mut machine, Call::RecordStop), Obs::Recorded { frames: 16_320, bytes: 65_324 });
    let kept = ask(&mut machine, Op::File(uri()));
    assert!(matches!(kept, Obs::File(Some((65_324, _)))));
    call(&mut machine, Call::RecordStart(uri()));
    ask(&mut machine, Op::Tick(35));
    assert_eq!(call(&mut machine, Call::RecordStop), Obs::Rejected(ErrorCode::OversizedInput));
    assert_eq!(ask(&mut machine, Op::File(uri())), kept);
    assert_eq!(call(&mut machine, Call::RecordStop), Obs::Rejected(ErrorCode::NotRecording));
}

#[test]
fn without_state_nothing_is_recorded() {
    let mut machine = machine(&Config { state: State::Missing, ..Config::default() });
    assert_eq!(call(&mut machine, Call::RecordStart("state:/a.wav".into())), Obs::Rejected(ErrorCode::StateUnavailable));
    assert_eq!(call(&mut machine, Call::SelectSink(Sink::File)), Obs::Rejected(ErrorCode::SinkUnavailable));
    assert_eq!(call(&mut machine, Call::SinkState), Obs::Sink { selected: Sink::Null, effective: Sink::Null, recording: false });
}

#[test]
fn a_denied_call_tells_nothing_and_is_recorded() {
    let grants = vec![ALL_RIGHTS & !Capability::AudioStreamControl.bit(), ALL_RIGHTS];
    let mut machine = machine(&Config { grants, ..Config::default() });
    assert_eq!(call(&mut machine, Call::Start(77)), Obs::Rejected(ErrorCode::AccessDenied));
    assert_eq!(ask(&mut machine, Op::Denials), Obs::Denials(1, Some((0, "audiod.start".into()))));
    call(&mut machine, Call::OpenStream("a".into()));
    // The stream is the first sender's: to the second it does not exist.
    assert_eq!(ask(&mut machine, Op::Call { sender: 1, call: Call::Start(1) }), Obs::Rejected(ErrorCode::UnknownStream));
}

#[test]
fn uris_stay_within_the_store() {
    for good in ["state:/a.wav", "state:/audio/out.wav", "state:/a/b/c-d_e.1.wav", "state:/...wav"] {
        assert_eq!(check_uri(good), Ok(()), "{good}");
    }
    for bad in ["state:/.wav", "state:/../a.wav", "state:/a/../b.wav", "state://a.wav", "state:/a/", "/a.wav", "state:/a.WAV", ""] {
        assert_eq!(check_uri(bad), Err(ErrorCode::InvalidUri), "{bad}");
    }
}
