//! The contract `sessions`: the registry of media sessions.

mod draw;

use crate::bytes::Bytes;
pub use crate::generated::sessions::*;
use crate::machine::shorter;
use crate::media::Class;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `sessions`.
#[derive(Clone, Debug)]
pub struct Sessions;

/// Where time comes from, and how much there may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether positions are counted in audiod's blocks. Otherwise a clock is set from outside.
    pub audiod: bool,
    /// Sessions at the same time, 1 to [`SESSIONS_MAX`].
    pub sessions: u32,
    /// Commands that wait for one app, 1 to [`SESSIONS_COMMANDS_MAX`].
    pub commands: u32,
    /// Bytes of a text, 1 to [`SESSIONS_TEXT_BYTES_MAX`].
    pub text_bytes: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { audiod: true, sessions: SESSIONS_MAX, commands: SESSIONS_COMMANDS_MAX, text_bytes: SESSIONS_TEXT_BYTES_MAX }
    }
}

/// What an app says of what it plays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// Title, empty where there is none; as the next three.
    pub title: Bytes,
    /// Artist.
    pub artist: Bytes,
    /// Album.
    pub album: Bytes,
    /// URI of the artwork.
    pub artwork: Bytes,
    /// Duration in milliseconds, where it is known.
    pub duration_ms: Option<u64>,
}

/// The texts of metadata, in the order in which they are looked at.
const TEXTS: [fn(&mut Metadata) -> &mut Bytes; 4] = [|m| &mut m.title, |m| &mut m.artist, |m| &mut m.album, |m| &mut m.artwork];

/// A command that waits for an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The next track.
    Next,
    /// The track before.
    Prev,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// Stop.
    Stop,
    /// To this millisecond.
    Seek(u64),
}

/// A media key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// Pause what plays, play what pauses.
    Toggle,
    /// Stop.
    Stop,
    /// The next track.
    Next,
    /// The track before.
    Prev,
    /// Louder.
    VolumeUp,
    /// Quieter.
    VolumeDown,
    /// Mute, or the end of it.
    Mute,
}

/// What a key meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The session plays now.
    Play,
    /// It pauses now.
    Pause,
    /// It is stopped now.
    Stop,
    /// Its app has the command next.
    Next,
    /// Its app has the command prev.
    Prev,
    /// Somebody else makes it louder.
    VolumeUp,
    /// Somebody else makes it quieter.
    VolumeDown,
    /// Somebody else changes its mute.
    Mute,
}

/// What audiod consumed of a session in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consumed {
    /// The session.
    pub sid: u32,
    /// Frames, 0 to 480.
    pub frames: u32,
}

/// Operations of the contract `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// An app publishes a session.
    Publish {
        /// The app.
        app: String,
        /// What the session is for.
        class: Class,
        /// Whether its source can be sought.
        seekable: bool,
    },
    /// A session is withdrawn.
    Withdraw(u32),
    /// A session's metadata are replaced.
    Metadata {
        /// The session.
        sid: u32,
        /// What its app says now.
        metadata: Metadata,
    },
    /// A session plays.
    Play(u32),
    /// A session pauses.
    Pause(u32),
    /// A session pauses at 0.
    Stop(u32),
    /// To a position.
    Seek {
        /// The session.
        sid: u32,
        /// The position, in milliseconds.
        ms: u64,
    },
    /// By so much.
    SeekBy {
        /// The session.
        sid: u32,
        /// Milliseconds, back where negative.
        ms: i64,
    },
    /// Focus tells who owns gain.
    Gain {
        /// The session.
        sid: u32,
        /// Whether it does.
        owner: bool,
    },
    /// A session is chosen to be now playing.
    SetActive(u32),
    /// A handoff is accepted.
    Accept(u32),
    /// Which session is now playing, and to which a handoff is offered.
    Current,
    /// The sessions in their order.
    List,
    /// All of one session.
    Get(u32),
    /// Whether anything changed since that revision.
    Changed(u64),
    /// Queues a command for a session's app.
    Command {
        /// The session.
        sid: u32,
        /// The command.
        command: Command,
    },
    /// The app takes its commands.
    Commands(u32),
    /// A media key.
    Key(Key),
    /// A block of audiod.
    Block(Vec<Consumed>),
    /// So many blocks of which every playing session consumed all.
    Tick(u32),
    /// The clock of a registry without audiod, in nanoseconds.
    Now(u64),
    /// The lines that were printed since this was asked last.
    Markers,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The session.
    pub sid: u32,
    /// Its app.
    pub app: String,
    /// Whether it plays.
    pub playing: bool,
    /// Its position, in milliseconds.
    pub position_ms: u64,
}

/// All of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Info {
    /// The session.
    pub sid: u32,
    /// Its app.
    pub app: String,
    /// What it is for.
    pub class: Class,
    /// Whether its source can be sought.
    pub seekable: bool,
    /// Whether it plays.
    pub playing: bool,
    /// Whether it owns gain.
    pub gain: bool,
    /// Its position, in milliseconds.
    pub position_ms: u64,
    /// Where the next block finds it, where a seek waits, in milliseconds.
    pub target_ms: Option<u64>,
    /// What its app says.
    pub metadata: Metadata,
    /// Commands that wait for its app.
    pub commands: u32,
}

