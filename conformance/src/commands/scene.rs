//! Where one check runs programs: a folder of its own, what it has seen so far, and the lie in the way, if there is one.

use super::{Broken, Held, Lie, Lying, Programs};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take, and how long a check waits for what must come. Only what is broken takes it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at a program that runs, or at what must come.
const LOOK: Duration = Duration::from_millis(2);

/// Runs a service and ends it, with all that it has started, when standard input does: however this program ends, none stays behind.
const GUARD: &str = r#""$0" "$@" </dev/null & read -r _; kill -s KILL 0"#;

/// What a program may print, in bytes; one that prints more is ended.
const SAID_BYTES_MAX: u64 = 1 << 20;

/// Which program is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The tool `nx`, for a command that ends.
    Nx,
    /// The tool `nx`, as the service.
    Service,
    /// The demo that plays a sine.
    Tonegen,
    /// The demo that plays a file.
    Wavplay,
    /// The shim `nx-media`.
    Shim,
}

/// What a program is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which program.
    pub program: Program,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What a liar says without running the program.
    pub instead: Option<Said>,
    /// A folder for files that a liar makes.
    pub folder: PathBuf,
}

impl Asked {
    /// Whether it is this command of a topic of `nx`.
    pub fn is(&self, words: &[&str]) -> bool {
        self.program == Program::Nx && self.arguments.iter().skip(1).zip(words).filter(|(a, b)| *a == *b).count() == words.len()
    }
}

/// What a program answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Its first line.
    pub fn first(&self) -> &str {
        self.out.lines().next().unwrap_or_default()
    }

    /// Whether it succeeded.
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }
}

/// Where a check runs programs.
pub struct Scene<'a> {
    programs: &'a Programs,
    root: &'a Path,
    lie: Option<&'a Lie>,
    folder: tempfile::TempDir,
    made: Cell<u32>,
    runs: Cell<u64>,
    counts: RefCell<BTreeMap<&'static str, u64>>,
}

impl<'a> Scene<'a> {
    /// An empty folder, these programs, and the lie in their way.
    ///
    /// # Errors
    /// A folder that can't be made.
    pub fn new(programs: &'a Programs, root: &'a Path, lie: Option<&'a Lie>) -> Result<Self, Broken> {
        let folder = tempfile::Builder::new().prefix("nx-").tempdir().map_err(|error| Broken::other(format!("no folder: {error}")))?;
        Ok(Self { programs, root, lie, folder, made: Cell::new(0), runs: Cell::new(0), counts: RefCell::default() })
    }

    /// Records that a requirement was exercised and held, or that it is broken.
    ///
    /// # Errors
    /// It does not hold.
    pub fn hold(&self, requirement: &'static str, holds: bool, why: impl FnOnce() -> String) -> Held {
        if !holds {
            return Err(Broken::of(requirement, why()));
        }
        *self.counts.borrow_mut().entry(requirement).or_default() += 1;
        Ok(())
    }

    /// The same, for two values that must be equal.
    ///
    /// # Errors
    /// They are not.
    pub fn same<T: PartialEq<U> + Debug, U: Debug>(&self, requirement: &'static str, what: &str, got: T, expected: U) -> Held {
        self.hold(requirement, got == expected, || format!("{what}\n  expected: {expected:?}\n  got:      {got:?}"))
    }

    /// Whether a liar stands between: it is known by what never comes, which need not be waited for as long.
    pub fn lies(&self) -> bool {
        self.lie.is_some()
    }

