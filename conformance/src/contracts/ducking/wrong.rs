//! A ducking that makes one mistake.

use spec::ducking::{
    Config, DUCKING_BLOCKS_MAX, DUCKING_CAUSES_MAX, DUCKING_DB_Q8_8_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_RAMP_MS_MAX, DUCKING_SESSIONS_MAX,
    Ducking, Obs, Op, Rule, Track,
};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    OneDepth,
    DepthsSwapped,
    LowersEverySession,
    DepthsAdd,
    LatestCounts,
    ShallowestCounts,
    RampBlockLonger,
    RampRoundsBlocksDown,
    RampBlockLate,
    RampTruncates,
    RampRoundsHalfUp,
    RampInPowers,
    AtOnceBlockLate,
    AtOnceTakesOneBlock,
    RestartsFromTarget,
    RestartsFromZero,
    FinishesFirst,
    EveryCauseRestarts,
    RampLengthRestarts,
    UnduckAtOnce,
    UnduckRestoresWithFirst,
    StopsShortOfZero,
    KeepsFirstRule,
    CountsCauseTwice,
    ConfigureForNewAlone,
    ConfigureAtOnce,
    ConfigureKeepsLength,
    CountsOperations,
    GainsGoOn,
    BlocksCountOneMore,
    RaisesByConfigured,
    Overshoots,
    ReopenedKeepsGain,
    ListsByOpening,
    OpensDucked,
    AnyDepth,
    DepthOneLess,
    AnyRamp,
    RampOneLess,
    SessionsOneMore,
    SessionsOneLess,
    CausesOneMore,
    CausesOneLess,
    KnownCauseCountsAsNew,
    BlocksOneMore,
    BlocksOneLess,
    UnknownCauseIsDone,
    UnknownSessionIsDone,
    TakesNumberZero,
    RejectedConfigurationHalfTaken,
}

#[derive(Clone, Default)]
struct Session {
    number: u32,
    causes: Vec<(u32, Rule)>,
    from: i64,
    to: i64,
    blocks: i64,
    over: i64,
    /// Blocks to wait before the ramp begins.
    late: bool,
    waiting: Option<(i64, i64)>,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    config: Config,
    /// In the order of opening.
    sessions: Vec<Session>,
    gone: Vec<Session>,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Ducking>> {
    Box::new(Wrong { flaw, config: Config::default(), sessions: Vec::new(), gone: Vec::new() })
}

impl Session {
    fn gain(&self, flaw: Flaw) -> i64 {
        if self.over >= self.blocks {
            let short = flaw == Flaw::StopsShortOfZero && self.to == 0 && self.from < 0 && self.blocks > 0;
            return if short { -1 } else { self.to };
        }
        let (product, blocks) = ((self.to - self.from) * self.over, self.blocks);
        let step = match flaw {
            Flaw::RampTruncates => product / blocks,
            Flaw::RampRoundsHalfUp => (2 * product + blocks).div_euclid(2 * blocks),
            Flaw::RampInPowers => (self.to - self.from) * self.over * self.over / (blocks * blocks),
            _ => product.signum() * ((2 * product.abs() + blocks) / (2 * blocks)),
        };
        let up = i64::from(flaw == Flaw::Overshoots && self.over == 1) * 400;
        self.from + step + if self.to > self.from { up } else { 0 }
    }

    fn step(&mut self, flaw: Flaw) {
        if self.late {
            self.late = false;
            return;
        }
        if self.over >= self.blocks
            && let Some((to, blocks)) = self.waiting.take()
        {
            (self.from, self.to, self.blocks, self.over) = (self.to, to, blocks, 0);
        }
        self.over = (self.over + 1).min(self.blocks);
        if flaw == Flaw::AtOnceBlockLate && self.blocks == 0 {
            self.from = self.to;
        }
    }

    /// The gain that is told: a ramp of no blocks that comes a block late shows the old one till then.
    fn told(&self, flaw: Flaw) -> i32 {
        let gain = if self.late && self.blocks == 0 { self.from } else { self.gain(flaw) };
        gain as i32
    }

