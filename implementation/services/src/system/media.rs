//! The calls of mediasessd: first the right, then the caller's own stream where that is needed, then mediasessd.

use super::{Host, Kept, System};
use crate::Result;
use crate::audiod::{Method, StoreFailed};
use crate::error::ServiceError;
use crate::mediasessd::Around;
use crate::metrics;
use crate::sessions::Metadata;
use crate::settings::Store;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::idl::{Answer, Call};
use spec::metrics::METRICS_URI;

/// The file of the metrics in the host's `/state`.
struct MetricsFile<'a, H>(&'a mut H);

impl<H: Host> metrics::Store for MetricsFile<'_, H> {
    fn is_there(&self) -> bool {
        self.0.has_state()
    }

    fn read(&mut self) -> core::result::Result<Option<Vec<u8>>, StoreFailed> {
        self.0.read_file(METRICS_URI)
    }

    fn write(&mut self, bytes: &[u8]) -> core::result::Result<(), StoreFailed> {
        self.0.write_file(METRICS_URI, bytes)
    }
}

/// The method that a call names, where it is one of mediasessd's.
const fn method(call: &Call<'_>) -> Option<Method> {
    Some(match call {
        Call::Publish { .. } => Method::MediasessdPublish,
        Call::Withdraw(_) => Method::MediasessdWithdraw,
        Call::Play(_) => Method::MediasessdPlay,
        Call::PauseSession(_) => Method::MediasessdPause,
        Call::StopSession(_) => Method::MediasessdStop,
        Call::Seek { .. } => Method::MediasessdSeek,
        Call::Duck(_) => Method::MediasessdDuck,
        Call::Unduck(_) => Method::MediasessdUnduck,
        Call::SetVolume(_) => Method::MediasessdSetVolume,
        Call::SetSessionMuted(_) => Method::MediasessdSetMuted,
        Call::SetAppVolume { .. } => Method::MediasessdSetAppVolume,
        Call::SetAppMuted { .. } => Method::MediasessdSetAppMuted,
        Call::RequestFocus { .. } => Method::MediasessdRequestFocus,
        Call::AbandonFocus(_) => Method::MediasessdAbandonFocus,
        Call::SetActive(_) => Method::MediasessdSetActive,
        Call::AcceptHandoff(_) => Method::MediasessdAcceptHandoff,
        Call::SetMetadata { .. } => Method::MediasessdSetMetadata,
        Call::ListSessions => Method::MediasessdList,
        Call::GetSession(_) => Method::MediasessdGet,
        Call::Changed(_) => Method::MediasessdChanged,
        Call::Command { .. } => Method::MediasessdCommand,
        Call::TakeCommands(_) => Method::MediasessdTakeCommands,
        Call::MediaKey(_) => Method::MediasessdMediaKey,
        Call::Metrics => Method::MediasessdMetrics,
        Call::ExportMetrics => Method::MediasessdExportMetrics,
        Call::PutArtwork { .. } => Method::MediasessdPutArtwork,
        Call::GetArtwork(_) => Method::MediasessdGetArtwork,
        _ => return None,
    })
}

/// The session that only the owner of its stream may speak for.
const fn owned(call: &Call<'_>) -> Option<u32> {
    match *call {
        Call::Withdraw(session)
        | Call::RequestFocus { session, .. }
        | Call::AbandonFocus(session)
        | Call::SetMetadata { session, .. }
        | Call::TakeCommands(session) => Some(session),
        _ => None,
    }
}

impl<H: Host, S: Store> System<H, S> {
    /// A call of mediasessd.
    pub(super) fn media(&mut self, sender: u64, call: &Call<'_>, lines: &mut Kept) -> Result<Answer<'static>> {
        let Some(method) = method(call) else {
            return Err(ServiceError::plain(ErrorCode::UnknownCall, "no service answers this call", "use a call of the schema"));
        };
        self.engine.authorize(sender, method)?;
        let Self { mediasessd, engine, powerd, .. } = self;
        if let Some(session) = owned(call) {
            mediasessd.owned(engine, sender, session)?;
        }
        let around = &mut Around { engine, powerd, lines };
        match *call {
            Call::Publish { ref app, stream, class, seekable } => {
                return mediasessd.publish(around, sender, app, stream, class, seekable).map(Answer::Published);
            }
            Call::Withdraw(session) => mediasessd.withdraw(around, session)?,
            Call::Play(session) => mediasessd.play(around, session)?,
            Call::PauseSession(session) => mediasessd.pause(around, session)?,
            Call::StopSession(session) => mediasessd.stop(around, session)?,
            Call::Seek { session, ms } => mediasessd.seek(session, ms)?,
            Call::Duck(session) => mediasessd.duck(around, session, true)?,
            Call::Unduck(session) => mediasessd.duck(around, session, false)?,
            Call::SetVolume(gain) => mediasessd.set_volume(around, gain.id, gain.db_q8_8.into())?,
            Call::SetSessionMuted(mute) => mediasessd.set_muted(around, mute.id, mute.muted)?,
            Call::SetAppVolume { ref app, db_q8_8 } => mediasessd.set_app_volume(around, app, db_q8_8.into())?,
            Call::SetAppMuted { ref app, muted } => mediasessd.set_app_muted(around, app, muted)?,
            Call::RequestFocus { session, kind } => mediasessd.request_focus(around, session, kind)?,
            Call::AbandonFocus(session) => mediasessd.abandon_focus(around, session)?,
            Call::SetActive(session) => mediasessd.set_active(session, around.lines)?,
            Call::AcceptHandoff(session) => mediasessd.accept(around, session)?,
            Call::SetMetadata { session, ref metadata } => {
                let metadata = Metadata {
                    title: metadata.title.as_bytes(),
                    artist: metadata.artist.as_bytes(),
                    album: metadata.album.as_bytes(),
                    artwork: metadata.artwork.as_bytes(),
                    duration_ms: metadata.duration_ms,
                };
                mediasessd.set_metadata(session, &metadata)?;
            }
            Call::ListSessions => return mediasessd.list(),
            Call::GetSession(session) => return mediasessd.get(session),
            Call::Changed(since) => return Ok(mediasessd.changed(since)),
            Call::Command { session, command } => mediasessd.command(session, command)?,
            Call::TakeCommands(session) => return mediasessd.take_commands(session),
            Call::MediaKey(key) => mediasessd.key(around, key)?,
            Call::Metrics => return Ok(mediasessd.snapshot(around.engine)),
            Call::ExportMetrics => {
                let mut file = MetricsFile(&mut around.engine.platform_mut().host);
                let exported = mediasessd.export(&mut file, around.lines)?;
                return Ok(Answer::Exported { lines: exported.lines, bytes: exported.bytes, removed: exported.removed });
            }
            Call::PutArtwork { ref uri, ref content } => mediasessd.put_artwork(uri, content)?,
            Call::GetArtwork(ref uri) => return mediasessd.picture(uri),
            // The others were answered before.
            _ => {}
        }
        Ok(Answer::Done)
    }
}
