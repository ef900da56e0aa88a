//! The command-line tools of the media services: `nx` with its topics, and the demo programs `tonegen` and `wavplay`.

mod audio_topic;
mod audiod;
pub mod client;
mod failed;
mod media_topic;
mod mix;
mod play;
mod session;
mod wav_file;

pub use failed::{Class, Failed};
pub use play::{Block, play};
pub use session::{Published, publish};
pub use wav_file::{Source, fixture};

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tools of the media services.
#[derive(Parser)]
#[command(
    name = "nx",
    version,
    after_help = "Exit codes: 0 success, 2 usage, 3 the input was rejected, 4 something is missing, 5 the service refused, 6 unsupported, 7 internal."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Mixes WAV files block by block through ring, gain, mixer and level.
    Mix(mix::Arguments),
    /// Runs the media services on this machine, until it is interrupted.
    Audiod(audiod::Arguments),
    /// Talks to the audio service.
    Audio(audio_topic::Arguments),
    /// Lists and controls the media sessions.
    Media(media_topic::Arguments),
}

/// Runs the tool with the program's arguments.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::from(Class::Success.code());
            }
            // Who asked for JSON reads JSON (NX_AUDIO-D4).
            if std::env::args_os().any(|argument| argument == "--json") {
                println!("{}", failed::envelope(Class::Usage, error.to_string().trim_end(), None));
            } else {
                let _ = error.print();
            }
            return ExitCode::from(Class::Usage.code());
        }
    };
    match cli.command {
        Command::Mix(arguments) => failed::report("nx", false, mix::run(&arguments)),
        Command::Audiod(arguments) => failed::report("nx audiod", false, audiod::run(&arguments)),
        Command::Audio(arguments) => audio_topic::run(&arguments),
        Command::Media(arguments) => media_topic::run(&arguments),
    }
}
