//! Volume and mute of sessions and apps: what lies over each session's stream.
//!
//! The session service sets them, the engine asks for what they come to, block by block. An app's volume and mute are copied into
//! each of its sessions when they are set, so that a block looks nothing up but the session.

use crate::Result;
use crate::audiod::check_app;
use crate::error::{ServiceError, length};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use audio::gain;
use spec::ErrorCode;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::volume::{VOLUME_APPS_MAX, VOLUME_DEFAULT_DB, VOLUME_DUCK_DB_MAX, VOLUME_SESSION_MIN, VOLUME_SESSIONS_MAX};

/// A volume in Q8.8 dB, remembered while muted, and a mute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The volume, in Q8.8 dB.
    pub db: i32,
    /// Whether it is muted.
    pub muted: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self { db: VOLUME_DEFAULT_DB, muted: false }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    number: u32,
    app: String,
    own: Setting,
    of_app: Setting,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct App {
    name: String,
    setting: Setting,
}

/// What lies over a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlay<'a> {
    /// Its app.
    pub app: &'a str,
    /// Its own volume and mute.
    pub own: Setting,
    /// Those of its app.
    pub of_app: Setting,
}

/// What a session is mixed with (VOLUME-002, VOLUME-007).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The sum of stream, session, app and duck in Q8.8 dB, within the range of gains.
    pub db: i32,
    /// Whether the session or its app is muted: then it gives zeros.
    pub muted: bool,
}

impl Composed {
    /// The Q16 factor of the session's samples; 0 while muted.
    pub fn factor(&self) -> u32 {
        // The sum lies within the range of gains.
        if self.muted { 0 } else { gain::factor(self.db).unwrap_or(0) }
    }

    /// The largest magnitude per channel of interleaved samples after their factor, each rounded half away from zero and not clipped,
    /// from 0 to [`VOLUME_PEAK_MAX`](spec::volume::VOLUME_PEAK_MAX) (VOLUME-013). Allocates nothing (VOLUME-018).
    pub fn peak(&self, pcm: &[i16]) -> [u32; 2] {
        let loudest = pcm.as_chunks::<2>().0.iter().fold([0_u16; 2], |[left, right], [l, r]| {
            // A magnitude, as -32,768 has no counterpart.
            [left.max(l.unsigned_abs()), right.max(r.unsigned_abs())]
        });
        let factor = self.factor();
        // Scaling is monotone in the magnitude and does not look at the sign, so that the loudest sample is the only one to scale.
        loudest.map(|magnitude| gain::scale((magnitude as i16).wrapping_neg(), factor).unsigned_abs())
    }
}

/// The volumes and mutes of all sessions and apps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlays {
    /// By number.
    sessions: Vec<Session>,
    /// By the bytes of the name; only those whose setting is not the default (VOLUME-014).
    apps: Vec<App>,
}

impl Overlays {
    /// Opens a session of an app, at 0 dB and not muted, with what its app has (VOLUME-001, VOLUME-006).
    ///
    /// # Errors
    /// `out_of_range` for the number 0, `invalid_app`, `session_already_open`, `too_many_sessions` (VOLUME-016), in this order. Nothing
    /// has changed then.
    pub fn open(&mut self, session: u32, app: &str) -> Result<()> {
        if session < VOLUME_SESSION_MIN {
            let range = (VOLUME_SESSION_MIN, u32::MAX);
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the session's number", session, range, "number sessions from 1"));
        }
        check_app(app)?;
        let Err(place) = self.find(session) else {
            let what = "a session of that number is open";
            return Err(ServiceError::plain(ErrorCode::SessionAlreadyOpen, what, "close it first, or take another number"));
        };
        if self.sessions.len() >= VOLUME_SESSIONS_MAX as usize {
            let with_it = length(self.sessions.len()).saturating_add(1);
            let range = (0, VOLUME_SESSIONS_MAX);
            return Err(ServiceError::range(
                ErrorCode::TooManySessions,
                "the number of sessions",
                with_it,
                range,
                "close another one first",
            ));
        }
        let of_app = self.app(app);
        self.sessions.insert(place, Session { number: session, app: app.to_owned(), own: Setting::default(), of_app });
        Ok(())
    }

