//! `nx media`: the media sessions from the command line.

mod fixtures;

use crate::client::{Client, Where};
use crate::failed::{Class, Failed, envelope, report};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use spec::idl::{Answer, Call, Gain, Metadata, Mute, Session, SessionEntry};
use std::path::PathBuf;
use std::process::ExitCode;

/// Steps of Q8.8 dB in a dB.
const STEPS: f64 = spec::gain::GAIN_DB_STEPS_PER_DB as f64;

/// Options of `media`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    services: Where,
    /// Print the answer as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// Which session a command means.
#[derive(Args, Debug, Clone, Copy)]
struct Chosen {
    /// The session. [default: the one that is now playing]
    sid: Option<u32>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// The sessions: the one that is now playing first, then by app, then by number.
    List,
    /// The session that is now playing.
    Current,
    /// Lets a session play.
    Play(Chosen),
    /// Pauses a session; what a person paused does not resume by itself.
    Pause(Chosen),
    /// Pauses a session at its beginning.
    Stop(Chosen),
    /// Goes to a position; beyond the track it is the track's end.
    Seek {
        /// The position, in milliseconds.
        ms: u64,
        #[command(flatten)]
        of: Chosen,
    },
    /// Sets the volume of the app of a session, in dB: -96 to 12.
    Volume {
        /// The volume.
        #[arg(allow_negative_numbers = true)]
        db: f64,
        #[command(flatten)]
        of: Chosen,
        /// The app, in place of that of a session.
        #[arg(long, conflicts_with = "sid")]
        app: Option<String>,
        /// The session alone, and not its app.
        #[arg(long, conflicts_with = "app")]
        alone: bool,
    },
    /// Mutes a session.
    Mute {
        #[command(flatten)]
        of: Chosen,
        /// The app, in place of a session.
        #[arg(long, conflicts_with = "sid")]
        app: Option<String>,
        /// Unmutes it; its volume is as before.
        #[arg(long)]
        off: bool,
    },
    /// Asks a session's player for the next track.
    Next(Chosen),
    /// Asks a session's player for the track before.
    Prev(Chosen),
    /// Makes a session the one that is now playing.
    Activate(Chosen),
    /// Accepts the handoff that is offered.
    Accept(Chosen),
    /// A snapshot of the metrics.
    Metrics {
        /// Exports the records to state:/media/metrics.jsonl.
        #[arg(long)]
        export: bool,
    },
    /// Writes a tone as a fixture: the same file on every machine.
    Tone {
        /// Frequency in Hz.
        hz: u32,
        /// Length in milliseconds.
        ms: u32,
        /// The file.
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
    },
    /// Loads a fixture as the engine would, and tells what is in it.
    Load {
        /// A WAV file, or pkg://fixtures/audio/NAME.wav.
        file: String,
        /// Where pkg://fixtures/ lies.
        #[arg(long, default_value = "goldens", value_name = "FOLDER")]
        fixtures: PathBuf,
    },
}

/// What a command tells: its marker, if it has one, and its data.
type Told = (String, Value);

