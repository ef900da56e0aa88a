//! A mixer with rules that can be made wrong one by one.

use super::{clip, half_away};
use model::Modelled;
use spec::gain::GAIN_UNITY_Q16;
use spec::level::LEVEL_UNITY_Q16;
use spec::mixer::{Config, Curve, Input, MIXER_STREAMS_MAX, Mixed, Mixer, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// A sample on its way out.
#[derive(Clone, Copy)]
pub struct Sample {
    /// The rounded sum.
    pub before: i64,
    /// What the curve made of it.
    pub after: i16,
    /// Whether it counts as altered.
    pub altered: bool,
}

/// What a wrong mixer does; what it rejects is right.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Takes an accepted operation that is not a block; false where it is to be taken as is right.
    pub hear: fn(&mut State, &Op) -> bool,
    /// Takes a rejected operation, which should change nothing.
    pub mishear: fn(&mut State, &Op),
    /// The factor of a stream at one of so many frames.
    pub factor: fn(&State, usize, i64, i64) -> i64,
    /// The sample that an input of a block gives at an index.
    pub given: fn(&State, &[Input], usize, usize) -> i16,
    /// A product with so many fractional bits, rounded.
    pub round: fn(i64, u32) -> i64,
    /// The clip curve.
    pub clip: fn(Curve, i64) -> i16,
    /// A sample of products, at a level; the carry starts a block as 0.
    pub sample: fn(&Rules, &mut i64, &[i64], i64, Curve) -> Sample,
    /// Changes a finished block.
    pub finish: fn(&mut State, &mut Mixed, &[Sample]),
    /// Whether a muted block is mixed and then silenced, without its meters.
    pub mutes_late: bool,
}

/// The right rules.
pub const RIGHT: Rules = Rules {
    hear: |_, _| false,
    mishear: |_, _| {},
    factor: |state, stream, _, _| i64::from(state.streams[stream]),
    given: |_, inputs, which, index| inputs[which].pcm.get(index).copied().unwrap_or(0),
    round: half_away,
    clip,
    sample: |rules, _, products, level, curve| rules.clipped((rules.round)(products.iter().sum::<i64>() * level, 32), curve),
    finish: |_, _, _| {},
    mutes_late: false,
};

impl Rules {
    /// The sample that the curve makes of a rounded sum.
    pub fn clipped(&self, before: i64, curve: Curve) -> Sample {
        let after = (self.clip)(curve, before);
        Sample { before, after, altered: i64::from(after) != before }
    }
}

/// The state of a wrong mixer.
pub struct State {
    /// The clip curve.
    pub curve: Curve,
    /// The factors of all slots, open or not.
    pub streams: [u32; SLOTS],
    /// Which slots are open.
    pub open: [bool; SLOTS],
    /// The master level.
    pub level: u32,
    /// Whether it is muted.
    pub muted: bool,
    /// Gains that wait.
    pub pending: Vec<(usize, u32)>,
    /// The factors of the last block.
    pub former: [u32; SLOTS],
    /// The samples of the last block.
    pub last: Vec<i16>,
    /// Samples altered so far.
    pub clipped: u32,
    /// The largest peak so far.
    pub peak: [u32; 2],
}

/// Slots for streams.
pub const SLOTS: usize = MIXER_STREAMS_MAX as usize;

impl State {
    fn new(curve: Curve) -> Self {
        Self {
            curve,
            streams: [GAIN_UNITY_Q16; SLOTS],
            open: [false; SLOTS],
            level: LEVEL_UNITY_Q16,
            muted: false,
            pending: Vec::new(),
            former: [GAIN_UNITY_Q16; SLOTS],
            last: Vec::new(),
            clipped: 0,
            peak: [0; 2],
        }
    }

    /// Takes the lowest free slot, and leaves its gain.
    pub fn open(&mut self) -> usize {
        let slot = self.open.iter().position(|open| !open).unwrap_or(0);
        self.open[slot] = true;
        slot
    }

