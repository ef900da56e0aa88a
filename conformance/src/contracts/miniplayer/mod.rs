//! Checks of the contract `miniplayer`.

mod domains;
mod goldens;
mod laws;
#[cfg(feature = "harness")]
pub mod pictures;
mod violations;

use crate::suite::{Domain, GoldenCase, Law, Suite, Violation};
use spec::miniplayer::{Action, Key, MINIPLAYER_HEIGHT, Miniplayer, Obs, Op, Session, State, View};
use spec::{Case, ErrorCode};

impl Suite for Miniplayer {
    const PROPERTY: &'static [&'static str] = &[
        "MINIPLAYER-001",
        "MINIPLAYER-002",
        "MINIPLAYER-003",
        "MINIPLAYER-004",
        "MINIPLAYER-005",
        "MINIPLAYER-006",
        "MINIPLAYER-007",
        "MINIPLAYER-008",
        "MINIPLAYER-009",
        "MINIPLAYER-010",
        "MINIPLAYER-011",
        "MINIPLAYER-012",
        "MINIPLAYER-013",
        "MINIPLAYER-014",
        "MINIPLAYER-015",
        "MINIPLAYER-016",
    ];

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

/// What is known of the mini-player while walking along a case with the right answers.
#[derive(Default)]
struct Walk {
    view: View,
    /// Whether a state was rejected, and nobody has looked since.
    rejected: bool,
    /// What was printed and not read.
    printed: Vec<&'static str>,
}

impl Walk {
    fn step(&mut self, op: &Op, obs: &Obs, out: &mut dyn FnMut(&'static str)) {
        match (op, obs) {
            (Op::Show(state), Obs::View(view)) => {
                if self.printed.is_empty() {
                    self.printed.push("MINIPLAYER-013");
                }
                self.shown(state, view, out);
                self.view = (**view).clone();
            }
            (Op::Show(_), _) => {
                self.rejected = true;
                out("MINIPLAYER-016");
            }
            (Op::Key(key), Obs::Action(action)) => {
                self.look(out);
                out(match key {
                    Key::Toggle => "MINIPLAYER-003",
                    Key::Left | Key::Right => "MINIPLAYER-006",
                    Key::Plus | Key::Minus => "MINIPLAYER-007",
                    Key::Mute => "MINIPLAYER-008",
                    Key::TakeOver => "MINIPLAYER-012",
                    Key::Previous | Key::Next | Key::Stop | Key::Up | Key::Down | Key::Enter => "MINIPLAYER-011",
                });
                if action.is_some_and(|action| !matches!(action, Action::Select(_))) {
                    self.printed.push("MINIPLAYER-013");
                }
            }
            (Op::Draw, _) => {
                self.look(out);
                self.drawn(0..MINIPLAYER_HEIGHT, out);
            }
            (Op::Line(row), Obs::Line(_)) => {
                self.look(out);
                self.drawn(*row..row + 1, out);
            }
            (Op::Notify, _) => {
                self.printed.push("MINIPLAYER-015");
                out("MINIPLAYER-015");
            }
            (Op::Markers, _) => self.printed.drain(..).for_each(out),
            _ => {}
        }
    }

    fn look(&mut self, out: &mut dyn FnMut(&'static str)) {
        if std::mem::take(&mut self.rejected) {
            out("MINIPLAYER-016");
        }
    }

    fn shown(&self, state: &State, view: &View, out: &mut dyn FnMut(&'static str)) {
        let active = state.sessions.iter().find(|session| Some(session.sid) == state.active);
        if let (Some(session), Some(current)) = (active, &view.current) {
            of_session(session, out);
            if current.title != session.title || current.artist != session.artist {
                out("MINIPLAYER-002");
            }
        }
        out("MINIPLAYER-001");
        if !view.rows.is_empty() {
            out("MINIPLAYER-010");
        }
        if state.offer.is_some() {
            out("MINIPLAYER-012");
        }
    }

    /// A frame shows what its view has.
    fn drawn(&self, rows: std::ops::Range<u32>, out: &mut dyn FnMut(&'static str)) {
        use spec::miniplayer::{MINIPLAYER_BADGE_HEIGHT, MINIPLAYER_BADGE_Y, MINIPLAYER_BAR_HEIGHT, MINIPLAYER_SEEK_Y};
        let meets = |top: u32, height: u32| rows.start < top + height && top < rows.end;
        if let Some(current) = &self.view.current {
            if meets(MINIPLAYER_SEEK_Y, MINIPLAYER_BAR_HEIGHT) {
                out("MINIPLAYER-004");
            }
            if current.ducked && meets(MINIPLAYER_BADGE_Y, MINIPLAYER_BADGE_HEIGHT) {
                out("MINIPLAYER-009");
            }
        }
        out("MINIPLAYER-014");
    }
}

/// What a state says of the session that is shown.
fn of_session(session: &Session, out: &mut dyn FnMut(&'static str)) {
    out("MINIPLAYER-003");
    out("MINIPLAYER-004");
    out("MINIPLAYER-005");
    out("MINIPLAYER-007");
    if session.app_muted || session.muted {
        out("MINIPLAYER-008");
    }
    out("MINIPLAYER-009");
}

/// A state of one session, which is active.
fn alone(session: Session) -> State {
    State { active: Some(session.sid), sessions: vec![session], offer: None }
}

/// A session that plays, as most checks begin with.
fn playing() -> Session {
    Session {
        sid: 1,
        app: "nx:music".to_owned(),
        title: "Blue in Green".to_owned(),
        artist: "Bill Evans".to_owned(),
        playing: true,
        position_ms: 83_000,
        duration_ms: Some(327_000),
        ..Session::default()
    }
}

/// The sessions of a full list, each its own title.
fn many() -> State {
    let titles = ["Blue in Green", "Morning Call", "Kind of a very long title", "Wake up", "Rain", "Café del Mar"];
    let sessions = (1..=16_u32).zip(titles.iter().cycle()).map(|(sid, title)| Session {
        sid,
        title: (*title).to_owned(),
        playing: sid % 3 == 1,
        ..playing()
    });
    State { sessions: sessions.collect(), active: Some(4), offer: Some(6) }
}

#[cfg(test)]
mod tests {
    use crate::contracts::self_test::assert_complete;
    use spec::miniplayer::Miniplayer;

    #[test]
    fn checks_are_complete() {
        assert_complete::<Miniplayer>();
    }
}
