//! powerd's wake locks, and the one that the session service holds while media play.

use crate::Result;
use crate::error::{ServiceError, length};
use crate::lines::Lines;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use spec::ErrorCode;
use spec::wakelock::{
    Kind, Playback, WAKELOCK_COUNT_MAX, WAKELOCK_HOLDERS_MAX, WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, WAKELOCK_NAME_BYTES_MAX,
    WAKELOCK_SESSIONS_MAX,
};

/// A lock that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    app: String,
    id: String,
    kind: Kind,
    count: u32,
}

impl Lock {
    /// The app that holds it.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The app's name for it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it keeps awake.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Acquires that are not released.
    pub const fn count(&self) -> u32 {
        self.count
    }
}

/// What is kept awake (WAKELOCK-004).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Whether the deep idle state L2 is blocked.
    pub deep_idle: bool,
    /// Whether the screen is kept on.
    pub screen: bool,
}

/// The wake locks of the power service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powerd {
    /// In the order of the list (WAKELOCK-006), so that a lock is found by halving.
    locks: Vec<Lock>,
}

impl Powerd {
    /// An app acquires a lock; gives its count (WAKELOCK-001). The first acquire prints a line (WAKELOCK-007).
    ///
    /// # Errors
    /// `invalid_wakelock_name`, `reserved_wakelock_app`, `wakelock_kind_mismatch` (WAKELOCK-008), `wakelock_count_over_max`,
    /// `too_many_wakelocks` (WAKELOCK-009), in this order. Nothing has changed then.
    pub fn acquire(&mut self, app: &str, id: &str, kind: Kind, lines: &mut dyn Lines) -> Result<u32> {
        check_names(app, id)?;
        self.acquire_any(app, id, kind, lines)
    }

    /// An app releases a lock; gives the count that is left (WAKELOCK-002). The last release prints a line (WAKELOCK-007).
    ///
    /// # Errors
    /// `invalid_wakelock_name`, `reserved_wakelock_app` (WAKELOCK-008), `wakelock_not_held` (WAKELOCK-003), in this order.
    /// Nothing has changed then.
    pub fn release(&mut self, app: &str, id: &str, lines: &mut dyn Lines) -> Result<u32> {
        check_names(app, id)?;
        self.release_any(app, id, lines)
    }

    /// Releases all locks of an app that has died, and gives their number (WAKELOCK-005).
    ///
    /// # Errors
    /// `invalid_wakelock_name` (WAKELOCK-008).
    pub fn died(&mut self, app: &str, lines: &mut dyn Lines) -> Result<u32> {
        check_name("the bytes of the app's name", app)?;
        let mut released = 0_u32;
        self.locks.retain(|lock| {
            let stays = lock.app != app;
            if !stays {
                lines.line(&Line { what: "release", lock });
                released = released.saturating_add(1);
            }
            stays
        });
        Ok(released)
    }

    /// The locks that are held, by the bytes of the app, then of the id (WAKELOCK-006).
    pub fn locks(&self) -> &[Lock] {
        &self.locks
    }

    /// What is kept awake (WAKELOCK-004).
    pub fn blocks(&self) -> Blocks {
        Blocks { deep_idle: !self.locks.is_empty(), screen: self.locks.iter().any(|lock| lock.kind == Kind::Full) }
    }

    /// Whether that lock is held.
    pub fn holds(&self, app: &str, id: &str) -> bool {
        self.find(app, id).is_ok()
    }

    fn find(&self, app: &str, id: &str) -> core::result::Result<usize, usize> {
        self.locks.binary_search_by(|lock| (lock.app.as_bytes(), lock.id.as_bytes()).cmp(&(app.as_bytes(), id.as_bytes())))
    }

    fn acquire_any(&mut self, app: &str, id: &str, kind: Kind, lines: &mut dyn Lines) -> Result<u32> {
        let held = self.locks.len();
        let place = match self.find(app, id) {
            Ok(place) => place,
            Err(_) if held >= WAKELOCK_HOLDERS_MAX as usize => {
                let range = (0, WAKELOCK_HOLDERS_MAX);
                let with_it = length(held).saturating_add(1);
                return Err(ServiceError::range(
                    ErrorCode::TooManyWakelocks,
                    "the number of held locks",
                    with_it,
                    range,
                    "release another one first",
                ));
            }
            Err(place) => {
                self.locks.insert(place, Lock { app: app.into(), id: id.into(), kind, count: 0 });
                place
            }
        };
        // `find` gave a place in the list.
        let Some(lock) = self.locks.get_mut(place) else { return Err(NOT_HELD) };
        if lock.kind != kind {
            return Err(KIND_MISMATCH);
        }
        if lock.count >= WAKELOCK_COUNT_MAX {
            let with_it = i128::from(lock.count).saturating_add(1);
            return Err(ServiceError::range(
                ErrorCode::WakelockCountOverMax,
                "the lock's count",
                with_it,
                (0, WAKELOCK_COUNT_MAX),
                "release it as often as it is acquired",
            ));
        }
        lock.count = lock.count.saturating_add(1);
        if lock.count == 1 {
            lines.line(&Line { what: "acquire", lock });
        }
        Ok(lock.count)
    }

