//! What is told of the sessions.

use super::{Mediasessd, UNKNOWN};
use crate::Result;
use crate::audiod::{Engine, Platform};
use crate::error::ServiceError;
use crate::sessions::Session;
use crate::volume::Setting;
use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::string::String;
use spec::ErrorCode;
use spec::focus::Playback;
use spec::idl::{Answer, Metadata, Metrics, Peaks, Session as Whole, SessionEntry, SessionPosition};

impl Mediasessd {
    /// A session's app, with what lies over it.
    pub(super) fn app_of(&self, sid: u32) -> Result<(String, Setting)> {
        let app = self.registry.get(sid)?.app().to_owned();
        let setting = self.volumes.app(&app);
        Ok((app, setting))
    }

    fn entry(&self, session: &Session) -> Result<SessionEntry> {
        let sid = session.sid();
        let (over, overlay) = (self.find(sid)?, self.volumes.overlay(sid)?);
        Ok(SessionEntry {
            session: sid,
            class: session.class(),
            duck_db_q8_8: self.ducking.gain(sid)? as i16,
            playing: session.playing(),
            paused_by_focus: self.focus.session(sid)?.playback == Playback::Waiting,
            ducked: over.causes.any(),
            muted: overlay.own.muted || overlay.of_app.muted,
            gain_owner: session.gain(),
            position_ms: self.registry.position_ms(session),
        })
    }

    /// Every session in its order, without texts (SYSTEM-024).
    ///
    /// # Errors
    /// None of sessions that there are.
    pub fn list(&self) -> Result<Answer<'static>> {
        let list = self.registry.list().into_iter().map(|session| self.entry(session)).collect::<Result<_>>()?;
        let (revision, _) = self.registry.changed(0);
        let (active, offer) = (self.registry.current().unwrap_or(0), self.registry.offer().unwrap_or(0));
        Ok(Answer::Sessions { active, offer, revision, list })
    }

    /// All of a session (SYSTEM-025).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn get(&self, sid: u32) -> Result<Answer<'static>> {
        let session = self.registry.get(sid).map_err(|_| UNKNOWN)?;
        let (over, overlay) = (self.find(sid)?, self.volumes.overlay(sid)?);
        let text = |text: &str| Cow::Owned(text.to_owned());
        Ok(Answer::Session(Box::new(Whole {
            entry: self.entry(session)?,
            stream: over.stream,
            volume_db_q8_8: overlay.own.db as i16,
            app_volume_db_q8_8: overlay.of_app.db as i16,
            session_muted: overlay.own.muted,
            app_muted: overlay.of_app.muted,
            seekable: session.seekable(),
            target_ms: session.target_ms(),
            waiting: session.commands().len() as u16,
            app: text(session.app()),
            metadata: Metadata {
                title: text(session.title()),
                artist: text(session.artist()),
                album: text(session.album()),
                artwork: text(session.artwork()),
                duration_ms: session.duration_ms(),
            },
        })))
    }

    /// Whether anything changed since that revision (SYSTEM-030).
    pub const fn changed(&self, since: u64) -> Answer<'static> {
        let (revision, changed) = self.registry.changed(since);
        Answer::Changed { revision, changed }
    }

    /// Takes what a session's player was asked.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn take_commands(&mut self, sid: u32) -> Result<Answer<'static>> {
        Ok(Answer::Commands { session: sid, list: self.registry.take_commands(sid)? })
    }

    /// A snapshot of the metrics (SYSTEM-028).
    pub fn snapshot<P: Platform>(&self, engine: &Engine<P>) -> Answer<'static> {
        let record = self.metrics.snapshot();
        let told = record.told;
        Answer::Metrics(Box::new(Metrics {
            block: record.block,
            last: Peaks { peak: told.peak, rms: engine.report().rms },
            clipped_samples: told.clipped,
            underrun_events: told.underrun_events,
            missing_frames: told.missing_frames,
            dropped: record.dropped,
            active_sessions: record.active_sessions,
            open_streams: told.open_streams,
            positions: record.positions().iter().map(|at| SessionPosition { session: at.session, frames: at.frames }).collect(),
        }))
    }

    /// The picture that was put last under a URI (SYSTEM-029).
    ///
    /// # Errors
    /// `invalid_artwork_uri`, `unknown_artwork`.
    pub fn picture(&mut self, uri: &str) -> Result<Answer<'static>> {
        let missing = || ServiceError::plain(ErrorCode::UnknownArtwork, "there is no picture of that URI", "put it first");
        let key = *self.artwork.lookup(uri.as_bytes())?.ok_or_else(missing)?;
        let content = self.artwork.get(&key).ok_or_else(missing)?.to_owned();
        Ok(Answer::Artwork { key: Cow::Owned(key.0.to_vec()), content: Cow::Owned(content) })
    }
}
