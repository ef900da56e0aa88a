//! The contract `focus`: which media sessions may play, and which give way.

pub use crate::generated::focus::*;
pub use crate::generated::focus_table::RULES;
pub use crate::media::Class;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `focus`.
#[derive(Clone, Debug)]
pub struct Focus;

/// What the schema controls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether sessions that focus has paused play again when nothing pauses them any more.
    pub auto_resume: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { auto_resume: true }
    }
}

/// The kind of a request, and of the focus that it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For good: one session of a class has it.
    Gain,
    /// For a while, beside others of its class.
    Transient,
}

impl Kind {
    /// Every kind, in the order of the focus table.
    pub const ALL: [Self; 2] = [Self::Gain, Self::Transient];

    /// The name in tables and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gain => "gain",
            Self::Transient => "transient",
        }
    }
}

/// What a playing session means for one of another class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Nothing.
    None,
    /// The other is paused by focus.
    Pause,
    /// The other is lowered by `duck_db`.
    DuckDb,
    /// The other is lowered by `duck_db_ui`.
    DuckDbUi,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::None, Self::Pause, Self::DuckDb, Self::DuckDbUi];

    /// The name in tables and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pause => "pause",
            Self::DuckDb => "duck_db",
            Self::DuckDbUi => "duck_db_ui",
        }
    }
}

/// A row of the focus table (FOCUS-019).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleEntry {
    /// Class of the session that plays.
    pub active: Class,
    /// Kind of its focus.
    pub kind: Kind,
    /// Class of the other.
    pub other: Class,
    /// What the first means for the other.
    pub rule: Rule,
    /// Where it comes from.
    pub source: &'static str,
}

/// Operations of the contract `focus`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A session comes.
    Register {
        /// Its number, from 1.
        sid: u32,
        /// What it is for.
        class: Class,
    },
    /// A session goes.
    Close(u32),
    /// A session asks for focus.
    Request {
        /// The session.
        sid: u32,
        /// The kind.
        kind: Kind,
    },
    /// A session gives its focus back.
    Abandon(u32),
    /// The user lets a session play.
    Play(u32),
    /// The user pauses a session.
    Pause(u32),
    /// Every session.
    State,
}

/// Why a session does not play any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The user paused it.
    User,
    /// A session that comes first plays.
    Focus,
    /// Another session of its class has the gain now.
    Stolen,
    /// It gave its focus back.
    Abandoned,
}

/// The rules by which a session is lowered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ducks {
    /// Whether by `duck_db`.
    pub duck_db: bool,
    /// Whether by `duck_db_ui`.
    pub duck_db_ui: bool,
}

/// What happened to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It stopped playing, or waiting to.
    Paused(Why),
    /// It was let play, and waits until nothing pauses it any more.
    Deferred,
    /// It was let play, and plays.
    Playing,
    /// It waited, and plays again.
    Resumed,
    /// It is lowered by other rules than before.
    Ducked(Ducks),
    /// It is not lowered any more.
    Unducked,
}

/// A change that an operation caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The session.
    pub sid: u32,
    /// What happened to it.
    pub what: What,
}

/// Whether a session plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playback {
    /// It plays.
    Playing,
    /// Focus has paused it, and it plays again when nothing pauses it any more.
    Waiting,
    /// It does not play.
    Paused,
}

/// The focus that a session has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The kind.
    pub kind: Kind,
    /// The number of the request that gave it, from 1.
    pub request: u64,
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Its number.
    pub sid: u32,
    /// What it is for.
    pub class: Class,
    /// Whether it plays.
    pub playback: Playback,
    /// Its focus.
    pub focus: Option<Held>,
    /// The rules by which it is lowered.
    pub ducks: Ducks,
}

/// Observations of the contract `focus`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done, and nothing changed that is told.
    Done,
    /// Done, with these changes, in order; at least one.
    Changed(Vec<Change>),
    /// Every session, in the order of numbers.
    Sessions(Vec<Session>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Focus {
    const NAME: &'static str = "focus";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let config = Config { auto_resume: !source.one_in(4) };
        // Some cases crowd towards the bound, some are about one class alone; the others mix everything.
        let (sids, one) = match source.below(8) {
            0 => (40, None),
            1 => (4, Some(draw_class(source))),
            _ => (6, None),
        };
        let first = source.below(5) as usize;
        let ops = (0..ops).map(|place| {
            let sid = draw_sid(source, sids);
            if place < first || (sids > 16 && !source.one_in(4)) {
                let sid = if place < first { place as u32 + 1 } else { sid };
                return Op::Register { sid, class: one.unwrap_or_else(|| draw_class(source)) };
            }
            match source.below(20) {
                0 | 1 => Op::Register { sid, class: one.unwrap_or_else(|| draw_class(source)) },
                2 => Op::Close(sid),
                3..=6 => Op::Request { sid, kind: entropy::pick(source, Kind::ALL) },
                7 | 8 => Op::Abandon(sid),
                9..=14 => Op::Play(sid),
                15..=17 => Op::Pause(sid),
                _ => Op::State,
            }
        });
        Case { config, ops: ops.collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        let lower = |sid: u32, out: &mut Vec<Op>, make: &dyn Fn(u32) -> Op| {
            if sid > 1 {
                out.extend([sid / 2, sid - 1].map(make));
            }
        };
        match *op {
            Op::Register { sid, class } => {
                lower(sid, out, &|sid| Op::Register { sid, class });
                if class != Class::Music {
                    out.push(Op::Register { sid, class: Class::Music });
                }
            }
            Op::Request { sid, kind } => {
                lower(sid, out, &|sid| Op::Request { sid, kind });
                if kind != Kind::Gain {
                    out.push(Op::Request { sid, kind: Kind::Gain });
                }
            }
            Op::Close(sid) => lower(sid, out, &Op::Close),
            Op::Abandon(sid) => lower(sid, out, &Op::Abandon),
            Op::Play(sid) => lower(sid, out, &Op::Play),
            Op::Pause(sid) => lower(sid, out, &Op::Pause),
            Op::State => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        if !config.auto_resume {
            out.push(Config { auto_resume: true });
        }
    }
}

fn draw_class(source: &mut dyn Entropy) -> Class {
    entropy::pick(source, Class::ALL)
}

/// A session's number; now and then one that is none, or the largest.
fn draw_sid(source: &mut dyn Entropy, sids: u64) -> u32 {
    match source.below(48) {
        0 => 0,
        1 => u32::MAX,
        _ => source.below(sids) as u32 + 1,
    }
}
