//! `nx media player`: the tray's mini-player in a terminal.
//!
//! View and keys are those of the package `miniplayer`; here they meet the services, which are polled, and a terminal.

mod screen;
mod text;

use super::services::{Media, unexpected};
use crate::failed::{Class, Failed, envelope};
use clap::Args;
use miniplayer::{Line, MiniPlayer, ServiceError};
use serde_json::json;
use spec::ErrorCode;
use spec::idl::{Answer, Call, Command};
use spec::miniplayer::{Action, Key, Session, State};
use std::io::IsTerminal;

/// The keys, as the help tells them.
pub(super) const KEYS: &str = "Keys: Space plays or pauses, \u{2190} and \u{2192} seek 5 s, P and N ask for the track before and the next, S stops, + and - change \
    the app's volume by 1 dB, M mutes it, \u{2191} and \u{2193} select a session and Enter switches to it, T takes over the session that is \
    offered, Q leaves.";

/// What a key is called on the command line.
const NAMES: [(&str, Key); Key::ALL.len()] = [
    ("space", Key::Toggle),
    ("left", Key::Left),
    ("right", Key::Right),
    ("p", Key::Previous),
    ("n", Key::Next),
    ("up", Key::Up),
    ("down", Key::Down),
    ("enter", Key::Enter),
    ("plus", Key::Plus),
    ("minus", Key::Minus),
    ("m", Key::Mute),
    ("s", Key::Stop),
    ("t", Key::TakeOver),
];

/// Options of `player`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Prints what is shown once and ends, as it does where there is no terminal.
    #[arg(long)]
    once: bool,
    /// Presses keys one after the other, then prints what is shown: space, left, right, p, n, up, down, enter, plus, minus, m, s, t.
    #[arg(long, value_name = "KEY,…", value_delimiter = ',', value_parser = key)]
    press: Vec<Key>,
    /// Asks for a media notification, of which there are none yet.
    #[arg(long, conflicts_with = "press")]
    notify: bool,
}

fn key(name: &str) -> Result<Key, String> {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, key)| *key).ok_or_else(|| format!("there is no key {name}: give one of {}", NAMES.map(|(name, _)| name).join(", ")))
}

/// Shows the mini-player until it is left, or once.
pub(super) fn run(media: &mut Media, arguments: &Arguments, as_json: bool) -> Result<(), Failed> {
    let mut player = Player { media, shown: MiniPlayer::new(), apps: Vec::new(), revision: None };
    let once = arguments.once || arguments.notify || as_json || !arguments.press.is_empty();
    if !once && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return screen::live(&mut player);
    }
    let mut lines: Vec<String> = player.look()?.into_iter().collect();
    for key in &arguments.press {
        lines.extend(player.press(*key)?);
        player.look()?;
    }
    if arguments.notify {
        // MINIPLAYER-015: the line says that it is a placeholder, and the exit code that nothing was shown.
        if !as_json {
            println!("{}", MiniPlayer::PLACEHOLDER);
        }
        return player.shown.notify().map_err(|error| refused(&error));
    }
    if as_json {
        let message = lines.first().cloned().unwrap_or_default();
        println!("{}", envelope(Class::Success, &message, Some(json!({"lines": lines, "view": player.shown.view()}))));
    } else {
        lines.into_iter().chain(text::lines(player.shown.view())).for_each(|line| println!("{line}"));
    }
    Ok(())
}

fn refused(error: &ServiceError) -> Failed {
    Failed::Refused(error.code() as u16, error.to_string())
}

/// The mini-player over the services.
struct Player<'a> {
    media: &'a mut Media,
    shown: MiniPlayer,
    /// The app of each session that is shown.
    apps: Vec<(u32, String)>,
    /// The revision of the sessions that is shown.
    revision: Option<u64>,
}

impl Player<'_> {
    /// Whether the sessions changed since they were looked at, progress and volumes apart (SYSTEM-030).
    fn changed(&mut self) -> Result<bool, Failed> {
        let Some(revision) = self.revision else { return Ok(true) };
        match self.media.client.call(Call::Changed(revision))? {
            Answer::Changed { changed, .. } => Ok(changed),
            answer => Err(unexpected(&answer)),
        }
    }

    /// Shows what is now. Gives the line of the mini-player's opening, where it opens.
    fn look(&mut self) -> Result<Option<String>, Failed> {
        let (active, offer, revision, entries) = match self.media.client.call(Call::ListSessions)? {
            Answer::Sessions { active, offer, revision, list } => (active, offer, revision, list),
            answer => return Err(unexpected(&answer)),
        };
        let mut sessions = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.media.whole(entry.session) {
                Ok(session) => sessions.push(Session {
                    sid: entry.session,
                    app: session.app.into_owned(),
                    class: session.entry.class,
                    title: session.metadata.title.into_owned(),
                    artist: session.metadata.artist.into_owned(),
                    playing: session.entry.playing,
                    position_ms: session.entry.position_ms,
                    duration_ms: session.metadata.duration_ms,
                    app_volume_db: session.app_volume_db_q8_8.into(),
                    app_muted: session.app_muted,
                    muted: session.session_muted,
                    ducked: session.entry.ducked,
                }),
                // One that ended since the list was made is not shown.
                Err(Failed::Refused(code, _)) if code == ErrorCode::UnknownSession as u16 => {}
                Err(failed) => return Err(failed),
            }
        }
        let there = |sid: u32| sessions.iter().any(|session| session.sid == sid).then_some(sid);
        let (active, offer) = (there(active), there(offer));
        self.apps = sessions.iter().map(|session| (session.sid, session.app.clone())).collect();
        self.revision = Some(revision);
        let opened = self.shown.show(State { sessions, active, offer }).map_err(|error| refused(&error))?;
        Ok(opened.map(str::to_owned))
    }

    /// Presses a key. Gives the line of the command that it asked for, once the services have done it.
    fn press(&mut self, key: Key) -> Result<Option<String>, Failed> {
        let Some(action) = self.shown.key(key) else { return Ok(None) };
        let call = match action {
            Action::Select(_) => return Ok(None),
            Action::Stop(sid) => {
                self.media.stop(sid)?;
                return Ok(Line::of(action).map(|line| line.to_string()));
            }
            Action::Play(sid) => Call::Play(sid),
            Action::Pause(sid) => Call::PauseSession(sid),
            Action::Seek { sid, position_ms } => Call::Seek { session: sid, ms: position_ms },
            Action::Previous(session) => Call::Command { session, command: Command::Prev },
            Action::Next(session) => Call::Command { session, command: Command::Next },
            // Volumes of a view are those of the range, which is of 16 bits.
            Action::Volume { sid, db } => Call::SetAppVolume { app: self.app(sid).into(), db_q8_8: db as i16 },
            Action::Mute { sid, muted } => Call::SetAppMuted { app: self.app(sid).into(), muted },
            Action::Switch(sid) => Call::SetActive(sid),
            Action::TakeOver(sid) => Call::AcceptHandoff(sid),
        };
        self.media.client.call(call)?;
        Ok(Line::of(action).map(|line| line.to_string()))
    }

    fn app(&self, sid: u32) -> String {
        self.apps.iter().find(|(known, _)| *known == sid).map(|(_, app)| app.clone()).unwrap_or_default()
    }
}
