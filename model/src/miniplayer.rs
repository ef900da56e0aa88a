//! The reference model of the contract `miniplayer`.

pub use self::MiniplayerModel as Model;
pub use self::frame::frame;

mod frame;

use spec::miniplayer::*;
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `miniplayer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MiniplayerModel {
    state: State,
    /// The selected session of the list.
    selected: Option<u32>,
    open: bool,
    lines: Vec<String>,
}

/// MINIPLAYER-002: a text in so many characters of the font.
fn shown(text: &str, chars: u32) -> String {
    let letters: Vec<char> =
        text.chars().map(|letter| if matches!(letter, ' '..='~' | '\u{a0}'..='\u{ff}') { letter } else { '?' }).collect();
    let chars = chars as usize;
    if letters.len() <= chars { letters.into_iter().collect() } else { letters[..chars - 3].iter().collect::<String>() + "..." }
}

/// MINIPLAYER-005: a time as m:ss.
fn time(ms: u64) -> String {
    let seconds = ms.min(MINIPLAYER_TIME_MAX_MS) / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// So many of `width` pixels as `part` is of `whole`, rounded down.
fn filled(width: u32, part: u64, whole: u64) -> u32 {
    if whole == 0 { 0 } else { (u128::from(width) * u128::from(part) / u128::from(whole)) as u32 }
}

/// The position, which is nowhere beyond the end.
fn position(session: &Session) -> u64 {
    session.duration_ms.map_or(session.position_ms, |duration| session.position_ms.min(duration))
}

/// Whole decibels, halves away from zero.
fn decibels(db: i32) -> String {
    let whole = (db.abs() + 128) / 256 * db.signum();
    if whole > 0 { format!("+{whole} dB") } else { format!("{whole} dB") }
}

/// The title, or what stands in its place.
fn title(session: &Session) -> &str {
    if session.title.is_empty() { &session.app } else { &session.title }
}

fn current(session: &Session) -> Current {
    // MINIPLAYER-008
    let muted = session.app_muted || session.muted;
    let span = (MINIPLAYER_VOLUME_MAX - MINIPLAYER_VOLUME_MIN) as u64;
    Current {
        sid: session.sid,
        title: shown(title(session), MINIPLAYER_TITLE_CHARS),
        artist: shown(&session.artist, MINIPLAYER_ARTIST_CHARS),
        // MINIPLAYER-003
        glyph: if session.playing { Glyph::Pause } else { Glyph::Play },
        // MINIPLAYER-004
        seek_fill: session.duration_ms.map(|duration| filled(MINIPLAYER_SEEK_WIDTH, position(session), duration)),
        elapsed: time(position(session)),
        total: session.duration_ms.map(time),
        // MINIPLAYER-007
        volume_fill: filled(MINIPLAYER_VOLUME_WIDTH, (session.app_volume_db - MINIPLAYER_VOLUME_MIN) as u64, span),
        volume: if muted { "MUTED".to_owned() } else { decibels(session.app_volume_db) },
        muted,
        // MINIPLAYER-009
        ducked: session.ducked,
    }
}

/// MINIPLAYER-016
fn check(state: &State) -> Result<(), ErrorCode> {
    if state.sessions.len() > MINIPLAYER_SESSIONS_MAX as usize {
        return Err(ErrorCode::TooManySessions);
    }
    for (place, session) in state.sessions.iter().enumerate() {
        if session.sid == 0 || state.sessions[..place].iter().any(|other| other.sid == session.sid) {
            return Err(ErrorCode::DuplicateSession);
        }
        if [&session.app, &session.title, &session.artist].into_iter().any(|text| text.len() > MINIPLAYER_TEXT_BYTES_MAX as usize) {
            return Err(ErrorCode::OversizedText);
        }
        if !(MINIPLAYER_VOLUME_MIN..=MINIPLAYER_VOLUME_MAX).contains(&session.app_volume_db) {
            return Err(ErrorCode::OutOfRange);
        }
    }
    let is_there = |sid: &u32| state.sessions.iter().any(|session| session.sid == *sid);
    if state.active.iter().chain(&state.offer).all(is_there) { Ok(()) } else { Err(ErrorCode::UnknownSession) }
}

impl MiniplayerModel {
    fn session(&self, sid: Option<u32>) -> Option<&Session> {
        self.state.sessions.iter().find(|session| Some(session.sid) == sid)
    }

    fn place(&self) -> usize {
        self.state.sessions.iter().position(|session| Some(session.sid) == self.selected).unwrap_or(0)
    }

    fn view(&self) -> View {
        let sessions = &self.state.sessions;
        // MINIPLAYER-010: the selected row is the third, as far as the ends allow.
        let seen = MINIPLAYER_ROWS as usize;
        let first = self.place().saturating_sub(seen / 2).min(sessions.len().saturating_sub(seen));
        let row = |session: &Session| Row {
            sid: session.sid,
            label: shown(title(session), MINIPLAYER_ROW_CHARS),
            playing: session.playing,
            active: self.state.active == Some(session.sid),
            selected: self.selected == Some(session.sid),
            offered: self.state.offer == Some(session.sid),
        };
        View {
            // MINIPLAYER-001
            current: self.session(self.state.active).map(current),
            rows: sessions.iter().skip(first).take(seen).map(row).collect(),
            sessions: sessions.len() as u32,
            // MINIPLAYER-012
            offer: self.state.offer,
        }
    }

    fn show(&mut self, state: &State) -> Obs {
        if let Err(code) = check(state) {
            return Obs::Rejected(code);
        }
        self.state = state.clone();
        if self.session(self.selected).is_none() {
            self.selected = state.active.or(state.sessions.first().map(|session| session.sid));
        }
        if !self.open {
            self.lines.push(MINIPLAYER_OPEN.to_owned());
        }
        self.open = true;
        Obs::View(Box::new(self.view()))
    }

    fn key(&mut self, key: Key) -> Option<Action> {
        let sessions = &self.state.sessions;
        let step = MINIPLAYER_SEEK_STEP_MS;
        let active = self.session(self.state.active);
        let of_active = |action: fn(u32) -> Action| active.map(|session| action(session.sid));
        let seek = |position_ms: fn(u64, u64) -> u64| {
            active.map(|session| {
                let aim = position_ms(position(session), step);
                // MINIPLAYER-006
                Action::Seek { sid: session.sid, position_ms: session.duration_ms.map_or(aim, |duration| aim.min(duration)) }
            })
        };
        let volume = |change: i32| {
            active.and_then(|session| {
                // MINIPLAYER-007
                let db = (session.app_volume_db + change).clamp(MINIPLAYER_VOLUME_MIN, MINIPLAYER_VOLUME_MAX);
                (db != session.app_volume_db).then_some(Action::Volume { sid: session.sid, db })
            })
        };
        let select = |place: Option<usize>| place.and_then(|place| sessions.get(place)).map(|session| Action::Select(session.sid));
        match key {
            // MINIPLAYER-003
            Key::Toggle => active.map(|session| if session.playing { Action::Pause(session.sid) } else { Action::Play(session.sid) }),
            Key::Left => seek(u64::saturating_sub),
            Key::Right => seek(u64::saturating_add),
            // MINIPLAYER-011
            Key::Previous => of_active(Action::Previous),
            Key::Next => of_active(Action::Next),
            Key::Stop => of_active(Action::Stop),
            Key::Up => select(self.place().checked_sub(1)),
            Key::Down => select(Some(self.place() + 1)),
            Key::Enter => self.selected.filter(|sid| self.state.active != Some(*sid)).map(Action::Switch),
            Key::Plus => volume(MINIPLAYER_VOLUME_STEP),
            Key::Minus => volume(-MINIPLAYER_VOLUME_STEP),
            // MINIPLAYER-008
            Key::Mute => active.map(|session| Action::Mute { sid: session.sid, muted: !session.app_muted }),
            // MINIPLAYER-012
            Key::TakeOver => self.state.offer.map(Action::TakeOver),
        }
    }
}

/// MINIPLAYER-013: what is printed for a command.
fn line(action: Action) -> Option<String> {
    let control = match action {
        Action::Play(_) => "play",
        Action::Pause(_) => "pause",
        Action::Seek { .. } => "seek",
        Action::Previous(_) => "prev",
        Action::Next(_) => "next",
        Action::Stop(_) => "stop",
        Action::Volume { .. } => "volume",
        Action::Mute { .. } => "mute",
        Action::Switch(sid) => return Some(format!("tray: session switch sid={sid}")),
        Action::TakeOver(sid) => return Some(format!("tray: handoff take-over sid={sid}")),
        Action::Select(_) => return None,
    };
    Some(format!("tray: mini-player control={control}"))
}

impl Machine<Miniplayer> for MiniplayerModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match op {
            Op::Show(state) => self.show(state),
            Op::Key(key) => {
                let action = self.key(*key);
                if let Some(Action::Select(sid)) = action {
                    self.selected = Some(sid);
                }
                self.lines.extend(action.and_then(line));
                Obs::Action(action)
            }
            // MINIPLAYER-014
            Op::Draw => Obs::Frame(Checksum::of_bytes(&frame(&self.view()))),
            Op::Line(row) if *row < MINIPLAYER_HEIGHT => Obs::Line(Bytes(frame::row(&self.view(), *row))),
            Op::Line(_) => Obs::Rejected(ErrorCode::OutOfRange),
            // MINIPLAYER-015
            Op::Notify => {
                self.lines.push(MINIPLAYER_NOTIFY.to_owned());
                Obs::Rejected(ErrorCode::NotificationsGated)
            }
            Op::Markers => Obs::Lines(std::mem::take(&mut self.lines)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{decibels, filled, shown, time};

    #[test]
    fn texts_are_cut_at_whole_characters() {
        assert_eq!(shown("naïve日\n", 10), "naïve??");
        assert_eq!(shown("0123456789", 10), "0123456789");
        assert_eq!(shown("éééééééééé!", 10), "ééééééé...");
    }

    #[test]
    fn numbers_are_told() {
        assert_eq!([0, 59_999, 60_000, 3_600_000, 59_999_999, u64::MAX].map(time), ["0:00", "0:59", "1:00", "60:00", "999:59", "999:59"]);
        assert_eq!(
            [-24_576, -129, -128, -127, 0, 127, 128, 3_072].map(decibels),
            ["-96 dB", "-1 dB", "-1 dB", "0 dB", "0 dB", "0 dB", "+1 dB", "+12 dB"]
        );
        assert_eq!(
            [(0, 9), (8, 9), (9, 9), (u64::MAX, u64::MAX), (0, 0)].map(|(part, whole)| filled(188, part, whole)),
            [0, 167, 188, 188, 0]
        );
    }
}
