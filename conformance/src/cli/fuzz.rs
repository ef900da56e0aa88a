//! `conform fuzz`.

use super::Failed;
use crate::bench::table::table;
use crate::fuzz::{TARGETS, Target, seeds, target};
use crate::libfuzzer::{self, CORPUS, FOUND, Profile, Programs, Ran, Stats};
use crate::setup::{self, Tool};
use clap::Subcommand;
use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

/// What to do with the targets of the fuzz package.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Fuzzes one target, with its dictionary, until it is stopped or finds something.
    Run {
        /// The target.
        target: String,
        /// Arguments for libFuzzer, after `--`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Fuzzes the targets in turn, as many at a time as there are processors, and writes reports/fuzz.md.
    All {
        /// How long all of it takes, in minutes.
        #[arg(default_value_t = 5.0)]
        minutes: f64,
        /// These targets alone, which writes no report.
        #[arg(long, value_name = "NAME")]
        target: Vec<String>,
    },
    /// Writes the streams of the goldens, and choices of drawn ones, into the corpora of the targets that take a format's bytes.
    Seed {
        /// The targets; all of them where none is named.
        target: Vec<String>,
    },
    /// Makes corpora minimal: takes what was found into them, and drops every input that reaches nothing which the others don't, but
    /// for the goldens' streams.
    Cmin {
        /// The targets; all of them where none is named.
        target: Vec<String>,
    },
}

/// Seconds that a single input may take: the bounds keep every input far below it.
const INPUT_SECONDS_MAX: u32 = 5;

/// Memory that a target may use, in MiB.
const MEMORY_MIB_MAX: u32 = 2_048;

/// Seconds that each target has at least, since a fuzzer first has to read its corpus.
const SECONDS_MIN: f64 = 3.0;

/// Minutes of a run, at most: a week.
const MINUTES_MAX: f64 = 10_080.0;

/// Runs the action.
pub fn run(action: &Action, root: &Path) -> Result<(), Failed> {
    match action {
        Action::Run { target, arguments } => one(target, arguments, root),
        Action::All { minutes, target } => all(*minutes, target, root),
        Action::Seed { target } => seed(target, root),
        Action::Cmin { target } => cmin(target, root),
    }
}

/// The targets of these names, all where there are none.
fn chosen(names: &[String]) -> Result<Vec<Target>, Failed> {
    if names.is_empty() {
        return Ok(TARGETS.to_vec());
    }
    let known = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ");
    let unknown = |name: &str| Failed::Usage(format!("there is no fuzz target `{name}`; there are {}", known()));
    names.iter().map(|name| target(name).ok_or_else(|| unknown(name))).collect()
}

fn one(name: &str, arguments: &[String], root: &Path) -> Result<(), Failed> {
    chosen(&[name.to_owned()])?;
    setup::install_missing(&[Tool::Nightly, Tool::Fuzz]);
    let folders = [FOUND, CORPUS].map(|folder| format!("{folder}/{name}"));
    fs::create_dir_all(root.join(&folders[0])).map_err(|error| Failed::Setup(format!("{}: {error}", folders[0])))?;
    let dictionary = libfuzzer::dictionary(root, name).map(|path| format!("-dict={}", path.display()));
    let limits = [format!("-timeout={INPUT_SECONDS_MAX}"), format!("-rss_limit_mb={MEMORY_MIB_MAX}")];
    let fixed = ["+nightly", "fuzz", "run", name].map(str::to_owned);
    let line = fixed.into_iter().chain(folders).chain(["--".to_owned()]).chain(limits).chain(dictionary).chain(arguments.iter().cloned());
    let ran = duct::cmd("cargo", line).dir(root).unchecked().run().map_err(|error| Failed::Setup(error.to_string()))?;
    if ran.status.success() {
        return Ok(());
    }
    eprintln!("next: cargo conform keep INPUT --target {name}, with the input that is named above");
    Err(Failed::Diverges)
}

/// What one target's turn came to.
struct Turn {
    name: &'static str,
    ran: Result<Ran, String>,
}

fn all(minutes: f64, names: &[String], root: &Path) -> Result<(), Failed> {
    if !(minutes > 0.0 && minutes <= MINUTES_MAX) {
        return Err(Failed::Usage(format!("{minutes} minutes, expected more than 0 and at most {MINUTES_MAX}")));
    }
    let targets = chosen(names)?;
    let programs = built(root)?;
    let seconds = (minutes * 60.0 * libfuzzer::workers() as f64 / targets.len() as f64).max(SECONDS_MIN).round();
    eprintln!("fuzz: {} targets, {seconds} s each, {} at a time", targets.len(), libfuzzer::workers());
    let limits = [
        format!("-max_total_time={seconds}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
        "-print_final_stats=1".to_owned(),
    ];
    let turns = libfuzzer::each(&targets, |target| {
        let found = root.join(FOUND).join(target.name);
        let made = fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()));
        let ran = made.and_then(|()| programs.run(target.name, &found, &limits));
        eprintln!("fuzz: {} {}", target.name, if ran.as_ref().is_ok_and(|ran| ran.succeeded) { "found nothing" } else { "FAILED" });
        Turn { name: target.name, ran }
    });
    if names.is_empty() {
        let text = report(&turns, seconds);
        fs::write(root.join("reports/fuzz.md"), text).map_err(|error| Failed::Internal(format!("reports/fuzz.md: {error}")))?;
        eprintln!("fuzz: wrote reports/fuzz.md");
    }
    let mut failed = false;
    for turn in &turns {
        match &turn.ran {
            Ok(ran) if ran.succeeded => {}
            Ok(ran) => println!("{}\n{}", ran.said, ran.next(turn.name)),
            Err(why) => println!("{}: {why}", turn.name),
        }
        failed |= !turn.ran.as_ref().is_ok_and(|ran| ran.succeeded);
    }
    if failed { Err(Failed::Diverges) } else { Ok(()) }
}

