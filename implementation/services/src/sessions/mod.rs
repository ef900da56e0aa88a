//! mediasessd's registry: what apps publish, who is now playing, and where each session is.
//!
//! The registry has no clock and no stream: whoever joins it to audiod tells it what each block consumed
//! ([`Registry::block`]), and carries out what its answers say. A method that changes who is now playing prints so.

mod checks;
mod playback;
mod session;

use self::session::Time;
pub use self::session::{Metadata, Session};
use crate::Result;
use crate::audiod::check_app;
use crate::lines::Lines;
use alloc::vec::Vec;
use core::cmp::Reverse;
use spec::media::Class;
use spec::sessions::{Act, Command, Key, SESSIONS_READY};

/// How much a registry keeps (SESSIONS-025). The default is what the contract allows at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sessions at the same time.
    pub sessions: u32,
    /// Commands that wait for one app.
    pub commands: u32,
    /// Bytes of a text of metadata.
    pub text_bytes: u32,
}

/// The session that was chosen to be now playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    sid: u32,
    /// Whether somebody chose it. Otherwise its registration did.
    explicit: bool,
}

/// The registry of media sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    limits: Limits,
    /// By number, which is the order in which they were published.
    sessions: Vec<Session>,
    last_sid: u32,
    last_begin: u64,
    choice: Option<Choice>,
    /// Who is now playing, as the last change left it.
    current: Option<u32>,
    offer: Option<u32>,
    time: Time,
    revision: u64,
}

impl Registry {
    /// Starts a registry that counts audiod's blocks. It has no clock, and no way to set one.
    ///
    /// # Errors
    /// `out_of_range` for a limit that is none (SESSIONS-025).
    pub fn start(limits: Limits, lines: &mut dyn Lines) -> Result<Self> {
        Self::with_time(limits, Time::Blocks, lines)
    }

    /// Starts a registry for a system without audiod, whose clock [`set_now`](Self::set_now) sets (SESSIONS-023).
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn with_clock(limits: Limits, lines: &mut dyn Lines) -> Result<Self> {
        Self::with_time(limits, Time::Clock { now_ns: 0 }, lines)
    }

    fn with_time(limits: Limits, time: Time, lines: &mut dyn Lines) -> Result<Self> {
        checks::limits(limits)?;
        lines.line(&SESSIONS_READY);
        Ok(Self { limits, sessions: Vec::new(), last_sid: 0, last_begin: 0, choice: None, current: None, offer: None, time, revision: 0 })
    }

    /// Publishes a session of an app and gives its number (SESSIONS-001). It is now playing at once where nothing plays
    /// (SESSIONS-014), otherwise a handoff to it is offered (SESSIONS-015).
    ///
    /// # Errors
    /// `invalid_app`, `too_many_sessions` (SESSIONS-002).
    pub fn publish(&mut self, app: &str, class: Class, seekable: bool, lines: &mut dyn Lines) -> Result<u32> {
        check_app(app)?;
        let sid = match self.last_sid.checked_add(1) {
            Some(sid) if self.sessions.len() < self.limits.sessions as usize => sid,
            _ => return Err(checks::too_many_sessions(self.sessions.len(), self.limits.sessions)),
        };
        self.last_sid = sid;
        let playing = self.current.filter(|current| self.find(*current).is_some_and(Session::playing));
        self.sessions.push(Session::new(sid, app, class, seekable));
        lines.line(&format_args!("media: register app={app} sid={sid}"));
        if let Some(from) = playing {
            self.offer = Some(sid);
            lines.line(&format_args!("media: handoff offer from={from} to={sid}"));
        } else {
            self.choice = Some(Choice { sid, explicit: false });
        }
        self.settle(true, lines);
        Ok(sid)
    }

