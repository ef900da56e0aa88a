//! The reference model of the contract `sessions`.

pub use self::SessionsModel as Model;
use spec::audiod::AUDIOD_APP_BYTES_MAX;
use spec::bytes::Bytes;
use spec::format::{BLOCK_FRAMES, FRAMES_PER_MS};
use spec::media::Class;
use spec::sessions::{
    Act, Command, Config, Consumed, Info, Key, Listed, Metadata, Obs, Op, SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_NS_PER_MS,
    SESSIONS_READY, SESSIONS_TEXT_BYTES_MAX, SESSIONS_TICK_BLOCKS_MAX, Sessions,
};
use spec::{ErrorCode, Failure, Machine};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    app: String,
    class: Class,
    seekable: bool,
    playing: bool,
    gain: bool,
    /// The number of its last begin to play; 0 before the first.
    begun: u64,
    metadata: Arc<Metadata>,
    /// Where it was at the last seek, in milliseconds.
    base_ms: u64,
    /// Frames that were consumed since.
    frames: u64,
    /// Without audiod: when it was there, in nanoseconds.
    since_ns: u64,
    /// Where the next block finds it, where a seek waits.
    target_ms: Option<u64>,
    commands: Vec<Command>,
}

/// The session that was chosen to be now playing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    sid: u32,
    /// Whether somebody chose it. Otherwise its registration did.
    explicit: bool,
}

/// The reference model of the contract `sessions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionsModel {
    config: Config,
    sessions: BTreeMap<u32, Session>,
    /// Sessions that were ever published.
    published: u32,
    /// Begins to play, of whatever session.
    begins: u64,
    choice: Option<Choice>,
    offer: Option<u32>,
    now_ns: u64,
    revision: u64,
    /// Lines that nobody has looked at.
    lines: Vec<String>,
}

impl Default for SessionsModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

/// SESSIONS-002
fn check_app(app: &str) -> Result<(), ErrorCode> {
    let known = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-' || letter == '_';
    let right = !app.is_empty() && app.len() <= AUDIOD_APP_BYTES_MAX as usize && app.chars().all(known);
    if right { Ok(()) } else { Err(ErrorCode::InvalidApp) }
}

/// SESSIONS-003
fn check_text(text: &Bytes, max: u32) -> Result<(), ErrorCode> {
    if text.0.len() > max as usize {
        return Err(ErrorCode::TextTooLong);
    }
    let text = std::str::from_utf8(&text.0).map_err(|_| ErrorCode::InvalidMetadata)?;
    let control = |letter: char| letter <= '\u{1f}' || ('\u{7f}'..='\u{9f}').contains(&letter);
    if text.chars().any(control) { Err(ErrorCode::InvalidMetadata) } else { Ok(()) }
}

/// Number, plays, owns gain, target, waiting commands, position, metadata.
type ShownSession = (u32, bool, bool, Option<u64>, usize, u64, Arc<Metadata>);

/// What is shown, as far as an operation can change it: the change of any of it is a change (SESSIONS-019).
#[derive(PartialEq, Eq)]
struct Shown {
    current: Option<u32>,
    offer: Option<u32>,
    sessions: Vec<ShownSession>,
}

