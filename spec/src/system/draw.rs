//! Cases of the contract `system`: mostly what players and tools do, with every gate met from both sides now and then.

use super::{ALL_CLIENT_RIGHTS, Config, Op, SYSTEM_SENDERS_MAX, SYSTEM_TICK_BLOCKS_MAX, System, client_rights};
use crate::audiod::{AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_STATEFS, AUDIOD_SESSIONS_MAX, Sink, State};
use crate::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use crate::idl::{Call, Class, Command, FocusKind, Gain, MediaKey, Metadata, Mute};
use crate::level::LEVEL_Q16_MAX;
use crate::media_config::Values;
use crate::metrics::METRICS_URI;
use crate::tone::{TONE_HZ_MAX, TONE_MS_MAX};
use crate::{Case, Entropy, entropy};
use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

/// What is followed while a case is drawn: roughly how many streams and sessions there were.
#[derive(Default)]
struct Drawing {
    streams: u32,
    sessions: u32,
}

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<System> {
    let config = config(source);
    let mut drawing = Drawing::default();
    let mut all = Vec::new();
    // Most cases begin with a player, which few would come to by chance; now and then with as many sessions as there may be.
    if source.one_in(24) {
        drawing.opening(&mut all);
        for stream in 2..=AUDIOD_SESSIONS_MAX {
            for call in [Call::OpenStream("crowd".into()), Call::publish("crowd", stream)] {
                all.push(Op::Call { sender: 0, claimed: None, call });
            }
        }
        (drawing.streams, drawing.sessions) = (AUDIOD_SESSIONS_MAX, AUDIOD_SESSIONS_MAX);
    } else if source.one_in(3) {
        drawing.meeting(source, &mut all);
    } else if !source.one_in(4) {
        drawing.opening(&mut all);
    }
    all.truncate(ops);
    while all.len() < ops {
        all.push(drawing.op(source));
    }
    Case { config, ops: all }
}

fn config(source: &mut dyn Entropy) -> Config {
    if source.one_in(2) {
        return Config::default();
    }
    let senders = match source.below(24) {
        0 => 0,
        1 => SYSTEM_SENDERS_MAX + 1,
        _ => source.between(1, i64::from(SYSTEM_SENDERS_MAX)) as u32,
    };
    let rights: Vec<_> = client_rights().collect();
    let grant = |source: &mut dyn Entropy| match source.below(6) {
        // Without one capability, and with one alone.
        0 => ALL_CLIENT_RIGHTS & !rights[source.below(rights.len() as u64) as usize].bit(),
        1 if source.one_in(3) => rights[source.below(rights.len() as u64) as usize].bit(),
        1 if source.one_in(8) => source.bits(),
        _ => ALL_CLIENT_RIGHTS,
    };
    let media = if source.one_in(2) { Values::default() } else { values(source) };
    Config {
        media,
        grants: (0..senders).map(|_| grant(source)).collect(),
        consents: if source.one_in(3) { source.bits() as u8 } else { u8::MAX },
        state: match source.below(6) {
            0 => State::Missing,
            1 => State::FailsAfter(source.below(6) as u32),
            _ => State::Ready,
        },
        record_blocks_max: match source.below(12) {
            0 => entropy::pick(source, [0, 1, AUDIOD_RECORD_BLOCKS_MAX, AUDIOD_RECORD_BLOCKS_MAX + 1]),
            1..=6 => source.between(1, 6) as u32,
            _ => AUDIOD_RECORD_BLOCKS_STATEFS,
        },
    }
}

/// Depths, ramps and limits of which much is met.
fn values(source: &mut dyn Entropy) -> Values {
    let mut values = Values::default();
    let mut depth = || match source.below(8) {
        0 => entropy::pick(source, [0, -1, -96]),
        _ => source.between(-20, 0) as i32,
    };
    (values.duck.duck_db, values.duck.duck_db_ui) = (depth(), depth());
    values.duck.ramp_ms = entropy::pick(source, [0, 10, 25, 50, 80, 100]);
    values.focus.auto_resume = !source.one_in(4);
    if source.one_in(4) {
        values.limits.sessions = source.between(1, 4) as u32;
        values.limits.queued_events = source.between(1, 3) as u32;
        values.limits.text_bytes = source.between(1, 20) as u32;
        values.limits.artworks = source.between(1, 3) as u32;
        values.limits.artwork_bytes = source.between(1, 60) as u32;
    }
    values.metrics.export = !source.one_in(8);
    values.metrics.interval_blocks = source.between(1, 6) as u32;
    values
}

