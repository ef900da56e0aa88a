//! What each step of a case exercises.

use spec::ErrorCode;
use spec::idl::{Answer, Call};
use spec::system::{Obs, Op};
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
}

impl Walk {
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
            ErrorCode::TooManySessions | ErrorCode::UnknownSession => out("SYSTEM-006"),
            ErrorCode::NotSeekable => out("SYSTEM-019"),
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
            (Call::Publish { stream, .. }, Answer::Published(session)) => {
                self.sessions.insert(*session, *stream);
                out("SYSTEM-006");
            }
            (Call::Withdraw(session), _) => {
                self.sessions.remove(session);
                out("SYSTEM-006");
            }
            (Call::Play(_), _) => {
                self.played = true;
                out("SYSTEM-007");
                out("SYSTEM-010");
            }
            (Call::PauseSession(_), _) => {
                self.paused = true;
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
            _ => {}
        }
        out("SYSTEM-002");
    }

    fn tick(&self, sounds: bool, out: &mut dyn FnMut(&'static str)) {
        if sounds && self.ducked {
            out("SYSTEM-008");
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
        if any("audiod: ready") {
            out("SYSTEM-001");
        }
    }
}