impl SessionsModel {
    fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
            sessions: BTreeMap::new(),
            published: 0,
            begins: 0,
            choice: None,
            offer: None,
            now_ns: 0,
            revision: 0,
            lines: vec![SESSIONS_READY.to_owned()],
        }
    }

    fn session(&mut self, sid: u32) -> Result<&mut Session, ErrorCode> {
        self.sessions.get_mut(&sid).ok_or(ErrorCode::UnknownSession)
    }

    /// SESSIONS-012
    fn current(&self) -> Option<u32> {
        if let Some(choice) = &self.choice {
            return Some(choice.sid);
        }
        let known = self.sessions.iter().filter(|(_, session)| session.gain || session.begun > 0);
        known.max_by_key(|(sid, session)| (session.gain, session.begun, Reverse(**sid))).map(|(sid, _)| *sid)
    }

    fn position(&self, session: &Session) -> u64 {
        let run = if self.config.audiod {
            // SESSIONS-006
            session.frames / u64::from(FRAMES_PER_MS)
        } else if session.playing {
            // SESSIONS-023
            self.now_ns.saturating_sub(session.since_ns) / SESSIONS_NS_PER_MS
        } else {
            0
        };
        clamped(session.base_ms.saturating_add(run), session)
    }

    fn shown(&self, progress: bool) -> Shown {
        let session = |(sid, session): (&u32, &Session)| {
            let position = if progress { 0 } else { self.position(session) };
            let commands = session.commands.len();
            (*sid, session.playing, session.gain, session.target_ms, commands, position, session.metadata.clone())
        };
        Shown { current: self.current(), offer: self.offer, sessions: self.sessions.iter().map(session).collect() }
    }

    fn publish(&mut self, app: &str, class: Class, seekable: bool) -> Result<Obs, ErrorCode> {
        check_app(app)?;
        if self.sessions.len() >= self.config.sessions as usize {
            return Err(ErrorCode::TooManySessions);
        }
        // SESSIONS-001
        let sid = self.published.checked_add(1).ok_or(ErrorCode::TooManySessions)?;
        self.published = sid;
        let current = self.current();
        let plays = current.is_some_and(|current| self.sessions[&current].playing);
        let session = Session {
            app: app.to_owned(),
            class,
            seekable,
            playing: false,
            gain: false,
            begun: 0,
            metadata: Arc::default(),
            base_ms: 0,
            frames: 0,
            since_ns: 0,
            target_ms: None,
            commands: Vec::new(),
        };
        self.sessions.insert(sid, session);
        self.lines.push(format!("media: register app={app} sid={sid}"));
        match current {
            // SESSIONS-015
            Some(current) if plays => {
                self.offer = Some(sid);
                self.lines.push(format!("media: handoff offer from={current} to={sid}"));
            }
            // SESSIONS-014
            _ => self.choice = Some(Choice { sid, explicit: false }),
        }
        Ok(Obs::Published(sid))
    }

    fn withdraw(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        self.sessions.remove(&sid).ok_or(ErrorCode::UnknownSession)?;
        // SESSIONS-013
        if self.choice.as_ref().is_some_and(|choice| choice.sid == sid) {
            self.choice = None;
        }
        // SESSIONS-017
        if self.offer == Some(sid) {
            self.offer = None;
        }
        Ok(Obs::Done)
    }

    /// Another session than the registered one comes to the fore by itself. SESSIONS-014
    fn outdo_registration(&mut self, sid: u32) {
        if self.choice.as_ref().is_some_and(|choice| !choice.explicit && choice.sid != sid) {
            self.choice = None;
        }
    }

    /// SESSIONS-004
    fn set_playing(&mut self, sid: u32, playing: bool) -> Result<bool, ErrorCode> {
        let now_ns = self.now_ns;
        let position = self.sessions.get(&sid).map(|session| self.position(session));
        let clock = !self.config.audiod;
        let session = self.session(sid)?;
        if session.playing == playing {
            return Ok(false);
        }
        session.playing = playing;
        if clock {
            session.base_ms = position.unwrap_or(0);
            session.since_ns = now_ns;
        }
        if playing {
            self.begins += 1;
            self.sessions.entry(sid).and_modify(|session| session.begun = self.begins);
            self.outdo_registration(sid);
        }
        let state = if playing { "playing" } else { "paused" };
        let position = self.position(&self.sessions[&sid]);
        // SESSIONS-022
        self.lines.push(format!("media: state sid={sid} {state} pos={position}"));
        Ok(true)
    }

    /// SESSIONS-005
    fn stop(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        let session = self.session(sid)?;
        (session.base_ms, session.frames, session.target_ms) = (0, 0, None);
        // With a clock, too, it stands at 0 before it pauses.
        session.since_ns = u64::MAX;
        self.set_playing(sid, false).map(Obs::Switched)
    }

    fn seek(&mut self, sid: u32, to: impl FnOnce(u64) -> u64) -> Result<Obs, ErrorCode> {
        let (audiod, now_ns) = (self.config.audiod, self.now_ns);
        let position = self.sessions.get(&sid).map(|session| self.position(session));
        let session = self.session(sid)?;
        // SESSIONS-011
        if !session.seekable {
            return Err(ErrorCode::NotSeekable);
        }
        // SESSIONS-009, SESSIONS-010
        let target = clamped(to(session.target_ms.or(position).unwrap_or(0)), session);
        if audiod {
            session.target_ms = Some(target);
        } else {
            (session.base_ms, session.since_ns) = (target, now_ns);
        }
        Ok(Obs::Target(target))
    }

    /// SESSIONS-016
    fn accept(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        self.session(sid)?;
        if self.offer != Some(sid) {
            return Err(ErrorCode::NoHandoffOffer);
        }
        self.lines.push(format!("media: handoff accept sid={sid}"));
        let mut paused = None;
        if let Some(old) = self.current()
            && self.set_playing(old, false)?
        {
            paused = Some(old);
        }
        self.choice = Some(Choice { sid, explicit: true });
        Ok(Obs::Accepted(paused))
    }

    fn command(&mut self, sid: u32, command: Command) -> Result<(), ErrorCode> {
        let max = self.config.commands as usize;
        let session = self.session(sid)?;
        // SESSIONS-011
        if matches!(command, Command::Seek(_)) && !session.seekable {
            return Err(ErrorCode::NotSeekable);
        }
        // SESSIONS-020
        if session.commands.len() >= max {
            return Err(ErrorCode::TooManyCommands);
        }
        session.commands.push(command);
        Ok(())
    }

    /// SESSIONS-021
    fn key(&mut self, key: Key) -> Result<Obs, ErrorCode> {
        let sid = self.current().ok_or(ErrorCode::NoCurrentSession)?;
        let act = match key {
            Key::Play => Act::Play,
            Key::Toggle if !self.sessions[&sid].playing => Act::Play,
            Key::Pause | Key::Toggle => Act::Pause,
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
            Act::Stop => drop(self.stop(sid)?),
            Act::Next => self.command(sid, Command::Next)?,
            Act::Prev => self.command(sid, Command::Prev)?,
            Act::VolumeUp | Act::VolumeDown | Act::Mute => {}
        }
        Ok(Obs::Key { sid, act })
    }

    /// So many blocks pass, in each of which so many frames of each session are consumed.
    fn blocks(&mut self, blocks: u64, frames: impl Fn(u32) -> u64) {
        for (sid, session) in &mut self.sessions {
            // SESSIONS-009: a seek takes effect with a block.
            if let Some(target) = session.target_ms.take_if(|_| blocks > 0) {
                (session.base_ms, session.frames) = (target, 0);
            }
            // SESSIONS-007
            if session.playing {
                session.frames = session.frames.saturating_add(blocks * frames(*sid));
            }
        }
    }

    /// SESSIONS-024
    fn block(&mut self, consumed: &[Consumed]) -> Result<Obs, ErrorCode> {
        let mut frames: BTreeMap<u32, u64> = BTreeMap::new();
        for entry in consumed {
            self.session(entry.sid)?;
            let all = frames.entry(entry.sid).or_default();
            *all += u64::from(entry.frames);
            if *all > u64::from(BLOCK_FRAMES) {
                return Err(ErrorCode::OutOfRange);
            }
        }
        self.blocks(1, |sid| frames.get(&sid).copied().unwrap_or(0));
        Ok(Obs::Done)
    }

    /// SESSIONS-018
    fn list(&self) -> Vec<Listed> {
        let current = self.current();
        let listed = |(sid, session): (&u32, &Session)| Listed {
            sid: *sid,
            app: session.app.clone(),
            playing: session.playing,
            position_ms: self.position(session),
        };
        let mut list: Vec<Listed> = self.sessions.iter().map(listed).collect();
        list.sort_by(|a, b| (Some(a.sid) != current, a.app.as_bytes(), a.sid).cmp(&(Some(b.sid) != current, b.app.as_bytes(), b.sid)));
        list
    }

    fn get(&mut self, sid: u32) -> Result<Obs, ErrorCode> {
        let session = self.session(sid)?.clone();
        Ok(Obs::Session(Box::new(Info {
            sid,
            position_ms: self.position(&session),
            app: session.app,
            class: session.class,
            seekable: session.seekable,
            playing: session.playing,
            gain: session.gain,
            target_ms: session.target_ms,
            metadata: (*session.metadata).clone(),
            commands: session.commands.len() as u32,
        })))
    }

    fn act(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        // SESSIONS-024
        if matches!(op, Op::Block(_) | Op::Tick(_)) && !self.config.audiod || matches!(op, Op::Now(_)) && self.config.audiod {
            return Err(ErrorCode::WrongTimeSource);
        }
        Ok(match op {
            Op::Publish { app, class, seekable } => self.publish(app, *class, *seekable)?,
            Op::Withdraw(sid) => self.withdraw(*sid)?,
            Op::Metadata { sid, metadata } => {
                let max = self.config.text_bytes;
                let session = self.session(*sid)?;
                for text in [&metadata.title, &metadata.artist, &metadata.album, &metadata.artwork] {
                    check_text(text, max)?;
                }
                session.metadata = Arc::new(metadata.clone());
                Obs::Done
            }
            Op::Play(sid) => Obs::Switched(self.set_playing(*sid, true)?),
            Op::Pause(sid) => Obs::Switched(self.set_playing(*sid, false)?),
            Op::Stop(sid) => self.stop(*sid)?,
            Op::Seek { sid, ms } => self.seek(*sid, |_| *ms)?,
            Op::SeekBy { sid, ms } => self.seek(*sid, |from| from.saturating_add_signed(*ms))?,
            Op::Gain { sid, owner } => {
                let session = self.session(*sid)?;
                let switched = session.gain != *owner;
                session.gain = *owner;
                if switched && *owner {
                    self.outdo_registration(*sid);
                }
                Obs::Switched(switched)
            }
            Op::SetActive(sid) => {
                self.session(*sid)?;
                let before = self.current();
                self.choice = Some(Choice { sid: *sid, explicit: true });
                Obs::Switched(before != Some(*sid))
            }
            Op::Accept(sid) => self.accept(*sid)?,
            Op::Current => Obs::Current { now: self.current(), offer: self.offer },
            Op::List => Obs::Sessions(self.list()),
            Op::Get(sid) => self.get(*sid)?,
            Op::Changed(since) => Obs::Changed { revision: self.revision, changed: self.revision != *since },
            Op::Command { sid, command } => {
                self.command(*sid, *command)?;
                Obs::Done
            }
            Op::Commands(sid) => Obs::Commands(std::mem::take(&mut self.session(*sid)?.commands)),
            Op::Key(key) => self.key(*key)?,
            Op::Block(consumed) => self.block(consumed)?,
            Op::Tick(blocks) if *blocks > SESSIONS_TICK_BLOCKS_MAX => return Err(ErrorCode::OutOfRange),
            Op::Tick(blocks) => {
                self.blocks(u64::from(*blocks), |_| u64::from(BLOCK_FRAMES));
                Obs::Done
            }
            Op::Now(ns) => {
                self.now_ns = *ns;
                Obs::Done
            }
            Op::Markers => Obs::Lines(std::mem::take(&mut self.lines)),
        })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let progress = matches!(op, Op::Block(_) | Op::Tick(_) | Op::Now(_));
        let before = self.shown(progress);
        let obs = self.act(op)?;
        let current = self.current();
        // SESSIONS-017: nothing is offered to the session that is now playing.
        if self.offer == current {
            self.offer = None;
        }
        if let Some(sid) = current
            && current != before.current
        {
            self.lines.push(format!("media: active sid={sid}"));
        }
        // SESSIONS-019
        if self.shown(progress) != before {
            self.revision += 1;
        }
        Ok(obs)
    }
}

/// SESSIONS-008
fn clamped(ms: u64, session: &Session) -> u64 {
    session.metadata.duration_ms.map_or(ms, |duration| ms.min(duration))
}

/// SESSIONS-025
fn check_limits(config: &Config) -> Result<(), ErrorCode> {
    let limits = [(config.sessions, SESSIONS_MAX), (config.commands, SESSIONS_COMMANDS_MAX), (config.text_bytes, SESSIONS_TEXT_BYTES_MAX)];
    if limits.iter().all(|(limit, max)| (1..=*max).contains(limit)) { Ok(()) } else { Err(ErrorCode::OutOfRange) }
}

impl Machine<Sessions> for SessionsModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(check_limits(config))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
