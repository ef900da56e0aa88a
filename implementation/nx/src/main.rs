//! The command-line tools of the media services.

mod audio_command;
mod envelope;
mod mix;
mod wav_file;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tools of the media services.
#[derive(Parser)]
#[command(name = "nx", version, after_help = "Exit codes: 0 success, 2 usage, 3 the input was rejected, 4 something needed is not there, 5 the service failed, 6 not supported, 7 internal.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Mixes WAV files block by block through ring, gain, mixer and level.
    Mix(mix::Arguments),
    /// Asks audiod.
    Audio(audio_command::Arguments),
}

/// Why a command failed. Each has its exit code and its class.
#[derive(Debug)]
pub enum Failed {
    /// 2: the command can't be understood.
    Usage(String),
    /// 3: an input was rejected.
    Rejected(String),
    /// 4: something that the command needs is not there.
    Missing(String),
    /// 5: the service that was asked failed.
    Delegate(String),
    /// 6: the service does not have what was asked for.
    Unsupported(String),
    /// 7: anything else, such as a full disk.
    Internal(String),
}

impl Failed {
    /// Exit code, class and what went wrong.
    fn parts(&self) -> (u8, &'static str, &str) {
        match self {
            Self::Usage(why) => (2, "usage", why),
            Self::Rejected(why) => (3, "validation_reject", why),
            Self::Missing(why) => (4, "missing_dependency", why),
            Self::Delegate(why) => (5, "delegate_failure", why),
            Self::Unsupported(why) => (6, "unsupported", why),
            Self::Internal(why) => (7, "internal", why),
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are answers, not errors.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            // Whether JSON was asked for is not parsed then, and read from the arguments as they are.
            if std::env::args().any(|argument| argument == "--json") {
                envelope::print_failure(&Failed::Usage(error.to_string()));
            } else {
                let _ = error.print();
            }
            return ExitCode::from(2);
        }
    };
    let (outcome, json) = match &cli.command {
        Command::Mix(arguments) => (mix::run(arguments), false),
        Command::Audio(arguments) => (audio_command::run(arguments), arguments.json),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let (code, _, why) = failed.parts();
            if json {
                envelope::print_failure(&failed);
            } else {
                eprintln!("nx: {why}");
            }
            ExitCode::from(code)
        }
    }
}
