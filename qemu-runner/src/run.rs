//! One boot, judged: start, listen, judge, keep the log.

use crate::answers::Answers;
use crate::boot::Mode;
use crate::challenge::Challenge;
use crate::device_tree;
use crate::disk::Disk;
use crate::grammar::Grammar;
use crate::judge::{Exit, Trial, Verdict, judge};
use crate::log::Log;
use crate::machine::{Machine, QEMU, Start};
use crate::memory::Memory;
use crate::settings::RunSettings;
use spec::mailbox::STOP;
use spec_files::markers::{MarkerKind, Profile, ProfileMode};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a run needs beside image and profile.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program.
    pub qemu: PathBuf,
    /// When the run ends.
    pub settings: RunSettings,
    /// Where the raw log is kept; `reports/uart-<profile>.log` where no place is given.
    pub log: Option<PathBuf>,
    /// The device tree.
    pub device_tree: device_tree::Choice,
    /// The disk's image; without it, a profile that needs a disk gets a fresh one, which ends with the run.
    pub disk: Option<PathBuf>,
    /// The lines that the services must print, in order, where they are known.
    pub lines: Option<Vec<String>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            qemu: QEMU.into(),
            settings: RunSettings::default(),
            log: None,
            device_tree: device_tree::Choice::default(),
            disk: None,
            lines: None,
        }
    }
}

/// A run that took place, whatever its verdict.
#[derive(Clone, Debug)]
pub struct Run {
    /// The verdict.
    pub verdict: Verdict,
    /// The raw log.
    pub log: Vec<u8>,
    /// Where it is kept.
    pub log_path: PathBuf,
    /// From the start of QEMU to the ready marker, if that came.
    pub ready_time: Option<Duration>,
    /// From the start of QEMU to its end.
    pub time: Duration,
    /// QEMU's own message, if it had one.
    pub message: String,
}

