//! What each step of a case exercises.

use spec::ErrorCode;
use spec::audiod::{AUDIOD_DUCK_DB_Q8_8, Call, Obs, Op, Sink};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a stream while walking along a case with the right answers.
#[derive(Default)]
struct Stream {
    tone: bool,
    playing: bool,
    written: bool,
    gains: BTreeSet<&'static str>,
    muted: bool,
    unmuted: bool,
    /// The duck's target, and whether it ended.
    ducked: Option<i32>,
    forged: bool,
}

/// The service as far as `touched` needs it.
#[derive(Default)]
pub struct Walk {
    streams: BTreeMap<u32, Stream>,
    closed: bool,
    tone_ticks: BTreeMap<u32, u64>,
    ticks: u64,
    master: bool,
    recording: bool,
}

impl Walk {
    pub fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Call { call, .. }, obs) => self.call(call, obs, out),
            (Op::Tick(_), Obs::Rejected(_)) => out("AUDIOD-028"),
            (Op::Tick(count), Obs::Mixed { pcm, .. }) => self.tick(*count, !pcm.is_empty(), out),
            (Op::Forge { stream, .. }, Obs::Done) => {
                if let Some(stream) = self.streams.get_mut(stream) {
                    stream.forged = true;
                }
                out("AUDIOD-025");
            }
            (Op::Forge { .. }, _) => out("AUDIOD-007"),
            (Op::Markers, Obs::Lines(lines)) => {
                if self.ticks > 1 {
                    out("AUDIOD-027");
                }
                if lines.iter().any(|line| line.contains("underrun")) {
                    out("AUDIOD-011");
                }
                out("AUDIOD-026");
            }
            (Op::File(_), Obs::File(Some(_))) => out("AUDIOD-016"),
            (Op::File(_), _) => out("AUDIOD-018"),
            (Op::Denials, _) => out("AUDIOD-024"),
            _ => {}
        }
    }

    fn tick(&mut self, count: u32, sounds: bool, out: &mut dyn FnMut(&'static str)) {
        self.ticks += u64::from(count);
        let streams = self.streams.values();
        let playing: Vec<&Stream> = streams.filter(|stream| stream.playing && (stream.written || stream.tone)).collect();
        if playing.iter().any(|stream| stream.forged) {
            out("AUDIOD-025");
        }
        for stream in &playing {
            match stream.ducked {
                Some(AUDIOD_DUCK_DB_Q8_8) => out("AUDIOD-021"),
                Some(_) => out("AUDIOD-022"),
                None => {}
            }
            if stream.muted || stream.unmuted {
                out("AUDIOD-005");
            }
            if !stream.gains.is_empty() {
                out("AUDIOD-004");
            }
            if stream.tone {
                out("AUDIOD-013");
            }
        }
        if self.streams.values().any(|stream| !stream.playing && stream.written) {
            out("AUDIOD-009");
        }
        if self.master {
            out("AUDIOD-014");
        }
        if playing.len() > 1 || sounds {
            out("AUDIOD-003");
        }
        if self.closed {
            out("AUDIOD-012");
        }
        if self.recording {
            out("AUDIOD-016");
        }
        out("AUDIOD-002");
        // A tone is followed by its length.
        for (number, left) in &mut self.tone_ticks {
            if self.streams.get(number).is_some_and(|stream| stream.playing) {
                *left = left.saturating_sub(u64::from(count) * 480);
                if *left == 0 {
                    self.streams.remove(number);
                }
            }
        }
        self.tone_ticks.retain(|_, left| *left > 0);
    }

    fn rejected(&mut self, call: &Call, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        match code {
            ErrorCode::AccessDenied => {
                out("AUDIOD-023");
                out("AUDIOD-024");
            }
            ErrorCode::TooManyStreams => out("AUDIOD-006"),
            ErrorCode::UnknownStream => {
                if self.closed {
                    out("AUDIOD-012");
                }
                out("AUDIOD-007");
            }
            ErrorCode::RingFault => out("AUDIOD-025"),
            ErrorCode::SinkUnavailable => out("AUDIOD-015"),
            ErrorCode::StateUnavailable => out("AUDIOD-017"),
            ErrorCode::OversizedInput | ErrorCode::StateFailed if *call == Call::RecordStop => out("AUDIOD-018"),
            ErrorCode::AlreadyRecording | ErrorCode::NotRecording => out("AUDIOD-016"),
            _ => out("AUDIOD-028"),
        }
        if *call == Call::RecordStop && code != ErrorCode::AccessDenied {
            self.recording = false;
        }
    }

    fn change(&mut self, number: u32, change: impl FnOnce(&mut Stream)) {
        if let Some(stream) = self.streams.get_mut(&number) {
            change(stream);
        }
    }

    fn call(&mut self, call: &Call, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if let Obs::Rejected(code) = obs {
            return self.rejected(call, *code, out);
        }
        match (call, obs) {
            (Call::DefaultFormat, _) => out("AUDIOD-001"),
            (Call::SinkState, Obs::Sink { effective, .. }) => {
                if *effective == Sink::File {
                    out("AUDIOD-016");
                }
                out("AUDIOD-015");
            }
            (Call::SelectSink(_), _) => out("AUDIOD-015"),
            (Call::SetLevel(_) | Call::SetMuted(_), _) => {
                self.master = true;
                out("AUDIOD-014");
            }
            (Call::GetLevel, _) => out("AUDIOD-014"),
            (Call::PlayTone { .. }, Obs::Playing { stream, frames }) => {
                self.streams.insert(*stream, Stream { tone: true, playing: true, ..Stream::default() });
                self.tone_ticks.insert(*stream, *frames);
                out("AUDIOD-013");
                out("AUDIOD-007");
            }
            (Call::OpenStream(_), Obs::Opened { stream, .. }) => {
                self.streams.insert(*stream, Stream::default());
                out("AUDIOD-007");
                out("AUDIOD-008");
                if self.streams.len() > 14 {
                    out("AUDIOD-006");
                }
            }
            (Call::Write { stream, .. }, _) => {
                self.change(*stream, |stream| stream.written = true);
                out("AUDIOD-008");
            }
            (Call::Start(stream) | Call::SessionPlay(stream), _) => {
                self.change(*stream, |stream| stream.playing = true);
                out("AUDIOD-009");
            }
            (Call::Pause(stream) | Call::SessionPause(stream), _) => {
                self.change(*stream, |stream| stream.playing = false);
                out("AUDIOD-009");
            }
            (Call::Close(stream), _) => {
                self.streams.remove(stream);
                self.tone_ticks.remove(stream);
                self.closed = true;
                out("AUDIOD-012");
            }
            (Call::SetStreamGain { stream, .. }, _) => self.change(*stream, |stream| {
                stream.gains.insert("stream");
            }),
            (Call::SetVolume { stream, .. }, _) => self.change(*stream, |stream| {
                stream.gains.insert("session");
            }),
            (Call::SetStreamMuted { stream, muted } | Call::SetSessionMuted { stream, muted }, _) => self.change(*stream, |stream| {
                stream.unmuted |= stream.muted && !muted;
                stream.muted = *muted;
            }),
            (Call::Duck { stream, .. }, _) => {
                self.change(*stream, |stream| stream.ducked = Some(AUDIOD_DUCK_DB_Q8_8));
                out("AUDIOD-021");
            }
            (Call::Unduck { stream, .. }, _) => {
                self.change(*stream, |stream| stream.ducked = stream.ducked.map(|_| 0));
                out("AUDIOD-022");
            }
            (Call::Position(stream), _) => {
                if self.streams.get(stream).is_some_and(|stream| !stream.playing) {
                    out("AUDIOD-009");
                }
                out("AUDIOD-010");
            }
            (Call::Stats, Obs::Stats(stats)) => {
                if stats.underrun_events > 0 {
                    out("AUDIOD-011");
                }
                out("AUDIOD-019");
                if self.ticks > 0 {
                    out("AUDIOD-002");
                    out("AUDIOD-011");
                }
            }
            (Call::Meters, _) => out("AUDIOD-020"),
            (Call::RecordStart(_), _) => {
                self.recording = true;
                out("AUDIOD-016");
                out("AUDIOD-017");
            }
            (Call::RecordStop, _) => {
                self.recording = false;
                out("AUDIOD-016");
                out("AUDIOD-018");
            }
            _ => {}
        }
        out("AUDIOD-023");
    }
}
