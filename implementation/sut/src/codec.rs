//! The contract `codec` on [`services::codec`].

use alloc::string::String;
use alloc::vec::Vec;
use services::ServiceError;
use services::codec::{Codecd, I2sd, select_i2s};
use spec::codec::{Codec, Config, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `codec`.
#[derive(Clone, Debug)]
pub struct CodecMachine {
    codecd: Codecd,
    i2sd: I2sd,
    lines: Vec<String>,
}

pub(crate) use CodecMachine as Adapter;

impl Default for CodecMachine {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl CodecMachine {
    fn new(config: &Config) -> Self {
        let mut lines = Vec::new();
        Self { codecd: Codecd::default(), i2sd: I2sd::start(config.platform, &mut lines), lines }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ServiceError> {
        let Self { codecd, i2sd, lines } = self;
        Ok(match op {
            Op::Configure { route, format } => {
                let ack = codecd.configure(route, format, lines)?;
                Obs::Configured { sink: ack.sink, null_mode: ack.null_mode }
            }
            Op::Routes(property) => Obs::Routes(codecd.read_routes(&property.0)?.to_vec()),
            Op::State => {
                Obs::State { configured: codecd.configured(), enabled: i2sd.enabled(), blocks: i2sd.blocks(), digest: i2sd.digest() }
            }
            Op::Enable(enabled) => i2sd.enable(*enabled, lines).map(|()| Obs::Done)?,
            Op::Submit(block) => Obs::Taken(i2sd.submit(&block.pcm())?),
            Op::SelectI2s => select_i2s(i2sd, codecd).map(|()| Obs::Selectable)?,
            Op::Markers => Obs::Lines(core::mem::take(lines)),
        })
    }
}

impl Machine<Codec> for CodecMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}
