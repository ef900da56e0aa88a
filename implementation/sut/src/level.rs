//! The contract `level` on [`audio::level`].

use alloc::string::ToString;
use audio::level;
use spec::level::{Config, Level, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `level`.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelMachine(level::Level);

pub(crate) use LevelMachine as Adapter;

impl Machine<Level> for LevelMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.0 = level::Level::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let level = &mut self.0;
        let answer = match op {
            Op::Set(linear) => level.set(linear.value()).map(|()| Obs::Done),
            Op::SetText(text) => level.set_text(text).map(|()| Obs::Done),
            Op::Mute(muted) => {
                level.mute(*muted);
                Ok(Obs::Done)
            }
            Op::Get => Ok(Obs::State { level: level.q16(), effective: level.effective(), muted: level.muted() }),
            Op::Decibels(q16) => level::decibels(*q16).map(Obs::Decibels),
            Op::Show(q16) => level::show(*q16).map(|text| Obs::Text(text.to_string())),
        };
        Ok(answer.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
