//! Checks of the contract `metrics`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::metrics::{Bytes, Change, Config, Metrics, Obs, Op, State};
use spec::{Case, ErrorCode};

impl Suite for Metrics {
    const PROPERTY: &'static [&'static str] = &[
        "METRICS-001",
        "METRICS-002",
        "METRICS-003",
        "METRICS-004",
        "METRICS-005",
        "METRICS-006",
        "METRICS-007",
        "METRICS-008",
        "METRICS-009",
        "METRICS-010",
        "METRICS-011",
        "METRICS-012",
        "METRICS-015",
        "METRICS-016",
        "METRICS-017",
    ];

    fn touched(case: &Case<Self>, rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        if rejected.is_some() {
            out(None, "METRICS-015");
        }
        let mut walk = Walk::new(&case.config);
        for (step, (op, obs)) in case.ops.iter().zip(expected).enumerate() {
            walk.step(op, obs, &mut |id| out(Some(step), id));
        }
    }

    fn laws() -> Vec<Law<Self>> {
        laws::laws()
    }

    fn domains() -> Vec<Domain<Self>> {
        domains::domains()
    }

    fn violations() -> Vec<Violation<Self>> {
        violations::violations()
    }

    fn goldens() -> Vec<GoldenCase<Self>> {
        goldens::goldens()
    }
}

/// What is known while walking along a case with the right answers.
struct Walk<'a> {
    config: &'a Config,
    blocks: u64,
    /// Whether a session was closed.
    closed: bool,
    /// Statements that a look at the file is about.
    of_file: Vec<&'static str>,
    /// The statement behind a rejection, which a look at what stayed is about.
    rejected: Vec<&'static str>,
}

impl<'a> Walk<'a> {
    fn new(config: &'a Config) -> Self {
        Self { config, blocks: 0, closed: false, of_file: Vec::new(), rejected: Vec::new() }
    }

    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(code)) => {
                let id = match code {
                    ErrorCode::ExportDisabled => "METRICS-010",
                    ErrorCode::StateUnavailable => "METRICS-009",
                    ErrorCode::StateFailed => "METRICS-011",
                    ErrorCode::OversizedInput => "METRICS-017",
                    _ => "METRICS-015",
                };
                self.rejected.push(id);
                out(id);
            }
            (Op::Session { change: Change::Close, .. }, _) => {
                self.closed = true;
                out("METRICS-003");
            }
            (Op::Blocks { count, .. }, _) => self.blocks += u64::from(*count),
            (Op::Snapshot, Obs::Record(record)) => {
                self.seen(out);
                if record.dropped > 0 {
                    out("METRICS-005");
                }
                if !record.positions.is_empty() {
                    out("METRICS-002");
                }
                if record.active_sessions > 0 || self.closed || !record.positions.is_empty() {
                    out("METRICS-003");
                }
                out("METRICS-001");
            }
            (Op::Waiting, Obs::Waiting { dropped, .. }) => {
                self.seen(out);
                if *dropped > 0 {
                    out("METRICS-005");
                }
                if self.blocks > 0 {
                    out("METRICS-004");
                }
            }
            (Op::Export, Obs::Exported { lines, removed, .. }) => {
                out("METRICS-012");
                if *removed > 0 {
                    out("METRICS-008");
                    self.of_file.push("METRICS-008");
                }
                if *lines > 0 {
                    out("METRICS-007");
                    self.of_file.extend(["METRICS-007", "METRICS-006"]);
                }
            }
            (Op::File | Op::Measure, _) => {
                self.seen(out);
                for id in std::mem::take(&mut self.of_file) {
                    out(id);
                }
            }
            (Op::Markers, Obs::Lines(lines)) => {
                self.seen(out);
                if lines.iter().any(|line| line.contains("lines=")) || (lines.is_empty() && self.config.state != State::Missing) {
                    out("METRICS-012");
                }
            }
            (Op::Plant { .. }, _) => self.of_file.push("METRICS-016"),
            (Op::Restart, _) => {
                self.blocks = 0;
                self.of_file.push("METRICS-016");
                out("METRICS-016");
            }
            _ => {}
        }
    }

    /// A case is small when it is diagnosed: a rejection that it still has is what changed something.
    fn seen(&mut self, out: &mut dyn FnMut(&'static str)) {
        for id in std::mem::take(&mut self.rejected).into_iter().rev() {
            out(id);
        }
    }
}

/// The file of an observation, as it is or measured, where it is one.
fn is_of_file(obs: &Obs) -> bool {
    matches!(obs, Obs::File(_) | Obs::Measured(_))
}

/// A text, so many times.
fn plant(text: &str, times: u16) -> Op {
    Op::Plant { text: Bytes::from(text), times }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::metrics::Metrics;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Metrics>();
    }
}
