//! Wrong machines of the contract `miniplayer`: the model, told, looked at, pressed, drawn or printed wrongly.

use crate::suite::Violation;
use model::Modelled;
use spec::miniplayer::*;
use spec::{ErrorCode, Failure, Machine};

/// What a machine does otherwise.
#[derive(Clone, Copy)]
struct Flaw {
    /// Hears another state.
    hears: fn(&State) -> State,
    /// Shows another view of it.
    shows: fn(&State, View) -> View,
    /// Asks for something else.
    asks: fn(&State, Key, Option<Action>) -> Option<Action>,
    /// Draws another frame: of this view, at this step.
    draws: Option<fn(&View, u64) -> Vec<u8>>,
    /// Prints other lines.
    prints: fn(&Op, Vec<String>) -> Vec<String>,
    /// Answers otherwise.
    answers: fn(&Op, Obs) -> Obs,
}

const NONE: Flaw = Flaw {
    hears: State::clone,
    shows: |_, view| view,
    asks: |_, _, action| action,
    draws: None,
    prints: |_, lines| lines,
    answers: |_, obs| obs,
};

struct Wrong {
    inner: Box<dyn Machine<Miniplayer>>,
    flaw: Flaw,
    /// The last state that was accepted, and whether there was one.
    state: State,
    opened: bool,
    steps: u64,
    lines: Vec<String>,
}

fn wrong(flaw: Flaw) -> Box<dyn Machine<Miniplayer>> {
    Box::new(Wrong { inner: Miniplayer::model(), flaw, state: State::default(), opened: false, steps: 0, lines: Vec::new() })
}

impl Wrong {
    /// What the model shows now.
    fn view(&mut self) -> Result<View, Failure> {
        if !self.opened {
            return Ok(View::default());
        }
        Ok(match self.inner.step(&Op::Show((self.flaw.hears)(&self.state)))? {
            Obs::View(view) => *view,
            _ => View::default(),
        })
    }

    fn print(&mut self, op: &Op) -> Result<(), Failure> {
        if let Obs::Lines(lines) = self.inner.step(&Op::Markers)? {
            self.lines.extend((self.flaw.prints)(op, lines));
        }
        Ok(())
    }
}

impl Machine<Miniplayer> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        (self.state, self.opened, self.steps) = (State::default(), false, 0);
        self.lines.clear();
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.steps += 1;
        let obs = match (op, self.flaw.draws) {
            (Op::Show(state), _) => match self.inner.step(&Op::Show((self.flaw.hears)(state)))? {
                Obs::View(view) => {
                    (self.state, self.opened) = (state.clone(), true);
                    Obs::View(Box::new((self.flaw.shows)(state, *view)))
                }
                rejected => rejected,
            },
            (Op::Key(key), _) => match self.inner.step(op)? {
                Obs::Action(action) => Obs::Action((self.flaw.asks)(&self.state, *key, action)),
                other => other,
            },
            (Op::Draw, Some(draws)) => Obs::Frame(Checksum::of_bytes(&draws(&self.view()?, self.steps))),
            (Op::Line(row), Some(draws)) if *row < MINIPLAYER_HEIGHT => {
                let stride = 4 * MINIPLAYER_WIDTH as usize;
                Obs::Line(Bytes(draws(&self.view()?, self.steps)[*row as usize * stride..][..stride].to_vec()))
            }
            (Op::Markers, _) => Obs::Lines(std::mem::take(&mut self.lines)),
            _ => self.inner.step(op)?,
        };
        self.print(op)?;
        Ok((self.flaw.answers)(op, obs))
    }
}

fn active(state: &State) -> Option<&Session> {
    state.sessions.iter().find(|session| Some(session.sid) == state.active)
}

/// Changes what is shown of the active session.
fn current(mut view: View, change: impl Fn(&mut Current)) -> View {
    view.current.iter_mut().for_each(change);
    view
}

/// Violations, each a flaw of one kind.
macro_rules! flaws {
    ($($id:literal, $what:literal, $field:ident: $how:expr;)*) => {
        vec![$(Violation { requirement: $id, what: $what, machine: || wrong(Flaw { $field: $how, ..NONE }) },)*]
    };
}

// Behind the macro that they use.
mod frames;
mod keys;
mod views;

pub(super) fn violations() -> Vec<Violation<Miniplayer>> {
    let mut all = views::of_views();
    all.extend(keys::of_keys());
    all.extend(frames::of_frames());
    all.extend(of_lines());
    all
}

fn of_lines() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-013", "prints that it opens at every state",
            prints: |op, lines| if matches!(op, Op::Show(_)) { vec![MINIPLAYER_OPEN.to_owned()] } else { lines };
        "MINIPLAYER-013", "prints nothing for a seek",
            prints: |op, lines| if matches!(op, Op::Key(Key::Left | Key::Right)) { Vec::new() } else { lines };
        "MINIPLAYER-013", "prints the key instead of the command",
            prints: |op, lines| match op {
                Op::Key(Key::Toggle) => lines.iter().map(|_| "tray: mini-player control=toggle".to_owned()).collect(),
                _ => lines,
            };
        "MINIPLAYER-013", "prints a line for a selection",
            prints: |op, lines| if matches!(op, Op::Key(Key::Down)) { vec!["tray: mini-player control=down".to_owned()] } else { lines };
        "MINIPLAYER-013", "prints a take-over as a switch",
            prints: |_, lines| lines.into_iter().map(|line| line.replace("handoff take-over", "session switch")).collect();
        "MINIPLAYER-015", "says that a notification is shown",
            answers: |op, obs| if matches!(op, Op::Notify) { Obs::Lines(Vec::new()) } else { obs };
        "MINIPLAYER-015", "prints that a notification is shown",
            prints: |op, lines| if matches!(op, Op::Notify) { vec!["notif: media show sid=1".to_owned()] } else { lines };
        "MINIPLAYER-015", "prints nothing of a notification",
            prints: |op, lines| if matches!(op, Op::Notify) { Vec::new() } else { lines };
    }
}

#[cfg(test)]
mod tests {
    use super::{NONE, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::miniplayer::Miniplayer;
    use spec::{Contract, SplitMix64};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..500).map(|seed| Miniplayer::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Miniplayer::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(NONE).run_case(&case), Miniplayer::model().run_case(&case), "{case:?}");
        }
    }
}
