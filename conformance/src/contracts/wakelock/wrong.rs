//! A powerd and a media hook that make one mistake.

use spec::wakelock::{
    Config, Kind, Lock, Obs, Op, Playback, WAKELOCK_COUNT_MAX, WAKELOCK_HOLDERS_MAX, WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID,
    WAKELOCK_NAME_BYTES_MAX, WAKELOCK_SESSIONS_MAX, Wakelock,
};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    NotCounted,
    CountsFromZero,
    OneCountForAllIds,
    OneCountForAllApps,
    ReleasesAtOnce,
    KeepsAtZero,
    AnswersCountBefore,
    TakesUnheldRelease,
    UnheldReleaseTakesAnother,
    UnheldIsInvalidName,
    PartialKeepsScreen,
    FullLeavesScreen,
    PartialLeavesIdle,
    BlocksAfterwards,
    DeathTakesOneCount,
    DeathTakesByPrefix,
    DeathTakesAll,
    DeathCountsAcquires,
    DeathTakesNothing,
    ListsNewestLast,
    ListsByIdFirst,
    ListsInAnyCase,
    ListsLongestLast,
    LineAtEachAcquire,
    LineAtEachRelease,
    NoLineAtRelease,
    NoLineAtDeath,
    LineWithoutKind,
    LineAppFirst,
    AnyName,
    EmptyName,
    NameOneLonger,
    NameOneShorter,
    IdBeforeApp,
    AnyKind,
    UpgradesKind,
    NothingReserved,
    HoldersOneMore,
    HoldersOneLess,
    CountOneMore,
    CountOneLess,
    SessionsOneMore,
    SessionsOneLess,
    CountBeforeKind,
    HeldCountsAsNew,
    LockPerSession,
    LockPerPlay,
    DuckedDoesNotPlay,
    FullLockForMedia,
    MediaLockIsAnApps,
    NeverReleasesMedia,
    FirstPauseReleases,
    DeadSessionPlays,
    StoppedSessionPlays,
    PausedTwiceCounts,
    PlayingTwiceCounts,
    ServiceDeathKeepsSessions,
    ServiceDeathKeepsLock,
    ClaimsWithoutPowerd,
    LocksWithoutPowerd,
    NothingPlaysWithoutPowerd,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    powerd: bool,
    /// In the order of their first acquires.
    locks: Vec<Lock>,
    playing: Vec<u32>,
    lines: Vec<String>,
    blocked: bool,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Wakelock>> {
    Box::new(Wrong { flaw, powerd: true, locks: Vec::new(), playing: Vec::new(), lines: Vec::new(), blocked: false })
}

