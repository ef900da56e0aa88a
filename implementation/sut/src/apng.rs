//! The contract `apng` on [`decoders::apng`].

use crate::decode::Pulled;
use decoders::apng::ApngDecoder;
use spec::apng::Apng;
use spec::decode::{Limits, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `apng`.
#[derive(Debug, Default)]
pub struct ApngMachine(Pulled<ApngDecoder>);

pub(crate) use ApngMachine as Adapter;

impl Machine<Apng> for ApngMachine {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.0.open(config, ApngDecoder::new))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.0.step(op, ApngDecoder::new)
    }
}
