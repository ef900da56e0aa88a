//! Checks of the contract `codec`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::codec::{Codec, Config, Obs, Op, Platform};
use spec::{Case, ErrorCode};

impl Suite for Codec {
    const PROPERTY: &'static [&'static str] = &[
        "CODEC-001",
        "CODEC-002",
        "CODEC-003",
        "CODEC-004",
        "CODEC-005",
        "CODEC-006",
        "CODEC-007",
        "CODEC-008",
        "CODEC-009",
        "CODEC-010",
        "CODEC-011",
        "CODEC-012",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
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

/// What is known of codecd and i2sd while walking along a case with the right answers.
struct Walk {
    platform: Platform,
    /// Whether something was rejected and nobody has looked since.
    rejected: bool,
    /// Whether a device tree was read.
    tree: bool,
    acked: bool,
}

impl Walk {
    fn new(config: &Config) -> Self {
        Self { platform: config.platform, rejected: false, tree: false, acked: false }
    }

    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Configure { .. }, Obs::Rejected(code)) => {
                use ErrorCode as E;
                out(match code {
                    E::UndeclaredRoute => "CODEC-007",
                    E::UnsupportedCodecRate | E::UnsupportedCodecChannels | E::UnsupportedCodecSample | E::UnsupportedCodecBlock => {
                        "CODEC-003"
                    }
                    _ => "CODEC-002",
                });
                self.rejected = true;
            }
            (Op::Configure { .. }, _) => {
                out("CODEC-001");
                out("CODEC-004");
                out("CODEC-003");
                if self.tree {
                    out("CODEC-007");
                }
                self.acked = true;
            }
            (Op::Routes(_), Obs::Rejected(_)) => {
                out("CODEC-006");
                self.rejected = true;
            }
            (Op::Routes(_), _) => {
                out("CODEC-006");
                self.tree = true;
            }
            (Op::Enable(_), Obs::Rejected(_)) => {
                out("CODEC-008");
                self.rejected = true;
            }
            (Op::Submit(_), Obs::Rejected(ErrorCode::I2sDisabled)) => {
                out("CODEC-009");
                self.rejected = true;
            }
            (Op::Submit(_), obs) => {
                out("CODEC-010");
                self.rejected |= matches!(obs, Obs::Rejected(_));
            }
            (Op::SelectI2s, _) => out("CODEC-012"),
            (Op::State, Obs::State { configured, enabled, blocks, .. }) => {
                self.take_rejected(out);
                if self.platform == Platform::Qemu && !enabled {
                    out("CODEC-008");
                }
                if configured.is_some() {
                    out("CODEC-004");
                } else if self.tree && self.acked {
                    out("CODEC-007");
                }
                if *blocks > 0 {
                    out("CODEC-010");
                }
            }
            (Op::Markers, Obs::Lines(lines)) => {
                self.take_rejected(out);
                if lines.iter().any(|line| line.starts_with("codecd")) {
                    out("CODEC-004");
                }
                out("CODEC-011");
            }
            _ => {}
        }
    }

    /// A case is small when it is diagnosed: a rejection that it still has is what changed something.
    fn take_rejected(&mut self, out: &mut dyn FnMut(&'static str)) {
        if std::mem::take(&mut self.rejected) {
            out("CODEC-005");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::codec::Codec;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Codec>();
    }
}