/// Observations of the contract `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The number of the new session.
    Published(u32),
    /// Done.
    Done,
    /// Whether the operation switched anything.
    Switched(bool),
    /// Where the seek goes, in milliseconds.
    Target(u64),
    /// The session that was paused for the candidate, where one was.
    Accepted(Option<u32>),
    /// Who is now playing.
    Current {
        /// The session that is now playing.
        now: Option<u32>,
        /// The session to which a handoff is offered.
        offer: Option<u32>,
    },
    /// The sessions in their order.
    Sessions(Vec<Listed>),
    /// All of one session.
    Session(Box<Info>),
    /// What a poller is told.
    Changed {
        /// The revision now.
        revision: u64,
        /// Whether that is another one than it knows.
        changed: bool,
    },
    /// The commands, in order.
    Commands(Vec<Command>),
    /// What a key meant.
    Key {
        /// The session.
        sid: u32,
        /// What it meant.
        act: Act,
    },
    /// Lines, in order.
    Lines(Vec<String>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Sessions {
    const NAME: &'static str = "sessions";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            Op::Publish { app, class, seekable } => {
                let letters: Vec<char> = app.chars().collect();
                let publish = |app, class, seekable| Op::Publish { app, class, seekable };
                shorter(&letters, |letters| out.push(publish(letters.into_iter().collect(), *class, *seekable)));
                if *class != Class::Music {
                    out.push(publish(app.clone(), Class::Music, *seekable));
                }
                if !seekable {
                    out.push(publish(app.clone(), *class, true));
                }
            }
            Op::Metadata { sid, metadata } => simpler_metadata(*sid, metadata, out),
            Op::Seek { sid, ms } => {
                out.extend(below(*ms).map(|ms| Op::Seek { sid: *sid, ms }));
                out.extend(sids(*sid).map(|sid| Op::Seek { sid, ms: *ms }));
            }
            Op::SeekBy { sid, ms } => {
                out.extend([0, ms / 2].into_iter().filter(|less| less != ms).map(|ms| Op::SeekBy { sid: *sid, ms }));
                out.extend(sids(*sid).map(|sid| Op::SeekBy { sid, ms: *ms }));
            }
            Op::Withdraw(sid) => out.extend(sids(*sid).map(Op::Withdraw)),
            Op::Play(sid) => out.extend(sids(*sid).map(Op::Play)),
            Op::Pause(sid) => out.extend(sids(*sid).map(Op::Pause)),
            Op::Stop(sid) => out.extend(sids(*sid).map(Op::Stop)),
            Op::SetActive(sid) => out.extend(sids(*sid).map(Op::SetActive)),
            Op::Accept(sid) => out.extend(sids(*sid).map(Op::Accept)),
            Op::Get(sid) => out.extend(sids(*sid).map(Op::Get)),
            Op::Commands(sid) => out.extend(sids(*sid).map(Op::Commands)),
            Op::Gain { sid, owner } => out.extend(sids(*sid).map(|sid| Op::Gain { sid, owner: *owner })),
            Op::Command { sid, command } => {
                if let Command::Seek(ms) = command {
                    out.extend(below(*ms).map(|ms| Op::Command { sid: *sid, command: Command::Seek(ms) }));
                } else if *command != Command::Next {
                    out.push(Op::Command { sid: *sid, command: Command::Next });
                }
                out.extend(sids(*sid).map(|sid| Op::Command { sid, command: *command }));
            }
            Op::Block(consumed) => shorter(consumed, |consumed| out.push(Op::Block(consumed))),
            Op::Tick(blocks) => out.extend(below(u64::from(*blocks)).map(|blocks| Op::Tick(blocks as u32))),
            Op::Now(ns) => out.extend(below(*ns).map(Op::Now)),
            Op::Changed(since) => out.extend(below(*since).map(Op::Changed)),
            Op::Current | Op::List | Op::Key(_) | Op::Markers => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        let plain = Config::default();
        for simpler in [
            plain.clone(),
            Config { audiod: plain.audiod, ..config.clone() },
            Config { sessions: plain.sessions, ..config.clone() },
            Config { commands: plain.commands, ..config.clone() },
            Config { text_bytes: plain.text_bytes, ..config.clone() },
        ] {
            if simpler != *config && !out.contains(&simpler) {
                out.push(simpler);
            }
        }
    }
}

/// Smaller numbers, the smallest first.
fn below(number: u64) -> impl Iterator<Item = u64> {
    let less = [0, number / 2, number.saturating_sub(1)];
    less.into_iter().enumerate().filter(move |(place, less)| *less < number && !less_before(number, *place)).map(|(_, less)| less)
}

/// Whether the candidate at that place of [`below`] stands before it already.
const fn less_before(number: u64, place: usize) -> bool {
    match place {
        0 => false,
        1 => number / 2 == 0,
        _ => number <= 2,
    }
}

/// Sessions that were published earlier.
fn sids(sid: u32) -> impl Iterator<Item = u32> {
    below(u64::from(sid)).filter(|sid| *sid > 0).map(|sid| sid as u32)
}

fn simpler_metadata(sid: u32, metadata: &Metadata, out: &mut Vec<Op>) {
    if *metadata != Metadata::default() {
        out.push(Op::Metadata { sid, metadata: Metadata::default() });
    }
    for text in TEXTS {
        let mut plainer = metadata.clone();
        let bytes = text(&mut plainer).0.clone();
        for less in [Vec::new(), bytes[..bytes.len() / 2].to_vec(), bytes[..bytes.len().saturating_sub(1)].to_vec()] {
            if less.len() < bytes.len() {
                text(&mut plainer).0 = less;
                out.push(Op::Metadata { sid, metadata: plainer.clone() });
            }
        }
    }
    if let Some(ms) = metadata.duration_ms {
        let durations = [None].into_iter().chain(below(ms).map(Some));
        out.extend(durations.map(|duration_ms| Op::Metadata { sid, metadata: Metadata { duration_ms, ..metadata.clone() } }));
    }
    out.extend(sids(sid).map(|sid| Op::Metadata { sid, metadata: metadata.clone() }));
}
