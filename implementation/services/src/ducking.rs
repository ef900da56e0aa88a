//! How far sessions are lowered, block by block.
//!
//! Whoever mixes calls [`Ducking::advance`] once for each block and then asks for the gains; nothing else lets a ramp go on, and
//! no block allocates memory (DUCKING-014).

mod ramp;

pub use ramp::Ramp;
pub use spec::ducking::{Config, Rule};

use crate::Result;
use crate::error::{ServiceError, length};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::ducking::{
    DUCKING_BLOCKS_MAX, DUCKING_CAUSES_MAX, DUCKING_DB_Q8_8_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_RAMP_MS_MAX, DUCKING_SESSIONS_MAX,
};

/// What lowers a session, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cause {
    number: u32,
    rule: Rule,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    number: u32,
    ramp: Ramp,
    causes: Vec<Cause>,
}

/// The ducking of all sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ducking {
    config: Config,
    /// In the order of numbers.
    sessions: Vec<Session>,
}

impl Ducking {
    /// No session.
    ///
    /// # Errors
    /// `out_of_range` (DUCKING-013): depths go from [`DUCKING_DB_Q8_8_MIN`] to [`DUCKING_DB_Q8_8_MAX`], ramps to
    /// [`DUCKING_RAMP_MS_MAX`] ms.
    pub fn new(config: Config) -> Result<Self> {
        check(&config)?;
        Ok(Self { config, sessions: Vec::with_capacity(DUCKING_SESSIONS_MAX as usize) })
    }

    /// The configuration in force.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Opens a session at 0 dB, without a cause (DUCKING-012).
    ///
    /// # Errors
    /// `out_of_range` for the number 0, `duplicate_session`, `too_many_sessions` (DUCKING-013), in this order. Nothing has changed
    /// then.
    pub fn open(&mut self, session: u32) -> Result<()> {
        if session == 0 {
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the session's number", session, (1, u32::MAX), "count from 1"));
        }
        let Err(place) = self.find(session) else {
            return Err(ServiceError::plain(ErrorCode::DuplicateSession, "there is a session of this number", "close it first"));
        };
        if self.sessions.len() >= DUCKING_SESSIONS_MAX as usize {
            let (with_it, range) = (length(self.sessions.len()).saturating_add(1), (0, DUCKING_SESSIONS_MAX));
            return Err(ServiceError::range(
                ErrorCode::TooManySessions,
                "the number of sessions",
                with_it,
                range,
                "close another one first",
            ));
        }
        let causes = Vec::with_capacity(DUCKING_CAUSES_MAX as usize);
        self.sessions.insert(place, Session { number: session, ramp: Ramp::default(), causes });
        Ok(())
    }

