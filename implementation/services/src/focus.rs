//! Which media sessions may play, and which give way.
//!
//! A session is a bit, and everything that is known of sessions is a set of bits, so that a rule of the focus table is a few
//! logical operations on sets. Nothing here allocates memory (FOCUS-020).

mod changes;
mod slots;

pub use changes::Changes;

use crate::Result;
use crate::error::{ServiceError, length};
use slots::{Set, Slots, bits};
use spec::ErrorCode;
use spec::focus::{Class, Ducks, FOCUS_SESSIONS_MAX, Held, Kind, Playback, Session, What, Why};

/// The focus of all media sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    auto_resume: bool,
    slots: Slots,
    /// Sessions with focus, by kind.
    gain: Set,
    transient: Set,
    /// Sessions that want to play. Each has focus (FOCUS-D4).
    wants: Set,
    /// Those of them that do; the others wait.
    plays: Set,
    /// The ducks as they were told last: classes are ducked as a whole.
    music: Ducks,
    ui: Ducks,
    /// Number of the last request.
    request: u64,
    /// Number of the last moment at which focus paused somebody.
    moment: u64,
    changes: Changes,
}

impl Focus {
    /// No session. `auto_resume`: whether sessions that focus has paused play again when nothing pauses them any more.
    pub const fn new(auto_resume: bool) -> Self {
        let ducks = Ducks { duck_db: false, duck_db_ui: false };
        Self {
            auto_resume,
            slots: Slots::new(),
            gain: 0,
            transient: 0,
            wants: 0,
            plays: 0,
            music: ducks,
            ui: ducks,
            request: 0,
            moment: 0,
            changes: Changes::new(),
        }
    }

    /// What the last operation that was not rejected changed, in order.
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Registers a session, which takes no focus (FOCUS-001). It is told of as ducked if its class is.
    ///
    /// # Errors
    /// `out_of_range` for the number 0, `duplicate_session`, `too_many_sessions` (FOCUS-002), in this order. Nothing has changed then.
    pub fn register(&mut self, sid: u32, class: Class) -> Result<&Changes> {
        if sid == 0 {
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the session's number", sid, (1, u32::MAX), "count from 1"));
        }
        let Err(place) = self.slots.find(sid) else {
            return Err(ServiceError::plain(ErrorCode::DuplicateSession, "there is a session of this number", "close it first"));
        };
        if self.slots.len() >= FOCUS_SESSIONS_MAX as usize {
            let with_it = length(self.slots.len()).saturating_add(1);
            let range = (0, FOCUS_SESSIONS_MAX);
            return Err(ServiceError::range(
                ErrorCode::TooManySessions,
                "the number of sessions",
                with_it,
                range,
                "close another one first",
            ));
        }
        self.slots.insert(place, sid, class);
        self.each_set(|set| slots::open(set, place));
        self.changes.clear();
        self.tell_duck(sid, self.ducks_of(class), Ducks::default());
        Ok(&self.changes)
    }

    /// Closes a session: all that it did to others ends (FOCUS-014).
    ///
    /// # Errors
    /// `unknown_session` (FOCUS-002). Nothing has changed then.
    pub fn close(&mut self, sid: u32) -> Result<&Changes> {
        let place = self.place(sid)?;
        self.slots.remove(place);
        self.each_set(|set| slots::close(set, place));
        self.changes.clear();
        Ok(self.settle())
    }

    /// Gives a session focus of that kind under the next number (FOCUS-003); a gain takes the gain of its class from its owner
    /// (FOCUS-004, FOCUS-005).
    ///
    /// # Errors
    /// `unknown_session` (FOCUS-002). Nothing has changed then.
    pub fn request(&mut self, sid: u32, kind: Kind) -> Result<&Changes> {
        let place = self.place(sid)?;
        self.changes.clear();
        self.grant(place, kind);
        Ok(self.settle())
    }

