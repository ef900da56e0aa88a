//! Which method of the catalogue each call is (AUDIOD-D8).

use super::Call;
use crate::capabilities::{Capability, Method};

/// The capabilities that the audio service asks for.
pub const RIGHTS: [Capability; 10] = [
    Capability::AudioLevelRead,
    Capability::AudioLevelSet,
    Capability::AudioTonePlay,
    Capability::AudioStreamOpen,
    Capability::AudioStreamWrite,
    Capability::AudioStreamControl,
    Capability::AudioRecord,
    Capability::MediaSessionControl,
    Capability::MediaVolumeSet,
    Capability::MediaMuteSet,
];

/// A grant of all of them, one bit each.
pub const ALL_RIGHTS: u64 = {
    let (mut all, mut index) = (0, 0);
    while index < RIGHTS.len() {
        all |= RIGHTS[index].bit();
        index += 1;
    }
    all
};

impl Call {
    /// The method that is called, under which its capability and its denials are known.
    pub const fn method(&self) -> Method {
        match self {
            Self::DefaultFormat => Method::AudiodDefaultFormat,
            Self::SinkState => Method::AudiodSinkState,
            Self::SetLevel(_) => Method::AudiodSetLevel,
            Self::SetMuted(_) => Method::AudiodSetMuted,
            Self::GetLevel => Method::AudiodGetLevel,
            Self::PlayTone { .. } => Method::AudiodPlayTone,
            Self::OpenStream(_) => Method::AudiodOpenStream,
            Self::Write { .. } => Method::AudiodWrite,
            Self::Start(_) => Method::AudiodStart,
            Self::Pause(_) => Method::AudiodPause,
            Self::Close(_) => Method::AudiodClose,
            Self::SetStreamGain { .. } => Method::AudiodSetStreamGain,
            Self::SetStreamMuted { .. } => Method::AudiodSetStreamMuted,
            Self::Position(_) => Method::AudiodPosition,
            Self::Stats => Method::AudiodStats,
            Self::Meters => Method::AudiodMeters,
            Self::SelectSink(_) => Method::AudiodSelectSink,
            Self::RecordStart(_) => Method::AudiodRecordStart,
            Self::RecordStop => Method::AudiodRecordStop,
            Self::SessionPlay(_) => Method::MediasessdPlay,
            Self::SessionPause(_) => Method::MediasessdPause,
            Self::SetVolume { .. } => Method::MediasessdSetVolume,
            Self::SetSessionMuted { .. } => Method::MediasessdSetMuted,
            Self::Duck { .. } => Method::MediasessdDuck,
            Self::Unduck { .. } => Method::MediasessdUnduck,
        }
    }
}