    fn hear(&mut self, op: &Op) {
        match *op {
            Op::Open => {
                let slot = self.open();
                (self.streams[slot], self.former[slot]) = (GAIN_UNITY_Q16, GAIN_UNITY_Q16);
            }
            Op::Close(stream) => self.open[stream as usize] = false,
            Op::SetGain(stream, db) => self.streams[stream as usize] = factor(db),
            Op::SetLevel(level) => self.level = level,
            Op::Mute(muted) => self.muted = muted,
            Op::Mix { .. } | Op::Clip { .. } => {}
        }
    }
}

/// The factor of a gain; 0 for none.
pub fn factor(db: i32) -> u32 {
    model::gain::factor(db).unwrap_or(0)
}

struct Wrong {
    rules: Rules,
    /// It says what is rejected.
    model: Box<dyn Machine<Mixer>>,
    state: State,
}

/// A mixer of those rules.
pub fn wrong(rules: Rules) -> Box<dyn Machine<Mixer>> {
    Box::new(Wrong { rules, model: Mixer::model(), state: State::new(Curve::default()) })
}

impl Wrong {
    fn mix(&mut self, frames: u32, inputs: &[Input]) -> Mixed {
        let (rules, state) = (self.rules, &mut self.state);
        let level = if state.muted && !rules.mutes_late { 0 } else { i64::from(state.level) };
        let mut carry = [0; 2];
        let mut samples = Vec::new();
        for index in 0..2 * frames as usize {
            let product = |(which, input): (usize, &Input)| {
                let factor = (rules.factor)(state, input.stream as usize, index as i64 / 2, i64::from(frames));
                i64::from((rules.given)(state, inputs, which, index)) * factor
            };
            let products: Vec<i64> = inputs.iter().enumerate().map(product).collect();
            samples.push((rules.sample)(&rules, &mut carry[index % 2], &products, level, state.curve));
        }
        let channel = |channel: usize| samples.iter().skip(channel).step_by(2).map(|sample| u64::from(sample.after.unsigned_abs()));
        let mut mixed = Mixed {
            pcm: samples.iter().map(|sample| sample.after).collect(),
            clipped: samples.iter().filter(|sample| sample.altered).count() as u32,
            peak: [0, 1].map(|side| channel(side).max().unwrap_or(0) as u32),
            rms: [0, 1].map(|side| (channel(side).map(|magnitude| magnitude * magnitude).sum::<u64>() / u64::from(frames)).isqrt() as u32),
        };
        if state.muted && rules.mutes_late {
            mixed.pcm.fill(0);
        }
        (rules.finish)(state, &mut mixed, &samples);
        for (slot, factor) in state.pending.drain(..) {
            state.streams[slot] = factor;
        }
        state.former = state.streams;
        state.last.clone_from(&mixed.pcm);
        mixed
    }
}

impl Machine<Mixer> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.state = State::new(config.curve);
        self.model.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let right = self.model.step(op)?;
        if matches!(right, Obs::Rejected(_)) {
            (self.rules.mishear)(&mut self.state, op);
            return Ok(right);
        }
        Ok(match op {
            Op::Mix { frames, inputs } => Obs::Mixed(self.mix(*frames, inputs)),
            Op::Clip { first, count } => {
                let values = (i64::from(*first)..).take(*count as usize);
                Obs::Clipped(values.map(|y| (self.rules.clip)(self.state.curve, y)).collect())
            }
            op => {
                if !(self.rules.hear)(&mut self.state, op) {
                    self.state.hear(op);
                }
                right
            }
        })
    }
}

/// A mixer that hears some operations wrong.
pub fn hearing(hear: fn(&mut State, &Op) -> bool) -> Box<dyn Machine<Mixer>> {
    wrong(Rules { hear, ..RIGHT })
}

#[cfg(test)]
mod tests {
    use super::{RIGHT, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::mixer::Mixer;
    use spec::{Contract, SplitMix64};

    #[test]
    fn wrong_machine_with_the_right_rules_is_right() {
        for case in
            (0..500).map(|seed| Mixer::draw(&mut SplitMix64::new(seed), 24)).chain(Mixer::goldens().into_iter().map(|golden| golden.case))
        {
            assert_eq!(wrong(RIGHT).run_case(&case), Mixer::model().run_case(&case), "{case:?}");
        }
    }
}
