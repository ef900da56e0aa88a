//! The contract `tone` on [`audio::tone`].

use alloc::vec::Vec;
use audio::{AudioError, tone};
use spec::tone::{Config, Obs, Op, TABLE_SLICE, TONE_PULL_FRAMES_MAX, Tone};
use spec::{ErrorCode, Failure, Machine};

/// Samples that a pull gives at most.
const SAMPLES: usize = TONE_PULL_FRAMES_MAX as usize * 2;

/// Answers the contract `tone`.
#[derive(Clone, Debug)]
pub struct ToneMachine {
    tone: tone::Tone,
    out: [i16; SAMPLES],
}

pub(crate) use ToneMachine as Adapter;

impl Default for ToneMachine {
    fn default() -> Self {
        Self { tone: tone::Tone::default(), out: [0; SAMPLES] }
    }
}

impl Machine<Tone> for ToneMachine {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.tone = tone::Tone::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(|error| Obs::Rejected(error.code())))
    }
}

impl ToneMachine {
    fn answer(&mut self, op: &Op) -> Result<Obs, AudioError> {
        Ok(match *op {
            Op::Play { hz, ms } => Obs::Playing(self.tone.play(hz, ms)?),
            Op::Pull(frames) => {
                let remaining = self.tone.pull(frames, &mut self.out)?;
                let pcm = self.out.as_chunks::<2>().0.iter().take(frames as usize).copied().collect::<Vec<_>>().into_flattened();
                Obs::Pcm(pcm, remaining)
            }
            Op::Increment(hz) => Obs::Increment(tone::increment(hz)?),
            Op::Table(index) => Obs::Table(tone::table_from(index, TABLE_SLICE)?.to_vec()),
        })
    }
}