    /// Closes a session; what lowered it is forgotten (DUCKING-012).
    ///
    /// # Errors
    /// `unknown_session` (DUCKING-013). Nothing has changed then.
    pub fn close(&mut self, session: u32) -> Result<()> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.remove(place);
        Ok(())
    }

    /// A cause lowers a session by a rule, and by no other than this any more (DUCKING-001, DUCKING-008).
    ///
    /// # Errors
    /// `unknown_session`, `too_many_duck_causes` (DUCKING-013), in this order. Nothing has changed then.
    pub fn duck(&mut self, session: u32, cause: u32, rule: Rule) -> Result<()> {
        let config = self.config;
        let session = self.session(session)?;
        let held = session.causes.len();
        match session.causes.iter_mut().find(|known| known.number == cause) {
            Some(known) => known.rule = rule,
            None if held >= DUCKING_CAUSES_MAX as usize => {
                let (with_it, range) = (length(held).saturating_add(1), (0, DUCKING_CAUSES_MAX));
                let what = "the causes that lower the session";
                return Err(ServiceError::range(ErrorCode::TooManyDuckCauses, what, with_it, range, "end another one first"));
            }
            None => session.causes.push(Cause { number: cause, rule }),
        }
        session.aim(&config);
        Ok(())
    }

    /// A cause does not lower a session any more (DUCKING-007).
    ///
    /// # Errors
    /// `unknown_session`, `unknown_duck_cause` (DUCKING-013), in this order. Nothing has changed then.
    pub fn unduck(&mut self, session: u32, cause: u32) -> Result<()> {
        let config = self.config;
        let session = self.session(session)?;
        let Some(place) = session.causes.iter().position(|known| known.number == cause) else {
            let what = "the session is not lowered by that cause";
            return Err(ServiceError::plain(ErrorCode::UnknownDuckCause, what, "end a cause once, where it began"));
        };
        session.causes.swap_remove(place);
        session.aim(&config);
        Ok(())
    }

    /// Takes other depths and another length, for all sessions at once (DUCKING-009).
    ///
    /// # Errors
    /// Those of [`Self::new`]. Nothing has changed then.
    pub fn configure(&mut self, config: Config) -> Result<()> {
        check(&config)?;
        self.config = config;
        self.sessions.iter_mut().for_each(|session| session.aim(&config));
        Ok(())
    }

    /// Goes on to the next block (DUCKING-010). Allocates nothing.
    pub fn advance(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.ramp.advance());
    }

    /// A session's gain in this block, in Q8.8 dB, flat within it: from [`DUCKING_DB_Q8_8_MIN`], which is silence, to 0
    /// (DUCKING-011). Allocates nothing.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn gain(&self, session: u32) -> Result<i32> {
        let session = self.find(session).ok().and_then(|place| self.sessions.get(place));
        session.map(|session| session.ramp.value()).ok_or(UNKNOWN)
    }

    /// Every session with its gain in this block, in the order of numbers. Allocates nothing.
    pub fn gains(&self) -> impl Iterator<Item = (u32, i32)> {
        self.sessions.iter().map(|session| (session.number, session.ramp.value()))
    }

    /// Whether anything lowers a session.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn is_ducked(&self, session: u32) -> Result<bool> {
        let session = self.find(session).ok().and_then(|place| self.sessions.get(place));
        session.map(|session| !session.causes.is_empty()).ok_or(UNKNOWN)
    }

    fn find(&self, session: u32) -> core::result::Result<usize, usize> {
        self.sessions.binary_search_by_key(&session, |known| known.number)
    }

    fn session(&mut self, session: u32) -> Result<&mut Session> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.get_mut(place).ok_or(UNKNOWN)
    }
}

impl Session {
    /// Begins a ramp where the deepest cause is another one than before (DUCKING-002, DUCKING-005, DUCKING-006).
    fn aim(&mut self, config: &Config) {
        let depth = |cause: &Cause| match cause.rule {
            Rule::DuckDb => config.duck_db_q8_8,
            Rule::DuckDbUi => config.duck_db_ui_q8_8,
        };
        let target = self.causes.iter().map(depth).min().unwrap_or_default();
        if target != self.ramp.target() {
            self.ramp.retarget(target, config.ramp_ms);
        }
    }
}

const UNKNOWN: ServiceError = ServiceError::plain(ErrorCode::UnknownSession, "there is no session of that number", "open it first");

/// Whether a caller may go on by so many blocks in one call (DUCKING-013).
///
/// # Errors
/// `out_of_range` above [`DUCKING_BLOCKS_MAX`].
pub fn check_blocks(count: u32) -> Result<()> {
    if count > DUCKING_BLOCKS_MAX {
        let range = (0, DUCKING_BLOCKS_MAX);
        return Err(ServiceError::range(ErrorCode::OutOfRange, "the number of blocks", count, range, "go on in parts"));
    }
    Ok(())
}

fn check(config: &Config) -> Result<()> {
    let range = (DUCKING_DB_Q8_8_MIN, DUCKING_DB_Q8_8_MAX);
    for (what, depth) in [("duck_db in Q8.8 dB", config.duck_db_q8_8), ("duck_db_ui in Q8.8 dB", config.duck_db_ui_q8_8)] {
        if depth < range.0 || depth > range.1 {
            return Err(ServiceError::range(ErrorCode::OutOfRange, what, depth, range, "give a depth: 0 or below, down to silence"));
        }
    }
    if config.ramp_ms > DUCKING_RAMP_MS_MAX {
        let range = (0, DUCKING_RAMP_MS_MAX);
        return Err(ServiceError::range(ErrorCode::OutOfRange, "ramp_ms", config.ramp_ms, range, "ramp in ten seconds at most"));
    }
    Ok(())
}
