//! The reference model of the contract `wakelock`.

pub use self::WakelockModel as Model;
use spec::wakelock::{
    Config, Kind, Lock, Obs, Op, Playback, WAKELOCK_COUNT_MAX, WAKELOCK_HOLDERS_MAX, WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID,
    WAKELOCK_NAME_BYTES_MAX, WAKELOCK_SESSIONS_MAX, Wakelock,
};
use spec::{ErrorCode, Failure, Machine};
use std::collections::{BTreeMap, BTreeSet};

/// The reference model of the contract `wakelock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WakelockModel {
    powerd: bool,
    /// Kind and count by app and id. WAKELOCK-006: the map's order is that of the list.
    locks: BTreeMap<(String, String), (Kind, u32)>,
    /// Sessions that play.
    playing: BTreeSet<u32>,
    /// Lines that nobody has looked at.
    lines: Vec<String>,
}

impl Default for WakelockModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

/// WAKELOCK-008
fn name(text: &str) -> Result<&str, ErrorCode> {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-' || letter == '_';
    let first = text.chars().next().is_some_and(|letter| letter.is_ascii_alphanumeric());
    if first && text.chars().all(inner) && text.len() <= WAKELOCK_NAME_BYTES_MAX as usize {
        Ok(text)
    } else {
        Err(ErrorCode::InvalidWakelockName)
    }
}

/// Names of a lock that an app may have. WAKELOCK-008
fn names(app: &str, id: &str) -> Result<(String, String), ErrorCode> {
    let pair = (name(app)?.to_owned(), name(id)?.to_owned());
    if app == WAKELOCK_MEDIA_APP { Err(ErrorCode::ReservedWakelockApp) } else { Ok(pair) }
}

fn media() -> (String, String) {
    (WAKELOCK_MEDIA_APP.to_owned(), WAKELOCK_MEDIA_ID.to_owned())
}

impl WakelockModel {
    fn new(config: &Config) -> Self {
        Self { powerd: config.powerd, locks: BTreeMap::new(), playing: BTreeSet::new(), lines: Vec::new() }
    }

    /// WAKELOCK-007
    fn print(&mut self, what: &str, kind: Kind, (app, id): &(String, String)) {
        self.lines.push(format!("powerd: wakelock {what} kind={} id={id} app={app}", kind.name()));
    }

    fn acquire(&mut self, names: (String, String), kind: Kind) -> Result<u32, ErrorCode> {
        let locks = self.locks.len();
        match self.locks.get_mut(&names) {
            Some((held, _)) if *held != kind => Err(ErrorCode::WakelockKindMismatch),
            // WAKELOCK-009
            Some((_, count)) if *count == WAKELOCK_COUNT_MAX => Err(ErrorCode::WakelockCountOverMax),
            // WAKELOCK-001
            Some((_, count)) => {
                *count += 1;
                Ok(*count)
            }
            None if locks == WAKELOCK_HOLDERS_MAX as usize => Err(ErrorCode::TooManyWakelocks),
            None => {
                self.print("acquire", kind, &names);
                self.locks.insert(names, (kind, 1));
                Ok(1)
            }
        }
    }

    fn release(&mut self, names: (String, String)) -> Result<u32, ErrorCode> {
        // WAKELOCK-003
        let (kind, count) = self.locks.get_mut(&names).ok_or(ErrorCode::WakelockNotHeld)?;
        // WAKELOCK-002
        *count -= 1;
        let (kind, left) = (*kind, *count);
        if left == 0 {
            self.locks.remove(&names);
            self.print("release", kind, &names);
        }
        Ok(left)
    }

    fn died(&mut self, app: &str) -> u32 {
        // WAKELOCK-005
        let held: Vec<_> = self.locks.iter().filter(|((holder, _), _)| holder == app).map(|(names, lock)| (names.clone(), *lock)).collect();
        for (names, (kind, _)) in &held {
            self.locks.remove(names);
            self.print("release", *kind, names);
        }
        // WAKELOCK-013
        if app == WAKELOCK_MEDIA_APP {
            self.playing.clear();
        }
        held.len() as u32
    }

    fn session(&mut self, session: u32, playback: Playback) -> Result<Obs, ErrorCode> {
        // WAKELOCK-010: a ducked session plays.
        let plays = matches!(playback, Playback::Playing | Playback::Ducked);
        let mut playing = self.playing.clone();
        // WAKELOCK-012: a set counts each once, and takes out what is not in it without a change.
        if plays {
            playing.insert(session);
        } else {
            playing.remove(&session);
        }
        if playing.len() > WAKELOCK_SESSIONS_MAX as usize {
            return Err(ErrorCode::TooManyPlaying);
        }
        // WAKELOCK-014: without powerd nothing is acquired.
        if self.powerd {
            match (self.playing.is_empty(), playing.is_empty()) {
                (true, false) => drop(self.acquire(media(), Kind::Partial)?),
                // WAKELOCK-011
                (false, true) => drop(self.release(media())?),
                _ => {}
            }
        }
        self.playing = playing;
        Ok(Obs::Media { playing: self.playing.len() as u32, held: self.locks.contains_key(&media()) })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        // WAKELOCK-014
        if !self.powerd && !matches!(op, Op::Session { .. } | Op::Markers) {
            return Err(ErrorCode::PowerdAbsent);
        }
        Ok(match op {
            Op::Acquire { app, id, kind } => Obs::Count(self.acquire(names(app, id)?, *kind)?),
            Op::Release { app, id } => Obs::Count(self.release(names(app, id)?)?),
            Op::Died(app) => Obs::Released(self.died(name(app)?)),
            Op::List => {
                let lock = |((app, id), (kind, count)): (&(String, String), &(Kind, u32))| Lock {
                    app: app.clone(),
                    id: id.clone(),
                    kind: *kind,
                    count: *count,
                };
                Obs::Locks(self.locks.iter().map(lock).collect())
            }
            // WAKELOCK-004
            Op::Blocks => {
                Obs::Blocks { deep_idle: !self.locks.is_empty(), screen: self.locks.values().any(|(kind, _)| *kind == Kind::Full) }
            }
            Op::Markers => Obs::Lines(std::mem::take(&mut self.lines)),
            Op::Session { session, playback } => self.session(*session, *playback)?,
        })
    }
}

