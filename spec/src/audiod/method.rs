//! The methods of the audio service and the capability that each needs (AUDIOD-D8).

use super::Call;
use serde::{Deserialize, Serialize};

/// A capability, by its place in [`CAPABILITIES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability(pub u8);

/// The names of the capabilities that the audio service asks for.
pub const CAPABILITIES: [&str; 10] = [
    "audio.level.read",
    "audio.level.set",
    "audio.tone.play",
    "audio.stream.open",
    "audio.stream.write",
    "audio.stream.control",
    "audio.record",
    "media.session.control",
    "media.volume.set",
    "media.mute.set",
];

/// A grant of all of them.
pub const ALL_CAPABILITIES: u16 = (1 << CAPABILITIES.len()) - 1;

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $wire:literal needs $capability:literal for $call:pat,)*) => {
        /// A method of the audio service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Method {
            $($(#[$doc])* $name,)*
        }

        impl Method {
            /// Every method.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name on the wire and in audit records.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }

            /// The one capability that it needs.
            pub const fn capability(self) -> Capability {
                match self { $(Self::$name => Capability($capability),)* }
            }
        }

        impl Call {
            /// The method that is called.
            pub const fn method(&self) -> Method {
                match self { $($call => Method::$name,)* }
            }
        }
    };
}

methods! {
    /// The engine's format.
    DefaultFormat = "default_format" needs 0 for Call::DefaultFormat,
    /// The sinks.
    SinkState = "sink_state" needs 0 for Call::SinkState,
    /// Sets the master level.
    SetLevel = "set_level" needs 1 for Call::SetLevel(_),
    /// Mutes the master.
    SetMuted = "set_muted" needs 1 for Call::SetMuted(_),
    /// The master level.
    GetLevel = "get_level" needs 0 for Call::GetLevel,
    /// Plays a tone.
    PlayTone = "play_tone" needs 2 for Call::PlayTone { .. },
    /// Opens a stream.
    OpenStream = "open_stream" needs 3 for Call::OpenStream(_),
    /// Writes to a stream.
    Write = "write" needs 4 for Call::Write { .. },
    /// Starts a stream.
    Start = "start" needs 5 for Call::Start(_),
    /// Pauses a stream.
    Pause = "pause" needs 5 for Call::Pause(_),
    /// Closes a stream.
    Close = "close" needs 5 for Call::Close(_),
    /// Sets a stream's gain.
    SetStreamGain = "set_stream_gain" needs 5 for Call::SetStreamGain { .. },
    /// Mutes a stream.
    SetStreamMuted = "set_stream_muted" needs 5 for Call::SetStreamMuted { .. },
    /// A stream's position.
    Position = "position" needs 5 for Call::Position(_),
    /// The statistics.
    Stats = "stats" needs 0 for Call::Stats,
    /// The meters.
    Meters = "meters" needs 0 for Call::Meters,
    /// Selects a sink.
    SelectSink = "select_sink" needs 1 for Call::SelectSink(_),
    /// Starts a recording.
    RecordStart = "record_start" needs 6 for Call::RecordStart(_),
    /// Ends it.
    RecordStop = "record_stop" needs 6 for Call::RecordStop,
    /// Lets a session play.
    SessionPlay = "session_play" needs 7 for Call::SessionPlay(_),
    /// Pauses a session.
    SessionPause = "session_pause" needs 7 for Call::SessionPause(_),
    /// Sets a session's gain.
    SetVolume = "set_volume" needs 8 for Call::SetVolume { .. },
    /// Mutes a session.
    SetSessionMuted = "set_session_muted" needs 9 for Call::SetSessionMuted { .. },
    /// Ducks a session.
    Duck = "duck" needs 7 for Call::Duck { .. },
    /// Ends a duck.
    Unduck = "unduck" needs 7 for Call::Unduck { .. },
}
