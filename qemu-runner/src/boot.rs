//! A booted guest that answers the mailbox.

use crate::challenge::Challenge;
use crate::device_tree;
use crate::judge::Exit;
use crate::machine::{Heard, Machine, QEMU, Start};
use crate::memory::Memory;
use crate::spin::Spin;
use spec::mailbox::{
    MODE_AUDIO, MODE_DECODERS, MODE_MEDIA, MODE_PLATFORM, MODE_SELFTEST, MODE_SERVE, MODE_SERVICES, MODE_WRITER, REQUEST_BYTES,
    RESPONSE_BYTES, STOP,
};
use spec::{Failure, FailureKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a guest shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Run the selftests and end the machine. Time is counted in instructions, which repeats a run exactly.
    Selftest,
    /// Answer the mailbox, as fast as it can.
    Serve,
    /// Run the platform's selftests and end the machine. Time is counted in instructions.
    Platform,
    /// Write to `/state` until it is killed.
    Writer,
    /// Run the media services' selftests and end the machine. Time is counted in instructions.
    Audio,
    /// Run the media services and the selftests of the media sessions, and end the machine. Time is counted in instructions.
    Media,
    /// Run the media services for clients on the host, in real time.
    Services,
    /// Decode the files that lie in the memory from before boot, and end the machine. Time is counted in instructions.
    Decoders,
}

impl Mode {
    /// Its number on the control page.
    pub fn number(self) -> u32 {
        match self {
            Self::Selftest => MODE_SELFTEST,
            Self::Serve => MODE_SERVE,
            Self::Platform => MODE_PLATFORM,
            Self::Writer => MODE_WRITER,
            Self::Audio => MODE_AUDIO,
            Self::Media => MODE_MEDIA,
            Self::Decoders => MODE_DECODERS,
            Self::Services => MODE_SERVICES,
        }
    }

    /// Whether time is counted in instructions.
    pub fn deterministic(self) -> bool {
        matches!(self, Self::Selftest | Self::Platform | Self::Audio | Self::Media | Self::Decoders)
    }
}

/// How a guest is booted.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program.
    pub qemu: PathBuf,
    /// How long the guest may take to be ready.
    pub ready_time: Duration,
    /// The device tree.
    pub device_tree: device_tree::Choice,
    /// The disk's image.
    pub disk: Option<PathBuf>,
}

impl Default for Options {
    /// QEMU from the path; 20 seconds, which even a busy machine keeps a hundredfold; the machine's device tree.
    fn default() -> Self {
        Self { qemu: QEMU.into(), ready_time: Duration::from_secs(20), device_tree: device_tree::Choice::default(), disk: None }
    }
}

/// A guest. Its machine ends with this value.
pub struct Guest {
    machine: Machine,
    memory: Memory,
    asked: u64,
    boot_time: Duration,
    spin: Spin,
}

/// How long a waiting host sleeps between looks at the mailbox, at least and at most: a part of what it has waited, so that waiting
/// costs little beside the work that is waited for.
const NAP_MIN: Duration = Duration::from_micros(20);
const NAP_MAX: Duration = Duration::from_millis(1);
/// That part.
const NAP_PART: u32 = 32;
/// How long a guest may take to end its machine when it is asked to.
const STOP_TIME: Duration = Duration::from_secs(5);

impl Guest {
    /// Boots an image and waits until it is ready for this challenge.
    ///
    /// # Errors
    /// It can't be started, or is not ready in time, or fails before it is.
    pub fn boot(image: &Path, mode: Mode, challenge: &Challenge, options: &Options) -> Result<Self, Failure> {
        let not_started = |error: std::io::Error| Failure::new(FailureKind::NotStarted, error.to_string());
        let memory = Memory::new().map_err(not_started)?;
        memory.prepare(mode.number(), challenge, u64::MAX);
        let tree = options.device_tree.blob().map_err(|why| Failure::new(FailureKind::NotStarted, why))?;
        let start = Start {
            qemu: &options.qemu,
            image,
            deterministic: mode.deterministic(),
            device_tree: tree.as_deref(),
            disk: options.disk.as_deref(),
        };
        let machine = Machine::start(&start, &memory).map_err(not_started)?;
        let deadline = machine.started() + options.ready_time;
        machine.wait(deadline, |heard| heard.ready.is_some() || heard.fault.is_some());
        let boot_time = machine.started().elapsed();
        let ready = machine.look(|heard| heard.ready.clone());
        match ready {
            Some(ready) if ready == challenge.echo() => Ok(Self { machine, memory, asked: 0, boot_time, spin: Spin::default() }),
            Some(_) => Err(Failure::new(FailureKind::Garbage, "the guest is ready for another challenge than this boot's")),
            None => Err(trouble(&machine).unwrap_or_else(|| {
                let bytes = machine.look(|heard| heard.log.len());
                Failure::new(
                    FailureKind::Hung,
                    format!("the guest was not ready after {:?} and {bytes} bytes on the UART", options.ready_time),
                )
            })),
        }
    }

    /// Boots an image that answers the mailbox, with a random challenge.
    ///
    /// # Errors
    /// As for [`boot`](Self::boot).
    pub fn boot_server(image: &Path) -> Result<Self, Failure> {
        let challenge = Challenge::random().map_err(|error| Failure::new(FailureKind::NotStarted, error.to_string()))?;
        Self::boot(image, Mode::Serve, &challenge, &Options::default())
    }

