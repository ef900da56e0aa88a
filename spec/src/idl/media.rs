//! What is told of media sessions.

use super::message::{Peaks, owned};
use crate::media::Class;
use alloc::borrow::Cow;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a session says of what it plays; an empty text means none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata<'a> {
    /// Title.
    pub title: Cow<'a, str>,
    /// Artist.
    pub artist: Cow<'a, str>,
    /// Album.
    pub album: Cow<'a, str>,
    /// URI of the artwork.
    pub artwork: Cow<'a, str>,
    /// Duration in milliseconds, where it is known.
    pub duration_ms: Option<u64>,
}

impl Metadata<'_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Metadata<'static> {
        let (title, artist, album, artwork) = (owned(self.title), owned(self.artist), owned(self.album), owned(self.artwork));
        Metadata { title, artist, album, artwork, duration_ms: self.duration_ms }
    }
}

/// What can be told of a session without a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionEntry {
    /// The session.
    pub session: u32,
    /// What it is for.
    pub class: Class,
    /// What the duck adds, in Q8.8 dB, in the last block.
    pub duck_db_q8_8: i16,
    /// Whether it plays.
    pub playing: bool,
    /// Whether focus paused it.
    pub paused_by_focus: bool,
    /// Whether somebody's sound lowers it.
    pub ducked: bool,
    /// Whether it is muted, by itself or with its app.
    pub muted: bool,
    /// Whether it owns its class's gain.
    pub gain_owner: bool,
    /// Its position, in milliseconds.
    pub position_ms: u64,
}

/// All of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session<'a> {
    /// What the list tells of it.
    pub entry: SessionEntry,
    /// Its stream.
    pub stream: u32,
    /// Its volume, in Q8.8 dB.
    pub volume_db_q8_8: i16,
    /// Its app's volume, in Q8.8 dB.
    pub app_volume_db_q8_8: i16,
    /// Whether it is muted by itself.
    pub session_muted: bool,
    /// Whether its app is muted.
    pub app_muted: bool,
    /// Whether its player follows a seek.
    pub seekable: bool,
    /// Where the next block finds it, where a seek waits, in milliseconds.
    pub target_ms: Option<u64>,
    /// Commands that wait for its player.
    pub waiting: u16,
    /// The app's id.
    pub app: Cow<'a, str>,
    /// What it says of what it plays.
    pub metadata: Metadata<'a>,
}

impl Session<'_> {
    /// The same with texts of its own.
    pub fn into_owned(self) -> Session<'static> {
        let Self { entry, stream, volume_db_q8_8, app_volume_db_q8_8, session_muted, app_muted, seekable, target_ms, waiting, .. } = self;
        Session {
            entry,
            stream,
            volume_db_q8_8,
            app_volume_db_q8_8,
            session_muted,
            app_muted,
            seekable,
            target_ms,
            waiting,
            app: owned(self.app),
            metadata: self.metadata.into_owned(),
        }
    }
}

/// A snapshot of the metrics, at the end of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Blocks since the start.
    pub block: u64,
    /// Of the last block.
    pub last: Peaks,
    /// Samples that the clip curve altered.
    pub clipped_samples: u64,
    /// Blocks for which a stream had too little.
    pub underrun_events: u64,
    /// Frames that were missing in them.
    pub missing_frames: u64,
    /// Records that no export took.
    pub dropped: u64,
    /// Sessions that play.
    pub active_sessions: u32,
    /// Open streams.
    pub open_streams: u32,
    /// Of each session, by number; at most [`IDL_SESSIONS_MAX`](super::IDL_SESSIONS_MAX).
    pub positions: Vec<SessionPosition>,
}

/// Where a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPosition {
    /// The session.
    pub session: u32,
    /// Frames of its own.
    pub frames: u64,
}
