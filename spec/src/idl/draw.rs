//! Drawn messages: honest values, and frames that are mostly right, with a hostile word here and there.

use super::{Answer, Call, Fill, Gain, IDL_FILLS_MAX, IDL_MESSAGE_BYTES_MAX, IDL_PCM_BYTES_MAX, IDL_SETTING_BYTES_MAX, IDL_TEXT_BYTES_MAX};
use super::{Class, Command, FocusKind, IDL_ARTWORK_BYTES_MAX, IDL_COMMANDS_MAX, IDL_KEY_BYTES_MAX, IDL_SESSIONS_MAX};
use super::{IDL_VERSION, MediaKey, Metadata, Metrics, Mute, Peaks, Reply, Request, Session, SessionEntry, SessionPosition, Sink};
use crate::{Entropy, entropy};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Which of the two messages a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client.
    Request,
    /// To the client.
    Reply,
}

fn number(source: &mut dyn Entropy) -> u32 {
    match source.below(4) {
        0 => entropy::pick(source, [0, 1, 2, u32::MAX, 1 << 31, 65_536]),
        1 => source.bits() as u32,
        _ => source.below(20) as u32,
    }
}

fn long_number(source: &mut dyn Entropy) -> u64 {
    if source.one_in(3) { source.bits() } else { number(source).into() }
}

/// A text, mostly a short one, now and then just at, below or above its bound.
fn text(source: &mut dyn Entropy, max: u32) -> Cow<'static, str> {
    let mut text = String::new();
    let len = if source.one_in(16) { (i64::from(max) + source.between(-2, 2)) as usize } else { source.below(12) as usize };
    while text.len() < len {
        text.push(entropy::pick(source, ['a', 'o', '.', ':', '/', '0', ' ', '\u{e9}', '\u{20ac}', '\u{1f3b5}', '\0', 'z']));
    }
    text.into()
}

/// Bytes, mostly few, now and then just at, below or above their bound.
fn bytes(source: &mut dyn Entropy, max: u32) -> Cow<'static, [u8]> {
    if source.one_in(24) {
        return vec![source.bits() as u8; (i64::from(max) + source.between(-4, 4)) as usize].into();
    }
    (0..source.below(40)).map(|_| source.bits() as u8).collect::<Vec<u8>>().into()
}

fn metadata(source: &mut dyn Entropy) -> Metadata<'static> {
    let mut of = || text(source, IDL_TEXT_BYTES_MAX);
    let (title, artist, album, artwork) = (of(), of(), of(), of());
    Metadata { title, artist, album, artwork, duration_ms: source.one_in(2).then(|| long_number(source)) }
}

fn command(source: &mut dyn Entropy) -> Command {
    let ms = long_number(source);
    entropy::pick(source, [Command::Next, Command::Prev, Command::Play, Command::Pause, Command::Stop, Command::Seek(ms), Command::Seek(0)])
}

fn key(source: &mut dyn Entropy) -> MediaKey {
    use MediaKey::{Mute, Next, Pause, Play, Prev, Stop, Toggle, VolumeDown, VolumeUp};
    entropy::pick(source, [Play, Pause, Toggle, Stop, Next, Prev, VolumeUp, VolumeDown, Mute])
}

fn entry(source: &mut dyn Entropy) -> SessionEntry {
    SessionEntry {
        session: number(source),
        class: entropy::pick(source, Class::ALL),
        duck_db_q8_8: source.bits() as i16,
        playing: source.one_in(2),
        paused_by_focus: source.one_in(2),
        ducked: source.one_in(2),
        muted: source.one_in(2),
        gain_owner: source.one_in(2),
        position_ms: long_number(source),
    }
}

fn session(source: &mut dyn Entropy) -> Session<'static> {
    Session {
        entry: entry(source),
        stream: number(source),
        volume_db_q8_8: source.bits() as i16,
        app_volume_db_q8_8: source.bits() as i16,
        session_muted: source.one_in(2),
        app_muted: source.one_in(2),
        seekable: source.one_in(2),
        target_ms: source.one_in(2).then(|| long_number(source)),
        waiting: source.bits() as u16,
        app: text(source, IDL_TEXT_BYTES_MAX),
        metadata: metadata(source),
    }
}

fn metrics(source: &mut dyn Entropy) -> Metrics {
    Metrics {
        block: long_number(source),
        last: peaks(source),
        clipped_samples: long_number(source),
        underrun_events: long_number(source),
        missing_frames: long_number(source),
        dropped: long_number(source),
        active_sessions: number(source),
        open_streams: number(source),
        positions: list(source, IDL_SESSIONS_MAX, |source| SessionPosition { session: number(source), frames: long_number(source) }),
    }
}

