//! The command line of `conform`.

mod all;
mod corpus;
mod diff;
mod fuzz;
mod goldens;
mod keep;
mod list;
mod qemu;
mod replay;
mod report;
pub mod select;
mod setup;
mod verify;
mod watched;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use watched::Watched;

/// Why a command ended without the answer that was hoped for. Each has its exit code.
#[derive(Debug)]
pub enum Failed {
    /// 1: something does not conform; the findings were printed.
    Diverges,
    /// 2: the command can't be understood, or a file that it names can't.
    Usage(String),
    /// 3: something that the command needs is missing.
    Setup(String),
    /// 4: a fault of conform itself.
    Internal(String),
}

impl Failed {
    fn code(&self) -> u8 {
        match self {
            Self::Diverges => 1,
            Self::Usage(_) => 2,
            Self::Setup(_) => 3,
            Self::Internal(_) => 4,
        }
    }
}

/// Holds implementations of media contracts against executable reference models.
#[derive(Parser)]
#[command(name = "conform", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The root of the repository.
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
}

const EXIT_CODES: &str = "Exit codes: 0 conforms, 1 diverges, 2 usage, 3 set-up is missing something, 4 a fault of conform itself.";

#[derive(Subcommand)]
enum Command {
    /// Everything: all contracts on all drivers, goldens, selftests on QEMU, reports.
    All(select::Selection),
    /// Chosen contracts on chosen drivers.
    Run(select::Selection),
    /// Compares any two machines: model, in-process, portable, process:COMMAND, qemu, qemu:IMAGE.
    Diff(diff::Arguments),
    /// Runs every media file of a folder through implementation, models and, where it is installed, ffmpeg.
    Corpus(corpus::Arguments),
    /// The recorded cases.
    #[command(subcommand)]
    Goldens(goldens::Action),
    /// The pages of spec/pages, with their pictures.
    #[command(subcommand)]
    Pages(goldens::Action),
    /// Reruns a case file.
    Replay(replay::Arguments),
    /// Keeps a case for ever: makes it as small as it still diverges, files it, and records the model's answer as a golden.
    Keep(keep::Arguments),
    /// Fuzzes the targets of the fuzz package against the models.
    #[command(subcommand)]
    Fuzz(fuzz::Action),
    /// Serves the implementation (or a model) over the child-process protocol, on standard input and output.
    Serve {
        /// Serve the reference models instead of the implementation.
        #[arg(long)]
        model: bool,
    },
    /// Shows the last run as a report.
    Report(report::Arguments),
    /// Boots the guest in profiles of spec/markers.yaml and judges its UART with the models' answers.
    Qemu(qemu::Arguments),
    /// Lists contracts, requirements and what checks them.
    List(list::Arguments),
    /// Installs what is missing, or says how.
    Setup(setup::Arguments),
    /// Writes the skeleton of a new contract in every room of the house.
    New {
        /// Name of the contract: lower-case letters, digits and hyphens.
        name: String,
    },
    /// Measures compared steps per second of every contract on every driver, and writes reports/bench.md.
    Bench(crate::bench::Arguments),
    /// Format, lints, goldens, conformance on all drivers, a bounded fuzz smoke, all tests.
    Verify(verify::Arguments),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let root = cli.root.unwrap_or_else(crate::repository_root);
    let outcome = match cli.command {
        Command::All(selection) => all::all(&selection, &root),
        Command::Run(selection) => all::run(&selection, &root),
        Command::Diff(arguments) => diff::run(&arguments, &root),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Goldens(action) => goldens::run(&action, crate::goldens::folder(&root), &root),
        Command::Pages(action) => goldens::run(&action, crate::pages::folder(), &root),
        Command::Replay(arguments) => replay::run(&arguments, &root),
        Command::Keep(arguments) => keep::run(&arguments, &root),
        Command::Fuzz(action) => fuzz::run(&action, &root),
        Command::Serve { model } => serve(model),
        Command::Report(arguments) => report::run(&arguments, &root),
        Command::Qemu(arguments) => qemu::run(&arguments, &root),
        Command::List(arguments) => list::run(&arguments),
        Command::Setup(arguments) => setup::run(&arguments, &root),
        Command::New { name } => crate::scaffold::create(&root, &name).map_err(Failed::Usage),
        Command::Bench(arguments) => crate::bench::run(&arguments, &root).map_err(Failed::Internal),
        Command::Verify(arguments) => verify::run(&arguments, &root),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            match &failed {
                Failed::Diverges => {}
                Failed::Usage(why) | Failed::Setup(why) => eprintln!("conform: {why}"),
                Failed::Internal(why) => eprintln!("conform: internal: {why}"),
            }
            ExitCode::from(failed.code())
        }
    }
}

fn serve(model: bool) -> Result<(), Failed> {
    let input = std::io::BufReader::with_capacity(1 << 18, Watched::new(std::io::stdin().lock()));
    let output = std::io::BufWriter::with_capacity(1 << 18, std::io::stdout().lock());
    let served = if model { crate::serve::serve_model(input, output) } else { crate::serve::serve(input, output) };
    served.map_err(|error| Failed::Internal(format!("failed to serve: {error}")))
}

/// The contract files, checked.
fn library() -> Result<spec_files::Library, Failed> {
    spec_files::Library::embedded().map_err(|problems| Failed::Usage(format!("the contract files are wrong:\n{problems}")))
}
