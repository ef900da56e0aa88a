//! What each step of a case exercises.

use spec::ErrorCode;
use spec::idl::{Answer, Call, Class, SessionEntry};
use spec::media_config::Values;
use spec::metrics::METRICS_URI;
use spec::system::{Config, Obs, Op};
use std::collections::{BTreeMap, BTreeSet};

/// The services as far as `touched` needs them.
#[derive(Default)]
pub struct Walk {
    /// Sessions and their streams, the playing ones, and the streams whose session was ducked or turned.
    sessions: BTreeMap<u32, u32>,
    played: bool,
    paused: bool,
    ducked: bool,
    overlaid: bool,
    set: bool,
    routed: bool,
    kept: bool,
    restarted: bool,
    gone: bool,
    recording: bool,
    recorded: bool,
    denied: BTreeSet<&'static str>,
    /// Whether the configuration is another than the default, and the classes that were published.
    configured: bool,
    classes: BTreeMap<u32, Class>,
    apps: bool,
    exported: bool,
}

impl Walk {
    /// Before the first step of a case with this configuration.
    pub fn new(config: &Config) -> Self {
        Self { configured: config.media != Values::default(), ..Self::default() }
    }

    pub fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if let Obs::Rejected { code, .. } = obs {
            self.rejected(op, *code, out);
            out("SYSTEM-015");
            return;
        }
        match (op, obs) {
            (Op::Call { call, .. }, Obs::Answer(answer)) => self.call(call, answer, out),
            (Op::Write { .. }, _) => out("SYSTEM-002"),
            (Op::Tick(_), Obs::Mixed { pcm, .. }) => self.tick(!pcm.is_empty(), out),
            (Op::Gone(_), _) => {
                self.gone = true;
                out("SYSTEM-013");
            }
            (Op::Restart, _) => {
                self.restarted = true;
                self.recording = false;
                self.sessions.clear();
                out("SYSTEM-001");
            }
            (Op::Lines, Obs::Lines(lines)) => self.lines(lines, out),
            (Op::File(uri), Obs::File(file)) if uri == METRICS_URI && (file.is_some() || self.exported) => out("SYSTEM-028"),
            (Op::File(uri), _) if uri == METRICS_URI => {}
            (Op::File(_), Obs::File(Some(_))) => {
                out(if self.restarted { "SYSTEM-012" } else { "SYSTEM-018" });
            }
            (Op::File(_), _) => out("SYSTEM-018"),
            (Op::Records(_), Obs::Records { records, .. }) => {
                if self.denied.contains("SYSTEM-004") {
                    out("SYSTEM-004");
                }
                if !records.is_empty() || !self.denied.is_empty() {
                    out("SYSTEM-005");
                }
            }
            (Op::Events(_), Obs::Events { events, .. }) if !events.is_empty() => out("SYSTEM-014"),
            (Op::Indicators, _) if self.recording || self.recorded => out("SYSTEM-014"),
            (Op::Locks, _) if self.played => out("SYSTEM-010"),
            _ => {}
        }
    }

    fn rejected(&mut self, op: &Op, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        let Op::Call { sender, claimed, call } = op else {
            if code == ErrorCode::AccessDenied {
                self.denied.insert("SYSTEM-003");
                out("SYSTEM-003");
            }
            return;
        };
        match code {
            ErrorCode::AccessDenied => {
                let id = if claimed.is_some_and(|claimed| claimed != *sender) { "SYSTEM-004" } else { "SYSTEM-003" };
                self.denied.insert(id);
                out(id);
            }
            ErrorCode::TooManySessions => {
                if self.configured {
                    out("SYSTEM-031");
                }
                out("SYSTEM-006");
            }
            ErrorCode::UnknownSession | ErrorCode::StreamHasSession => out("SYSTEM-006"),
            ErrorCode::NotSeekable => out("SYSTEM-019"),
            ErrorCode::NoHandoffOffer => out("SYSTEM-024"),
            ErrorCode::TooManyCommands => out("SYSTEM-025"),
            ErrorCode::NoCurrentSession => out("SYSTEM-026"),
            ErrorCode::FocusPreempted | ErrorCode::FocusNotHeld => out("SYSTEM-021"),
            ErrorCode::UnknownArtwork | ErrorCode::InvalidArtworkUri | ErrorCode::EmptyArtwork => out("SYSTEM-029"),
            ErrorCode::StateUnavailable | ErrorCode::ExportDisabled if matches!(call, Call::ExportMetrics) => {
                self.exported = true;
                out("SYSTEM-028");
            }
            _ if matches!(call, Call::SetMetadata { .. }) => out("SYSTEM-025"),
            _ if matches!(call, Call::SetAppVolume { .. } | Call::SetAppMuted { .. }) => out("SYSTEM-023"),
            ErrorCode::SinkUnavailable => out("SYSTEM-017"),
            ErrorCode::StateUnavailable => out("SYSTEM-012"),
            ErrorCode::OversizedInput | ErrorCode::StateFailed if matches!(call, Call::RecordStop) => out("SYSTEM-018"),
            _ if matches!(call, Call::SettingSet { .. }) => out("SYSTEM-011"),
            _ if matches!(call, Call::Publish { .. }) => out("SYSTEM-006"),
            _ => {}
        }
    }

    fn call(&mut self, call: &Call<'_>, answer: &Answer<'_>, out: &mut dyn FnMut(&'static str)) {
        match (call, answer) {
            (Call::OpenStream(_), Answer::Opened { .. }) => out("SYSTEM-020"),
            (Call::Publish { stream, class, .. }, Answer::Published(session)) => {
                self.sessions.insert(*session, *stream);
                self.classes.insert(*session, *class);
                out("SYSTEM-006");
            }
            (Call::Withdraw(session), _) => {
                self.sessions.remove(session);
                self.classes.remove(session);
                out("SYSTEM-006");
            }
            (Call::Play(_), _) => {
                self.played = true;
                self.meeting(out);
                out("SYSTEM-007");
                out("SYSTEM-010");
            }
            (Call::PauseSession(_), _) => {
                self.paused = true;
                self.meeting(out);
                out("SYSTEM-007");
            }
            (Call::Duck(_) | Call::Unduck(_), _) => {
                self.ducked = true;
                out("SYSTEM-008");
            }
            (Call::SetVolume(_) | Call::SetSessionMuted(_), _) => {
                self.overlaid = true;
                out("SYSTEM-009");
            }
            (Call::SettingSet { key, .. }, _) => {
                (self.set, self.kept) = (true, true);
                self.routed |= key == "audio.sink";
                out("SYSTEM-011");
            }
            (Call::SettingGet(_), _) => {
                if self.restarted && self.kept {
                    out("SYSTEM-012");
                }
                out("SYSTEM-011");
            }
            (Call::GetLevel, _) if self.set => {
                if self.restarted && self.kept {
                    out("SYSTEM-012");
                }
                out("SYSTEM-011");
            }
            (Call::SinkState, _) => out("SYSTEM-017"),
            (Call::SelectSink(_), _) => {
                self.routed = true;
                out("SYSTEM-017");
            }
            (Call::RecordStart(_), _) => {
                self.recording = true;
                out("SYSTEM-003");
                out("SYSTEM-018");
            }
            (Call::RecordStop, _) => {
                (self.recording, self.recorded) = (false, true);
                out("SYSTEM-018");
            }
            _ => self.media(call, answer, out),
        }
        out("SYSTEM-002");
    }

    /// What mediasessd is asked beside what it was asked first.
    fn media(&mut self, call: &Call<'_>, answer: &Answer<'_>, out: &mut dyn FnMut(&'static str)) {
        match (call, answer) {
            (Call::Seek { .. }, _) => out("SYSTEM-019"),
            (Call::RequestFocus { .. } | Call::AbandonFocus(_) | Call::StopSession(_), _) => self.meeting(out),
            (Call::SetAppVolume { .. } | Call::SetAppMuted { .. }, _) => {
                self.apps = true;
                out("SYSTEM-023");
            }
            (Call::SetActive(_) | Call::AcceptHandoff(_), _) => out("SYSTEM-024"),
            (Call::ListSessions, Answer::Sessions { list, .. }) => {
                list.iter().for_each(|entry| self.entry(entry, out));
                out("SYSTEM-024");
            }
            (Call::GetSession(_), Answer::Session(session)) => {
                self.entry(&session.entry, out);
                if self.apps {
                    out("SYSTEM-023");
                }
                out("SYSTEM-025");
            }
            (Call::SetMetadata { .. } | Call::Command { .. }, _) => out("SYSTEM-025"),
            (Call::TakeCommands(_), _) => {
                out("SYSTEM-019");
                out("SYSTEM-025");
            }
            (Call::MediaKey(_), _) => {
                self.apps = true;
                self.played = true;
                out("SYSTEM-026");
            }
            (Call::Metrics, _) => {
                if self.configured {
                    out("SYSTEM-031");
                }
                out("SYSTEM-028");
            }
            (Call::ExportMetrics, _) => {
                self.exported = true;
                out("SYSTEM-028");
            }
            (Call::PutArtwork { .. } | Call::GetArtwork(_), _) => out("SYSTEM-029"),
            (Call::Changed(_), _) => out("SYSTEM-030"),
            _ => {}
        }
    }

    /// An event of focus while several classes are there.
    fn meeting(&self, out: &mut dyn FnMut(&'static str)) {
        if self.classes.len() > 1 {
            out("SYSTEM-021");
            out("SYSTEM-022");
        }
        if self.configured {
            out("SYSTEM-031");
        }
    }

    fn entry(&self, entry: &SessionEntry, out: &mut dyn FnMut(&'static str)) {
        if entry.ducked || entry.duck_db_q8_8 != 0 {
            out("SYSTEM-022");
        }
        if entry.paused_by_focus || self.classes.len() > 1 {
            out("SYSTEM-021");
        }
        if entry.position_ms > 0 || self.played {
            out("SYSTEM-027");
        }
        if self.configured {
            out("SYSTEM-031");
        }
    }

    fn tick(&self, sounds: bool, out: &mut dyn FnMut(&'static str)) {
        if sounds && self.ducked {
            out("SYSTEM-008");
        }
        if sounds && self.apps {
            out("SYSTEM-023");
            out("SYSTEM-026");
        }
        if sounds && self.played && self.classes.len() > 1 {
            out("SYSTEM-021");
            out("SYSTEM-022");
        }
        if sounds && self.configured {
            out("SYSTEM-031");
        }
        if sounds && self.overlaid {
            out("SYSTEM-009");
        }
        if self.gone {
            out("SYSTEM-013");
        }
        if self.played {
            out("SYSTEM-007");
        }
        if self.recording {
            out("SYSTEM-018");
        }
        out("SYSTEM-016");
    }

    fn lines(&self, lines: &[String], out: &mut dyn FnMut(&'static str)) {
        let any = |part: &str| lines.iter().any(|line| line.starts_with(part));
        if any("mediasession") {
            out("SYSTEM-007");
        }
        if any("powerd") {
            out("SYSTEM-010");
        }
        if any("audiod: duck") {
            out("SYSTEM-008");
        }
        if any("audiod: level") && self.set {
            out(if self.restarted { "SYSTEM-012" } else { "SYSTEM-011" });
        }
        if any("media: ") {
            out("SYSTEM-024");
            out("SYSTEM-021");
        }
        if any("metrics: ") {
            out("SYSTEM-028");
        }
        if any("audiod: ready") {
            out("SYSTEM-001");
        }
    }
}