    fn retarget(&mut self, to: i64, ms: u32, flaw: Flaw) {
        let blocks = match flaw {
            Flaw::RampRoundsBlocksDown => ms / 10,
            Flaw::RampBlockLonger if ms > 0 => ms.div_ceil(10) + 1,
            Flaw::AtOnceTakesOneBlock => ms.div_ceil(10).max(2),
            Flaw::UnduckAtOnce if to == 0 => 0,
            _ => ms.div_ceil(10),
        };
        let from = match flaw {
            Flaw::RestartsFromTarget => self.to,
            Flaw::RestartsFromZero if to < 0 => 0,
            _ => self.gain(flaw),
        };
        if flaw == Flaw::FinishesFirst && self.over < self.blocks {
            self.waiting = Some((to, blocks.into()));
            return;
        }
        self.waiting = None;
        self.late = (flaw == Flaw::RampBlockLate && blocks > 0) || (flaw == Flaw::AtOnceBlockLate && blocks == 0);
        (self.from, self.to, self.blocks, self.over) = (from, to, blocks.into(), 0);
    }
}

impl Wrong {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn target(&self, session: &Session) -> i64 {
        let depth = |(_, rule): &(u32, Rule)| {
            i64::from(match (rule, self.flaw) {
                (_, Flaw::OneDepth) | (Rule::DuckDbUi, Flaw::DepthsSwapped) => self.config.duck_db_q8_8,
                (Rule::DuckDb, Flaw::DepthsSwapped) => self.config.duck_db_ui_q8_8,
                (Rule::DuckDb, _) => self.config.duck_db_q8_8,
                (Rule::DuckDbUi, _) => self.config.duck_db_ui_q8_8,
            })
        };
        let mut depths = session.causes.iter().map(depth);
        let target = match self.flaw {
            Flaw::DepthsAdd => Some(depths.sum::<i64>().max(DUCKING_DB_Q8_8_MIN.into())),
            Flaw::LatestCounts => depths.next_back(),
            Flaw::ShallowestCounts => depths.max(),
            _ => depths.min(),
        };
        target.unwrap_or(0)
    }

    fn aim(&mut self, place: usize, again: bool) {
        let target = self.target(&self.sessions[place]);
        let (flaw, ms) = (self.flaw, self.config.ramp_ms);
        let session = &mut self.sessions[place];
        let goal = session.waiting.map_or(session.to, |(to, _)| to);
        if target != goal || again {
            session.retarget(target, ms, flaw);
        }
    }

    fn at(&self, session: u32) -> Result<usize, ErrorCode> {
        self.sessions.iter().position(|known| known.number == session).ok_or(ErrorCode::UnknownSession)
    }

    fn check(&self, config: &Config) -> Result<(), ErrorCode> {
        let lowest = DUCKING_DB_Q8_8_MIN + i32::from(self.is(Flaw::DepthOneLess));
        let depths = [config.duck_db_q8_8, config.duck_db_ui_q8_8];
        let deep = depths.iter().all(|depth| (lowest..=DUCKING_DB_Q8_8_MAX).contains(depth)) || self.is(Flaw::AnyDepth);
        let longest = DUCKING_RAMP_MS_MAX - u32::from(self.is(Flaw::RampOneLess));
        let short = config.ramp_ms <= longest || self.is(Flaw::AnyRamp);
        let raises = self.is(Flaw::RaisesByConfigured) && depths.iter().all(|depth| (lowest..=1).contains(depth));
        if (deep || raises) && short { Ok(()) } else { Err(ErrorCode::OutOfRange) }
    }

