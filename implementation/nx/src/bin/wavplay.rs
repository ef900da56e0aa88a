//! `wavplay`: a demo app that plays a WAV file.

use clap::{Args, Parser};
use nx::client::{Client, Where};
use nx::{Failed, Published, Source};
use spec::format::BLOCK_FRAMES;
use spec::media::Class;
use std::path::PathBuf;
use std::process::ExitCode;

/// Plays a WAV file through the audio service.
#[derive(Parser)]
#[command(name = "wavplay", version)]
struct Cli {
    /// The file, or a fixture: pkg://fixtures/audio/NAME.wav. 48000 Hz, 16-bit PCM, stereo or mono.
    file: String,
    /// The folder that is pkg://fixtures.
    #[arg(long, default_value = "goldens")]
    fixtures: PathBuf,
    #[command(flatten)]
    session: Session,
    #[command(flatten)]
    services: Where,
}

/// What is published of the file, with --session.
#[derive(Args)]
struct Session {
    /// Publishes a media session, which plays once somebody asks it to: nx media play.
    #[arg(long)]
    session: bool,
    /// What the session is for: music, comms, alarm or ui.
    #[arg(long, requires = "session", default_value = "music", value_parser = class)]
    class: Class,
    /// Asks for focus for a while, and not for good: a ui sound lowers music so.
    #[arg(long, requires = "session")]
    transient: bool,
    /// Title. [default: the file's name]
    #[arg(long, requires = "session")]
    title: Option<String>,
    /// Artist.
    #[arg(long, requires = "session", default_value = "")]
    artist: String,
    /// Album.
    #[arg(long, requires = "session", default_value = "")]
    album: String,
    /// The app whose session it is; its volume and mute are all of its sessions'.
    #[arg(long, requires = "session", default_value = "wavplay")]
    app: String,
}

fn class(text: &str) -> Result<Class, String> {
    Class::from_name(text).ok_or_else(|| format!("there is no class {text}: give one of {}", Class::ALL.map(Class::name).join(", ")))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("wavplay: {}", failed.message());
            ExitCode::from(failed.class().code())
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failed> {
    let path = nx::fixture(&cli.file, &cli.fixtures)?;
    let mut source = Source::open(&path, true)?;
    let mut client = Client::connect(&cli.services)?;
    if cli.session.session {
        let Session { class, transient, ref title, ref artist, ref album, ref app, .. } = cli.session;
        let title = title.clone().or_else(|| Some(path.file_stem()?.to_string_lossy().into_owned())).unwrap_or_default();
        let (artist, album, app) = (artist.clone(), album.clone(), app.clone());
        return nx::publish(&mut client, &mut source, &Published { app, class, transient, title, artist, album }, |session| {
            println!("wavplay: session sid={session} class={}", class.name());
            eprintln!("wavplay: it plays once it is asked to: nx media play {session}");
        });
    }
    nx::play(&mut client, "wavplay", |block| {
        let samples = source.next(BLOCK_FRAMES)?;
        for (out, sample) in block.iter_mut().zip(&samples) {
            *out = *sample;
        }
        Ok(samples.len() as u32 / 2)
    })
}
