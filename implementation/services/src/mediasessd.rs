//! The media sessions over audiod's streams.
//!
//! A session stands over one stream of the app that published it. Play, pause, duck, volume and mute reach audiod under the name
//! of whoever asked, so that one gate decides and one record tells of it; and while any session plays, ducked or not, one partial
//! wake lock is held (List A 35).

use crate::Result;
use crate::audiod::{Engine, Method, Platform, check_app};
use crate::error::ServiceError;
use crate::lines::Lines;
use crate::wakelock::{MediaLock, Powerd};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::audiod::AUDIOD_SESSIONS_MAX;
use spec::wakelock::Playback;

/// The marker of a session that begins to play.
pub const PLAYING: &str = "mediasession: playing";

struct Session {
    number: u32,
    stream: u32,
    playing: bool,
    ducked: bool,
}

impl Session {
    const fn playback(&self) -> Playback {
        match (self.playing, self.ducked) {
            (true, true) => Playback::Ducked,
            (true, false) => Playback::Playing,
            (false, _) => Playback::Paused,
        }
    }
}

/// The session service.
#[derive(Default)]
pub struct Mediasessd {
    sessions: Vec<Session>,
    last_number: u32,
    lock: MediaLock,
}

/// What the session service works with.
pub struct Around<'a, P: Platform> {
    /// The audio service.
    pub engine: &'a mut Engine<P>,
    /// The power service.
    pub powerd: &'a mut Powerd,
    /// Where markers go.
    pub lines: &'a mut dyn Lines,
}

impl Mediasessd {
    /// Publishes a session of an app on one of its streams; gives its number, which is never used again.
    ///
    /// # Errors
    /// `access_denied`, `invalid_app`, `unknown_stream` where the stream is not the sender's, `too_many_sessions`.
    pub fn publish<P: Platform>(&mut self, around: Around<'_, P>, sender: u64, app: &str, stream: u32) -> Result<u32> {
        around.engine.authorize(sender, Method::MediasessdPublish)?;
        check_app(app)?;
        around.engine.owned(sender, stream)?;
        if self.sessions.len() >= AUDIOD_SESSIONS_MAX as usize {
            let what = "all 16 sessions are published";
            return Err(ServiceError::plain(ErrorCode::TooManySessions, what, "withdraw one first"));
        }
        self.last_number = self.last_number.wrapping_add(1);
        self.sessions.push(Session { number: self.last_number, stream, playing: false, ducked: false });
        Ok(self.last_number)
    }

    /// Withdraws a session; its stream stays as it is.
    ///
    /// # Errors
    /// `access_denied`, `unknown_session`.
    pub fn withdraw<P: Platform>(&mut self, around: Around<'_, P>, sender: u64, session: u32) -> Result<()> {
        around.engine.authorize(sender, Method::MediasessdWithdraw)?;
        let place = self.place(session)?;
        let stream = self.sessions.get(place).map_or(0, |session| session.stream);
        around.engine.owned(sender, stream)?;
        self.remove(place, around.powerd, around.lines)
    }

    /// Lets a session play.
    ///
    /// # Errors
    /// `access_denied`, `unknown_session`, `unknown_stream`, `ring_fault`, `too_many_playing`.
    pub fn play<P: Platform>(&mut self, around: Around<'_, P>, sender: u64, session: u32) -> Result<()> {
        let place = self.gated(around.engine, sender, Method::MediasessdPlay, session)?;
        let Some(entry) = self.sessions.get_mut(place) else { return Err(unknown()) };
        around.engine.session_play(sender, entry.stream)?;
        let began = !entry.playing;
        entry.playing = true;
        let playback = entry.playback();
        self.lock.update(Some(around.powerd), session, playback, around.lines)?;
        if began {
            around.lines.line(&PLAYING);
        }
        Ok(())
    }

    /// Pauses a session.
    ///
    /// # Errors
    /// `access_denied`, `unknown_session`, `unknown_stream`.
    pub fn pause<P: Platform>(&mut self, around: Around<'_, P>, sender: u64, session: u32) -> Result<()> {
        let place = self.gated(around.engine, sender, Method::MediasessdPause, session)?;
        let Some(entry) = self.sessions.get_mut(place) else { return Err(unknown()) };
        around.engine.session_pause(sender, entry.stream)?;
        entry.playing = false;
        self.lock.update(Some(around.powerd), session, Playback::Paused, around.lines).map(|_| ())
    }

    /// Ducks a session by a ramp of so many milliseconds, or ends its duck.
    ///
    /// # Errors
    /// `access_denied`, `unknown_session`, `unknown_stream`, `out_of_range`.
    pub fn duck<P: Platform>(&mut self, around: Around<'_, P>, sender: u64, session: u32, ducked: bool, ms: u32) -> Result<()> {
        let method = if ducked { Method::MediasessdDuck } else { Method::MediasessdUnduck };
        let place = self.gated(around.engine, sender, method, session)?;
        let Some(entry) = self.sessions.get_mut(place) else { return Err(unknown()) };
        if ducked {
            around.engine.duck(sender, entry.stream, ms)?;
        } else {
            around.engine.unduck(sender, entry.stream, ms)?;
        }
        entry.ducked = ducked;
        let playback = entry.playback();
        self.lock.update(Some(around.powerd), session, playback, around.lines).map(|_| ())
    }

    /// The stream that a session stands over.
    ///
    /// # Errors
    /// `access_denied`, `unknown_session`.
    pub fn stream<P: Platform>(&self, engine: &mut Engine<P>, sender: u64, method: Method, session: u32) -> Result<u32> {
        let place = self.gated(engine, sender, method, session)?;
        self.sessions.get(place).map(|session| session.stream).ok_or_else(unknown)
    }

    /// Drops the sessions whose streams are gone, as after a tone's end or its app's.
    ///
    /// # Errors
    /// What powerd rejects.
    pub fn reconcile<P: Platform>(&mut self, around: Around<'_, P>) -> Result<()> {
        while let Some(place) = self.sessions.iter().position(|session| !around.engine.is_open(session.stream)) {
            self.remove(place, around.powerd, around.lines)?;
        }
        Ok(())
    }

    fn remove(&mut self, place: usize, powerd: &mut Powerd, lines: &mut dyn Lines) -> Result<()> {
        if place >= self.sessions.len() {
            return Err(unknown());
        }
        let session = self.sessions.remove(place);
        self.lock.update(Some(powerd), session.number, Playback::Stopped, lines).map(|_| ())
    }

    /// The policy first, so that a caller without the right learns nothing of numbers.
    fn gated<P: Platform>(&self, engine: &mut Engine<P>, sender: u64, method: Method, session: u32) -> Result<usize> {
        match self.place(session) {
            // The engine's call, which follows, asks for the same right and records a denial.
            Ok(place) => Ok(place),
            Err(error) => engine.authorize(sender, method).and(Err(error)),
        }
    }

    fn place(&self, session: u32) -> Result<usize> {
        self.sessions.iter().position(|entry| entry.number == session).ok_or_else(unknown)
    }
}

fn unknown() -> ServiceError {
    ServiceError::plain(ErrorCode::UnknownSession, "there is no session of that number", "use a number that publish gave")
}
