//! The reference model of the contract `volume`.

pub use self::VolumeModel as Model;
use crate::gain::{factor, scale};
use crate::mixer::mix_block;
use spec::audiod::AUDIOD_APP_BYTES_MAX;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{Curve, MIXER_BLOCK_FRAMES_MAX};
use spec::volume::{
    App, Config, Mixed, Obs, Op, Overlay, VOLUME_APPS_MAX, VOLUME_DEFAULT_DB, VOLUME_DUCK_DB_MAX, VOLUME_SESSION_MIN, VOLUME_SESSIONS_MAX,
    Volume, voice,
};
use spec::{ErrorCode, Failure, Machine};
use std::collections::BTreeMap;

/// A volume and a mute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Knob {
    db: i32,
    muted: bool,
}

const DEFAULT: Knob = Knob { db: VOLUME_DEFAULT_DB, muted: false };

#[derive(Clone, Debug, PartialEq, Eq)]
struct Session {
    app: String,
    knob: Knob,
    stream: i32,
    duck: i32,
}

/// The reference model of the contract `volume`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeModel {
    sessions: BTreeMap<u32, Session>,
    /// Those that are not the default. VOLUME-014: the map's order is that of the list.
    apps: BTreeMap<String, Knob>,
    level: u32,
    muted: bool,
}

impl Default for VolumeModel {
    fn default() -> Self {
        Self { sessions: BTreeMap::new(), apps: BTreeMap::new(), level: LEVEL_UNITY_Q16, muted: false }
    }
}

/// VOLUME-016
fn name(app: &str) -> Result<&str, ErrorCode> {
    let plain = app.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-' || letter == '_');
    if plain && !app.is_empty() && app.len() <= AUDIOD_APP_BYTES_MAX as usize { Ok(app) } else { Err(ErrorCode::InvalidApp) }
}

/// VOLUME-015
fn ranged(db: i32, max: i32) -> Result<i32, ErrorCode> {
    if db < GAIN_DB_Q8_8_MIN || db > max { Err(ErrorCode::OutOfRange) } else { Ok(db) }
}

fn volume(db: i32) -> Result<i32, ErrorCode> {
    ranged(db, GAIN_DB_Q8_8_MAX)
}

impl VolumeModel {
    /// VOLUME-017
    fn session(&mut self, session: u32) -> Result<&mut Session, ErrorCode> {
        self.sessions.get_mut(&session).ok_or(ErrorCode::UnknownSession)
    }

    fn app(&self, app: &str) -> Knob {
        self.apps.get(app).copied().unwrap_or(DEFAULT)
    }

    fn open(&mut self, session: u32, app: &str) -> Result<(), ErrorCode> {
        // VOLUME-015
        if session < VOLUME_SESSION_MIN {
            return Err(ErrorCode::OutOfRange);
        }
        let app = name(app)?.to_owned();
        // VOLUME-016
        if self.sessions.contains_key(&session) {
            return Err(ErrorCode::SessionAlreadyOpen);
        }
        if self.sessions.len() == VOLUME_SESSIONS_MAX as usize {
            return Err(ErrorCode::TooManySessions);
        }
        // VOLUME-001. VOLUME-006: the app's knob is elsewhere.
        self.sessions.insert(session, Session { app, knob: DEFAULT, stream: VOLUME_DEFAULT_DB, duck: VOLUME_DEFAULT_DB });
        Ok(())
    }

    fn set_app(&mut self, app: &str, knob: Knob) -> Result<(), ErrorCode> {
        // VOLUME-014
        self.apps.remove(app);
        if knob != DEFAULT {
            self.apps.insert(app.to_owned(), knob);
        }
        if self.apps.len() > VOLUME_APPS_MAX as usize { Err(ErrorCode::TooManyApps) } else { Ok(()) }
    }

    fn total(&self, session: &Session) -> i32 {
        let parts = [session.stream, session.knob.db, self.app(&session.app).db, session.duck];
        // VOLUME-003
        if parts.contains(&GAIN_DB_Q8_8_MIN) {
            return GAIN_DB_Q8_8_MIN;
        }
        // VOLUME-002. VOLUME-012: a sum has no order.
        parts.iter().sum::<i32>().clamp(GAIN_DB_Q8_8_MIN, GAIN_DB_Q8_8_MAX)
    }

    fn factor(&self, session: &Session) -> Result<u32, ErrorCode> {
        // VOLUME-007. VOLUME-008: the volumes are not touched.
        if session.knob.muted || self.app(&session.app).muted { Ok(0) } else { factor(self.total(session)) }
    }

