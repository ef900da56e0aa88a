//! Playback, positions and keys, with the mistakes in them.

use super::{Flaw, Wrong};
use spec::ErrorCode;
use spec::sessions::{Act, Command, Consumed, Key, Obs};

impl Wrong {
    pub(super) fn outdo(&mut self, sid: u32) {
        let ends = |explicit: bool| !explicit || self.is(Flaw::PlayEndsChoice);
        if self.choice.is_some_and(|(chosen, explicit)| chosen != sid && ends(explicit)) {
            self.choice = None;
        }
    }

    pub(super) fn set_playing(&mut self, sid: u32, playing: bool) -> Result<bool, ErrorCode> {
        let place = self.place(sid)?;
        let same = self.sessions[place].info.playing == playing;
        let state = if playing { "playing" } else { "paused" };
        if same && !(playing && self.is(Flaw::PlayTwiceBegins)) {
            if playing && self.is(Flaw::LineAtEachPlay) {
                let position = self.position(&self.sessions[place]);
                self.lines.push(format!("media: state sid={sid} {state} pos={position}"));
            }
            return Ok(false);
        }
        let (position, now, begins) = (self.position(&self.sessions[place]), self.now, self.begins + 1);
        let (clock, flaw) = (!self.config.audiod, self.flaw);
        let session = &mut self.sessions[place];
        session.info.playing = playing;
        if clock {
            (session.base, session.since) = (position, now);
        }
        if playing {
            session.begun = begins;
            if session.first_begun == 0 {
                session.first_begun = begins;
            }
            self.begins = begins;
            self.outdo(sid);
        }
        if playing && flaw == Flaw::PlayPausesOthers {
            let others = self.sessions.iter_mut().filter(|session| session.info.sid != sid);
            others.for_each(|session| session.info.playing = false);
        }
        if !playing && flaw == Flaw::OfferEndsWithPause {
            self.offer = None;
        }
        if !playing
            && flaw == Flaw::PauseAccepts
            && self.current() == Some(sid)
            && let Some(candidate) = self.offer.take()
        {
            self.choice = Some((candidate, true));
        }
        let shown = if !playing && flaw == Flaw::PausedLineAtZero { 0 } else { self.position(&self.sessions[place]) };
        self.lines.push(format!("media: state sid={sid} {state} pos={shown}"));
        Ok(true)
    }

    pub(super) fn stop(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        let place = self.place(sid)?;
        let (flaw, now) = (self.flaw, self.now);
        let session = &mut self.sessions[place];
        if flaw != Flaw::StopKeepsPosition {
            (session.base, session.frames, session.since) = (0, 0, now);
        }
        if flaw != Flaw::StopKeepsTarget {
            session.info.target_ms = None;
        }
        if flaw == Flaw::StopPlaysOn { Ok(Obs::Switched(false)) } else { self.set_playing(sid, false).map(Obs::Switched) }
    }

    pub(super) fn seek(&mut self, sid: u32, ms: Option<u64>, by: i64) -> Result<Obs, ErrorCode> {
        let place = self.place(sid)?;
        let session = &self.sessions[place];
        let any = if ms.is_some() { Flaw::SeeksAnything } else { Flaw::StepsAnything };
        if !session.info.seekable && !self.is(any) {
            return Err(ErrorCode::NotSeekable);
        }
        let position = self.position(session);
        let from = if self.is(Flaw::StepsFromPosition) { position } else { session.info.target_ms.unwrap_or(position) };
        let step = || if self.is(Flaw::StepsWrap) { from.wrapping_add_signed(by) } else { from.saturating_add_signed(by) };
        let to = ms.unwrap_or_else(step);
        let target = match session.info.metadata.duration_ms {
            Some(duration) if !(self.is(Flaw::SeekUnclamped) && ms.is_some()) => to.min(duration),
            None if self.is(Flaw::UnknownDurationIsZero) => 0,
            _ => to,
        };
        let (audiod, now, flaw) = (self.config.audiod, self.now, self.flaw);
        let session = &mut self.sessions[place];
        if !audiod {
            (session.base, session.since) = (target, now);
        } else if flaw == Flaw::SeekAtOnce {
            (session.base, session.frames) = (target, 0);
        } else {
            session.info.target_ms = Some(target);
        }
        Ok(Obs::Target(target))
    }