/// A list, now and then one longer than its bound.
fn list<T>(source: &mut dyn Entropy, max: u32, mut of: impl FnMut(&mut dyn Entropy) -> T) -> Vec<T> {
    let count = if source.one_in(4) { source.below(u64::from(max) + 2) } else { source.below(4) };
    (0..count).map(|_| of(source)).collect()
}

fn gain(source: &mut dyn Entropy) -> Gain {
    Gain { id: number(source), db_q8_8: source.bits() as i16 }
}

fn mute(source: &mut dyn Entropy) -> Mute {
    Mute { id: number(source), muted: source.one_in(2) }
}

fn sink(source: &mut dyn Entropy) -> Sink {
    entropy::pick(source, [Sink::Null, Sink::File, Sink::I2s])
}

fn peaks(source: &mut dyn Entropy) -> Peaks {
    Peaks { peak: [number(source), number(source)], rms: [number(source), number(source)] }
}

/// A request.
pub fn request(source: &mut dyn Entropy) -> Request<'static> {
    let sequence = number(source);
    let claimed = source.one_in(3).then(|| source.bits());
    let call = match source.below(48) {
        0 => Call::DefaultFormat,
        1 => Call::SinkState,
        2 => Call::SetLevel(number(source)),
        3 => Call::SetMuted(source.one_in(2)),
        4 => Call::GetLevel,
        5 => Call::PlayTone { hz: number(source), ms: number(source) },
        6 => Call::OpenStream(text(source, IDL_TEXT_BYTES_MAX)),
        7 => Call::Write { stream: number(source), pcm: bytes(source, IDL_PCM_BYTES_MAX) },
        8 => Call::Start(number(source)),
        9 => Call::Pause(number(source)),
        10 => Call::Close(number(source)),
        11 => Call::SetStreamGain(gain(source)),
        12 => Call::SetStreamMuted(mute(source)),
        13 => Call::Position(number(source)),
        14 => Call::Stats,
        15 => Call::Meters,
        16 => Call::SelectSink(sink(source)),
        17 => Call::RecordStart(text(source, IDL_TEXT_BYTES_MAX)),
        18 => Call::RecordStop,
        19 => Call::Publish {
            app: text(source, IDL_TEXT_BYTES_MAX),
            stream: number(source),
            class: entropy::pick(source, Class::ALL),
            seekable: source.one_in(2),
        },
        20 => Call::Withdraw(number(source)),
        21 => Call::Play(number(source)),
        22 => Call::PauseSession(number(source)),
        23 => Call::Seek { session: number(source), ms: long_number(source) },
        24 => Call::Duck(number(source)),
        25 => Call::Unduck(number(source)),
        26 => Call::SetVolume(gain(source)),
        27 => Call::SetSessionMuted(mute(source)),
        28 => Call::SettingSet { key: text(source, IDL_SETTING_BYTES_MAX), value: text(source, IDL_SETTING_BYTES_MAX) },
        29 => Call::SettingGet(text(source, IDL_SETTING_BYTES_MAX)),
        30 => Call::RequestFocus { session: number(source), kind: entropy::pick(source, [FocusKind::Gain, FocusKind::Transient]) },
        31 => Call::AbandonFocus(number(source)),
        32 => Call::StopSession(number(source)),
        33 => Call::SetActive(number(source)),
        34 => Call::AcceptHandoff(number(source)),
        35 => Call::SetMetadata { session: number(source), metadata: metadata(source) },
        36 => Call::ListSessions,
        37 => Call::GetSession(number(source)),
        38 => Call::Changed(long_number(source)),
        39 => Call::SetAppVolume { app: text(source, IDL_TEXT_BYTES_MAX), db_q8_8: source.bits() as i16 },
        40 => Call::SetAppMuted { app: text(source, IDL_TEXT_BYTES_MAX), muted: source.one_in(2) },
        41 => Call::Command { session: number(source), command: command(source) },
        42 => Call::TakeCommands(number(source)),
        43 => Call::MediaKey(key(source)),
        44 => Call::Metrics,
        45 => Call::ExportMetrics,
        46 => Call::PutArtwork { uri: text(source, IDL_TEXT_BYTES_MAX), content: bytes(source, IDL_ARTWORK_BYTES_MAX) },
        _ => Call::GetArtwork(text(source, IDL_TEXT_BYTES_MAX)),
    };
    Request { sequence, claimed, call }
}

