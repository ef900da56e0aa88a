//! Boots a guest with a fresh challenge and judges its UART, with the models' answers.

use crate::audio_goldens;
use crate::evidence::SelftestRun;
use model::Modelled;
use model::system::SystemModel;
use qemu_runner::disk::Disk;
use qemu_runner::grammar::{Grammar, Line, parse_line};
use qemu_runner::{Answer, Answers, Challenge, Outcome, RunSettings, run_selftests};
use sha2::{Digest, Sha256};
use spec::Machine;
use spec::audiod::checksum;
use spec::challenge::cases;
use spec::decode_bounds::boot;
use spec::format::BLOCK_FRAMES;
use spec::mailbox::is_selected;
use spec::system::script::{self, Part};
use spec::system::{Obs, Op};
use spec_files::markers::MarkerKind;
use std::path::{Path, PathBuf};

/// The profiles of `spec/markers.yaml` that a whole run boots, in this order.
pub const PROFILES: [&str; 9] =
    ["core", "contracts", "decoders", "audio", "audio-diskless", "media", "media-diskless", "platform", "diskless"];

/// Where the log of a profile's boot is kept.
pub fn log_path(root: &Path, profile: &str) -> PathBuf {
    root.join(format!("reports/uart-{profile}.log"))
}

/// A number that nobody can foresee.
///
/// # Errors
/// What keeps the system from giving one.
pub fn random_u64() -> Result<u64, String> {
    let Challenge(bytes) = Challenge::random().map_err(|error| format!("no random numbers: {error}"))?;
    Ok(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

/// What a right guest answers to a challenge: for each of the [selected](spec::mailbox::selection) contracts the number of cases and the
/// digest of all traces.
///
/// # Errors
/// A failing model.
pub fn answers(challenge: &Challenge, contracts: u64) -> Result<Answers, String> {
    let mut answers = Answers::new();
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            $(if is_selected(contracts, <$contract as spec::Contract>::NAME) {
                let mut model = <$contract as Modelled>::model();
                let mut digest = Sha256::new();
                let drawn = cases::<$contract>(&challenge.0);
                for case in &drawn {
                    let trace = model.run_case(case).map_err(|failure| failure.to_string())?;
                    digest.update(postcard::to_allocvec(&trace).map_err(|error| error.to_string())?);
                }
                let answer = Answer::new(drawn.len() as u64, &digest.finalize().into());
                answers.insert(<$contract as spec::Contract>::NAME.to_owned(), answer);
            })*
        };
    }
    spec::for_each_contract!(contracts);
    Ok(answers)
}

/// What a right guest shows in a profile, by the models.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Its answers.
    pub answers: Answers,
    /// The lines of its services, in order, where it runs them.
    pub lines: Option<Vec<String>>,
    /// The file that must be on its disk, where it leaves one.
    pub kept: Option<Kept>,
}

/// A file that a guest leaves on its disk.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its URI.
    pub uri: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Kept {
    /// Its path on the disk.
    pub fn path(&self) -> &'static str {
        self.uri.trim_start_matches("state:")
    }
}

/// The same for a profile of `spec/markers.yaml`.
///
/// # Errors
/// A failing model.
pub fn expected(profile: &str, challenge: &Challenge) -> Result<Expected, String> {
    let answers = match profile {
        "audio" => return media(challenge, true, None),
        "audio-diskless" => return media(challenge, false, None),
        "media" => return sessions(challenge, true),
        "media-diskless" => return sessions(challenge, false),
        "decoders" => decoded(challenge)?,
        _ if qemu_runner::run::is_platform(profile) => qemu_runner::platform::answers(challenge),
        _ => answers(challenge, Grammar::embedded().profile(profile).map_or(0, qemu_runner::run::contracts))?,
    };
    Ok(Expected { answers, ..Expected::default() })
}

/// The media services' selftests: the script of the challenge, through the model.
fn media(challenge: &Challenge, state: bool, settings: Option<&[u8]>) -> Result<Expected, String> {
    let script = script::script(&challenge.0);
    let mut model = SystemModel::default();
    let started = model.reset(&script::config(state)).map_err(|failure| failure.to_string())?;
    started.map_err(|code| format!("the model rejects the profile's configuration: {}", code.name()))?;
    if let Some(settings) = settings {
        // What the first start printed is not this boot's.
        model.step(&Op::Lines).map_err(|failure| failure.to_string())?;
        model = model.restarted_with(settings);
    }
    let mut answers = Answers::new();
    for part in &script.parts {
        answers.insert(part.name.to_owned(), scripted(&mut model, part)?);
    }
    let (hz, ms) = script.tonegen;
    let tone = audio_goldens::tone(hz, ms)?;
    answers.insert("tonegen".to_owned(), demonstrated(&mut model, &script::demo(script::TONEGEN, "tonegen", 5, &tone))?);
    let name = script::FIXTURES.get(script.wavplay).copied().unwrap_or_default();
    let file = audio_goldens::fixture(name)?;
    answers.insert("wavplay".to_owned(), demonstrated(&mut model, &script::demo(script::WAVPLAY, "wavplay", 6, &file))?);
    let part = script.record(file.len() as u64 / 2, state);
    answers.insert(part.name.to_owned(), scripted(&mut model, &part)?);
    let kept = model.file_bytes(script::RECORDING).map(|bytes| Kept { uri: script::RECORDING, bytes: bytes.to_vec() });
    Ok(Expected { answers, lines: Some(lines_of(&mut model)?), kept })
}

