//! The reference model of the contract `mixer`.

pub use self::MixerModel as Model;
use crate::gain;
use spec::gain::GAIN_UNITY_Q16;
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{
    CLIP_RANGE_VALUES_MAX, CLIP_SOFT_KNEE, CLIP_SOFT_SPAN, CLIP_SUM_MAX, Config, Curve, Input, MIXER_BLOCK_FRAMES_MAX, MIXER_STREAMS_MAX,
    Mixed, Mixer, Obs, Op,
};
use spec::{ErrorCode, Failure, Machine};

/// The reference model of the contract `mixer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixerModel {
    curve: Curve,
    /// The Q16 factor of each open stream.
    streams: [Option<u32>; MIXER_STREAMS_MAX as usize],
    /// The master level, in Q16.
    level: u32,
    muted: bool,
}

impl Default for MixerModel {
    fn default() -> Self {
        Self { curve: Curve::default(), streams: Default::default(), level: LEVEL_UNITY_Q16, muted: false }
    }
}

/// The clip curve.
fn clip(curve: Curve, y: i64) -> i16 {
    let (knee, span) = (i64::from(CLIP_SOFT_KNEE), i64::from(CLIP_SOFT_SPAN));
    let clipped = match curve {
        // MIXER-006
        Curve::Saturate => y.clamp(-32_768, 32_767),
        // MIXER-007
        Curve::Soft => {
            let d = y.abs() - knee;
            let magnitude = if d <= 0 {
                y.abs()
            } else if d < span {
                knee + d - (d * d + 16_384) / 32_768
            } else {
                32_767
            };
            // MIXER-013: the sign is kept.
            if y < 0 { -magnitude } else { magnitude }
        }
    };
    clipped as i16
}

/// Half away from zero, from 32 fractional bits to none.
fn round(value: i64) -> i64 {
    let magnitude = (value.abs() + (1 << 31)) >> 32;
    if value < 0 { -magnitude } else { magnitude }
}

/// Mixes one block of inputs, each a Q16 factor and its samples, at a master level in Q16.
pub(crate) fn mix_block(curve: Curve, level: u32, frames: u32, inputs: &[(u32, &[i16])]) -> Mixed {
    let mut mixed = Mixed { pcm: Vec::new(), clipped: 0, peak: [0; 2], rms: [0; 2] };
    let mut squares = [0_u64; 2];
    // MIXER-016: no sample looks at another.
    for index in 0..frames as usize * 2 {
        // MIXER-003: exact products in Q16, below 2^37 for sixteen streams. MIXER-012: exact sums have no order.
        // MIXER-014: a sample that is not given is zero.
        let sum: i64 = inputs.iter().map(|(factor, pcm)| i64::from(pcm.get(index).copied().unwrap_or(0)) * i64::from(*factor)).sum();
        // MIXER-004, MIXER-005: the level makes it Q32, below 2^53; one rounding; then the clip curve.
        let rounded = round(sum * i64::from(level));
        let sample = clip(curve, rounded);
        // MIXER-008
        mixed.clipped += u32::from(i64::from(sample) != rounded);
        let (channel, magnitude) = (index % 2, u32::from(sample.unsigned_abs()));
        // MIXER-010
        mixed.peak[channel] = mixed.peak[channel].max(magnitude);
        squares[channel] += u64::from(magnitude) * u64::from(magnitude);
        mixed.pcm.push(sample);
    }
    // MIXER-011: the floor of the mean does not change the floor of its root.
    mixed.rms = squares.map(|sum| (sum / u64::from(frames)).isqrt() as u32);
    mixed
}

impl MixerModel {
    fn stream(&mut self, id: u32) -> Result<&mut Option<u32>, ErrorCode> {
        // MIXER-015
        self.streams.get_mut(id as usize).filter(|stream| stream.is_some()).ok_or(ErrorCode::UnknownStream)
    }

    fn open(&mut self) -> Result<Obs, ErrorCode> {
        // MIXER-001
        let id = self.streams.iter().position(Option::is_none).ok_or(ErrorCode::TooManyStreams)?;
        // MIXER-002
        self.streams[id] = Some(GAIN_UNITY_Q16);
        Ok(Obs::Opened(id as u32))
    }

    fn set_gain(&mut self, id: u32, db: i32) -> Result<Obs, ErrorCode> {
        let stream = self.stream(id)?;
        // MIXER-002; MIXER-015
        *stream = Some(gain::factor(db)?);
        Ok(Obs::Done)
    }

    fn set_level(&mut self, level: u32) -> Result<Obs, ErrorCode> {
        // MIXER-015
        if level > LEVEL_Q16_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        self.level = level;
        Ok(Obs::Done)
    }

    /// The factor and the samples of each input, if all of them are as they must be: MIXER-015.
    fn accept<'a>(&mut self, frames: u32, inputs: &'a [Input]) -> Result<Vec<(u32, &'a [i16])>, ErrorCode> {
        if frames == 0 || frames > MIXER_BLOCK_FRAMES_MAX {
            return Err(ErrorCode::OutOfRange);
        }
        let mut named = [false; MIXER_STREAMS_MAX as usize];
        let mut accepted = Vec::new();
        for input in inputs {
            let factor = self.stream(input.stream)?.unwrap_or(0);
            if std::mem::replace(&mut named[input.stream as usize], true) {
                return Err(ErrorCode::DuplicateStream);
            }
            if input.pcm.len() > frames as usize * 2 {
                return Err(ErrorCode::OversizedInput);
            }
            if !input.pcm.len().is_multiple_of(2) {
                return Err(ErrorCode::Misaligned);
            }
            accepted.push((factor, input.pcm.as_slice()));
        }
        Ok(accepted)
    }

    fn mix(&mut self, frames: u32, inputs: &[Input]) -> Result<Obs, ErrorCode> {
        let inputs = self.accept(frames, inputs)?;
        // MIXER-009: the remembered level is not touched.
        let level = if self.muted { 0 } else { self.level };
        Ok(Obs::Mixed(mix_block(self.curve, level, frames, &inputs)))
    }

    fn clip_range(&self, first: i32, count: u32) -> Result<Obs, ErrorCode> {
        // MIXER-015
        if count > CLIP_RANGE_VALUES_MAX {
            return Err(ErrorCode::OversizedInput);
        }
        let (first, end, max) = (i64::from(first), i64::from(first) + i64::from(count), i64::from(CLIP_SUM_MAX));
        if first < -max || first > max || end - 1 > max {
            return Err(ErrorCode::OutOfRange);
        }
        Ok(Obs::Clipped((first..end).map(|y| clip(self.curve, y)).collect()))
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        match op {
            Op::Open => self.open(),
            Op::Close(id) => self.stream(*id).map(|stream| {
                *stream = None;
                Obs::Done
            }),
            Op::SetGain(id, db) => self.set_gain(*id, *db),
            Op::SetLevel(level) => self.set_level(*level),
            Op::Mute(muted) => {
                // MIXER-009
                self.muted = *muted;
                Ok(Obs::Done)
            }
            Op::Mix { frames, inputs } => self.mix(*frames, inputs),
            Op::Clip { first, count } => self.clip_range(*first, *count),
        }
    }
}

impl Machine<Mixer> for MixerModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self { curve: config.curve, ..Self::default() };
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
