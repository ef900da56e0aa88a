//! A resampler whose every rule can be another one.

use model::Modelled;
use spec::resampler::{
    Config, Kind, Obs, Op, RESAMPLER_COEFFICIENT_BITS, RESAMPLER_GAIN_BITS, RESAMPLER_STEPS_PER_FRAME, RESAMPLER_TABLE_ENTRIES, Rates,
    Resampler, Setup, TABLE_SLICE,
};
use spec::{ErrorCode, Failure, Machine};

/// How the sinc's coefficients are made.
#[derive(Clone, Copy)]
pub struct Sinc {
    /// A table entry.
    pub entry: fn(usize) -> i32,
    /// The table between two entries, at a share of the way.
    pub between: fn(f64, f64, f64) -> f64,
    /// What an input frame's width in the table is, as a rate.
    pub wide: fn(Rates) -> u32,
    /// Bits of a coefficient that are kept.
    pub bits: u32,
    /// Which tap takes what the sum lacks: tap 0, tap 1, or none.
    pub rest: fn(phase: u32, to: u32) -> Option<usize>,
}

/// What a wrong resampler does; what it rejects is right.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Output frames of so many input frames.
    pub length: fn(Rates, u64) -> u64,
    /// The position of an output frame: whole frames and `to`-th parts.
    pub position: fn(Rates, u64) -> (u64, u64),
    /// Whether the nearest frame is the later one.
    pub later: fn(rest: u64, to: u64) -> bool,
    /// The fraction of 2^32 for a number of `to`-th parts.
    pub fraction: fn(rest: u64, to: u64) -> u64,
    /// The kind that is used for a setup.
    pub kind: fn(&Setup) -> Kind,
    pub sinc: Sinc,
    /// The input frame that stands for one, of so many frames; none is silence.
    pub hold: fn(frame: i64, frames: i64) -> Option<i64>,
    /// The gains from channels to channels.
    pub gains: fn(u32, u32) -> Vec<u32>,
    /// An exact sum without so many fractional bits, rounded.
    pub round: fn(i128, u32) -> i128,
    /// Whether each input channel is rounded before the channels are mixed.
    pub early: bool,
    /// A rounded sample in 16 bits.
    pub clamp: fn(i128) -> i16,
    /// Input frames that an output frame waits for, beyond those that it needs.
    pub waits: u64,
    /// Whether it says that it looks ahead where it does.
    pub looks: fn(u32) -> u32,
    /// Output frames are made in groups of so many, and what a chunk does not fill of a group waits.
    pub group: u64,
    /// What becomes of the position where a chunk begins, in output frames.
    pub resume: fn(u64) -> u64,
}

pub const RIGHT: Rules = Rules {
    length: |rates, frames| frames * u64::from(rates.to_hz) / u64::from(rates.from_hz),
    position: |rates, frame| {
        let exact = frame * u64::from(rates.from_hz);
        (exact / u64::from(rates.to_hz), exact % u64::from(rates.to_hz))
    },
    later: |rest, to| 2 * rest >= to,
    fraction: |rest, to| (rest << 32) / to,
    kind: |setup| if setup.rates.from_hz == setup.rates.to_hz { Kind::Nearest } else { setup.kind },
    sinc: Sinc {
        entry: |index| model::resampler::table()[index],
        between: |one, other, share| one + (other - one) * share,
        wide: |rates| rates.from_hz.max(rates.to_hz),
        bits: RESAMPLER_COEFFICIENT_BITS,
        rest: |phase, to| Some(usize::from(2 * phase >= to)),
    },
    hold: |frame, frames| Some(frame.clamp(0, frames - 1)),
    gains: model::resampler::gains,
    round: |exact, bits| {
        let magnitude = (exact.abs() + (1 << bits >> 1)) >> bits;
        magnitude * exact.signum()
    },
    early: false,
    clamp: |sample| sample.clamp(i128::from(i16::MIN), i128::from(i16::MAX)) as i16,
    waits: 0,
    looks: |ahead| ahead,
    group: 1,
    resume: |frame| frame,
};

