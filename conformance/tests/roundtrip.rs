//! Cases and traces travel unharmed, as JSON and as postcard, and shrinking ends.

use spec::capabilities::ServiceId;
use spec::level::{Decibels, Linear};
use spec::{
    Case, Contract, Entropy, ErrorCode, SplitMix64, Trace, artwork, capability_audit, codec, devices, ducking, focus, format, gain, level,
    metrics, mixer, policy, ring, sessions, settings, tone, volume, wakelock, wav,
};
use std::collections::HashSet;
use std::fmt::Debug;

/// Drawn cases per contract.
const CASES: u64 = 150;

/// Operations of a drawn case.
const OPS: usize = 24;

fn drawn<C: Contract>() -> impl Iterator<Item = Case<C>> {
    (0..CASES).map(|seed| C::draw(&mut SplitMix64::new(seed), OPS))
}

fn round_trips<T: Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned>(value: &T) {
    let json = serde_json::to_string(value).expect("everything can be written as JSON");
    let back: T = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(&back, value, "{json}");
    let bytes = postcard::to_allocvec(value).expect("everything can be written as postcard");
    let (back, rest) = postcard::take_from_bytes::<T>(&bytes).unwrap_or_else(|error| panic!("{error}: {value:?}"));
    assert_eq!(&back, value);
    assert!(rest.is_empty(), "{} bytes are left over of {value:?}", rest.len());
}

fn cases_round_trip<C: Contract>() {
    round_trips(&C::Config::default());
    for case in drawn::<C>() {
        assert!(case.ops.len() <= OPS, "{} draws more operations than it was asked for", C::NAME);
        round_trips(&case);
    }
}

/// A small number of steps from one drawn value to a simplest one, by the first variant each time; and by any other way no
/// value is met twice.
fn simplifies<T: Clone + Debug + PartialEq + serde::Serialize>(start: &T, random: &mut SplitMix64, simpler: impl Fn(&T) -> Vec<T>) {
    let mut current = start.clone();
    for step in 0.. {
        let Some(first) = simpler(&current).into_iter().next() else { break };
        assert!(step < 200, "shrinking {start:?} does not end: {current:?} becomes {first:?}");
        current = first;
    }
    let mut current = start.clone();
    let mut met = HashSet::new();
    for _ in 0..60 {
        let new = met.insert(serde_json::to_string(&current).expect("everything can be written as JSON"));
        assert!(new, "shrinking {start:?} goes in a circle through {current:?}");
        let mut variants = simpler(&current);
        assert!(!variants.contains(&current), "{current:?} is no simpler than itself");
        if variants.is_empty() {
            break;
        }
        current = variants.swap_remove(random.below(variants.len() as u64) as usize);
    }
}

fn shrinking_ends<C: Contract>() {
    let mut random = SplitMix64::new(1);
    for case in drawn::<C>() {
        simplifies(&case.config, &mut random, |config| {
            let mut out = Vec::new();
            C::simplify_config(config, &mut out);
            out
        });
        for op in &case.ops {
            simplifies(op, &mut random, |op| {
                let mut out = Vec::new();
                C::simplify(op, &mut out);
                out
            });
        }
    }
}

macro_rules! checks {
    ($($name:ident => $contract:ty,)*) => {
        mod drawn_cases_round_trip {
            $(#[test]
            fn $name() {
                super::cases_round_trip::<$contract>();
            })*
        }

        mod shrinking_ends {
            $(#[test]
            fn $name() {
                super::shrinking_ends::<$contract>();
            })*
        }

        /// A module per contract, named as the contract is, with a hyphen as an underscore.
        #[test]
        fn contracts_are_named_as_their_modules() {
            $(assert_eq!(<$contract as Contract>::NAME.replace('-', "_"), stringify!($name));)*
        }
    };
}
spec::for_each_contract!(checks);

