//! One connection to one child: questions go out, answers come back in their order, and everything else is a verdict.

use super::Options;
use super::child::{self, Child};
use super::pipes::{Pipes, Pumped};
use super::protocol::{self, HELLO_BYTES_MAX, Hello, Ids, LINE_BYTES_MAX, Malformed, PROTOCOL, excerpt};
use spec::{Failure, FailureKind};
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::time::Instant;

/// How many bytes of questions are prepared ahead of what the child has taken.
const AHEAD_BYTES: usize = 256 << 10;

/// From how many bytes on an answer that has not ended in time counts as a flood.
const FLOOD_BYTES: usize = 1 << 20;

/// Both sides of an exchange.
pub trait Talk {
    /// Appends the next question, one line with its newline. `Ok(false)`: there is none.
    ///
    /// # Errors
    /// A question that can't be written.
    fn ask(&mut self, ids: &mut Ids, out: &mut Vec<u8>) -> Result<bool, Failure>;

    /// Takes the answer to the oldest question that has none yet, without its newline.
    ///
    /// # Errors
    /// What is wrong with it.
    fn answer(&mut self, line: &[u8]) -> Result<(), Failure>;
}

/// A child that has introduced itself.
pub struct Link {
    child: Child,
    pipes: Pipes,
    options: Options,
    ids: Ids,
    /// Where each question that waits for an answer ends, counted in bytes from the start of the connection.
    open: VecDeque<u64>,
    /// What it said of itself.
    pub hello: Hello,
}

impl Link {
    /// Starts a child and hears what it says of itself.
    ///
    /// # Errors
    /// The child's failure; another version of the protocol is [`FailureKind::NotStarted`].
    pub fn start(command: &str, options: &Options) -> Result<Self, Failure> {
        let (child, pipes) = child::spawn(command)?;
        let line_bytes_max = options.line_bytes_max.min(LINE_BYTES_MAX);
        let options = Options { line_bytes_max: line_bytes_max.min(HELLO_BYTES_MAX), ..options.clone() };
        let mut link = Self { child, pipes, options, ids: Ids::default(), open: VecDeque::new(), hello: Hello::default() };
        let mut introduction = Introduction { asked: false, hello: None };
        link.exchange(&mut introduction)?;
        link.hello = introduction.hello.unwrap_or_default();
        if link.hello.protocol != PROTOCOL {
            return Err(Failure::new(
                FailureKind::NotStarted,
                format!(
                    "it speaks version {} of the protocol and this harness version {PROTOCOL}: use a machine that speaks version {PROTOCOL} \
                     (PROTOCOL.md describes it), or a harness that speaks version {0}",
                    link.hello.protocol
                ),
            ));
        }
        link.options.line_bytes_max = line_bytes_max;
        Ok(link)
    }

    /// Asks all that `talk` has to ask, and gives it the answers.
    ///
    /// # Errors
    /// The child's failure. [`Self::is_settled`] tells whether it can be asked again.
    pub fn exchange(&mut self, talk: &mut dyn Talk) -> Result<(), Failure> {
        self.hear_nothing()?;
        let mut deadline = Instant::now() + self.options.timeout;
        let mut more = true;
        loop {
            while more && self.pipes.unsent() < AHEAD_BYTES && self.pipes.is_open() {
                more = talk.ask(&mut self.ids, self.pipes.output())?;
                if more {
                    self.open.push_back(self.pipes.asked());
                }
            }
            while let Some(line) = self.pipes.take_line() {
                self.take(talk, line)?;
                deadline = Instant::now() + self.options.timeout;
            }
            if self.pipes.pending().len() > self.options.line_bytes_max {
                return Err(self.flooded());
            }
            if self.open.is_empty() && (!more || !self.pipes.is_open()) {
                break;
            }
            match self.pipes.pump(deadline).map_err(|error| broken(&error))? {
                // Bytes that trickle in without completing an answer don't extend the time for it.
                Pumped::Moved if Instant::now() < deadline => {}
                Pumped::Moved | Pumped::TimedOut => return Err(self.late()),
                Pumped::Closed => return Err(self.died()),
            }
        }
        if more {
            // It stopped listening in the middle of the questions.
            return Err(self.died());
        }
        if self.pipes.pending().is_empty() { Ok(()) } else { Err(self.early()) }
    }

    /// Whether every question was answered and nothing else was said, so that the child can be asked again.
    pub fn is_settled(&self) -> bool {
        self.open.is_empty() && self.pipes.unsent() == 0 && self.pipes.pending().is_empty()
    }

