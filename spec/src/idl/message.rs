//! Requests and replies as plain values. Texts and PCM are borrowed where they are decoded from bytes that live.

pub use crate::audiod::Sink;
use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A call of one method. The sender is not in it: the transport says who that is (IDL-D8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<'a> {
    /// Chosen by the caller, repeated in the reply.
    pub sequence: u32,
    /// Whom the sender says to be, which grants nothing. The policy rejects what differs from the real sender.
    #[serde(default)]
    pub claimed: Option<u64>,
    /// The method with its arguments.
    pub call: Call<'a>,
}

/// The methods, with their arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call<'a> {
    /// audiod: the engine's format.
    DefaultFormat,
    /// audiod: which sink is selected, and what it does.
    SinkState,
    /// audiod: sets the master level, in Q16.
    SetLevel(u32),
    /// audiod: mutes or unmutes the master.
    SetMuted(bool),
    /// audiod: the master level.
    GetLevel,
    /// audiod: plays a tone.
    PlayTone {
        /// Frequency in Hz.
        hz: u32,
        /// Duration in milliseconds.
        ms: u32,
    },
    /// audiod: opens a stream for the app of that id.
    OpenStream(Cow<'a, str>),
    /// audiod: writes samples, where the transport has no shared memory.
    Write {
        /// The stream.
        stream: u32,
        /// Interleaved s16le.
        pcm: Cow<'a, [u8]>,
    },
    /// audiod: starts a stream.
    Start(u32),
    /// audiod: pauses a stream.
    Pause(u32),
    /// audiod: closes a stream.
    Close(u32),
    /// audiod: sets a stream's gain.
    SetStreamGain(Gain),
    /// audiod: mutes or unmutes a stream.
    SetStreamMuted(Mute),
    /// audiod: what a stream has played.
    Position(u32),
    /// audiod: the counters.
    Stats,
    /// audiod: the last block's levels, and how full each stream is.
    Meters,
    /// audiod: selects a sink.
    SelectSink(Sink),
    /// audiod: records to that URI.
    RecordStart(Cow<'a, str>),
    /// audiod: ends the recording.
    RecordStop,
    /// mediasessd: publishes a session of an app on its stream.
    Publish {
        /// The app's id.
        app: Cow<'a, str>,
        /// The stream.
        stream: u32,
    },
    /// mediasessd: withdraws a session.
    Withdraw(u32),
    /// mediasessd: plays a session.
    Play(u32),
    /// mediasessd: pauses a session.
    PauseSession(u32),
    /// mediasessd: goes to a position.
    Seek {
        /// The session.
        session: u32,
        /// Position in milliseconds.
        ms: u64,
    },
    /// mediasessd: ducks a session.
    Duck(u32),
    /// mediasessd: ends its duck.
    Unduck(u32),
    /// mediasessd: sets a session's volume.
    SetVolume(Gain),
    /// mediasessd: mutes or unmutes a session.
    SetSessionMuted(Mute),
    /// settings: sets a value.
    SettingSet {
        /// The key.
        key: Cow<'a, str>,
        /// The value.
        value: Cow<'a, str>,
    },
    /// settings: the value of that key.
    SettingGet(Cow<'a, str>),
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply<'a> {
    /// Of the request.
    pub sequence: u32,
    /// The method's result, or an error.
    pub answer: Answer<'a>,
}

/// What methods give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<'a> {
    /// The call was rejected, and nothing changed.
    Error {
        /// The stable code, never 0.
        code: u16,
        /// What was wrong, what was expected and what to do.
        text: Cow<'a, str>,
    },
    /// Done.
    Done,
    /// The engine's format.
    Format {
        /// Frames per second.
        rate_hz: u32,
        /// Channels.
        channels: u16,
        /// Bits of a sample.
        bits: u16,
        /// Frames of a block.
        block_frames: u32,
    },
    /// The sink.
    Sink {
        /// Which one is selected.
        sink: Sink,
        /// Whether a recording is open.
        recording: bool,
        /// Frames that it took since it was selected.
        frames: u64,
    },
    /// The master level.
    Level {
        /// In Q16, as remembered, muted or not.
        q16: u32,
        /// Whether muted.
        muted: bool,
    },
    /// A stream is open.
    Opened {
        /// The stream.
        stream: u32,
        /// The capability slot of its shared memory.
        handle: u32,
        /// Bytes from the memory object's start.
        offset: u32,
        /// Capacity in frames.
        frames: u32,
    },
    /// Frames that a write took.
    Taken(u32),
    /// What a stream has played.
    Position {
        /// In frames of its own.
        frames: u64,
        /// In milliseconds, rounded down.
        ms: u64,
    },
    /// The counters.
    Stats {
        /// Blocks since the start.
        ticks: u64,
        /// Open streams.
        open_streams: u32,
        /// Blocks for which a stream had too little.
        underrun_events: u64,
        /// Frames that were missing in them.
        missing_frames: u64,
        /// Samples that the clip curve altered.
        clipped_samples: u64,
        /// Of the last block.
        last: Peaks,
    },
    /// The last block's levels, and how full each stream is.
    Meters {
        /// Of the last block.
        last: Peaks,
        /// Of the open streams, at most [`IDL_FILLS_MAX`](super::IDL_FILLS_MAX).
        fills: Fills,
    },
    /// A recording ended.
    Recorded {
        /// Its frames.
        frames: u64,
        /// Its file's bytes.
        bytes: u64,
    },
    /// A session is published.
    Published(u32),
    /// A setting's value.
    Setting(Cow<'a, str>),
}

/// Fills of streams.
pub type Fills = Vec<Fill>;

/// A gain of a stream or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gain {
    /// The stream or session.
    pub id: u32,
    /// Q8.8 dB.
    pub db_q8_8: i16,
}

/// The mute switch of a stream or a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The stream or session.
    pub id: u32,
    /// Whether muted.
    pub muted: bool,
}

