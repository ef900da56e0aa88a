//! Playback and positions: what begins and ends to play, and how far it is.

use super::{Registry, checks};
use crate::Result;
use crate::error::ServiceError;
use crate::lines::Lines;
use spec::ErrorCode;
use spec::format::BLOCK_FRAMES;
use spec::sessions::{Consumed, SESSIONS_MAX, SESSIONS_TICK_BLOCKS_MAX};

impl Registry {
    /// Lets a session play; tells whether it paused before (SESSIONS-004).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn play(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<bool> {
        let switched = self.switch(sid, true, lines)?;
        self.settle(switched, lines);
        Ok(switched)
    }

    /// Pauses a session; tells whether it played before (SESSIONS-004).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn pause(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<bool> {
        let switched = self.switch(sid, false, lines)?;
        self.settle(switched, lines);
        Ok(switched)
    }

    /// Pauses a session at 0; tells whether it played before (SESSIONS-005).
    ///
    /// # Errors
    /// `unknown_session`.
    pub fn stop(&mut self, sid: u32, lines: &mut dyn Lines) -> Result<bool> {
        let (place, time) = (self.place(sid)?, self.time);
        let moved = self.sessions.get_mut(place).is_some_and(|session| session.rewind(time));
        let switched = self.switch(sid, false, lines)?;
        self.settle(moved || switched, lines);
        Ok(switched)
    }

    /// Seeks a session; gives the target, clamped, which the next block reaches (SESSIONS-009).
    ///
    /// # Errors
    /// `unknown_session`, `not_seekable` (SESSIONS-011).
    pub fn seek(&mut self, sid: u32, ms: u64) -> Result<u64> {
        self.seek_to(sid, |_| ms)
    }

    /// Seeks a session by so many milliseconds from where it is going, or else from where it is (SESSIONS-010).
    ///
    /// # Errors
    /// `unknown_session`, `not_seekable`.
    pub fn seek_by(&mut self, sid: u32, ms: i64) -> Result<u64> {
        self.seek_to(sid, |from| from.saturating_add_signed(ms))
    }

    fn seek_to(&mut self, sid: u32, to: impl FnOnce(u64) -> u64) -> Result<u64> {
        let (place, time) = (self.place(sid)?, self.time);
        let session = self.sessions.get_mut(place).ok_or(checks::UNKNOWN)?;
        if !session.seekable() {
            return Err(checks::NOT_SEEKABLE);
        }
        let (target, changed) = session.seek(to, time);
        self.changed_if(changed);
        Ok(target)
    }

    /// A block of audiod, with the frames that it consumed of each session; of sessions that are not named it consumed none
    /// (SESSIONS-006, SESSIONS-007). Waiting seeks take effect before. It allocates nothing (SESSIONS-026).
    ///
    /// # Errors
    /// `wrong_time_source`, `unknown_session`, `out_of_range` where a session's frames are more than a block's (SESSIONS-024).
    pub fn block(&mut self, consumed: &[Consumed]) -> Result<()> {
        self.time.check_blocks()?;
        let mut frames = [0_u32; SESSIONS_MAX as usize];
        for entry in consumed {
            let place = self.place(entry.sid)?;
            let all = frames.get_mut(place).ok_or(checks::UNKNOWN)?;
            *all = all.saturating_add(entry.frames);
            if *all > BLOCK_FRAMES {
                return Err(checks::frames_over_block(*all));
            }
        }
        let mut sought = false;
        for (session, frames) in self.sessions.iter_mut().zip(frames) {
            sought |= session.advance(u64::from(frames));
        }
        self.changed_if(sought);
        Ok(())
    }

    /// So many blocks, each of which consumed all frames of every session that plays.
    ///
    /// # Errors
    /// `wrong_time_source`, `out_of_range` for more than `SESSIONS_TICK_BLOCKS_MAX` blocks (SESSIONS-024).
    pub fn tick(&mut self, blocks: u32) -> Result<()> {
        self.time.check_blocks()?;
        if blocks > SESSIONS_TICK_BLOCKS_MAX {
            let range = (0, SESSIONS_TICK_BLOCKS_MAX);
            return Err(ServiceError::range(ErrorCode::OutOfRange, "the number of blocks", blocks, range, "tell them in several calls"));
        }
        if blocks == 0 {
            return Ok(());
        }
        let frames = u64::from(blocks).saturating_mul(u64::from(BLOCK_FRAMES));
        let mut sought = false;
        for session in &mut self.sessions {
            sought |= session.advance(frames);
        }
        self.changed_if(sought);
        Ok(())
    }

    /// Sets the clock of a registry without audiod, in nanoseconds (SESSIONS-023).
    ///
    /// # Errors
    /// `wrong_time_source` (SESSIONS-024).
    pub fn set_now(&mut self, ns: u64) -> Result<()> {
        self.time.set(ns)
    }

    /// Plays or pauses a session and prints so; tells whether it was otherwise. [`settle`](Self::settle) follows.
    pub(super) fn switch(&mut self, sid: u32, playing: bool, lines: &mut dyn Lines) -> Result<bool> {
        let (place, time) = (self.place(sid)?, self.time);
        let begin = self.last_begin.saturating_add(1);
        let session = self.sessions.get_mut(place).ok_or(checks::UNKNOWN)?;
        if !session.switch(playing, begin, time) {
            return Ok(false);
        }
        let (state, position) = (if playing { "playing" } else { "paused" }, session.position_ms(time));
        lines.line(&format_args!("media: state sid={sid} {state} pos={position}"));
        if playing {
            self.last_begin = begin;
            self.outdo_registration(sid);
        }
        Ok(true)
    }
}