/// Runs a command.
pub fn run(arguments: &Arguments) -> ExitCode {
    let outcome = told(arguments).map(|(marker, data)| {
        if arguments.json {
            println!("{}", envelope(Class::Success, &marker, Some(data)));
        } else if let Some(sessions) = data.get("sessions").and_then(Value::as_array) {
            sessions.iter().for_each(|session| println!("{}", row(session)));
            if sessions.is_empty() {
                println!("no sessions");
            }
        } else {
            println!("{marker}");
            for (name, value) in data.as_object().into_iter().flatten() {
                println!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
    });
    report("nx media", arguments.json, outcome)
}

/// Does it.
fn told(arguments: &Arguments) -> Result<Told, Failed> {
    match &arguments.command {
        Command::Tone { hz, ms, out } => return fixtures::tone(*hz, *ms, out),
        Command::Load { file, fixtures } => return fixtures::load(file, fixtures),
        _ => {}
    }
    let mut services = Media { client: Client::connect(&arguments.services)? };
    match &arguments.command {
        Command::List => services.list(),
        Command::Current => {
            let sid = services.sid(Chosen { sid: None })?;
            services.session("current", sid)
        }
        Command::Play(of) => services.control("play", *of, Call::Play),
        Command::Pause(of) => services.control("pause", *of, Call::PauseSession),
        Command::Stop(of) => services.control("stop", *of, Call::StopSession),
        Command::Next(of) => services.control("next", *of, |session| Call::Command { session, command: spec::sessions::Command::Next }),
        Command::Prev(of) => services.control("prev", *of, |session| Call::Command { session, command: spec::sessions::Command::Prev }),
        Command::Activate(of) => services.control("activate", *of, Call::SetActive),
        Command::Accept(of) => {
            let sid = match (of.sid, services.client.call(Call::ListSessions)?) {
                (Some(sid), _) => sid,
                (None, Answer::Sessions { offer, .. }) if offer > 0 => offer,
                (None, Answer::Sessions { .. }) => return Err(Failed::Rejected("no handoff is offered: see `nx media list`".into())),
                (None, answer) => return Err(unexpected(&answer)),
            };
            services.client.call(Call::AcceptHandoff(sid))?;
            services.session("accept", sid)
        }
        Command::Seek { ms, of } => services.control("seek", *of, |session| Call::Seek { session, ms: *ms }),
        Command::Volume { db, of, app, alone } => services.volume(*db, *of, app.as_deref(), *alone),
        Command::Mute { of, app, off } => services.mute(*of, app.as_deref(), !off),
        Command::Metrics { export } => services.metrics(*export),
        Command::Tone { .. } | Command::Load { .. } => Err(Failed::Internal("a fixture needs no service".into())),
    }
}

fn unexpected(answer: &Answer<'_>) -> Failed {
    Failed::Internal(format!("the media service gave an answer of another kind: {answer:?}; start this version's `nx audiod`"))
}

/// A line of the list.
fn row(session: &Value) -> String {
    let text = |name: &str| session.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is = |name: &str| session.get(name).and_then(Value::as_bool) == Some(true);
    let number = |name: &str| session.get(name).and_then(Value::as_u64).unwrap_or(0);
    let flags: String = [("ducked", " DUCKED"), ("muted", " MUTED"), ("paused_by_focus", " waits")]
        .into_iter()
        .filter_map(|(name, shown)| is(name).then_some(shown))
        .collect();
    let mark = if is("active") { '*' } else { ' ' };
    let (seconds, title) = (number("position_ms") / 1_000, text("title"));
    let title = if title.is_empty() { String::new() } else { format!("  \"{title}\"") };
    let state = text("state");
    format!(
        "{mark} {:>3}  {:<7} {:<6} {:>3}:{:02}  {}{title}{flags}",
        number("sid"),
        state,
        text("class"),
        seconds / 60,
        seconds % 60,
        text("app")
    )
}

const fn state(entry: &SessionEntry) -> &'static str {
    match (entry.playing, entry.paused_by_focus) {
        (true, _) => "playing",
        (false, true) => "waiting",
        (false, false) => "paused",
    }
}

fn decibels(q8_8: i16) -> String {
    if i32::from(q8_8) <= spec::gain::GAIN_DB_Q8_8_MIN { "-inf".into() } else { format!("{:.2}", f64::from(q8_8) / STEPS) }
}

/// All of a session as data.
fn shown(session: &Session<'_>, active: u32) -> Value {
    let (entry, Metadata { title, artist, album, artwork, duration_ms }) = (&session.entry, &session.metadata);
    json!({
        "sid": entry.session, "app": session.app, "class": entry.class.name(), "state": state(entry), "active": entry.session == active,
        "position_ms": entry.position_ms, "duration_ms": duration_ms, "title": title, "artist": artist, "album": album, "artwork": artwork,
        "volume_db": decibels(session.volume_db_q8_8), "app_volume_db": decibels(session.app_volume_db_q8_8), "muted": entry.muted,
        "ducked": entry.ducked, "duck_db": decibels(entry.duck_db_q8_8), "paused_by_focus": entry.paused_by_focus,
        "stream": session.stream, "seekable": session.seekable,
    })
}

/// The media services, asked.
struct Media {
    client: Client,
}

impl Media {
    /// The active session, 0 where there is none, and every session in its order.
    fn sessions(&mut self) -> Result<(u32, Vec<SessionEntry>), Failed> {
        match self.client.call(Call::ListSessions)? {
            Answer::Sessions { active, list, .. } => Ok((active, list)),
            answer => Err(unexpected(&answer)),
        }
    }

    fn whole(&mut self, sid: u32) -> Result<Session<'static>, Failed> {
        match self.client.call(Call::GetSession(sid))? {
            Answer::Session(session) => Ok(*session),
            answer => Err(unexpected(&answer)),
        }
    }

    /// The session that is meant.
    fn sid(&mut self, of: Chosen) -> Result<u32, Failed> {
        match (of.sid, self.sessions()?) {
            (Some(sid), _) => Ok(sid),
            (None, (0, _)) => Err(Failed::Rejected("no session is now playing: name one, see `nx media list`".into())),
            (None, (active, _)) => Ok(active),
        }
    }

    fn list(&mut self) -> Result<Told, Failed> {
        let (active, entries) = self.sessions()?;
        let mut sessions = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.whole(entry.session) {
                Ok(session) => sessions.push(shown(&session, active)),
                // One that ended since the list was made is not in it.
                Err(Failed::Refused(code, _)) if code == spec::ErrorCode::UnknownSession as u16 => {}
                Err(failed) => return Err(failed),
            }
        }
        Ok(("nx: media list".into(), json!({ "sessions": sessions })))
    }

    /// What a session is after a command.
    fn session(&mut self, verb: &str, sid: u32) -> Result<Told, Failed> {
        let (active, _) = self.sessions()?;
        Ok((format!("nx: media {verb} sid={sid}"), shown(&self.whole(sid)?, active)))
    }

    fn control(&mut self, verb: &str, of: Chosen, call: impl Fn(u32) -> Call<'static>) -> Result<Told, Failed> {
        let sid = self.sid(of)?;
        self.client.call(call(sid))?;
        self.session(verb, sid)
    }

    fn volume(&mut self, db: f64, of: Chosen, app: Option<&str>, alone: bool) -> Result<Told, Failed> {
        let steps = (db * STEPS).round();
        if !(f64::from(i16::MIN)..=f64::from(i16::MAX)).contains(&steps) {
            return Err(Failed::Rejected(format!("{db} dB is no volume: give -96 to 12")));
        }
        // Within the range of the type; the service knows the range of volumes.
        let db_q8_8 = steps as i16;
        if let Some(app) = app {
            self.client.call(Call::SetAppVolume { app: app.into(), db_q8_8 })?;
            return Ok((format!("nx: media volume app={app}"), json!({"app": app, "app_volume_db": decibels(db_q8_8)})));
        }
        let sid = self.sid(of)?;
        if alone {
            self.client.call(Call::SetVolume(Gain { id: sid, db_q8_8 }))?;
        } else {
            let app = self.whole(sid)?.app;
            self.client.call(Call::SetAppVolume { app, db_q8_8 })?;
        }
        self.session("volume", sid)
    }

    fn mute(&mut self, of: Chosen, app: Option<&str>, muted: bool) -> Result<Told, Failed> {
        if let Some(app) = app {
            self.client.call(Call::SetAppMuted { app: app.into(), muted })?;
            return Ok((format!("nx: media mute app={app}"), json!({"app": app, "app_muted": muted})));
        }
        let sid = self.sid(of)?;
        self.client.call(Call::SetSessionMuted(Mute { id: sid, muted }))?;
        self.session("mute", sid)
    }

    fn metrics(&mut self, export: bool) -> Result<Told, Failed> {
        if export {
            return match self.client.call(Call::ExportMetrics)? {
                Answer::Exported { lines, bytes, removed } => {
                    Ok(("nx: media metrics export".into(), json!({"lines": lines, "bytes": bytes, "removed": removed})))
                }
                answer => Err(unexpected(&answer)),
            };
        }
        match self.client.call(Call::Metrics)? {
            Answer::Metrics(metrics) => Ok((
                "nx: media metrics".into(),
                json!({
                    "block": metrics.block, "peak": metrics.last.peak, "rms": metrics.last.rms, "clipped_samples": metrics.clipped_samples,
                    "underrun_events": metrics.underrun_events, "missing_frames": metrics.missing_frames,
                    "active_sessions": metrics.active_sessions, "open_streams": metrics.open_streams, "dropped": metrics.dropped,
                    "positions": metrics.positions.iter().map(|at| json!({"sid": at.session, "frames": at.frames})).collect::<Vec<_>>(),
                }),
            )),
            answer => Err(unexpected(&answer)),
        }
    }
}
