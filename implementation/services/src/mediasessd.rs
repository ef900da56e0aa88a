//! The media sessions over audiod's streams.
//!
//! A session stands over one stream of the app that published it. What is asked goes to the part that decides it (registry, focus, ducks,
//! volumes, metrics, artwork), and what that decides reaches the stream, the wake lock and the marker lines from here. Nothing here
//! asks for a capability: whoever calls has done so.

mod control;
mod tell;

use crate::Result;
use crate::artwork::{Cache, Limits as ArtworkLimits};
use crate::audiod::{Engine, Platform, check_app};
use crate::ducking::Ducking;
use crate::error::ServiceError;
use crate::focus::Focus;
use crate::lines::Lines;
use crate::metrics::{Metrics, Options};
use crate::sessions::{Limits, Registry};
use crate::volume::Overlays;
use crate::wakelock::{MediaLock, Powerd};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::ducking::{Config as Ducks, Rule};
use spec::focus::{Change, Kind, Playback as Wanted, What};
use spec::gain::GAIN_DB_STEPS_PER_DB;
use spec::media::Class;
use spec::media_config::Values;
use spec::metrics::Block;
use spec::sessions::{Consumed, SESSIONS_MAX};
use spec::wakelock::Playback;

/// The marker of a session that begins to play.
pub const PLAYING: &str = "mediasession: playing";

/// What lowers a session: focus by its two rules, and a duck that somebody asked for by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Causes {
    duck_db: bool,
    duck_db_ui: bool,
    named: bool,
}

impl Causes {
    const fn any(self) -> bool {
        self.duck_db || self.duck_db_ui || self.named
    }

    /// Each with its number among the causes of a duck, and its rule.
    const fn each(self) -> [(bool, u32, Rule); 3] {
        [(self.duck_db, 1, Rule::DuckDb), (self.duck_db_ui, 2, Rule::DuckDbUi), (self.named, 3, Rule::DuckDb)]
    }
}

/// A session over a stream.
#[derive(Clone, Copy, Debug)]
struct Over {
    sid: u32,
    stream: u32,
    causes: Causes,
    /// Source frames that audiod has consumed of the stream.
    position: u64,
}

/// The session service.
pub struct Mediasessd {
    values: Values,
    registry: Registry,
    focus: Focus,
    ducking: Ducking,
    volumes: Overlays,
    metrics: Metrics,
    artwork: Cache,
    /// In the order of numbers.
    over: Vec<Over>,
    /// What audiod consumed in a block; kept, so that a tick allocates nothing.
    consumed: Vec<Consumed>,
    lock: MediaLock,
}

/// What the session service works with.
pub struct Around<'a, P: Platform> {
    /// The audio service.
    pub engine: &'a mut Engine<P>,
    /// The power service.
    pub powerd: &'a mut Powerd,
    /// Where marker lines go.
    pub lines: &'a mut dyn Lines,
}

impl Mediasessd {
    /// Starts the service, which says that it is ready.
    ///
    /// # Errors
    /// `out_of_range` for values that media-config would not have let through.
    pub fn start(values: &Values, lines: &mut dyn Lines) -> Result<Self> {
        let limits = &values.limits;
        let registry = Limits { sessions: limits.sessions, commands: limits.queued_events, text_bytes: limits.text_bytes };
        let ducks = Ducks {
            duck_db_q8_8: values.duck.duck_db.saturating_mul(GAIN_DB_STEPS_PER_DB),
            duck_db_ui_q8_8: values.duck.duck_db_ui.saturating_mul(GAIN_DB_STEPS_PER_DB),
            ramp_ms: values.duck.ramp_ms,
        };
        Ok(Self {
            values: *values,
            registry: Registry::start(registry, lines)?,
            focus: Focus::new(values.focus.auto_resume),
            ducking: Ducking::new(ducks)?,
            volumes: Overlays::default(),
            metrics: Metrics::new(Options { export: values.metrics.export, interval_blocks: values.metrics.interval_blocks })?,
            artwork: Cache::new(ArtworkLimits { entries: limits.artworks, bytes: limits.artwork_bytes })?,
            over: Vec::with_capacity(SESSIONS_MAX as usize),
            consumed: Vec::with_capacity(SESSIONS_MAX as usize),
            lock: MediaLock::default(),
        })
    }

