//! `wavplay`: a demo app that plays a WAV file.

use clap::Parser;
use nx::client::{Client, Where};
use nx::{Failed, Source};
use spec::format::BLOCK_FRAMES;
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
    services: Where,
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
    let mut source = Source::open(&nx::fixture(&cli.file, &cli.fixtures)?, true)?;
    let mut client = Client::connect(&cli.services)?;
    nx::play(&mut client, "wavplay", |block| {
        let samples = source.next(BLOCK_FRAMES)?;
        for (out, sample) in block.iter_mut().zip(&samples) {
            *out = *sample;
        }
        Ok(samples.len() as u32 / 2)
    })
}
