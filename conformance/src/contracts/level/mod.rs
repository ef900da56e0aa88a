//! Checks of the contract `level`.

mod domains;
mod goldens;
mod laws;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::level::{Level, Obs, Op};
use spec::{Case, ErrorCode};

impl Suite for Level {
    const PROPERTY: &'static [&'static str] =
        &["LEVEL-001", "LEVEL-002", "LEVEL-003", "LEVEL-004", "LEVEL-005", "LEVEL-006", "LEVEL-007", "LEVEL-008", "LEVEL-009"];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk::default();
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

/// What is known of a level while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    muted: bool,
    /// Whether a mute ended, so that what is seen was restored.
    unmuted: bool,
    /// Whether the mute was touched at all.
    mute_asked: bool,
    /// Which statement the remembered level comes from, and whether it was set while muted.
    set: Option<(&'static str, bool)>,
    /// The statement behind a rejection after which nobody has looked yet.
    rejected: Option<&'static str>,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Decibels(_), _) => out("LEVEL-006"),
            (Op::Show(_), _) => out("LEVEL-009"),
            (Op::Set(_) | Op::SetText(_), Obs::Done) => {
                let number = matches!(op, Op::Set(_));
                self.set = Some((if number { "LEVEL-001" } else { "LEVEL-007" }, self.muted));
                out(if number { "LEVEL-002" } else { "LEVEL-007" });
                if self.muted {
                    out("LEVEL-005");
                }
            }
            (Op::Set(_) | Op::SetText(_), _) => {
                let id = if matches!(op, Op::Set(_)) { "LEVEL-002" } else { "LEVEL-007" };
                self.rejected = Some(id);
                out(id);
            }
            (Op::Mute(muted), _) => {
                self.unmuted |= self.muted && !muted;
                self.muted = *muted;
                self.mute_asked = true;
                out(if *muted { "LEVEL-003" } else { "LEVEL-004" });
            }
            (Op::Get, _) => self.look(out),
        }
    }

    fn look(&mut self, out: &mut dyn FnMut(&'static str)) {
        // A case is small when it is diagnosed: a rejection that it still has is what changed something.
        if let Some(id) = self.rejected.take() {
            out(id);
        }
        if let Some((_, true)) = self.set {
            out("LEVEL-005");
        }
        if self.muted {
            out("LEVEL-003");
        }
        if self.muted || self.unmuted {
            out("LEVEL-004");
        }
        match self.set {
            Some((id, _)) => {
                out(id);
                if id != "LEVEL-001" {
                    out("LEVEL-001");
                }
            }
            None if !self.mute_asked => out("LEVEL-008"),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::level::Level;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Level>();
    }
}
