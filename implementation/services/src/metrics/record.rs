//! A record, and its line.

use core::fmt::{self, Display, Formatter};
use spec::metrics::{Block, METRICS_SESSIONS_MAX};

const SESSIONS: usize = METRICS_SESSIONS_MAX as usize;

/// Source frames in one millisecond.
const FRAMES_PER_MS: u64 = spec::format::SAMPLE_RATE_HZ as u64 / 1_000;

/// How far a session has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The session.
    pub session: u32,
    /// Source frames.
    pub frames: u64,
}

impl Position {
    /// The same in whole milliseconds (METRICS-002).
    pub const fn ms(&self) -> u64 {
        self.frames / FRAMES_PER_MS
    }
}

/// Positions of all sessions, in room that is there already, so that a record is taken without an allocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Positions {
    list: [Position; SESSIONS],
    count: usize,
}

impl Positions {
    /// There is room for as many as there can be sessions.
    pub fn push(&mut self, position: Position) {
        if let Some(place) = self.list.get_mut(self.count) {
            *place = position;
            self.count = self.count.saturating_add(1);
        }
    }
}

/// A record. Its text is its line, without the line feed (METRICS-006).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The last block's number, counted from 1; 0 before the first.
    pub block: u64,
    /// What was told with it.
    pub told: Block,
    /// Open sessions that are active.
    pub active_sessions: u32,
    /// Records dropped since the start.
    pub dropped: u64,
    pub(super) positions: Positions,
}

impl Record {
    /// Each open session's position, in the order of the numbers.
    pub fn positions(&self) -> &[Position] {
        self.positions.list.get(..self.positions.count).unwrap_or_default()
    }
}

impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { block, told, active_sessions, dropped, .. } = self;
        let Block { peak: [left, right], clipped, open_streams, underrun_events, missing_frames } = told;
        write!(f, r#"{{"block":{block},"peak_left":{left},"peak_right":{right},"clipped":{clipped},"active_sessions":{active_sessions},"#)?;
        write!(f, r#""open_streams":{open_streams},"underrun_events":{underrun_events},"missing_frames":{missing_frames},"#)?;
        write!(f, r#""dropped":{dropped},"positions":["#)?;
        for (index, position) in self.positions().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let Position { session, frames } = position;
            write!(f, r#"{comma}{{"sid":{session},"frames":{frames},"ms":{}}}"#, position.ms())?;
        }
        f.write_str("]}")
    }
}