/// The decoders' selftest: the files of the challenge, through the models.
fn decoded(challenge: &Challenge) -> Result<Answers, String> {
    let files = boot::files(&challenge.0);
    let mut digest = Sha256::new();
    for (format, file) in &files {
        let (limits, ops) = boot::ops(file);
        let mut model = model::decode::decoder(format.codec().ok_or("a file that no decoder is for")?);
        let rejected = model.open(&limits).map_err(|failure| failure.to_string())?.err();
        let obs: Result<Vec<_>, _> = ops.iter().map(|op| model.ask(op)).collect();
        let trace = (rejected, obs.map_err(|failure| failure.to_string())?);
        digest.update(postcard::to_allocvec(&trace).map_err(|error| error.to_string())?);
    }
    Ok(Answers::from([(boot::PART.to_owned(), Answer::new(files.len() as u64, &digest.finalize().into()))]))
}

/// What the services of the model said.
fn lines_of(model: &mut SystemModel) -> Result<Vec<String>, String> {
    let Ok(Obs::Lines(lines)) = model.step(&Op::Lines) else { return Err("the model gives no lines".to_owned()) };
    // What a stub says of itself stands in the plan.
    let is_service = |line: &String| matches!(parse_line(line), Line::Marker(marker) if marker.kind == MarkerKind::Service);
    Ok(lines.into_iter().filter(is_service).collect())
}

/// The selftests of the media sessions: the script of the challenge, through the model.
fn sessions(challenge: &Challenge, state: bool) -> Result<Expected, String> {
    let script = script::sessions::script(&challenge.0);
    let mut model = SystemModel::default();
    let started = model.reset(&script::sessions::started_with(state, script.values)).map_err(|failure| failure.to_string())?;
    started.map_err(|code| format!("the model rejects the profile's configuration: {}", code.name()))?;
    let mut answers = Answers::new();
    for part in &script.parts {
        answers.insert(part.name.to_owned(), scripted(&mut model, part)?);
    }
    let uri = script::sessions::METRICS;
    let kept = model.exported().map(|bytes| Kept { uri, bytes });
    Ok(Expected { answers, lines: Some(lines_of(&mut model)?), kept })
}

fn scripted(model: &mut SystemModel, part: &Part) -> Result<Answer, String> {
    let mut digest = Sha256::new();
    for op in &part.ops {
        let obs = model.step(op).map_err(|failure| failure.to_string())?;
        digest.update(postcard::to_allocvec(&obs).map_err(|error| error.to_string())?);
    }
    Ok(Answer::new(part.ops.len() as u64, &digest.finalize().into()))
}

/// A demo program's run: so many blocks, and their checksum.
fn demonstrated(model: &mut SystemModel, ops: &[Op]) -> Result<Answer, String> {
    let (mut blocks, mut sum) = (0_u64, 0);
    for op in ops {
        match model.step(op).map_err(|failure| failure.to_string())? {
            Obs::Mixed { pcm, .. } => {
                let pcm = if pcm.is_empty() { vec![0; BLOCK_FRAMES as usize * 2] } else { pcm };
                sum = checksum(sum, blocks * u64::from(BLOCK_FRAMES) * 2, &pcm);
                blocks += 1;
            }
            Obs::Rejected { code, .. } => return Err(format!("the model rejects a demo program's {op:?}: {}", code.name())),
            _ => {}
        }
    }
    let digest = Sha256::new().chain_update(blocks.to_le_bytes()).chain_update(sum.to_le_bytes());
    Ok(Answer::new(blocks, &digest.finalize().into()))
}

/// A boot that took place, or failed to.
#[derive(Clone, Debug)]
pub struct Booted {
    /// What came of it.
    pub run: SelftestRun,
    /// What a right guest shows.
    pub expected: Expected,
    /// Its challenge.
    pub challenge: Challenge,
    /// What it printed.
    pub log: Vec<u8>,
    /// The file on its disk, where it leaves one.
    pub file: Option<Vec<u8>>,
}

