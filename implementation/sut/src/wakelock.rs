//! The contract `wakelock` on [`services::wakelock`].

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use services::ServiceError;
use services::wakelock::{self, MediaLock, Powerd};
use spec::wakelock::{Config, Lock, Obs, Op, Wakelock};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `wakelock`.
#[derive(Clone, Debug)]
pub struct WakelockMachine {
    powerd: Option<Powerd>,
    media: MediaLock,
    lines: Vec<String>,
}

pub(crate) use WakelockMachine as Adapter;

impl Default for WakelockMachine {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl WakelockMachine {
    fn new(config: &Config) -> Self {
        Self { powerd: config.powerd.then(Powerd::default), media: MediaLock::default(), lines: Vec::new() }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ServiceError> {
        let Self { powerd, media, lines } = self;
        match op {
            Op::Markers => return Ok(Obs::Lines(core::mem::take(lines))),
            Op::Session { session, playback } => {
                let now = media.update(powerd.as_mut(), *session, *playback, lines)?;
                return Ok(Obs::Media { playing: now.playing, held: now.held });
            }
            _ => {}
        }
        let powerd = powerd.as_mut().ok_or_else(wakelock::absent)?;
        Ok(match op {
            Op::Acquire { app, id, kind } => Obs::Count(powerd.acquire(app, id, *kind, lines)?),
            Op::Release { app, id } => Obs::Count(powerd.release(app, id, lines)?),
            Op::Died(app) => {
                let released = powerd.died(app, lines)?;
                media.died(app);
                Obs::Released(released)
            }
            Op::List => {
                let lock = |lock: &wakelock::Lock| Lock {
                    app: lock.app().to_string(),
                    id: lock.id().to_string(),
                    kind: lock.kind(),
                    count: lock.count(),
                };
                Obs::Locks(powerd.locks().iter().map(lock).collect())
            }
            Op::Blocks | Op::Markers | Op::Session { .. } => {
                let blocks = powerd.blocks();
                Obs::Blocks { deep_idle: blocks.deep_idle, screen: blocks.screen }
            }
        })
    }
}

impl Machine<Wakelock> for WakelockMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
