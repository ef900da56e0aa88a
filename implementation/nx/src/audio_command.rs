//! `nx audio`: asks audiod over its socket.

use crate::{Failed, envelope};
use clap::{Args, Subcommand};
use idl::{Answer, Call, Peaks};
use nx::transport::{Client, TransportError};
use serde_json::{Value, json};
use spec::ErrorCode;
use std::path::PathBuf;

/// Options of `audio`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// audiod's socket; without it AUDIOD_SOCKET, then audiod.sock in XDG_RUNTIME_DIR or the folder for temporary files.
    #[arg(long, global = true)]
    socket: Option<PathBuf>,
    /// Print {ok, class, code, message, data} as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The engine's format, its sink and the master level.
    Info,
    /// Sets the master level, or mutes and unmutes it.
    Level {
        /// 0, 1, or a decimal of at most four places between them.
        #[arg(required_unless_present_any = ["mute", "unmute"])]
        level: Option<String>,
        /// Mute; the level is remembered.
        #[arg(long, conflicts_with = "unmute")]
        mute: bool,
        /// Unmute.
        #[arg(long)]
        unmute: bool,
    },
    /// Plays a tone.
    Tone {
        /// Frequency in Hz.
        hz: u32,
        /// Duration in milliseconds.
        ms: u32,
    },
    /// Starts and stops recording what is mixed.
    Record {
        #[command(subcommand)]
        command: Record,
    },
    /// The counters.
    Stats,
    /// The last block's levels, and how full each stream is.
    Meters,
}

#[derive(Debug, Subcommand)]
enum Record {
    /// Records to a URI, such as state:/audio/out.wav.
    Start {
        /// Where to.
        uri: String,
    },
    /// Ends the recording.
    Stop,
}

/// What a command has to say: its lines, and the same as data.
struct Said {
    lines: Vec<String>,
    data: Option<Value>,
}

/// Asks audiod.
pub fn run(arguments: &Arguments) -> Result<(), Failed> {
    let said = ask(arguments)?;
    if arguments.json {
        envelope::print_success(said.lines.first().map_or("", String::as_str), said.data);
    } else {
        said.lines.iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}

fn socket(arguments: &Arguments) -> PathBuf {
    let named = arguments.socket.clone().or_else(|| std::env::var_os("AUDIOD_SOCKET").map(PathBuf::from));
    named.unwrap_or_else(|| std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from).join("audiod.sock"))
}

fn ask(arguments: &Arguments) -> Result<Said, Failed> {
    // What can be told without audiod is told first.
    let level = match &arguments.command {
        Command::Level { level: Some(text), .. } => Some(audio::level::parse(text).map_err(|error| Failed::Rejected(error.to_string()))?),
        _ => None,
    };
    let mut audiod = Audiod(Client::connect(&socket(arguments)).map_err(failed)?);
    match &arguments.command {
        Command::Info => audiod.info(),
        Command::Level { mute, unmute, .. } => audiod.level(level, *mute, *unmute),
        Command::Tone { hz, ms } => {
            audiod.done(Call::PlayTone { hz: *hz, ms: *ms })?;
            Ok(Said { lines: vec![format!("nx: audio tone {hz}ms={ms}")], data: Some(json!({ "hz": hz, "ms": ms })) })
        }
        Command::Record { command: Record::Start { uri } } => {
            audiod.done(Call::RecordStart(uri.as_str().into()))?;
            Ok(Said { lines: vec!["nx: audio record start".to_owned()], data: Some(json!({ "uri": uri })) })
        }
        Command::Record { command: Record::Stop } => match audiod.ask(Call::RecordStop)? {
            Answer::Recorded { frames, bytes } => Ok(Said {
                lines: vec![format!("recorded {frames} frames, {bytes} bytes")],
                data: Some(json!({ "frames": frames, "bytes": bytes })),
            }),
            other => Err(unexpected(&other)),
        },
        Command::Stats => audiod.stats(),
        Command::Meters => audiod.meters(),
    }
}

fn failed(error: TransportError) -> Failed {
    match error {
        TransportError::NotThere(_) => Failed::Missing(error.to_string()),
        // What this command wanted to send was beyond its bounds.
        TransportError::Message(why) if matches!(why.code(), ErrorCode::OversizedText | ErrorCode::OversizedList) => {
            Failed::Rejected(why.to_string())
        }
        _ => Failed::Delegate(error.to_string()),
    }
}