impl Booted {
    /// The lines of its log.
    pub fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.log).lines().map(str::to_owned).collect()
    }
}

/// Boots the guest of that description in a profile, with a challenge that is given or a fresh one, and judges it.
pub fn run(profile: &str, description: &str, root: &Path, log: &Path, challenge: Option<Challenge>) -> Booted {
    let run = SelftestRun {
        profile: profile.to_owned(),
        challenge: String::new(),
        passed: false,
        answered: 0,
        verdict: String::new(),
        log: log.strip_prefix(root).unwrap_or(log).display().to_string(),
    };
    let mut booted = Booted { run, expected: Expected::default(), challenge: Challenge([0; 32]), log: Vec::new(), file: None };
    if let Err(why) = attempt(description, root, log, challenge, &mut booted) {
        booted.run.passed = false;
        booted.run.verdict = why;
    }
    booted
}

/// Boots the profile `audio` on a disk that is there already, with the settings that it holds, where it holds some.
///
/// # Errors
/// What keeps it from being booted; a guest that fails has its verdict.
pub fn boot_on(disk: &Disk, settings: Option<&[u8]>, description: &str, root: &Path) -> Result<Booted, String> {
    let run = SelftestRun { profile: "audio".to_owned(), ..SelftestRun::default() };
    let challenge = Challenge::random().map_err(|error| format!("no random numbers: {error}"))?;
    let mut booted = Booted { run, expected: media(&challenge, true, settings)?, challenge, log: Vec::new(), file: None };
    boot(description, root, &log_path(root, "audio-on-a-disk"), Some(disk), &mut booted)?;
    Ok(booted)
}

/// The image of that description, built where it is this repository's.
///
/// # Errors
/// What keeps it from being built.
pub fn image(description: &str, root: &Path) -> Result<PathBuf, String> {
    match description.strip_prefix("qemu:") {
        Some(image) => Ok(PathBuf::from(image)),
        None => crate::drivers::qemu::image(root).map_err(|failure| failure.to_string()),
    }
}

fn attempt(description: &str, root: &Path, log: &Path, challenge: Option<Challenge>, out: &mut Booted) -> Result<(), String> {
    out.challenge = match challenge {
        Some(challenge) => challenge,
        None => Challenge::random().map_err(|error| format!("no random numbers: {error}"))?,
    };
    out.expected = expected(&out.run.profile, &out.challenge)?;
    boot(description, root, log, None, out)
}

/// Boots for the challenge, and judges by what is expected.
fn boot(description: &str, root: &Path, log: &Path, disk: Option<&Disk>, out: &mut Booted) -> Result<(), String> {
    out.run.challenge = out.challenge.to_string();
    let image = image(description, root)?;
    let settings = RunSettings::from_environment()?;
    // Kept until the file was read from it.
    let fresh = if out.expected.kept.is_some() && disk.is_none() { Some(Disk::fresh().map_err(|error| error.to_string())?) } else { None };
    let disk = disk.or(fresh.as_ref());
    let options = qemu_runner::run::Options {
        settings,
        log: Some(log.to_owned()),
        disk: disk.map(|disk| disk.path().to_owned()),
        lines: out.expected.lines.clone(),
        ..Default::default()
    };
    let answers = Some(&out.expected.answers);
    let outcome = run_selftests(&image, &out.run.profile, &out.challenge, answers, &options).map_err(|error| error.to_string())?;
    out.log = outcome.log;
    out.run.verdict = outcome.verdict.to_string();
    out.run.passed = outcome.verdict.outcome == Outcome::Passed;
    out.run.answered = if out.run.passed { out.expected.answers.len() as u64 } else { 0 };
    if let (true, Some(disk), Some(kept)) = (out.run.passed, disk, &out.expected.kept) {
        out.file = disk.read_file(kept.path()).map_err(|error| format!("the disk can't be read after the run: {error}"))?;
        is_kept(out.file.as_deref(), kept)?;
        out.run.verdict.push_str(&format!("  {} on the disk is the model's, all {} bytes\n", kept.uri, kept.bytes.len()));
    }
    Ok(())
}

/// Whether a file is the model's, byte for byte.
///
/// # Errors
/// How it differs.
pub fn is_kept(file: Option<&[u8]>, kept: &Kept) -> Result<(), String> {
    let (uri, expected) = (kept.uri, kept.bytes.as_slice());
    match file {
        Some(file) if file == expected => Ok(()),
        Some(file) => {
            let first = file.iter().zip(expected).position(|(got, expected)| got != expected).unwrap_or(file.len().min(expected.len()));
            Err(format!("{uri} on the disk has {} bytes and differs from the model's {} from byte {first} on", file.len(), expected.len()))
        }
        None => Err(format!("the guest claims that it wrote {uri}, which is not on its disk")),
    }
}
