//! Bytes to and from a child, in the thread that asks: both directions are served together, so full pipes can't block each other.

use qemu_runner::Spin;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::pipe::fcntl_setpipe_size;
use std::io::{self, PipeReader, PipeWriter};
use std::ops::Range;
use std::os::fd::AsFd;
use std::time::Instant;

/// How much of the child's stderr is kept, in bytes: its end.
pub const STDERR_TAIL_BYTES: usize = 2_048;

/// Size asked of the kernel for each pipe, in bytes: larger batches cost fewer switches between the processes.
const PIPE_BYTES: usize = 256 << 10;

/// How much one read takes at most, in bytes.
const READ_BYTES: usize = 256 << 10;

/// A larger buffer is given back once it is empty, in bytes.
const KEPT_BYTES: usize = 4 << 20;

/// What became of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pumped {
    /// Something moved.
    Moved,
    /// The time is over.
    TimedOut,
    /// The child closed its stdout.
    Closed,
}

/// The child's ends, as the harness holds them; all of them non-blocking.
pub struct Pipes {
    stdin: Option<PipeWriter>,
    stdout: PipeReader,
    stderr: Option<PipeReader>,
    input: Vec<u8>,
    /// The part of `input` that was received and not yet taken.
    held: Range<usize>,
    /// Up to where `input` is known to hold no newline.
    searched: usize,
    output: Vec<u8>,
    sent: usize,
    /// Bytes written in all.
    written: u64,
    tail: Vec<u8>,
    spin: Spin,
}

/// Makes a pipe whose `near` end does not block.
fn tune<T: AsFd>(near: &T) -> io::Result<()> {
    // The kernel may refuse the size; the pipe works as well with its own.
    let _ = fcntl_setpipe_size(near, PIPE_BYTES);
    rustix::io::ioctl_fionbio(near, true)?;
    Ok(())
}

