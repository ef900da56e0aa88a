//! What each step of a case is about, by the right answers.

use spec::ducking::{Config, Obs, Op, Rule};
use std::collections::BTreeMap;

/// What is known of a session.
#[derive(Clone, Default)]
struct Known {
    causes: BTreeMap<u32, Rule>,
    gain: i32,
    target: i32,
    /// The statements that the gains of the next blocks are about.
    about: Vec<&'static str>,
    /// Whether the ramp is one of no blocks.
    at_once: bool,
}

impl Known {
    fn note(&mut self, id: &'static str) {
        self.about.retain(|known| *known != id);
        self.about.push(id);
    }

    /// A cause came or went, or the depths are others.
    fn aim(&mut self, config: &Config, why: &'static str) {
        let depth = |rule: &Rule| match rule {
            Rule::DuckDb => config.duck_db_q8_8,
            Rule::DuckDbUi => config.duck_db_ui_q8_8,
        };
        let target = self.causes.values().map(depth).min().unwrap_or_default();
        let moving = self.gain != self.target;
        if target == self.target {
            self.note("DUCKING-006");
        } else {
            if moving {
                self.note("DUCKING-005");
            }
            self.at_once = config.ramp_ms == 0;
            self.note(if self.at_once { "DUCKING-004" } else { "DUCKING-003" });
        }
        if self.causes.len() > 1 {
            self.note("DUCKING-002");
        }
        self.note(why);
        self.target = target;
        if self.at_once {
            self.gain = target;
        }
    }
}

/// What is known of all sessions while walking along a case with the right answers.
pub(super) struct Walk {
    config: Config,
    sessions: BTreeMap<u32, Known>,
    /// Whether the blocks before were asked for right before.
    went_on: bool,
    /// Whether something was rejected since somebody looked.
    rejected: bool,
}

impl Walk {
    pub(super) fn new(config: &Config) -> Self {
        Self { config: *config, sessions: BTreeMap::new(), went_on: false, rejected: false }
    }

    pub(super) fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if matches!(obs, Obs::Rejected(_)) {
            self.rejected = true;
            out("DUCKING-013");
            return;
        }
        match op {
            Op::Open(session) => {
                self.sessions.insert(*session, Known { about: vec!["DUCKING-012"], ..Known::default() });
                out("DUCKING-012");
            }
            Op::Close(session) => {
                self.sessions.remove(session);
                out("DUCKING-012");
            }
            Op::Duck { session, cause, rule } => self.duck(*session, *cause, *rule, out),
            Op::Unduck { session, cause } => {
                if let Some(known) = self.sessions.get_mut(session) {
                    known.causes.remove(cause);
                    known.aim(&self.config, "DUCKING-007");
                    out("DUCKING-007");
                }
            }
            Op::Configure(config) => {
                self.config = *config;
                for known in self.sessions.values_mut() {
                    known.aim(config, "DUCKING-009");
                }
                out("DUCKING-009");
            }
            Op::Blocks(_) | Op::Gains => self.look(op, obs, out),
        }
        self.went_on = matches!(op, Op::Blocks(count) if *count > 0);
    }

    fn duck(&mut self, session: u32, cause: u32, rule: Rule, out: &mut dyn FnMut(&'static str)) {
        if let Some(known) = self.sessions.get_mut(&session) {
            let again = known.causes.insert(cause, rule).is_some_and(|before| before != rule);
            let id = if again { "DUCKING-008" } else { "DUCKING-001" };
            known.aim(&self.config, id);
            out(id);
        }
    }

    fn look(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        let Obs::Gains(tracks) = obs else { return };
        if std::mem::take(&mut self.rejected) {
            out("DUCKING-013");
        }
        for track in tracks {
            let Some(known) = self.sessions.get_mut(&track.session) else { continue };
            if track.db_q8_8.is_empty() {
                continue;
            }
            let moves = track.db_q8_8.iter().any(|gain| *gain != known.gain);
            if moves && self.went_on && matches!(op, Op::Blocks(_)) {
                out("DUCKING-010");
            }
            // What happened last is what the gains are most likely about.
            known.about.iter().rev().for_each(|id| out(id));
            known.gain = track.db_q8_8.last().copied().unwrap_or_default();
            if known.gain == known.target && matches!(op, Op::Blocks(_)) {
                known.about.clear();
            }
        }
        if tracks.len() > 1 {
            out("DUCKING-012");
        }
    }
}
