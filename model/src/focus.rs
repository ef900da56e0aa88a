//! The reference model of the contract `focus`.

pub use self::FocusModel as Model;
use spec::focus::{
    Change, Class, Config, Ducks, FOCUS_SESSIONS_MAX, Focus, Held, Kind, Obs, Op, Playback, RULES, Rule, RuleEntry, Session, What, Why,
};
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// A registered session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    class: Class,
    /// Kind and number of the request.
    focus: Option<(Kind, u64)>,
    wants: bool,
    /// The moment at which focus paused it.
    waits_since: Option<u64>,
    /// What was told of it last.
    plays: bool,
    ducks: Ducks,
}

/// The reference model of the contract `focus`, driven by the focus table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FocusModel {
    /// FOCUS-019
    rules: [Rule; RULES.len()],
    auto_resume: bool,
    /// By number, which is the order of all answers. FOCUS-001
    sessions: BTreeMap<u32, Entry>,
    requests: u64,
    moments: u64,
}

impl Default for FocusModel {
    fn default() -> Self {
        Self::with_rules(&RULES)
    }
}

/// The row of a combination, in the order of the table.
fn row(active: Class, kind: Kind, other: Class) -> usize {
    (active as usize * Kind::ALL.len() + kind as usize) * Class::ALL.len() + other as usize
}

impl FocusModel {
    /// A model of another table, to see what a changed row changes.
    pub fn with_rules(table: &[RuleEntry; RULES.len()]) -> Self {
        let rules = table.map(|entry| entry.rule);
        Self { rules, auto_resume: true, sessions: BTreeMap::new(), requests: 0, moments: 0 }
    }

    /// The same state with the smallest numbers that keep the order of requests and of pauses: two models that answer alike for
    /// ever, but for the numbers that the state shows, are equal after this. Without `order_of_requests`, the requests' numbers are
    /// dropped, which only classes that meet themselves in the table can tell.
    pub fn compressed(&self, order_of_requests: bool) -> Self {
        let mut small = self.clone();
        let (requests, moments): (Vec<u64>, Vec<u64>) = (
            self.sessions.values().filter_map(|entry| entry.focus).map(|(_, request)| request).collect(),
            self.sessions.values().filter_map(|entry| entry.waits_since).collect(),
        );
        let rank = |number: u64, all: &[u64]| 1 + all.iter().filter(|other| **other < number).count() as u64;
        for entry in small.sessions.values_mut() {
            if let Some((_, request)) = &mut entry.focus {
                *request = if order_of_requests { rank(*request, &requests) } else { 0 };
            }
            if let Some(moment) = &mut entry.waits_since {
                *moment = rank(*moment, &moments);
            }
        }
        (small.requests, small.moments) = (requests.len() as u64, moments.len() as u64);
        small
    }

    fn entry(&mut self, sid: u32) -> Result<&mut Entry, ErrorCode> {
        // FOCUS-002
        self.sessions.get_mut(&sid).ok_or(ErrorCode::UnknownSession)
    }

    fn rule(&self, active: Class, kind: Kind, other: Class) -> Rule {
        self.rules[row(active, kind, other)]
    }

    /// Whether a session that wants to play pauses this one. FOCUS-007, FOCUS-008
    fn is_paused_by_focus(&self, sid: u32, class: Class, request: u64) -> bool {
        self.sessions.iter().any(|(active, entry)| {
            let Some((kind, number)) = entry.focus.filter(|_| entry.wants && *active != sid) else { return false };
            let first = entry.class != class || (number, *active) > (request, sid);
            first && self.rule(entry.class, kind, class) == Rule::Pause
        })
    }

    /// The rules by which playing sessions of other classes lower this one. FOCUS-015, FOCUS-016, FOCUS-017
    fn ducks(&self, class: Class) -> Ducks {
        let mut ducks = Ducks::default();
        for entry in self.sessions.values().filter(|entry| entry.plays && entry.class != class) {
            match entry.focus.map(|(kind, _)| self.rule(entry.class, kind, class)) {
                Some(Rule::DuckDb) => ducks.duck_db = true,
                Some(Rule::DuckDbUi) => ducks.duck_db_ui = true,
                _ => {}
            }
        }
        ducks
    }

    /// A session stops wanting to play. FOCUS-018: nothing is told of one that did not.
    fn stop(&mut self, sid: u32, why: Why, out: &mut Vec<Change>) {
        if let Some(entry) = self.sessions.get_mut(&sid).filter(|entry| entry.wants) {
            (entry.wants, entry.plays, entry.waits_since) = (false, false, None);
            out.push(Change { sid, what: What::Paused(why) });
        }
    }

    /// FOCUS-003
    fn request(&mut self, sid: u32, class: Class, kind: Kind, out: &mut Vec<Change>) {
        let gain = |entry: &Entry| entry.class == class && matches!(entry.focus, Some((Kind::Gain, _)));
        let owner = self.sessions.iter().find(|(other, entry)| **other != sid && gain(entry)).map(|(owner, _)| *owner);
        // FOCUS-004; FOCUS-005: a transient takes nothing, and has nothing that could be taken.
        if let (Kind::Gain, Some(owner)) = (kind, owner) {
            self.stop(owner, Why::Stolen, out);
            self.sessions.entry(owner).and_modify(|entry| entry.focus = None);
        }
        self.requests += 1;
        let number = self.requests;
        self.sessions.entry(sid).and_modify(|entry| entry.focus = Some((kind, number)));
    }

