//! The contract `media-config` on [`services::media_config`].

use alloc::string::ToString;
use spec::media_config::{Config, MediaConfig, Obs, Op, padded};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `media-config`.
#[derive(Clone, Debug, Default)]
pub struct MediaConfigMachine(services::media_config::MediaConfig);

pub(crate) use MediaConfigMachine as Adapter;

impl Machine<MediaConfig> for MediaConfigMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match op {
            Op::Load { layer, text, padding } => match self.0.load(*layer, &padded(text, *padding)) {
                Ok(values) => Obs::Effective(values),
                Err(error) => Obs::Rejected { code: error.code(), pointer: error.pointer().to_string(), limit: error.limit().to_string() },
            },
            Op::Effective => Obs::Effective(self.0.effective()),
            Op::Reset(layer) => Obs::Effective(self.0.reset(*layer)),
        })
    }
}