impl Drawing {
    /// Players of several classes, each with sound in it.
    fn meeting(&mut self, source: &mut dyn Entropy, all: &mut Vec<Op>) {
        let call = |call| Op::Call { sender: 0, claimed: None, call };
        for stream in 1..=source.between(2, 4) as u32 {
            let class = entropy::pick(source, Class::ALL);
            let app = entropy::pick(source, ["music", "com.example.media.sample", "A_1"]);
            all.push(call(Call::OpenStream(app.into())));
            all.push(Op::Write { sender: 0, stream, frames: 1_920, seed: stream });
            all.push(call(Call::Publish { app: app.into(), stream, class, seekable: source.one_in(2) }));
            if !source.one_in(3) {
                all.push(call(Call::Play(stream)));
            }
            (self.streams, self.sessions) = (stream, stream);
        }
    }

    /// A stream with sound in it and a session over it.
    fn opening(&mut self, all: &mut Vec<Op>) {
        let call = |call| Op::Call { sender: 0, claimed: None, call };
        all.push(call(Call::OpenStream("music".into())));
        all.push(Op::Write { sender: 0, stream: 1, frames: 1_440, seed: 5 });
        all.push(call(Call::publish("music", 1)));
        (self.streams, self.sessions) = (1, 1);
    }

    fn op(&mut self, source: &mut dyn Entropy) -> Op {
        match source.below(40) {
            0..=8 => Op::Tick(match source.below(24) {
                0 => entropy::pick(source, [0, SYSTEM_TICK_BLOCKS_MAX, SYSTEM_TICK_BLOCKS_MAX + 1, u32::MAX]),
                1 => source.between(30, 110) as u32,
                2..=6 => source.between(2, 8) as u32,
                _ => 1,
            }),
            9..=11 => {
                Op::Write { sender: sender(source), stream: self.stream(source), frames: frames(source), seed: source.below(64) as u32 }
            }
            12 => Op::Lines,
            13 => Op::Records(if source.one_in(8) { source.below(40) } else { 0 }),
            14 => match source.below(6) {
                0 => Op::Events(source.below(20)),
                1 => Op::Indicators,
                2 => Op::Gone(sender(source)),
                3 => Op::Locks,
                4 if source.one_in(2) => Op::Restart,
                _ => Op::File(entropy::pick(source, ["state:/audio/out.wav", METRICS_URI]).into()),
            },
            _ => {
                let sender = sender(source);
                let claimed = match source.below(16) {
                    0 => Some(source.below(6) as u8),
                    1 | 2 => Some(sender),
                    _ => None,
                };
                Op::Call { sender, claimed, call: self.call(source) }
            }
        }
    }

    fn stream(&self, source: &mut dyn Entropy) -> u32 {
        match source.below(32) {
            0 => entropy::pick(source, [0, self.streams + 1, u32::MAX]),
            _ => source.between(1, i64::from(self.streams.max(1))) as u32,
        }
    }

    fn session(&self, source: &mut dyn Entropy) -> u32 {
        match source.below(24) {
            0 => entropy::pick(source, [0, self.sessions + 1, u32::MAX]),
            _ => source.between(1, i64::from(self.sessions.max(1))) as u32,
        }
    }

