//! One session: what its app says, and where it is.

use super::checks;
use crate::Result;
use alloc::string::String;
use alloc::vec::Vec;
use spec::format::FRAMES_PER_MS;
use spec::media::Class;
use spec::sessions::{Command, SESSIONS_NS_PER_MS};

/// Where positions come from: a registry has one source and rejects the other (SESSIONS-024).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// audiod's blocks.
    Blocks,
    /// A clock that is set from outside.
    Clock { now_ns: u64 },
}

impl Time {
    pub(super) const fn check_blocks(self) -> Result<()> {
        match self {
            Self::Blocks => Ok(()),
            Self::Clock { .. } => Err(checks::NO_BLOCKS),
        }
    }

    pub(super) const fn set(&mut self, ns: u64) -> Result<()> {
        match self {
            Self::Blocks => Err(checks::NO_CLOCK),
            Self::Clock { now_ns } => {
                *now_ns = ns;
                Ok(())
            }
        }
    }
}

/// What an app says of what it plays, in the bytes in which it says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metadata<'a> {
    /// Title, empty where there is none; as the next three.
    pub title: &'a [u8],
    /// Artist.
    pub artist: &'a [u8],
    /// Album.
    pub album: &'a [u8],
    /// URI of the artwork.
    pub artwork: &'a [u8],
    /// Duration in milliseconds, where it is known.
    pub duration_ms: Option<u64>,
}

/// A published session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    sid: u32,
    app: String,
    class: Class,
    seekable: bool,
    playing: bool,
    gain: bool,
    last_begin: u64,
    /// Title, artist, album, artwork.
    texts: [String; 4],
    duration_ms: Option<u64>,
    /// Where it was at the last seek.
    base_ms: u64,
    /// Frames consumed since.
    frames: u64,
    /// With a clock: when it was there.
    since_ns: u64,
    target_ms: Option<u64>,
    commands: Vec<Command>,
}

impl Session {
    pub(super) fn new(sid: u32, app: &str, class: Class, seekable: bool) -> Self {
        Self {
            sid,
            app: app.into(),
            class,
            seekable,
            playing: false,
            gain: false,
            last_begin: 0,
            texts: [const { String::new() }; 4],
            duration_ms: None,
            base_ms: 0,
            frames: 0,
            since_ns: 0,
            target_ms: None,
            commands: Vec::new(),
        }
    }

    /// Its number.
    pub const fn sid(&self) -> u32 {
        self.sid
    }

    /// Its app.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// What it is for.
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Whether its source can be sought.
    pub const fn seekable(&self) -> bool {
        self.seekable
    }

    /// Whether it plays.
    pub const fn playing(&self) -> bool {
        self.playing
    }

    /// Whether it owns gain.
    pub const fn gain(&self) -> bool {
        self.gain
    }

    /// Its title, empty where there is none.
    pub fn title(&self) -> &str {
        let [title, ..] = &self.texts;
        title
    }

    /// Its artist, empty where there is none.
    pub fn artist(&self) -> &str {
        let [_, artist, ..] = &self.texts;
        artist
    }

    /// Its album, empty where there is none.
    pub fn album(&self) -> &str {
        let [_, _, album, _] = &self.texts;
        album
    }

    /// The URI of its artwork, empty where there is none.
    pub fn artwork(&self) -> &str {
        let [.., artwork] = &self.texts;
        artwork
    }

    /// Its duration in milliseconds, where it is known.
    pub const fn duration_ms(&self) -> Option<u64> {
        self.duration_ms
    }

    /// Where the next block finds it, in milliseconds, where a seek waits.
    pub const fn target_ms(&self) -> Option<u64> {
        self.target_ms
    }

    /// Commands that wait for its app.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// When it began to play last, as a number that counts the begins of all sessions; 0 before the first.
    pub(super) const fn last_begin(&self) -> u64 {
        self.last_begin
    }

    /// Where it is (SESSIONS-006, SESSIONS-008, SESSIONS-023).
    pub(super) fn position_ms(&self, time: Time) -> u64 {
        let run = match time {
            Time::Blocks => self.frames.checked_div(u64::from(FRAMES_PER_MS)).unwrap_or(0),
            Time::Clock { now_ns } if self.playing => now_ns.saturating_sub(self.since_ns).checked_div(SESSIONS_NS_PER_MS).unwrap_or(0),
            Time::Clock { .. } => 0,
        };
        self.clamped(self.base_ms.saturating_add(run))
    }

    fn clamped(&self, ms: u64) -> u64 {
        self.duration_ms.map_or(ms, |duration| ms.min(duration))
    }

    /// Replaces the texts, in the memory that they have, and tells whether anything is different.
    pub(super) fn set_metadata(&mut self, texts: [&str; 4], duration_ms: Option<u64>) -> bool {
        let mut changed = self.duration_ms != duration_ms;
        self.duration_ms = duration_ms;
        for (kept, text) in self.texts.iter_mut().zip(texts) {
            if kept != text {
                kept.clear();
                kept.push_str(text);
                changed = true;
            }
        }
        changed
    }

    pub(super) const fn set_gain(&mut self, owner: bool) -> bool {
        let switched = self.gain != owner;
        self.gain = owner;
        switched
    }

    /// Plays or pauses; tells whether it was otherwise. A clock's run so far becomes the base.
    pub(super) fn switch(&mut self, playing: bool, begin: u64, time: Time) -> bool {
        if self.playing == playing {
            return false;
        }
        if let Time::Clock { now_ns } = time {
            self.base_ms = self.position_ms(time);
            self.since_ns = now_ns;
        }
        self.playing = playing;
        if playing {
            self.last_begin = begin;
        }
        true
    }

    /// Back to 0 at once, without a waiting seek (SESSIONS-005); tells whether that is somewhere else.
    pub(super) fn rewind(&mut self, time: Time) -> bool {
        let moved = self.position_ms(time) != 0 || self.target_ms.is_some();
        self.target_ms = None;
        self.stand_at(0, time);
        moved
    }

    /// Seeks; gives the target and whether anything that can be seen is different (SESSIONS-009).
    pub(super) fn seek(&mut self, to: impl FnOnce(u64) -> u64, time: Time) -> (u64, bool) {
        let position = self.position_ms(time);
        let target = self.clamped(to(self.target_ms.unwrap_or(position)));
        if time == Time::Blocks {
            let changed = self.target_ms != Some(target);
            self.target_ms = Some(target);
            return (target, changed);
        }
        self.stand_at(target, time);
        (target, target != position)
    }

    fn stand_at(&mut self, ms: u64, time: Time) {
        self.base_ms = ms;
        self.frames = 0;
        if let Time::Clock { now_ns } = time {
            self.since_ns = now_ns;
        }
    }

    /// Blocks pass that consumed so many frames of it; tells whether a seek took effect.
    pub(super) fn advance(&mut self, frames: u64) -> bool {
        let target = self.target_ms.take();
        if let Some(target) = target {
            self.stand_at(target, Time::Blocks);
        }
        if self.playing {
            self.frames = self.frames.saturating_add(frames);
        }
        target.is_some()
    }

    /// Queues a command (SESSIONS-020).
    pub(super) fn queue(&mut self, command: Command, max: u32) -> Result<()> {
        if matches!(command, Command::Seek(_)) && !self.seekable {
            return Err(checks::NOT_SEEKABLE);
        }
        if self.commands.len() >= max as usize {
            return Err(checks::too_many_commands(self.commands.len(), max));
        }
        self.commands.push(command);
        Ok(())
    }

    pub(super) fn take_commands(&mut self) -> Vec<Command> {
        core::mem::take(&mut self.commands)
    }
}
