//! A recorder of WAV files that can be told to make one mistake.

use spec::wav::{Config, Obs, Op, Wav};
use spec::{ErrorCode, Failure, Machine};

/// The mistakes, each one a line or two of [`Recorder::step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    #[cfg(test)]
    None,
    LastPartAlone,
    NewestFirst,
    BeginKeeps,
    FinishKeeps,
    SizesOfNothing,
    SaveEnds,
    LoadEnds,
    AppendBegins,
    FinishesNothing,
    RejectionEnds,
    RejectionKeepsFrames,
    AlignmentFirst,
    DropsOddSample,
}

struct Recorder {
    inner: Box<dyn Machine<Wav>>,
    recording: Option<Vec<i16>>,
    mistake: Mistake,
}

impl Machine<Wav> for Recorder {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.recording = None;
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        use Mistake as M;
        let mistake = self.mistake;
        let is = |other| mistake == other;
        match op {
            Op::Begin => {
                if self.recording.is_none() || !is(M::BeginKeeps) {
                    self.recording = Some(Vec::new());
                }
                Ok(Obs::Done)
            }
            Op::Append(pcm) => Ok(self.append(pcm).map_or_else(Obs::Rejected, |()| Obs::Done)),
            Op::Finish => {
                let nothing = is(M::FinishesNothing).then(Vec::new);
                let Some(whole) = self.recording.take().or(nothing) else {
                    return Ok(Obs::Rejected(ErrorCode::NoRecording));
                };
                if is(M::FinishKeeps) {
                    self.recording = Some(whole.clone());
                }
                let mut obs = self.inner.step(&Op::Save(whole))?;
                if let (true, Obs::File(bytes)) = (is(M::SizesOfNothing), &mut obs) {
                    bytes[4..8].copy_from_slice(&36_u32.to_le_bytes());
                    bytes[40..44].fill(0);
                }
                Ok(obs)
            }
            op => {
                if is(M::SaveEnds) && matches!(op, Op::Save(_)) || is(M::LoadEnds) && matches!(op, Op::Load(_)) {
                    self.recording = None;
                }
                self.inner.step(op)
            }
        }
    }
}

impl Recorder {
    fn append(&mut self, pcm: &[i16]) -> Result<(), ErrorCode> {
        use Mistake as M;
        let is = |other| self.mistake == other;
        let (odd, frames) = (!pcm.len().is_multiple_of(2), &pcm[..pcm.len() / 2 * 2]);
        if odd && is(M::AlignmentFirst) {
            return Err(ErrorCode::Misaligned);
        }
        let (last_alone, newest_first) = (is(M::LastPartAlone), is(M::NewestFirst));
        let (keeps, ends, drops) = (is(M::RejectionKeepsFrames), is(M::RejectionEnds), is(M::DropsOddSample));
        if is(M::AppendBegins) {
            self.recording.get_or_insert_default();
        }
        let whole = self.recording.as_mut().ok_or(ErrorCode::NoRecording)?;
        if odd && !drops {
            if keeps {
                whole.extend_from_slice(frames);
            }
            if ends {
                self.recording = None;
            }
            return Err(ErrorCode::Misaligned);
        }
        if last_alone {
            whole.clear();
        }
        let at = if newest_first { 0 } else { whole.len() };
        whole.splice(at..at, frames.iter().copied());
        Ok(())
    }
}

/// A machine that records with one mistake.
pub(super) fn misrecording(mistake: Mistake) -> Box<dyn Machine<Wav>> {
    Box::new(Recorder { inner: <Wav as model::Modelled>::model(), recording: None, mistake })
}

#[cfg(test)]
mod tests {
    use super::{Mistake, misrecording};
    use model::Modelled;
    use spec::{Contract, SplitMix64, wav::Wav};

    #[test]
    fn without_a_mistake_the_recorder_is_right() {
        let (mut model, mut recorder) = (Wav::model(), misrecording(Mistake::None));
        for seed in 0..2_000 {
            let case = Wav::draw(&mut SplitMix64::new(seed), 24);
            assert_eq!(recorder.run_case(&case), model.run_case(&case), "seed {seed}");
        }
    }
}