/// A reply.
pub fn reply(source: &mut dyn Entropy) -> Reply<'static> {
    let sequence = number(source);
    let answer = match source.below(20) {
        0 => Answer::Error { code: entropy::pick(source, [1, 104, 710, 65_535, 0]), text: text(source, IDL_TEXT_BYTES_MAX) },
        1 => Answer::Done,
        2 => {
            let (channels, bits) = (source.bits() as u16, source.bits() as u16);
            Answer::Format { rate_hz: number(source), channels, bits, block_frames: number(source) }
        }
        3 => Answer::Sink { sink: sink(source), recording: source.one_in(2), frames: long_number(source) },
        4 => Answer::Level { q16: number(source), muted: source.one_in(2) },
        5 => Answer::Opened { stream: number(source), handle: number(source), offset: number(source), frames: number(source) },
        6 => Answer::Taken(number(source)),
        7 => Answer::Position { frames: long_number(source), ms: long_number(source) },
        8 => Answer::Stats {
            ticks: long_number(source),
            open_streams: number(source),
            underrun_events: long_number(source),
            missing_frames: long_number(source),
            clipped_samples: long_number(source),
            last: peaks(source),
        },
        9 => {
            let streams = source.below(u64::from(IDL_FILLS_MAX) + 2);
            let fills = (0..streams).map(|_| Fill { stream: number(source), frames: number(source) }).collect();
            Answer::Meters { last: peaks(source), fills }
        }
        10 => Answer::Recorded { frames: long_number(source), bytes: long_number(source) },
        11 => Answer::Published(number(source)),
        12 => Answer::Setting(text(source, IDL_SETTING_BYTES_MAX)),
        13 => {
            let (active, offer, revision) = (number(source), number(source), long_number(source));
            Answer::Sessions { active, offer, revision, list: list(source, IDL_SESSIONS_MAX, entry) }
        }
        14 => Answer::Session(Box::new(session(source))),
        15 => Answer::Changed { revision: long_number(source), changed: source.one_in(2) },
        16 => Answer::Commands { session: number(source), list: list(source, IDL_COMMANDS_MAX, command) },
        17 => Answer::Metrics(Box::new(metrics(source))),
        18 => Answer::Exported { lines: number(source), bytes: number(source), removed: number(source) },
        _ => Answer::Artwork { key: bytes(source, IDL_KEY_BYTES_MAX), content: bytes(source, IDL_ARTWORK_BYTES_MAX) },
    };
    Reply { sequence, answer }
}

