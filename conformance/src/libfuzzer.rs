//! The programs of the fuzz package: built by cargo-fuzz, run with corpus and dictionary, and what libFuzzer says of a run.

use crate::fuzz::Target;
use duct::Expression;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How the programs are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Hardly optimised, under the address sanitizer: built soon, for few inputs.
    Quick,
    /// Optimised, for long runs. Only the package `audio` has unsafe code, which the quick runs look after: without the sanitizer, twice
    /// as many inputs are tried in the same time.
    Fast,
}

impl Profile {
    /// The build of a target, or of every one.
    pub fn build(self, root: &Path, target: Option<&str>) -> Expression {
        let mut arguments = vec!["+nightly", "fuzz", "build"];
        arguments.extend(match self {
            Self::Quick => ["--sanitizer", "address", "--dev"].as_slice(),
            Self::Fast => &["--sanitizer", "none"],
        });
        arguments.extend(target);
        duct::cmd("cargo", arguments).dir(root)
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Quick => "debug",
            Self::Fast => "release",
        }
    }
}

/// Folders of the fuzz package, each with one for every target: what is committed, what was found since, and what failed.
pub const CORPUS: &str = "fuzz/corpus";
/// Inputs that were found and not committed.
pub const FOUND: &str = "fuzz/found";
/// Inputs that failed.
pub const ARTIFACTS: &str = "fuzz/artifacts";

/// The built programs.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    root: PathBuf,
}

/// How a program's run ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Whether every input passed.
    pub succeeded: bool,
    /// What libFuzzer and the target said.
    pub said: String,
}

impl Programs {
    /// The programs that were built by that profile.
    ///
    /// # Errors
    /// A nightly compiler that is missing or does not say for which host it is.
    pub fn built(root: &Path, profile: Profile) -> Result<Self, String> {
        let compiler = duct::cmd!("rustc", "+nightly", "--version", "--verbose").read().map_err(|error| error.to_string())?;
        let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("the nightly compiler names no host")?;
        Ok(Self { folder: root.join("fuzz/target").join(host).join(profile.folder()), root: root.to_owned() })
    }

    /// Runs a target over its committed corpus and, in the folder `found`, what it finds beside that.
    ///
    /// # Errors
    /// A program that can't be run, or a folder that can't be made.
    pub fn run(&self, target: &str, found: &Path, options: &[String]) -> Result<Ran, String> {
        let artifacts = self.root.join(ARTIFACTS).join(target);
        std::fs::create_dir_all(&artifacts).map_err(|error| format!("{}: {error}", artifacts.display()))?;
        let mut arguments = vec![format!("-artifact_prefix={}/", artifacts.display())];
        arguments.extend(dictionary(&self.root, target).map(|path| format!("-dict={}", path.display())));
        arguments.extend_from_slice(options);
        arguments.extend([found, &self.root.join(CORPUS).join(target)].map(|folder| folder.display().to_string()));
        let ran = duct::cmd(self.folder.join(target), arguments)
            .env("ASAN_OPTIONS", "detect_odr_violation=0")
            .stderr_to_stdout()
            .stdout_capture()
            .unchecked()
            .run()
            .map_err(|error| format!("{target}: {error}"))?;
        Ok(Ran { succeeded: ran.status.success(), said: String::from_utf8_lossy(&ran.stdout).into_owned() })
    }
}

impl Ran {
    /// The input that failed.
    pub fn artifact(&self) -> Option<&str> {
        self.said.lines().find_map(|line| line.split("Test unit written to ").nth(1)).map(str::trim)
    }

    /// What to do about a run that did not succeed.
    pub fn next(&self, target: &str) -> String {
        match self.artifact() {
            Some(input) => format!("{target} failed\n  next: cargo conform keep {input} --target {target}"),
            None => format!("{target} failed without an input; what it said is above"),
        }
    }

    /// What the run came to, as far as it was said.
    pub fn stats(&self) -> Stats {
        let counted = |name: &str| {
            let line = self.said.lines().rev().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').trim().parse().ok()
        };
        // `#4096 DONE cov: 120 ft: 350 corp: 80/9Kb …`; the last of these lines is the state at the end.
        let told = |name: &str| {
            let line = self.said.lines().rev().find(|line| line.starts_with('#') && line.contains(" cov: "))?;
            let mut words = line.split_whitespace().skip_while(|word| *word != name);
            words.nth(1)?.split('/').next()?.parse().ok()
        };
        Stats {
            executions: counted("stat::number_of_executed_units"),
            per_second: counted("stat::average_exec_per_sec"),
            edges: told("cov:"),
            features: told("ft:"),
            inputs: told("corp:"),
        }
    }
}

/// What libFuzzer counts; `None` where it did not say, as after a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Inputs that were tried.
    pub executions: Option<u64>,
    /// The same in a second.
    pub per_second: Option<u64>,
    /// Edges of the program that were reached.
    pub edges: Option<u64>,
    /// Features: edges with how often, comparisons, and so on.
    pub features: Option<u64>,
    /// Inputs of the corpus.
    pub inputs: Option<u64>,
}

/// The target's dictionary, where it has one.
pub fn dictionary(root: &Path, target: &str) -> Option<PathBuf> {
    let path = root.join("fuzz/dictionaries").join(format!("{target}.dict"));
    path.is_file().then_some(path)
}

/// Does something with each target, as many at a time as there are processors, since a target uses one. Gives the outcomes in the
/// targets' order.
pub fn each<T: Send>(targets: &[Target], work: impl Fn(Target) -> T + Sync) -> Vec<T> {
    let left = Mutex::new(targets.iter().copied().enumerate());
    let next = || left.lock().ok().and_then(|mut left| left.next());
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let busy = || std::iter::from_fn(next).map(|(place, target)| (place, work(target))).collect::<Vec<_>>();
        let threads: Vec<_> = (0..workers()).map(|_| scope.spawn(busy)).collect();
        // A worker that panics passes its panic on.
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Targets that run at a time.
pub fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read() {
        let said = "INFO: seed\n#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                    #4096\tDONE   cov: 120 ft: 350 corp: 80/9Kb lim: 4096 exec/s: 2048 rss: 60Mb\n\
                    stat::number_of_executed_units: 4096\nstat::average_exec_per_sec:     2048\n";
        let ran = Ran { succeeded: true, said: said.to_owned() };
        let stats = Stats { executions: Some(4_096), per_second: Some(2_048), edges: Some(120), features: Some(350), inputs: Some(80) };
        assert_eq!((ran.stats(), ran.artifact()), (stats, None));
    }

    #[test]
    fn a_crash_names_its_input() {
        let said = "panicked\nartifact_prefix='x/'; Test unit written to x/crash-1234\nBase64: AA==\n";
        let ran = Ran { succeeded: false, said: said.to_owned() };
        assert_eq!((ran.stats(), ran.artifact()), (Stats::default(), Some("x/crash-1234")));
        assert!(ran.next("wav").contains("cargo conform keep x/crash-1234 --target wav"));
    }

    #[test]
    fn each_target_has_its_turn_once() {
        let names = each(crate::fuzz::TARGETS, |target| target.name);
        let expected: Vec<&str> = crate::fuzz::TARGETS.iter().map(|target| target.name).collect();
        assert_eq!(names, expected);
    }
}