    /// Takes a session's focus, and stops it (FOCUS-013).
    ///
    /// # Errors
    /// `unknown_session` (FOCUS-002), `focus_not_held`, in this order. Nothing has changed then.
    pub fn abandon(&mut self, sid: u32) -> Result<&Changes> {
        let place = self.place(sid)?;
        if !slots::has(self.gain | self.transient, place) {
            return Err(ServiceError::plain(ErrorCode::FocusNotHeld, "the session has no focus", "abandon once for each grant"));
        }
        self.changes.clear();
        self.take(place, Why::Abandoned);
        Ok(self.settle())
    }

    /// Lets a session play, by the user's wish; asks for gain if it has no focus (FOCUS-006). Under what pauses it the session
    /// waits (FOCUS-009).
    ///
    /// # Errors
    /// `unknown_session` (FOCUS-002), and without auto-resume `focus_preempted` (FOCUS-012). Nothing has changed then.
    pub fn play(&mut self, sid: u32) -> Result<&Changes> {
        let place = self.place(sid)?;
        if slots::has(self.wants, place) {
            self.changes.clear();
            return Ok(&self.changes);
        }
        let asks = !slots::has(self.gain | self.transient, place);
        if !self.auto_resume && self.comes_second(place, asks) {
            let advice = "play it again when that one has ended";
            return Err(ServiceError::plain(ErrorCode::FocusPreempted, "a session that comes first plays", advice));
        }
        self.changes.clear();
        if asks {
            self.grant(place, Kind::Gain);
        }
        self.wants |= slots::bit(place);
        self.slots.set_moment(place, 0);
        Ok(self.settle())
    }

    /// Pauses a session, by the user's wish: it stops, or does not wait any more (FOCUS-011).
    ///
    /// # Errors
    /// `unknown_session` (FOCUS-002). Nothing has changed then.
    pub fn pause(&mut self, sid: u32) -> Result<&Changes> {
        let place = self.place(sid)?;
        self.changes.clear();
        self.stop(place, Why::User);
        Ok(self.settle())
    }

    /// Every session, in the order of numbers (FOCUS-001).
    pub fn sessions(&self) -> impl Iterator<Item = Session> {
        self.slots.places().map(|place| self.session_at(place))
    }

