//! The contract `audiod`: the audio service as its clients, its sessions and its timer see it.

pub use crate::generated::audiod::*;
pub use method::{ALL_RIGHTS, RIGHTS};
pub use pattern::{checksum, pattern};

mod draw;
mod method;
mod pattern;

use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The contract `audiod`.
#[derive(Clone, Debug)]
pub struct Audiod;

/// What becomes of the bytes that are written to `/state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no `/state`.
    Missing,
    /// It works.
    #[default]
    Ready,
    /// It takes so many blocks of a recording and fails at the next.
    FailsAfter(u32),
}

/// The configuration: who may do what, and what the machine has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The capabilities of each sender, by their bits in the catalogue; at most [`AUDIOD_SENDERS_MAX`] senders. Others have none.
    pub grants: Vec<u64>,
    /// The state store.
    pub state: State,
    /// Whether I2S is enabled.
    pub i2s: bool,
    /// Blocks that one recording may have, 1 to [`AUDIOD_RECORD_BLOCKS_MAX`].
    pub record_blocks_max: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { grants: alloc::vec![ALL_RIGHTS], state: State::Ready, i2s: false, record_blocks_max: AUDIOD_RECORD_BLOCKS_STATEFS }
    }
}

/// Where mixed blocks go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sink {
    /// Nowhere, at the timer's pace.
    #[default]
    Null,
    /// To a file, while a recording is under way.
    File,
    /// To the I2S driver.
    I2s,
}

impl Sink {
    /// The name in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::File => "file",
            Self::I2s => "i2s",
        }
    }
}

/// A call of a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// The engine's format.
    DefaultFormat,
    /// Which sink is selected and which takes the blocks.
    SinkState,
    /// Sets the master level, in Q16.
    SetLevel(u32),
    /// Mutes or unmutes the master.
    SetMuted(bool),
    /// Level and mute of the master.
    GetLevel,
    /// Plays a tone.
    PlayTone {
        /// Its frequency, in Hz.
        hz: u32,
        /// Its length, in ms.
        ms: u32,
    },
    /// Opens a stream for an app.
    OpenStream(String),
    /// Writes so many frames of the [`pattern`] to a stream's ring.
    Write {
        /// The stream.
        stream: u32,
        /// Frames to write.
        frames: u32,
        /// The pattern's seed.
        seed: u32,
    },
    /// Starts a stream.
    Start(u32),
    /// Pauses a stream.
    Pause(u32),
    /// Closes a stream.
    Close(u32),
    /// Sets a stream's own gain.
    SetStreamGain {
        /// The stream.
        stream: u32,
        /// The gain, in Q8.8 dB.
        db: i32,
    },
    /// Mutes or unmutes a stream by itself.
    SetStreamMuted {
        /// The stream.
        stream: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// A stream's position.
    Position(u32),
    /// The statistics.
    Stats,
    /// The meters.
    Meters,
    /// Selects a sink.
    SelectSink(Sink),
    /// Starts to record what is mixed.
    RecordStart(String),
    /// Ends the recording.
    RecordStop,
    /// Lets a session's stream play.
    SessionPlay(u32),
    /// Pauses a session's stream.
    SessionPause(u32),
    /// Sets the gain of a stream's session.
    SetVolume {
        /// The stream.
        stream: u32,
        /// The gain, in Q8.8 dB.
        db: i32,
    },
    /// Mutes or unmutes a stream's session.
    SetSessionMuted {
        /// The stream.
        stream: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// Ducks a stream's session.
    Duck {
        /// The stream.
        stream: u32,
        /// Length of the ramp, in ms.
        ms: u32,
    },
    /// Ends a duck.
    Unduck {
        /// The stream.
        stream: u32,
        /// Length of the ramp, in ms.
        ms: u32,
    },
}

/// Operations of the contract `audiod`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A client calls a method.
    Call {
        /// The sender, as the transport knows it: its place in the configuration.
        sender: u8,
        /// The method with its arguments.
        call: Call,
    },
    /// The timer ticks so many times.
    Tick(u32),
    /// A client writes over the shared write counter of a stream's ring.
    Forge {
        /// The stream.
        stream: u32,
        /// What it writes.
        write_index: u64,
    },
    /// The marker lines since the last such operation.
    Markers,
    /// What the state store holds under a URI.
    File(String),
    /// The record of denials.
    Denials,
}

/// Statistics since the start (AUDIOD-019).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    /// Blocks mixed.
    pub ticks: u64,
    /// Open streams, tones included.
    pub streams: u32,
    /// Streams that play.
    pub playing: u32,
    /// Underruns of all streams ever.
    pub underrun_events: u64,
    /// Frames that they missed.
    pub missing_frames: u64,
    /// Samples that the clip altered.
    pub clipped: u64,
    /// The last block's largest magnitude per channel.
    pub peak: [u32; 2],
}

/// What the master puts out (AUDIOD-020).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meters {
    /// The last block's largest magnitude per channel.
    pub peak: [u32; 2],
    /// The last block's root of the mean square per channel.
    pub rms: [u32; 2],
    /// Each open ring's stream and fill in frames, in the order of opening.
    pub fill: Vec<(u32, u32)>,
}

/// Observations of the contract `audiod`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// Done.
    Done,
    /// The engine's format.
    Format {
        /// Frames per second.
        rate_hz: u32,
        /// Channels.
        channels: u16,
        /// Bits per sample.
        bits: u16,
        /// Frames per block.
        block_frames: u32,
    },
    /// The sinks.
    Sink {
        /// The selected one.
        selected: Sink,
        /// The one that takes the blocks.
        effective: Sink,
        /// Whether a recording is under way.
        recording: bool,
    },
    /// The master level.
    Level {
        /// In Q16.
        level: u32,
        /// Whether muted.
        muted: bool,
    },
    /// A stream was opened.
    Opened {
        /// Its number.
        stream: u32,
        /// Frames of its ring.
        frames: u32,
    },
    /// A tone plays.
    Playing {
        /// Its stream.
        stream: u32,
        /// Its length in frames.
        frames: u64,
    },
    /// Frames that a write took.
    Wrote(u32),
    /// A position.
    Position {
        /// Source frames consumed.
        frames: u64,
        /// The same in whole milliseconds.
        ms: u64,
    },
    /// The statistics.
    Stats(Stats),
    /// The meters.
    Meters(Meters),
    /// A recording was kept.
    Recorded {
        /// Its frames.
        frames: u64,
        /// Bytes of its file.
        bytes: u64,
    },
    /// Blocks were mixed.
    Mixed {
        /// The last block, interleaved; empty where it is silent.
        #[serde(with = "crate::compact::samples")]
        pcm: Vec<i16>,
        /// The [`checksum`] over all blocks of the operation.
        checksum: u64,
    },
    /// Marker lines.
    Lines(Vec<String>),
    /// What the store holds: the file's length and the [`checksum`] of its bytes as samples; `None` where there is no file.
    File(Option<(u64, u64)>),
    /// Denials since the start, and the last one's sender and method, as `service.method`.
    Denials(u64, Option<(u8, String)>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Audiod {
    const NAME: &'static str = "audiod";
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
        if *config != Config::default() {
            out.push(Config::default());
        }
        if config.grants.len() > 1 {
            out.push(Config { grants: alloc::vec![ALL_RIGHTS], ..config.clone() });
        }
    }
}