    fn find(&self, sid: u32) -> Result<Over> {
        self.over.iter().find(|over| over.sid == sid).copied().ok_or(UNKNOWN)
    }

    fn find_mut(&mut self, sid: u32) -> Result<&mut Over> {
        self.over.iter_mut().find(|over| over.sid == sid).ok_or(UNKNOWN)
    }

    /// Whether the session is one over a stream of the sender's.
    ///
    /// # Errors
    /// `unknown_session`, `unknown_stream`.
    pub fn owned<P: Platform>(&self, engine: &Engine<P>, sender: u64, sid: u32) -> Result<()> {
        engine.owned(sender, self.find(sid)?.stream)
    }

    /// Publishes a session of an app on a stream of the sender's; gives its number, which is never used again (SYSTEM-006).
    ///
    /// # Errors
    /// `invalid_app`, `unknown_stream`, `stream_has_session`, `too_many_sessions`.
    pub fn publish<P: Platform>(
        &mut self,
        around: &mut Around<'_, P>,
        sender: u64,
        app: &str,
        stream: u32,
        class: Class,
        seekable: bool,
    ) -> Result<u32> {
        check_app(app)?;
        around.engine.owned(sender, stream)?;
        let position = around.engine.position_of(stream).unwrap_or(0);
        if self.over.iter().any(|over| over.stream == stream) {
            let what = "there is a session over the stream";
            return Err(ServiceError::plain(ErrorCode::StreamHasSession, what, "withdraw it first, or open another stream"));
        }
        let sid = self.registry.publish(app, class, seekable, around.lines)?;
        self.over.push(Over { sid, stream, causes: Causes::default(), position });
        // Each of these has room for as many sessions as the registry.
        self.ducking.open(sid)?;
        self.volumes.open(sid, app)?;
        self.metrics.open(sid)?;
        self.focus.register(sid, class)?;
        self.follow(around)?;
        self.lay(around.engine);
        Ok(sid)
    }

