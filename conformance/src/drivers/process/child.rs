//! A child process and its group: started through a shell, ended without leaving anyone behind.

use super::pipes::Pipes;
use duct::cmd;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use spec::{Failure, FailureKind};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// How long a child that closed its stdout may take to end, so that its own exit status can be reported.
const END_GRACE: Duration = Duration::from_millis(200);

/// A running child.
pub struct Child {
    handle: duct::Handle,
    group: Option<Pid>,
}

/// Starts `sh -c command` in a process group of its own.
///
/// # Errors
/// [`FailureKind::NotStarted`], with what the system says.
pub fn spawn(command: &str) -> Result<(Child, Pipes), Failure> {
    let failed = |error: io::Error| Failure::new(FailureKind::NotStarted, format!("`{command}`: {error}"));
    let (child_stdin, stdin) = io::pipe().map_err(failed)?;
    let (stdout, child_stdout) = io::pipe().map_err(failed)?;
    let (stderr, child_stderr) = io::pipe().map_err(failed)?;
    let pipes = Pipes::new(stdin, stdout, stderr).map_err(failed)?;
    // The expression holds the child's ends and is dropped here, so that the end of the child is the end of its pipes.
    let handle = cmd!("sh", "-c", command)
        .stdin_file(child_stdin)
        .stdout_file(child_stdout)
        .stderr_file(child_stderr)
        .before_spawn(|command| {
            command.process_group(0);
            Ok(())
        })
        .unchecked()
        .start()
        .map_err(failed)?;
    let group = handle.pids().first().and_then(|pid| i32::try_from(*pid).ok()).and_then(Pid::from_raw);
    Ok((Child { handle, group }, pipes))
}

impl Child {
    /// Ends the child and its group, and says how it ended by itself, if it did.
    pub fn end(&mut self) -> String {
        let ended = self.ended_by_itself(END_GRACE);
        match self.kill() {
            Ok(status) if ended => status.to_string(),
            Ok(_) => "it closed its output without ending".to_owned(),
            Err(error) => format!("its exit status is unknown: {error}"),
        }
    }

    fn ended_by_itself(&self, grace: Duration) -> bool {
        let Some(group) = self.group else {
            return false;
        };
        let until = Instant::now() + grace;
        loop {
            // The child is not reaped here: until it is, nobody else can get its group's number.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
            match waitid(WaitId::Pid(group), options) {
                Ok(Some(_)) => return true,
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) | Err(_) => return false,
            }
        }
    }

    fn kill(&mut self) -> io::Result<ExitStatus> {
        // Taken, because the number may belong to someone else once the child was waited for.
        if let Some(group) = self.group.take() {
            // A group that is gone already is what was wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.handle.kill()?;
        self.handle.wait().map(|output| output.status)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // There is nobody to tell; the system ends what is left.
        let _ = self.kill();
    }
}
