//! The contract `wav-stream` on [`decoders::wav_stream`].

use crate::decode::Pulled;
use decoders::wav_stream::WavStreamDecoder;
use spec::wav_stream::{Limits, Obs, Op, WavStream};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `wav-stream`.
#[derive(Debug, Default)]
pub struct WavStreamMachine(Pulled<WavStreamDecoder>);

pub(crate) use WavStreamMachine as Adapter;

impl Machine<WavStream> for WavStreamMachine {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.0.open(config, WavStreamDecoder::new))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.0.step(op, WavStreamDecoder::new)
    }
}
