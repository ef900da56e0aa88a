//! The contract `decode-bounds` on the decoders and on the reader of WAV files.

use audio::wav::load;
use decoders::Client;
use decoders::decode_bounds::survey;
use spec::decode_bounds::{Config, DecodeBounds, Given, Obs, Op, Stage, Trial, sum, trial};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `decode-bounds`.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecodeBoundsMachine;

pub(crate) use DecodeBoundsMachine as Adapter;

/// What comes of a stream of the table, and the bytes that its client's memory was charged for in the end.
pub fn tried(trial: &Trial) -> (Obs, u64) {
    let Some(codec) = trial.format.codec() else {
        return (loaded(&trial.stream), 0);
    };
    let client = match Client::new(trial.limits.clone()) {
        Ok(client) => client,
        Err(error) => return (Obs::Rejected { at: Stage::Open, code: error.code(), given: Given::default() }, 0),
    };
    let found = survey(&client, codec, &trial.stream, trial.reach);
    let obs = match found.found {
        Ok(()) => Obs::Accepted(found.given),
        Err((at, error)) => Obs::Rejected { at, code: error.code(), given: found.given },
    };
    (obs, found.held)
}

fn loaded(file: &[u8]) -> Obs {
    let nothing = Given::default();
    match load(file) {
        Ok(samples) => {
            let sum = samples.iter().fold(nothing.sum, |total, sample| sum(total, &sample.to_le_bytes()));
            Obs::Accepted(Given { packets: 1, sum, ..nothing })
        }
        Err(error) => Obs::Rejected { at: Stage::Packets, code: error.code(), given: nothing },
    }
}

impl Machine<DecodeBounds> for DecodeBoundsMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(trial(op).map_or(Obs::NoRow, |trial| tried(&trial).0))
    }
}
