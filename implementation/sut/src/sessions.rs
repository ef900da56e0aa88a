//! The contract `sessions` on [`services::sessions`].

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use services::ServiceError;
use services::sessions::{Limits, Metadata, Registry, Session};
use spec::bytes::Bytes;
use spec::sessions::{self, Config, Info, Listed, Obs, Op, Sessions};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `sessions`.
#[derive(Clone, Debug)]
pub struct SessionsMachine {
    /// The registry, where its configuration is one.
    registry: Result<Registry, ErrorCode>,
    lines: Vec<String>,
}

pub(crate) use SessionsMachine as Adapter;

impl Default for SessionsMachine {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl SessionsMachine {
    fn new(config: &Config) -> Self {
        let limits = Limits { sessions: config.sessions, commands: config.commands, text_bytes: config.text_bytes };
        let start = if config.audiod { Registry::start } else { Registry::with_clock };
        let mut lines = Vec::new();
        Self { registry: start(limits, &mut lines).map_err(|error| error.code()), lines }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let Self { registry, lines } = self;
        let registry = registry.as_mut().map_err(|code| *code)?;
        ask(registry, lines, op).map_err(|error| error.code())
    }
}

fn ask(registry: &mut Registry, lines: &mut Vec<String>, op: &Op) -> Result<Obs, ServiceError> {
    Ok(match op {
        Op::Publish { app, class, seekable } => Obs::Published(registry.publish(app, *class, *seekable, lines)?),
        Op::Withdraw(sid) => {
            registry.withdraw(*sid, lines)?;
            Obs::Done
        }
        Op::Metadata { sid, metadata } => {
            let sessions::Metadata { title, artist, album, artwork, duration_ms } = metadata;
            let texts = Metadata { title: &title.0, artist: &artist.0, album: &album.0, artwork: &artwork.0, duration_ms: *duration_ms };
            registry.set_metadata(*sid, &texts)?;
            Obs::Done
        }
        Op::Play(sid) => Obs::Switched(registry.play(*sid, lines)?),
        Op::Pause(sid) => Obs::Switched(registry.pause(*sid, lines)?),
        Op::Stop(sid) => Obs::Switched(registry.stop(*sid, lines)?),
        Op::Seek { sid, ms } => Obs::Target(registry.seek(*sid, *ms)?),
        Op::SeekBy { sid, ms } => Obs::Target(registry.seek_by(*sid, *ms)?),
        Op::Gain { sid, owner } => Obs::Switched(registry.set_gain(*sid, *owner, lines)?),
        Op::SetActive(sid) => Obs::Switched(registry.set_active(*sid, lines)?),
        Op::Accept(sid) => Obs::Accepted(registry.accept(*sid, lines)?),
        Op::Current => Obs::Current { now: registry.current(), offer: registry.offer() },
        Op::List => Obs::Sessions(registry.list().into_iter().map(|session| listed(registry, session)).collect()),
        Op::Get(sid) => Obs::Session(Box::new(info(registry, registry.get(*sid)?))),
        Op::Changed(since) => {
            let (revision, changed) = registry.changed(*since);
            Obs::Changed { revision, changed }
        }
        Op::Command { sid, command } => {
            registry.command(*sid, *command)?;
            Obs::Done
        }
        Op::Commands(sid) => Obs::Commands(registry.take_commands(*sid)?),
        Op::Key(key) => {
            let (sid, act) = registry.key(*key, lines)?;
            Obs::Key { sid, act }
        }
        Op::Block(consumed) => {
            registry.block(consumed)?;
            Obs::Done
        }
        Op::Tick(blocks) => {
            registry.tick(*blocks)?;
            Obs::Done
        }
        Op::Now(ns) => {
            registry.set_now(*ns)?;
            Obs::Done
        }
        Op::Markers => Obs::Lines(core::mem::take(lines)),
    })
}

fn listed(registry: &Registry, session: &Session) -> Listed {
    Listed { sid: session.sid(), app: session.app().to_string(), playing: session.playing(), position_ms: registry.position_ms(session) }
}

fn info(registry: &Registry, session: &Session) -> Info {
    Info {
        sid: session.sid(),
        app: session.app().to_string(),
        class: session.class(),
        seekable: session.seekable(),
        playing: session.playing(),
        gain: session.gain(),
        position_ms: registry.position_ms(session),
        target_ms: session.target_ms(),
        metadata: sessions::Metadata {
            title: Bytes::from(session.title()),
            artist: Bytes::from(session.artist()),
            album: Bytes::from(session.album()),
            artwork: Bytes::from(session.artwork()),
            duration_ms: session.duration_ms(),
        },
        commands: u32::try_from(session.commands().len()).unwrap_or(u32::MAX),
    }
}

impl Machine<Sessions> for SessionsMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(self.registry.as_ref().map(|_| ()).map_err(|code| *code))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}
