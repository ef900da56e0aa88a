//! What a verdict says.

use crate::fault::Fault;
use serde::Serialize;
use std::fmt;

/// How the machine ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by", content = "value")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By a signal that the runner did not send.
    Signal(i32),
    /// The runner ended it.
    Stopped,
    /// Not known: the log was recorded.
    Unknown,
}

/// What a verdict without faults is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The guest answered the challenge of this boot, and the answers are right.
    Answered,
    /// The challenge is not known: a replayed log can't prove it.
    NoChallenge,
    /// The right answers are not known.
    NoAnswers,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answered => "challenge: answered, with the right digests",
            Self::NoChallenge => "challenge: not proven by a replayed log",
            Self::NoAnswers => "digests: not proven, as the model's answers were not given",
        })
    }
}

/// The outcome of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No fault, and the work is proven.
    Passed,
    /// No fault, but what is missing for a proof was not there.
    NotProven,
    /// At least one fault.
    Failed,
}

/// A marker of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its line, from 1.
    pub line: usize,
    /// Its name in a plan.
    pub key: String,
}

/// The verdict on one run.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The profile that it was judged by.
    pub profile: String,
    /// The outcome.
    pub outcome: Outcome,
    /// What it is worth.
    pub proof: Proof,
    /// What is wrong, at most [`FAULTS_OF_A_KIND_MAX`](crate::fault::FAULTS_OF_A_KIND_MAX) of each kind.
    pub faults: Vec<Fault>,
    /// Faults beyond those listed.
    pub faults_left_out: usize,
    /// The plan, in order.
    pub plan: Vec<String>,
    /// The markers that came, in order.
    pub markers: Vec<Seen>,
    /// How the machine ended.
    pub exit: Exit,
    /// Lines of the log.
    pub lines: usize,
    /// Bytes of the log.
    pub bytes: usize,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Passed => "passed",
            Outcome::NotProven => "well-formed, but not proven",
            Outcome::Failed => "FAILED",
        };
        let reached = self.plan.iter().filter(|key| self.markers.iter().any(|seen| seen.key == **key)).count();
        writeln!(f, "{}: {outcome} ({reached} of {} planned markers in {} lines)", self.profile, self.plan.len(), self.lines)?;
        if self.outcome != Outcome::Failed || self.proof != Proof::Answered {
            writeln!(f, "  {}", self.proof)?;
        }
        for fault in &self.faults {
            writeln!(f, "  {fault}")?;
        }
        if self.faults_left_out > 0 {
            writeln!(f, "  and {} more faults", self.faults_left_out)?;
        }
        Ok(())
    }
}
