//! Boots a guest with a fresh challenge and judges its UART, with the models' answers.

use crate::evidence::SelftestRun;
use model::Modelled;
use qemu_runner::{Answer, Answers, Challenge, Outcome, RunSettings, run_selftests};
use sha2::{Digest, Sha256};
use spec::challenge::cases;
use std::path::{Path, PathBuf};

/// The profile of `spec/markers.yaml` that selftests run.
pub const PROFILE: &str = "core";

/// A number that nobody can foresee.
///
/// # Errors
/// What keeps the system from giving one.
pub fn random_u64() -> Result<u64, String> {
    let Challenge(bytes) = Challenge::random().map_err(|error| format!("no random numbers: {error}"))?;
    Ok(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

/// What a right guest answers to a challenge: for each contract the number of cases and the digest of all traces.
///
/// # Errors
/// A failing model.
pub fn answers(challenge: &Challenge) -> Result<Answers, String> {
    let mut answers = Answers::new();
    macro_rules! contracts {
        ($($module:ident => $contract:ty,)*) => {
            $({
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

/// Boots the guest of that description with a fresh challenge and judges it.
pub fn run(description: &str, root: &Path, log: &Path) -> SelftestRun {
    let mut run = SelftestRun {
        profile: PROFILE.to_owned(),
        challenge: String::new(),
        passed: false,
        answered: 0,
        verdict: String::new(),
        log: log.strip_prefix(root).unwrap_or(log).display().to_string(),
    };
    if let Err(why) = attempt(description, root, log, &mut run) {
        run.verdict = why;
    }
    run
}

fn attempt(description: &str, root: &Path, log: &Path, run: &mut SelftestRun) -> Result<(), String> {
    let challenge = Challenge::random().map_err(|error| format!("no random numbers: {error}"))?;
    run.challenge = challenge.to_string();
    let answers = answers(&challenge)?;
    let image = match description.strip_prefix("qemu:") {
        Some(image) => PathBuf::from(image),
        None => crate::drivers::qemu::image(root).map_err(|failure| failure.to_string())?,
    };
    let settings = RunSettings::from_environment()?;
    let options = qemu_runner::run::Options { settings, log: Some(log.to_owned()), ..Default::default() };
    let outcome = run_selftests(&image, PROFILE, &challenge, Some(&answers), &options).map_err(|error| error.to_string())?;
    run.verdict = outcome.verdict.to_string();
    run.passed = outcome.verdict.outcome == Outcome::Passed;
    run.answered = if run.passed { answers.len() as u64 } else { 0 };
    Ok(())
}
