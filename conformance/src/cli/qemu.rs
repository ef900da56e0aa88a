//! `conform qemu`: boots in profiles, judged with the models' answers.

use super::Failed;
use crate::selftest::{self, PROFILES};
use clap::Args;
use qemu_runner::Challenge;
use std::path::Path;
use std::time::Instant;

/// Profiles that are booted where none is named: the post-flight of the media services, with a disk and without.
const POSTFLIGHT: [&str; 5] = ["decoders", "audio", "audio-diskless", "media", "media-diskless"];

/// Options of `qemu`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A profile of spec/markers.yaml. Can be given several times. [default: decoders, and audio and media, each with a disk and without]
    #[arg(long, value_name = "PROFILE", value_parser = PROFILES)]
    profile: Vec<String>,
    /// An image of your own; without it, the guest of this repository is built.
    #[arg(long, value_name = "FILE")]
    image: Option<String>,
    /// The challenge, 64 hexadecimal digits; without it, a random one for each boot.
    #[arg(long)]
    challenge: Option<Challenge>,
    /// Print the lines that the model's services give for each boot.
    #[arg(long)]
    lines: bool,
}

/// Boots and judges.
pub fn run(arguments: &Arguments, root: &Path) -> Result<(), Failed> {
    crate::setup::install_for_conformance();
    if let Some(missing) = crate::setup::missing_for_qemu() {
        return Err(Failed::Setup(missing));
    }
    let profiles: Vec<&str> =
        if arguments.profile.is_empty() { POSTFLIGHT.to_vec() } else { arguments.profile.iter().map(String::as_str).collect() };
    let description = arguments.image.as_ref().map_or("qemu".to_owned(), |image| format!("qemu:{image}"));
    let mut passed = true;
    for profile in profiles {
        let start = Instant::now();
        let log = selftest::log_path(root, profile);
        let selftest::Booted { run, expected, .. } = selftest::run(profile, &description, root, &log, arguments.challenge);
        print!("{}", run.verdict);
        println!("  challenge {}; log in {}; {} ms", run.challenge, run.log, start.elapsed().as_millis());
        if arguments.lines {
            expected.lines.iter().flatten().for_each(|line| println!("  model: {line}"));
        }
        passed &= run.passed;
    }
    if passed { Ok(()) } else { Err(Failed::Diverges) }
}
