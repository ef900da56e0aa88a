//! Overlays and a mixer behind them that make one mistake.

use super::violations::Flaw;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::CLIP_SOFT_KNEE;
use spec::volume::{App, Config, Mixed, Obs, Op, Overlay, VOLUME_APPS_MAX, VOLUME_SESSIONS_MAX, Volume, voice};
use spec::{ErrorCode, Failure, Machine};

#[derive(Clone, Default)]
struct Session {
    number: u32,
    app: String,
    db: i32,
    muted: bool,
    stream: i32,
    duck: i32,
    /// Whether its app had something of its own before the session was opened, and nothing since.
    inherits: bool,
    /// Which of the two volumes was set last, for those who look.
    app_last: bool,
}

/// What a machine with that mistake is.
#[derive(Default)]
struct State {
    /// In the order of opening.
    sessions: Vec<Session>,
    /// In the order of setting.
    apps: Vec<App>,
    closed: Vec<Session>,
    level: u32,
    muted: bool,
    /// What the block before was mixed with.
    before: Vec<(u32, u32)>,
}

pub(super) struct Wrong {
    flaw: Flaw,
    state: State,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Volume>> {
    Box::new(Wrong { flaw, state: State { level: LEVEL_UNITY_Q16, ..State::default() } })
}

/// The Q16 factor of a gain that lies within the range.
fn factor(db: i32) -> u32 {
    model::gain::factor(db).expect("a gain of the range")
}

/// A product in Q16, rounded half away from zero.
fn scaled(sample: i16, factor: u32) -> i64 {
    let product = i64::from(sample) * i64::from(factor);
    (product.abs() + 32_768) / 65_536 * product.signum()
}

impl Wrong {
    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn name(&self, app: &str) -> Result<(), ErrorCode> {
        let plain = app.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) || self.is(Flaw::AnyName);
        if plain && (1..=128).contains(&app.len()) { Ok(()) } else { Err(ErrorCode::InvalidApp) }
    }

    fn ranged(&self, db: i32, max: i32) -> Result<i32, ErrorCode> {
        let clamped = db.clamp(GAIN_DB_Q8_8_MIN, max);
        if db == clamped || self.is(Flaw::ClampsVolumes) { Ok(clamped) } else { Err(ErrorCode::OutOfRange) }
    }

    fn volume(&self, db: i32) -> Result<i32, ErrorCode> {
        self.ranged(db, GAIN_DB_Q8_8_MAX)
    }

    fn place(&self, session: u32) -> Result<usize, ErrorCode> {
        let code = if self.is(Flaw::UnknownIsOutOfRange) { ErrorCode::OutOfRange } else { ErrorCode::UnknownSession };
        self.state.sessions.iter().position(|entry| entry.number == session).ok_or(code)
    }

    fn session(&mut self, session: u32) -> Result<&mut Session, ErrorCode> {
        let place = self.place(session)?;
        Ok(&mut self.state.sessions[place])
    }

    fn app(&self, app: &str) -> (i32, bool) {
        let named = |entry: &&App| {
            let prefix = self.is(Flaw::AppByPrefix) && app.starts_with(&entry.app);
            entry.app == app || prefix
        };
        self.state.apps.iter().find(named).map_or((0, false), |entry| (entry.db, entry.muted))
    }

    /// The app's part of a session.
    fn of_app(&self, session: &Session) -> (i32, bool) {
        let first = self.state.sessions.iter().find(|entry| entry.app == session.app);
        match self.flaw {
            Flaw::AppNotLater if session.inherits => (0, false),
            Flaw::AppFirstSessionOnly if first.is_some_and(|first| first.number != session.number) => (0, false),
            Flaw::AppMutesAll => (self.app(&session.app).0, self.state.apps.iter().any(|entry| entry.muted)),
            _ => self.app(&session.app),
        }
    }