/// Why a run could not take place.
#[derive(Debug)]
pub enum Error {
    /// There is no such profile; the known ones are named.
    Profile(String),
    /// QEMU, the image or the shared memory is missing or can't be used.
    SetUp(String),
    /// The log can't be kept.
    Log(PathBuf, std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(name) => {
                write!(f, "there is no profile `{name}`; spec/markers.yaml has {}", Grammar::embedded().profile_names().join(", "))
            }
            Self::SetUp(what) => f.write_str(what),
            Self::Log(path, error) => write!(f, "the log can't be kept in {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// How long a guest may take to end its machine once the host asked it to.
const STOP_TIME: Duration = Duration::from_secs(5);

/// Boots an image for a profile, with this challenge, and judges what it printed.
///
/// A guest that serves is told to stop once its plan is through. Without answers the best verdict is [`NotProven`](crate::Outcome::NotProven).
///
/// # Errors
/// What kept the run from taking place. A guest that fails is a verdict.
pub fn run_selftests(
    image: &Path,
    profile: &str,
    challenge: &Challenge,
    answers: Option<&Answers>,
    options: &Options,
) -> Result<Run, Error> {
    let grammar = Grammar::embedded();
    let name = profile;
    let profile = grammar.profile(name).ok_or_else(|| Error::Profile(name.to_owned()))?;
    let log_path = options.log.clone().unwrap_or_else(|| format!("reports/uart-{name}.log").into());
    let selftests = profile.plan.iter().any(|entry| grammar.is_selftest(&entry.value));
    let ends = profile.plan.iter().any(|entry| grammar.kind(&entry.value) == Some(MarkerKind::Done));
    let asked = profile.mode.unwrap_or(if selftests { ProfileMode::Selftest } else { ProfileMode::Serve });
    let mode = match asked {
        ProfileMode::Selftest => Mode::Selftest,
        ProfileMode::Serve => Mode::Serve,
        ProfileMode::Platform | ProfileMode::PlatformDisk => Mode::Platform,
        ProfileMode::Audio | ProfileMode::AudioDisk => Mode::Audio,
        ProfileMode::Media | ProfileMode::MediaDisk => Mode::Media,
        ProfileMode::Decoders => Mode::Decoders,
    };
    let timeout = options.settings.timeout.unwrap_or(Duration::from_millis(profile.timeout_ms));

    let set_up = |error: std::io::Error| Error::SetUp(error.to_string());
    let memory = Memory::new().map_err(set_up)?;
    memory.prepare(mode.number(), challenge, contracts(profile));
    let tree = options.device_tree.blob().map_err(Error::SetUp)?;
    let fresh = if options.disk.is_none() && needs_disk(asked) { Some(Disk::fresh().map_err(set_up)?) } else { None };
    let disk = options.disk.as_deref().or(fresh.as_ref().map(Disk::path));
    let start = Start { qemu: &options.qemu, image, deterministic: mode.deterministic(), device_tree: tree.as_deref(), disk };
    let mut machine = Machine::start(&start, &memory).map_err(set_up)?;
    let deadline = machine.started() + timeout;
    // A guest that says it failed goes on to its end, so that the log shows all of it.
    let mut in_time = machine.wait(deadline, |heard| heard.ready.is_some());
    let ready_time = machine.look(|heard| heard.ready.is_some()).then(|| machine.started().elapsed());
    let until_marker = options.settings.until_marker;
    if ends {
        in_time = in_time && machine.wait(deadline, |heard| until_marker && heard.done);
    } else if in_time && !until_marker {
        memory.ask(1, &[STOP]);
        in_time = machine.wait(deadline.min(Instant::now() + STOP_TIME), |_| false);
    }
    let heard = machine.stop();
    let time = machine.started().elapsed();
    let exit = heard.exit.unwrap_or(Exit::Unknown);
    let message = machine.message();
    keep(&log_path, &heard.log)?;
    if heard.log.is_empty() && message.starts_with(QEMU) && exit != Exit::Code(0) {
        return Err(Error::SetUp(message));
    }
    let log = Log::read(grammar, &heard.log);
    let verdict = judge(
        grammar,
        &Trial { profile, log: &log, exit, timed_out: !in_time, challenge: Some(challenge), answers, lines: options.lines.as_deref() },
    );
    Ok(Run { verdict, log: heard.log, log_path, ready_time, time, message })
}

const fn needs_disk(mode: ProfileMode) -> bool {
    matches!(mode, ProfileMode::PlatformDisk | ProfileMode::AudioDisk | ProfileMode::MediaDisk)
}

/// The [selection](spec::mailbox::selection) of the contracts whose selftests a profile plans.
pub fn contracts(profile: &Profile) -> u64 {
    let plans = |name: &str| profile.plan.iter().any(|entry| entry.value.strip_prefix("selftest_ok:") == Some(name));
    spec::mailbox::selection(plans)
}

/// Whether a profile is about the platform, so that its answers follow from the challenge alone: [`crate::platform::answers`].
pub fn is_platform(profile: &str) -> bool {
    let mode = Grammar::embedded().profile(profile).and_then(|profile| profile.mode);
    matches!(mode, Some(ProfileMode::Platform | ProfileMode::PlatformDisk))
}

/// Judges a recorded log. Neither its end nor its challenge is known, so that it is never more than well-formed.
///
/// # Errors
/// There is no such profile.
pub fn judge_recorded(bytes: &[u8], profile: &str) -> Result<Verdict, Error> {
    let grammar = Grammar::embedded();
    let profile = grammar.profile(profile).ok_or_else(|| Error::Profile(profile.to_owned()))?;
    let log = Log::read(grammar, bytes);
    Ok(judge(grammar, &Trial { profile, log: &log, exit: Exit::Unknown, timed_out: false, challenge: None, answers: None, lines: None }))
}

fn keep(path: &Path, log: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::Log(path.to_owned(), error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, log).map_err(failed)
}