    /// What mediasessd is asked beside what it was asked first.
    fn media(&mut self, source: &mut dyn Entropy) -> Call<'static> {
        let session = self.session(source);
        match source.below(40) {
            0..=3 => {
                self.sessions += 1;
                let (class, seekable) = (entropy::pick(source, Class::ALL), source.one_in(2));
                Call::Publish { app: app(source), stream: self.stream(source), class, seekable }
            }
            4..=9 => Call::Play(session),
            10 | 11 => Call::PauseSession(session),
            12 | 13 => Call::RequestFocus { session, kind: entropy::pick(source, FocusKind::ALL) },
            14 => Call::AbandonFocus(session),
            15 => Call::StopSession(session),
            16 => Call::SetActive(session),
            17 | 18 => Call::AcceptHandoff(session),
            19 => Call::SetMetadata { session, metadata: metadata(source) },
            20 | 21 => Call::ListSessions,
            22..=24 => Call::GetSession(session),
            25 => Call::Changed(source.below(12)),
            26 | 27 => Call::SetAppVolume { app: app(source), db_q8_8: db(source) },
            28 => Call::SetAppMuted { app: app(source), muted: source.one_in(2) },
            29 => Call::Command { session, command: entropy::pick(source, [Command::Next, Command::Prev, Command::Seek(1_000)]) },
            30 => Call::TakeCommands(session),
            31..=33 => {
                use MediaKey::{Mute, Next, Pause, Play, Prev, Stop, Toggle, VolumeDown, VolumeUp};
                Call::MediaKey(entropy::pick(source, [Play, Pause, Toggle, Stop, Next, Prev, VolumeUp, VolumeDown, Mute]))
            }
            34 => Call::Metrics,
            35 | 36 => Call::ExportMetrics,
            37 => Call::PutArtwork { uri: picture(source), content: vec![source.below(4) as u8; source.below(40) as usize].into() },
            38 => Call::GetArtwork(picture(source)),
            _ => Call::Seek { session, ms: source.below(400) },
        }
    }

    fn call(&mut self, source: &mut dyn Entropy) -> Call<'static> {
        if source.one_in(3) {
            return self.media(source);
        }
        match source.below(64) {
            0..=2 => {
                self.streams += 1;
                Call::OpenStream(app(source))
            }
            3..=5 => {
                self.streams += 1;
                Call::PlayTone { hz: hz(source), ms: ms(source) }
            }
            6..=8 => Call::Start(self.stream(source)),
            9 => Call::Pause(self.stream(source)),
            10 => Call::Close(self.stream(source)),
            11 => Call::SetStreamGain(Gain { id: self.stream(source), db_q8_8: db(source) }),
            12 => Call::SetStreamMuted(Mute { id: self.stream(source), muted: source.one_in(2) }),
            13 => Call::Position(self.stream(source)),
            14 => Call::Stats,
            15 => Call::Meters,
            16 => Call::SetLevel(match source.below(8) {
                0 => entropy::pick(source, [LEVEL_Q16_MAX + 1, u32::MAX]),
                1..=3 => entropy::pick(source, [0, 1, 32_768, LEVEL_Q16_MAX]),
                _ => source.below(u64::from(LEVEL_Q16_MAX) + 1) as u32,
            }),
            17 => Call::SetMuted(source.one_in(2)),
            18 => Call::GetLevel,
            19 => Call::SelectSink(entropy::pick(source, [Sink::Null, Sink::File, Sink::I2s])),
            20 => Call::SinkState,
            21 => Call::DefaultFormat,
            22..=25 => Call::RecordStart(uri(source)),
            26..=28 => Call::RecordStop,
            29..=33 => {
                self.sessions += 1;
                Call::publish(app(source), self.stream(source))
            }
            34 => Call::Withdraw(self.session(source)),
            35..=41 => Call::Play(self.session(source)),
            42..=44 => Call::PauseSession(self.session(source)),
            45 => Call::Seek { session: self.session(source), ms: source.below(5_000) },
            46..=49 => Call::Duck(self.session(source)),
            50 | 51 => Call::Unduck(self.session(source)),
            52 | 53 => Call::SetVolume(Gain { id: self.session(source), db_q8_8: db(source) }),
            54 => Call::SetSessionMuted(Mute { id: self.session(source), muted: source.one_in(2) }),
            55..=59 => {
                let (key, value) = setting(source);
                Call::SettingSet { key, value }
            }
            60 | 61 => Call::SettingGet(setting(source).0),
            // Samples that a message can hold, and a rest that is no frame.
            62 => Call::Write { stream: self.stream(source), pcm: vec![source.bits() as u8; source.below(20) as usize].into() },
            _ => Call::Stats,
        }
    }
}

/// Mostly the first sender, so that its calls meet.
fn sender(source: &mut dyn Entropy) -> u8 {
    if source.one_in(4) { source.below(u64::from(SYSTEM_SENDERS_MAX) + 1) as u8 } else { 0 }
}

fn app(source: &mut dyn Entropy) -> Cow<'static, str> {
    match source.below(24) {
        0 => entropy::pick(source, ["", "a b", "a=b", "a/b"]).into(),
        _ => entropy::pick(source, ["music", "com.example.media.sample", "A_1"]).into(),
    }
}

fn uri(source: &mut dyn Entropy) -> Cow<'static, str> {
    match source.below(16) {
        0 => entropy::pick(source, ["", "state:/", "state:/../out.wav", "pkg:/out.wav", "state:/out.mp3"]).into(),
        _ => "state:/audio/out.wav".into(),
    }
}

