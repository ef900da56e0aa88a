//! `nx audio`: the audio service from the command line.

mod meters;

use crate::client::{Client, Where};
use crate::failed::{Class, Failed, envelope, report};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use spec::idl::{Answer, Call, Sink};
use std::process::ExitCode;

/// Options of `audio`.
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

#[derive(Subcommand, Debug)]
enum Command {
    /// The engine's format, the sink and the level.
    Info,
    /// Sets the master level: 0, 1, or a decimal of at most four places between them.
    Level {
        /// The level. Without it the present one is shown.
        level: Option<String>,
        /// Mutes the master; the level is remembered.
        #[arg(long, conflicts_with = "unmute")]
        mute: bool,
        /// Unmutes it.
        #[arg(long)]
        unmute: bool,
    },
    /// Plays a tone of so many Hz for so many milliseconds.
    Tone {
        /// Frequency in Hz.
        hz: u32,
        /// Length in ms.
        ms: u32,
    },
    /// Records what is mixed.
    Record {
        #[command(subcommand)]
        what: Record,
    },
    /// The counters.
    Stats,
    /// Selects the sink.
    Sink {
        /// null, file or i2s.
        sink: String,
    },
    /// Shows level meters until it is interrupted.
    Meters {
        /// Ends after so many looks, a tenth of a second apart.
        #[arg(long)]
        count: Option<u32>,
    },
}

#[derive(Subcommand, Debug)]
enum Record {
    /// Starts, into a file of the state store: state:/audio/out.wav.
    Start {
        /// The file.
        uri: String,
    },
    /// Stops and keeps the file.
    Stop,
}

/// Runs a command.
pub fn run(arguments: &Arguments) -> ExitCode {
    let outcome = told(arguments).map(|(marker, data)| {
        if arguments.json {
            println!("{}", envelope(Class::Success, &marker, Some(data)));
        } else {
            if !marker.is_empty() {
                println!("{marker}");
            }
            if let Some(fields) = data.as_object() {
                for (name, value) in fields {
                    println!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
            }
        }
    });
    report("nx audio", arguments.json, outcome)
}

/// Does it; gives the marker and the data of the answer.
fn told(arguments: &Arguments) -> Result<(String, Value), Failed> {
    let connect = || Client::connect(&arguments.services);
    match &arguments.command {
        Command::Info => info(&mut connect()?),
        Command::Level { level, mute, unmute } => set_level(&mut connect()?, level.as_deref(), *mute, *unmute),
        Command::Tone { hz, ms } => {
            let answer = connect()?.call(Call::PlayTone { hz: *hz, ms: *ms })?;
            let Answer::Opened { stream, frames, .. } = answer else { return Err(unexpected(&answer)) };
            Ok((format!("nx: audio tone {hz}ms={ms}"), json!({"stream": stream, "frames": frames})))
        }
        Command::Record { what: Record::Start { uri } } => {
            connect()?.call(Call::RecordStart(uri.into()))?;
            Ok(("nx: audio record start".into(), json!({"uri": uri})))
        }
        Command::Record { what: Record::Stop } => {
            let answer = connect()?.call(Call::RecordStop)?;
            let Answer::Recorded { frames, bytes } = answer else { return Err(unexpected(&answer)) };
            Ok(("nx: audio record stop".into(), json!({"frames": frames, "bytes": bytes})))
        }
        Command::Stats => stats(&mut connect()?),
        Command::Sink { sink } => {
            let sink = match sink.as_str() {
                "null" => Sink::Null,
                "file" => Sink::File,
                "i2s" => Sink::I2s,
                other => return Err(Failed::Usage(format!("there is no sink {other}: use null, file or i2s"))),
            };
            connect()?.call(Call::SelectSink(sink))?;
            info(&mut connect()?)
        }
        Command::Meters { count } => meters::run(&mut connect()?, *count, arguments.json).map(|()| (String::new(), json!({}))),
    }
}

fn unexpected(answer: &Answer<'_>) -> Failed {
    Failed::Internal(format!("the audio service gave an answer of another kind: {answer:?}; start this version's `nx audiod`"))
}

fn info(client: &mut Client) -> Result<(String, Value), Failed> {
    let (format, sink, level) = (client.call(Call::DefaultFormat)?, client.call(Call::SinkState)?, client.call(Call::GetLevel)?);
    let Answer::Format { rate_hz, channels, bits, block_frames } = format else { return Err(unexpected(&format)) };
    let Answer::Sink { sink, recording, frames } = sink else { return Err(unexpected(&sink)) };
    let Answer::Level { q16, muted } = level else { return Err(unexpected(&level)) };
    Ok((
        "nx: audio info".into(),
        json!({
            "rate_hz": rate_hz, "channels": channels, "bits": bits, "block_frames": block_frames, "sink": sink.name(),
            "recording": recording, "sink_frames": frames, "level": shown(q16), "level_db": decibels(q16), "muted": muted,
        }),
    ))
}

fn shown(q16: u32) -> String {
    audio::level::show(q16).map_or_else(|error| error.to_string(), |text| text.as_str().to_owned())
}

fn decibels(q16: u32) -> String {
    match audio::level::decibels(q16) {
        Ok(spec::level::Decibels::Silence) => "-inf".into(),
        Ok(spec::level::Decibels::Q8_8(steps)) => format!("{:.2}", f64::from(steps) / 256.0),
        Err(error) => error.to_string(),
    }
}

fn set_level(client: &mut Client, level: Option<&str>, mute: bool, unmute: bool) -> Result<(String, Value), Failed> {
    if let Some(level) = level {
        let q16 = audio::level::parse(level).map_err(|error| Failed::Rejected(error.to_string()))?;
        client.call(Call::SetLevel(q16))?;
    }
    if mute || unmute {
        client.call(Call::SetMuted(mute))?;
    }
    let answer = client.call(Call::GetLevel)?;
    let Answer::Level { q16, muted } = answer else { return Err(unexpected(&answer)) };
    Ok((format!("nx: audio level={}", shown(q16)), json!({"level": shown(q16), "level_db": decibels(q16), "muted": muted})))
}

fn stats(client: &mut Client) -> Result<(String, Value), Failed> {
    let answer = client.call(Call::Stats)?;
    let Answer::Stats { ticks, open_streams, underrun_events, missing_frames, clipped_samples, last } = answer else {
        return Err(unexpected(&answer));
    };
    Ok((
        "nx: audio stats".into(),
        json!({
            "ticks": ticks, "open_streams": open_streams, "underrun_events": underrun_events, "missing_frames": missing_frames,
            "clipped_samples": clipped_samples, "peak": last.peak, "rms": last.rms,
        }),
    ))
}
