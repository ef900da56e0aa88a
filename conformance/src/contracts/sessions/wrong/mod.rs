//! A registry that makes one mistake.

mod playing;
mod registrations;

use super::flaw::Flaw;
use spec::sessions::{
    Command, Config, Info, Obs, Op, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_READY, SESSIONS_TEXT_BYTES_MAX, SESSIONS_TICK_BLOCKS_MAX,
    Sessions,
};
use spec::{ErrorCode, Failure, Machine};

#[derive(Clone)]
pub(super) struct Session {
    pub(super) info: Info,
    pub(super) begun: u64,
    first_begun: u64,
    base: u64,
    frames: u64,
    since: u64,
    queue: Vec<Command>,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    config: Config,
    /// In the order of their registrations.
    pub(super) sessions: Vec<Session>,
    published: u32,
    begins: u64,
    /// The chosen session, and whether somebody chose it.
    pub(super) choice: Option<(u32, bool)>,
    pub(super) offer: Option<u32>,
    /// Who was now playing when the last handoff was offered.
    offerer: u32,
    now: u64,
    revision: u64,
    lines: Vec<String>,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Sessions>> {
    Box::new(Wrong::new(flaw, &Config::default()))
}

impl Wrong {
    pub(super) fn new(flaw: Flaw, config: &Config) -> Self {
        let mut config = config.clone();
        if flaw == Flaw::LimitsIgnored {
            config = Config { audiod: config.audiod, ..Config::default() };
        }
        let ready = if flaw == Flaw::ReadyWithoutVersion { "mediasessd: ready" } else { SESSIONS_READY };
        Self {
            flaw,
            config,
            sessions: Vec::new(),
            published: 0,
            begins: 0,
            choice: None,
            offer: None,
            offerer: 0,
            now: 0,
            revision: 0,
            lines: vec![ready.to_owned()],
        }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    pub(super) fn find(&self, sid: u32) -> Option<&Session> {
        self.sessions.iter().find(|session| session.info.sid == sid)
    }

    fn place(&self, sid: u32) -> Result<usize, ErrorCode> {
        self.sessions.iter().position(|session| session.info.sid == sid).ok_or(ErrorCode::UnknownSession)
    }

    pub(super) fn current(&self) -> Option<u32> {
        let owner = self.sessions.iter().any(|session| session.info.gain);
        if let Some((sid, _)) = self.choice.filter(|_| !(owner && self.is(Flaw::GainBeatsChoice))) {
            return Some(sid);
        }
        let mut best: Option<&Session> = None;
        for session in self.sessions.iter().filter(|session| session.info.gain || session.begun > 0) {
            let rank = |session: &Session| match self.flaw {
                Flaw::RecencyBeatsGain => (false, session.begun),
                Flaw::FirstBeginCounts => (session.info.gain, u64::MAX - session.first_begun),
                Flaw::FallsToSmallest => (false, 0),
                _ => (session.info.gain, session.begun),
            };
            let better = best.is_none_or(|best| {
                let equal = rank(session) == rank(best) && self.is(Flaw::TiesToLargest);
                rank(session) > rank(best) || equal
            });
            if better {
                best = Some(session);
            }
        }
        best.filter(|_| !self.is(Flaw::FallsToNone)).map(|session| session.info.sid)
    }

    pub(super) fn position(&self, session: &Session) -> u64 {
        let run = if self.config.audiod {
            let up = if self.is(Flaw::RoundsUp) { 47 } else { 0 };
            (session.frames + up) / 48
        } else if session.info.playing || self.is(Flaw::ClockCountsPaused) {
            let ns = match self.flaw {
                Flaw::ClockGoesBack => self.now.abs_diff(session.since),
                _ => self.now.saturating_sub(session.since),
            };
            if self.is(Flaw::ClockRounds) { ns.saturating_add(500_000) / 1_000_000 } else { ns / 1_000_000 }
        } else {
            0
        };
        let ms = session.base.saturating_add(run);
        match session.info.metadata.duration_ms {
            Some(0) if self.is(Flaw::WrapsAtDuration) => 0,
            Some(duration) if self.is(Flaw::WrapsAtDuration) && ms > duration => ms % duration,
            Some(duration) if !self.is(Flaw::PastDuration) => ms.min(duration),
            _ => ms,
        }
    }

    fn act(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let tick = if self.is(Flaw::TicksOneMore) { SESSIONS_TICK_BLOCKS_MAX + 1 } else { SESSIONS_TICK_BLOCKS_MAX };
        Ok(match op {
            Op::Publish { app, class, seekable } => self.publish(app, *class, *seekable)?,
            Op::Withdraw(sid) => self.withdraw(*sid)?,
            Op::Metadata { sid, metadata } => self.metadata(*sid, metadata)?,
            Op::Play(sid) => Obs::Switched(self.set_playing(*sid, true)?),
            Op::Pause(sid) => Obs::Switched(self.set_playing(*sid, false)?),
            Op::Stop(sid) => self.stop(*sid)?,
            Op::Seek { sid, ms } => self.seek(*sid, Some(*ms), 0)?,
            Op::SeekBy { sid, ms } => self.seek(*sid, None, *ms)?,
            Op::Gain { sid, owner } => {
                let place = self.place(*sid)?;
                let switched = std::mem::replace(&mut self.sessions[place].info.gain, *owner) != *owner;
                if switched && *owner {
                    self.outdo(*sid);
                }
                Obs::Switched(switched)
            }
            Op::SetActive(sid) => {
                self.place(*sid)?;
                let switched = self.current() != Some(*sid);
                self.choice = Some((*sid, true));
                Obs::Switched(switched)
            }
            Op::Accept(sid) => self.accept(*sid)?,
            Op::Current => Obs::Current { now: self.current(), offer: self.offer },
            Op::List => Obs::Sessions(self.list()),
            Op::Get(sid) => {
                let session = &self.sessions[self.place(*sid)?];
                let (position_ms, commands) = (self.position(session), session.queue.len() as u32);
                Obs::Session(Box::new(Info { position_ms, commands, ..session.info.clone() }))
            }
            Op::Changed(since) => {
                let changed = if self.is(Flaw::ChangedIfNewer) { self.revision > *since } else { self.revision != *since };
                Obs::Changed { revision: self.revision, changed }
            }
            Op::Command { sid, command } => self.command(*sid, *command)?,
            Op::Commands(sid) => {
                let (place, flaw) = (self.place(*sid)?, self.flaw);
                let queue = &mut self.sessions[place].queue;
                let mut commands = if flaw == Flaw::CommandsStay { queue.clone() } else { std::mem::take(queue) };
                if flaw == Flaw::CommandsNewestFirst {
                    commands.reverse();
                }
                Obs::Commands(commands)
            }
            Op::Key(key) => self.key(*key)?,
            Op::Now(_) if self.config.audiod && !self.is(Flaw::TakesClock) => return Err(ErrorCode::WrongTimeSource),
            Op::Block(_) | Op::Tick(_) if !self.config.audiod && !self.is(Flaw::TakesBlocks) => return Err(ErrorCode::WrongTimeSource),
            Op::Block(consumed) => self.block(consumed)?,
            Op::Tick(blocks) if *blocks > tick => return Err(ErrorCode::OutOfRange),
            Op::Tick(blocks) => {
                self.blocks(u64::from(*blocks), None);
                Obs::Done
            }
            Op::Now(ns) => {
                self.now = *ns;
                Obs::Done
            }
            Op::Markers => Obs::Lines(std::mem::take(&mut self.lines)),
        })
    }

    /// What is shown, in one text.
    fn shown(&self, progress: bool) -> String {
        let infos = self.sessions.iter().map(|session| {
            let position_ms = if progress { 0 } else { self.position(session) };
            let commands = if self.is(Flaw::RevisionMissesCommands) { 0 } else { session.queue.len() as u32 };
            let target_ms = session.info.target_ms.filter(|_| !self.is(Flaw::RevisionMissesSeeks));
            Info { position_ms, commands, target_ms, ..session.info.clone() }
        });
        format!("{:?} {:?} {:?}", self.current(), self.offer, infos.collect::<Vec<_>>())
    }

    /// Does the operation, and what follows from it, without a look at the revision.
    pub(super) fn perform(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let before = self.current();
        let obs = self.act(op)?;
        let current = self.current();
        if self.offer == current && !self.is(Flaw::OfferSurvivesChoice) {
            self.offer = None;
        }
        match current {
            Some(sid) if current != before && !self.is(Flaw::NoActiveLine) => self.lines.push(format!("media: active sid={sid}")),
            None if current != before && self.is(Flaw::ActiveLineAtNone) => self.lines.push("media: active sid=0".to_owned()),
            _ => {}
        }
        Ok(obs)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let progress = matches!(op, Op::Block(_) | Op::Tick(_) | Op::Now(_)) && !self.is(Flaw::RevisionCountsProgress);
        let before = self.shown(progress);
        let obs = self.perform(op)?;
        let reads = matches!(op, Op::Get(_) | Op::List | Op::Current | Op::Changed(_) | Op::Markers);
        let each = self.is(Flaw::RevisionAtEachOp) && !reads && !progress;
        self.revision += u64::from(each || self.shown(progress) != before);
        Ok(obs)
    }
}

impl Machine<Sessions> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(self.flaw, config);
        let Config { sessions, commands, text_bytes, .. } = *config;
        let limits = [(sessions, SESSIONS_MAX), (commands, SESSIONS_COMMANDS_MAX), (text_bytes, SESSIONS_TEXT_BYTES_MAX)];
        let low = |limit| limit == 0 && self.flaw != Flaw::TakesLimitZero;
        let high = |limit, max| limit > max && self.flaw != Flaw::TakesAnyLimit;
        Ok(if limits.iter().any(|(limit, max)| low(*limit) || high(*limit, *max)) { Err(ErrorCode::OutOfRange) } else { Ok(()) })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, sessions::Sessions};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Sessions::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Sessions::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Sessions::model().run_case(&case), "{case:?}");
        }
    }
}
