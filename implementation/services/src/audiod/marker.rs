//! The service's marker lines and how often they come.

use audio::level;
use core::fmt;
use spec::audiod::AUDIOD_MARKER_BLOCKS;

/// A marker line (AUDIOD-026).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker<'a> {
    /// The service answers.
    Ready,
    /// A block was mixed.
    Tick {
        /// Its number, from 1.
        seq: u64,
        /// Its largest magnitude over both channels.
        mix: u32,
        /// Streams that were open.
        streams: u32,
    },
    /// A stream's ring ran dry.
    Underrun {
        /// The stream's app.
        app: &'a str,
        /// Frames that the block misses.
        frames: u32,
    },
    /// The master level or its mute changed.
    Level {
        /// The level in Q16, remembered while muted.
        level: u32,
        /// Whether muted.
        muted: bool,
    },
    /// A session is being ducked.
    Duck {
        /// By so many decibels.
        db: i32,
    },
}

impl fmt::Display for Marker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Ready => f.write_str("audiod: ready"),
            Self::Tick { seq, mix, streams } => write!(f, "audiod: tick seq={seq} mix={mix} streams={streams}"),
            Self::Underrun { app, frames } => write!(f, "audiod: underrun app={app} frames={frames}"),
            Self::Level { level, muted } => match level::show(level) {
                Ok(text) => write!(f, "audiod: level linear={} muted={muted}", text.as_str()),
                Err(_) => Err(fmt::Error),
            },
            Self::Duck { db } => write!(f, "audiod: duck {db}dB"),
        }
    }
}

/// Lets the first marker of a kind pass, then the first that comes [`AUDIOD_MARKER_BLOCKS`] blocks later (AUDIOD-027).
#[derive(Clone, Copy, Debug, Default)]
pub struct Limit(Option<u64>);

impl Limit {
    /// Whether a marker is due in this block.
    pub fn is_due(&mut self, tick: u64) -> bool {
        let due = self.0.is_none_or(|last| tick.wrapping_sub(last) >= AUDIOD_MARKER_BLOCKS);
        if due {
            self.0 = Some(tick);
        }
        due
    }
}
