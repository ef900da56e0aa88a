//! The command-line tools of the media services.

mod mix;
mod wav_file;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tools of the media services.
#[derive(Parser)]
#[command(name = "nx", version, after_help = "Exit codes: 0 success, 2 usage, 3 the input was rejected, 7 internal.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Mixes WAV files block by block through ring, gain, mixer and level.
    Mix(mix::Arguments),
}

/// Why a command failed. Each has its exit code.
#[derive(Debug)]
pub enum Failed {
    /// 2: the command can't be understood.
    Usage(String),
    /// 3: an input was rejected.
    Rejected(String),
    /// 7: anything else, such as a full disk.
    Internal(String),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = match cli.command {
        Command::Mix(arguments) => mix::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            let (code, why) = match failed {
                Failed::Usage(why) => (2, why),
                Failed::Rejected(why) => (3, why),
                Failed::Internal(why) => (7, why),
            };
            eprintln!("nx: {why}");
            ExitCode::from(code)
        }
    }
}
