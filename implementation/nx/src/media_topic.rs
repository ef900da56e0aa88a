//! `nx media`: the media sessions from the command line.

mod decode;
mod files;
mod fixtures;
mod player;
mod services;
mod sheet;

use crate::client::{Client, Where};
use crate::failed::{Class, Failed, envelope, report};
use clap::{Args, Subcommand};
use serde_json::Value;
use services::{Media, unexpected};
use spec::idl::{Answer, Call};
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
    /// The mini-player, live in a terminal; elsewhere what it shows, once.
    #[command(after_help = player::KEYS)]
    Player(player::Arguments),
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
        /// Length in milliseconds; a fixture holds 43 s.
        ms: u32,
        /// The file.
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
    },
    /// Says what a media file is: all of it is decoded, by the bounded decoders.
    Probe {
        /// WAV, Ogg Vorbis, GIF, PNG, APNG, JPEG or motion JPEG, told by its first bytes.
        file: PathBuf,
    },
    /// Decodes a media file: sound into a WAV file, frames into PNG files. What comes before a fault is kept.
    Decode {
        /// WAV, Ogg Vorbis, GIF, PNG, APNG, JPEG or motion JPEG, told by its first bytes.
        file: PathBuf,
        /// The WAV file; for frames the folder of frame-0000.png and so on, and frames.json.
        out: PathBuf,
        /// Puts at most 64 frames, small, into one PNG file.
        #[arg(long)]
        sheet: bool,
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
    match &arguments.command {
        Command::Probe { file } => return files::run_probe(file, arguments.json),
        Command::Decode { file, out, sheet } => return files::run_decode(file, out, *sheet, arguments.json),
        _ => {}
    }
    if let Command::Player(options) = &arguments.command {
        let outcome = Client::connect(&arguments.services).and_then(|client| player::run(&mut Media { client }, options, arguments.json));
        return report("nx media", arguments.json, outcome);
    }
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
        Command::Stop(of) => {
            let sid = services.sid(*of)?;
            services.stop(sid)?;
            services.after("stop", sid)
        }
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
            services.after("accept", sid)
        }
        Command::Seek { ms, of } => services.control("seek", *of, |session| Call::Seek { session, ms: *ms }),
        Command::Volume { db, of, app, alone } => services.volume(*db, *of, app.as_deref(), *alone),
        Command::Mute { of, app, off } => services.mute(*of, app.as_deref(), !off),
        Command::Metrics { export } => services.metrics(*export),
        Command::Tone { .. } | Command::Load { .. } | Command::Player(_) | Command::Probe { .. } | Command::Decode { .. } => {
            Err(Failed::Internal("this is done elsewhere".into()))
        }
    }
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