fn report(turns: &[Turn], seconds: f64) -> String {
    let shown = |number: Option<u64>| number.map_or_else(|| "not told".to_owned(), |number| number.to_string());
    let rows: Vec<Vec<String>> = turns
        .iter()
        .map(|turn| {
            let (stats, finding) = match &turn.ran {
                Ok(ran) if ran.succeeded => (ran.stats(), "none".to_owned()),
                Ok(ran) => (ran.stats(), ran.artifact().and_then(|path| path.rsplit('/').next()).unwrap_or("without an input").to_owned()),
                Err(why) => (Stats::default(), why.clone()),
            };
            let numbers = [stats.executions, stats.per_second, stats.edges, stats.features, stats.inputs].map(shown);
            [turn.name.to_owned()].into_iter().chain(numbers).chain([finding]).collect()
        })
        .collect();
    let head = ["target", "executions", "per second", "edges reached", "features", "inputs of the corpus", "finding"];
    let of_run = format!(
        "\nWritten by `just fuzz-all`: each target had {seconds} s, {} at a time, with overflow checks, and without the address sanitizer, under\n\
         which the smoke run of `cargo verify` is. An execution compares implementation and model on one input.\n",
        libfuzzer::workers()
    );
    format!("# Fuzzing\n{of_run}{}", table("Targets", &head, &rows))
}

fn built(root: &Path) -> Result<Programs, Failed> {
    setup::install_missing(&[Tool::Nightly, Tool::Fuzz]);
    let build = Profile::Fast.build(root, None).unchecked().run().map_err(|error| Failed::Setup(error.to_string()))?;
    if !build.status.success() {
        return Err(Failed::Setup("the fuzz targets can't be built; cargo's message is above".to_owned()));
    }
    Programs::built(root, Profile::Fast).map_err(Failed::Setup)
}

fn seed(names: &[String], root: &Path) -> Result<(), Failed> {
    for target in chosen(names)? {
        let (corpus, inputs) = (root.join(CORPUS).join(target.name), seeds(target.name));
        let written =
            fs::create_dir_all(&corpus).and_then(|()| inputs.iter().try_for_each(|(name, bytes)| fs::write(corpus.join(name), bytes)));
        written.map_err(|error| Failed::Internal(format!("{}: {error}", corpus.display())))?;
        if !inputs.is_empty() {
            println!("{}: {} inputs", target.name, inputs.len());
        }
    }
    Ok(())
}

fn cmin(names: &[String], root: &Path) -> Result<(), Failed> {
    let targets = chosen(names)?;
    let programs = built(root)?;
    let outcomes = libfuzzer::each(&targets, |target| {
        let outcome = minimise(target.name, &programs, root);
        if let Ok((before, after)) = &outcome {
            eprintln!("fuzz: {} had {before} inputs, committed and found, and needs {after}", target.name);
        }
        outcome.map_err(|why| format!("{}: {why}", target.name))
    });
    // Two streams that reach the same code can differ in the one value that shows a mistake: a golden's stream stays.
    seed(names, root)?;
    let failed: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    if failed.is_empty() {
        println!("`git diff --stat {CORPUS}` is for review");
        return Ok(());
    }
    failed.iter().for_each(|why| println!("{why}"));
    Err(Failed::Diverges)
}

/// Merges what is committed and what was found, the smallest inputs first, and puts it in the corpus's place.
fn minimise(name: &str, programs: &Programs, root: &Path) -> Result<(usize, usize), String> {
    let merged = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (corpus, found) = (root.join(CORPUS).join(name), root.join(FOUND).join(name));
    fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let options = ["-merge=1".to_owned(), merged.path().display().to_string()];
    let ran = programs.run(name, &found, &options)?;
    if !ran.succeeded {
        return Err(format!("{}\n{}", ran.said, ran.next(name)));
    }
    let inputs = |folder: &Path| -> Result<Vec<(String, Vec<u8>)>, String> {
        let read = || -> io::Result<Vec<(String, Vec<u8>)>> {
            fs::read_dir(folder)?
                .map(|entry| entry.and_then(|entry| Ok((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?))))
                .collect()
        };
        read().map_err(|error| format!("{}: {error}", folder.display()))
    };
    let needed: BTreeSet<Vec<u8>> = inputs(merged.path())?.into_iter().map(|(_, bytes)| bytes).collect();
    let (committed, found_inputs) = (inputs(&corpus)?, inputs(&found)?);
    if needed.is_empty() {
        return Err("the merge gave no input, so that nothing was changed".to_owned());
    }
    let wrong = |error: io::Error| error.to_string();
    let mut there = BTreeSet::new();
    for (file, bytes) in &committed {
        // A name that a person gave stays; of equal inputs one is enough.
        if !(needed.contains(bytes) && there.insert(bytes.clone())) {
            fs::remove_file(corpus.join(file)).map_err(wrong)?;
        }
    }
    for (file, bytes) in &found_inputs {
        if needed.contains(bytes) && there.insert(bytes.clone()) {
            fs::write(corpus.join(file), bytes).map_err(wrong)?;
        }
        fs::remove_file(found.join(file)).map_err(wrong)?;
    }
    Ok((committed.len() + found_inputs.len(), there.len()))
}
