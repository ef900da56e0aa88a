//! What can be wrong with a run, each with what to do about it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Faults of one kind that a verdict lists, at most; the rest is counted. No kind can crowd out another.
pub const FAULTS_OF_A_KIND_MAX: usize = 8;

macro_rules! fault_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident => $advice:literal,)+) => {
        /// The kind of a fault. A run with any fault has failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FaultKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// What to do about it.
            pub fn advice(self) -> &'static str {
                match self {
                    $(Self::$kind => $advice,)+
                }
            }
        }
    };
}

fault_kinds! {
    /// The UART stayed silent.
    Silent => "Check that the image is a riscv64 image for 0x80000000 and that it sets up the UART at 0x10000000.",
    /// A marker of the plan is missing.
    Missing => "Print the marker where its work is done, or correct the plan in spec/markers.yaml.",
    /// The plan breaks off: what comes after its last marker is missing, and more than the end.
    Truncated => "See what the guest did after its last line; the whole log is kept.",
    /// A marker of the plan came before one that the plan puts first.
    OutOfOrder => "Print markers as the work is done, in the order of the plan.",
    /// A marker of the plan came more than once.
    Duplicate => "Print each marker of the plan exactly once.",
    /// A line starts with a reserved prefix, but is no declared marker.
    Undeclared => "Declare the line in spec/markers.yaml, or do not start it with a reserved prefix.",
    /// A declared marker is neither in the plan nor allowed beside it.
    Unplanned => "Add it to the profile in spec/markers.yaml, or do not print it there.",
    /// A marker or a reserved prefix stands inside another line.
    Embedded => "A marker must be a line of its own: nothing before it and nothing after it.",
    /// The guest says that a selftest failed.
    SelftestFailed => "Run the contract on the in-process driver to see the divergence: cargo conform run --contract NAME.",
    /// The same selftest is claimed ok and failed.
    Contradicted => "A selftest has one outcome; print it once.",
    /// The guest reported a trap or a panic.
    GuestFault => "Look up the address or the line in the image: riscv64 objdump or addr2line shows where it was.",
    /// The same part is claimed ok and declared a stub.
    OkBesidePlaceholder => "A stub is never ok: remove the claim until the part exists, or the placeholder once it does.",
    /// The digest is not that of the right answers.
    WrongDigest => "The guest answered wrongly, or did not do the work that this boot's challenge asks for.",
    /// The guest was ready for another challenge than this boot's.
    WrongChallenge => "The guest must read the challenge of this boot; a log of another boot proves nothing here.",
    /// The number of cases is not that which the challenge gives.
    WrongCases => "Derive all cases from the challenge, as spec::challenge::cases does.",
    /// A selftest is claimed without the right answer before it.
    Unanswered => "Print the answer of the selftest's work before its line, and only what the work came to.",
    /// A service printed another line than the model gives.
    WrongLine => "See the model's line in the message; conform qemu prints the whole transcript with --lines.",
    /// A line that the model gives did not come.
    MissingLine => "Print each line of the services where it is due; conform qemu prints the whole transcript with --lines.",
    /// No right answer is known for a planned selftest.
    NoAnswer => "Give the model's answer to every selftest of the profile.",
    /// The guest speaks another version of the mailbox protocol.
    WrongProtocol => "Build guest and runner from the same sources: cargo conform setup.",
    /// The number of selftests that the guest counts is not that of the plan.
    WrongTotal => "Run every selftest of the plan, and count them.",
    /// The guest printed something after it said that it was done.
    AfterDone => "Print the done marker last, then end the machine.",
    /// A line is longer than a line may be.
    LineTooLong => "Print shorter lines; spec/markers.yaml gives the bound.",
    /// The log is longer than it may be.
    Flood => "Print less; spec/markers.yaml gives the bounds.",
    /// A line is no UTF-8.
    NotUtf8 => "Print text; bulk goes through shared memory.",
    /// A line holds a control character.
    ControlCharacter => "Print plain text: no escapes, no carriage returns within a line.",
    /// The log ends within a line.
    Unterminated => "End the last line too, before ending the machine.",
    /// The run took longer than it may.
    TimedOut => "See the last line for how far it came; RUN_TIMEOUT raises the limit.",
    /// The machine ended with a code that is not 0.
    ExitCode => "The guest ended the machine with a failure, or QEMU failed; see the last lines and QEMU's message.",
    /// QEMU was killed by a signal that the runner did not send.
    Killed => "Look for memory limits or a crash of QEMU in the system's log.",
    /// The machine ended before the guest said that it was done.
    ExitBeforeDone => "End the machine only after the done marker.",
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its kind.
    pub kind: FaultKind,
    /// The line of the log that shows it, from 1; none where it is the run's as a whole.
    pub line: Option<usize>,
    /// The entry of the plan that it is about, if any.
    pub about: Option<String>,
    /// What was seen and what was expected.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {} {}", self.what, self.advice),
            None => write!(f, "{} {}", self.what, self.advice),
        }
    }
}
