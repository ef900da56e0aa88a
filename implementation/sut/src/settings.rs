//! The contract `settings` on [`services::settings`].

use alloc::string::ToString;
use alloc::vec::Vec;
use services::settings::{Audio, Availability, Settingsd, StateFile, Store};
use spec::settings::{Applied, Bytes, Config, Entry, Obs, Op, Settings, Sink};
use spec::{ErrorCode, Failure, Machine};

/// Writes down what audiod is told.
#[derive(Clone, Debug, Default)]
struct Told(Vec<Applied>);

impl Audio for Told {
    fn level(&mut self, q16: u32) {
        self.0.push(Applied::Level(q16));
    }

    fn muted(&mut self, muted: bool) {
        self.0.push(Applied::Muted(muted));
    }

    fn sink(&mut self, sink: Sink) {
        self.0.push(Applied::Sink(sink));
    }
}

/// Answers the contract `settings`.
#[derive(Clone, Debug)]
pub struct SettingsMachine(Settingsd<StateFile, Told>);

pub(crate) use SettingsMachine as Adapter;

impl Default for SettingsMachine {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl SettingsMachine {
    fn new(config: &Config) -> Self {
        let available = Availability { state: config.state, i2s: config.i2s };
        Self(Settingsd::start(StateFile::default(), Told::default(), available))
    }
}

impl Machine<Settings> for SettingsMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let settingsd = &mut self.0;
        let loaded = |loaded: services::settings::Loaded| Obs::Loaded { taken: loaded.taken, skipped: loaded.skipped };
        let answer = match op {
            Op::Set { key, value, scope } => {
                settingsd.set(&key.0, &value.0, *scope).map(|stored| Obs::Stored { changed: stored.changed, persisted: stored.persisted })
            }
            Op::Get(key) => settingsd.get(&key.0).map(|value| Obs::Value(value.to_string())),
            Op::List => {
                let entry = |setting: services::settings::Setting<'_>| Entry {
                    key: setting.key.to_string(),
                    value: setting.value.to_string(),
                    scope: setting.scope,
                };
                Ok(Obs::List(settingsd.list().map(entry).to_vec()))
            }
            Op::Sink => {
                let sink = settingsd.sink();
                Ok(Obs::Sink { wish: sink.wish, effective: sink.effective })
            }
            Op::Applied => Ok(Obs::Applied(core::mem::take(&mut settingsd.audio_mut().0))),
            Op::Persisted => {
                let file = if settingsd.available().state { settingsd.store().read() } else { None };
                Ok(Obs::File(file.map(Bytes)))
            }
            Op::Restart => Ok(loaded(settingsd.restart())),
            Op::Plant(bytes) => settingsd.store_mut().plant(&bytes.0).map(|()| Obs::Done),
            Op::StateAvailable(available) => Ok(settingsd.state_available(*available).map_or(Obs::Done, loaded)),
            Op::I2sEnabled(enabled) => {
                settingsd.i2s_enabled(*enabled);
                Ok(Obs::Done)
            }
            Op::FailWrites(fail) => {
                settingsd.store_mut().fail_writes(*fail);
                Ok(Obs::Done)
            }
        };
        Ok(answer.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
