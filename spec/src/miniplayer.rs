//! The contract `miniplayer`: what the tray shows of the media sessions, what its keys ask for, and every pixel that it draws.

pub use crate::bytes::Bytes;
pub use crate::generated::miniplayer::*;
pub use crate::media::Class;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

mod draw;

/// The contract `miniplayer`.
#[derive(Clone, Debug)]
pub struct Miniplayer;

/// Nothing to configure: every machine starts with a closed mini-player.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// A session, as the session service lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Its id, from 1.
    pub sid: u32,
    /// Its app.
    pub app: String,
    /// What it is for.
    pub class: Class,
    /// Its title, maybe empty.
    pub title: String,
    /// The artist, maybe empty.
    pub artist: String,
    /// Whether it plays.
    pub playing: bool,
    /// Where it is, in ms.
    pub position_ms: u64,
    /// How long it is, in ms, if that is known.
    pub duration_ms: Option<u64>,
    /// The app's volume, in Q8.8 dB, from [`MINIPLAYER_VOLUME_MIN`] to [`MINIPLAYER_VOLUME_MAX`].
    pub app_volume_db: i32,
    /// Whether the app is muted.
    pub app_muted: bool,
    /// Whether the session itself is muted.
    pub muted: bool,
    /// Whether a duck applies to it.
    pub ducked: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            sid: 1,
            app: String::new(),
            class: Class::Music,
            title: String::new(),
            artist: String::new(),
            playing: false,
            position_ms: 0,
            duration_ms: None,
            app_volume_db: 0,
            app_muted: false,
            muted: false,
            ducked: false,
        }
    }
}

/// What the mini-player is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The sessions, in the order of their list.
    pub sessions: Vec<Session>,
    /// The active one.
    pub active: Option<u32>,
    /// The one that is offered to be taken over.
    pub offer: Option<u32>,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Space: play or pause.
    Toggle,
    /// The arrow to the left: 5 s back.
    Left,
    /// The arrow to the right: 5 s on.
    Right,
    /// P.
    Previous,
    /// N.
    Next,
    /// The arrow up: the row above.
    Up,
    /// The arrow down: the row below.
    Down,
    /// Enter: to the selected session.
    Enter,
    /// Plus: louder.
    Plus,
    /// Minus: softer.
    Minus,
    /// M: the app's mute.
    Mute,
    /// S.
    Stop,
    /// T: what is offered.
    TakeOver,
}

impl Key {
    /// Every key.
    pub const ALL: [Self; 13] = [
        Self::Toggle,
        Self::Left,
        Self::Right,
        Self::Previous,
        Self::Next,
        Self::Up,
        Self::Down,
        Self::Enter,
        Self::Plus,
        Self::Minus,
        Self::Mute,
        Self::Stop,
        Self::TakeOver,
    ];
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Play this session.
    Play(u32),
    /// Pause it.
    Pause(u32),
    /// Seek in it.
    Seek {
        /// The session.
        sid: u32,
        /// The place, in ms.
        position_ms: u64,
    },
    /// The title before.
    Previous(u32),
    /// The title after.
    Next(u32),
    /// Stop it.
    Stop(u32),
    /// Set the volume of the session's app.
    Volume {
        /// The session whose app is meant.
        sid: u32,
        /// The volume, in Q8.8 dB.
        db: i32,
    },
    /// Mute or unmute the session's app.
    Mute {
        /// The session whose app is meant.
        sid: u32,
        /// Whether it is to be muted.
        muted: bool,
    },
    /// Make it the active session.
    Switch(u32),
    /// Take over the session that is offered.
    TakeOver(u32),
    /// Nothing but another selection.
    Select(u32),
}

/// What a button shows: what the key would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Glyph {
    /// A triangle.
    Play,
    /// Two bars.
    Pause,
}

/// What is shown of the active session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Current {
    /// The session.
    pub sid: u32,
    /// Its title as it is drawn.
    pub title: String,
    /// The artist as it is drawn.
    pub artist: String,
    /// The button.
    pub glyph: Glyph,
    /// Filled pixels of the seek bar; none where the duration is unknown.
    pub seek_fill: Option<u32>,
    /// The position.
    pub elapsed: String,
    /// The duration, where it is known.
    pub total: Option<String>,
    /// Filled pixels of the volume bar.
    pub volume_fill: u32,
    /// What stands beside it.
    pub volume: String,
    /// Whether app or session is muted.
    pub muted: bool,
    /// Whether DUCKED is shown.
    pub ducked: bool,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The session.
    pub sid: u32,
    /// Its name as it is drawn.
    pub label: String,
    /// Whether it plays.
    pub playing: bool,
    /// Whether it is the active one.
    pub active: bool,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether it is offered.
    pub offered: bool,
}

/// All that is shown. The frame is a function of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The active session; none where nothing plays.
    pub current: Option<Current>,
    /// The rows in sight, at most [`MINIPLAYER_ROWS`].
    pub rows: Vec<Row>,
    /// Number of all sessions.
    pub sessions: u32,
    /// The session that is offered.
    pub offer: Option<u32>,
}

/// Operations of the contract `miniplayer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Tells the state.
    Show(State),
    /// A key is pressed.
    Key(Key),
    /// Draws the frame.
    Draw,
    /// The bytes of one of the frame's rows, from 0.
    Line(u32),
    /// Asks for a media notification.
    Notify,
    /// The lines that were printed since this was asked last.
    Markers,
}

/// Observations of the contract `miniplayer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// What is shown now.
    View(Box<View>),
    /// What the key asks for, if anything.
    Action(Option<Action>),
    /// The frame's checksum.
    Frame(Checksum),
    /// Bytes of a row: blue, green, red and alpha of each pixel.
    Line(Bytes),
    /// Printed lines, in order.
    Lines(Vec<String>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

/// A checksum, as 16 hexadecimal digits where a person may read it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checksum(crate::capabilities::ServiceId);

impl Checksum {
    /// The checksum of a frame's pixels, row by row, each as the little-endian number that its bytes are: FNV-1a of 64 bits, which
    /// takes a pixel at a time.
    pub fn of(pixels: impl IntoIterator<Item = u32>) -> Self {
        let step = |hash: u64, pixel: u32| (hash ^ u64::from(pixel)).wrapping_mul(0x100_0000_01b3);
        Self(crate::capabilities::ServiceId(pixels.into_iter().fold(0xcbf2_9ce4_8422_2325, step)))
    }

    /// The same of its bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::of(bytes.as_chunks().0.iter().map(|pixel| u32::from_le_bytes(*pixel)))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#018x}", self.0.0)
    }
}

impl Contract for Miniplayer {
    const NAME: &'static str = "miniplayer";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        Case { config: Config {}, ops: draw::ops(source, ops) }
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        if let Op::Show(state) = op {
            draw::simplify(state, &mut |state| out.push(Op::Show(state)));
        }
    }
}