fn traces_round_trip<C: Contract>(obs: Vec<C::Obs>) {
    round_trips(&Trace::<C> { rejected: None, obs });
    for code in ErrorCode::ALL {
        round_trips(&Trace::<C> { rejected: Some(*code), obs: Vec::new() });
    }
}

#[test]
fn observations_round_trip() {
    let format = format::ENGINE_FORMAT;
    traces_round_trip::<format::Format>(vec![
        format::Obs::Format { format, block_frames: 480, block_bytes: 1920, block_ms: 10 },
        format::Obs::Accepted,
        format::Obs::Number(u64::MAX),
        format::Obs::Pcm(vec![i16::MIN, -1, 0, i16::MAX]),
        format::Obs::Bytes(vec![0, 127, 128, 255]),
        format::Obs::Rejected(ErrorCode::UnsupportedFormat),
    ]);
    let stats =
        ring::Stats { written: u64::MAX, read: 1, fill: u32::MAX, underrun_events: 2, missing_frames: 3, paused: true, faulted: false };
    let layout = ring::Layout { write_index: 0, read_index: 64, pcm: 128, bytes: u32::MAX };
    traces_round_trip::<ring::Ring>(vec![
        ring::Obs::Wrote(u32::MAX),
        ring::Obs::Pcm(Vec::new()),
        ring::Obs::Done,
        ring::Obs::Stats(stats),
        ring::Obs::Layout(layout),
        ring::Obs::Rejected(ErrorCode::RingFault),
    ]);
    traces_round_trip::<gain::Gain>(vec![
        gain::Obs::Factor(u32::MAX),
        gain::Obs::Scaled(vec![i32::MIN, 0, i32::MAX]),
        gain::Obs::Rejected(ErrorCode::OutOfRange),
    ]);
    traces_round_trip::<level::Level>(vec![
        level::Obs::Done,
        level::Obs::State { level: u32::MAX, effective: 0, muted: true },
        level::Obs::Decibels(Decibels::Silence),
        level::Obs::Decibels(Decibels::Q8_8(i32::MIN)),
        level::Obs::Text("0.75\n\u{663}".to_owned()),
        level::Obs::Rejected(ErrorCode::InvalidLevel),
    ]);
    let mixed = mixer::Mixed { pcm: vec![i16::MIN, i16::MAX], clipped: 2, peak: [32_768, 32_767], rms: [0, u32::MAX] };
    traces_round_trip::<mixer::Mixer>(vec![
        mixer::Obs::Opened(u32::MAX),
        mixer::Obs::Done,
        mixer::Obs::Mixed(mixed),
        mixer::Obs::Clipped(vec![i16::MIN]),
        mixer::Obs::Rejected(ErrorCode::UnknownStream),
    ]);
    traces_round_trip::<tone::Tone>(vec![
        tone::Obs::Playing(u64::MAX),
        tone::Obs::Pcm(vec![-1, 1], 0),
        tone::Obs::Increment(u32::MAX),
        tone::Obs::Table(vec![0; 512]),
        tone::Obs::Rejected(ErrorCode::OutOfRange),
    ]);
    traces_round_trip::<wav::Wav>(vec![
        wav::Obs::Pcm(vec![1]),
        wav::Obs::File(b"RIFF".to_vec()),
        wav::Obs::Done,
        wav::Obs::Rejected(ErrorCode::TruncatedWav),
    ]);
    let entry = policy::Entry {
        domain: "audio".to_owned(),
        umbrella: true,
        sensitive: false,
        foreground_only: true,
        holders: vec!["nx".to_owned()],
        note: "A note.".to_owned(),
    };
    let tally = policy::Tally { allowed: u64::MAX, unknown: 1, ..policy::Tally::default() };
    traces_round_trip::<policy::Policy>(vec![
        policy::Obs::Done,
        policy::Obs::Allowed,
        policy::Obs::Denied(policy::Reason::Foreground),
        policy::Obs::Subject {
            granted: vec!["camera".to_owned()],
            consents: vec![("camera".to_owned(), policy::Kind::Once)],
            foreground: true,
        },
        policy::Obs::Capability(entry),
        policy::Obs::Method { capability: "audio.record".to_owned(), ends: true },
        policy::Obs::Names(vec![String::new()]),
        policy::Obs::Identity(ServiceId(u64::MAX)),
        policy::Obs::Tally(tally),
        policy::Obs::Rejected(ErrorCode::SubjectCollision),
    ]);
    let record = capability_audit::Record {
        sequence: u64::MAX,
        timestamp_ns: 1,
        subject_id: ServiceId(7),
        action: "capture.begin".to_owned(),
        target: "camera".to_owned(),
        decision: 1,
        reason: 0,
    };
    let change = capability_audit::Change::Off { deliveries: 2, last: Some(u64::MAX) };
    let event = |change| capability_audit::Event {
        sequence: 3,
        timestamp_ns: 2,
        capability: "camera".to_owned(),
        subject_id: ServiceId(u64::MAX),
        change,
    };
    let indicator = capability_audit::Indicator { capability: "camera".to_owned(), subjects: vec![ServiceId(1)], killed: true };
    traces_round_trip::<capability_audit::CapabilityAudit>(vec![
        capability_audit::Obs::Done,
        capability_audit::Obs::Delivered(u64::MAX),
        capability_audit::Obs::Records { dropped: 1, records: vec![record] },
        capability_audit::Obs::Events { dropped: 0, events: vec![event(change), event(capability_audit::Change::On)] },
        capability_audit::Obs::Indicators(vec![indicator]),
        capability_audit::Obs::Rejected(ErrorCode::CaptureKilled),
    ]);
}

