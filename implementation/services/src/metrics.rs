//! Metrics: what the engine told with its last block and how far the sessions have come, as records that can be exported.
//!
//! Whoever runs the engine tells each block; every so many blocks a record is taken. Records wait, few of them, until somebody
//! exports them to a file. Nothing here has a clock or knows where the file is.

mod export;
mod record;

pub use self::export::{Exported, Store, check_file};
pub use self::record::{Position, Record};
pub use spec::metrics::Block;

use self::record::Positions;
use crate::Result;
use crate::error::{ServiceError, length};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::metrics::{
    METRICS_INTERVAL_BLOCKS_DEFAULT, METRICS_INTERVAL_BLOCKS_MAX, METRICS_INTERVAL_BLOCKS_MIN, METRICS_RECORDS_MAX, METRICS_SESSION_MIN,
    METRICS_SESSIONS_MAX,
};

const SESSIONS: usize = METRICS_SESSIONS_MAX as usize;
const RECORDS: usize = METRICS_RECORDS_MAX as usize;

/// What is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether records may be exported (METRICS-010).
    pub export: bool,
    /// Blocks from one record to the next, 1 to [`METRICS_INTERVAL_BLOCKS_MAX`].
    pub interval_blocks: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { export: true, interval_blocks: METRICS_INTERVAL_BLOCKS_DEFAULT }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Session {
    number: u32,
    active: bool,
    frames: u64,
}

/// The metrics of one engine. What they hold is bounded, and made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    options: Options,
    /// By number.
    sessions: Vec<Session>,
    blocks: u64,
    last: Block,
    waiting: VecDeque<Record>,
    dropped: u64,
}

impl Metrics {
    /// Nothing was told yet.
    ///
    /// # Errors
    /// `out_of_range` for an interval outside [`METRICS_INTERVAL_BLOCKS_MIN`]..=[`METRICS_INTERVAL_BLOCKS_MAX`] (METRICS-015).
    pub fn new(options: Options) -> Result<Self> {
        let range = (METRICS_INTERVAL_BLOCKS_MIN, METRICS_INTERVAL_BLOCKS_MAX);
        if !(range.0..=range.1).contains(&options.interval_blocks) {
            let advice = "take from one a block to one a minute";
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the blocks between records", options.interval_blocks, range, advice));
        }
        Ok(Self {
            options,
            sessions: Vec::with_capacity(SESSIONS),
            blocks: 0,
            last: Block::default(),
            waiting: VecDeque::with_capacity(RECORDS),
            dropped: 0,
        })
    }

    /// A session is opened, at its beginning and not active.
    ///
    /// # Errors
    /// `out_of_range` for the number 0, `session_already_open`, `too_many_sessions` (METRICS-015), in this order.
    pub fn open(&mut self, session: u32) -> Result<()> {
        if session < METRICS_SESSION_MIN {
            let range = (METRICS_SESSION_MIN, u32::MAX);
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the session's number", session, range, "number sessions from 1"));
        }
        let Err(place) = self.find(session) else {
            let what = "a session of that number is open";
            return Err(ServiceError::plain(ErrorCode::SessionAlreadyOpen, what, "close it first, or take another number"));
        };
        if self.sessions.len() >= SESSIONS {
            let with_it = length(self.sessions.len()).saturating_add(1);
            let range = (0, METRICS_SESSIONS_MAX);
            return Err(ServiceError::range(
                ErrorCode::TooManySessions,
                "the number of sessions",
                with_it,
                range,
                "close another one first",
            ));
        }
        self.sessions.insert(place, Session { number: session, active: false, frames: 0 });
        Ok(())
    }

    /// A session is closed: it is counted no more (METRICS-003).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn close(&mut self, session: u32) -> Result<()> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.remove(place);
        Ok(())
    }

    /// A session is active from now on, or is not.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_active(&mut self, session: u32, active: bool) -> Result<()> {
        self.session(session)?.active = active;
        Ok(())
    }

    /// A session has come to that many source frames.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_position(&mut self, session: u32, frames: u64) -> Result<()> {
        self.session(session)?.frames = frames;
        Ok(())
    }

    /// One block was mixed. Gives whether a record was taken, which is so after each block whose number is a multiple of the interval
    /// (METRICS-004). Allocates nothing (METRICS-018).
    pub fn block(&mut self, block: &Block) -> bool {
        self.blocks = self.blocks.wrapping_add(1);
        self.last = *block;
        let due = self.blocks.is_multiple_of(u64::from(self.options.interval_blocks));
        if due {
            if self.waiting.len() >= RECORDS {
                self.waiting.pop_front();
                // The record that drops another one counts it (METRICS-005).
                self.dropped = self.dropped.saturating_add(1);
            }
            self.waiting.push_back(self.snapshot());
        }
        due
    }

    /// The record of now (METRICS-001 to METRICS-003); it takes none.
    pub fn snapshot(&self) -> Record {
        let mut positions = Positions::default();
        for session in &self.sessions {
            positions.push(Position { session: session.number, frames: session.frames });
        }
        Record {
            block: self.blocks,
            told: self.last,
            active_sessions: self.sessions.iter().filter(|session| session.active).count() as u32,
            dropped: self.dropped,
            positions,
        }
    }

    /// The records that wait for an export, the oldest first; at most [`METRICS_RECORDS_MAX`].
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.waiting.iter()
    }

    /// Records that were dropped since the start, as nobody exported them (METRICS-005).
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    fn find(&self, session: u32) -> core::result::Result<usize, usize> {
        self.sessions.binary_search_by_key(&session, |session| session.number)
    }

    fn session(&mut self, session: u32) -> Result<&mut Session> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.get_mut(place).ok_or(UNKNOWN)
    }
}

const UNKNOWN: ServiceError = ServiceError::plain(
    ErrorCode::UnknownSession,
    "there is no open session of that number",
    "open it first, or use the number of one that is open",
);
