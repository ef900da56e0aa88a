//! The reference model of the contract `ducking`.

pub use self::DuckingModel as Model;
use spec::ducking::{
    Config, DUCKING_BLOCKS_MAX, DUCKING_CAUSES_MAX, DUCKING_DB_Q8_8_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_RAMP_MS_MAX, DUCKING_SESSIONS_MAX,
    Ducking, Obs, Op, Rule, Track,
};
use spec::format::BLOCK_MS;
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// A session: what lowers it, and the ramp that it is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Session {
    /// DUCKING-008: one rule for each cause.
    causes: BTreeMap<u32, Rule>,
    from: i64,
    to: i64,
    /// Blocks of the ramp, and those of them that are over.
    blocks: i64,
    over: i64,
}

impl Session {
    /// DUCKING-003
    fn gain(&self) -> i64 {
        if self.over == self.blocks {
            return self.to;
        }
        let (product, blocks) = ((self.to - self.from) * self.over, self.blocks);
        // Half away from zero: the magnitude is rounded half up.
        let magnitude = (2 * product.abs() + blocks) / (2 * blocks);
        self.from + product.signum() * magnitude
    }

    /// The deepest of the causes' depths, or 0. DUCKING-001, DUCKING-002, DUCKING-007
    fn target(&self, config: &Config) -> i64 {
        let depth = |rule: &Rule| match rule {
            Rule::DuckDb => config.duck_db_q8_8,
            Rule::DuckDbUi => config.duck_db_ui_q8_8,
        };
        self.causes.values().map(depth).min().unwrap_or(0).into()
    }

    /// Begins a ramp where the target is another one. DUCKING-005, DUCKING-006
    fn aim(&mut self, config: &Config) {
        let to = self.target(config);
        if to != self.to {
            // DUCKING-004: none for 0 ms, and the target is the gain at once.
            let blocks = (i64::from(config.ramp_ms) + i64::from(BLOCK_MS) - 1) / i64::from(BLOCK_MS);
            (self.from, self.to, self.blocks, self.over) = (self.gain(), to, blocks, 0);
        }
    }
}

/// The reference model of the contract `ducking`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuckingModel {
    config: Config,
    /// By number, which is the order of gains. DUCKING-012
    sessions: BTreeMap<u32, Session>,
}

/// DUCKING-013
fn check(config: &Config) -> Result<(), ErrorCode> {
    let depths = [config.duck_db_q8_8, config.duck_db_ui_q8_8];
    let right = depths.iter().all(|depth| (DUCKING_DB_Q8_8_MIN..=DUCKING_DB_Q8_8_MAX).contains(depth));
    if right && config.ramp_ms <= DUCKING_RAMP_MS_MAX { Ok(()) } else { Err(ErrorCode::OutOfRange) }
}

impl DuckingModel {
    fn session(&mut self, number: u32) -> Result<&mut Session, ErrorCode> {
        self.sessions.get_mut(&number).ok_or(ErrorCode::UnknownSession)
    }

    fn gains(&self) -> Obs {
        let track = |(session, state): (&u32, &Session)| Track { session: *session, db_q8_8: vec![state.gain() as i32] };
        Obs::Gains(self.sessions.iter().map(track).collect())
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let config = self.config;
        match *op {
            Op::Open(session) => {
                // DUCKING-013
                if session == 0 {
                    return Err(ErrorCode::OutOfRange);
                }
                if self.sessions.contains_key(&session) {
                    return Err(ErrorCode::DuplicateSession);
                }
                if self.sessions.len() == DUCKING_SESSIONS_MAX as usize {
                    return Err(ErrorCode::TooManySessions);
                }
                self.sessions.insert(session, Session::default());
            }
            Op::Close(session) => {
                self.session(session)?;
                self.sessions.remove(&session);
            }
            Op::Duck { session, cause, rule } => {
                let session = self.session(session)?;
                if !session.causes.contains_key(&cause) && session.causes.len() == DUCKING_CAUSES_MAX as usize {
                    return Err(ErrorCode::TooManyDuckCauses);
                }
                session.causes.insert(cause, rule);
                session.aim(&config);
            }
            Op::Unduck { session, cause } => {
                let session = self.session(session)?;
                session.causes.remove(&cause).ok_or(ErrorCode::UnknownDuckCause)?;
                session.aim(&config);
            }
            Op::Configure(config) => {
                check(&config)?;
                // DUCKING-009
                self.config = config;
                self.sessions.values_mut().for_each(|session| session.aim(&config));
            }
            Op::Blocks(count) => {
                if count > DUCKING_BLOCKS_MAX {
                    return Err(ErrorCode::OutOfRange);
                }
                // DUCKING-010
                let step = |session: &mut Session| {
                    session.over = (session.over + 1).min(session.blocks);
                    session.gain() as i32
                };
                let track = |(number, session): (&u32, &mut Session)| Track {
                    session: *number,
                    db_q8_8: (0..count).map(|_| step(session)).collect(),
                };
                return Ok(Obs::Gains(self.sessions.iter_mut().map(track).collect()));
            }
            Op::Gains => return Ok(self.gains()),
        }
        Ok(Obs::Done)
    }
}

