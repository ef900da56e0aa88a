//! Wrong machines of the contract `miniplayer`: the model, told, looked at, pressed, drawn or printed wrongly.

use crate::suite::Violation;
use model::Modelled;
use model::miniplayer::frame;
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
            (Op::Draw, Some(draws)) => Obs::Frame(Checksum::of(draws(&self.view()?, self.steps))),
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

/// Both lists of the same violations.
macro_rules! flaws {
    ($($id:literal, $what:literal, $field:ident: $how:expr;)*) => {
        vec![$(Violation { requirement: $id, what: $what, machine: || wrong(Flaw { $field: $how, ..NONE }) },)*]
    };
}

pub(super) fn violations() -> Vec<Violation<Miniplayer>> {
    let mut all = of_views();
    all.extend(of_keys());
    all.extend(of_frames());
    all.extend(of_lines());
    all
}

fn of_views() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-001", "shows the first session instead of the active one",
            hears: |state| State { active: state.sessions.first().map(|session| session.sid).filter(|_| state.active.is_some()), ..state.clone() };
        "MINIPLAYER-001", "shows a session though none is active",
            hears: |state| State { active: state.active.or(state.sessions.first().map(|session| session.sid)), ..state.clone() };
        "MINIPLAYER-001", "shows nothing while the active session is paused",
            shows: |state, view| View { current: view.current.filter(|_| active(state).is_some_and(|session| session.playing)), ..view };
        "MINIPLAYER-002", "cuts titles without a mark",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| current.title.ends_with("...")) {
                    current.title = session.title.chars().take(MINIPLAYER_TITLE_CHARS as usize).collect();
                }
            });
        "MINIPLAYER-002", "cuts titles by their bytes",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|session| session.title.len() > MINIPLAYER_TITLE_CHARS as usize && !session.title.is_ascii()) {
                    let whole = session.title.char_indices().take_while(|(at, _)| *at < MINIPLAYER_TITLE_CHARS as usize - 3);
                    current.title = whole.map(|(_, letter)| letter).collect::<String>() + "...";
                }
            });
        "MINIPLAYER-002", "leaves out what the font lacks",
            shows: |_, view| current(view, |current| current.artist = current.artist.replace('?', ""));
        "MINIPLAYER-002", "has no name for a session without a title",
            shows: |state, view| current(view, |current| {
                if active(state).is_some_and(|session| session.title.is_empty()) {
                    current.title.clear();
                }
            });
        "MINIPLAYER-003", "shows what the session does instead of what the key does",
            shows: |_, view| current(view, |current| current.glyph = if current.glyph == Glyph::Play { Glyph::Pause } else { Glyph::Play });
        "MINIPLAYER-004", "rounds the fill up",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && *end > 0
                {
                    let product = u128::from(MINIPLAYER_SEEK_WIDTH) * u128::from(*position_ms.min(end));
                    current.seek_fill = Some(product.div_ceil(u128::from(*end)) as u32);
                }
            });
        "MINIPLAYER-004", "fills beyond the end of the bar",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && position_ms > end
                {
                    current.seek_fill = current.seek_fill.map(|fill| fill + 1);
                }
            });
        "MINIPLAYER-004", "fills the bar of an unknown duration",
            shows: |_, view| current(view, |current| current.seek_fill = current.seek_fill.or(Some(MINIPLAYER_SEEK_WIDTH)));
        "MINIPLAYER-004", "fills the bar of a duration of 0",
            shows: |state, view| current(view, |current| {
                if active(state).is_some_and(|session| session.duration_ms == Some(0)) {
                    current.seek_fill = Some(MINIPLAYER_SEEK_WIDTH);
                }
            });
        "MINIPLAYER-005", "rounds seconds to the nearest",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    session.position_ms = session.position_ms.saturating_add(if session.duration_ms.is_none() { 500 } else { 0 });
                }
                state
            };
        "MINIPLAYER-005", "tells seconds without a leading zero",
            shows: |_, view| current(view, |current| current.elapsed = current.elapsed.replace(":0", ":"));
        "MINIPLAYER-005", "tells minutes of any number",
            shows: |state, view| current(view, |current| {
                if let Some(end) = active(state).and_then(|session| session.duration_ms).filter(|end| *end > MINIPLAYER_TIME_MAX_MS) {
                    current.total = Some(format!("{}:{:02}", end / 60_000, end / 1_000 % 60));
                }
            });
        "MINIPLAYER-005", "tells a position beyond the end",
            shows: |state, view| current(view, |current| {
                if let Some(Session { position_ms, duration_ms: Some(end), .. }) = active(state)
                    && position_ms > end
                {
                    current.elapsed.push('+');
                }
            });
        "MINIPLAYER-007", "tells decibels that are cut off",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| !current.muted) {
                    let whole = session.app_volume_db / 256;
                    current.volume = if whole > 0 { format!("+{whole} dB") } else { format!("{whole} dB") };
                }
            });
        "MINIPLAYER-007", "fills the volume bar to the nearest pixel",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state) {
                    let (span, above) = (MINIPLAYER_VOLUME_MAX - MINIPLAYER_VOLUME_MIN, session.app_volume_db - MINIPLAYER_VOLUME_MIN);
                    current.volume_fill = ((i64::from(above) * i64::from(MINIPLAYER_VOLUME_WIDTH) + i64::from(span) / 2) / i64::from(span)) as u32;
                }
            });
        "MINIPLAYER-008", "shows the app's mute alone",
            hears: |state| {
                let mut state = state.clone();
                state.sessions.iter_mut().for_each(|session| session.muted = false);
                state
            };
        "MINIPLAYER-008", "shows the volume of what is muted",
            shows: |state, view| current(view, |current| {
                if let Some(session) = active(state).filter(|_| current.muted) {
                    current.volume = format!("{} dB", session.app_volume_db / 256);
                }
            });
        "MINIPLAYER-009", "never shows DUCKED", shows: |_, view| current(view, |current| current.ducked = false);
        "MINIPLAYER-009", "shows DUCKED while any session is",
            shows: |state, view| current(view, |current| current.ducked = state.sessions.iter().any(|session| session.ducked));
        "MINIPLAYER-009", "hides DUCKED while the session is paused",
            shows: |state, view| current(view, |current| current.ducked &= active(state).is_some_and(|session| session.playing));
        "MINIPLAYER-010", "lists sessions by their ids",
            hears: |state| {
                let mut state = state.clone();
                let active = state.active.or(state.sessions.first().map(|session| session.sid));
                state.sessions.sort_by_key(|session| session.sid);
                State { active: state.active.and(active), ..state }
            };
        "MINIPLAYER-010", "marks the active session as the selected one",
            shows: |_, mut view| {
                view.rows.iter_mut().for_each(|row| row.selected = row.active);
                view
            };
        "MINIPLAYER-010", "lists the first five whatever is selected",
            shows: |state, mut view| {
                if view.rows.first().map(|row| row.sid) != state.sessions.first().map(|session| session.sid) {
                    view.rows.reverse();
                }
                view
            };
        "MINIPLAYER-010", "counts the rows in sight", shows: |_, view| View { sessions: view.rows.len() as u32, ..view };
        "MINIPLAYER-010", "marks no session that plays",
            shows: |_, mut view| {
                view.rows.iter_mut().for_each(|row| row.playing = false);
                view
            };
        "MINIPLAYER-012", "shows no offer", shows: |_, view| View { offer: None, ..view };
        "MINIPLAYER-012", "offers the active session too", shows: |state, view| View { offer: view.offer.or(state.active), ..view };
        "MINIPLAYER-016", "shows the first sixteen of more",
            hears: |state| State { sessions: state.sessions.iter().take(MINIPLAYER_SESSIONS_MAX as usize).cloned().collect(), ..state.clone() };
        "MINIPLAYER-016", "takes the first of two same sessions",
            hears: |state| {
                let mut kept: Vec<Session> = Vec::new();
                for session in &state.sessions {
                    if kept.iter().all(|other| other.sid != session.sid) {
                        kept.push(session.clone());
                    }
                }
                State { sessions: kept, ..state.clone() }
            };
        "MINIPLAYER-016", "takes an active session that there is not",
            hears: |state| State { active: active(state).map(|session| session.sid), ..state.clone() };
        "MINIPLAYER-016", "takes an offer that there is not",
            hears: |state| State { offer: state.offer.filter(|sid| state.sessions.iter().any(|session| session.sid == *sid)), ..state.clone() };
        "MINIPLAYER-016", "moves a volume to its nearest bound",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    session.app_volume_db = session.app_volume_db.clamp(MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MAX);
                }
                state
            };
        "MINIPLAYER-016", "takes texts of one byte more",
            hears: |state| {
                let mut state = state.clone();
                for session in &mut state.sessions {
                    if session.title.len() == MINIPLAYER_TEXT_BYTES_MAX as usize + 1 {
                        session.title.pop();
                    }
                }
                state
            };
    }
}

