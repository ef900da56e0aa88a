//! Boots a guest, or reads a recorded log, and says whether it keeps its plan.

use clap::{Parser, Subcommand};
use qemu_runner::boot::Options;
use qemu_runner::device_tree::{self, Choice};
use qemu_runner::disk::Disk;
use qemu_runner::{Answers, Challenge, Outcome, RunSettings, Verdict, answers, build, platform, report, run, services};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const EXIT_CODES: &str = "Exit codes:
  0  passed: the plan was kept, and the challenge of this boot was answered rightly
  1  failed: at least one fault
  2  the command line, the environment or a file of answers is wrong
  3  something is missing: QEMU, the image, or a toolchain to build it
  4  internal: a report or the log can't be written
  5  well-formed, but not proven: no answers were given, or the log was recorded

Environment of `run`:
  RUN_UNTIL_MARKER  1: end at the done marker; 0 (or unset): when the machine ends
  RUN_TIMEOUT       longest run: 90, 185s, 1500ms or 3m; the profile's limit where unset";

/// Boots a guest and judges its UART.
#[derive(Parser)]
#[command(name = "qemu-runner", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Boot an image with a challenge and judge what it prints.
    #[command(after_help = EXIT_CODES)]
    Run {
        /// The image; without it, the guest of this repository is built.
        #[arg(long)]
        image: Option<PathBuf>,
        /// The profile of spec/markers.yaml.
        #[arg(long, default_value = "core")]
        profile: String,
        /// The challenge, 64 hexadecimal digits; without it, a random one.
        #[arg(long)]
        challenge: Option<Challenge>,
        /// The model's answers to that challenge, as JSON. Those of the platform's profiles follow from the challenge itself.
        #[arg(long, requires = "challenge")]
        answers: Option<PathBuf>,
        /// The device tree's blob, or `qemu` for QEMU's own; without it, spec/dts/virt-nexus.dts is compiled by dtc.
        #[arg(long)]
        dtb: Option<PathBuf>,
        /// The disk's image, made where it is not there; without it, a profile that needs a disk gets one for this run alone.
        #[arg(long)]
        disk: Option<PathBuf>,
        /// Where the raw log is kept; reports/uart-PROFILE.log without it.
        #[arg(long)]
        log: Option<PathBuf>,
        /// Write a JUnit report there.
        #[arg(long)]
        junit: Option<PathBuf>,
        /// Print the verdict as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Boot the media services and let programs of this machine use them: nx audio --guest.
    Services {
        /// The image; without it, the guest of this repository is built.
        #[arg(long)]
        image: Option<PathBuf>,
        /// Where clients find the services. [default: this user's, where nx audio --guest looks]
        #[arg(long)]
        socket: Option<PathBuf>,
        /// The disk's image, which is /state, made where it is not there. Without it nothing is recorded or kept.
        #[arg(long)]
        disk: Option<PathBuf>,
        /// Consents that a program records: nx. Can be given several times.
        #[arg(long, value_name = "PROGRAM")]
        consent: Vec<String>,
    },
    /// Judge a recorded log by the same rules.
    #[command(after_help = EXIT_CODES)]
    VerifyUart {
        /// The log.
        log: PathBuf,
        /// The profile of spec/markers.yaml.
        #[arg(long)]
        profile: String,
        /// Write a JUnit report there.
        #[arg(long)]
        junit: Option<PathBuf>,
        /// Print the verdict as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Bytes of a device tree that are read; what is longer is not well-formed without its end.
const BLOB_BYTES_MAX: u64 = 1 << 20;

enum Stop {
    Usage(String),
    SetUp(String),
    Internal(String),
}

impl From<run::Error> for Stop {
    fn from(error: run::Error) -> Self {
        match error {
            run::Error::Profile(_) => Self::Usage(error.to_string()),
            run::Error::SetUp(_) => Self::SetUp(error.to_string()),
            run::Error::Log(..) => Self::Internal(error.to_string()),
        }
    }
}

fn main() -> ExitCode {
    match work(Arguments::parse().command) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Ok(Outcome::NotProven) => ExitCode::from(5),
        Err(stop) => {
            let (message, code) = match stop {
                Stop::Usage(message) => (message, 2),
                Stop::SetUp(message) => (message, 3),
                Stop::Internal(message) => (message, 4),
            };
            eprintln!("qemu-runner: {message}");
            ExitCode::from(code)
        }
    }
}

fn work(command: Command) -> Result<Outcome, Stop> {
    match command {
        Command::Run { image, profile, challenge, answers, dtb, disk, log, junit, json } => {
            let settings = RunSettings::from_environment().map_err(Stop::Usage)?;
            let answers = answers.as_deref().map(read_answers).transpose()?;
            let challenge = match challenge {
                Some(challenge) => challenge,
                None => Challenge::random().map_err(|error| Stop::SetUp(error.to_string()))?,
            };
            let image = match image {
                Some(image) => image,
                None => build::build_guest(&root()?).map_err(|error| Stop::SetUp(error.to_string()))?,
            };
            let answers = answers.or_else(|| run::is_platform(&profile).then(|| platform::answers(&challenge)));
            let device_tree = device_tree(dtb.as_deref())?;
            let disk = disk.map(usable).transpose()?;
            let options = run::Options { settings, log, device_tree, disk, ..run::Options::default() };
            let run = run::run_selftests(&image, &profile, &challenge, answers.as_ref(), &options)?;
            show(&run.verdict, run.time, junit.as_deref(), json)?;
            eprintln!("challenge {challenge}; log in {}", run.log_path.display());
            if let Some(ready) = run.ready_time {
                eprintln!("ready after {:.1} ms, ended after {:.1} ms", millis(ready), millis(run.time));
            }
            if !run.message.is_empty() {
                eprintln!("QEMU says: {}", run.message);
            }
            Ok(run.verdict.outcome)
        }
        Command::Services { image, socket, disk, consent } => {
            let image = match image {
                Some(image) => image,
                None => build::build_guest(&root()?).map_err(|error| Stop::SetUp(error.to_string()))?,
            };
            let disk = disk.map(usable).transpose()?;
            let socket = socket.unwrap_or_else(default_socket);
            eprintln!("qemu-runner: the services will answer at {}", socket.display());
            let options = Options { disk, ..Options::default() };
            services::serve(&image, &socket, &consent, &options, std::io::stdout()).map_err(|failure| Stop::SetUp(failure.to_string()))?;
            Ok(Outcome::Passed)
        }
        Command::VerifyUart { log, profile, junit, json } => {
            // One byte more than is read shows that there is more.
            let max = qemu_runner::Grammar::embedded().bounds().log_bytes_max as u64 + 1;
            let verdict = run::judge_recorded(&read(&log, max)?, &profile)?;
            show(&verdict, Duration::ZERO, junit.as_deref(), json)?;
            Ok(verdict.outcome)
        }
    }
}

/// A disk's image that can be read, made where there is none.
fn usable(path: PathBuf) -> Result<PathBuf, Stop> {
    match Disk::at(&path).and_then(|disk| disk.list()) {
        Ok(_) => Ok(path),
        Err(error) => Err(Stop::Usage(format!("{}: {error}", path.display()))),
    }
}

/// Where `nx audio --guest` looks: what the environment says, or a file in the user's runtime folder.
fn default_socket() -> PathBuf {
    if let Some(path) = std::env::var_os("NX_AUDIOD_GUEST_SOCKET") {
        return path.into();
    }
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    folder.join(format!("nx-audiod-guest-{}.sock", rustix::process::getuid().as_raw()))
}

/// The device tree that was asked for. A blob that is not right would make a guest's failure look like the guest's fault.
fn device_tree(path: Option<&Path>) -> Result<Choice, Stop> {
    let Some(path) = path else { return Ok(Choice::Compiled) };
    if path == Path::new("qemu") {
        return Ok(Choice::Qemu);
    }
    let blob = read(path, BLOB_BYTES_MAX)?;
    device_tree::check(&blob).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Stop::Usage(format!("{}: {}", path.display(), problems.join("\n  ")))
    })?;
    Ok(Choice::Blob(blob.into()))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn show(verdict: &Verdict, time: Duration, junit: Option<&Path>, json: bool) -> Result<(), Stop> {
    let internal = |what: &dyn std::fmt::Display| Stop::Internal(format!("the report can't be written: {what}"));
    if let Some(path) = junit {
        let text = report::junit(verdict, time).map_err(|error| internal(&error))?;
        std::fs::write(path, text).map_err(|error| internal(&format!("{}: {error}", path.display())))?;
    }
    if json {
        print!("{}", report::json(verdict).map_err(|error| internal(&error))?);
    } else {
        print!("{verdict}");
    }
    Ok(())
}

fn read(path: &Path, max: u64) -> Result<Vec<u8>, Stop> {
    let failed = |error| Stop::Usage(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(failed)?.take(max).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn read_answers(path: &Path) -> Result<Answers, Stop> {
    let bytes = read(path, answers::ANSWERS_BYTES_MAX as u64 + 1)?;
    let text = String::from_utf8(bytes).map_err(|error| Stop::Usage(format!("{}: {error}", path.display())))?;
    answers::parse(&text).map_err(|error| Stop::Usage(format!("{}: {error}", path.display())))
}

/// The root of the repository that the working folder lies in.
fn root() -> Result<PathBuf, Stop> {
    let here = std::env::current_dir().map_err(|error| Stop::SetUp(error.to_string()))?;
    let root = here.ancestors().find(|folder| folder.join("spec/markers.yaml").is_file());
    root.map(Path::to_owned).ok_or_else(|| Stop::SetUp("the working folder is in no checkout of this repository: give --image".to_owned()))
}
