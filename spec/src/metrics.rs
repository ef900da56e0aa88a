//! The contract `metrics`: snapshots of the engine and its sessions, and their export to a file of `/state`.

mod draw;

pub use crate::bytes::Bytes;
pub use crate::generated::metrics::*;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `metrics`.
#[derive(Clone, Debug)]
pub struct Metrics;

/// What becomes of what is written to `/state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no `/state`.
    Missing,
    /// It works.
    #[default]
    Ready,
    /// It takes so many files and none after them.
    FailsAfter(u32),
}

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The state store.
    pub state: State,
    /// Whether records may be exported.
    pub export: bool,
    /// Blocks from one record to the next, [`METRICS_INTERVAL_BLOCKS_MIN`] to [`METRICS_INTERVAL_BLOCKS_MAX`].
    pub interval_blocks: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { state: State::Ready, export: true, interval_blocks: METRICS_INTERVAL_BLOCKS_DEFAULT }
    }
}

/// What audiod tells with a block: its own peaks, and the rest as the statistics have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The block's largest magnitude per channel, 0 to 32,768.
    pub peak: [u32; 2],
    /// Samples that the clip altered, since the start.
    pub clipped: u64,
    /// Open streams.
    pub open_streams: u32,
    /// Underruns since the start.
    pub underrun_events: u64,
    /// Frames that they missed.
    pub missing_frames: u64,
}

/// What happens to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is opened.
    Open,
    /// It is closed.
    Close,
    /// It is active from now on, or is not.
    Active(bool),
    /// It has come to that many source frames.
    Position(u64),
}

/// Operations of the contract `metrics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Something happens to a session.
    Session {
        /// The session's number, from 1.
        session: u32,
        /// What happens.
        change: Change,
    },
    /// So many blocks were mixed, with each of which audiod told the same.
    Blocks {
        /// How many.
        count: u16,
        /// What was told.
        block: Block,
    },
    /// The record of now, which takes none.
    Snapshot,
    /// The records that wait.
    Waiting,
    /// Appends what waits to the file.
    Export,
    /// The file's bytes.
    File,
    /// The file's length, its lines and the [`sum`] over its bytes.
    Measure,
    /// The marker lines since this was asked last.
    Markers,
    /// Another file is put into `/state`: a text, so many times. Without `/state` it is rejected as `state_unavailable`.
    Plant {
        /// The text.
        text: Bytes,
        /// How often it stands in the file.
        times: u16,
    },
    /// The service ends and starts again.
    Restart,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The session.
    pub sid: u32,
    /// Source frames.
    pub frames: u64,
    /// The same in whole milliseconds.
    pub ms: u64,
}

/// A record. Its fields are those of its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The last block's number, counted from 1; 0 before the first.
    pub block: u64,
    /// Its largest magnitude on the left.
    pub peak_left: u32,
    /// Its largest magnitude on the right.
    pub peak_right: u32,
    /// Samples that the clip altered, since the start.
    pub clipped: u64,
    /// Open sessions that are active.
    pub active_sessions: u32,
    /// Open streams.
    pub open_streams: u32,
    /// Underruns since the start.
    pub underrun_events: u64,
    /// Frames that they missed.
    pub missing_frames: u64,
    /// Records dropped since the start.
    pub dropped: u64,
    /// Each open session's position, in the order of the numbers.
    pub positions: Vec<Position>,
}

/// Observations of the contract `metrics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// A record.
    Record(Record),
    /// The records that wait.
    Waiting {
        /// How many.
        records: u32,
        /// The block of the oldest.
        oldest: Option<u64>,
        /// Records dropped since the start.
        dropped: u64,
    },
    /// What waited is in the file.
    Exported {
        /// Lines that were appended.
        lines: u32,
        /// Their bytes.
        bytes: u32,
        /// Old lines that went.
        removed: u32,
    },
    /// The file, if `/state` and the file are there.
    File(Option<Bytes>),
    /// The same, measured.
    Measured(Option<Measured>),
    /// Marker lines.
    Lines(Vec<String>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// What a file comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Its bytes.
    pub bytes: u64,
    /// Its line feeds.
    pub lines: u64,
    /// The [`sum`] over its bytes.
    pub sum: u64,
}

/// What a file comes to.
pub fn measure(bytes: &[u8]) -> Measured {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    Measured { bytes: bytes.len() as u64, lines, sum: sum(bytes) }
}

/// The sum of each byte plus 1 times its place, odd, modulo 2^64: it tells an altered, missing or displaced byte.
pub fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().zip((1_u64..).step_by(2)).fold(0, |sum: u64, (byte, place)| sum.wrapping_add((u64::from(*byte) + 1).wrapping_mul(place)))
}

impl Contract for Metrics {
    const NAME: &'static str = "metrics";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        draw::simplify(op, out);
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        let simplest = Config { interval_blocks: 1, ..Config::default() };
        if *config != simplest {
            out.push(simplest);
        }
        if config.interval_blocks > 1 {
            out.extend([1, config.interval_blocks / 2].map(|interval_blocks| Config { interval_blocks, ..config.clone() }));
        }
        if config.state != State::Ready {
            out.push(Config { state: State::Ready, ..config.clone() });
        }
    }
}