    fn overlay(&self, session: &Session) -> Result<Overlay, ErrorCode> {
        // VOLUME-005: the app's knob is looked up by its name.
        let app = self.app(&session.app);
        Ok(Overlay {
            app: session.app.clone(),
            db: session.knob.db,
            muted: session.knob.muted,
            app_db: app.db,
            app_muted: app.muted,
            total_db: self.total(session),
            factor: self.factor(session)?,
        })
    }

    fn block(&self, frames: u32, seed: u32) -> Result<Mixed, ErrorCode> {
        // VOLUME-015
        if frames == 0 || frames > MIXER_BLOCK_FRAMES_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        let mut voices = Vec::new();
        let mut peaks = Vec::new();
        for (number, session) in &self.sessions {
            let (factor, pcm) = (self.factor(session)?, voice(seed, *number, frames));
            // VOLUME-013: each sample alone. VOLUME-011: without the master.
            let of_channel = |channel| pcm.iter().skip(channel).step_by(2).map(|sample| scale(*sample, factor).unsigned_abs());
            peaks.push((*number, [0, 1].map(|channel| of_channel(channel).max().unwrap_or(0))));
            voices.push((factor, pcm));
        }
        let inputs: Vec<(u32, &[i16])> = voices.iter().map(|(factor, pcm)| (*factor, pcm.as_slice())).collect();
        // VOLUME-010, VOLUME-011. VOLUME-009: a factor of 0 adds nothing to the sum.
        let mixed = mix_block(Curve::Soft, if self.muted { 0 } else { self.level }, frames, &inputs);
        Ok(Mixed { pcm: mixed.pcm, clipped: mixed.clipped, peak: mixed.peak, sessions: peaks })
    }

    fn change(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Open { session, app } => self.open(*session, app)?,
            // VOLUME-001
            Op::Close(session) => drop(self.sessions.remove(session).ok_or(ErrorCode::UnknownSession)?),
            // VOLUME-004
            Op::SetVolume { session, db } => {
                let session = self.session(*session)?;
                session.knob.db = volume(*db)?;
            }
            Op::Mute { session, muted } => self.session(*session)?.knob.muted = *muted,
            Op::SetStream { session, db } => {
                let session = self.session(*session)?;
                session.stream = volume(*db)?;
            }
            Op::Duck { session, db } => {
                let session = self.session(*session)?;
                session.duck = ranged(*db, VOLUME_DUCK_DB_MAX)?;
            }
            Op::SetAppVolume { app, db } => {
                let muted = self.app(name(app)?).muted;
                self.set_app(app, Knob { db: volume(*db)?, muted })?;
            }
            Op::MuteApp { app, muted } => {
                let db = self.app(name(app)?).db;
                self.set_app(app, Knob { db, muted: *muted })?;
            }
            Op::Master { level, .. } if *level > LEVEL_Q16_MAX => return Err(ErrorCode::OutOfRange),
            Op::Master { level, muted } => (self.level, self.muted) = (*level, *muted),
            Op::Overlay(session) => {
                let session = self.session(*session)?.clone();
                return Ok(Obs::Overlay(self.overlay(&session)?));
            }
            Op::Apps => {
                let app = |(app, knob): (&String, &Knob)| App { app: app.clone(), db: knob.db, muted: knob.muted };
                return Ok(Obs::Apps(self.apps.iter().map(app).collect()));
            }
            Op::Block { frames, seed } => return Ok(Obs::Mixed(self.block(*frames, *seed)?)),
        }
        Ok(Obs::Done)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        // What is rejected changes nothing.
        let before = self.clone();
        self.change(op).inspect_err(|_| *self = before)
    }
}