fn of_keys() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-003", "asks to play what plays",
            asks: |_, _, action| match action {
                Some(Action::Pause(sid)) => Some(Action::Play(sid)),
                other => other,
            };
        "MINIPLAYER-006", "seeks ten seconds",
            asks: |_, key, action| match (key, action) {
                (Key::Right, Some(Action::Seek { sid, position_ms })) => Some(Action::Seek { sid, position_ms: position_ms.saturating_add(5_000) }),
                (_, other) => other,
            };
        "MINIPLAYER-006", "seeks beyond the end",
            asks: |state, key, action| match (key, action, active(state)) {
                (Key::Right, Some(Action::Seek { sid, .. }), Some(session)) => {
                    Some(Action::Seek { sid, position_ms: session.position_ms.saturating_add(MINIPLAYER_SEEK_STEP_MS) })
                }
                (_, other, _) => other,
            };
        "MINIPLAYER-006", "does not seek back before five seconds",
            asks: |state, key, action| action.filter(|_| key != Key::Left || active(state).is_some_and(|session| session.position_ms >= MINIPLAYER_SEEK_STEP_MS));
        "MINIPLAYER-006", "exchanges left and right",
            asks: |state, key, action| match (key, action, active(state)) {
                (Key::Left, Some(Action::Seek { sid, .. }), Some(session)) => {
                    let aim = session.position_ms.saturating_add(MINIPLAYER_SEEK_STEP_MS);
                    Some(Action::Seek { sid, position_ms: session.duration_ms.map_or(aim, |end| aim.min(end)) })
                }
                (_, other, _) => other,
            };
        "MINIPLAYER-007", "changes the volume by half a decibel",
            asks: |state, _, action| match (action, active(state)) {
                (Some(Action::Volume { sid, db }), Some(session)) => Some(Action::Volume { sid, db: (db + session.app_volume_db) / 2 }),
                (other, _) => other,
            };
        "MINIPLAYER-007", "asks for the bound at the bound",
            asks: |state, key, action| match (key, active(state)) {
                (Key::Plus, Some(session)) if action.is_none() => Some(Action::Volume { sid: session.sid, db: MINIPLAYER_VOLUME_MAX }),
                _ => action,
            };
        "MINIPLAYER-007", "does nothing within a step of the lowest volume",
            asks: |_, key, action| action.filter(|action| {
                key != Key::Minus || !matches!(action, Action::Volume { db: MINIPLAYER_VOLUME_MIN, .. })
            });
        "MINIPLAYER-008", "asks to mute whatever is",
            asks: |_, _, action| match action {
                Some(Action::Mute { sid, .. }) => Some(Action::Mute { sid, muted: true }),
                other => other,
            };
        "MINIPLAYER-008", "asks by the session's mute",
            asks: |state, _, action| match (action, active(state)) {
                (Some(Action::Mute { sid, .. }), Some(session)) => Some(Action::Mute { sid, muted: !session.muted }),
                (other, _) => other,
            };
        "MINIPLAYER-011", "exchanges previous and next",
            asks: |_, _, action| match action {
                Some(Action::Previous(sid)) => Some(Action::Next(sid)),
                Some(Action::Next(sid)) => Some(Action::Previous(sid)),
                other => other,
            };
        "MINIPLAYER-011", "goes from the last row to the first",
            asks: |state, key, action| match (key, action, state.sessions.first()) {
                (Key::Down, None, Some(first)) => Some(Action::Select(first.sid)),
                (_, other, _) => other,
            };
        "MINIPLAYER-011", "asks to switch to the active session",
            asks: |state, key, action| match (key, action) {
                (Key::Enter, None) => state.active.map(Action::Switch),
                (_, other) => other,
            };
        "MINIPLAYER-011", "pauses at stop",
            asks: |_, _, action| match action {
                Some(Action::Stop(sid)) => Some(Action::Pause(sid)),
                other => other,
            };
        "MINIPLAYER-012", "takes over the active session",
            asks: |state, _, action| match action {
                Some(Action::TakeOver(sid)) => Some(Action::TakeOver(state.active.unwrap_or(sid))),
                other => other,
            };
    }
}