    /// From the start of QEMU to the ready marker.
    pub fn boot_time(&self) -> Duration {
        self.boot_time
    }

    /// Requests that were sent so far.
    pub fn exchanges(&self) -> u64 {
        self.asked
    }

    /// What was heard on the UART so far.
    pub fn heard(&self) -> Heard {
        self.machine.heard()
    }

    /// Sends a request and waits for the response. After a failure the guest is of no more use.
    ///
    /// # Errors
    /// The request does not fit; the guest answered before it was asked, does not answer in time, ended, reported a fault, printed
    /// more than it may, or gives a response that can't be one.
    pub fn exchange(&mut self, request: &[u8], time: Duration) -> Result<Vec<u8>, Failure> {
        self.ask(request)?;
        self.answer(time)
    }

    /// Sends a request; the guest works on it while the caller does other things. Its answer has to be taken before the next one.
    ///
    /// # Errors
    /// The request does not fit, or the guest answered before it was asked.
    pub fn ask(&mut self, request: &[u8]) -> Result<(), Failure> {
        if request.len() as u64 > REQUEST_BYTES {
            return Err(Failure::new(
                FailureKind::Unsupported,
                format!("a request of {} bytes; at most {REQUEST_BYTES} fit", request.len()),
            ));
        }
        self.not_early()?;
        self.send(request);
        Ok(())
    }

    /// Waits for the answer to the request that was sent last.
    ///
    /// # Errors
    /// Those of [`exchange`](Self::exchange).
    pub fn answer(&mut self, time: Duration) -> Result<Vec<u8>, Failure> {
        self.await_answer(time)?;
        self.memory.response().map_err(|claimed| {
            Failure::new(FailureKind::Garbage, format!("the guest claims a response of {claimed} bytes; at most {RESPONSE_BYTES} fit"))
        })
    }

    /// Asks the guest to end its machine and gives all that was heard; a guest that does not is ended.
    pub fn stop(mut self) -> Heard {
        self.send(&[STOP]);
        self.machine.wait(Instant::now() + STOP_TIME, |_| false);
        self.machine.stop()
    }

    /// Ends the machine at once and gives all that was heard.
    pub fn kill(mut self) -> Heard {
        self.machine.stop()
    }

    /// Waits for the guest's end, as after [`boot`](Self::boot) for its selftests; gives all that was heard and whether it ended in time.
    pub fn finish(mut self, deadline: Instant, until: impl Fn(&Heard) -> bool) -> (Heard, bool) {
        let in_time = self.machine.wait(deadline, until);
        (self.machine.stop(), in_time)
    }

    fn send(&mut self, request: &[u8]) {
        self.asked += 1;
        // Its size was checked by the caller.
        self.memory.ask(self.asked, request);
    }

    fn not_early(&self) -> Result<(), Failure> {
        let answered = self.memory.answered();
        if answered == self.asked {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Early, format!("the guest answered request {answered}; {} were asked", self.asked)))
    }

    /// Whether the request that was sent last is answered.
    fn has_answered(&self) -> Result<Option<()>, Failure> {
        match self.memory.answered() {
            answered if answered > self.asked => self.not_early().map(Some),
            answered => Ok((answered == self.asked).then_some(())),
        }
    }

    fn await_answer(&mut self, time: Duration) -> Result<(), Failure> {
        let start = Instant::now();
        let mut spin = std::mem::take(&mut self.spin);
        let found = spin.look(|| self.has_answered());
        self.spin = spin;
        if found?.is_some() {
            return Ok(());
        }
        loop {
            if self.has_answered()?.is_some() {
                return Ok(());
            }
            if let Some(trouble) = trouble(&self.machine) {
                // It may have answered and ended since the last look.
                return if self.memory.answered() == self.asked { Ok(()) } else { Err(trouble) };
            }
            let waited = start.elapsed();
            if waited >= time {
                return Err(Failure::new(FailureKind::Hung, format!("no answer to request {} within {time:?}", self.asked)));
            }
            std::thread::sleep((waited / NAP_PART).clamp(NAP_MIN, NAP_MAX).min(time - waited));
        }
    }
}

/// Why a guest will say no more, if that is so.
fn trouble(machine: &Machine) -> Option<Failure> {
    machine.look(|heard| {
        let last = || {
            let lines = String::from_utf8_lossy(&heard.log);
            lines.lines().last().map_or("nothing on the UART".to_owned(), |line| {
                format!("last on the UART: {:?}", line.chars().take(200).collect::<String>())
            })
        };
        if heard.flooded {
            return Some(Failure::new(FailureKind::Flooded, format!("more than {} bytes on the UART", heard.log.len().saturating_sub(1))));
        }
        if let Some(fault) = &heard.fault {
            return Some(Failure::new(FailureKind::Faulted, fault.clone()));
        }
        let how = match heard.exit? {
            Exit::Code(code) => format!("QEMU ended with code {code}"),
            Exit::Signal(signal) => format!("QEMU was killed by signal {signal}"),
            Exit::Stopped | Exit::Unknown => "QEMU was ended".to_owned(),
        };
        let message = machine.message();
        if heard.log.is_empty() && !message.is_empty() {
            return Some(Failure::new(FailureKind::NotStarted, message));
        }
        Some(Failure::new(FailureKind::Died, format!("{how}; {}", last())))
    })
}