    pub(super) fn key(&mut self, key: Key) -> Result<Obs, ErrorCode> {
        let playing = self.sessions.iter().find(|session| session.info.playing).map(|session| session.info.sid);
        let meant = if self.is(Flaw::KeysMeanWhoPlays) { playing.or(self.current()) } else { self.current() };
        let first = self.sessions.first().map(|session| session.info.sid).filter(|_| self.is(Flaw::KeysWithoutCurrent));
        let sid = meant.or(first).ok_or(ErrorCode::NoCurrentSession)?;
        let plays = self.find(sid).is_some_and(|session| session.info.playing);
        let act = match key {
            Key::Play => Act::Play,
            Key::Pause => Act::Pause,
            Key::Toggle if plays && !self.is(Flaw::ToggleOnlyPlays) => Act::Pause,
            Key::Toggle => Act::Play,
            Key::Stop => Act::Stop,
            Key::Next => Act::Next,
            Key::Prev => Act::Prev,
            Key::VolumeUp => Act::VolumeUp,
            Key::VolumeDown => Act::VolumeDown,
            Key::Mute => Act::Mute,
        };
        match act {
            Act::Play => drop(self.set_playing(sid, true)?),
            Act::Pause => drop(self.set_playing(sid, false)?),
            Act::Stop if self.is(Flaw::StopKeyPauses) => drop(self.set_playing(sid, false)?),
            Act::Stop => drop(self.stop(sid)?),
            Act::Next => drop(self.command(sid, Command::Next)?),
            Act::Prev if self.is(Flaw::PrevKeyIsLost) => {}
            Act::Prev => drop(self.command(sid, Command::Prev)?),
            Act::VolumeUp | Act::VolumeDown | Act::Mute => {}
        }
        Ok(Obs::Key { sid, act })
    }

    pub(super) fn blocks(&mut self, blocks: u64, consumed: Option<&[Consumed]>) {
        for session in &mut self.sessions {
            let waits = self.flaw == Flaw::PausedSeekWaits && !session.info.playing;
            if blocks > 0
                && !waits
                && let Some(target) = session.info.target_ms.take()
            {
                session.base = target;
                session.frames = if self.flaw == Flaw::SeekKeepsFrames { session.frames } else { 0 };
            }
            let named = |consumed: &[Consumed]| consumed.iter().any(|entry| entry.sid == session.info.sid);
            let sum = |consumed: &[Consumed]| {
                let own = consumed.iter().filter(|entry| entry.sid == session.info.sid);
                own.map(|entry| u64::from(entry.frames)).sum()
            };
            let frames = match consumed {
                None => 480 * blocks,
                Some(consumed) if self.flaw == Flaw::BlocksAreWhole && named(consumed) => 480,
                Some(consumed) if self.flaw == Flaw::StarvedAdvance && !named(consumed) => 480,
                Some(consumed) => sum(consumed),
            };
            if session.info.playing || self.flaw == Flaw::PausedAdvance {
                session.frames += if self.flaw == Flaw::DropsFractions { frames / 48 * 48 } else { frames };
            }
        }
    }

    pub(super) fn block(&mut self, consumed: &[Consumed]) -> Result<Obs, ErrorCode> {
        let max = if self.is(Flaw::FramesOneMore) { 481 } else { 480 };
        for (place, entry) in consumed.iter().enumerate() {
            let fault = self.place(entry.sid).err();
            let apart = if self.is(Flaw::EntriesApart) { &consumed[place..=place] } else { &consumed[..=place] };
            let all: u64 = apart.iter().filter(|other| other.sid == entry.sid).map(|entry| u64::from(entry.frames)).sum();
            if let Some(code) = fault.or((all > max).then_some(ErrorCode::OutOfRange)) {
                if self.is(Flaw::BlockInParts) {
                    self.blocks(1, Some(&consumed[..place]));
                }
                return Err(code);
            }
        }
        self.blocks(1, Some(consumed));
        Ok(Obs::Done)
    }
}