impl Machine<Wakelock> for WakelockModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::WakelockModel;
    use spec::ErrorCode::{
        InvalidWakelockName, PowerdAbsent, ReservedWakelockApp, TooManyPlaying, TooManyWakelocks, WakelockCountOverMax,
        WakelockKindMismatch, WakelockNotHeld,
    };
    use spec::wakelock::{Config, Kind, Obs, Op, Playback};

    fn acquire(app: &str, id: &str, kind: Kind) -> Op {
        Op::Acquire { app: app.into(), id: id.into(), kind }
    }

    fn release(app: &str, id: &str) -> Op {
        Op::Release { app: app.into(), id: id.into() }
    }

    fn session(session: u32, playback: Playback) -> Op {
        Op::Session { session, playback }
    }

    #[test]
    fn locks_are_counted() {
        let mut model = WakelockModel::default();
        assert_eq!(model.answer(&acquire("b", "x", Kind::Partial)), Ok(Obs::Count(1)));
        assert_eq!(model.answer(&acquire("b", "x", Kind::Partial)), Ok(Obs::Count(2)));
        assert_eq!(model.answer(&Op::Blocks), Ok(Obs::Blocks { deep_idle: true, screen: false }));
        assert_eq!(model.answer(&acquire("a", "y", Kind::Full)), Ok(Obs::Count(1)));
        assert_eq!(model.answer(&Op::Blocks), Ok(Obs::Blocks { deep_idle: true, screen: true }));
        assert_eq!(model.answer(&release("b", "x")), Ok(Obs::Count(1)));
        assert_eq!(model.answer(&Op::Died("a".into())), Ok(Obs::Released(1)));
        assert_eq!(model.answer(&release("b", "x")), Ok(Obs::Count(0)));
        let lines = [
            "powerd: wakelock acquire kind=partial id=x app=b",
            "powerd: wakelock acquire kind=full id=y app=a",
            "powerd: wakelock release kind=full id=y app=a",
            "powerd: wakelock release kind=partial id=x app=b",
        ];
        assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(lines.map(str::to_owned).to_vec())));
        assert_eq!(model.answer(&Op::List), Ok(Obs::Locks(Vec::new())));
    }

    #[test]
    fn playing_holds_one_lock() {
        let mut model = WakelockModel::default();
        for (op, playing) in [
            (session(1, Playback::Playing), 1),
            (session(1, Playback::Playing), 1),
            (session(2, Playback::Ducked), 2),
            (session(1, Playback::Ducked), 2),
            (session(3, Playback::Dead), 2),
            (session(1, Playback::Paused), 1),
            (session(2, Playback::Dead), 0),
        ] {
            assert_eq!(model.answer(&op), Ok(Obs::Media { playing, held: playing > 0 }), "{op:?}");
        }
        let lines = ["acquire", "release"].map(|what| format!("powerd: wakelock {what} kind=partial id=playback app=mediasessd"));
        assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(lines.to_vec())));
        model.answer(&session(1, Playback::Playing)).expect("it plays");
        assert_eq!(model.answer(&Op::Died("mediasessd".into())), Ok(Obs::Released(1)));
        assert_eq!(model.answer(&session(1, Playback::Paused)), Ok(Obs::Media { playing: 0, held: false }));
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = WakelockModel::default();
        for n in 0..16 {
            assert_eq!(model.answer(&acquire("a", &n.to_string(), Kind::Partial)), Ok(Obs::Count(1)));
            assert_eq!(model.answer(&acquire("a", "0", Kind::Partial)).is_ok(), n < 15);
        }
        let before = model.clone();
        for (op, code) in [
            (acquire("a", "x", Kind::Full), TooManyWakelocks),
            (acquire("a", "0", Kind::Partial), WakelockCountOverMax),
            (acquire("a", "0", Kind::Full), WakelockKindMismatch),
            (acquire("mediasessd", "playback", Kind::Partial), ReservedWakelockApp),
            (release("mediasessd", ""), InvalidWakelockName),
            (release("b", "0"), WakelockNotHeld),
            (Op::Died("a b".into()), InvalidWakelockName),
            (Op::Died("a".repeat(129)), InvalidWakelockName),
            (session(1, Playback::Playing), TooManyWakelocks),
        ] {
            assert_eq!(model.answer(&op), Err(code), "{op:?}");
        }
        assert_eq!(model, before);
        let mut party = WakelockModel::default();
        for n in 0..17 {
            let answer = party.answer(&session(n, Playback::Playing));
            assert_eq!(answer, if n < 16 { Ok(Obs::Media { playing: n + 1, held: true }) } else { Err(TooManyPlaying) });
        }
    }

    #[test]
    fn without_powerd_nothing_is_claimed() {
        let mut model = WakelockModel::new(&Config { powerd: false });
        assert_eq!(model.answer(&session(1, Playback::Playing)), Ok(Obs::Media { playing: 1, held: false }));
        assert_eq!(model.answer(&acquire("a", "x", Kind::Full)), Err(PowerdAbsent));
        assert_eq!(model.answer(&Op::Markers), Ok(Obs::Lines(Vec::new())));
    }
}