/// What a pointer of the schema leads to.
#[derive(Clone, Copy)]
enum Shape {
    Text(u32),
    Bytes(u32),
    /// Structs of so many words of data, at most so many, with small numbers in each half-word.
    Structs(u64, u32),
    Struct(u64, &'static [Self]),
}

/// What the pointer of the union's member leads to.
fn member(direction: Direction, tag: u16) -> Option<Shape> {
    use Shape::{Bytes, Struct, Structs, Text};
    const TEXT: Shape = Text(IDL_TEXT_BYTES_MAX);
    const SETTING: Shape = Text(IDL_SETTING_BYTES_MAX);
    const ART: Shape = Bytes(IDL_ARTWORK_BYTES_MAX);
    Some(match (direction, tag) {
        (Direction::Request, 6 | 17 | 47) => TEXT,
        (Direction::Request, 29) | (Direction::Reply, 12) => SETTING,
        (Direction::Request, 5 | 11 | 12 | 26 | 27 | 30 | 38) | (Direction::Reply, 4) => Struct(1, &[]),
        (Direction::Request, 7) => Struct(1, &[Bytes(IDL_PCM_BYTES_MAX)]),
        (Direction::Request, 19 | 39 | 40) | (Direction::Reply, 0) => Struct(1, &[TEXT]),
        (Direction::Request, 28) => Struct(0, &[SETTING, SETTING]),
        (Direction::Request, 23 | 41) | (Direction::Reply, 2 | 3 | 5 | 7 | 10 | 15 | 18) => Struct(2, &[]),
        (Direction::Request, 35) => Struct(2, &[TEXT, TEXT, TEXT, TEXT]),
        (Direction::Request, 46) => Struct(0, &[TEXT, ART]),
        (Direction::Reply, 8) => Struct(5, &[Struct(2, &[])]),
        (Direction::Reply, 9) => Struct(0, &[Struct(2, &[]), Structs(1, IDL_FILLS_MAX)]),
        (Direction::Reply, 13) => Struct(2, &[Structs(3, IDL_SESSIONS_MAX)]),
        (Direction::Reply, 14) => Struct(4, &[Struct(3, &[]), TEXT, TEXT, TEXT, TEXT, TEXT]),
        (Direction::Reply, 16) => Struct(1, &[Structs(2, IDL_COMMANDS_MAX)]),
        (Direction::Reply, 17) => Struct(6, &[Struct(2, &[]), Structs(2, IDL_SESSIONS_MAX)]),
        (Direction::Reply, 19) => Struct(0, &[Bytes(IDL_KEY_BYTES_MAX), ART]),
        _ => return None,
    })
}

/// A frame: mostly a right one in whatever order and size Cap'n Proto allows, now and then with something hostile.
pub fn frame(source: &mut dyn Entropy, direction: Direction) -> Vec<u8> {
    let mut words = vec![0];
    let last_tag = if direction == Direction::Request { 47 } else { 19 };
    let tag =
        if source.one_in(24) { entropy::pick(source, [last_tag + 1, 255, u16::MAX]) } else { source.below(u64::from(last_tag) + 1) as u16 };
    let version = if source.one_in(24) { entropy::pick(source, [0, 2, 257, u16::MAX]) } else { IDL_VERSION };
    let (data, tag_word, tag_shift) = if direction == Direction::Request { (3, 2, 0) } else { (2, 0, 16) };
    let (start, pointers) = structure(source, &mut words, 0, data, 1);
    if let Some(root) = start {
        let set = |words: &mut Vec<u64>, word: u64, shift: u32, value: u16| {
            if let Some(word) = words.get_mut(root + word as usize).filter(|_| word < pointers.0) {
                *word = *word & !(0xffff << shift) | u64::from(value) << shift;
            }
        };
        set(&mut words, 0, 0, version);
        set(&mut words, tag_word, tag_shift, tag);
        // A member of 16 bits, such as a sink or a key, is a small number more often than not.
        if matches!(tag, 16 | 43) && direction == Direction::Request {
            let small = source.below(if tag == 16 { 4 } else { 10 }) as u16;
            set(&mut words, 2, 32, small);
        }
        if let (Some(shape), true) = (member(direction, tag), pointers.1 > 0) {
            object(source, &mut words, root + pointers.0 as usize, shape);
        }
    }
    sealed(source, words)
}

/// Adds what a pointer leads to, unless it stays null.
fn object(source: &mut dyn Entropy, words: &mut Vec<u64>, at: usize, shape: Shape) {
    if source.one_in(16) {
        return;
    }
    match shape {
        Shape::Text(max) => {
            let mut bytes = text(source, max).into_owned().into_bytes();
            if source.one_in(16) {
                let broken = entropy::pick(source, [0xff, 0xc0, 0xed, 0x80]);
                bytes.insert(source.below(bytes.len() as u64 + 1) as usize, broken);
            }
            if !source.one_in(24) {
                bytes.push(0);
            }
            list_of_bytes(source, words, at, &bytes);
        }
        Shape::Bytes(max) => {
            let bytes = bytes(source, max);
            list_of_bytes(source, words, at, &bytes);
        }
        Shape::Structs(data, max) => list_of_structs(source, words, at, data, max),
        Shape::Struct(data, members) => {
            let (start, (data, pointers)) = structure(source, words, at, data, members.len() as u64);
            let Some(start) = start else { return };
            for (index, shape) in members.iter().enumerate().take(pointers as usize) {
                object(source, words, start + data as usize + index, *shape);
            }
        }
    }
}

/// Adds a struct, mostly of the schema's size; gives where it starts, with its words of data and its pointers. Its data are
/// random; those of a 16-bit enum or a code are small more often than not.
fn structure(source: &mut dyn Entropy, words: &mut Vec<u64>, at: usize, data: u64, pointers: u64) -> (Option<usize>, (u64, u64)) {
    let mut sized = |size: u64| if source.one_in(24) { source.below(size + 3) } else { size };
    let (data, pointers) = (sized(data), sized(pointers));
    let start = words.len();
    for _ in 0..data {
        let word = if source.one_in(2) { source.bits() } else { source.below(4) | source.below(3) << 16 | source.below(100) << 32 };
        words.push(word);
    }
    words.resize(start + (data + pointers) as usize, 0);
    point(source, words, at, start, data << 32 | pointers << 48);
    (Some(start), (data, pointers))
}

fn list_of_bytes(source: &mut dyn Entropy, words: &mut Vec<u64>, at: usize, bytes: &[u8]) {
    let start = words.len();
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        words.push(u64::from_le_bytes(word));
    }
    let claimed = if source.one_in(32) { entropy::pick(source, [0, bytes.len() as u64 + 9, (1 << 29) - 1]) } else { bytes.len() as u64 };
    let size = if source.one_in(32) { source.below(8) } else { 2 };
    point(source, words, at, start, 1 | size << 32 | claimed << 35);
}

