//! The contract `volume` on [`services::volume`] and [`audio::mixer`], joined as the engine joins them.

use alloc::string::ToString;
use alloc::vec::Vec;
use audio::mixer::{BlockInput, Curve, Mixer};
use services::ServiceError;
use services::volume::Overlays;
use spec::format::BLOCK_FRAMES;
use spec::volume::{App, Config, Mixed, Obs, Op, Overlay, Volume, voice};
use spec::{ErrorCode, Failure, Machine};

/// Samples of one engine block.
const BLOCK_SAMPLES: usize = BLOCK_FRAMES as usize * 2;

/// What the engine keeps of a session's stream.
#[derive(Clone, Copy, Debug)]
struct Lane {
    session: u32,
    slot: u32,
    stream_db: i32,
    duck_db: i32,
}

/// Answers the contract `volume`.
#[derive(Clone, Debug)]
pub struct VolumeMachine {
    portable: bool,
    overlays: Overlays,
    lanes: Vec<Lane>,
    mixer: Mixer,
}

pub(crate) use VolumeMachine as Adapter;

impl Default for VolumeMachine {
    fn default() -> Self {
        Self { portable: false, overlays: Overlays::default(), lanes: Vec::new(), mixer: Mixer::new(Curve::Soft) }
    }
}

impl crate::Portable for VolumeMachine {
    fn portable() -> Self {
        Self { portable: true, mixer: Mixer::portable(Curve::Soft), ..Self::default() }
    }
}

impl VolumeMachine {
    /// The stream's and the duck's gain of a session; those of none where it is not open, which the overlays reject.
    fn lane(&self, session: u32) -> (i32, i32) {
        self.lanes.iter().find(|lane| lane.session == session).map_or((0, 0), |lane| (lane.stream_db, lane.duck_db))
    }

    fn set_lane(&mut self, session: u32, stream_db: i32, duck_db: i32) -> Result<(), ServiceError> {
        self.overlays.decibels(session, stream_db, duck_db)?;
        for lane in self.lanes.iter_mut().filter(|lane| lane.session == session) {
            (lane.stream_db, lane.duck_db) = (stream_db, duck_db);
        }
        Ok(())
    }

    fn block(&mut self, frames: u32, seed: u32) -> Result<Mixed, ServiceError> {
        let mut block = [0_i16; BLOCK_SAMPLES];
        // Voices are made only for as many frames as the mixer takes.
        self.mixer.mix(frames, &[], &mut block)?;
        let mut voices = Vec::new();
        let mut sessions = Vec::new();
        for session in self.overlays.sessions() {
            let Some(lane) = self.lanes.iter().find(|lane| lane.session == session) else { continue };
            let composed = self.overlays.decibels(session, lane.stream_db, lane.duck_db)?;
            let pcm = voice(seed, session, frames);
            sessions.push((session, composed.peak(&pcm)));
            self.mixer.set_gain(lane.slot, composed.db)?;
            if !composed.muted {
                voices.push((lane.slot, pcm));
            }
        }
        let inputs: Vec<BlockInput<'_>> = voices.iter().map(|(stream, pcm)| BlockInput { stream: *stream, pcm }).collect();
        let report = self.mixer.mix(frames, &inputs, &mut block)?;
        let pcm = block.as_chunks::<2>().0.iter().take(frames as usize).copied().collect::<Vec<_>>().into_flattened();
        Ok(Mixed { pcm, clipped: report.clipped, peak: report.peak, sessions })
    }

    fn overlay(&self, session: u32) -> Result<Overlay, ServiceError> {
        let (stream_db, duck_db) = self.lane(session);
        let composed = self.overlays.decibels(session, stream_db, duck_db)?;
        let overlay = self.overlays.overlay(session)?;
        Ok(Overlay {
            app: overlay.app.to_string(),
            db: overlay.own.db,
            muted: overlay.own.muted,
            app_db: overlay.of_app.db,
            app_muted: overlay.of_app.muted,
            total_db: composed.db,
            factor: composed.factor(),
        })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ServiceError> {
        match op {
            Op::Open { session, app } => {
                self.overlays.open(*session, app)?;
                let slot = self.mixer.open()?;
                self.lanes.push(Lane { session: *session, slot, stream_db: 0, duck_db: 0 });
            }
            Op::Close(session) => {
                self.overlays.close(*session)?;
                if let Some(place) = self.lanes.iter().position(|lane| lane.session == *session) {
                    self.mixer.close(self.lanes.swap_remove(place).slot)?;
                }
            }
            Op::SetVolume { session, db } => self.overlays.set_volume(*session, *db)?,
            Op::SetAppVolume { app, db } => self.overlays.set_app_volume(app, *db)?,
            Op::Mute { session, muted } => self.overlays.set_muted(*session, *muted)?,
            Op::MuteApp { app, muted } => self.overlays.set_app_muted(app, *muted)?,
            Op::SetStream { session, db } => {
                let (_, duck_db) = self.lane(*session);
                self.set_lane(*session, *db, duck_db)?;
            }
            Op::Duck { session, db } => {
                let (stream_db, _) = self.lane(*session);
                self.set_lane(*session, stream_db, *db)?;
            }
            Op::Master { level, muted } => {
                self.mixer.set_level(*level)?;
                self.mixer.mute(*muted);
            }
            Op::Overlay(session) => return Ok(Obs::Overlay(self.overlay(*session)?)),
            Op::Apps => {
                let apps = self.overlays.apps().map(|(app, setting)| App { app: app.to_string(), db: setting.db, muted: setting.muted });
                return Ok(Obs::Apps(apps.collect()));
            }
            Op::Block { frames, seed } => return Ok(Obs::Mixed(self.block(*frames, *seed)?)),
        }
        Ok(Obs::Done)
    }
}

impl Machine<Volume> for VolumeMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = if self.portable { <Self as crate::Portable>::portable() } else { Self::default() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
