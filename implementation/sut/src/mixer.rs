//! The contract `mixer` on [`audio::mixer`].

use alloc::vec::Vec;
use audio::AudioError;
use audio::mixer::{self, BlockInput};
use spec::format::BLOCK_FRAMES;
use spec::mixer::{Config, Curve, Mixed, Mixer, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// Samples of one engine block.
const BLOCK_SAMPLES: usize = BLOCK_FRAMES as usize * 2;

/// Answers the contract `mixer`.
#[derive(Clone, Debug)]
pub struct MixerMachine {
    curve: Curve,
    portable: bool,
    mixer: mixer::Mixer,
    block: [i16; BLOCK_SAMPLES],
}

pub(crate) use MixerMachine as Adapter;

impl Default for MixerMachine {
    fn default() -> Self {
        Self { curve: Curve::default(), portable: false, mixer: mixer::Mixer::default(), block: [0; BLOCK_SAMPLES] }
    }
}

impl crate::Portable for MixerMachine {
    fn portable() -> Self {
        Self { portable: true, mixer: mixer::Mixer::portable(Curve::default()), ..Self::default() }
    }
}

impl Machine<Mixer> for MixerMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.curve = config.curve;
        self.mixer = if self.portable { mixer::Mixer::portable(config.curve) } else { mixer::Mixer::new(config.curve) };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

impl MixerMachine {
    fn answer(&mut self, op: &Op) -> Result<Obs, AudioError> {
        match op {
            Op::Open => return Ok(Obs::Opened(self.mixer.open()?)),
            Op::Close(stream) => self.mixer.close(*stream)?,
            Op::SetGain(stream, db) => self.mixer.set_gain(*stream, *db)?,
            Op::SetLevel(level) => self.mixer.set_level(*level)?,
            Op::Mute(muted) => self.mixer.mute(*muted),
            Op::Mix { frames, inputs } => {
                let inputs: Vec<_> = inputs.iter().map(|input| BlockInput { stream: input.stream, pcm: &input.pcm }).collect();
                let report = self.mixer.mix(*frames, &inputs, &mut self.block)?;
                let pcm = self.block.as_chunks::<2>().0.iter().take(*frames as usize).copied().collect::<Vec<_>>().into_flattened();
                return Ok(Obs::Mixed(Mixed { pcm, clipped: report.clipped, peak: report.peak, rms: report.rms }));
            }
            Op::Clip { first, count } => return Ok(Obs::Clipped(mixer::clip_range(self.curve, *first, *count)?)),
        }
        Ok(Obs::Done)
    }
}