/// A word of a struct: anything, or small numbers where an enum, a flag and a code may stand.
fn word(source: &mut dyn Entropy) -> u64 {
    if source.one_in(4) { source.bits() } else { source.below(7) | source.below(3) << 16 | source.below(5) << 32 | source.below(100) << 48 }
}

/// A list of structs, mostly as the schema has it, otherwise as Cap'n Proto lets lists be upgraded.
fn list_of_structs(source: &mut dyn Entropy, words: &mut Vec<u64>, at: usize, data: u64, max: u32) {
    let count = source.below(u64::from(max) + 3);
    if source.one_in(8) {
        let size = source.below(7);
        let bits = [0, 1, 8, 16, 32, 64, 64][size as usize] * count;
        let start = words.len();
        for _ in 0..bits.div_ceil(64) {
            words.push(source.bits());
        }
        let count = if source.one_in(8) { entropy::pick(source, [count + 64, (1 << 29) - 1]) } else { count };
        return point(source, words, at, start, 1 | size << 32 | count << 35);
    }
    let (data, pointers) = if source.one_in(8) { (source.below(data + 2), source.below(2)) } else { (data, 0) };
    let start = words.len();
    let claimed = if source.one_in(16) { entropy::pick(source, [count + 1, 100, (1 << 29) - 1]) } else { count };
    let kind = if source.one_in(32) { source.below(4) } else { 0 };
    words.push(kind | claimed << 2 | data << 32 | pointers << 48);
    for _ in 0..count * (data + pointers) {
        words.push(word(source));
    }
    let size = count * (data + pointers) + if source.one_in(32) { entropy::pick(source, [1, 5, 1 << 20]) } else { 0 };
    point(source, words, at, start, 1 | 7 << 32 | size << 35);
}

/// Writes a pointer to `target`, mostly directly, now and then over a landing pad or to somewhere else.
fn point(source: &mut dyn Entropy, words: &mut Vec<u64>, at: usize, target: usize, kind: u64) {
    let positional = |from: usize, to: i64| kind | ((to - from as i64 - 1) as u64 & 0x3fff_ffff) << 2;
    let direct = positional(at, target as i64);
    words[at] = match source.below(96) {
        95 => source.bits(),
        94 => direct ^ 1 << source.below(64),
        93 => positional(at, source.between(-3, words.len() as i64 + 3)),
        92 => positional(at, at as i64),
        90..=91 => {
            let pad = words.len() as u64;
            words.push(positional(pad as usize, target as i64));
            2 | pad << 3 | u64::from(source.one_in(8)) << 32
        }
        88..=89 => {
            let pad = words.len() as u64;
            words.push(2 | (target as u64) << 3 | u64::from(source.one_in(8)) << 32);
            words.push(kind);
            6 | pad << 3
        }
        87 => 2 | source.below(words.len() as u64 + 2) << 3 | source.below(2) << 2,
        _ => direct,
    };
}

/// The words in a frame, with now and then a header that lies or a cut.
fn sealed(source: &mut dyn Entropy, mut words: Vec<u64>) -> Vec<u8> {
    if source.one_in(32) {
        let index = source.below(words.len() as u64) as usize;
        words[index] = if source.one_in(2) { source.bits() } else { 0 };
    }
    if source.one_in(24) {
        let most = u64::from(IDL_MESSAGE_BYTES_MAX) / 8 - 1;
        words.resize((most as i64 + source.between(-1, 1)) as usize, 0);
    }
    let segments = if source.one_in(48) { entropy::pick(source, [1, 2, u32::MAX]) } else { 0 };
    let there = words.len() as u32;
    let claimed =
        if source.one_in(32) { entropy::pick(source, [0, there + 1, there.wrapping_sub(1), u32::MAX, 1 << 29, 1024]) } else { there };
    let mut bytes = Vec::with_capacity(words.len() * 8 + 8);
    bytes.extend_from_slice(&segments.to_le_bytes());
    bytes.extend_from_slice(&claimed.to_le_bytes());
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    match source.below(48) {
        46 => bytes.truncate(source.below(bytes.len() as u64) as usize),
        47 => bytes.resize(bytes.len() + source.between(1, 9) as usize, 0),
        _ => {}
    }
    bytes
}