    /// How often each requirement was exercised.
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.counts.borrow().clone()
    }

    /// Programs run so far.
    pub fn runs(&self) -> u64 {
        self.runs.get()
    }

    /// A path in the scene's folder that nothing has used.
    pub fn path(&self, name: &str) -> PathBuf {
        self.made.set(self.made.get() + 1);
        self.folder.path().join(format!("{}-{name}", self.made.get()))
    }

    /// The folder that is pkg://fixtures.
    pub fn fixtures(&self) -> PathBuf {
        self.root.join("goldens")
    }

    /// Names of the programs that are installed together.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub fn installed(&self) -> Result<Vec<String>, Broken> {
        let folder = &self.programs.folder;
        let entries = fs::read_dir(folder).map_err(|error| Broken::other(format!("{}: {error}", folder.display())))?;
        let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        if let Some(Lie { how: Lying::Installs(name), .. }) = self.lie {
            names.push((*name).to_owned());
        }
        Ok(names)
    }

    /// A file of the repository.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn file(&self, path: &str) -> Result<Vec<u8>, Broken> {
        let mut bytes = fs::read(self.root.join(path)).map_err(|error| Broken::other(format!("{path}: {error}")))?;
        if let Some(Lie { how: Lying::Shows(show), .. }) = self.lie {
            show(path, &mut bytes);
        }
        Ok(bytes)
    }

    /// The same, as text.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn page(&self, path: &str) -> Result<String, Broken> {
        Ok(String::from_utf8_lossy(&self.file(path)?).into_owned())
    }

    /// What a recording holds.
    pub(super) fn kept(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if let Some(Lie { how: Lying::Keeps(keep), .. }) = self.lie {
            keep(&mut bytes);
        }
        bytes
    }

    /// A file that a program wrote.
    ///
    /// # Errors
    /// One that is not there.
    pub fn written(&self, requirement: &'static str, path: &Path) -> Result<Vec<u8>, Broken> {
        let bytes = fs::read(path).map_err(|error| Broken::of(requirement, format!("{}: {error}", path.display())))?;
        Ok(self.kept(bytes))
    }

    /// What a program or a service's log says, through the lie.
    pub(super) fn said(&self, asked: &Asked, mut said: Said) -> Said {
        if let Some(Lie { how: Lying::Says(say), .. }) = self.lie {
            say(asked, &mut said);
        }
        said
    }

    /// What a program is asked, through the lie.
    pub(super) fn asked(&self, program: Program, arguments: &[&str]) -> Asked {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut asked = Asked { program, arguments, instead: None, folder: self.folder.path().to_owned() };
        if let Some(Lie { how: Lying::Hears(hear), .. }) = self.lie {
            hear(&mut asked);
        }
        asked
    }

    /// Starts a program with its output in files of these names.
    pub(super) fn start(&self, asked: &Asked, out: &Path, err: &Path) -> Result<Child, Broken> {
        let path = match asked.program {
            Program::Nx | Program::Service => self.programs.nx.clone(),
            Program::Tonegen => self.programs.folder.join("tonegen"),
            Program::Wavplay => self.programs.folder.join("wavplay"),
            Program::Shim => self.programs.folder.join("nx-media"),
        };
        let file = |path: &Path| File::create(path).map_err(|error| Broken::other(format!("{}: {error}", path.display())));
        let mut command = if asked.program == Program::Service {
            let mut guard = Command::new("sh");
            guard.args(["-c", GUARD]).arg(&path).process_group(0).stdin(Stdio::piped());
            guard
        } else {
            let mut command = Command::new(&path);
            command.stdin(Stdio::null());
            command
        };
        // Nothing of the caller's own service may reach the programs.
        command.args(&asked.arguments).current_dir(self.folder.path()).env_remove("NX_AUDIOD_SOCKET");
        command.stdout(file(out)?).stderr(file(err)?);
        self.runs.set(self.runs.get() + 1);
        command.spawn().map_err(|error| Broken::other(format!("{} can't be started: {error}", path.display())))
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// One that can't be started, does not end, or prints without end.
    pub fn run(&self, program: Program, arguments: &[&str]) -> Result<Said, Broken> {
        let mut asked = self.asked(program, arguments);
        if let Some(said) = asked.instead.take() {
            return Ok(said);
        }
        let (out, err) = (self.path("out"), self.path("err"));
        let mut child = self.start(&asked, &out, &err)?;
        let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
        let begun = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if begun.elapsed() < PATIENCE && size(&out).max(size(&err)) <= SAID_BYTES_MAX => std::thread::sleep(LOOK),
                _ => {
                    let _ = child.kill();
                    let _ = child.wait();
                    let what =
                        format!("{program:?} {} did not end in {} s, or printed without end", arguments.join(" "), PATIENCE.as_secs());
                    return Err(Broken::other(what));
                }
            }
        };
        let text = |path: &Path| fs::read(path).map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned());
        let said = Said { code: status.code(), out: text(&out), err: text(&err) };
        Ok(self.said(&asked, said))
    }

    /// Waits until something has come about.
    ///
    /// # Errors
    /// It does not, or what is looked at is broken.
    pub fn until(&self, requirement: &'static str, what: &str, mut come: impl FnMut() -> Result<bool, Broken>) -> Held {
        // A liar is known by what never comes, which need not take long to be told from what comes late.
        let patience = if self.lie.is_some() { PATIENCE / 8 } else { PATIENCE };
        let begun = Instant::now();
        while !come()? {
            if begun.elapsed() > patience {
                return Err(Broken::of(requirement, format!("{what}: not within {} s", patience.as_secs_f32())));
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}
