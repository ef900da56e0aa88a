//! The contract `mjpeg` on [`decoders::mjpeg`].

use crate::decode::Pulled;
use decoders::mjpeg::MjpegDecoder;
use spec::decode::{Limits, Obs, Op};
use spec::mjpeg::Mjpeg;
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `mjpeg`.
#[derive(Debug, Default)]
pub struct MjpegMachine(Pulled<MjpegDecoder>);

pub(crate) use MjpegMachine as Adapter;

impl Machine<Mjpeg> for MjpegMachine {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.0.open(config, MjpegDecoder::new))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.0.step(op, MjpegDecoder::new)
    }
}
