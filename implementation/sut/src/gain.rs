//! The contract `gain` on [`audio::gain`].

use audio::gain;
use spec::gain::{Config, Gain, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `gain`.
#[derive(Clone, Copy, Debug, Default)]
pub struct GainMachine;

pub(crate) use GainMachine as Adapter;

impl Machine<Gain> for GainMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let answer = match op {
            Op::Factor(db) => gain::factor(*db).map(Obs::Factor),
            Op::Apply(db, samples) => gain::apply(*db, samples).map(Obs::Scaled),
        };
        Ok(answer.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