    fn open(&mut self, number: u32) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::SessionsOneMore => DUCKING_SESSIONS_MAX + 1,
            Flaw::SessionsOneLess => DUCKING_SESSIONS_MAX - 1,
            _ => DUCKING_SESSIONS_MAX,
        };
        if number == 0 && !self.is(Flaw::TakesNumberZero) {
            return Err(ErrorCode::OutOfRange);
        }
        if self.at(number).is_ok() {
            return Err(ErrorCode::DuplicateSession);
        }
        if self.sessions.len() >= max as usize {
            return Err(ErrorCode::TooManySessions);
        }
        let before = self.gone.iter().rev().find(|gone| gone.number == number).cloned().filter(|_| self.is(Flaw::ReopenedKeepsGain));
        let to = if self.is(Flaw::OpensDucked) { -1 } else { 0 };
        self.sessions.push(before.unwrap_or(Session { number, to, ..Session::default() }));
        Ok(())
    }

    fn duck(&mut self, session: u32, cause: u32, rule: Rule) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::CausesOneMore => DUCKING_CAUSES_MAX + 1,
            Flaw::CausesOneLess => DUCKING_CAUSES_MAX - 1,
            _ => DUCKING_CAUSES_MAX,
        };
        let place = self.at(session)?;
        let flaw = self.flaw;
        let places = if self.is(Flaw::LowersEverySession) { (0..self.sessions.len()).collect() } else { vec![place] };
        for place in places {
            let causes = &mut self.sessions[place].causes;
            let crowded = causes.len() >= max as usize;
            let known = causes.iter().position(|(number, _)| *number == cause);
            let known = known.filter(|_| flaw != Flaw::CountsCauseTwice && !(crowded && flaw == Flaw::KnownCauseCountsAsNew));
            match known {
                Some(_) if flaw == Flaw::KeepsFirstRule => {}
                Some(known) => causes[known].1 = rule,
                None if crowded => return Err(ErrorCode::TooManyDuckCauses),
                None => causes.push((cause, rule)),
            }
            self.aim(place, flaw == Flaw::EveryCauseRestarts);
        }
        Ok(())
    }

    fn unduck(&mut self, session: u32, cause: u32) -> Result<(), ErrorCode> {
        let place = self.at(session)?;
        let causes = &mut self.sessions[place].causes;
        match causes.iter().position(|(number, _)| *number == cause) {
            Some(_) if self.flaw == Flaw::UnduckRestoresWithFirst => causes.clear(),
            Some(known) => drop(causes.remove(known)),
            None if self.flaw == Flaw::UnknownCauseIsDone => return Ok(()),
            None => return Err(ErrorCode::UnknownDuckCause),
        }
        self.aim(place, self.flaw == Flaw::EveryCauseRestarts);
        Ok(())
    }

    fn configure(&mut self, config: Config) -> Result<(), ErrorCode> {
        if let Err(code) = self.check(&config) {
            if self.is(Flaw::RejectedConfigurationHalfTaken) && config.ramp_ms <= DUCKING_RAMP_MS_MAX {
                self.config.ramp_ms = config.ramp_ms;
            }
            return Err(code);
        }
        let length = self.config.ramp_ms != config.ramp_ms;
        self.config = if self.is(Flaw::ConfigureKeepsLength) { Config { ramp_ms: self.config.ramp_ms, ..config } } else { config };
        if self.is(Flaw::ConfigureForNewAlone) {
            return Ok(());
        }
        let ms = self.config.ramp_ms;
        if self.is(Flaw::ConfigureAtOnce) {
            self.config.ramp_ms = 0;
        }
        for place in 0..self.sessions.len() {
            let again = length && self.is(Flaw::RampLengthRestarts) && !self.sessions[place].causes.is_empty();
            self.aim(place, again);
        }
        self.config.ramp_ms = ms;
        Ok(())
    }

    fn gains(&mut self, count: Option<u32>) -> Obs {
        let flaw = self.flaw;
        let mut places: Vec<usize> = (0..self.sessions.len()).collect();
        if flaw != Flaw::ListsByOpening {
            places.sort_by_key(|place| self.sessions[*place].number);
        }
        let track = |place: usize| {
            let session = &mut self.sessions[place];
            let mut db_q8_8 = Vec::new();
            let steps = match count {
                Some(count) => count + u32::from(flaw == Flaw::BlocksCountOneMore && count > 0),
                None => u32::from(flaw == Flaw::GainsGoOn),
            };
            for step in 0..steps {
                session.step(flaw);
                if step < count.unwrap_or(0) {
                    db_q8_8.push(session.told(flaw));
                }
            }
            if count.is_none() {
                db_q8_8.push(session.told(flaw));
            }
            Track { session: session.number, db_q8_8 }
        };
        Obs::Gains(places.into_iter().map(track).collect())
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        if self.is(Flaw::CountsOperations) && matches!(op, Op::Duck { .. } | Op::Unduck { .. }) {
            self.sessions.iter_mut().for_each(|session| session.step(Flaw::CountsOperations));
        }
        match *op {
            Op::Open(session) => self.open(session)?,
            Op::Close(session) => {
                let place = self.at(session)?;
                let gone = self.sessions.remove(place);
                self.gone.push(gone);
            }
            Op::Duck { session, cause, rule } => self.duck(session, cause, rule)?,
            Op::Unduck { session, cause } => self.unduck(session, cause)?,
            Op::Configure(config) => self.configure(config)?,
            Op::Blocks(count) => {
                let max = match self.flaw {
                    Flaw::BlocksOneMore => DUCKING_BLOCKS_MAX + 1,
                    Flaw::BlocksOneLess => DUCKING_BLOCKS_MAX - 1,
                    _ => DUCKING_BLOCKS_MAX,
                };
                if count > max {
                    return Err(ErrorCode::OutOfRange);
                }
                return Ok(self.gains(Some(count)));
            }
            Op::Gains => return Ok(self.gains(None)),
        }
        Ok(Obs::Done)
    }
}

impl Machine<Ducking> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self { flaw: self.flaw, config: *config, sessions: Vec::new(), gone: Vec::new() };
        Ok(self.check(config))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match self.answer(op) {
            Err(ErrorCode::UnknownSession) if self.is(Flaw::UnknownSessionIsDone) => Obs::Done,
            answer => answer.unwrap_or_else(Obs::Rejected),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, ducking::Ducking};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Ducking::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Ducking::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Ducking::model().run_case(&case), "{case:?}");
        }
    }
}
