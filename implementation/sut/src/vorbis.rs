//! The contract `vorbis` on [`decoders::vorbis`].

use crate::decode::Pulled;
use decoders::vorbis::VorbisDecoder;
use spec::vorbis::{Limits, Obs, Op, Vorbis};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `vorbis`.
#[derive(Debug, Default)]
pub struct VorbisMachine(Pulled<VorbisDecoder>);

pub(crate) use VorbisMachine as Adapter;

impl Machine<Vorbis> for VorbisMachine {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        Ok(self.0.open(config, VorbisDecoder::new))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        self.0.step(op, VorbisDecoder::new)
    }
}