impl Wrong {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn name(&self, name: &str) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::NameOneLonger => WAKELOCK_NAME_BYTES_MAX + 1,
            Flaw::NameOneShorter => WAKELOCK_NAME_BYTES_MAX - 1,
            _ => WAKELOCK_NAME_BYTES_MAX,
        };
        let first = name.bytes().next().map_or(self.is(Flaw::EmptyName), |byte| byte.is_ascii_alphanumeric());
        let all = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let right = (first && all) || (self.is(Flaw::AnyName) && !name.is_empty());
        if right && name.len() <= max as usize { Ok(()) } else { Err(ErrorCode::InvalidWakelockName) }
    }

    fn names(&self, app: &str, id: &str) -> Result<(), ErrorCode> {
        let reserved = |this: &Self| {
            if app == WAKELOCK_MEDIA_APP && !this.is(Flaw::NothingReserved) { Err(ErrorCode::ReservedWakelockApp) } else { Ok(()) }
        };
        if self.is(Flaw::IdBeforeApp) {
            self.name(app)?;
            reserved(self)?;
            return self.name(id);
        }
        self.name(app)?;
        self.name(id)?;
        reserved(self)
    }

    fn find(&self, app: &str, id: &str) -> Option<usize> {
        self.locks.iter().position(|lock| {
            let app = lock.app == app || self.is(Flaw::OneCountForAllApps);
            let id = lock.id == id || self.is(Flaw::OneCountForAllIds);
            app && id
        })
    }

    fn line(&mut self, what: &str, lock: &Lock) {
        let (kind, id, app) = (lock.kind.name(), &lock.id, &lock.app);
        let line = match self.flaw {
            Flaw::LineWithoutKind => format!("powerd: wakelock {what} id={id} app={app}"),
            Flaw::LineAppFirst => format!("powerd: wakelock {what} kind={kind} app={app} id={id}"),
            _ => format!("powerd: wakelock {what} kind={kind} id={id} app={app}"),
        };
        if !(what == "release" && self.is(Flaw::NoLineAtRelease)) {
            self.lines.push(line);
        }
    }

    fn acquire(&mut self, app: &str, id: &str, kind: Kind) -> Result<u32, ErrorCode> {
        let max = match self.flaw {
            Flaw::CountOneMore => WAKELOCK_COUNT_MAX + 1,
            Flaw::CountOneLess => WAKELOCK_COUNT_MAX - 1,
            _ => WAKELOCK_COUNT_MAX,
        };
        let holders = match self.flaw {
            Flaw::HoldersOneMore => WAKELOCK_HOLDERS_MAX + 1,
            Flaw::HoldersOneLess => WAKELOCK_HOLDERS_MAX - 1,
            _ => WAKELOCK_HOLDERS_MAX,
        };
        let crowded = self.locks.len() >= holders as usize;
        let Some(place) = self.find(app, id).filter(|_| !(crowded && self.is(Flaw::HeldCountsAsNew))) else {
            if crowded {
                return Err(ErrorCode::TooManyWakelocks);
            }
            let count = if self.is(Flaw::CountsFromZero) { 0 } else { 1 };
            let lock = Lock { app: app.to_owned(), id: id.to_owned(), kind, count };
            self.line("acquire", &lock);
            self.locks.push(lock);
            self.blocked = true;
            return Ok(count);
        };
        let lock = &mut self.locks[place];
        if self.flaw == Flaw::CountBeforeKind && lock.count == max {
            return Err(ErrorCode::WakelockCountOverMax);
        }
        if lock.kind != kind {
            match self.flaw {
                Flaw::AnyKind => {}
                Flaw::UpgradesKind => lock.kind = Kind::Full,
                _ => return Err(ErrorCode::WakelockKindMismatch),
            }
        }
        if lock.count == max {
            return Err(ErrorCode::WakelockCountOverMax);
        }
        lock.count += u32::from(self.flaw != Flaw::NotCounted);
        let lock = lock.clone();
        if self.is(Flaw::LineAtEachAcquire) {
            self.line("acquire", &lock);
        }
        Ok(lock.count)
    }

    fn release(&mut self, app: &str, id: &str) -> Result<u32, ErrorCode> {
        let place = match self.find(app, id) {
            Some(place) => place,
            None if self.is(Flaw::TakesUnheldRelease) => return Ok(0),
            None if self.is(Flaw::UnheldReleaseTakesAnother) && !self.locks.is_empty() => 0,
            None if self.is(Flaw::UnheldIsInvalidName) => return Err(ErrorCode::InvalidWakelockName),
            None => return Err(ErrorCode::WakelockNotHeld),
        };
        let lock = &mut self.locks[place];
        let before = lock.count;
        lock.count = if self.flaw == Flaw::ReleasesAtOnce { 0 } else { lock.count.saturating_sub(1) };
        let left = lock.clone();
        if left.count == 0 {
            if !self.is(Flaw::KeepsAtZero) {
                self.locks.remove(place);
            }
            self.line("release", &left);
        } else if self.is(Flaw::LineAtEachRelease) {
            self.line("release", &left);
        }
        Ok(if self.is(Flaw::AnswersCountBefore) { before } else { left.count })
    }

    fn died(&mut self, app: &str) -> u32 {
        let media = app == WAKELOCK_MEDIA_APP;
        if self.is(Flaw::DeathTakesNothing) || (media && self.is(Flaw::ServiceDeathKeepsLock)) {
            return 0;
        }
        let (flaw, mut released, mut gone) = (self.flaw, 0, Vec::new());
        self.locks.sort_by(|a, b| (&a.app, &a.id).cmp(&(&b.app, &b.id)));
        self.locks.retain_mut(|lock| {
            let of_app = match flaw {
                Flaw::DeathTakesByPrefix => lock.app.starts_with(app),
                Flaw::DeathTakesAll => true,
                _ => lock.app == app,
            };
            if of_app && flaw == Flaw::DeathTakesOneCount && lock.count > 1 {
                lock.count -= 1;
                return true;
            }
            if of_app {
                released += if flaw == Flaw::DeathCountsAcquires { lock.count } else { 1 };
                gone.push(lock.clone());
            }
            !of_app
        });
        if !self.is(Flaw::NoLineAtDeath) {
            gone.iter().for_each(|lock| self.line("release", lock));
        }
        if media && !self.is(Flaw::ServiceDeathKeepsSessions) {
            self.playing.clear();
        }
        released
    }

    fn session(&mut self, session: u32, playback: Playback) -> Result<Obs, ErrorCode> {
        let plays = match playback {
            Playback::Playing => true,
            Playback::Ducked => !self.is(Flaw::DuckedDoesNotPlay),
            Playback::Paused => false,
            Playback::Stopped => self.is(Flaw::StoppedSessionPlays),
            Playback::Dead => self.is(Flaw::DeadSessionPlays),
        };
        let ends = matches!(playback, Playback::Paused | Playback::Stopped | Playback::Dead);
        let before = self.playing.len();
        let mut playing = self.playing.clone();
        let place = playing.iter().position(|known| *known == session);
        match place {
            None if plays && !ends => playing.push(session),
            Some(_) if plays && !ends && self.is(Flaw::PlayingTwiceCounts) => playing.push(session),
            Some(place) if !plays => drop(playing.remove(place)),
            None if ends && self.is(Flaw::PausedTwiceCounts) => drop(playing.pop()),
            _ => {}
        }
        let max = match self.flaw {
            Flaw::SessionsOneMore => WAKELOCK_SESSIONS_MAX + 1,
            Flaw::SessionsOneLess => WAKELOCK_SESSIONS_MAX - 1,
            _ => WAKELOCK_SESSIONS_MAX,
        };
        if playing.len() > max as usize {
            return Err(ErrorCode::TooManyPlaying);
        }
        let (app, id, kind) = match self.flaw {
            Flaw::FullLockForMedia => (WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID.to_owned(), Kind::Full),
            Flaw::MediaLockIsAnApps => ("media", WAKELOCK_MEDIA_ID.to_owned(), Kind::Partial),
            Flaw::LockPerSession => (WAKELOCK_MEDIA_APP, format!("playback{session}"), Kind::Partial),
            _ => (WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID.to_owned(), Kind::Partial),
        };
        if self.powerd {
            let each = self.is(Flaw::LockPerSession) && playing.len() != before;
            let again = self.is(Flaw::LockPerPlay) && plays && !ends;
            if again || (playing.len() > before && (each || before == 0)) {
                self.acquire(app, &id, kind)?;
            }
            let last = playing.is_empty() || self.is(Flaw::FirstPauseReleases);
            if playing.len() < before && (each || last) && !self.is(Flaw::NeverReleasesMedia) {
                while self.release(app, &id)? > 0 {}
            }
        } else if self.is(Flaw::NothingPlaysWithoutPowerd) {
            return Err(ErrorCode::PowerdAbsent);
        }
        self.playing = playing;
        let held = self.locks.iter().any(|lock| lock.app == app && lock.id == id);
        let held = held || (self.is(Flaw::ClaimsWithoutPowerd) && !self.powerd && !self.playing.is_empty());
        Ok(Obs::Media { playing: self.playing.len() as u32, held })
    }

    fn list(&self) -> Vec<Lock> {
        let mut locks = self.locks.clone();
        match self.flaw {
            Flaw::ListsNewestLast => {}
            Flaw::ListsByIdFirst => locks.sort_by(|a, b| (&a.id, &a.app).cmp(&(&b.id, &b.app))),
            Flaw::ListsInAnyCase => {
                locks.sort_by_key(|lock| (lock.app.to_ascii_lowercase(), lock.id.to_ascii_lowercase(), lock.app.clone(), lock.id.clone()));
            }
            Flaw::ListsLongestLast => locks.sort_by_key(|lock| (lock.app.clone(), lock.id.len(), lock.id.clone())),
            _ => locks.sort_by(|a, b| (&a.app, &a.id).cmp(&(&b.app, &b.id))),
        }
        locks
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        if !self.powerd && !self.is(Flaw::LocksWithoutPowerd) && !matches!(op, Op::Session { .. } | Op::Markers) {
            return Err(ErrorCode::PowerdAbsent);
        }
        Ok(match op {
            Op::Acquire { app, id, kind } => {
                self.names(app, id)?;
                Obs::Count(self.acquire(app, id, *kind)?)
            }
            Op::Release { app, id } => {
                self.names(app, id)?;
                Obs::Count(self.release(app, id)?)
            }
            Op::Died(app) => {
                self.name(app)?;
                Obs::Released(self.died(app))
            }
            Op::List => Obs::Locks(self.list()),
            Op::Blocks => {
                let held = |kind| self.locks.iter().any(|lock| lock.kind == kind);
                let deep_idle = match self.flaw {
                    Flaw::PartialLeavesIdle => held(Kind::Full),
                    Flaw::BlocksAfterwards => self.blocked,
                    _ => !self.locks.is_empty(),
                };
                let screen = match self.flaw {
                    Flaw::PartialKeepsScreen => !self.locks.is_empty(),
                    Flaw::FullLeavesScreen => false,
                    _ => held(Kind::Full),
                };
                Obs::Blocks { deep_idle, screen }
            }
            Op::Markers => Obs::Lines(std::mem::take(&mut self.lines)),
            Op::Session { session, playback } => self.session(*session, *playback)?,
        })
    }
}

impl Machine<Wakelock> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let fresh =
            Self { flaw: self.flaw, powerd: config.powerd, locks: Vec::new(), playing: Vec::new(), lines: Vec::new(), blocked: false };
        *self = fresh;
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, wakelock::Wakelock};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Wakelock::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Wakelock::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Wakelock::model().run_case(&case), "{case:?}");
        }
    }
}
