//! `tonegen`: a demo app that fills its stream with a sine.

use audio::tone::Tone;
use clap::Parser;
use nx::Failed;
use nx::client::{Client, Where};
use spec::format::BLOCK_FRAMES;
use std::process::ExitCode;

/// Fills a stream of the audio service with a sine.
#[derive(Parser)]
#[command(name = "tonegen", version)]
struct Cli {
    /// Frequency in Hz.
    hz: u32,
    /// Length in milliseconds.
    #[arg(default_value_t = 1_000)]
    ms: u32,
    #[command(flatten)]
    services: Where,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("tonegen: {}", failed.message());
            ExitCode::from(failed.class().code())
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failed> {
    let mut tone = Tone::default();
    let mut left = tone.play(cli.hz, cli.ms).map_err(|error| Failed::Rejected(error.to_string()))?;
    let mut client = Client::connect(&cli.services)?;
    nx::play(&mut client, "tonegen", |block| {
        let frames = left.min(u64::from(BLOCK_FRAMES));
        left -= frames;
        if frames == 0 {
            return Ok(0);
        }
        tone.pull(BLOCK_FRAMES, block).map_err(|error| Failed::Internal(error.to_string()))?;
        Ok(frames as u32)
    })
}
