//! What the guest's selftests of the media sessions do: scripts that a challenge decides, classes, depths, ramps and schedules among
//! them.

use super::{CLIENT, Part, call, config, ticks, write};
use crate::audiod::AUDIOD_MARKER_BLOCKS;
use crate::challenge::CHALLENGE_BYTES;
use crate::idl::{Call, Class, Command, FocusKind, Gain, MediaKey, Metadata, Mute};
use crate::media_config::Values;
use crate::metrics::METRICS_URI;
use crate::system::{Config, Op};
use crate::{Entropy, SplitMix64, entropy, platform};
use alloc::borrow::Cow;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// The file of the metrics, which a boot with a disk leaves behind.
pub const METRICS: &str = METRICS_URI;

/// What a boot does, in this order.
#[derive(Clone, Debug)]
pub struct Script {
    /// The configuration that the services are started with.
    pub values: Values,
    /// Play, duck, mute, and focus with its resume and the export of the metrics.
    pub parts: [Part; 4],
}

/// What the services are started with.
pub fn started_with(state: bool, values: Values) -> Config {
    Config { media: values, ..config(state) }
}

/// The script of a challenge.
pub fn script(challenge: &[u8; CHALLENGE_BYTES]) -> Script {
    let mut source = platform::entropy(challenge, "media", 0);
    let values = values(&mut source);
    let mut scene = Scene { stream: 0, session: 0, source };
    let mut parts = [
        Part { name: "media.play", ops: scene.play() },
        Part { name: "media.duck", ops: scene.duck() },
        Part { name: "media.mute", ops: scene.mute() },
        Part { name: "media.focus", ops: scene.focus() },
    ];
    export(&mut parts);
    Script { values, parts }
}

/// Depths that differ, a ramp of a few blocks, records every few.
fn values(source: &mut SplitMix64) -> Values {
    let mut values = Values::default();
    values.duck.duck_db = source.between(-24, -7) as i32;
    values.duck.duck_db_ui = source.between(-6, -1) as i32;
    values.duck.ramp_ms = source.between(0, 90) as u32;
    values.metrics.interval_blocks = source.between(7, 20) as u32;
    values
}

/// The export is the last thing that is asked, far from the next tick marker: a disk takes the time that it takes.
fn export(parts: &mut [Part; 4]) {
    let done: u64 = parts.iter().map(|part| ticks(&part.ops)).sum();
    let [.., last] = parts;
    // It falls on the 30th of a hundred ticks, and on no block that a record is due after.
    let idle = (done + 20).next_multiple_of(AUDIOD_MARKER_BLOCKS) + 30 - done;
    let half = (idle / 2) as u32;
    last.ops.extend([Op::Tick(half), Op::Tick(idle as u32 - half), call(Call::Metrics), call(Call::ExportMetrics)]);
}

/// What is open while a script is drawn.
struct Scene {
    stream: u32,
    session: u32,
    source: SplitMix64,
}

impl Scene {
    fn between(&mut self, first: i64, last: i64) -> u32 {
        self.source.between(first, last) as u32
    }

    /// A stream with sound in it and a session of that class over it; gives both numbers.
    fn player(&mut self, ops: &mut Vec<Op>, app: Cow<'static, str>, class: Class) -> (u32, u32) {
        self.stream += 1;
        self.session += 1;
        let (stream, session) = (self.stream, self.session);
        ops.extend([
            call(Call::OpenStream(app.clone())),
            write(stream, 1_920, &mut self.source),
            call(Call::Publish { app, stream, class, seekable: true }),
        ]);
        (stream, session)
    }

    /// So many blocks, in which these streams are kept filled.
    fn go_on(&mut self, ops: &mut Vec<Op>, blocks: u32, streams: &[u32]) {
        for _ in 0..blocks {
            ops.push(Op::Tick(1));
            for stream in streams {
                ops.push(write(*stream, 480, &mut self.source));
            }
        }
    }