    /// A session.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn session(&self, sid: u32) -> Result<Session> {
        self.place(sid).map(|place| self.session_at(place))
    }

    fn session_at(&self, place: usize) -> Session {
        let class = self.slots.class(place);
        let kind = match (slots::has(self.gain, place), slots::has(self.transient, place)) {
            (true, _) => Some(Kind::Gain),
            (false, true) => Some(Kind::Transient),
            (false, false) => None,
        };
        let playback = match (slots::has(self.plays, place), slots::has(self.wants, place)) {
            (true, _) => Playback::Playing,
            (false, true) => Playback::Waiting,
            (false, false) => Playback::Paused,
        };
        let focus = kind.map(|kind| Held { kind, request: self.slots.request(place) });
        Session { sid: self.slots.sid(place), class, playback, focus, ducks: self.ducks_of(class) }
    }

    fn place(&self, sid: u32) -> Result<usize> {
        let unknown = ServiceError::plain(ErrorCode::UnknownSession, "there is no session of that number", "register it first");
        self.slots.find(sid).map_err(|_| unknown)
    }

    fn each_set(&mut self, change: impl Fn(Set) -> Set) {
        for set in [&mut self.gain, &mut self.transient, &mut self.wants, &mut self.plays] {
            *set = change(*set);
        }
    }

    const fn ducks_of(&self, class: Class) -> Ducks {
        match class {
            Class::Music => self.music,
            Class::Ui => self.ui,
            // Nothing lowers talk and alarms.
            Class::Comms | Class::Alarm => Ducks { duck_db: false, duck_db_ui: false },
        }
    }

    fn grant(&mut self, place: usize, kind: Kind) {
        let this = slots::bit(place);
        if kind == Kind::Gain {
            let owner = self.gain & self.slots.of(self.slots.class(place)) & !this;
            bits(owner).for_each(|owner| self.take(owner, Why::Stolen));
        }
        (self.gain, self.transient) = match kind {
            Kind::Gain => (self.gain | this, self.transient & !this),
            Kind::Transient => (self.gain & !this, self.transient | this),
        };
        self.request = self.request.wrapping_add(1);
        self.slots.set_request(place, self.request);
    }

    fn take(&mut self, place: usize, why: Why) {
        self.stop(place, why);
        self.gain &= !slots::bit(place);
        self.transient &= !slots::bit(place);
    }

    fn stop(&mut self, place: usize, why: Why) {
        if slots::has(self.wants, place) {
            self.wants &= !slots::bit(place);
            self.plays &= !slots::bit(place);
            self.changes.push(self.slots.sid(place), What::Paused(why));
        }
    }

    /// Whether something would pause the session if it played; `asks` if it would ask for gain before, and so take the gain of its
    /// class and have the newest request of all.
    fn comes_second(&self, place: usize, asks: bool) -> bool {
        let alarms = self.wants & self.slots.of(Class::Alarm);
        if self.slots.class(place) != Class::Alarm {
            return alarms != 0;
        }
        !asks && bits(alarms).any(|other| self.slots.request(other) > self.slots.request(place))
    }

    /// The sessions that may play: the newest alarm alone, or everybody where there is none (FOCUS-007, FOCUS-008).
    fn admitted(&self) -> Set {
        let alarms = self.wants & self.slots.of(Class::Alarm);
        let newest = bits(alarms).max_by_key(|place| (self.slots.request(*place), *place));
        newest.map_or(self.wants, slots::bit)
    }

    /// Brings what plays in line with who wants to, and what is ducked in line with what plays, and tells what changed, in the
    /// order of FOCUS-018.
    fn settle(&mut self) -> &Changes {
        let admitted = self.admitted();
        let paused = self.plays & !admitted;
        let deferred = self.wants & !self.plays & !admitted;
        let mut starting = admitted & !self.plays;
        self.plays = admitted;
        self.moment = self.moment.wrapping_add(1);
        for place in bits(paused) {
            self.changes.push(self.slots.sid(place), What::Paused(Why::Focus));
            self.slots.set_moment(place, self.moment);
        }
        if !self.auto_resume {
            self.wants &= !paused;
        }
        // A session that was just let play has no moment yet.
        for place in bits(deferred) {
            if self.slots.moment(place) == 0 {
                self.changes.push(self.slots.sid(place), What::Deferred);
                self.slots.set_moment(place, self.moment);
            }
        }
        // FOCUS-010: at most sixteen, so that looking for the earliest again and again is quick.
        while let Some(place) = bits(starting).min_by_key(|place| (self.slots.moment(*place), *place)) {
            starting &= !slots::bit(place);
            let what = if self.slots.moment(place) == 0 { What::Playing } else { What::Resumed };
            self.changes.push(self.slots.sid(place), what);
        }
        self.duck();
        &self.changes
    }

    /// FOCUS-015 to FOCUS-017.
    fn duck(&mut self) {
        let duck_db = self.plays & self.slots.of(Class::Comms) != 0;
        let duck_db_ui = self.plays & self.slots.of(Class::Ui) & self.transient != 0;
        let (music, ui) = (Ducks { duck_db, duck_db_ui }, Ducks { duck_db, duck_db_ui: false });
        if (music, ui) == (self.music, self.ui) {
            return;
        }
        let (music_before, ui_before) = (self.music, self.ui);
        (self.music, self.ui) = (music, ui);
        let (musics, uis) = (self.slots.of(Class::Music), self.slots.of(Class::Ui));
        for place in bits(musics | uis) {
            let (now, before) = if slots::has(musics, place) { (music, music_before) } else { (ui, ui_before) };
            self.tell_duck(self.slots.sid(place), now, before);
        }
    }

    fn tell_duck(&mut self, sid: u32, now: Ducks, before: Ducks) {
        if now != before {
            let what = if now == Ducks::default() { What::Unducked } else { What::Ducked(now) };
            self.changes.push(sid, what);
        }
    }
}
