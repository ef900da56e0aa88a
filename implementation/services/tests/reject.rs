//! Every bound of the services' contracts is met from outside: the code is the documented one, and nothing changes.

use services::ServiceError;
use services::codec::{Codecd, I2sd, select_i2s};
use services::settings::{Audio, Availability, Settingsd, StateFile, Store, WriteFailed};
use services::wakelock::{MediaLock, Powerd};
use spec::ErrorCode;
use spec::codec::{CODEC_FORMAT, CODEC_ROUTE_BYTES_MAX, CODEC_ROUTE_HOPS_MAX, CODEC_ROUTE_HP, CODEC_TREE_BYTES_MAX, Platform, RouteSink};
use spec::settings::{SETTINGS_FILE_BYTES_MAX, SETTINGS_TEXT_BYTES_MAX, Scope, Sink};
use spec::wakelock::{
    Kind, Playback, WAKELOCK_COUNT_MAX, WAKELOCK_HOLDERS_MAX, WAKELOCK_MEDIA_APP, WAKELOCK_NAME_BYTES_MAX, WAKELOCK_SESSIONS_MAX,
};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

/// Counts what audiod is told.
#[derive(Clone, Debug, Default, PartialEq)]
struct Told(Vec<String>);

impl Audio for Told {
    fn level(&mut self, q16: u32) {
        self.0.push(format!("level {q16}"));
    }

    fn muted(&mut self, muted: bool) {
        self.0.push(format!("muted {muted}"));
    }

    fn sink(&mut self, sink: Sink) {
        self.0.push(format!("sink {sink:?}"));
    }
}

const LEVEL: &[u8] = b"audio.master.level";

fn settingsd() -> Settingsd<StateFile, Told> {
    let mut settingsd = Settingsd::start(StateFile::default(), Told::default(), Availability { state: true, i2s: false });
    settingsd.set(LEVEL, b"0.5", Scope::User).expect("a level");
    settingsd
}

/// All that can be seen of settingsd.
fn seen<S: Store>(settingsd: &mut Settingsd<S, Told>) -> (String, Option<Vec<u8>>, Told) {
    (format!("{:?} {:?}", settingsd.list(), settingsd.sink()), settingsd.store().read(), settingsd.audio_mut().clone())
}

#[test]
fn test_reject_settings_text_over_max() {
    let mut settingsd = settingsd();
    let before = seen(&mut settingsd);
    let max = SETTINGS_TEXT_BYTES_MAX as usize;
    assert_eq!(code(settingsd.set(LEVEL, &vec![b'0'; max + 1], Scope::User)), ErrorCode::MalformedSetting);
    assert_eq!(code(settingsd.set(LEVEL, &vec![b'0'; max], Scope::User)), ErrorCode::InvalidSetting);
    assert_eq!(code(settingsd.set(&vec![b'k'; max + 1], b"1", Scope::User)), ErrorCode::MalformedSetting);
    assert_eq!(code(settingsd.set(&vec![b'k'; max], b"1", Scope::User)), ErrorCode::UnknownSetting);
    assert_eq!(code(settingsd.get(&vec![b'k'; max + 1])), ErrorCode::MalformedSetting);
    assert_eq!(code(settingsd.set(LEVEL, &[0xff], Scope::User)), ErrorCode::MalformedSetting);
    assert_eq!(code(settingsd.set(LEVEL, b"1", Scope::Device)), ErrorCode::WrongScope);
    assert_eq!(code(settingsd.set(b"audio.master.muted", b"1", Scope::User)), ErrorCode::InvalidSetting);
    assert_eq!(code(settingsd.set(b"audio.sink", b"tape", Scope::Device)), ErrorCode::InvalidSetting);
    settingsd.store_mut().fail_writes(true);
    assert_eq!(code(settingsd.set(LEVEL, b"1", Scope::User)), ErrorCode::PersistFailed);
    assert_eq!(seen(&mut settingsd), before);
}

/// A store that holds more than settingsd would ever write.
#[derive(Clone, Debug)]
struct Huge;

impl Store for Huge {
    fn read(&self) -> Option<Vec<u8>> {
        let mut file = b"audio.master.level=0.5\n".to_vec();
        file.resize(SETTINGS_FILE_BYTES_MAX as usize + 1, b'#');
        Some(file)
    }

    fn write(&mut self, _bytes: &[u8]) -> Result<(), WriteFailed> {
        Err(WriteFailed)
    }
}

#[test]
fn test_reject_settings_file_over_max() {
    let mut settingsd = settingsd();
    let before = seen(&mut settingsd);
    let max = SETTINGS_FILE_BYTES_MAX as usize;
    assert_eq!(code(settingsd.store_mut().plant(&vec![b'#'; max + 1])), ErrorCode::OversizedInput);
    assert_eq!(seen(&mut settingsd), before);
    assert_eq!(settingsd.store_mut().plant(&vec![b'#'; max]), Ok(()));
    // A file that is too large counts as one bad line, and none of it is believed.
    let mut huge = Settingsd::start(Huge, Told::default(), Availability { state: true, i2s: false });
    assert_eq!(huge.get(LEVEL), Ok("1"));
    assert_eq!(huge.restart().skipped, 1);
    let mut store = StateFile::default();
    assert_eq!((store.write(&vec![0; max + 1]), store.read()), (Err(WriteFailed), None));
}