#[test]
fn observations_of_services_round_trip() {
    let every_byte = settings::Bytes((0..=255).collect());
    let entry = settings::Entry { key: "audio.sink".to_owned(), value: "null".to_owned(), scope: settings::Scope::Device };
    traces_round_trip::<settings::Settings>(vec![
        settings::Obs::Done,
        settings::Obs::Stored { changed: true, persisted: false },
        settings::Obs::Value("0.5".to_owned()),
        settings::Obs::List(vec![entry]),
        settings::Obs::Sink { wish: settings::Sink::I2s, effective: settings::Sink::Null },
        settings::Obs::Applied(vec![settings::Applied::Level(u32::MAX), settings::Applied::Muted(true)]),
        settings::Obs::File(None),
        settings::Obs::File(Some(every_byte)),
        settings::Obs::Loaded { taken: 1, skipped: u32::MAX },
        settings::Obs::Rejected(ErrorCode::PersistFailed),
    ]);
    let lock = wakelock::Lock { app: "a".to_owned(), id: "x".to_owned(), kind: wakelock::Kind::Full, count: u32::MAX };
    traces_round_trip::<wakelock::Wakelock>(vec![
        wakelock::Obs::Count(u32::MAX),
        wakelock::Obs::Released(0),
        wakelock::Obs::Locks(vec![lock]),
        wakelock::Obs::Blocks { deep_idle: true, screen: false },
        wakelock::Obs::Lines(vec!["powerd: \n".to_owned()]),
        wakelock::Obs::Media { playing: 1, held: true },
        wakelock::Obs::Rejected(ErrorCode::WakelockNotHeld),
    ]);
    let ducks = focus::Ducks { duck_db: true, duck_db_ui: false };
    let held = Some(focus::Held { kind: focus::Kind::Transient, request: u64::MAX });
    let session = focus::Session { sid: u32::MAX, class: focus::Class::Ui, playback: focus::Playback::Waiting, focus: held, ducks };
    let whats = [
        focus::What::Paused(focus::Why::Stolen),
        focus::What::Deferred,
        focus::What::Playing,
        focus::What::Resumed,
        focus::What::Ducked(ducks),
        focus::What::Unducked,
    ];
    traces_round_trip::<focus::Focus>(vec![
        focus::Obs::Done,
        focus::Obs::Changed(whats.map(|what| focus::Change { sid: 1, what }).into()),
        focus::Obs::Sessions(vec![session, focus::Session { focus: None, ..session }]),
        focus::Obs::Rejected(ErrorCode::FocusPreempted),
    ]);
    let overlay =
        volume::Overlay { app: "a".to_owned(), db: -1, muted: true, app_db: i32::MIN, app_muted: false, total_db: 0, factor: u32::MAX };
    traces_round_trip::<volume::Volume>(vec![
        volume::Obs::Done,
        volume::Obs::Overlay(overlay),
        volume::Obs::Apps(vec![volume::App { app: "b".to_owned(), db: 1, muted: false }]),
        volume::Obs::Mixed(volume::Mixed { pcm: vec![i16::MIN, 1], clipped: 1, peak: [2, 3], sessions: vec![(4, [5, u32::MAX])] }),
        volume::Obs::Rejected(ErrorCode::SessionAlreadyOpen),
    ]);
    let info = sessions::Info {
        sid: u32::MAX,
        app: "a".to_owned(),
        class: spec::media::Class::Ui,
        seekable: false,
        playing: true,
        gain: true,
        position_ms: u64::MAX,
        target_ms: Some(u64::MAX),
        metadata: sessions::Metadata { title: "\u{fc}".into(), duration_ms: Some(0), ..sessions::Metadata::default() },
        commands: 32,
    };
    traces_round_trip::<sessions::Sessions>(vec![
        sessions::Obs::Published(1),
        sessions::Obs::Done,
        sessions::Obs::Switched(true),
        sessions::Obs::Target(u64::MAX),
        sessions::Obs::Accepted(None),
        sessions::Obs::Current { now: None, offer: Some(u32::MAX) },
        sessions::Obs::Sessions(vec![sessions::Listed { sid: 1, app: "a".to_owned(), playing: false, position_ms: 0 }]),
        sessions::Obs::Session(Box::new(info)),
        sessions::Obs::Changed { revision: u64::MAX, changed: false },
        sessions::Obs::Commands(vec![sessions::Command::Seek(u64::MAX), sessions::Command::Next]),
        sessions::Obs::Key { sid: 1, act: sessions::Act::VolumeDown },
        sessions::Obs::Lines(vec!["media: \n".to_owned()]),
        sessions::Obs::Rejected(ErrorCode::NoHandoffOffer),
    ]);
    let position = metrics::Position { sid: u32::MAX, frames: u64::MAX, ms: 0 };
    let record = metrics::Record {
        block: u64::MAX,
        peak_left: 1,
        peak_right: u32::MAX,
        clipped: 2,
        active_sessions: 3,
        open_streams: 4,
        underrun_events: 5,
        missing_frames: 6,
        dropped: 7,
        positions: vec![position],
    };
    traces_round_trip::<metrics::Metrics>(vec![
        metrics::Obs::Done,
        metrics::Obs::Record(record),
        metrics::Obs::Waiting { records: 1, oldest: None, dropped: u64::MAX },
        metrics::Obs::Exported { lines: 1, bytes: u32::MAX, removed: 0 },
        metrics::Obs::File(None),
        metrics::Obs::File(Some("{}\n".into())),
        metrics::Obs::Measured(Some(metrics::measure(b"{}\n"))),
        metrics::Obs::Lines(vec!["metrics: \n".to_owned()]),
        metrics::Obs::Rejected(ErrorCode::ExportDisabled),
    ]);
    let key = artwork::Key([0xa5; 32]);
    traces_round_trip::<artwork::Artwork>(vec![
        artwork::Obs::Kept { key, added: true, evicted: u32::MAX },
        artwork::Obs::NotCached,
        artwork::Obs::Hit { bytes: u32::MAX, checksum: u64::MAX },
        artwork::Obs::Miss,
        artwork::Obs::Key(Some(key)),
        artwork::Obs::Removed(false),
        artwork::Obs::Stats { entries: 1, bytes: 2, hits: 3, misses: 4, evicted: u64::MAX },
        artwork::Obs::Keys(vec![key, artwork::Key::default()]),
        artwork::Obs::Rejected(ErrorCode::EmptyArtwork),
    ]);
    let track = ducking::Track { session: u32::MAX, db_q8_8: vec![i32::MIN, -1, 0] };
    traces_round_trip::<ducking::Ducking>(vec![
        ducking::Obs::Done,
        ducking::Obs::Gains(vec![track, ducking::Track { session: 1, db_q8_8: Vec::new() }]),
        ducking::Obs::Rejected(ErrorCode::UnknownDuckCause),
    ]);
    let window = devices::Window { address: u64::MAX, bytes: 1 };
    let wired = devices::Wired { window, interrupt: u32::MAX };
    let clocks = vec![devices::Clock { name: "mclk".to_owned(), hertz: 1 }];
    let i2s = devices::I2s { window, interrupt: 12, clocks, enabled: false, stub: true };
    let (compatible, routes) = (vec![String::new()], vec![devices::RouteSink::Speaker]);
    let board = devices::Board {
        memory: window,
        timebase_hz: u64::MAX,
        uart: wired,
        plic: devices::Plic { window, lines: 96 },
        clint: window,
        finisher: window,
        slots: vec![wired; 2],
        audio: Some(devices::Audio { i2s, codec: devices::Codec { bus: 0, address: 0x1a, compatible, routes, stub: false } }),
    };
    traces_round_trip::<devices::Devices>(vec![
        devices::Obs::Board(Box::new(board)),
        devices::Obs::Value(devices::Blob(vec![0, 0x7f, 0x80, 0xff])),
        devices::Obs::Absent,
        devices::Obs::Rejected(ErrorCode::TreeMagic),
    ]);
    traces_round_trip::<codec::Codec>(vec![
        codec::Obs::Done,
        codec::Obs::Configured { sink: codec::RouteSink::Hp, null_mode: true },
        codec::Obs::Routes(vec![codec::RouteSink::Speaker]),
        codec::Obs::State { configured: None, enabled: true, blocks: u64::MAX, digest: Some([0xa5; 32]) },
        codec::Obs::Taken(u64::MAX),
        codec::Obs::Selectable,
        codec::Obs::Lines(Vec::new()),
        codec::Obs::Rejected(ErrorCode::I2sAbsent),
    ]);
}

