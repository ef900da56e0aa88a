//! What each step of a case is about, by the right answers.

use spec::ErrorCode;
use spec::focus::{Change, Class, Config, Ducks, Kind, Obs, Op, What, Why};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a session.
#[derive(Clone, Copy)]
struct Known {
    class: Class,
    focus: Option<Kind>,
    ducks: Ducks,
}

/// What is known of all sessions while walking along a case with the right answers.
#[derive(Default)]
pub(super) struct Walk {
    auto_resume: bool,
    sessions: BTreeMap<u32, Known>,
    closed: BTreeSet<u32>,
    /// What happened since somebody looked at the sessions: the statements that a look is about.
    happened: Vec<&'static str>,
}

impl Walk {
    pub(super) fn new(config: &Config) -> Self {
        Self { auto_resume: config.auto_resume, ..Self::default() }
    }

    pub(super) fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match obs {
            Obs::Sessions(sessions) => {
                // What happened last is what a look is most likely about.
                for id in std::mem::take(&mut self.happened).into_iter().rev() {
                    out(id);
                }
                if !sessions.is_empty() {
                    out("FOCUS-001");
                }
            }
            Obs::Rejected(code) => {
                let id = match code {
                    ErrorCode::FocusPreempted => "FOCUS-012",
                    ErrorCode::FocusNotHeld => "FOCUS-013",
                    _ => "FOCUS-002",
                };
                self.note(id, out);
                if matches!(op, Op::Request { .. }) {
                    self.note("FOCUS-003", out);
                }
            }
            Obs::Done => self.done(op, &[], out),
            Obs::Changed(changes) => self.done(op, changes, out),
        }
    }

    fn note(&mut self, id: &'static str, out: &mut dyn FnMut(&'static str)) {
        self.happened.retain(|known| *known != id);
        self.happened.push(id);
        out(id);
    }

    fn done(&mut self, op: &Op, changes: &[Change], out: &mut dyn FnMut(&'static str)) {
        let before = self.sessions.clone();
        self.changes(op, changes, out);
        let of_alarm = |sid: &u32| before.get(sid).is_some_and(|known| known.class == Class::Alarm);
        match op {
            Op::Register { sid, class } => {
                let ducks = self.sessions.get(sid).map_or(Ducks::default(), |known| known.ducks);
                self.sessions.insert(*sid, Known { class: *class, focus: None, ducks });
                self.note("FOCUS-001", out);
                if self.closed.contains(sid) {
                    self.note("FOCUS-014", out);
                }
            }
            Op::Close(sid) => {
                self.sessions.remove(sid);
                self.closed.insert(*sid);
                self.note("FOCUS-014", out);
            }
            Op::Request { sid, kind } => {
                self.granted(*sid, *kind, out);
                self.note("FOCUS-003", out);
            }
            Op::Abandon(sid) => {
                self.sessions.entry(*sid).and_modify(|known| known.focus = None);
                self.note("FOCUS-013", out);
            }
            Op::Play(sid) => {
                if before.get(sid).is_some_and(|known| known.focus.is_none()) {
                    self.granted(*sid, Kind::Gain, out);
                }
                self.note("FOCUS-006", out);
                let known = self.sessions.get(sid).copied();
                if known.is_some_and(|known| known.class == Class::Ui) && self.sessions.len() > 1 {
                    self.note("FOCUS-016", out);
                }
            }
            Op::Pause(sid) if self.auto_resume || !of_alarm(sid) => self.note("FOCUS-011", out),
            Op::Pause(_) => {
                self.note("FOCUS-012", out);
                self.note("FOCUS-011", out);
            }
            Op::State => {}
        }
        if changes.is_empty() {
            self.note("FOCUS-018", out);
        }
    }

    /// Focus was given: what becomes of the others of the class.
    fn granted(&mut self, sid: u32, kind: Kind, out: &mut dyn FnMut(&'static str)) {
        let Some(class) = self.sessions.get(&sid).map(|known| known.class) else { return };
        let (mut gain, mut transient) = (false, false);
        for (other, known) in self.sessions.iter_mut().filter(|(other, known)| **other != sid && known.class == class) {
            gain |= known.focus == Some(Kind::Gain);
            transient |= known.focus == Some(Kind::Transient);
            if kind == Kind::Gain && known.focus == Some(Kind::Gain) {
                known.focus = None;
            }
            debug_assert_ne!(*other, sid);
        }
        self.sessions.entry(sid).and_modify(|known| known.focus = Some(kind));
        if kind == Kind::Gain && gain {
            self.note("FOCUS-004", out);
        }
        if transient || (kind == Kind::Transient && gain) {
            self.note("FOCUS-005", out);
        }
    }

    fn changes(&mut self, op: &Op, changes: &[Change], out: &mut dyn FnMut(&'static str)) {
        for change in changes {
            let class = match (self.sessions.get(&change.sid), op) {
                (Some(known), _) => known.class,
                (None, Op::Register { class, .. }) => *class,
                (None, _) => continue,
            };
            let alarm = class == Class::Alarm;
            match change.what {
                What::Paused(Why::Stolen) => self.note("FOCUS-004", out),
                What::Paused(Why::Focus) => {
                    if !self.auto_resume {
                        self.note("FOCUS-012", out);
                    }
                    self.note(if alarm { "FOCUS-008" } else { "FOCUS-007" }, out);
                }
                What::Paused(Why::User) => self.note("FOCUS-011", out),
                What::Paused(Why::Abandoned) => self.note("FOCUS-013", out),
                What::Deferred => {
                    if alarm {
                        self.note("FOCUS-008", out);
                    }
                    self.note("FOCUS-009", out);
                }
                What::Resumed => self.note(if alarm { "FOCUS-008" } else { "FOCUS-010" }, out),
                What::Playing => self.note("FOCUS-006", out),
                What::Ducked(ducks) => self.ducks(change.sid, class, ducks, out),
                What::Unducked => self.ducks(change.sid, class, Ducks::default(), out),
            }
        }
        let met = |change: &Change| !matches!(change.what, What::Playing | What::Paused(Why::User | Why::Abandoned | Why::Stolen));
        if changes.iter().any(met) {
            self.note("FOCUS-019", out);
        }
        if changes.len() > 1 {
            self.note("FOCUS-018", out);
        }
    }

    fn ducks(&mut self, sid: u32, class: Class, now: Ducks, out: &mut dyn FnMut(&'static str)) {
        let before = self.sessions.get(&sid).map_or(Ducks::default(), |known| known.ducks);
        let known = Known { class, focus: self.sessions.get(&sid).and_then(|known| known.focus), ducks: now };
        self.sessions.insert(sid, known);
        if before.duck_db != now.duck_db {
            self.note("FOCUS-015", out);
        }
        if before.duck_db_ui != now.duck_db_ui {
            self.note("FOCUS-016", out);
        }
        let both = |ducks: Ducks| ducks.duck_db && ducks.duck_db_ui;
        if both(before) || both(now) || now == Ducks::default() {
            self.note("FOCUS-017", out);
        }
    }
}