#[test]
fn audiod_is_told_after_the_file_was_written() {
    // The file is written before audiod hears of the value: a write that fails leaves audiod alone.
    let mut settingsd = settingsd();
    assert_eq!(settingsd.audio_mut().0, ["level 65536", "muted false", "sink Null", "level 32768"]);
    settingsd.store_mut().fail_writes(true);
    assert_eq!(code(settingsd.set(b"audio.master.muted", b"true", Scope::User)), ErrorCode::PersistFailed);
    assert_eq!(settingsd.audio_mut().0.len(), 4);
}

fn powerd(locks: u32) -> Powerd {
    let mut powerd = Powerd::default();
    for n in 0..locks {
        assert_eq!(powerd.acquire("a", &n.to_string(), Kind::Partial, &mut Vec::new()), Ok(1));
    }
    powerd
}

#[test]
fn test_reject_wakelock_name_over_max() {
    let mut powerd = powerd(1);
    let before = powerd.clone();
    let mut lines = Vec::new();
    let (longest, longer) = ("n".repeat(WAKELOCK_NAME_BYTES_MAX as usize), "n".repeat(WAKELOCK_NAME_BYTES_MAX as usize + 1));
    for name in ["", ".", "a b", "a\n", "\u{e4}", &longer] {
        assert_eq!(code(powerd.acquire(name, "x", Kind::Full, &mut lines)), ErrorCode::InvalidWakelockName);
        assert_eq!(code(powerd.acquire("a", name, Kind::Full, &mut lines)), ErrorCode::InvalidWakelockName);
        assert_eq!(code(powerd.release("a", name, &mut lines)), ErrorCode::InvalidWakelockName);
        assert_eq!(code(powerd.died(name, &mut lines)), ErrorCode::InvalidWakelockName);
    }
    assert_eq!(code(powerd.acquire(WAKELOCK_MEDIA_APP, "x", Kind::Full, &mut lines)), ErrorCode::ReservedWakelockApp);
    assert_eq!(code(powerd.acquire("a", "0", Kind::Full, &mut lines)), ErrorCode::WakelockKindMismatch);
    assert_eq!(code(powerd.release("a", "x", &mut lines)), ErrorCode::WakelockNotHeld);
    assert_eq!((&powerd, lines.len()), (&before, 0));
    assert_eq!(powerd.acquire(&longest, &longest, Kind::Full, &mut lines), Ok(1));
}

#[test]
fn test_reject_wakelock_holders_over_max() {
    let mut powerd = powerd(WAKELOCK_HOLDERS_MAX);
    let before = powerd.clone();
    let (mut lines, mut media) = (Vec::new(), MediaLock::default());
    assert_eq!(code(powerd.acquire("b", "x", Kind::Full, &mut lines)), ErrorCode::TooManyWakelocks);
    assert_eq!(code(media.update(Some(&mut powerd), 1, Playback::Playing, &mut lines)), ErrorCode::TooManyWakelocks);
    assert_eq!((&powerd, lines.len(), media.playing()), (&before, 0, &[][..]));
    assert_eq!(powerd.acquire("a", "0", Kind::Partial, &mut lines), Ok(2));
}

#[test]
fn test_reject_wakelock_count_over_max() {
    let mut powerd = powerd(1);
    let mut lines = Vec::new();
    for count in 2..=WAKELOCK_COUNT_MAX {
        assert_eq!(powerd.acquire("a", "0", Kind::Partial, &mut lines), Ok(count));
    }
    let before = powerd.clone();
    assert_eq!(code(powerd.acquire("a", "0", Kind::Partial, &mut lines)), ErrorCode::WakelockCountOverMax);
    assert_eq!((&powerd, lines.len()), (&before, 0));
    assert_eq!(powerd.release("a", "0", &mut lines), Ok(WAKELOCK_COUNT_MAX - 1));
}

#[test]
fn test_reject_wakelock_sessions_over_max() {
    let (mut powerd, mut media, mut lines) = (powerd(0), MediaLock::default(), Vec::new());
    for session in 0..WAKELOCK_SESSIONS_MAX {
        let now = media.update(Some(&mut powerd), session, Playback::Playing, &mut lines).expect("it plays");
        assert_eq!((now.playing, now.held), (session + 1, true));
    }
    let before = (powerd.clone(), media.clone(), lines.clone());
    let more = media.update(Some(&mut powerd), WAKELOCK_SESSIONS_MAX, Playback::Ducked, &mut lines);
    assert_eq!(code(more), ErrorCode::TooManyPlaying);
    assert_eq!((powerd.clone(), media.clone(), lines.clone()), before);
    assert!(media.update(Some(&mut powerd), 0, Playback::Ducked, &mut lines).is_ok());
    assert_eq!(lines, ["powerd: wakelock acquire kind=partial id=playback app=mediasessd"]);
    assert_eq!(code::<()>(Err(services::wakelock::absent())), ErrorCode::PowerdAbsent);
}