#[test]
fn bytes_are_texts_of_one_character_each() {
    let json = serde_json::to_string(&settings::Bytes(vec![b'a', b'\n', 0xff])).expect("bytes can be written");
    assert_eq!(json, "\"a\\n\u{ff}\"");
    assert!(serde_json::from_str::<settings::Bytes>("\"\u{100}\"").is_err());
    assert!(serde_json::from_str::<settings::Bytes>("[97]").is_err());
}

#[test]
fn bits_of_a_level_survive() {
    let quiet = f64::NAN.to_bits();
    for bits in
        [quiet, quiet | 0xdead, 0x7ff0_0000_0000_0001, u64::MAX, f64::to_bits(-0.0), 1, 0, f64::INFINITY.to_bits(), f64::to_bits(0.75)]
    {
        let op = level::Op::Set(Linear(bits));
        round_trips(&op);
        let json = serde_json::to_string(&op).expect("an operation can be written");
        assert_eq!(json, format!("{{\"set\":\"0x{bits:016x}\"}}"));
        let bytes = postcard::to_allocvec(&op).expect("an operation can be written");
        let Ok(level::Op::Set(Linear(back))) = postcard::from_bytes(&bytes) else { panic!("{bytes:?}") };
        assert_eq!(back, bits);
        assert_eq!(Linear::of(Linear(bits).value()).0, bits);
    }
}