    fn total(&self, session: &Session) -> i32 {
        let (app, _) = self.of_app(session);
        let (app, own) = match self.flaw {
            Flaw::IgnoresApp => (0, session.db),
            Flaw::AppCountsHalf => (app / 2, session.db),
            Flaw::LouderWins => (0, app.max(session.db)),
            Flaw::LastSetWins if session.app_last => (app, 0),
            Flaw::LastSetWins => (0, session.db),
            _ => (app, session.db),
        };
        let stream = if self.is(Flaw::IgnoresStream) { 0 } else { session.stream };
        let duck = if self.is(Flaw::IgnoresDuck) { 0 } else { session.duck };
        let silent = match self.flaw {
            Flaw::SmallestIsAudible => false,
            Flaw::SmallestAppIsAudible => [stream, own, duck].contains(&GAIN_DB_Q8_8_MIN),
            Flaw::SmallestDuckIsAudible => [stream, own, app].contains(&GAIN_DB_Q8_8_MIN),
            _ => [stream, own, app, duck].contains(&GAIN_DB_Q8_8_MIN),
        };
        if silent {
            return GAIN_DB_Q8_8_MIN;
        }
        let sum = stream + own + app + duck;
        match self.flaw {
            Flaw::NoCeiling => sum.max(GAIN_DB_Q8_8_MIN),
            Flaw::NoFloor => sum.min(GAIN_DB_Q8_8_MAX),
            _ => sum.clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX),
        }
    }

    fn is_muted(&self, session: &Session) -> bool {
        let (_, app) = self.of_app(session);
        match self.flaw {
            Flaw::AppMuteIgnored => session.muted,
            Flaw::MutesJoinedByAnd => session.muted && app,
            _ => session.muted || app,
        }
    }

    fn factor(&self, session: &Session) -> u32 {
        let audible = || match self.flaw {
            Flaw::MultipliesFactors => {
                let (app, own) = (self.of_app(session).0, session.db);
                let product = [app, own, session.stream, session.duck]
                    .iter()
                    .fold(65_536_u64, |product, db| (product * u64::from(factor(*db)) + 32_768) >> 16);
                product.min(u64::from(factor(GAIN_DB_Q8_8_MAX))) as u32
            }
            _ => factor(self.total(session).clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)),
        };
        match (self.is_muted(session), self.flaw) {
            (true, Flaw::MuteLeavesALittle) => factor(GAIN_DB_Q8_8_MIN + 1),
            (true, _) => 0,
            (false, Flaw::MasterInFactors) => ((u64::from(audible()) * u64::from(self.state.level)) >> 16) as u32,
            (false, _) => audible(),
        }
    }

    fn open(&mut self, number: u32, app: &str) -> Result<(), ErrorCode> {
        let named = self.name(app);
        if self.is(Flaw::NameBeforeNumber) {
            named?;
        }
        if number == 0 && !self.is(Flaw::TakesSessionZero) {
            return Err(ErrorCode::OutOfRange);
        }
        named?;
        if let Ok(place) = self.place(number) {
            if !self.is(Flaw::OpensAgain) {
                return Err(ErrorCode::SessionAlreadyOpen);
            }
            self.state.sessions.remove(place);
        }
        let max = match self.flaw {
            Flaw::SessionsOneMore => VOLUME_SESSIONS_MAX + 1,
            Flaw::SessionsOneLess => VOLUME_SESSIONS_MAX - 1,
            _ => VOLUME_SESSIONS_MAX,
        };
        if self.state.sessions.len() >= max as usize {
            return Err(ErrorCode::TooManySessions);
        }
        let mut session = Session { number, app: app.to_owned(), inherits: self.app(app) != (0, false), ..Session::default() };
        if self.is(Flaw::OpensWithOldVolume)
            && let Some(old) = self.state.closed.iter().rev().find(|old| old.number == number)
        {
            (session.db, session.muted) = (old.db, old.muted);
        }
        session.muted |= self.is(Flaw::OpensMuted);
        self.state.sessions.push(session);
        Ok(())
    }

    fn close(&mut self, number: u32) -> Result<(), ErrorCode> {
        let place = self.place(number)?;
        let session = self.state.sessions.remove(place);
        if self.is(Flaw::AppForgottenWithLast) && !self.state.sessions.iter().any(|other| other.app == session.app) {
            self.state.apps.retain(|entry| entry.app != session.app);
        }
        self.state.closed.push(session);
        Ok(())
    }

    fn set_app(&mut self, app: &str, (db, muted): (i32, bool)) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::AppsOneMore => VOLUME_APPS_MAX + 1,
            Flaw::AppsOneLess => VOLUME_APPS_MAX - 1,
            _ => VOLUME_APPS_MAX,
        } as usize;
        let default = (db, muted) == (0, false);
        let apps = &mut self.state.apps;
        match apps.iter().position(|entry| entry.app == app) {
            Some(place) if default && self.flaw != Flaw::DefaultKeepsPlace => drop(apps.remove(place)),
            Some(place) => (apps[place].db, apps[place].muted) = (db, muted),
            None if default && self.flaw != Flaw::DefaultNeedsPlace => {}
            None if apps.len() >= max => return Err(ErrorCode::TooManyApps),
            None if default => {}
            None => apps.push(App { app: app.to_owned(), db, muted }),
        }
        Ok(())
    }

    /// The factor that a session had in the block before.
    fn before(&self, number: u32) -> Option<u32> {
        self.state.before.iter().find(|before| before.0 == number).map(|before| before.1)
    }

    fn block(&mut self, frames: u32, seed: u32) -> Result<Mixed, ErrorCode> {
        let longest = if self.is(Flaw::BlockOneMore) { 481 } else { 480 };
        if frames == 0 || frames > longest {
            return Err(ErrorCode::OutOfRange);
        }
        let mut sessions = self.state.sessions.clone();
        if self.is(Flaw::ClosedSoundsOn) {
            sessions.extend(self.state.closed.clone());
        }
        if self.flaw != Flaw::PeaksByOpening {
            sessions.sort_by_key(|session| session.number);
        }
        let now: Vec<(u32, u32)> = sessions.iter().map(|session| (session.number, self.factor(session))).collect();
        let mut factors: Vec<(u32, u32)> = match self.flaw {
            Flaw::OneBlockLate => now.iter().map(|(number, factor)| (*number, self.before(*number).unwrap_or(*factor))).collect(),
            _ => now.clone(),
        };
        self.state.before = now;
        if self.is(Flaw::MuteLiftsOthers) && sessions.iter().any(|session| self.is_muted(session)) {
            factors.iter_mut().for_each(|(_, factor)| *factor += *factor / 16);
        }
        let voices: Vec<Vec<i16>> = sessions.iter().map(|session| voice(seed, session.number, frames.min(480))).collect();
        let mut mixed = self.mix(frames.min(480), &factors, &voices);
        let level = if self.is(Flaw::MasterInPeaks) { u64::from(self.state.level) } else { 65_536 };
        mixed.sessions = factors
            .iter()
            .zip(&voices)
            .zip(&sessions)
            .filter(|((factor, _), _)| factor.1 > 0 || self.flaw != Flaw::SilentHaveNoPeak)
            .map(|(((number, factor), pcm), session)| {
                let factor = if self.is(Flaw::PeakBeforeMute) { model::gain::factor(self.total(session)).unwrap_or(0) } else { *factor };
                let mut peak = [0_u32; 2];
                for (index, sample) in pcm.iter().enumerate() {
                    let magnitude = match self.flaw {
                        Flaw::PeakRoundsDown => (i64::from(*sample).unsigned_abs() * u64::from(factor)) >> 16,
                        _ => scaled(*sample, factor).unsigned_abs(),
                    };
                    peak[index % 2] = peak[index % 2].max(((magnitude * level) >> 16) as u32);
                }
                match self.flaw {
                    Flaw::PeakOfLeft => (*number, [peak[0]; 2]),
                    Flaw::PeakOfMix => (*number, mixed.peak),
                    _ => (*number, peak),
                }
            })
            .collect();
        Ok(mixed)
    }

    /// The exact sum, the master, one rounding, the soft clip.
    fn mix(&self, frames: u32, factors: &[(u32, u32)], voices: &[Vec<i16>]) -> Mixed {
        let level = match self.flaw {
            Flaw::MasterInFactors => LEVEL_UNITY_Q16,
            Flaw::MasterMuteIgnored => self.state.level,
            _ if self.state.muted => 0,
            _ => self.state.level,
        };
        let mut mixed = Mixed { pcm: Vec::new(), clipped: 0, peak: [0; 2], sessions: Vec::new() };
        for index in 0..frames as usize * 2 {
            let product = |((_, factor), pcm): (&(u32, u32), &Vec<i16>)| match self.flaw {
                Flaw::RoundsEach => scaled(pcm[index], *factor) << 16,
                _ => i64::from(pcm[index]) * i64::from(*factor),
            };
            let sum = factors.iter().zip(voices).map(product).sum::<i64>() * i64::from(level);
            let (magnitude, sign) = ((sum.abs() + (1 << 31)) >> 32, sum.signum());
            let over = magnitude - i64::from(CLIP_SOFT_KNEE);
            let clipped = match over {
                _ if self.is(Flaw::SaturatesMix) => magnitude.min(32_767),
                ..=0 => magnitude,
                1..16_384 => i64::from(CLIP_SOFT_KNEE) + over - (over * over + 16_384) / 32_768,
                _ => 32_767,
            };
            mixed.clipped += u32::from(clipped != magnitude);
            mixed.peak[index % 2] = mixed.peak[index % 2].max(clipped as u32);
            mixed.pcm.push((clipped * sign) as i16);
        }
        mixed
    }

    fn change(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Open { session, app } => self.open(*session, app)?,
            Op::Close(session) => self.close(*session)?,
            Op::SetVolume { session, db } => {
                let db = if self.is(Flaw::RangeBeforeSession) { self.volume(*db)? } else { *db };
                let place = self.place(*session)?;
                let db = self.volume(db)?;
                let app = self.state.sessions[place].app.clone();
                for (other, entry) in self.state.sessions.iter_mut().enumerate() {
                    let meant = match self.flaw {
                        Flaw::VolumeOnAll => true,
                        Flaw::VolumeOnApp => entry.app == app,
                        _ => other == place,
                    };
                    if meant && !(self.flaw == Flaw::MutedKeepsVolume && entry.muted) {
                        (entry.db, entry.app_last) = (db, false);
                        entry.muted &= self.flaw != Flaw::VolumeUnmutes;
                    }
                }
            }
            Op::Mute { session, muted } => {
                let forgets = self.is(Flaw::MuteForgetsVolume) && *muted;
                let session = self.session(*session)?;
                session.muted = *muted;
                session.db = if forgets { 0 } else { session.db };
            }
            Op::SetStream { session, db } => {
                self.place(*session)?;
                self.session(*session)?.stream = self.volume(*db)?;
            }
            Op::Duck { session, db } => {
                self.place(*session)?;
                let max = if self.is(Flaw::DuckLiftsToo) { GAIN_DB_Q8_8_MAX } else { 0 };
                self.session(*session)?.duck = self.ranged(*db, max)?;
            }
            Op::SetAppVolume { app, db } => {
                self.name(app)?;
                let (_, muted) = self.state.apps.iter().find(|entry| entry.app == *app).map_or((0, false), |entry| (entry.db, entry.muted));
                self.set_app(app, (self.volume(*db)?, muted))?;
                for session in self.state.sessions.iter_mut().filter(|session| session.app == *app) {
                    (session.app_last, session.inherits) = (true, false);
                }
            }
            Op::MuteApp { app, muted } => {
                self.name(app)?;
                let db = self.state.apps.iter().find(|entry| entry.app == *app).map_or(0, |entry| entry.db);
                let db = if self.is(Flaw::AppMuteForgetsVolume) && *muted { 0 } else { db };
                self.set_app(app, (db, *muted))?;
            }
            Op::Master { level, .. } if *level > LEVEL_Q16_MAX && self.flaw != Flaw::ClampsVolumes => return Err(ErrorCode::OutOfRange),
            Op::Master { level, muted } => (self.state.level, self.state.muted) = ((*level).min(LEVEL_Q16_MAX), *muted),
            Op::Overlay(number) => {
                let session = self.session(*number)?.clone();
                let (app_db, app_muted) = self.of_app(&session);
                let (total_db, factor) = (self.total(&session), self.factor(&session));
                return Ok(Obs::Overlay(Overlay {
                    app: session.app,
                    db: session.db,
                    muted: session.muted,
                    app_db,
                    app_muted,
                    total_db,
                    factor,
                }));
            }
            Op::Apps => {
                let mut apps = self.state.apps.clone();
                if self.flaw != Flaw::AppsBySetting {
                    apps.sort_by(|a, b| a.app.cmp(&b.app));
                }
                return Ok(Obs::Apps(apps));
            }
            Op::Block { frames, seed } => return Ok(Obs::Mixed(self.block(*frames, *seed)?)),
        }
        Ok(Obs::Done)
    }

    fn answer(&mut self, op: &Op) -> Obs {
        match self.change(op) {
            Ok(obs) => obs,
            Err(ErrorCode::UnknownSession) if self.is(Flaw::UnknownIsDone) => Obs::Done,
            Err(code) => Obs::Rejected(code),
        }
    }
}

impl Machine<Volume> for Wrong {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.state = State { level: LEVEL_UNITY_Q16, ..State::default() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op))
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use crate::contracts::volume::violations::Flaw;
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, volume::Volume};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Volume::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Volume::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Volume::model().run_case(&case), "{case:?}");
        }
    }
}
