//! Which statements each step of a case is about.

use super::flaw::Flaw;
use super::wrong::Wrong;
use spec::audiod::AUDIOD_APP_BYTES_MAX;
use spec::format::BLOCK_FRAMES;
use spec::sessions::{
    Command, Config, Consumed, Key, Obs, Op, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX, SESSIONS_TICK_BLOCKS_MAX,
    Sessions,
};
use spec::{Case, ErrorCode};

pub(super) fn walk(case: &Case<Sessions>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
    if rejected.is_some() {
        out(None, "SESSIONS-025");
        return;
    }
    let mut walk = Walk { config: case.config.clone(), registry: Wrong::new(Flaw::None, &case.config), happened: Vec::new() };
    for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
        walk.step(op, obs, &mut |id| out(Some(step), id));
    }
}

/// The registry as it is before a step, and what happened since somebody looked at it.
struct Walk {
    config: Config,
    registry: Wrong,
    happened: Vec<&'static str>,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        if let Obs::Rejected(code) = obs {
            self.rejected(*code, out);
            return;
        }
        let (current, offer, choice) = (self.registry.current(), self.registry.offer, self.registry.choice);
        let ids = self.of(op, obs);
        // What the model answered is what it is.
        let _ = self.registry.perform(op);
        if choice.is_some_and(|(_, explicit)| !explicit) && self.registry.choice.is_none() && !matches!(op, Op::Withdraw(_)) {
            self.note("SESSIONS-014", out);
        } else if current != self.registry.current() && matches!(op, Op::Play(_) | Op::Key(_) | Op::Gain { .. }) {
            self.note("SESSIONS-012", out);
        }
        if offer.is_some() && self.registry.offer.is_none() && !matches!(op, Op::Accept(_)) {
            self.note("SESSIONS-017", out);
        }
        for id in ids {
            self.note(id, out);
        }
        self.look(op, out);
    }

    fn rejected(&mut self, code: ErrorCode, out: &mut dyn FnMut(&'static str)) {
        let Config { sessions, commands, text_bytes, .. } = self.config;
        let (id, lowered) = match code {
            ErrorCode::TooManySessions => ("SESSIONS-002", sessions < SESSIONS_MAX),
            ErrorCode::InvalidApp | ErrorCode::UnknownSession => ("SESSIONS-002", false),
            ErrorCode::TextTooLong => ("SESSIONS-003", text_bytes < SESSIONS_TEXT_BYTES_MAX),
            ErrorCode::InvalidMetadata => ("SESSIONS-003", false),
            ErrorCode::NotSeekable => ("SESSIONS-011", false),
            ErrorCode::NoHandoffOffer => ("SESSIONS-016", false),
            ErrorCode::TooManyCommands => ("SESSIONS-020", commands < SESSIONS_COMMANDS_MAX),
            ErrorCode::NoCurrentSession => ("SESSIONS-021", false),
            _ => ("SESSIONS-024", false),
        };
        if lowered {
            self.note("SESSIONS-025", out);
        }
        self.note(id, out);
    }

    /// What an accepted operation is about, by the registry before it.
    fn of(&self, op: &Op, obs: &Obs) -> Vec<&'static str> {
        let registry = &self.registry;
        let current = registry.current();
        let plays = |sid: u32| registry.find(sid).is_some_and(|session| session.info.playing);
        match op {
            Op::Publish { app, .. } => {
                let offers = current.is_some_and(plays);
                let mut ids = vec!["SESSIONS-001", if offers { "SESSIONS-015" } else { "SESSIONS-014" }];
                let last = registry.sessions.len() + 1 == self.config.sessions as usize;
                if last || app.len() == AUDIOD_APP_BYTES_MAX as usize {
                    ids.push("SESSIONS-002");
                }
                ids
            }
            Op::Withdraw(sid) => {
                let chosen = registry.choice.is_some_and(|(chosen, _)| chosen == *sid);
                let stays = registry.offer.is_some_and(|candidate| candidate != *sid) && current == Some(*sid);
                let ids = [(true, "SESSIONS-001"), (stays, "SESSIONS-017"), (chosen, "SESSIONS-013")];
                ids.into_iter().filter(|(about, _)| *about).map(|(_, id)| id).collect()
            }
            Op::Metadata { metadata, .. } if metadata.duration_ms.is_some() => vec!["SESSIONS-008", "SESSIONS-003"],
            Op::Metadata { .. } => vec!["SESSIONS-003"],
            Op::Pause(sid) if registry.offer.is_some() && current == Some(*sid) => vec!["SESSIONS-004", "SESSIONS-015", "SESSIONS-017"],
            Op::Play(_) | Op::Pause(_) => vec!["SESSIONS-004"],
            Op::Stop(_) => vec!["SESSIONS-005"],
            Op::Seek { .. } => vec!["SESSIONS-009"],
            Op::SeekBy { .. } => vec!["SESSIONS-010"],
            Op::Gain { .. } | Op::SetActive(_) => vec!["SESSIONS-012"],
            Op::Accept(_) => vec!["SESSIONS-016"],
            Op::Command { command: Command::Seek(_), .. } => vec!["SESSIONS-011", "SESSIONS-020"],
            Op::Command { .. } => vec!["SESSIONS-020"],
            Op::Commands(_) if matches!(obs, Obs::Commands(commands) if commands.is_empty()) => Vec::new(),
            Op::Commands(_) => vec!["SESSIONS-020"],
            Op::Key(Key::Stop) => vec!["SESSIONS-005", "SESSIONS-021"],
            Op::Key(_) => vec!["SESSIONS-021"],
            Op::Block(consumed) => self.of_block(consumed),
            Op::Tick(0) => Vec::new(),
            Op::Tick(blocks) => {
                let mut ids = self.of_block(&[]);
                ids.retain(|id| *id != "SESSIONS-007" || registry.sessions.iter().any(|session| !session.info.playing));
                if registry.sessions.iter().any(|session| session.info.playing) {
                    ids.push("SESSIONS-006");
                }
                if *blocks == SESSIONS_TICK_BLOCKS_MAX {
                    ids.push("SESSIONS-024");
                }
                ids
            }
            Op::Now(_) => vec!["SESSIONS-023"],
            Op::Current | Op::List | Op::Get(_) | Op::Changed(_) | Op::Markers => Vec::new(),
        }
    }

    fn of_block(&self, consumed: &[Consumed]) -> Vec<&'static str> {
        let mut ids = Vec::new();
        let frames = |sid: u32| consumed.iter().filter(|entry| entry.sid == sid).map(|entry| entry.frames).sum::<u32>();
        for session in &self.registry.sessions {
            let frames = frames(session.info.sid);
            let moves = session.info.playing && frames > 0;
            ids.push(if moves { "SESSIONS-006" } else { "SESSIONS-007" });
            if frames == BLOCK_FRAMES && consumed.iter().filter(|entry| entry.sid == session.info.sid).count() > 1 {
                ids.push("SESSIONS-024");
            }
            if session.info.target_ms.is_some() {
                ids.push("SESSIONS-009");
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Operations that show something are about what happened, the last of it first.
    fn look(&mut self, op: &Op, out: &mut dyn FnMut(&'static str)) {
        match op {
            Op::Changed(_) => out("SESSIONS-019"),
            Op::Markers => out("SESSIONS-022"),
            Op::Current | Op::List | Op::Get(_) => {}
            _ => return,
        }
        for id in std::mem::take(&mut self.happened).into_iter().rev() {
            out(id);
        }
        match op {
            Op::List if self.registry.sessions.len() > 1 => out("SESSIONS-018"),
            Op::Current if self.registry.offer.is_some() => out("SESSIONS-015"),
            Op::Current => out("SESSIONS-012"),
            Op::Get(sid) => self.look_at(*sid, out),
            _ => {}
        }
    }

    fn look_at(&self, sid: u32, out: &mut dyn FnMut(&'static str)) {
        let Some(session) = self.registry.find(sid) else { return };
        if session.info.target_ms.is_some() {
            out("SESSIONS-009");
        }
        if session.info.metadata.duration_ms == Some(self.registry.position(session)) {
            out("SESSIONS-008");
        }
        if !self.config.audiod {
            out("SESSIONS-023");
        }
        out(if session.info.playing { "SESSIONS-006" } else { "SESSIONS-007" });
    }

    fn note(&mut self, id: &'static str, out: &mut dyn FnMut(&'static str)) {
        self.happened.retain(|known| *known != id);
        self.happened.push(id);
        out(id);
    }
}
