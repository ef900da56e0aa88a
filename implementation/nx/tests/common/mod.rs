//! A running daemon, for tests of clients.

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A running daemon, which ends with the test.
pub struct Daemon {
    child: Child,
    folder: tempfile::TempDir,
}

impl Daemon {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_nx"));
        command.arg("audiod").arg("--socket").arg(folder.path().join("audiod.sock")).stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = Self { child: command.spawn().expect("it starts"), folder };
        within_ten_seconds("the daemon listens", || UnixStream::connect(daemon.socket()).is_ok());
        daemon
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("audiod.sock")
    }

    /// Runs a command of `nx` against it.
    pub fn nx(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nx")).args(arguments).arg("--socket").arg(self.socket()).output().expect("it runs")
    }

    /// Sends its process a signal.
    #[allow(dead_code, reason = "not every test does")]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).expect("it runs");
    }

    /// The same once its process has ended.
    #[allow(dead_code, reason = "not every test ends it")]
    pub fn ended(mut self) -> Self {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self
    }

    /// A path in its folder.
    #[allow(dead_code, reason = "not every test has files")]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
pub fn within_ten_seconds(what: &str, mut come: impl FnMut() -> bool) {
    let start = Instant::now();
    while !come() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}: not within 10 s");
        std::thread::sleep(Duration::from_millis(5));
    }
}