    fn take(&mut self, talk: &mut dyn Talk, line: Range<usize>) -> Result<(), Failure> {
        if line.len() > self.options.line_bytes_max {
            return Err(self.flooded());
        }
        match self.open.pop_front() {
            // The answer is complete although the question is not even written.
            Some(end) if self.pipes.written() < end && self.pipes.is_open() => Err(self.early_line(line)),
            None => Err(self.early_line(line)),
            Some(_) => talk.answer(self.pipes.line(line)),
        }
    }

    /// Nothing was asked, so nothing may have been said.
    fn hear_nothing(&mut self) -> Result<(), Failure> {
        match self.pipes.read_some().map_err(|error| broken(&error))? {
            None => Ok(()),
            Some(0) => Err(self.died()),
            Some(_) => Err(self.early()),
        }
    }

    fn early(&self) -> Failure {
        let said = self.pipes.pending();
        Failure::new(FailureKind::Early, format!("{} bytes before they were asked for: `{}`", said.len(), excerpt(said, 0)))
    }

    fn early_line(&self, line: Range<usize>) -> Failure {
        Failure::new(FailureKind::Early, format!("a line before it was asked for: `{}`", excerpt(self.pipes.line(line), 0)))
    }

    fn flooded(&self) -> Failure {
        let limit = self.options.line_bytes_max;
        Failure::new(FailureKind::Flooded, format!("a line of more than {limit} bytes: `{}`", excerpt(self.pipes.pending(), 0)))
    }

    fn late(&mut self) -> Failure {
        self.hear_stderr();
        let seconds = self.options.timeout.as_secs_f64();
        let unfinished = self.pipes.pending();
        if unfinished.len() >= FLOOD_BYTES.min(self.options.line_bytes_max) {
            let detail = format!("{} bytes in {seconds} s without the end of a line: `{}`", unfinished.len(), excerpt(unfinished, 0));
            return Failure::new(FailureKind::Flooded, detail);
        }
        let mut detail = format!("no answer in {seconds} s, with {} of its questions open", self.open.len());
        if self.pipes.unsent() > 0 {
            detail += &format!("; it left {} bytes of them unread", self.pipes.unsent());
        }
        if !unfinished.is_empty() {
            detail += &format!("; its answer so far has no end: `{}`", excerpt(unfinished, 0));
        }
        Failure::new(FailureKind::Hung, detail + &self.stderr())
    }

    fn died(&mut self) -> Failure {
        let status = self.child.end();
        self.hear_stderr();
        let mut detail = status;
        if !self.open.is_empty() {
            detail += &format!("; {} questions were open", self.open.len());
        }
        let unfinished = self.pipes.pending();
        if !unfinished.is_empty() {
            detail += &format!("; its last words: `{}`", excerpt(unfinished, 0));
        }
        Failure::new(FailureKind::Died, detail + &self.stderr())
    }

    fn hear_stderr(&mut self) {
        // A pipe's worth is all that a child that is judged can have left; one that floods is not listened to for longer.
        for _ in 0..256 {
            if !self.pipes.read_stderr() {
                break;
            }
        }
    }

    fn stderr(&self) -> String {
        let tail = self.pipes.stderr_tail();
        if tail.is_empty() { "; its stderr is empty".to_owned() } else { format!("; its stderr ends: {tail}") }
    }
}

fn broken(error: &io::Error) -> Failure {
    Failure::new(FailureKind::Died, format!("its pipes are broken: {error}"))
}

/// The failure of an answer that can't be understood.
pub fn garbage(malformed: &Malformed) -> Failure {
    Failure::new(FailureKind::Garbage, malformed.to_string())
}

struct Introduction {
    asked: bool,
    hello: Option<Hello>,
}

impl Talk for Introduction {
    fn ask(&mut self, _: &mut Ids, out: &mut Vec<u8>) -> Result<bool, Failure> {
        if !self.asked {
            protocol::write_hello(out);
        }
        Ok(!std::mem::replace(&mut self.asked, true))
    }

    fn answer(&mut self, line: &[u8]) -> Result<(), Failure> {
        match protocol::parse_hello(line).map_err(|malformed| garbage(&malformed))? {
            Ok(hello) => {
                self.hello = Some(hello);
                Ok(())
            }
            Err(text) => Err(Failure::new(FailureKind::Faulted, format!("to the hello: {text}"))),
        }
    }
}
