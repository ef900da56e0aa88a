//! A running audio service, which ends with the check.

use super::scene::{Asked, Program, Said};
use super::{Broken, Held, Scene};
use serde_json::Value;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Instant;

/// Where checks record to.
const URI: &str = "state:/audio/out.wav";

/// A running service with a folder as its `/state`, or without one.
pub struct Service<'a> {
    scene: &'a Scene<'a>,
    asked: Asked,
    child: Child,
    socket: PathBuf,
    state: Option<PathBuf>,
    log: PathBuf,
    begun: Instant,
}

impl<'a> Service<'a> {
    /// Starts a service with a `/state` and consent to record.
    ///
    /// # Errors
    /// One that does not answer.
    pub fn start(scene: &'a Scene<'a>) -> Result<Self, Broken> {
        Self::with(scene, true, &["--consent", "nx:audio.record"])
    }

    /// Starts a service with these options, and with or without a `/state`.
    ///
    /// # Errors
    /// One that does not answer.
    pub fn with(scene: &'a Scene<'a>, has_state: bool, more: &[&str]) -> Result<Self, Broken> {
        let socket = scene.path("socket");
        let state = has_state.then(|| scene.path("state"));
        let (out, log) = (scene.path("markers"), scene.path("log"));
        let shown = |path: &Path| path.display().to_string();
        let mut arguments = vec!["audiod".to_owned(), "--socket".to_owned(), shown(&socket)];
        if let Some(state) = &state {
            arguments.extend(["--state".to_owned(), shown(state)]);
        }
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let asked = scene.asked(Program::Service, &arguments);
        let begun = Instant::now();
        let child = scene.start(&asked, &out, &log)?;
        let service = Self { scene, asked, child, socket, state, log, begun };
        scene.until("NX_AUDIO-001", "the service listens", || Ok(UnixStream::connect(&service.socket).is_ok())).map_err(|_| {
            let said = std::fs::read_to_string(&service.log).unwrap_or_default();
            Broken::other(format!("nx {} does not listen: {said}", service.asked.arguments.join(" ")))
        })?;
        Ok(service)
    }

    /// How long it has run at least; more than it can tell itself.
    pub fn age(&self) -> std::time::Duration {
        self.begun.elapsed()
    }

    /// Where it listens.
    pub fn socket(&self) -> String {
        self.socket.display().to_string()
    }

    /// Where a file of its `/state` lies.
    pub fn stored(&self, path: &str) -> PathBuf {
        self.state.as_ref().unwrap_or(&self.socket).join(path)
    }

    /// Runs a program against it.
    ///
    /// # Errors
    /// A program that can't be tried.
    pub fn run(&self, program: Program, arguments: &[&str]) -> Result<Said, Broken> {
        let socket = self.socket();
        let mut all = arguments.to_vec();
        all.extend(["--socket", &socket]);
        self.scene.run(program, &all)
    }

    /// Runs a command of `nx audio` against it.
    ///
    /// # Errors
    /// A program that can't be tried.
    pub fn nx(&self, arguments: &[&str]) -> Result<Said, Broken> {
        let mut all = vec!["audio"];
        all.extend(arguments);
        self.run(Program::Nx, &all)
    }

    /// Runs a command of `nx media` against it.
    ///
    /// # Errors
    /// A program that can't be tried.
    pub fn media(&self, arguments: &[&str]) -> Result<Said, Broken> {
        let mut all = vec!["media"];
        all.extend(arguments);
        self.run(Program::Nx, &all)
    }

    /// Runs a command that must succeed, for a requirement.
    ///
    /// # Errors
    /// It fails.
    pub fn does(&self, requirement: &'static str, arguments: &[&str]) -> Result<Said, Broken> {
        let said = self.nx(arguments)?;
        if !said.succeeded() {
            return Err(Broken::of(requirement, format!("nx audio {} failed: {said:?}", arguments.join(" "))));
        }
        Ok(said)
    }

    /// What a command that must succeed tells as the data of its envelope.
    ///
    /// # Errors
    /// It fails, or prints no envelope with data.
    pub fn data(&self, requirement: &'static str, arguments: &[&str]) -> Result<Value, Broken> {
        let mut all = arguments.to_vec();
        all.push("--json");
        let said = self.does(requirement, &all)?;
        let read: Option<Value> = serde_json::from_str(&said.out).ok();
        let data = read.and_then(|envelope| envelope.get("data").cloned());
        data.ok_or_else(|| Broken::of("NX_AUDIO-014", format!("nx audio {} printed no envelope with data: {:?}", all.join(" "), said.out)))
    }

    /// Waits until no stream is open any more.
    ///
    /// # Errors
    /// One stays open.
    pub fn idle(&self, requirement: &'static str) -> Held {
        self.scene.until(requirement, "every stream is gone", || Ok(self.data("NX_AUDIO-010", &["stats"])?["open_streams"] == 0))
    }

    /// Frames that streams missed so far.
    ///
    /// # Errors
    /// A command that fails.
    pub fn missing(&self) -> Result<u64, Broken> {
        Ok(self.data("NX_AUDIO-010", &["stats"])?["missing_frames"].as_u64().unwrap_or(0))
    }

    /// Records what is played meanwhile, until nothing plays any more. Gives the file.
    ///
    /// # Errors
    /// What is played fails, or the recording does.
    pub fn recorded(&self, requirement: &'static str, play: impl FnOnce() -> Held) -> Result<Vec<u8>, Broken> {
        self.does("NX_AUDIO-007", &["record", "start", URI])?;
        play()?;
        self.idle(requirement)?;
        self.does("NX_AUDIO-008", &["record", "stop"])?;
        self.recording("audio/out.wav")
    }

    /// A recording, by its path in `/state`.
    ///
    /// # Errors
    /// A file that is not there.
    pub fn recording(&self, path: &str) -> Result<Vec<u8>, Broken> {
        let bytes = std::fs::read(self.stored(path)).map_err(|error| Broken::of("NX_AUDIO-007", format!("state:/{path}: {error}")))?;
        Ok(self.scene.kept(bytes))
    }

    /// The audit lines so far. The last one counts once it is whole: a service may write it in pieces.
    pub fn audits(&self) -> Vec<String> {
        let mut err = std::fs::read_to_string(&self.log).unwrap_or_default();
        err.truncate(err.rfind('\n').map_or(0, |end| end + 1));
        let said = self.scene.said(&self.asked, Said { code: None, out: String::new(), err });
        said.err.lines().filter(|line| line.starts_with("audit: ")).map(str::to_owned).collect()
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        // Its guard ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