impl Pipes {
    /// Takes the harness's ends.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(stdin: PipeWriter, stdout: PipeReader, stderr: PipeReader) -> io::Result<Self> {
        tune(&stdin)?;
        tune(&stdout)?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        Ok(Self {
            stdin: Some(stdin),
            stdout,
            stderr: Some(stderr),
            input: Vec::new(),
            held: 0..0,
            searched: 0,
            output: Vec::new(),
            sent: 0,
            written: 0,
            tail: Vec::new(),
            spin: Spin::default(),
        })
    }

    /// Where the next request is appended.
    pub fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    /// Bytes that wait to be written.
    pub fn unsent(&self) -> usize {
        self.output.len() - self.sent
    }

    /// Whether the child can still be written to.
    pub fn is_open(&self) -> bool {
        self.stdin.is_some()
    }

    /// Where the bytes appended so far end, counted from the start of the connection.
    pub fn asked(&self) -> u64 {
        self.written + self.unsent() as u64
    }

    /// Bytes written since the start of the connection.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Bytes received and not yet taken.
    pub fn pending(&self) -> &[u8] {
        &self.input[self.held.clone()]
    }

    /// The end of what the child wrote to its stderr.
    pub fn stderr_tail(&self) -> String {
        String::from_utf8_lossy(&self.tail).trim().to_owned()
    }

    /// The next whole line without its newline, where one has been received.
    pub fn take_line(&mut self) -> Option<Range<usize>> {
        let end = self.searched
            + memchr::memchr(b'\n', &self.input[self.searched..self.held.end]).or_else(|| {
                self.searched = self.held.end;
                None
            })?;
        let line = self.held.start..end;
        self.held.start = end + 1;
        self.searched = end + 1;
        Some(line)
    }

    /// The bytes of a line that [`Self::take_line`] gave last.
    pub fn line(&self, line: Range<usize>) -> &[u8] {
        &self.input[line]
    }

    /// Writes what can be written, and reads what is there; where neither is possible, waits until it is.
    ///
    /// # Errors
    /// What the system says, but for a child that closed its stdin: it may still answer.
    pub fn pump(&mut self, deadline: Instant) -> io::Result<Pumped> {
        let wrote = self.write_some()?;
        match self.read_some()? {
            Some(0) => return Ok(Pumped::Closed),
            Some(_) => return Ok(Pumped::Moved),
            None if wrote && self.unsent() > 0 => return Ok(Pumped::Moved),
            None => {}
        }
        if self.unsent() == 0 {
            let mut spin = std::mem::take(&mut self.spin);
            let found = spin.look(|| self.read_some());
            self.spin = spin;
            match found? {
                Some(0) => return Ok(Pumped::Closed),
                Some(_) => return Ok(Pumped::Moved),
                None => {}
            }
        }
        self.sleep(deadline)
    }

    /// Reads what is there, without waiting. `Ok(None)` is nothing, `Ok(Some(0))` the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn read_some(&mut self) -> io::Result<Option<usize>> {
        if self.held.is_empty() {
            self.held = 0..0;
            self.searched = 0;
            if self.input.len() > KEPT_BYTES {
                self.input = Vec::new();
            }
        }
        if self.input.len() - self.held.end < READ_BYTES / 4 {
            self.input.copy_within(self.held.clone(), 0);
            self.searched -= self.held.start;
            self.held = 0..self.held.len();
            let wanted = (self.held.end + READ_BYTES).max(self.held.end * 2);
            if self.input.len() < self.held.end + READ_BYTES {
                self.input.resize(wanted, 0);
            }
        }
        let end = self.input.len().min(self.held.end + READ_BYTES);
        match rustix::io::read(&self.stdout, &mut self.input[self.held.end..end]) {
            Ok(count) => {
                self.held.end += count;
                Ok(Some(count))
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write_some(&mut self) -> io::Result<bool> {
        let Some(stdin) = self.stdin.as_ref().filter(|_| self.sent < self.output.len()) else {
            return Ok(false);
        };
        match rustix::io::write(stdin, &self.output[self.sent..]) {
            Ok(count) => {
                self.sent += count;
                self.written += count as u64;
                if self.sent == self.output.len() {
                    self.output.clear();
                    self.sent = 0;
                    self.output.shrink_to(KEPT_BYTES);
                }
                Ok(true)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(false),
            Err(Errno::PIPE) => {
                self.stdin = None;
                Ok(true)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn sleep(&mut self, deadline: Instant) -> io::Result<Pumped> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Pumped::TimedOut);
        }
        let writing = self.unsent() > 0;
        let mut waited = Vec::with_capacity(3);
        waited.push(PollFd::new(&self.stdout, PollFlags::IN));
        let stderr = self.stderr.as_ref().map(|stderr| {
            waited.push(PollFd::new(stderr, PollFlags::IN));
            waited.len() - 1
        });
        if let Some(stdin) = self.stdin.as_ref().filter(|_| writing) {
            waited.push(PollFd::new(stdin, PollFlags::OUT));
        }
        let timeout = Timespec { tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: left.subsec_nanos().into() };
        match poll(&mut waited, Some(&timeout)) {
            Ok(0) => return Ok(Pumped::TimedOut),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        if stderr.is_some_and(|place| !waited[place].revents().is_empty()) {
            self.read_stderr();
        }
        Ok(Pumped::Moved)
    }

    /// Reads one piece of stderr without waiting, and keeps its end. Whether there may be more.
    pub fn read_stderr(&mut self) -> bool {
        let Some(stderr) = &self.stderr else {
            return false;
        };
        let mut piece = [0; 2 * STDERR_TAIL_BYTES];
        match rustix::io::read(stderr, &mut piece) {
            Ok(count @ 1..) => {
                self.tail.extend_from_slice(&piece[..count]);
                let surplus = self.tail.len().saturating_sub(STDERR_TAIL_BYTES);
                self.tail.drain(..surplus);
                true
            }
            Err(Errno::AGAIN | Errno::INTR) => false,
            Ok(_) | Err(_) => {
                self.stderr = None;
                false
            }
        }
    }
}