struct Wrong {
    rules: Rules,
    /// It says what is rejected.
    model: Box<dyn Machine<Resampler>>,
    setup: Option<Setup>,
    frames: Vec<Vec<i16>>,
    given: u64,
    /// The next output frame's number, which `given` is for right rules.
    at: u64,
}

/// A machine with these rules.
pub fn wrong(rules: Rules) -> Box<dyn Machine<Resampler>> {
    Box::new(Wrong { rules, model: Resampler::model(), setup: None, frames: Vec::new(), given: 0, at: 0 })
}

/// Coefficients by these rules, in floating point, which is exact enough: a coefficient that could be rounded either way is rare.
pub fn coefficients(sinc: &Sinc, rates: Rates, phase: u32) -> Vec<i32> {
    let half = i64::from(model::resampler::lookahead(Kind::Sinc, rates));
    let wide = u64::from((sinc.wide)(rates));
    let weight = |tap: i64| {
        let distance = (tap * i64::from(rates.to_hz) - i64::from(phase)).unsigned_abs() * u64::from(RESAMPLER_STEPS_PER_FRAME);
        let (index, share) = ((distance / wide) as usize, (distance % wide) as f64 / wide as f64);
        if index + 1 >= RESAMPLER_TABLE_ENTRIES as usize {
            return 0;
        }
        let [one, other] = [index, index + 1].map(|index| f64::from((sinc.entry)(index)));
        let dropped = RESAMPLER_COEFFICIENT_BITS - sinc.bits;
        let exact = (sinc.between)(one, other, share) * f64::from(rates.to_hz) / wide as f64;
        ((exact / f64::from(1 << dropped)).round() as i32) << dropped
    };
    let mut taps: Vec<i32> = (1 - half..=half).map(weight).collect();
    let missing = (1 << RESAMPLER_COEFFICIENT_BITS) - taps.iter().sum::<i32>();
    if let Some(tap) = (sinc.rest)(phase, rates.to_hz) {
        taps[half as usize - 1 + tap] += missing;
    }
    taps
}

impl Wrong {
    fn sample(&self, frame: i64, channel: usize) -> i128 {
        (self.rules.hold)(frame, self.frames.len() as i64).map_or(0, |frame| i128::from(self.frames[frame as usize][channel]))
    }

    fn is_ready(&self, setup: &Setup) -> bool {
        let (whole, rest) = (self.rules.position)(setup.rates, self.at);
        let needed = match (self.rules.kind)(setup) {
            Kind::Nearest => whole + u64::from((self.rules.later)(rest, u64::from(setup.rates.to_hz))),
            kind => whole + u64::from(model::resampler::lookahead(kind, setup.rates)),
        };
        needed + self.rules.waits < self.frames.len() as u64 && self.given < (RIGHT.length)(setup.rates, self.frames.len() as u64)
    }

