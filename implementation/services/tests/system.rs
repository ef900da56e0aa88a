//! All services together, through messages alone.

use audio::ring::{Capacity, Consumer, Heap, Producer, channel};
use services::audiod::{Block, StoreFailed};
use services::policy::{Policyd, identity};
use services::settings::StateFile;
use services::system::{Host, System};
use spec::ErrorCode;
use spec::idl::{Answer, Call, Gain, Mute, Reply, Request};
use spec::media_config::Values;
use std::collections::BTreeMap;
use std::fmt::Display;

#[derive(Default)]
struct Bench {
    rings: BTreeMap<u32, Producer<Heap>>,
    lines: Vec<String>,
    file: Option<Vec<i16>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Host for Bench {
    type Feed = Consumer<Heap>;

    fn open_ring(&mut self, stream: u32) -> Option<Consumer<Heap>> {
        let (producer, consumer) = channel(Capacity::ENGINE);
        self.rings.insert(stream, producer);
        Some(consumer)
    }

    fn closed(&mut self, stream: u32) {
        self.rings.remove(&stream);
    }

    fn write_ring(&mut self, stream: u32, pcm: &[i16]) -> services::Result<u32> {
        self.rings.get_mut(&stream).expect("it is open").write(pcm)
    }

    fn shared_memory(&self, _stream: u32) -> (u32, u32) {
        (0, 0)
    }

    fn now_ns(&self) -> u64 {
        7
    }

    fn line(&mut self, line: &dyn Display) {
        self.lines.push(line.to_string());
    }

    fn has_state(&self) -> bool {
        true
    }

    fn record_blocks_max(&self) -> u32 {
        34
    }

    fn record_begin(&mut self, _uri: &str) -> Result<(), StoreFailed> {
        self.file = Some(Vec::new());
        Ok(())
    }

    fn record_block(&mut self, block: &Block) -> Result<(), StoreFailed> {
        self.file.as_mut().expect("it was begun").extend(block);
        Ok(())
    }

    fn record_finish(&mut self) -> Result<u64, StoreFailed> {
        Ok(44 + 2 * self.file.as_ref().map_or(0, Vec::len) as u64)
    }

    fn record_discard(&mut self) {
        self.file = None;
    }

    fn read_file(&mut self, uri: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.files.get(uri).cloned())
    }

    fn write_file(&mut self, uri: &str, bytes: &[u8]) -> Result<(), StoreFailed> {
        self.files.insert(uri.to_owned(), bytes.to_vec());
        Ok(())
    }
}

type Services = System<Bench, StateFile>;

fn started() -> Services {
    System::start(Bench::default(), StateFile::default(), Policyd::with_defaults(), &Values::default()).expect("they start")
}

fn id(name: &str) -> u64 {
    identity(name).expect("a name")
}

