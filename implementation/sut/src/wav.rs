//! The contract `wav` on [`audio::wav`].

use audio::wav::{self, Recorder};
use spec::wav::{Config, Obs, Op, Wav};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `wav`.
#[derive(Clone, Debug, Default)]
pub struct WavMachine(Recorder);

pub(crate) use WavMachine as Adapter;

impl Machine<Wav> for WavMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.0 = Recorder::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let answer = match op {
            Op::Load(file) => wav::load(file).map(Obs::Pcm),
            Op::Save(pcm) => wav::save(pcm).map(Obs::File),
            Op::Begin => {
                self.0.begin();
                Ok(Obs::Done)
            }
            Op::Append(pcm) => self.0.append(pcm).map(|()| Obs::Done),
            Op::Finish => self.0.finish().map(Obs::File),
        };
        Ok(answer.unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
