//! `conform corpus`.

use super::Failed;
use crate::corpus::outside::{self, Outside};
use crate::corpus::{self, Options, Report, player, text};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Which decoder of others takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// ffmpeg where it is installed.
    Auto,
    /// ffmpeg, which has to be installed.
    Ffmpeg,
    /// None.
    None,
}

/// Options of `corpus`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder with the files, and folders in it.
    folder: PathBuf,
    /// Only the files of the folder itself.
    #[arg(long)]
    flat: bool,
    /// The decoder of others that the files are given to, too.
    #[arg(long, value_enum, default_value = "auto")]
    outside: Which,
    /// A failure, not a note, if it says something else and nobody knows why.
    #[arg(long)]
    require_outside: bool,
    /// Writes what was found to this file, as conformance/CORPUS.md describes it.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes a page with pictures of the differences to this file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Runs every file of a folder through implementation, models and the outside decoder.
pub fn run(arguments: &Arguments) -> Result<(), Failed> {
    let outside = find(arguments)?;
    let bar = ProgressBar::with_draw_target(
        None,
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
    );
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>7}/{len} {msg}") {
        bar.set_style(style);
    }
    let options = Options { recursive: !arguments.flat, outside: outside.as_ref(), ..Options::new(&arguments.folder) };
    let report = corpus::run(&options, &player::implementation, &mut |file, files| {
        bar.set_length(files as u64);
        bar.inc(1);
        bar.suspend(|| println!("{}", text::file(file)));
    })
    .map_err(|error| Failed::Usage(format!("{}: {error}; name a folder that can be read", arguments.folder.display())))?;
    bar.finish_and_clear();
    println!("{}", text::summary(&report));
    write(arguments, &report)?;
    verdict(&report, arguments.require_outside)
}

fn find(arguments: &Arguments) -> Result<Option<Outside>, Failed> {
    let found = if arguments.outside == Which::None { None } else { outside::find("ffmpeg") };
    let missing = format!("ffmpeg is not installed: {}", crate::setup::FFMPEG_BY_HAND);
    match (arguments.outside, &found) {
        (Which::None, _) if arguments.require_outside => Err(Failed::Usage("--require-outside needs an outside decoder".to_owned())),
        (Which::Ffmpeg, None) => Err(Failed::Setup(missing)),
        (Which::Auto, None) if arguments.require_outside => Err(Failed::Setup(missing)),
        (Which::Auto, None) => {
            eprintln!("conform: {missing}; the files are held against the models alone");
            Ok(None)
        }
        _ => Ok(found),
    }
}

fn write(arguments: &Arguments, report: &Report) -> Result<(), Failed> {
    let put = |path: &PathBuf, text: String| fs::write(path, text).map_err(|error| Failed::Usage(format!("{}: {error}", path.display())));
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(report).map_err(|error| Failed::Internal(error.to_string()))?;
        put(path, text + "\n")?;
    }
    arguments.html.as_ref().map_or(Ok(()), |path| put(path, corpus::html::render(report)))
}

fn verdict(report: &Report, require_outside: bool) -> Result<(), Failed> {
    let counts = &report.counts;
    if counts.diverge > 0 || (require_outside && counts.unexplained > 0) {
        Err(Failed::Diverges)
    } else if counts.files == counts.skipped {
        Err(Failed::Usage("no file was compared, and nothing run is not a pass: name a folder with media".to_owned()))
    } else {
        Ok(())
    }
}