/// The class of an error that audiod answers: another interface, an argument that it does not take, or its own trouble.
fn answered(code: u16, text: &str) -> Failed {
    use ErrorCode as E;
    let known = E::ALL.iter().copied().find(|known| *known as u16 == code);
    let text = if text.is_empty() { known.map_or("", E::explanation) } else { text };
    let why = format!("audiod: error {code}: {text}");
    match known {
        Some(E::UnsupportedVersion | E::UnknownMethod | E::UnsupportedFormat) => Failed::Unsupported(why),
        Some(E::OutOfRange | E::OversizedInput | E::OversizedText | E::OversizedList | E::InvalidText | E::InvalidLevel | E::UnknownStream) => {
            Failed::Rejected(why)
        }
        _ => Failed::Delegate(why),
    }
}

fn unexpected(answer: &Answer<'_>) -> Failed {
    Failed::Delegate(format!("audiod answered what was not asked for: {answer:?}"))
}

struct Audiod(Client);

impl Audiod {
    fn ask(&mut self, call: Call<'_>) -> Result<Answer<'static>, Failed> {
        match self.0.call(call).map_err(failed)? {
            Answer::Error { code, text } => Err(answered(code, &text)),
            answer => Ok(answer),
        }
    }

    fn done(&mut self, call: Call<'_>) -> Result<(), Failed> {
        match self.ask(call)? {
            Answer::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// The level as it stands: its text, whether muted, and Q16.
    fn get_level(&mut self) -> Result<(String, bool, u32), Failed> {
        match self.ask(Call::GetLevel)? {
            Answer::Level { q16, muted } => {
                let shown = audio::level::show(q16).map_err(|error| Failed::Delegate(format!("audiod: {error}")))?;
                Ok((shown.to_string(), muted, q16))
            }
            other => Err(unexpected(&other)),
        }
    }

    fn level(&mut self, level: Option<u32>, mute: bool, unmute: bool) -> Result<Said, Failed> {
        if let Some(q16) = level {
            self.done(Call::SetLevel(q16))?;
        }
        if mute || unmute {
            self.done(Call::SetMuted(mute))?;
        }
        // What is shown is what audiod says, and not what it was told.
        let (shown, muted, q16) = self.get_level()?;
        let data = json!({ "level": shown, "q16": q16, "muted": muted });
        Ok(Said { lines: vec![format!("nx: audio level={shown}")], data: Some(data) })
    }

    fn info(&mut self) -> Result<Said, Failed> {
        let format = match self.ask(Call::DefaultFormat)? {
            Answer::Format { rate_hz, channels, bits, block_frames } => (rate_hz, channels, bits, block_frames),
            other => return Err(unexpected(&other)),
        };
        let (sink, recording) = match self.ask(Call::SinkState)? {
            Answer::Sink { sink, recording, .. } => (format!("{sink:?}").to_lowercase(), recording),
            other => return Err(unexpected(&other)),
        };
        let (level, muted, _) = self.get_level()?;
        let (rate_hz, channels, bits, block_frames) = format;
        Ok(Said {
            lines: vec![
                format!("format    {rate_hz} Hz, {channels} channels, {bits} bits, blocks of {block_frames} frames"),
                format!("sink      {sink}{}", if recording { ", recording" } else { "" }),
                format!("level     {level}{}", if muted { ", muted" } else { "" }),
            ],
            data: Some(json!({
                "format": { "rate_hz": rate_hz, "channels": channels, "bits": bits, "block_frames": block_frames },
                "sink": sink,
                "recording": recording,
                "level": level,
                "muted": muted,
            })),
        })
    }

    fn stats(&mut self) -> Result<Said, Failed> {
        let answer = self.ask(Call::Stats)?;
        let Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last } = answer else {
            return Err(unexpected(&answer));
        };
        Ok(Said {
            lines: vec![
                format!("ticks     {ticks}"),
                format!("streams   {open_streams}"),
                format!("underruns {underrun_events} ({missing_frames} frames missing)"),
                format!("clipped   {clipped_samples} samples"),
                levels(&last),
            ],
            data: Some(json!({
                "ticks": ticks,
                "open_streams": open_streams,
                "underrun_events": underrun_events,
                "missing_frames": missing_frames,
                "clipped_samples": clipped_samples,
                "peak": last.peak,
                "rms": last.rms,
            })),
        })
    }

    fn meters(&mut self) -> Result<Said, Failed> {
        let answer = self.ask(Call::Meters)?;
        let Answer::Meters { last, fills } = answer else { return Err(unexpected(&answer)) };
        let mut lines = vec![levels(&last)];
        lines.extend(fills.iter().map(|fill| format!("stream {}  {} frames", fill.stream, fill.frames)));
        Ok(Said { lines, data: Some(json!({ "peak": last.peak, "rms": last.rms, "fills": fills })) })
    }
}

fn levels(of: &Peaks) -> String {
    let ([left, right], [rms_left, rms_right]) = (of.peak, of.rms);
    format!("peak      {left} {right}, rms {rms_left} {rms_right}")
}