#[test]
fn test_reject_identities_that_are_not_all_their_bits() {
    assert_eq!(serde_json::to_string(&ServiceId(0x0fa6_667d_38cc_d6a7)).expect("an identity can be written"), "\"0x0fa6667d38ccd6a7\"");
    for json in ["7", "\"\"", "\"0x7\"", "\"0fa6667d38ccd6a7\"", "\"0x+fa6667d38ccd6a7\"", "\"0x0fa6667d38ccd6a7a\""] {
        assert!(serde_json::from_str::<ServiceId>(json).is_err(), "{json} was taken");
    }
}

#[test]
fn test_reject_levels_that_are_not_all_their_bits() {
    for text in [
        "",
        "0x",
        "0x0",
        "3fe8000000000000",
        "0x3fe800000000000",
        "0x03fe8000000000000",
        "0x+fe8000000000000",
        "0x3fe800000000000g",
        "0.75",
    ] {
        let json = format!("{{\"set\":\"{text}\"}}");
        let error = serde_json::from_str::<level::Op>(&json).expect_err(&json).to_string();
        assert!(error.contains("0x and 16 hexadecimal digits"), "{error}");
    }
    assert!(serde_json::from_str::<level::Op>("{\"set\":0.75}").is_err());
}

#[test]
fn test_reject_cases_with_unknown_parts() {
    for json in [
        r#"{"ops":[],"seed":1}"#,
        r#"{"config":{"capacity":4},"ops":[]}"#,
        r#"{"config":{"capacity_frames":-1},"ops":[]}"#,
        r#"{"config":{"capacity_frames":4294967296},"ops":[]}"#,
        r#"{"config":{"capacity_frames":4}}"#,
        r#"{"ops":["reset"]}"#,
        r#"{"ops":[{"write":[32768]}]}"#,
        r#"{"ops":[{"pull":1,"read":1}]}"#,
        r#"{"ops":[{"pull":1}"#,
    ] {
        assert!(serde_json::from_str::<Case<ring::Ring>>(json).is_err(), "{json} was taken");
    }
    let case: Case<ring::Ring> = serde_json::from_str(r#"{"ops":["pause",{"pull":1}]}"#).expect("a configuration may be left out");
    assert_eq!(case, Case { config: ring::Config::default(), ops: vec![ring::Op::Pause, ring::Op::Pull(1)] });
}

#[test]
fn test_reject_postcard_that_is_cut_or_claims_too_much() {
    let case = ring::Ring::draw(&mut SplitMix64::new(3), OPS);
    let bytes = postcard::to_allocvec(&case).expect("a case can be written");
    for end in 0..bytes.len() {
        assert!(postcard::from_bytes::<Case<ring::Ring>>(&bytes[..end]).is_err(), "{end} of {} bytes were taken", bytes.len());
    }
    // A length of 2^62 with nothing behind it must not be believed.
    let claim = [4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
    assert!(postcard::from_bytes::<Case<ring::Ring>>(&claim).is_err());
}

#[test]
fn observations_of_the_mini_player_round_trip() {
    use spec::miniplayer::{Action, Bytes, Checksum, Miniplayer, Obs, View};
    traces_round_trip::<Miniplayer>(vec![
        Obs::View(Box::default()),
        Obs::View(Box::new(View { offer: Some(u32::MAX), ..View::default() })),
        Obs::Action(None),
        Obs::Action(Some(Action::Seek { sid: 1, position_ms: u64::MAX })),
        Obs::Frame(Checksum::of([1, u32::MAX])),
        Obs::Line(Bytes((0..=255).collect())),
        Obs::Lines(vec!["tray: mini-player open".to_owned()]),
        Obs::Rejected(ErrorCode::NotificationsGated),
    ]);
}

#[test]
fn observations_of_configurations_round_trip() {
    use spec::media_config::{Duck, Engine, Focus, Limits, MediaConfig, Metrics, Obs, Values};
    let values = Values {
        version: 1,
        duck: Duck { duck_db: i32::MIN, duck_db_ui: 0, ramp_ms: u32::MAX },
        focus: Focus { auto_resume: true },
        limits: Limits { sessions: 1, queued_events: 2, text_bytes: 3, artworks: 4, artwork_bytes: u32::MAX },
        engine: Engine { rate_hz: 48_000, channels: 2, bits: 16, block_frames: 480, ring_blocks: 4 },
        metrics: Metrics { export: false, interval_blocks: 6_000 },
    };
    let rejected = Obs::Rejected { code: ErrorCode::ConfigTooDeep, pointer: "/\u{fc}~1".to_owned(), limit: "-96".to_owned() };
    traces_round_trip::<MediaConfig>(vec![Obs::Effective(values), rejected]);
}

#[test]
fn observations_of_the_resampler_round_trip() {
    use spec::resampler::{Obs, Resampler};
    traces_round_trip::<Resampler>(vec![
        Obs::Opened(1_536),
        Obs::Pcm(vec![i16::MIN, 0, i16::MAX]),
        Obs::Finished { pcm: vec![1], taken: u64::MAX, given: 0 },
        Obs::Done,
        Obs::Length(u64::MAX),
        Obs::Table(vec![i32::MIN, i32::MAX]),
        Obs::Coefficients(vec![1 << 23]),
        Obs::Gains(vec![65_536]),
        Obs::Rejected(ErrorCode::ResamplerClosed),
    ]);
}

#[test]
fn observations_of_decoders_round_trip() {
    use spec::decode::{Delay, Obs, Pixels};
    use spec::devices::Blob;
    let delay = Delay { numerator: 0, denominator: u32::MAX };
    let frame = |pixels| Obs::Frame { frame: u32::MAX, delay, pixels };
    traces_round_trip::<spec::gif::Gif>(vec![
        Obs::Done,
        Obs::Info { width: 1, height: u32::MAX },
        Obs::NeedInput,
        frame(Pixels::of(&[1, 2, 3, 255])),
        frame(Pixels::of(&[7; 300])),
        frame(Pixels::Bytes(Blob(Vec::new()))),
        Obs::Ended { frames: 0, plays: u32::MAX },
        Obs::Rejected(ErrorCode::DecodeCancelled),
    ]);
    traces_round_trip::<spec::apng::Apng>(vec![Obs::NeedInput, Obs::Rejected(ErrorCode::CorruptChecksum)]);
    traces_round_trip::<spec::vorbis::Vorbis>(vec![
        Obs::Audio { rate_hz: u32::MAX, channels: u8::MAX },
        Obs::Pcm { packet: u32::MAX, samples: Pixels::Bytes(Blob(vec![0, 0x80])) },
    ]);
    traces_round_trip::<spec::wav_stream::WavStream>(vec![Obs::NeedInput, Obs::Rejected(ErrorCode::Misaligned)]);
    traces_round_trip::<spec::mjpeg::Mjpeg>(vec![Obs::NeedInput, Obs::Rejected(ErrorCode::UnsupportedMedia)]);
    use spec::decode_bounds::{DecodeBounds, Given, Obs as Tried, Stage, Told as Header};
    let given = |told| Given { told, packets: u32::MAX, sum: u64::MAX };
    traces_round_trip::<DecodeBounds>(vec![
        Tried::Accepted(Given::default()),
        Tried::Accepted(given(Header::Picture { width: 1, height: u32::MAX })),
        Tried::Rejected { at: Stage::Open, code: ErrorCode::OutOfRange, given: given(Header::Sound { rate_hz: u32::MAX, channels: 8 }) },
        Tried::NoRow,
    ]);
    use spec::media_types::{MediaTypes, Obs as Told};
    traces_round_trip::<MediaTypes>(vec![
        Told::Name("gif".to_owned()),
        Told::Number(u16::MAX),
        Told::Pcm { sample: 1 },
        Told::VideoFrame { pixel: 1, color: 1 },
        Told::NeedInput,
        Told::Rejected(ErrorCode::UnknownMedia),
    ]);
}