fn ask(system: &mut Services, who: &str, call: Call<'static>) -> Answer<'static> {
    let Reply { sequence, answer } = system.call(id(who), &Request { sequence: 9, claimed: None, call });
    assert_eq!(sequence, 9);
    answer
}

fn code(answer: &Answer<'_>) -> Option<u16> {
    if let Answer::Error { code, .. } = answer { Some(*code) } else { None }
}

fn is(answer: &Answer<'_>, expected: ErrorCode) -> bool {
    code(answer) == Some(expected as u16)
}

fn lines(system: &mut Services) -> Vec<String> {
    std::mem::take(&mut system.host_mut().lines)
}

/// A stream of wavplay with a session over it.
fn with_session(system: &mut Services) -> (u32, u32) {
    let Answer::Opened { stream, frames: 1_920, .. } = ask(system, "wavplay", Call::OpenStream("wavplay".into())) else {
        panic!("a stream")
    };
    let Answer::Published(session) = ask(system, "wavplay", Call::publish("wavplay", stream)) else { panic!("a session") };
    let pcm: Vec<u8> = [10_000_i16; 3_840].iter().flat_map(|sample| sample.to_le_bytes()).collect();
    assert_eq!(ask(system, "wavplay", Call::Write { stream, pcm: pcm.into() }), Answer::Taken(1_920));
    (stream, session)
}

#[test]
fn services_say_what_they_are_when_they_start() {
    let mut system = started();
    let expected =
        ["i2sd: ready", "i2sd: stub/placeholder", "codecd: ack route=speaker mode=null", "audiod: ready", "mediasessd: ready v2"];
    assert_eq!(lines(&mut system), expected);
    assert_eq!(code(&ask(&mut system, "nx", Call::SelectSink(spec::idl::Sink::I2s))), Some(ErrorCode::SinkUnavailable as u16));
}

#[test]
fn a_session_plays_ducks_and_holds_the_wake_lock() {
    let mut system = started();
    let (_, session) = with_session(&mut system);
    lines(&mut system);
    assert_eq!(ask(&mut system, "systemui", Call::Play(session)), Answer::Done);
    let acquired = "powerd: wakelock acquire kind=partial id=playback app=mediasessd";
    assert_eq!(lines(&mut system), [&format!("media: state sid={session} playing pos=0"), acquired, "mediasession: playing"]);
    system.tick();
    assert_eq!(system.block()[..2], [10_000, 10_000]);
    assert_eq!(ask(&mut system, "systemui", Call::Duck(session)), Answer::Done);
    assert_eq!(lines(&mut system).last().map(String::as_str), Some("audiod: duck -6dB"));
    // -307 in Q8.8 dB after the first of five blocks.
    system.tick();
    assert_eq!(system.block()[0], 8_710);
    assert!(system.powerd().blocks().deep_idle, "a ducked session still plays");
    assert_eq!(ask(&mut system, "systemui", Call::SetVolume(Gain { id: session, db_q8_8: -24_576 })), Answer::Done);
    system.tick();
    assert_eq!(system.block()[0], 0);
    assert_eq!(ask(&mut system, "systemui", Call::SetSessionMuted(Mute { id: session, muted: true })), Answer::Done);
    assert_eq!(ask(&mut system, "systemui", Call::PauseSession(session)), Answer::Done);
    assert!(!system.powerd().blocks().deep_idle);
}

#[test]
fn an_app_that_dies_takes_its_streams_sessions_and_lock_with_it() {
    let mut system = started();
    let (stream, session) = with_session(&mut system);
    assert_eq!(ask(&mut system, "systemui", Call::Play(session)), Answer::Done);
    assert!(system.powerd().blocks().deep_idle);
    system.client_gone(&[stream]);
    assert!(!system.powerd().blocks().deep_idle);
    assert!(is(&ask(&mut system, "systemui", Call::Play(session)), ErrorCode::UnknownSession));
}

#[test]
fn settings_reach_audiod_once_they_are_stored() {
    let mut system = started();
    let set = |value: &'static str| Call::SettingSet { key: "audio.master.level".into(), value: value.into() };
    assert_eq!(ask(&mut system, "nx", set("0.75")), Answer::Done);
    assert_eq!(ask(&mut system, "nx", Call::GetLevel), Answer::Level { q16: 49_152, muted: false });
    assert!(lines(&mut system).contains(&"audiod: level linear=0.75 muted=false".to_owned()));
    assert!(is(&ask(&mut system, "nx", set("1.5")), ErrorCode::InvalidSetting));
    assert_eq!(ask(&mut system, "nx", Call::GetLevel), Answer::Level { q16: 49_152, muted: false });
    assert_eq!(ask(&mut system, "nx", Call::SettingGet("audio.master.level".into())), Answer::Setting("0.75".into()));
}

#[test]
fn a_recording_needs_consent_and_is_written_down() {
    let mut system = started();
    let start = || Call::RecordStart("state:/audio/out.wav".into());
    assert!(is(&ask(&mut system, "nx", start()), ErrorCode::AccessDenied));
    system.policyd_mut().consent("nx", "audio.record", spec::policy::Kind::Once).expect("a consent");
    assert_eq!(ask(&mut system, "nx", start()), Answer::Done);
    system.tick();
    assert_eq!(ask(&mut system, "nx", Call::RecordStop), Answer::Recorded { frames: 480, bytes: 1_964 });
    let actions: Vec<(String, u8)> = system.audit().records(0).map(|record| (record.action.as_str().to_owned(), record.decision)).collect();
    // Denied, then allowed, with the indicator on while it recorded.
    let expected =
        [("audiod.record_start", 0), ("audiod.record_start", 1), ("capture.begin", 1), ("audiod.record_stop", 1), ("capture.end", 1)];
    assert_eq!(actions, expected.map(|(action, decision)| (action.to_owned(), decision)));
}

#[test]
fn test_reject_system_sessions_over_max() {
    let mut values = Values::default();
    values.limits.sessions = 1;
    let mut system = System::start(Bench::default(), StateFile::default(), Policyd::with_defaults(), &values).expect("they start");
    let (stream, session) = with_session(&mut system);
    // A stream has one session, and these services one in all.
    assert!(is(&ask(&mut system, "wavplay", Call::publish("wavplay", stream)), ErrorCode::StreamHasSession));
    let Answer::Opened { stream: other, .. } = ask(&mut system, "wavplay", Call::OpenStream("wavplay".into())) else { panic!("a stream") };
    assert!(is(&ask(&mut system, "wavplay", Call::publish("wavplay", other)), ErrorCode::TooManySessions));
    assert_eq!(ask(&mut system, "wavplay", Call::Withdraw(session)), Answer::Done);
    assert_eq!(ask(&mut system, "wavplay", Call::publish("wavplay", other)), Answer::Published(session + 1));
}

#[test]
fn test_reject_system_calls_without_the_right() {
    let mut system = started();
    let (stream, session) = with_session(&mut system);
    for call in
        [Call::SetLevel(0), Call::Stats, Call::Play(session), Call::RecordStart("state:/a.wav".into()), Call::Seek { session, ms: 0 }]
    {
        assert!(is(&ask(&mut system, "wavplay", call.clone()), ErrorCode::AccessDenied), "{call:?}");
    }
    // A stranger, and one who says that he is another.
    assert!(is(&ask(&mut system, "unheard-of", Call::Start(stream)), ErrorCode::AccessDenied));
    let claimed = Request { sequence: 1, claimed: Some(id("audiod")), call: Call::Start(stream) };
    assert!(is(&system.call(id("wavplay"), &claimed).answer, ErrorCode::AccessDenied));
    let denials = system.audit().records(0).filter(|record| record.decision == 0).count();
    assert_eq!(denials, 7);
    assert!(is(&ask(&mut system, "systemui", Call::Seek { session, ms: 0 }), ErrorCode::NotSeekable));
    assert!(is(&ask(&mut system, "systemui", Call::Play(99)), ErrorCode::UnknownSession));
    assert!(is(&ask(&mut system, "wavplay", Call::Write { stream, pcm: vec![0; 5].into() }), ErrorCode::Misaligned));
}
