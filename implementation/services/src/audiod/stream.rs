//! A stream: where its frames come from and what it is mixed with.

use super::{Block, Result};
use crate::ducking::Ramp;
use crate::volume::compose;
use alloc::borrow::ToOwned;
use alloc::string::String;
use audio::AudioError;
use audio::ring::{Consumer, Pull, SharedMemory};
use audio::tone::Tone;
use spec::ErrorCode;
use spec::format::BLOCK_FRAMES;
use spec::gain::GAIN_DB_Q8_8_MIN;
use spec::ring::RING_WRITE_FRAMES_MAX;

/// The consumer's end of a ring, as the engine sees it.
pub trait Feed {
    /// As [`Consumer::pull`].
    ///
    /// # Errors
    /// As there.
    fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<Pull>;

    /// Frames that can be read now.
    fn fill(&self) -> u32;

    /// Frames read so far.
    fn position(&self) -> u64;

    /// Whether the client's counters were impossible.
    fn is_faulted(&self) -> bool;
}

impl<M: SharedMemory> Feed for Consumer<M> {
    fn pull(&mut self, frames: u32, out: &mut [i16]) -> Result<Pull> {
        Self::pull(self, frames, out)
    }

    fn fill(&self) -> u32 {
        Self::fill(self)
    }

    fn position(&self) -> u64 {
        Self::position(self)
    }

    fn is_faulted(&self) -> bool {
        Self::is_faulted(self)
    }
}

/// Where frames come from.
pub enum Source<F> {
    /// A client's ring.
    Ring(F),
    /// A tone of so many frames.
    Tone { tone: Tone, frames: u64 },
}

/// What a stream gave to a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Frames of the stream.
    pub frames: u32,
    /// Frames that an underrun misses.
    pub missing: u32,
}

/// An open stream.
pub struct Stream<F> {
    pub number: u32,
    pub owner: u64,
    /// The mixer's slot.
    pub slot: u32,
    pub app: String,
    source: Source<F>,
    pub playing: bool,
    db: i32,
    pub muted: bool,
    session_db: i32,
    pub session_muted: bool,
    /// Of the session's app.
    app_db: i32,
    app_muted: bool,
    pub duck: Ramp,
}

impl<F: Feed> Stream<F> {
    pub fn new(number: u32, owner: u64, slot: u32, app: &str, source: Source<F>, playing: bool) -> Self {
        Self {
            number,
            owner,
            slot,
            app: app.to_owned(),
            source,
            playing,
            db: 0,
            muted: false,
            session_db: 0,
            session_muted: false,
            app_db: 0,
            app_muted: false,
            duck: Ramp::default(),
        }
    }

    /// The samples of a block; a stream that does not play gives none (AUDIOD-009), and one whose client forged its counters
    /// falls silent (AUDIOD-025).
    pub fn pull(&mut self, lane: &mut Block) -> Given {
        if !self.playing {
            return Given::default();
        }
        match &mut self.source {
            Source::Ring(feed) => match feed.pull(BLOCK_FRAMES, lane) {
                Ok(pull) if pull.underrun => Given { frames: pull.frames, missing: BLOCK_FRAMES.saturating_sub(pull.frames) },
                Ok(pull) => Given { frames: pull.frames, missing: 0 },
                Err(_) => Given::default(),
            },
            Source::Tone { tone, .. } => {
                let left = tone.remaining();
                let remaining = tone.pull(BLOCK_FRAMES, lane).unwrap_or_default();
                Given { frames: left.saturating_sub(remaining) as u32, missing: 0 }
            }
        }
    }

    /// Whether it is a tone that has come to its end.
    pub fn has_ended(&self) -> bool {
        matches!(&self.source, Source::Tone { tone, .. } if tone.remaining() == 0)
    }

    /// Source frames consumed (AUDIOD-010).
    pub fn position(&self) -> u64 {
        match &self.source {
            Source::Ring(feed) => feed.position(),
            Source::Tone { tone, frames } => frames.saturating_sub(tone.remaining()),
        }
    }

    /// The frames in its ring; a tone has none.
    pub fn fill(&self) -> Option<u32> {
        match &self.source {
            Source::Ring(feed) => Some(feed.fill()),
            Source::Tone { .. } => None,
        }
    }

    pub fn start(&mut self) -> Result<()> {
        self.check_fault()?;
        self.playing = true;
        Ok(())
    }

    pub fn check_write(&self, frames: u32) -> Result<()> {
        if matches!(self.source, Source::Tone { .. }) {
            return Err(AudioError::plain(
                ErrorCode::NotARing,
                "the stream is a tone, which takes no samples",
                "open a stream to write to",
            ));
        }
        if frames > RING_WRITE_FRAMES_MAX {
            let range = (0, RING_WRITE_FRAMES_MAX);
            return Err(AudioError::range(ErrorCode::OversizedInput, "the frames of a write", frames, range, "write in parts"));
        }
        self.check_fault()
    }

    /// Lays gain and mute of a session and of its app over the stream. The gains are within their range.
    pub fn lay(&mut self, session: (i32, bool), app: (i32, bool)) {
        (self.session_db, self.session_muted) = session;
        (self.app_db, self.app_muted) = app;
    }

    pub fn check_fault(&self) -> Result<()> {
        if matches!(&self.source, Source::Ring(feed) if feed.is_faulted()) {
            let what = "the stream has faulted: its client wrote impossible counters";
            return Err(AudioError::plain(ErrorCode::RingFault, what, "close it and open another"));
        }
        Ok(())
    }

    pub fn set_gain(&mut self, db: i32) -> Result<()> {
        audio::gain::factor(db)?;
        self.db = db;
        Ok(())
    }

    pub fn set_session_gain(&mut self, db: i32) -> Result<()> {
        audio::gain::factor(db)?;
        self.session_db = db;
        Ok(())
    }

    /// The gain of the next block, in Q8.8 dB: stream, session, app and duck together; nothing where its samples are not heard
    /// (AUDIOD-004, AUDIOD-005).
    pub fn gain(&self) -> Option<i32> {
        let gain = compose([self.db, self.session_db, self.app_db, self.duck.value()]);
        let muted = self.muted || self.session_muted || self.app_muted;
        (!muted && gain > GAIN_DB_Q8_8_MIN).then_some(gain)
    }
}