    fn release_any(&mut self, app: &str, id: &str, lines: &mut dyn Lines) -> Result<u32> {
        let place = self.find(app, id).map_err(|_| NOT_HELD)?;
        let lock = self.locks.get_mut(place).ok_or(NOT_HELD)?;
        lock.count = lock.count.saturating_sub(1);
        let left = lock.count;
        if left == 0 {
            lines.line(&Line { what: "release", lock });
            self.locks.remove(place);
        }
        Ok(left)
    }
}

/// The media sessions that play, and whether a lock is held for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    /// Sessions that play.
    pub playing: u32,
    /// Whether a lock is held for them.
    pub held: bool,
}

/// The session service's side: one partial lock while any session plays, ducked included (WAKELOCK-010).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaLock {
    /// Sorted.
    playing: Vec<u32>,
}

impl MediaLock {
    /// A session does something else than before. The first that plays acquires the lock, the last that ends releases it
    /// (WAKELOCK-010 to 012). Without a power service nothing is claimed (WAKELOCK-014).
    ///
    /// # Errors
    /// `too_many_playing` (WAKELOCK-009), and what powerd rejects. Nothing has changed then.
    pub fn update(&mut self, powerd: Option<&mut Powerd>, session: u32, playback: Playback, lines: &mut dyn Lines) -> Result<Media> {
        let plays = matches!(playback, Playback::Playing | Playback::Ducked);
        let held = match (self.playing.binary_search(&session), plays) {
            (Err(place), true) => {
                if self.playing.len() >= WAKELOCK_SESSIONS_MAX as usize {
                    let with_it = length(self.playing.len()).saturating_add(1);
                    let range = (0, WAKELOCK_SESSIONS_MAX);
                    let advice = "pause another session first";
                    return Err(ServiceError::range(ErrorCode::TooManyPlaying, "the number of playing sessions", with_it, range, advice));
                }
                let held = hold(powerd, self.playing.is_empty(), |powerd| {
                    powerd.acquire_any(WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, Kind::Partial, lines)
                })?;
                self.playing.insert(place, session);
                held
            }
            (Ok(place), false) => {
                let held =
                    hold(powerd, self.playing.len() == 1, |powerd| powerd.release_any(WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, lines))?;
                self.playing.remove(place);
                held
            }
            _ => hold(powerd, false, |_| Ok(0))?,
        };
        Ok(Media { playing: u32::try_from(self.playing.len()).unwrap_or(u32::MAX), held })
    }

    /// Forgets all sessions where the app that has died is the session service itself; powerd releases the lock by then, as it
    /// does for every app (WAKELOCK-013).
    pub fn died(&mut self, app: &str) {
        if app == WAKELOCK_MEDIA_APP {
            self.playing.clear();
        }
    }

    /// Sessions that play, in the order of their numbers.
    pub fn playing(&self) -> &[u32] {
        &self.playing
    }
}

/// Does something with powerd where it is there and this is needed, and tells whether the media lock is held then.
fn hold(powerd: Option<&mut Powerd>, needed: bool, change: impl FnOnce(&mut Powerd) -> Result<u32>) -> Result<bool> {
    let Some(powerd) = powerd else { return Ok(false) };
    if needed {
        change(powerd)?;
    }
    Ok(powerd.holds(WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID))
}

/// What an operation on locks is answered where there is no power service (WAKELOCK-014).
pub const fn absent() -> ServiceError {
    ServiceError::plain(ErrorCode::PowerdAbsent, "there is no power service", "start powerd before apps ask for locks")
}

const NOT_HELD: ServiceError =
    ServiceError::plain(ErrorCode::WakelockNotHeld, "the lock is not held by this app", "release only what was acquired under this name");

const KIND_MISMATCH: ServiceError =
    ServiceError::plain(ErrorCode::WakelockKindMismatch, "the lock is held as the other kind", "use one id for each kind");

fn check_names(app: &str, id: &str) -> Result<()> {
    check_name("the bytes of the app's name", app)?;
    check_name("the bytes of the lock's name", id)?;
    if app == WAKELOCK_MEDIA_APP {
        return Err(ServiceError::plain(
            ErrorCode::ReservedWakelockApp,
            "the locks of this name belong to the session service",
            "acquire and release in the app's own name",
        ));
    }
    Ok(())
}

/// A name that can stand in a marker line (WAKELOCK-008).
fn check_name(what: &'static str, name: &str) -> Result<()> {
    let range = (1, WAKELOCK_NAME_BYTES_MAX);
    if name.is_empty() || name.len() > WAKELOCK_NAME_BYTES_MAX as usize {
        return Err(ServiceError::range(ErrorCode::InvalidWakelockName, what, length(name.len()), range, "use a short name"));
    }
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !first || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) {
        return Err(ServiceError::plain(
            ErrorCode::InvalidWakelockName,
            "a character stands where no name has it",
            "use letters, digits, and . - _ behind a letter or digit",
        ));
    }
    Ok(())
}

/// The line of a change of what is held (WAKELOCK-007).
struct Line<'a> {
    what: &'static str,
    lock: &'a Lock,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Lock { app, id, kind, .. } = self.lock;
        write!(f, "powerd: wakelock {} kind={} id={id} app={app}", self.what, kind.name())
    }
}
