//! What each step of a case is about.

use spec::ErrorCode;
use spec::gain::GAIN_DB_Q8_8_MIN;
use spec::level::LEVEL_UNITY_Q16;
use spec::volume::{Obs, Op};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Default)]
struct Knob {
    db: i32,
    muted: bool,
    /// Whether a mute ended, so that what is seen was restored.
    unmuted: bool,
}

impl Knob {
    fn mute(&mut self, muted: bool) {
        self.unmuted |= self.muted && !muted;
        self.muted = muted;
    }

    const fn is_default(&self) -> bool {
        self.db == 0 && !self.muted
    }
}

#[derive(Clone, Default)]
struct Session {
    app: String,
    knob: Knob,
    stream: i32,
    duck: i32,
    /// Whether its app had something of its own already when it was opened.
    inherits: bool,
}

/// What is known while walking along a case with the right answers.
#[derive(Default)]
pub(super) struct Walk {
    sessions: BTreeMap<u32, Session>,
    apps: BTreeMap<String, Knob>,
    closed: BTreeSet<u32>,
    master: bool,
    /// What was rejected since somebody looked, the statements that a look is about.
    rejected: Vec<&'static str>,
}

impl Walk {
    pub(super) fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(code)) => {
                let id = match code {
                    ErrorCode::OutOfRange => "VOLUME-015",
                    ErrorCode::UnknownSession => "VOLUME-017",
                    ErrorCode::TooManyApps => "VOLUME-014",
                    _ => "VOLUME-016",
                };
                self.rejected.push(id);
                out(id);
            }
            (Op::Overlay(session), _) => {
                self.seen(out);
                self.look(*session, out);
                // What the master does not change.
                if self.master {
                    out("VOLUME-011");
                }
            }
            (Op::Apps, Obs::Apps(apps)) => {
                self.seen(out);
                // What outlives all sessions is seen nowhere else.
                if apps.iter().any(|entry| self.sessions.values().all(|session| session.app != entry.app)) {
                    out("VOLUME-006");
                }
                out("VOLUME-014");
            }
            (Op::Block { .. }, Obs::Mixed(mixed)) => {
                self.seen(out);
                let numbers: Vec<u32> = self.sessions.keys().copied().collect();
                for number in numbers {
                    self.look(number, out);
                }
                if self.master {
                    out("VOLUME-011");
                }
                if !mixed.sessions.is_empty() {
                    out("VOLUME-013");
                    out("VOLUME-010");
                }
                if !self.closed.is_empty() {
                    out("VOLUME-001");
                }
            }
            _ => self.change(op, out),
        }
    }

    fn change(&mut self, op: &Op, out: &mut dyn FnMut(&'static str)) {
        match op {
            Op::Open { session, app } => {
                let inherits = self.apps.get(app).is_some_and(|knob| !knob.is_default());
                self.sessions.insert(*session, Session { app: app.clone(), inherits, ..Session::default() });
                out("VOLUME-001");
            }
            Op::Close(session) => {
                self.sessions.remove(session);
                self.closed.insert(*session);
                out("VOLUME-001");
            }
            Op::SetVolume { session, db } => self.session(*session, |session| session.knob.db = *db),
            Op::Mute { session, muted } => self.session(*session, |session| session.knob.mute(*muted)),
            Op::SetStream { session, db } => self.session(*session, |session| session.stream = *db),
            Op::Duck { session, db } => self.session(*session, |session| session.duck = *db),
            Op::SetAppVolume { app, db } => {
                self.app(app, |knob| knob.db = *db);
                out("VOLUME-014");
            }
            Op::MuteApp { app, muted } => {
                self.app(app, |knob| knob.mute(*muted));
                out("VOLUME-014");
            }
            Op::Master { level, muted } => self.master = *level != LEVEL_UNITY_Q16 || *muted,
            Op::Overlay(_) | Op::Apps | Op::Block { .. } => {}
        }
    }

    fn session(&mut self, number: u32, change: impl FnOnce(&mut Session)) {
        if let Some(session) = self.sessions.get_mut(&number) {
            change(session);
        }
    }

    /// What is set after a session was opened is nothing that it inherits.
    fn app(&mut self, app: &str, change: impl FnOnce(&mut Knob)) {
        change(self.apps.entry(app.to_owned()).or_default());
        for session in self.sessions.values_mut().filter(|session| session.app == app) {
            session.inherits = false;
        }
    }

    /// What a look at a session is about.
    fn look(&self, number: u32, out: &mut dyn FnMut(&'static str)) {
        let Some(session) = self.sessions.get(&number) else { return };
        let app = self.apps.get(&session.app).copied().unwrap_or_default();
        let parts = [session.stream, session.knob.db, app.db, session.duck];
        let own = !session.knob.is_default();
        if parts.contains(&GAIN_DB_Q8_8_MIN) {
            out("VOLUME-003");
        }
        if session.knob.muted || app.muted {
            out("VOLUME-007");
        }
        let remembered = (session.knob.muted && session.knob.db != 0) || (app.muted && app.db != 0);
        if remembered || session.knob.unmuted || app.unmuted {
            out("VOLUME-008");
        }
        if !app.is_default() {
            out(if session.inherits { "VOLUME-006" } else { "VOLUME-005" });
        } else if self.apps.values().any(|knob| !knob.is_default()) {
            // Another app has something, and this one's session nothing of it.
            out("VOLUME-005");
        }
        if session.knob.db != 0 || self.sessions.values().any(|other| other.knob.db != session.knob.db) {
            out("VOLUME-004");
        }
        if parts.iter().filter(|db| **db != 0).count() > 1 {
            out("VOLUME-002");
        }
        if !own && app.is_default() {
            out("VOLUME-001");
        }
    }

    /// A case is small when it is diagnosed: a rejection that it still has is what changed something.
    fn seen(&mut self, out: &mut dyn FnMut(&'static str)) {
        for id in std::mem::take(&mut self.rejected).into_iter().rev() {
            out(id);
        }
    }
}