    /// Withdraws a session (SESSIONS-013, SESSIONS-017).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn withdraw(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<()> {
        let place = self.place(sid)?;
        self.sessions.remove(place);
        self.choice = self.choice.filter(|choice| choice.sid != sid);
        self.offer = self.offer.filter(|candidate| *candidate != sid);
        self.settle(true, lines);
        Ok(())
    }

    /// Replaces a session's metadata (SESSIONS-003).
    ///
    /// # Errors
    /// `unknown_session`, `text_too_long`, `invalid_metadata`.
    pub fn set_metadata(&mut self, sid: u32, metadata: &Metadata<'_>) -> Result<()> {
        let place = self.place(sid)?;
        let texts = checks::texts(metadata, self.limits.text_bytes)?;
        let changed = self.sessions.get_mut(place).is_some_and(|session| session.set_metadata(texts, metadata.duration_ms));
        self.changed_if(changed);
        Ok(())
    }

    /// Focus tells whether a session owns gain; tells whether that is new (SESSIONS-012).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_gain(&mut self, sid: u32, owner: bool, lines: &mut dyn Lines) -> Result<bool> {
        let place = self.place(sid)?;
        let switched = self.sessions.get_mut(place).is_some_and(|session| session.set_gain(owner));
        if switched && owner {
            self.outdo_registration(sid);
        }
        self.settle(switched, lines);
        Ok(switched)
    }

    /// Chooses a session to be now playing; tells whether it was not before. It starts and pauses nothing.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn set_active(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<bool> {
        self.place(sid)?;
        self.choice = Some(Choice { sid, explicit: true });
        Ok(self.settle(false, lines))
    }

    /// Accepts the handoff to a session: the one that is now playing pauses, and the candidate is now playing (SESSIONS-016).
    /// Gives the session that was paused for it, where it played.
    ///
    /// # Errors
    /// `unknown_session`, `no_handoff_offer`.
    pub fn accept(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<Option<u32>> {
        self.place(sid)?;
        if self.offer != Some(sid) {
            return Err(checks::NO_OFFER);
        }
        lines.line(&format_args!("media: handoff accept sid={sid}"));
        let mut paused = None;
        if let Some(old) = self.current
            && self.switch(old, false, lines)?
        {
            paused = Some(old);
        }
        self.choice = Some(Choice { sid, explicit: true });
        self.settle(true, lines);
        Ok(paused)
    }

    /// The session that is now playing (SESSIONS-012).
    pub const fn current(&self) -> Option<u32> {
        self.current
    }

    /// The session to which a handoff is offered (SESSIONS-015).
    pub const fn offer(&self) -> Option<u32> {
        self.offer
    }

    /// The sessions: the one that is now playing, then by the bytes of the app, then by number (SESSIONS-018).
    pub fn list(&self) -> Vec<&Session> {
        let mut list: Vec<&Session> = self.sessions.iter().collect();
        list.sort_unstable_by_key(|session| (Some(session.sid()) != self.current, session.app(), session.sid()));
        list
    }

    /// The sessions by number.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The session of that number.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn get(&self, sid: u32) -> Result<&Session> {
        self.find(sid).ok_or(checks::UNKNOWN)
    }

    /// Where a session is, in milliseconds (SESSIONS-006).
    pub fn position_ms(&self, session: &Session) -> u64 {
        session.position_ms(self.time)
    }

    /// The revision, and whether it is another one than the poller knows (SESSIONS-019).
    pub const fn changed(&self, since: u64) -> (u64, bool) {
        (self.revision, self.revision != since)
    }

    /// Queues a command for a session's app (SESSIONS-020).
    ///
    /// # Errors
    /// `unknown_session`, `not_seekable` (SESSIONS-011), `too_many_commands`.
    pub fn command(&mut self, sid: u32, command: Command) -> Result<()> {
        let (place, max) = (self.place(sid)?, self.limits.commands);
        self.sessions.get_mut(place).ok_or(checks::UNKNOWN)?.queue(command, max)?;
        self.changed_if(true);
        Ok(())
    }

    /// An app takes its commands, in their order (SESSIONS-020).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn take_commands(&mut self, sid: u32) -> Result<Vec<Command>> {
        let place = self.place(sid)?;
        let commands = self.sessions.get_mut(place).map(Session::take_commands).unwrap_or_default();
        self.changed_if(!commands.is_empty());
        Ok(commands)
    }

    /// A media key acts on the session that is now playing; gives its number and what the key meant (SESSIONS-021). Volume and
    /// mute are left to the caller.
    ///
    /// # Errors
    /// `no_current_session`, `too_many_commands`.
    pub fn key(&mut self, key: Key, lines: &mut dyn Lines) -> Result<(u32, Act)> {
        let sid = self.current.ok_or(checks::NO_CURRENT)?;
        let act = match key {
            Key::Toggle if self.get(sid)?.playing() => Act::Pause,
            Key::Toggle | Key::Play => Act::Play,
            Key::Pause => Act::Pause,
            Key::Stop => Act::Stop,
            Key::Next => Act::Next,
            Key::Prev => Act::Prev,
            Key::VolumeUp => Act::VolumeUp,
            Key::VolumeDown => Act::VolumeDown,
            Key::Mute => Act::Mute,
        };
        match act {
            Act::Play => self.play(sid, lines).map(|_| ())?,
            Act::Pause => self.pause(sid, lines).map(|_| ())?,
            Act::Stop => self.stop(sid, lines).map(|_| ())?,
            Act::Next => self.command(sid, Command::Next)?,
            Act::Prev => self.command(sid, Command::Prev)?,
            Act::VolumeUp | Act::VolumeDown | Act::Mute => {}
        }
        Ok((sid, act))
    }

    fn find(&self, sid: u32) -> Option<&Session> {
        self.place(sid).ok().and_then(|place| self.sessions.get(place))
    }

    fn place(&self, sid: u32) -> Result<usize> {
        self.sessions.binary_search_by_key(&sid, Session::sid).map_err(|_| checks::UNKNOWN)
    }

    /// A choice that a registration made ends when another session comes to the fore (SESSIONS-014).
    fn outdo_registration(&mut self, sid: u32) {
        self.choice = self.choice.filter(|choice| choice.explicit || choice.sid == sid);
    }

    /// Finds out who is now playing after a change, and prints it where it is another one; tells whether it is.
    fn settle(&mut self, changed: bool, lines: &mut dyn Lines) -> bool {
        let current = self.choice.map(|choice| choice.sid).or_else(|| self.ranked());
        let moved = current != self.current;
        self.current = current;
        let offer = self.offer.filter(|candidate| Some(*candidate) != current);
        let ended = offer != self.offer;
        self.offer = offer;
        if let Some(sid) = current.filter(|_| moved) {
            lines.line(&format_args!("media: active sid={sid}"));
        }
        self.changed_if(changed || moved || ended);
        moved
    }

    /// Who is now playing where nobody was chosen (SESSIONS-012).
    fn ranked(&self) -> Option<u32> {
        let rank = |session: &Session| (session.gain(), session.last_begin(), Reverse(session.sid()));
        let known = self.sessions.iter().filter(|session| session.gain() || session.last_begin() > 0);
        known.max_by_key(|session| rank(session)).map(Session::sid)
    }

    fn changed_if(&mut self, changed: bool) {
        self.revision = self.revision.saturating_add(u64::from(changed));
    }
}