    /// Closes a session; its volume and mute are forgotten, its app's are not (VOLUME-001, VOLUME-006).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn close(&mut self, session: u32) -> Result<()> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.remove(place);
        Ok(())
    }

    /// Sets a session's volume in Q8.8 dB, from the next block on; a mute stays (VOLUME-004, VOLUME-008).
    ///
    /// # Errors
    /// `unknown_session`, then `out_of_range` outside -24,576..=3,072. Nothing has changed then.
    pub fn set_volume(&mut self, session: u32, db: i32) -> Result<()> {
        let session = self.session_mut(session)?;
        check_volume(db)?;
        session.own.db = db;
        Ok(())
    }

    /// Mutes or unmutes a session; its volume is remembered (VOLUME-007, VOLUME-008).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_muted(&mut self, session: u32, muted: bool) -> Result<()> {
        self.session_mut(session)?.own.muted = muted;
        Ok(())
    }

    /// Sets the volume of an app in Q8.8 dB: of all its sessions, and of those that it opens later (VOLUME-005, VOLUME-006).
    ///
    /// # Errors
    /// `invalid_app`, `out_of_range`, `too_many_apps` (VOLUME-014), in this order. Nothing has changed then.
    pub fn set_app_volume(&mut self, app: &str, db: i32) -> Result<()> {
        check_app(app)?;
        check_volume(db)?;
        self.set_app(app, Setting { db, ..self.app(app) })
    }

    /// Mutes or unmutes an app, likewise; its volume is remembered.
    ///
    /// # Errors
    /// `invalid_app`, `too_many_apps`. Nothing has changed then.
    pub fn set_app_muted(&mut self, app: &str, muted: bool) -> Result<()> {
        check_app(app)?;
        self.set_app(app, Setting { muted, ..self.app(app) })
    }

    /// What a session is mixed with in the next block, given its stream's own gain and its duck's present one, both in Q8.8 dB
    /// (VOLUME-002, VOLUME-003, VOLUME-007). Allocates nothing (VOLUME-018).
    ///
    /// # Errors
    /// `unknown_session`, then `out_of_range` for a stream's gain outside -24,576..=3,072, or a duck's outside -24,576..=0.
    pub fn decibels(&self, session: u32, stream_db: i32, duck_db: i32) -> Result<Composed> {
        let session = self.session(session)?;
        check_volume(stream_db)?;
        if !(GAIN_DB_Q8_8_MIN..=VOLUME_DUCK_DB_MAX).contains(&duck_db) {
            let range = (GAIN_DB_Q8_8_MIN, VOLUME_DUCK_DB_MAX);
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the duck in 1/256 dB", duck_db, range, "duck by -96 dB to 0 dB"));
        }
        let db = compose([stream_db, session.own.db, session.of_app.db, duck_db]);
        Ok(Composed { db, muted: session.own.muted || session.of_app.muted })
    }

    /// What lies over a session.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn overlay(&self, session: u32) -> Result<Overlay<'_>> {
        self.session(session).map(|session| Overlay { app: &session.app, own: session.own, of_app: session.of_app })
    }

    /// The apps whose volume or mute is not the default, by the bytes of their names (VOLUME-014).
    pub fn apps(&self) -> impl Iterator<Item = (&str, Setting)> {
        self.apps.iter().map(|app| (app.name.as_str(), app.setting))
    }

    /// The volume and mute of an app, with or without sessions.
    pub fn app(&self, app: &str) -> Setting {
        self.find_app(app).ok().and_then(|place| self.apps.get(place)).map(|app| app.setting).unwrap_or_default()
    }

    /// The open sessions, by number.
    pub fn sessions(&self) -> impl Iterator<Item = u32> {
        self.sessions.iter().map(|session| session.number)
    }

    fn find(&self, session: u32) -> core::result::Result<usize, usize> {
        self.sessions.binary_search_by_key(&session, |session| session.number)
    }

    fn find_app(&self, app: &str) -> core::result::Result<usize, usize> {
        self.apps.binary_search_by(|entry| entry.name.as_str().cmp(app))
    }

    fn session(&self, session: u32) -> Result<&Session> {
        self.find(session).ok().and_then(|place| self.sessions.get(place)).ok_or(UNKNOWN)
    }

    fn session_mut(&mut self, session: u32) -> Result<&mut Session> {
        let place = self.find(session).map_err(|_| UNKNOWN)?;
        self.sessions.get_mut(place).ok_or(UNKNOWN)
    }

    /// The default frees an app's place; anything else keeps it or takes one (VOLUME-014).
    fn set_app(&mut self, app: &str, setting: Setting) -> Result<()> {
        match (self.find_app(app), setting == Setting::default()) {
            (Ok(place), true) => drop(self.apps.remove(place)),
            (Err(_), true) => {}
            (Ok(place), false) => {
                if let Some(entry) = self.apps.get_mut(place) {
                    entry.setting = setting;
                }
            }
            (Err(_), false) if self.apps.len() >= VOLUME_APPS_MAX as usize => {
                let with_it = length(self.apps.len()).saturating_add(1);
                let advice = "set another app back to 0 dB and unmute it";
                return Err(ServiceError::range(
                    ErrorCode::TooManyApps,
                    "the number of apps with a volume or a mute",
                    with_it,
                    (0, VOLUME_APPS_MAX),
                    advice,
                ));
            }
            (Err(place), false) => self.apps.insert(place, App { name: app.to_owned(), setting }),
        }
        for session in self.sessions.iter_mut().filter(|session| session.app == app) {
            session.of_app = setting;
        }
        Ok(())
    }
}

/// The sum of gains in Q8.8 dB. The smallest gain means silence, whatever is added to it (VOLUME-003); otherwise the sum saturates at
/// both ends of the range (VOLUME-002).
pub fn compose<const N: usize>(gains: [i32; N]) -> i32 {
    if gains.iter().any(|gain| *gain <= GAIN_DB_Q8_8_MIN) {
        return GAIN_DB_Q8_8_MIN;
    }
    gains.iter().fold(0_i32, |sum, gain| sum.saturating_add(*gain)).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)
}

fn check_volume(db: i32) -> Result<()> {
    gain::factor(db).map(|_| ())
}

const UNKNOWN: ServiceError = ServiceError::plain(
    ErrorCode::UnknownSession,
    "there is no open session of that number",
    "open it first, or use the number of one that is open",
);