/// Makes every pixel of a colour within a box another one.
fn repaint(mut bytes: Vec<u8>, (left, top, width, height): (u32, u32, u32, u32), from: u32, to: u32) -> Vec<u8> {
    for y in top..top + height {
        for x in left..left + width {
            let at = 4 * (y * MINIPLAYER_WIDTH + x) as usize;
            if bytes[at..at + 4] == from.to_le_bytes() {
                bytes[at..at + 4].copy_from_slice(&to.to_le_bytes());
            }
        }
    }
    bytes
}

const WHOLE: (u32, u32, u32, u32) = (0, 0, MINIPLAYER_WIDTH, MINIPLAYER_HEIGHT);

fn of_frames() -> Vec<Violation<Miniplayer>> {
    flaws! {
        "MINIPLAYER-004", "draws the fill one pixel too long",
            draws: Some(|view, _| {
                let longer = current(view.clone(), |current| current.seek_fill = current.seek_fill.filter(|fill| *fill > 0).map(|fill| fill + 1));
                frame(&longer)
            });
        "MINIPLAYER-009", "draws no badge",
            draws: Some(|view, _| frame(&current(view.clone(), |current| current.ducked = false)));
        "MINIPLAYER-012", "draws no button for an offer", draws: Some(|view, _| frame(&View { offer: None, ..view.clone() }));
        "MINIPLAYER-014", "writes red before blue",
            draws: Some(|view, _| frame(view).chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], pixel[3]]).collect());
        "MINIPLAYER-014", "makes the corners opaque", draws: Some(|view, _| repaint(frame(view), WHOLE, 0, 0xff00_0000));
        "MINIPLAYER-014", "does not round the corners", draws: Some(|view, _| repaint(frame(view), WHOLE, 0, MINIPLAYER_COLOR_BACKGROUND));
        "MINIPLAYER-014", "blinks with every other step",
            draws: Some(|view, step| {
                let color = if step % 2 == 0 { MINIPLAYER_COLOR_TEXT } else { MINIPLAYER_COLOR_DIM };
                repaint(frame(view), WHOLE, MINIPLAYER_COLOR_TEXT, color)
            });
        "MINIPLAYER-014", "draws texts a pixel lower",
            draws: Some(|view, _| {
                let mut bytes = frame(view);
                bytes.rotate_right(4 * MINIPLAYER_WIDTH as usize);
                bytes
            });
        "MINIPLAYER-010", "does not show which row is selected",
            draws: Some(|view, _| {
                let mut view = view.clone();
                view.rows.iter_mut().for_each(|row| row.selected = false);
                frame(&view)
            });
        "MINIPLAYER-008", "draws a loudspeaker that is not muted",
            draws: Some(|view, _| frame(&current(view.clone(), |current| current.muted = false)));
    }
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
