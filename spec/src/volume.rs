//! The contract `volume`: volume and mute of sessions and apps, through to the samples.

mod draw;

pub use crate::generated::volume::*;
use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `volume`.
#[derive(Clone, Debug)]
pub struct Volume;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Operations of the contract `volume`. Gains are in Q8.8 dB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Opens a session of an app.
    Open {
        /// The session's number, from 1.
        session: u32,
        /// The app's name.
        app: String,
    },
    /// Closes a session.
    Close(u32),
    /// Sets a session's volume.
    SetVolume {
        /// The session.
        session: u32,
        /// The volume.
        db: i32,
    },
    /// Sets an app's volume, with or without open sessions.
    SetAppVolume {
        /// The app's name.
        app: String,
        /// The volume.
        db: i32,
    },
    /// Mutes or unmutes a session.
    Mute {
        /// The session.
        session: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// Mutes or unmutes an app.
    MuteApp {
        /// The app's name.
        app: String,
        /// Whether it is muted.
        muted: bool,
    },
    /// Sets the own gain of a session's stream.
    SetStream {
        /// The session.
        session: u32,
        /// The gain.
        db: i32,
    },
    /// Says what the duck of a session has come to: the present gain of its ramp.
    Duck {
        /// The session.
        session: u32,
        /// The gain, 0 where nothing ducks it.
        db: i32,
    },
    /// Sets the master.
    Master {
        /// The level, in Q16.
        level: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// What lies over a session.
    Overlay(u32),
    /// Every app whose volume or mute is not the default.
    Apps,
    /// Mixes a block: each open session gives its [`voice`].
    Block {
        /// Frames of the block.
        frames: u32,
        /// The seed of the voices.
        seed: u32,
    },
}

/// What a session gives to a block: the [`pattern`](crate::audiod::pattern) of the seed plus the session's number.
pub fn voice(seed: u32, session: u32, frames: u32) -> Vec<i16> {
    crate::audiod::pattern(seed.wrapping_add(session), frames)
}

/// What lies over a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// Its app.
    pub app: String,
    /// Its volume, remembered while muted.
    pub db: i32,
    /// Whether it is muted by itself.
    pub muted: bool,
    /// Its app's volume, remembered while muted.
    pub app_db: i32,
    /// Whether its app is muted.
    pub app_muted: bool,
    /// The sum of stream, session, app and duck (VOLUME-002), as if nothing were muted.
    pub total_db: i32,
    /// The factor that its samples get, in Q16: 0 while muted.
    pub factor: u32,
}

/// An app whose volume or mute is not the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its name.
    pub app: String,
    /// Its volume, remembered while muted.
    pub db: i32,
    /// Whether it is muted.
    pub muted: bool,
}

/// A mixed block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixed {
    /// Interleaved samples.
    #[serde(with = "crate::compact::samples")]
    pub pcm: Vec<i16>,
    /// Samples that the clip altered.
    pub clipped: u32,
    /// Largest magnitude per channel after the clip, 0 to 32,768.
    pub peak: [u32; 2],
    /// Each open session's number and its own peak per channel (VOLUME-013), 0 to [`VOLUME_PEAK_MAX`], in the order of the numbers.
    pub sessions: Vec<(u32, [u32; 2])>,
}

/// Observations of the contract `volume`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// What lies over a session.
    Overlay(Overlay),
    /// Apps, by the bytes of their names.
    Apps(Vec<App>),
    /// A mixed block.
    Mixed(Mixed),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Volume {
    const NAME: &'static str = "volume";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        draw::simplify(op, out);
    }
}