    /// Withdraws a session; its stream stays as it is.
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn withdraw<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32) -> Result<()> {
        let over = self.find(sid)?;
        self.focus.close(sid)?;
        around.engine.lay(over.stream, (0, false), (0, false));
        around.engine.duck_by(over.stream, 0);
        self.over.retain(|other| other.sid != sid);
        self.registry.withdraw(sid, around.lines)?;
        self.ducking.close(sid)?;
        self.volumes.close(sid)?;
        self.metrics.close(sid)?;
        self.lock.update(Some(around.powerd), sid, Playback::Stopped, around.lines)?;
        self.follow(around)
    }

    /// Drops the sessions whose streams are gone, as after a tone's end or its app's.
    ///
    /// # Errors
    /// What powerd rejects.
    pub fn reconcile<P: Platform>(&mut self, around: &mut Around<'_, P>) -> Result<()> {
        while let Some(over) = self.over.iter().find(|over| !around.engine.is_open(over.stream)).copied() {
            self.withdraw(around, over.sid)?;
        }
        Ok(())
    }

    /// Takes what focus decided with its last operation to streams, registry, ducks and the wake lock (SYSTEM-021).
    fn follow<P: Platform>(&mut self, around: &mut Around<'_, P>) -> Result<()> {
        let changes = *self.focus.changes();
        for Change { sid, what } in changes.iter().copied() {
            // A session that is gone is told of no more.
            let Ok(over) = self.find(sid) else { continue };
            match what {
                What::Deferred => {}
                What::Paused(_) => self.switch(around, &over, false)?,
                What::Playing | What::Resumed => {
                    self.switch(around, &over, true)?;
                    around.lines.line(&PLAYING);
                }
                What::Ducked(ducks) => {
                    self.lower(around, sid, |causes| Causes { duck_db: ducks.duck_db, duck_db_ui: ducks.duck_db_ui, ..causes })?;
                }
                What::Unducked => self.lower(around, sid, |causes| Causes { duck_db: false, duck_db_ui: false, ..causes })?,
            }
        }
        for session in self.focus.sessions() {
            let owner = session.focus.is_some_and(|held| held.kind == Kind::Gain);
            self.registry.set_gain(session.sid, owner, around.lines)?;
        }
        Ok(())
    }

    fn switch<P: Platform>(&mut self, around: &mut Around<'_, P>, over: &Over, playing: bool) -> Result<()> {
        around.engine.set_playing(over.stream, playing);
        if playing {
            self.registry.play(over.sid, around.lines)?;
        } else {
            self.registry.pause(over.sid, around.lines)?;
        }
        self.metrics.set_active(over.sid, playing)?;
        self.playback(around, over.sid, playing)
    }

    /// The wake lock is held while any session plays, ducked ones among them (SYSTEM-010).
    fn playback<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, playing: bool) -> Result<()> {
        let playback = match (playing, self.find(sid)?.causes.any()) {
            (false, _) => Playback::Paused,
            (true, false) => Playback::Playing,
            (true, true) => Playback::Ducked,
        };
        self.lock.update(Some(around.powerd), sid, playback, around.lines).map(|_| ())
    }

    fn plays(&self, sid: u32) -> bool {
        self.focus.session(sid).is_ok_and(|session| session.playback == Wanted::Playing)
    }

    /// Changes what lowers a session; the strongest cause counts (SYSTEM-008, SYSTEM-022).
    fn lower<P: Platform>(&mut self, around: &mut Around<'_, P>, sid: u32, change: impl FnOnce(Causes) -> Causes) -> Result<()> {
        let before = self.find(sid)?.causes;
        let now = change(before);
        for ((was, ..), (is, cause, rule)) in before.each().into_iter().zip(now.each()) {
            match (was, is) {
                (false, true) => self.ducking.duck(sid, cause, rule)?,
                (true, false) => self.ducking.unduck(sid, cause)?,
                _ => {}
            }
        }
        self.find_mut(sid)?.causes = now;
        if !before.any() && now.any() {
            let duck = self.values.duck;
            let depth = |rule| if rule == Rule::DuckDb { duck.duck_db } else { duck.duck_db_ui };
            let deepest = now.each().into_iter().filter(|(on, ..)| *on).map(|(_, _, rule)| depth(rule)).min().unwrap_or(0);
            // A depth of 0 lowers nothing.
            if deepest < 0 {
                around.lines.line(&format_args!("audiod: duck {deepest}dB"));
            }
        }
        self.playback(around, sid, self.plays(sid))
    }

    /// Lays gains and mutes of sessions and apps over their streams (SYSTEM-009, SYSTEM-023).
    fn lay<P: Platform>(&self, engine: &mut Engine<P>) {
        for over in &self.over {
            if let Ok(overlay) = self.volumes.overlay(over.sid) {
                let (session, app) = (overlay.own, overlay.of_app);
                engine.lay(over.stream, (session.db, session.muted), (app.db, app.muted));
            }
        }
    }

    /// Before a block: each stream gets what its session's duck adds to it. Allocates nothing.
    pub fn before_block<P: Platform>(&mut self, engine: &mut Engine<P>) {
        self.ducking.advance();
        for over in &self.over {
            engine.duck_by(over.stream, self.ducking.gain(over.sid).unwrap_or(0));
        }
    }

    /// After a block: how far each session came, and what audiod measured (SYSTEM-027, SYSTEM-028).
    ///
    /// # Errors
    /// None of a session that there is.
    pub fn after_block<P: Platform>(&mut self, engine: &Engine<P>) -> Result<()> {
        self.consumed.clear();
        for over in &mut self.over {
            // A stream that ended with this block ends its session.
            let Some(position) = engine.position_of(over.stream) else { continue };
            // A block's frames at most.
            let frames = position.saturating_sub(over.position) as u32;
            over.position = position;
            self.consumed.push(Consumed { sid: over.sid, frames });
            self.metrics.set_position(over.sid, position)?;
        }
        self.registry.block(&self.consumed)?;
        let stats = engine.current_stats();
        self.metrics.block(&Block {
            peak: stats.peak,
            clipped: stats.clipped,
            open_streams: stats.streams,
            underrun_events: stats.underrun_events,
            missing_frames: stats.missing_frames,
        });
        Ok(())
    }
}

const UNKNOWN: ServiceError =
    ServiceError::plain(ErrorCode::UnknownSession, "there is no session of that number", "use a number that publish gave");