impl Machine<Ducking> for DuckingModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self { config: *config, sessions: BTreeMap::new() };
        // DUCKING-011: depths are within their range, and a ramp stays between two of them or 0.
        Ok(check(config))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::DuckingModel;
    use spec::ErrorCode::{DuplicateSession, OutOfRange, TooManyDuckCauses, TooManySessions, UnknownDuckCause, UnknownSession};
    use spec::ducking::{Config, Obs, Op, Rule};
    use spec::{ErrorCode, Machine};

    fn duck(cause: u32, rule: Rule) -> Op {
        Op::Duck { session: 1, cause, rule }
    }

    fn blocks(model: &mut DuckingModel, count: u32) -> Vec<i32> {
        match model.answer(&Op::Blocks(count)) {
            Ok(Obs::Gains(tracks)) => tracks[0].db_q8_8.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn opened() -> DuckingModel {
        let mut model = DuckingModel::default();
        assert_eq!(model.answer(&Op::Open(1)), Ok(Obs::Done));
        model
    }

    #[test]
    fn ramps_have_the_documented_steps() {
        let mut model = opened();
        model.answer(&duck(7, Rule::DuckDb)).expect("ducked");
        assert_eq!(blocks(&mut model, 6), [-307, -614, -922, -1229, -1536, -1536]);
        model.answer(&Op::Unduck { session: 1, cause: 7 }).expect("restored");
        assert_eq!(blocks(&mut model, 6), [-1229, -922, -614, -307, 0, 0]);
    }

    #[test]
    fn the_deepest_counts_and_ramps_start_where_they_are() {
        let mut model = opened();
        model.answer(&duck(1, Rule::DuckDbUi)).expect("ducked");
        assert_eq!(blocks(&mut model, 2), [-154, -307]);
        model.answer(&duck(2, Rule::DuckDb)).expect("ducked");
        assert_eq!(blocks(&mut model, 2), [-553, -799]);
        // A weaker cause goes: nothing changes.
        model.answer(&Op::Unduck { session: 1, cause: 1 }).expect("restored");
        assert_eq!(blocks(&mut model, 3), [-1044, -1290, -1536]);
        model.answer(&duck(2, Rule::DuckDbUi)).expect("ducked by another rule");
        assert_eq!(blocks(&mut model, 5), [-1382, -1229, -1075, -922, -768]);
        let config = Config { duck_db_ui_q8_8: -24_576, ramp_ms: 0, ..Config::default() };
        model.answer(&Op::Configure(config)).expect("configured");
        assert_eq!(blocks(&mut model, 1), [-24_576]);
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = opened();
        for number in 2..=16 {
            model.answer(&Op::Open(number)).expect("a session");
        }
        for cause in 0..16 {
            model.answer(&duck(cause, Rule::DuckDbUi)).expect("a cause");
        }
        let before = model.clone();
        let config = Config::default();
        let wrong = |op: Op, code: ErrorCode| (op, code);
        for (op, code) in [
            wrong(Op::Open(0), OutOfRange),
            wrong(Op::Open(1), DuplicateSession),
            wrong(Op::Open(17), TooManySessions),
            wrong(Op::Close(17), UnknownSession),
            wrong(duck(16, Rule::DuckDb), TooManyDuckCauses),
            wrong(Op::Unduck { session: 1, cause: 16 }, UnknownDuckCause),
            wrong(Op::Unduck { session: 17, cause: 0 }, UnknownSession),
            wrong(Op::Configure(Config { duck_db_q8_8: 1, ..config }), OutOfRange),
            wrong(Op::Configure(Config { duck_db_ui_q8_8: -24_577, ..config }), OutOfRange),
            wrong(Op::Configure(Config { ramp_ms: 10_001, ..config }), OutOfRange),
            wrong(Op::Blocks(1_201), OutOfRange),
        ] {
            assert_eq!(model.answer(&op), Err(code), "{op:?}");
        }
        assert_eq!(model, before);
        assert_eq!(model.reset(&Config { ramp_ms: 10_001, ..config }), Ok(Err(OutOfRange)));
    }
}
