//! The contract `gif` on [`decoders::gif`].

use crate::decode::Pulled;
use decoders::gif::GifDecoder;
use spec::decode::{Limits, Obs, Op};
use spec::gif::Gif;
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `gif`.
#[derive(Debug, Default)]
pub struct GifMachine(Pulled<GifDecoder>);

pub(crate) use GifMachine as Adapter;

impl Machine<Gif> for GifMachine {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.0.open(config, GifDecoder::new))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.0.step(op, GifDecoder::new)
    }
}