    /// Brings what plays in line with who wants to, and what is ducked in line with what plays. FOCUS-018: in this order.
    fn settle(&mut self, out: &mut Vec<Change>) {
        self.moments += 1;
        let paused = |model: &Self, (sid, entry): (&u32, &Entry)| {
            (*sid, model.is_paused_by_focus(*sid, entry.class, entry.focus.map_or(0, |(_, request)| request)))
        };
        let wanting: Vec<(u32, bool)> =
            self.sessions.iter().filter(|(_, entry)| entry.wants).map(|(sid, entry)| paused(self, (sid, entry))).collect();
        let mut starts = Vec::new();
        for (sid, paused) in wanting {
            let (auto_resume, moment) = (self.auto_resume, self.moments);
            let Some(entry) = self.sessions.get_mut(&sid) else { continue };
            match (paused, entry.plays, entry.waits_since) {
                (true, true, _) => {
                    out.push(Change { sid, what: What::Paused(Why::Focus) });
                    // FOCUS-012: without auto_resume it stops wanting.
                    (entry.plays, entry.wants) = (false, auto_resume);
                    entry.waits_since = auto_resume.then_some(moment);
                }
                // FOCUS-009
                (true, false, None) => {
                    starts.push((0, sid, What::Deferred));
                    entry.waits_since = Some(moment);
                }
                (false, false, since) => {
                    // FOCUS-010: moments count from 1, so that one that was just let play comes before those that waited.
                    starts.push(since.map_or((0, sid, What::Playing), |since| (since, sid, What::Resumed)));
                    (entry.plays, entry.waits_since) = (true, None);
                }
                _ => {}
            }
        }
        starts.sort_by_key(|(since, sid, _)| (*since, *sid));
        out.extend(starts.into_iter().map(|(_, sid, what)| Change { sid, what }));
        let ducks: Vec<(u32, Ducks)> = self.sessions.iter().map(|(sid, entry)| (*sid, self.ducks(entry.class))).collect();
        for ((sid, ducks), entry) in ducks.into_iter().zip(self.sessions.values_mut()) {
            if entry.ducks != ducks {
                let what = if ducks == Ducks::default() { What::Unducked } else { What::Ducked(ducks) };
                out.push(Change { sid, what });
                entry.ducks = ducks;
            }
        }
    }

    fn apply(&mut self, op: &Op, out: &mut Vec<Change>) -> Result<(), ErrorCode> {
        match *op {
            Op::Register { sid, class } => {
                // FOCUS-002
                if sid == 0 {
                    return Err(ErrorCode::OutOfRange);
                }
                if self.sessions.contains_key(&sid) {
                    return Err(ErrorCode::DuplicateSession);
                }
                if self.sessions.len() == FOCUS_SESSIONS_MAX as usize {
                    return Err(ErrorCode::TooManySessions);
                }
                // FOCUS-001
                let fresh = Entry { class, focus: None, wants: false, waits_since: None, plays: false, ducks: Ducks::default() };
                self.sessions.insert(sid, fresh);
            }
            Op::Close(sid) => {
                self.entry(sid)?;
                // FOCUS-014
                self.sessions.remove(&sid);
            }
            Op::Request { sid, kind } => {
                let class = self.entry(sid)?.class;
                self.request(sid, class, kind, out);
            }
            Op::Abandon(sid) => {
                // FOCUS-013
                self.entry(sid)?.focus.ok_or(ErrorCode::FocusNotHeld)?;
                self.stop(sid, Why::Abandoned, out);
                self.entry(sid)?.focus = None;
            }
            Op::Play(sid) => {
                // FOCUS-006
                let Entry { class, focus, wants, .. } = *self.entry(sid)?;
                if wants {
                    return Ok(());
                }
                let mut after = self.clone();
                let mut stolen = Vec::new();
                if focus.is_none() {
                    after.request(sid, class, Kind::Gain, &mut stolen);
                }
                let entry = after.entry(sid)?;
                entry.wants = true;
                let request = entry.focus.map_or(0, |(_, request)| request);
                // FOCUS-012
                if !self.auto_resume && after.is_paused_by_focus(sid, class, request) {
                    return Err(ErrorCode::FocusPreempted);
                }
                *self = after;
                out.append(&mut stolen);
            }
            Op::Pause(sid) => {
                // FOCUS-011
                self.entry(sid)?;
                self.stop(sid, Why::User, out);
            }
            Op::State => {}
        }
        Ok(())
    }

    fn sessions(&self) -> Vec<Session> {
        let session = |(sid, entry): (&u32, &Entry)| Session {
            sid: *sid,
            class: entry.class,
            playback: match (entry.plays, entry.waits_since) {
                (true, _) => Playback::Playing,
                (false, Some(_)) => Playback::Waiting,
                (false, None) => Playback::Paused,
            },
            focus: entry.focus.map(|(kind, request)| Held { kind, request }),
            ducks: entry.ducks,
        };
        self.sessions.iter().map(session).collect()
    }

    /// Answers one operation.
    pub fn answer(&mut self, op: &Op) -> Obs {
        if *op == Op::State {
            return Obs::Sessions(self.sessions());
        }
        let mut changes = Vec::new();
        if let Err(code) = self.apply(op, &mut changes) {
            return Obs::Rejected(code);
        }
        self.settle(&mut changes);
        if changes.is_empty() { Obs::Done } else { Obs::Changed(changes) }
    }
}

impl Machine<Focus> for FocusModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        (self.auto_resume, self.requests, self.moments) = (config.auto_resume, 0, 0);
        self.sessions.clear();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op))
    }
}

#[cfg(test)]
mod tests;