    fn frame(&mut self, setup: &Setup) -> Vec<i16> {
        let rules = &self.rules;
        let (whole, rest) = (rules.position)(setup.rates, self.at);
        let to = u64::from(setup.rates.to_hz);
        let (taps, bits): (Vec<(i64, i128)>, u32) = match (rules.kind)(setup) {
            Kind::Nearest => (vec![(whole as i64 + i64::from((rules.later)(rest, to)), 1)], 0),
            Kind::Linear => {
                let fraction = i128::from((rules.fraction)(rest, to));
                (vec![(whole as i64, (1 << 32) - fraction), (whole as i64 + 1, fraction)], 32)
            }
            Kind::Sinc => {
                // Equal rates have a sinc of their own only where the kind is wrong.
                let half = i64::from(model::resampler::lookahead(Kind::Sinc, setup.rates)).max(1);
                let weights = coefficients(&rules.sinc, setup.rates, rest as u32);
                ((whole as i64 + 1 - half..).zip(weights.into_iter().map(i128::from)).collect(), RESAMPLER_COEFFICIENT_BITS)
            }
        };
        let inputs = setup.from_channels as usize;
        let sum = |channel| taps.iter().map(|(frame, weight)| weight * self.sample(*frame, channel)).sum::<i128>();
        let sums: Vec<i128> =
            (0..inputs).map(|channel| if rules.early { (rules.round)(sum(channel), bits) } else { sum(channel) }).collect();
        let bits = RESAMPLER_GAIN_BITS + if rules.early { 0 } else { bits };
        let output = |row: &[u32]| {
            let exact = row.iter().zip(&sums).map(|(gain, sum)| i128::from(*gain) * sum).sum();
            (rules.clamp)((rules.round)(exact, bits))
        };
        let frame = (rules.gains)(setup.from_channels, setup.to_channels).chunks(inputs).map(output).collect();
        (self.at, self.given) = (self.at + 1, self.given + 1);
        frame
    }
}

impl Machine<Resampler> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        (self.setup, self.given, self.at) = (None, 0, 0);
        self.frames.clear();
        self.model.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let right = self.model.step(op)?;
        let setup = self.setup;
        Ok(match (op, right) {
            (_, Obs::Rejected(code)) => Obs::Rejected(code),
            (Op::Open(_) | Op::Reset, right) => {
                if let Op::Open(setup) = op {
                    self.setup = Some(*setup);
                }
                (self.given, self.at) = (0, 0);
                self.frames.clear();
                if let Obs::Opened(ahead) = right { Obs::Opened((self.rules.looks)(ahead)) } else { right }
            }
            (Op::Feed(pcm), right) => {
                let Some(setup) = setup else { return Ok(right) };
                self.frames.extend(pcm.chunks(setup.from_channels as usize).map(<[i16]>::to_vec));
                self.at = (self.rules.resume)(self.at);
                let mut out = Vec::new();
                while self.is_ready(&setup) {
                    out.extend(self.frame(&setup));
                }
                let lost = (self.rules.group - self.given % self.rules.group) % self.rules.group;
                self.at += lost;
                Obs::Pcm(out)
            }
            (Op::Finish, right) => {
                let Some(setup) = setup else { return Ok(right) };
                let mut pcm = Vec::new();
                while !self.frames.is_empty() && self.given < (self.rules.length)(setup.rates, self.frames.len() as u64) {
                    pcm.extend(self.frame(&setup));
                }
                Obs::Finished { pcm, taken: self.frames.len() as u64, given: self.given }
            }
            (Op::Length(rates, frames), _) => Obs::Length((self.rules.length)(*rates, u64::from(*frames))),
            (Op::Table(first), _) => {
                let entries = *first as usize..RESAMPLER_TABLE_ENTRIES as usize;
                Obs::Table(entries.take(TABLE_SLICE as usize).map(self.rules.sinc.entry).collect())
            }
            (Op::Coefficients(rates, phase), _) => {
                let divisor = super::domains::divisor(rates.from_hz, rates.to_hz);
                let reduced = Rates { from_hz: rates.from_hz / divisor, to_hz: rates.to_hz / divisor };
                Obs::Coefficients(coefficients(&self.rules.sinc, reduced, *phase))
            }
            (Op::Gains(from, to), _) => Obs::Gains((self.rules.gains)(*from, *to)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{RIGHT, wrong};
    use model::Modelled;
    use spec::resampler::Resampler;
    use spec::{Contract, SplitMix64};

    #[test]
    fn wrong_machine_with_the_right_rules_is_right() {
        for seed in 0..300 {
            let case = Resampler::draw(&mut SplitMix64::new(seed), 24);
            assert_eq!(wrong(RIGHT).run_case(&case), Resampler::model().run_case(&case), "{seed}");
        }
    }
}