fn codecd() -> Codecd {
    let mut codecd = Codecd::default();
    assert!(codecd.configure(CODEC_ROUTE_HP, &CODEC_FORMAT, &mut Vec::new()).is_ok());
    codecd
}

#[test]
fn test_reject_codec_route_over_max() {
    let (mut codecd, mut lines) = (codecd(), Vec::new());
    let before = codecd.clone();
    let (bytes, hops) = (CODEC_ROUTE_BYTES_MAX as usize, CODEC_ROUTE_HOPS_MAX as usize);
    let mut configure = |route: &str| code(codecd.configure(route, &CODEC_FORMAT, &mut lines));
    assert_eq!(configure(&" ".repeat(bytes + 1)), ErrorCode::RouteTooLong);
    assert_eq!(configure(&" ".repeat(bytes)), ErrorCode::MalformedRoute);
    assert_eq!(configure(&vec!["x"; hops + 1].join(" -> ")), ErrorCode::RouteTooLong);
    assert_eq!(configure(&vec!["x"; hops].join(" -> ")), ErrorCode::RepeatedRouteHop);
    assert_eq!(configure("hp"), ErrorCode::UnknownRouteSource);
    assert_eq!(configure("i2s"), ErrorCode::UnknownRouteSink);
    assert_eq!(configure("i2s -> hp"), ErrorCode::MissingRouteHop);
    assert_eq!(configure("i2s -> codec -> x -> hp"), ErrorCode::UnknownRouteHop);
    assert_eq!((codecd, lines.len()), (before, 0));
}

#[test]
fn test_reject_codec_tree_over_max() {
    let mut codecd = codecd();
    let before = codecd.clone();
    let max = CODEC_TREE_BYTES_MAX as usize;
    assert_eq!(code(codecd.read_routes(&vec![0; max + 1])), ErrorCode::MalformedRoutes);
    assert_eq!(code(codecd.read_routes(&vec![0; max])), ErrorCode::MalformedRoute);
    assert_eq!(code(codecd.read_routes(b"")), ErrorCode::MalformedRoutes);
    assert_eq!(code(codecd.read_routes(b"i2s -> codec -> hp")), ErrorCode::MalformedRoutes);
    assert_eq!(code(codecd.read_routes(b"\xff\0")), ErrorCode::MalformedRoutes);
    assert_eq!(code(codecd.read_routes(b"i2s -> codec -> hp\0i2s -> codec -> hp\0")), ErrorCode::DuplicateRoute);
    assert_eq!(codecd, before);
    assert_eq!(codecd.read_routes(b"i2s -> codec -> speaker\0"), Ok(&[RouteSink::Speaker][..]));
    assert_eq!(code(codecd.configure(CODEC_ROUTE_HP, &CODEC_FORMAT, &mut Vec::new())), ErrorCode::UndeclaredRoute);
}

#[test]
fn test_reject_codec_formats() {
    let (mut codecd, mut lines) = (codecd(), Vec::new());
    let before = codecd.clone();
    use spec::codec::{BlockFormat, SampleFormat};
    for (format, expected) in [
        (BlockFormat { rate_hz: 44_100, ..CODEC_FORMAT }, ErrorCode::UnsupportedCodecRate),
        (BlockFormat { channels: 1, ..CODEC_FORMAT }, ErrorCode::UnsupportedCodecChannels),
        (BlockFormat { sample: SampleFormat::U8, ..CODEC_FORMAT }, ErrorCode::UnsupportedCodecSample),
        (BlockFormat { block_frames: 0, ..CODEC_FORMAT }, ErrorCode::UnsupportedCodecBlock),
    ] {
        assert_eq!(code(codecd.configure(CODEC_ROUTE_HP, &format, &mut lines)), expected);
    }
    assert_eq!((codecd, lines.len()), (before, 0));
}

#[test]
fn test_reject_i2s_blocks() {
    let mut lines = Vec::new();
    let mut qemu = I2sd::start(Platform::Qemu, &mut lines);
    let before = qemu.clone();
    assert_eq!(code(qemu.enable(true, &mut lines)), ErrorCode::I2sAbsent);
    assert_eq!(code(qemu.submit(&[0; 960])), ErrorCode::I2sDisabled);
    assert_eq!(code(select_i2s(&qemu, &codecd())), ErrorCode::I2sDisabled);
    assert_eq!((qemu, lines.len()), (before, 2));

    let mut test = I2sd::start(Platform::Test, &mut lines);
    assert_eq!((test.enable(true, &mut lines), test.submit(&[1; 960])), (Ok(()), Ok(1)));
    assert_eq!(code(select_i2s(&test, &Codecd::default())), ErrorCode::CodecNotConfigured);
    let before = test.clone();
    for samples in [0, 1, 958, 959, 961, 962] {
        assert_eq!(code(test.submit(&vec![1; samples])), ErrorCode::InvalidI2sBlock, "{samples}");
    }
    assert_eq!(test, before);
}