impl Machine<Volume> for VolumeModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::VolumeModel;
    use spec::ErrorCode::{InvalidApp, OutOfRange, SessionAlreadyOpen, TooManyApps, TooManySessions, UnknownSession};
    use spec::volume::{App, Obs, Op, Overlay};

    fn open(session: u32, app: &str) -> Op {
        Op::Open { session, app: app.into() }
    }

    fn app_volume(app: &str, db: i32) -> Op {
        Op::SetAppVolume { app: app.into(), db }
    }

    fn asked(model: &mut VolumeModel, ops: &[Op]) -> Vec<Obs> {
        ops.iter().map(|op| model.answer(op).unwrap_or_else(|code| panic!("{op:?}: {code:?}"))).collect()
    }

    fn overlay(model: &mut VolumeModel, session: u32) -> (i32, u32) {
        let Ok(Obs::Overlay(Overlay { total_db, factor, .. })) = model.answer(&Op::Overlay(session)) else { panic!("no overlay") };
        (total_db, factor)
    }

    #[test]
    fn gains_add_up_and_saturate() {
        let mut model = VolumeModel::default();
        asked(&mut model, &[open(1, "a"), Op::SetVolume { session: 1, db: -1536 }, app_volume("a", -1536)]);
        assert_eq!(overlay(&mut model, 1), (-3072, 16_462));
        asked(&mut model, &[Op::SetStream { session: 1, db: 3072 }, Op::Duck { session: 1, db: -1536 }]);
        assert_eq!(overlay(&mut model, 1), (-1536, 32_846));
        asked(&mut model, &[app_volume("a", 3072), Op::SetVolume { session: 1, db: 3072 }]);
        assert_eq!(overlay(&mut model, 1), (3072, 260_904));
        asked(&mut model, &[app_volume("a", -24_575), Op::SetVolume { session: 1, db: -24_575 }]);
        assert_eq!(overlay(&mut model, 1), (-24_576, 0));
        asked(&mut model, &[app_volume("a", 3072), Op::SetVolume { session: 1, db: -24_576 }]);
        assert_eq!(overlay(&mut model, 1), (-24_576, 0));
    }

    #[test]
    fn an_apps_overlay_outlives_its_sessions() {
        let mut model = VolumeModel::default();
        asked(&mut model, &[app_volume("a", -256), open(1, "a"), open(2, "b"), Op::MuteApp { app: "b".into(), muted: true }, Op::Close(1)]);
        asked(&mut model, &[open(1, "a"), Op::Close(2), open(3, "b")]);
        assert_eq!((overlay(&mut model, 1).0, overlay(&mut model, 3)), (-256, (0, 0)));
        let apps = [App { app: "a".into(), db: -256, muted: false }, App { app: "b".into(), db: 0, muted: true }];
        assert_eq!(model.answer(&Op::Apps), Ok(Obs::Apps(apps.to_vec())));
        asked(&mut model, &[app_volume("a", 0), Op::MuteApp { app: "b".into(), muted: false }]);
        assert_eq!(model.answer(&Op::Apps), Ok(Obs::Apps(Vec::new())));
    }

    #[test]
    fn a_muted_session_leaves_the_others_alone() {
        let mut model = VolumeModel::default();
        asked(&mut model, &[open(1, "a"), open(2, "b")]);
        let block = Op::Block { frames: 9, seed: 3 };
        let Ok(Obs::Mixed(both)) = model.answer(&block) else { panic!("no block") };
        asked(&mut model, &[Op::Mute { session: 1, muted: true }]);
        let Ok(Obs::Mixed(muted)) = model.answer(&block) else { panic!("no block") };
        assert_eq!(muted.sessions, [(1, [0, 0]), both.sessions[1]]);
        asked(&mut model, &[Op::Mute { session: 1, muted: false }]);
        assert_eq!(model.answer(&block), Ok(Obs::Mixed(both)));
        asked(&mut model, &[Op::Close(1)]);
        let Ok(Obs::Mixed(alone)) = model.answer(&block) else { panic!("no block") };
        assert_eq!(alone.pcm, muted.pcm);
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = VolumeModel::default();
        for number in 1..=16 {
            asked(&mut model, &[open(number, "a"), app_volume(&format!("app{number}"), -1)]);
        }
        let before = model.clone();
        for (op, code) in [
            (open(0, ""), OutOfRange),
            (open(1, ""), InvalidApp),
            (open(1, "a"), SessionAlreadyOpen),
            (open(17, "a"), TooManySessions),
            (Op::Close(17), UnknownSession),
            (Op::SetVolume { session: 17, db: 3073 }, UnknownSession),
            (Op::SetVolume { session: 1, db: 3073 }, OutOfRange),
            (Op::SetStream { session: 1, db: -24_577 }, OutOfRange),
            (Op::Duck { session: 1, db: 1 }, OutOfRange),
            (Op::Overlay(0), UnknownSession),
            (app_volume("a b", 3073), InvalidApp),
            (app_volume("a", 3073), OutOfRange),
            (app_volume("a", 1), TooManyApps),
            (Op::MuteApp { app: "a".into(), muted: true }, TooManyApps),
            (Op::Master { level: 65_537, muted: true }, OutOfRange),
            (Op::Block { frames: 0, seed: 0 }, OutOfRange),
            (Op::Block { frames: 481, seed: 0 }, OutOfRange),
        ] {
            assert_eq!(model.answer(&op), Err(code), "{op:?}");
        }
        assert_eq!(model, before);
        asked(&mut model, &[app_volume("a", 0), app_volume("app1", 0), app_volume("a", 1)]);
    }
}
