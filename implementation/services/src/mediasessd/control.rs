//! What a session is asked to do.

use super::{Around, Causes, Mediasessd};
use crate::Result;
use crate::artwork::Put;
use crate::audiod::Platform;
use crate::error::{ServiceError, length};
use crate::lines::Lines;
use crate::metrics::{Exported, Store};
use crate::sessions::Metadata;
use spec::ErrorCode;
use spec::focus::Kind;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::sessions::{Command, Key};
use spec::system::SYSTEM_VOLUME_STEP_Q8_8;

impl Mediasessd {
    /// Lets a session play, if focus lets it (SYSTEM-007, SYSTEM-021).
    ///
    /// # Errors
    /// `unknown_session`, `ring_fault`, `focus_preempted`.
    pub fn play<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        let stream = self.find(sid)?.stream;
        around.engine.check_fault(stream)?;
        self.focus.play(sid)?;
        self.follow(around)?;
        if self.plays(sid) {
            // A stream that was paused by itself goes on.
            around.engine.set_playing(stream, true);
        }
        Ok(())
    }

    /// Pauses a session, as its user wants it.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn pause<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        let stream = self.find(sid)?.stream;
        self.focus.pause(sid)?;
        self.follow(around)?;
        around.engine.set_playing(stream, false);
        Ok(())
    }

    /// Pauses a session at 0.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn stop<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        self.pause(around, sid)?;
        self.registry.stop(sid, around.lines).map(|_| ())
    }

    /// Seeks in a session: the position with the next block, and a command that tells its player where to go on (SYSTEM-019).
    ///
    /// # Errors
    /// `unknown_session`, `not_seekable`, `too_many_commands`.
    pub fn seek(&mut self, sid: u32, ms: u64) -> Result<()> {
        let session = self.registry.get(sid)?;
        if session.seekable() && session.commands().len() >= self.values.limits.queued_events as usize {
            let range = (0, self.values.limits.queued_events);
            let with_it = length(session.commands().len()).saturating_add(1);
            let advice = "let the player take its commands first";
            return Err(ServiceError::range(ErrorCode::TooManyCommands, "the commands that wait", with_it, range, advice));
        }
        let target = self.registry.seek(sid, ms)?;
        self.registry.command(sid, Command::Seek(target))
    }

    /// Ducks a session by name, or ends that duck.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn duck<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, named: bool) -> Result<()> {
        self.lower(around, sid, |causes| Causes { named, ..causes })
    }

    /// Asks for focus.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn request_focus<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, kind: Kind) -> Result<()> {
        self.focus.request(sid, kind)?;
        self.follow(around)
    }

    /// Gives focus back.
    ///
    /// # Errors
    /// `unknown_session`, `focus_not_held`.
    pub fn abandon_focus<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        self.focus.abandon(sid)?;
        self.follow(around)
    }

    /// Chooses the session that is now playing.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_active(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<()> {
        self.registry.set_active(sid, lines).map(|_| ())
    }

    /// Accepts a handoff: the session that was now playing is paused (SYSTEM-024).
    ///
    /// # Errors
    /// `unknown_session`, `no_handoff_offer`.
    pub fn accept<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        match self.registry.accept(sid, around.lines)? {
            Some(old) => self.pause(around, old),
            None => Ok(()),
        }
    }

    /// Replaces what a session says of what it plays.
    ///
    /// # Errors
    /// `unknown_session`, `text_too_long`, `invalid_metadata`.
    pub fn set_metadata(&mut self, sid: u32, metadata: &Metadata<'_>) -> Result<()> {
        self.registry.set_metadata(sid, metadata)
    }

    /// Queues a command for a session's player.
    ///
    /// # Errors
    /// `unknown_session`, `not_seekable`, `too_many_commands`.
    pub fn command(&mut self, sid: u32, command: Command) -> Result<()> {
        self.registry.command(sid, command)
    }

    /// Sets the volume of a session, in Q8.8 dB.
    ///
    /// # Errors
    /// `unknown_session`, `out_of_range`.
    pub fn set_volume<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, db: i32) -> Result<()> {
        self.volumes.set_volume(sid, db)?;
        self.lay(around.engine);
        Ok(())
    }

    /// Mutes or unmutes a session.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_muted<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, muted: bool) -> Result<()> {
        self.volumes.set_muted(sid, muted)?;
        self.lay(around.engine);
        Ok(())
    }

    /// Sets the volume of an app, in Q8.8 dB (SYSTEM-023).
    ///
    /// # Errors
    /// `invalid_app`, `out_of_range`, `too_many_apps`.
    pub fn set_app_volume<P: Platform>(&mut self, around: &mut Around<'_, P>, app: &str, db: i32) -> Result<()> {
        self.volumes.set_app_volume(app, db)?;
        self.lay(around.engine);
        Ok(())
    }

    /// Mutes or unmutes an app.
    ///
    /// # Errors
    /// `invalid_app`, `too_many_apps`.
    pub fn set_app_muted<P: Platform>(&mut self, around: &mut Around<'_, P>, app: &str, muted: bool) -> Result<()> {
        self.volumes.set_app_muted(app, muted)?;
        self.lay(around.engine);
        Ok(())
    }

    /// A media key, for the session that is now playing (SYSTEM-026).
    ///
    /// # Errors
    /// `no_current_session`, and those of what the key means.
    pub fn key<P: Platform>(&mut self, around: &mut Around<'_, P>, key: Key) -> Result<()> {
        let Some(sid) = self.registry.current() else {
            let what = "no session is now playing, so that there is none that a key could mean";
            return Err(ServiceError::plain(ErrorCode::NoCurrentSession, what, "publish a session and let it play"));
        };
        match key {
            Key::Play => self.play(around, sid),
            Key::Pause => self.pause(around, sid),
            Key::Toggle if self.plays(sid) => self.pause(around, sid),
            Key::Toggle => self.play(around, sid),
            Key::Stop => self.stop(around, sid),
            Key::Next => self.command(sid, Command::Next),
            Key::Prev => self.command(sid, Command::Prev),
            Key::VolumeUp => self.step(around, sid, SYSTEM_VOLUME_STEP_Q8_8),
            Key::VolumeDown => self.step(around, sid, SYSTEM_VOLUME_STEP_Q8_8.saturating_neg()),
            Key::Mute => {
                let (app, setting) = self.app_of(sid)?;
                self.set_app_muted(around, &app, !setting.muted)
            }
        }
    }

    fn step<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, by: i32) -> Result<()> {
        let (app, setting) = self.app_of(sid)?;
        let db = setting.db.saturating_add(by).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX);
        self.set_app_volume(around, &app, db)
    }

    /// Exports the records of the metrics (SYSTEM-028).
    ///
    /// # Errors
    /// `export_disabled`, `state_unavailable`, `oversized_input`, `state_failed`.
    pub fn export(&mut self, store: &mut dyn Store, lines: &mut dyn Lines) -> Result<Exported> {
        self.metrics.export(store, lines)
    }

    /// Keeps a picture (SYSTEM-029).
    ///
    /// # Errors
    /// `invalid_artwork_uri`, `empty_artwork`, `oversized_input` for one that is larger than the whole cache.
    pub fn put_artwork(&mut self, uri: &str, content: &[u8]) -> Result<()> {
        match self.artwork.put(uri.as_bytes(), content)? {
            Put::Kept { .. } => Ok(()),
            Put::NotCached => {
                let range = (1, self.values.limits.artwork_bytes);
                let advice = "put a smaller picture";
                Err(ServiceError::range(ErrorCode::OversizedInput, "the bytes of the picture", length(content.len()), range, advice))
            }
        }
    }
}
