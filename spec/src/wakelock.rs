//! The contract `wakelock`: wake locks, and the one that playing media holds.

pub use crate::generated::wakelock::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, entropy};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `wakelock`.
#[derive(Clone, Debug)]
pub struct Wakelock;

/// What there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether there is a power service.
    pub powerd: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { powerd: true }
    }
}

/// What a lock keeps awake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Blocks the deep idle state L2.
    Partial,
    /// Blocks the deep idle state L2 and keeps the screen on.
    Full,
}

impl Kind {
    /// The name, as it stands in marker lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// What a media session does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playback {
    /// It plays.
    Playing,
    /// It plays, quieter.
    Ducked,
    /// It pauses.
    Paused,
    /// It has stopped.
    Stopped,
    /// Its app has died.
    Dead,
}

/// Operations of the contract `wakelock`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// An app acquires a lock.
    Acquire {
        /// The app.
        app: String,
        /// The lock's id, the app's own choice.
        id: String,
        /// The kind.
        kind: Kind,
    },
    /// An app releases a lock.
    Release {
        /// The app.
        app: String,
        /// The lock's id.
        id: String,
    },
    /// An app has died.
    Died(String),
    /// The locks that are held.
    List,
    /// What is kept awake.
    Blocks,
    /// The lines that were printed since this was asked last.
    Markers,
    /// A media session does something else than before.
    Session {
        /// The session.
        session: u32,
        /// What it does now.
        playback: Playback,
    },
}

/// A lock that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The app.
    pub app: String,
    /// The id.
    pub id: String,
    /// The kind.
    pub kind: Kind,
    /// Acquires that are not released.
    pub count: u32,
}

/// Observations of the contract `wakelock`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The lock's count.
    Count(u32),
    /// So many locks were released.
    Released(u32),
    /// The locks that are held.
    Locks(Vec<Lock>),
    /// What is kept awake.
    Blocks {
        /// Whether the deep idle state L2 is blocked.
        deep_idle: bool,
        /// Whether the screen is kept on.
        screen: bool,
    },
    /// Lines, in order.
    Lines(Vec<String>),
    /// The media sessions.
    Media {
        /// Sessions that play.
        playing: u32,
        /// Whether a lock is held for them.
        held: bool,
    },
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Wakelock {
    const NAME: &'static str = "wakelock";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        let config = Config { powerd: !source.one_in(16) };
        // Some cases crowd towards one bound; the others mix everything.
        let draw = match source.below(16) {
            0 => draw_crowd,
            1 => draw_heap,
            2 => draw_party,
            _ => draw_op,
        };
        Case { config, ops: (0..ops).map(|_| draw(source)).collect() }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        let texts = |text: &str, give: &mut dyn FnMut(String)| {
            let letters: Vec<char> = text.chars().collect();
            shorter(&letters, |letters| give(letters.into_iter().collect()));
        };
        match op {
            Op::Acquire { app, id, kind } => {
                texts(app, &mut |app| out.push(Op::Acquire { app, id: id.clone(), kind: *kind }));
                texts(id, &mut |id| out.push(Op::Acquire { app: app.clone(), id, kind: *kind }));
            }
            Op::Release { app, id } => {
                texts(app, &mut |app| out.push(Op::Release { app, id: id.clone() }));
                texts(id, &mut |id| out.push(Op::Release { app: app.clone(), id }));
            }
            Op::Died(app) => texts(app, &mut |app| out.push(Op::Died(app))),
            Op::Session { session, playback } if *session > 0 => {
                out.extend([session / 2, session - 1].map(|session| Op::Session { session, playback: *playback }));
            }
            _ => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        if !config.powerd {
            out.push(Config { powerd: true });
        }
    }
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(16) {
        0..=3 => {
            let (app, id) = (draw_app(source), draw_id(source));
            // Mostly one kind for each id, as apps do.
            let kind = if id.len() % 2 == 0 { Kind::Full } else { Kind::Partial };
            let kind = if source.one_in(8) { entropy::pick(source, [Kind::Partial, Kind::Full]) } else { kind };
            Op::Acquire { app, id, kind }
        }
        4..=6 => Op::Release { app: draw_app(source), id: draw_id(source) },
        7 => Op::Died(draw_app(source)),
        8 => Op::List,
        9 => Op::Blocks,
        10..=11 => Op::Markers,
        _ => draw_session(source, 3),
    }
}

/// Many locks.
fn draw_crowd(source: &mut dyn Entropy) -> Op {
    match source.below(12) {
        0 => draw_op(source),
        1 => draw_session(source, 3),
        _ => Op::Acquire { app: "crowd".to_string(), id: source.below(40).to_string(), kind: Kind::Partial },
    }
}

/// One lock, many times.
fn draw_heap(source: &mut dyn Entropy) -> Op {
    if source.one_in(12) {
        return draw_op(source);
    }
    let kind = if source.one_in(8) { Kind::Full } else { Kind::Partial };
    Op::Acquire { app: "a".to_string(), id: "x".to_string(), kind }
}

/// Many sessions.
fn draw_party(source: &mut dyn Entropy) -> Op {
    if source.one_in(12) { draw_op(source) } else { draw_session(source, 60) }
}

fn draw_session(source: &mut dyn Entropy, sessions: u64) -> Op {
    use Playback as P;
    let session = source.below(sessions) as u32;
    let party = [P::Playing, P::Playing, P::Playing, P::Playing, P::Playing, P::Ducked, P::Ducked, P::Ducked];
    let ends = [P::Playing, P::Playing, P::Playing, P::Ducked, P::Paused, P::Paused, P::Stopped, P::Dead];
    Op::Session { session, playback: entropy::pick(source, if sessions > 16 { party } else { ends }) }
}

fn draw_app(source: &mut dyn Entropy) -> String {
    if source.one_in(12) {
        return draw_odd_name(source);
    }
    entropy::pick(source, ["a", "b", "com.example.Player", "a.b"]).to_string()
}

fn draw_id(source: &mut dyn Entropy) -> String {
    if source.one_in(16) {
        return draw_odd_name(source);
    }
    entropy::pick(source, ["x", "y2", "x"]).to_string()
}

/// A name that is none, one at the bound, or that of the session service.
fn draw_odd_name(source: &mut dyn Entropy) -> String {
    let max = WAKELOCK_NAME_BYTES_MAX as usize;
    match source.below(6) {
        0 => "n".repeat(max),
        1 => "n".repeat(max + 1),
        2..=3 => WAKELOCK_MEDIA_APP.to_string(),
        _ => entropy::pick(source, ["", ".x", "-x", "_", "a b", "a\nb", "a=b", "\u{e4}", "playback", "0"]).to_string(),
    }
}