fn picture(source: &mut dyn Entropy) -> Cow<'static, str> {
    match source.below(16) {
        0 => entropy::pick(source, ["", "a\nb"]).into(),
        _ => entropy::pick(source, ["pkg://fixtures/artwork/a.png", "pkg://fixtures/artwork/b.png"]).into(),
    }
}

fn metadata(source: &mut dyn Entropy) -> Metadata<'static> {
    let mut text = || Cow::Borrowed(entropy::pick(source, ["", "Title", "Sch\u{f6}n", "a\tb", "a longer title of 24 byte"]));
    let (title, artist, album, artwork) = (text(), text(), text(), text());
    let duration_ms = source.one_in(2).then(|| source.below(300));
    Metadata { title, artist, album, artwork, duration_ms }
}

fn setting(source: &mut dyn Entropy) -> (Cow<'static, str>, Cow<'static, str>) {
    let key = entropy::pick(source, ["audio.master.level", "audio.master.muted", "audio.sink"]);
    let any = ["0.5", "0.75", "1", "0", "2", "true", "false", "null", "file", "i2s", ""];
    let value = match (source.below(8), key) {
        (0, _) => entropy::pick(source, any),
        (_, "audio.master.level") => entropy::pick(source, ["0.5", "0.75", "1", "0", "0.1234"]),
        (_, "audio.master.muted") => entropy::pick(source, ["true", "false"]),
        _ => entropy::pick(source, ["null", "file", "i2s"]),
    };
    let key = if source.one_in(24) { entropy::pick(source, ["", "audio", "audio.master.Level"]) } else { key };
    (key.into(), value.into())
}

fn hz(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, TONE_HZ_MAX + 1, u32::MAX]),
        1..=3 => 440,
        _ => source.between(1, i64::from(TONE_HZ_MAX)) as u32,
    }
}

fn ms(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, TONE_MS_MAX + 1, u32::MAX]),
        1..=3 => entropy::pick(source, [10, 20, 100, 1]),
        _ => source.between(1, 60) as u32,
    }
}

fn frames(source: &mut dyn Entropy) -> u32 {
    match source.below(16) {
        0 => entropy::pick(source, [0, 1, 1_920, 1_921]),
        1..=9 => 480 * source.between(1, 4) as u32,
        _ => source.below(1_000) as u32,
    }
}

fn db(source: &mut dyn Entropy) -> i16 {
    match source.below(12) {
        0 => entropy::pick(source, [(GAIN_DB_Q8_8_MIN - 1) as i16, (GAIN_DB_Q8_8_MAX + 1) as i16, i16::MIN, i16::MAX]),
        1 => entropy::pick(source, [GAIN_DB_Q8_8_MIN as i16, GAIN_DB_Q8_8_MAX as i16, 0]),
        2..=6 => entropy::pick(source, [-1_536, -3_072, 256, 1_536]),
        _ => source.between(i64::from(GAIN_DB_Q8_8_MIN), i64::from(GAIN_DB_Q8_8_MAX)) as i16,
    }
}

pub(super) fn simplify(op: &Op, out: &mut Vec<Op>) {
    match op {
        Op::Tick(blocks) if *blocks > 1 => out.extend([Op::Tick(1), Op::Tick(blocks / 2), Op::Tick(blocks - 1)]),
        Op::Write { sender, stream, frames, seed } => {
            let mut give = |frames, seed| out.push(Op::Write { sender: *sender, stream: *stream, frames, seed });
            [480, 1, frames / 2].into_iter().filter(|simple| simple < frames).for_each(|simple| give(simple, *seed));
            if *seed > 0 {
                give(*frames, seed / 2);
            }
        }
        Op::Call { sender, claimed, call } => {
            if claimed.is_some() {
                out.push(Op::Call { sender: *sender, claimed: None, call: call.clone() });
            }
            if *sender > 0 && claimed.is_none() {
                out.push(Op::Call { sender: 0, claimed: None, call: call.clone() });
            }
            if let Call::PlayTone { hz, ms } = call
                && *ms > 1
            {
                let ms = if *ms > 10 { 10 } else { ms / 2 };
                out.push(Op::Call { sender: *sender, claimed: *claimed, call: Call::PlayTone { hz: *hz, ms } });
            }
        }
        _ => {}
    }
}
