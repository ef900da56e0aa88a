//! Checks of the contract `wakelock`.

mod domains;
mod goldens;
mod laws;
mod violations;
mod wrong;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::wakelock::{Obs, Op, Playback, WAKELOCK_MEDIA_APP, Wakelock};
use spec::{Case, ErrorCode};
use std::collections::BTreeSet;

impl Suite for Wakelock {
    const PROPERTY: &'static [&'static str] = &[
        "WAKELOCK-001",
        "WAKELOCK-002",
        "WAKELOCK-003",
        "WAKELOCK-004",
        "WAKELOCK-005",
        "WAKELOCK-006",
        "WAKELOCK-007",
        "WAKELOCK-008",
        "WAKELOCK-009",
        "WAKELOCK-010",
        "WAKELOCK-011",
        "WAKELOCK-012",
        "WAKELOCK-013",
        "WAKELOCK-014",
    ];

    fn touched(case: &Case<Self>, _rejected: Option<ErrorCode>, expected: &[Obs], out: &mut dyn FnMut(Option<usize>, &'static str)) {
        let mut walk = Walk { powerd: case.config.powerd, ..Walk::default() };
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

/// What is known of powerd while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    powerd: bool,
    playing: BTreeSet<u32>,
    /// What happened since somebody looked at the locks: the statements that a look is about.
    happened: Vec<&'static str>,
}

fn plays(playback: Playback) -> bool {
    matches!(playback, Playback::Playing | Playback::Ducked)
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (_, Obs::Rejected(code)) => {
                let id = match code {
                    ErrorCode::PowerdAbsent => "WAKELOCK-014",
                    ErrorCode::WakelockNotHeld => "WAKELOCK-003",
                    ErrorCode::TooManyWakelocks | ErrorCode::WakelockCountOverMax | ErrorCode::TooManyPlaying => "WAKELOCK-009",
                    _ => "WAKELOCK-008",
                };
                self.note(id, out);
            }
            (Op::Acquire { .. }, _) => self.note("WAKELOCK-001", out),
            (Op::Release { .. }, _) => self.note("WAKELOCK-002", out),
            (Op::Died(app), Obs::Released(released)) => {
                let media = app == WAKELOCK_MEDIA_APP;
                if media {
                    self.playing.clear();
                }
                if media && *released > 0 {
                    self.note("WAKELOCK-013", out);
                }
                self.note("WAKELOCK-005", out);
            }
            (Op::Session { .. }, Obs::Media { .. }) if !self.powerd => self.note("WAKELOCK-014", out),
            (Op::Session { session, playback }, Obs::Media { playing, .. }) => {
                let changed = if plays(*playback) { self.playing.insert(*session) } else { self.playing.remove(session) };
                let id = match (changed, plays(*playback)) {
                    (false, _) => "WAKELOCK-012",
                    (true, true) => "WAKELOCK-010",
                    (true, false) if *playing == 0 => "WAKELOCK-011",
                    // Another session still plays, so that the lock stays.
                    (true, false) => "WAKELOCK-010",
                };
                self.note(id, out);
            }
            (Op::List, Obs::Locks(locks)) => {
                self.seen(out);
                if locks.len() > 1 {
                    out("WAKELOCK-006");
                }
                if locks.iter().any(|lock| lock.app == WAKELOCK_MEDIA_APP) {
                    out("WAKELOCK-010");
                }
            }
            (Op::Blocks, _) => {
                self.seen(out);
                out("WAKELOCK-004");
            }
            (Op::Markers, _) => {
                self.seen(out);
                out("WAKELOCK-007");
            }
            _ => {}
        }
    }

    fn note(&mut self, id: &'static str, out: &mut dyn FnMut(&'static str)) {
        if !self.happened.contains(&id) {
            self.happened.push(id);
        }
        out(id);
    }

    /// What happened last is what a look is most likely about.
    fn seen(&mut self, out: &mut dyn FnMut(&'static str)) {
        for id in std::mem::take(&mut self.happened).into_iter().rev() {
            out(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::wakelock::Wakelock;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Wakelock>();
    }
}