    fn close(ops: &mut Vec<Op>, streams: &[u32]) {
        ops.extend(streams.iter().map(|stream| call(Call::Close(*stream))));
    }

    fn app(&mut self) -> Cow<'static, str> {
        format!("app-{:04x}", self.source.below(1 << 16)).into()
    }

    /// A player with metadata that plays, is sought in, starves, pauses and stops, beside one that is offered a handoff.
    fn play(&mut self) -> Vec<Op> {
        let mut ops = vec![call(Call::ListSessions)];
        let app = self.app();
        let (stream, session) = self.player(&mut ops, app, Class::Music);
        let duration_ms = Some(self.source.between(500, 5_000) as u64);
        let title = format!("Track {}", self.source.below(1 << 16)).into();
        let metadata = Metadata { title, artist: "Artist".into(), duration_ms, ..Metadata::default() };
        ops.extend([call(Call::SetMetadata { session, metadata }), call(Call::Play(session))]);
        let blocks = self.between(1, 6);
        self.go_on(&mut ops, blocks, &[stream]);
        ops.extend([call(Call::GetSession(session)), call(Call::Seek { session, ms: self.source.below(6_000) })]);
        let blocks = self.between(1, 3);
        self.go_on(&mut ops, blocks, &[stream]);
        ops.extend([call(Call::GetSession(session)), call(Call::TakeCommands(session))]);
        let app = self.app();
        let (other, offered) = self.player(&mut ops, app, Class::Music);
        ops.extend([call(Call::ListSessions), call(Call::PauseSession(session)), Op::Tick(self.between(1, 3))]);
        ops.extend([call(Call::GetSession(session)), call(Call::Play(session))]);
        // It starves here, and its position with it.
        ops.extend([Op::Tick(self.between(4, 8)), call(Call::GetSession(session)), call(Call::AcceptHandoff(offered))]);
        ops.extend([call(Call::ListSessions), call(Call::MediaKey(MediaKey::Toggle)), Op::Tick(1), call(Call::Metrics)]);
        ops.extend([
            call(Call::StopSession(session)),
            call(Call::GetSession(session)),
            call(Call::Command { session, command: Command::Next }),
        ]);
        ops.push(call(Call::TakeCommands(session)));
        Self::close(&mut ops, &[stream, other]);
        ops.extend([Op::Tick(1), call(Call::ListSessions)]);
        ops
    }

    /// Sessions of drawn classes that lower each other, with ramps that are turned around.
    fn duck(&mut self) -> Vec<Op> {
        let mut ops = Vec::new();
        let (music_stream, music) = self.player(&mut ops, "music".into(), Class::Music);
        let (ui_stream, ui) = self.player(&mut ops, "ui".into(), Class::Ui);
        let (comms_stream, comms) = self.player(&mut ops, "call".into(), Class::Comms);
        let streams = [music_stream, ui_stream, comms_stream];
        let kind = entropy::pick(&mut self.source, FocusKind::ALL);
        ops.extend([call(Call::RequestFocus { session: ui, kind }), call(Call::Play(music))]);
        let mut order = [Call::Play(ui), Call::Play(comms)];
        if self.source.one_in(2) {
            order.reverse();
        }
        for event in order.into_iter().chain([Call::Duck(music), Call::PauseSession(comms), Call::Unduck(music), Call::PauseSession(ui)]) {
            ops.push(call(event));
            let blocks = self.between(1, 9);
            self.go_on(&mut ops, blocks, &streams);
            ops.extend([call(Call::ListSessions), call(Call::Meters)]);
        }
        self.go_on(&mut ops, 9, &streams);
        ops.extend([call(Call::ListSessions), call(Call::Metrics)]);
        Self::close(&mut ops, &streams);
        ops
    }

    /// Volumes and mutes of sessions and of an app, in drawn order.
    fn mute(&mut self) -> Vec<Op> {
        let mut ops = Vec::new();
        let (first_stream, first) = self.player(&mut ops, "shared".into(), Class::Comms);
        let (second_stream, second) = self.player(&mut ops, "shared".into(), Class::Ui);
        let streams = [first_stream, second_stream];
        ops.extend([
            call(Call::RequestFocus { session: first, kind: FocusKind::Transient }),
            call(Call::Play(first)),
            call(Call::Play(second)),
        ]);
        for _ in 0..6 {
            let session = entropy::pick(&mut self.source, [first, second]);
            let db_q8_8 = self.source.between(-6_000, 1_000) as i16;
            let muted = self.source.one_in(2);
            let event = match self.source.below(4) {
                0 => Call::SetSessionMuted(Mute { id: session, muted }),
                1 => Call::SetAppMuted { app: "shared".into(), muted },
                2 => Call::SetVolume(Gain { id: session, db_q8_8 }),
                _ => Call::SetAppVolume { app: "shared".into(), db_q8_8 },
            };
            ops.push(call(event));
            let blocks = self.between(1, 2);
            self.go_on(&mut ops, blocks, &streams);
            ops.extend([call(Call::Meters), call(Call::GetSession(session))]);
        }
        // Muted, and then as before.
        for muted in [true, false] {
            ops.push(call(Call::SetAppMuted { app: "shared".into(), muted }));
            self.go_on(&mut ops, 1, &streams);
            ops.extend([call(Call::Meters), call(Call::ListSessions)]);
        }
        ops.push(call(Call::Metrics));
        Self::close(&mut ops, &streams);
        ops
    }

    /// An alarm that pauses the others, one of whom the user pauses meanwhile, and what resumes after it.
    fn focus(&mut self) -> Vec<Op> {
        let mut ops = Vec::new();
        let (music_stream, music) = self.player(&mut ops, "music".into(), Class::Music);
        let (comms_stream, comms) = self.player(&mut ops, "call".into(), Class::Comms);
        let (alarm_stream, alarm) = self.player(&mut ops, "clock".into(), Class::Alarm);
        let streams = [music_stream, comms_stream, alarm_stream];
        let mut order = [Call::Play(music), Call::Play(comms)];
        if self.source.one_in(2) {
            order.reverse();
        }
        for event in order.into_iter().chain([Call::Play(alarm)]) {
            ops.push(call(event));
            let blocks = self.between(1, 3);
            self.go_on(&mut ops, blocks, &streams);
        }
        ops.push(call(Call::ListSessions));
        if self.source.one_in(2) {
            let session = entropy::pick(&mut self.source, [music, comms]);
            ops.push(call(Call::PauseSession(session)));
        }
        ops.push(call(match self.source.below(3) {
            0 => Call::PauseSession(alarm),
            1 => Call::StopSession(alarm),
            _ => Call::AbandonFocus(alarm),
        }));
        let blocks = self.between(2, 6);
        self.go_on(&mut ops, blocks, &streams);
        ops.extend([call(Call::ListSessions), call(Call::Metrics)]);
        Self::close(&mut ops, &streams);
        ops.push(call(Call::ListSessions));
        ops
    }
}

/// The place of the client in [`SENDERS`](crate::system::SENDERS), for whoever runs a script.
pub const SENDER: u8 = CLIENT;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_export_is_far_from_the_next_marker() {
        for seed in 0..200 {
            let script = script(&[seed; CHALLENGE_BYTES]);
            let done: u64 = script.parts.iter().map(|part| ticks(&part.ops)).sum();
            assert_eq!(done % AUDIOD_MARKER_BLOCKS, 30);
            let bounds = 1..=crate::system::SYSTEM_TICK_BLOCKS_MAX;
            assert!(script.parts.iter().flat_map(|part| &part.ops).all(|op| !matches!(op, Op::Tick(count) if !bounds.contains(count))));
        }
    }
}