/// The levels of a block, per channel: left, right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peaks {
    /// Largest magnitude, 0 to 32,768.
    pub peak: [u32; 2],
    /// Root of the mean square, rounded down.
    pub rms: [u32; 2],
}

/// How full a stream's ring is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// The stream.
    pub stream: u32,
    /// Frames in its ring.
    pub frames: u32,
}

fn owned<T: ToOwned + ?Sized>(text: Cow<'_, T>) -> Cow<'static, T> {
    Cow::Owned(text.into_owned())
}

impl Request<'_> {
    /// The same with texts and PCM of its own, which outlives the bytes that it was decoded from.
    pub fn into_owned(self) -> Request<'static> {
        Request { sequence: self.sequence, claimed: self.claimed, call: self.call.into_owned() }
    }
}

impl Call<'_> {
    /// The same with texts and PCM of its own.
    pub fn into_owned(self) -> Call<'static> {
        match self {
            Self::OpenStream(app) => Call::OpenStream(owned(app)),
            Self::Write { stream, pcm } => Call::Write { stream, pcm: owned(pcm) },
            Self::RecordStart(uri) => Call::RecordStart(owned(uri)),
            Self::Publish { app, stream } => Call::Publish { app: owned(app), stream },
            Self::SettingSet { key, value } => Call::SettingSet { key: owned(key), value: owned(value) },
            Self::SettingGet(key) => Call::SettingGet(owned(key)),
            Self::DefaultFormat => Call::DefaultFormat,
            Self::SinkState => Call::SinkState,
            Self::SetLevel(q16) => Call::SetLevel(q16),
            Self::SetMuted(muted) => Call::SetMuted(muted),
            Self::GetLevel => Call::GetLevel,
            Self::PlayTone { hz, ms } => Call::PlayTone { hz, ms },
            Self::Start(stream) => Call::Start(stream),
            Self::Pause(stream) => Call::Pause(stream),
            Self::Close(stream) => Call::Close(stream),
            Self::SetStreamGain(gain) => Call::SetStreamGain(gain),
            Self::SetStreamMuted(mute) => Call::SetStreamMuted(mute),
            Self::Position(stream) => Call::Position(stream),
            Self::Stats => Call::Stats,
            Self::Meters => Call::Meters,
            Self::SelectSink(sink) => Call::SelectSink(sink),
            Self::RecordStop => Call::RecordStop,
            Self::Withdraw(session) => Call::Withdraw(session),
            Self::Play(session) => Call::Play(session),
            Self::PauseSession(session) => Call::PauseSession(session),
            Self::Seek { session, ms } => Call::Seek { session, ms },
            Self::Duck(session) => Call::Duck(session),
            Self::Unduck(session) => Call::Unduck(session),
            Self::SetVolume(gain) => Call::SetVolume(gain),
            Self::SetSessionMuted(mute) => Call::SetSessionMuted(mute),
        }
    }
}

impl Reply<'_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Reply<'static> {
        let answer = match self.answer {
            Answer::Error { code, text } => Answer::Error { code, text: owned(text) },
            Answer::Setting(value) => Answer::Setting(owned(value)),
            Answer::Done => Answer::Done,
            Answer::Format { rate_hz, channels, bits, block_frames } => Answer::Format { rate_hz, channels, bits, block_frames },
            Answer::Sink { sink, recording, frames } => Answer::Sink { sink, recording, frames },
            Answer::Level { q16, muted } => Answer::Level { q16, muted },
            Answer::Opened { stream, handle, offset, frames } => Answer::Opened { stream, handle, offset, frames },
            Answer::Taken(frames) => Answer::Taken(frames),
            Answer::Position { frames, ms } => Answer::Position { frames, ms },
            Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last } => {
                Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last }
            }
            Answer::Meters { last, fills } => Answer::Meters { last, fills },
            Answer::Recorded { frames, bytes } => Answer::Recorded { frames, bytes },
            Answer::Published(session) => Answer::Published(session),
        };
        Reply { sequence: self.sequence, answer }
    }
}
