//! The contract `resampler` on [`audio::resampler`].

use alloc::vec;
use audio::{AudioError, resampler};
use spec::resampler::{Config, Obs, Op, Resampler, TABLE_SLICE};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `resampler`.
#[derive(Clone, Debug, Default)]
pub struct ResamplerMachine {
    portable: bool,
    resampler: resampler::Resampler,
}

pub(crate) use ResamplerMachine as Adapter;

impl crate::Portable for ResamplerMachine {
    fn portable() -> Self {
        Self { portable: true, resampler: resampler::Resampler::portable() }
    }
}

impl Machine<Resampler> for ResamplerMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.resampler = if self.portable { resampler::Resampler::portable() } else { resampler::Resampler::new() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

impl ResamplerMachine {
    fn answer(&mut self, op: &Op) -> Result<Obs, AudioError> {
        Ok(match op {
            Op::Open(setup) => Obs::Opened(self.resampler.open(*setup)?),
            Op::Feed(pcm) => {
                let frames = pcm.len().checked_div(self.resampler.channels() as usize).unwrap_or(0);
                let mut out = vec![0; self.resampler.room(u32::try_from(frames).unwrap_or(u32::MAX))];
                let written = self.resampler.feed(pcm, &mut out)?;
                out.truncate(written);
                Obs::Pcm(out)
            }
            Op::Finish => {
                let mut pcm = vec![0; self.resampler.room_to_finish()];
                let written = self.resampler.finish(&mut pcm)?;
                pcm.truncate(written);
                let (taken, given) = self.resampler.frames();
                Obs::Finished { pcm, taken, given }
            }
            Op::Reset => {
                self.resampler.reset()?;
                Obs::Done
            }
            Op::Length(rates, frames) => Obs::Length(resampler::length(*rates, *frames)?),
            Op::Table(first) => Obs::Table(resampler::table_from(*first, TABLE_SLICE)?.to_vec()),
            Op::Coefficients(rates, phase) => Obs::Coefficients(resampler::coefficients(*rates, *phase)?),
            Op::Gains(from, to) => Obs::Gains(resampler::gains(*from, *to)?),
        })
    }
}
