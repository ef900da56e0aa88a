//! Laws about tones: what the sinc lets pass, and what it stops.

use super::case;
use crate::suite::Held;
use spec::resampler::{
    Kind, Obs, Op, RESAMPLER_CROSSINGS, RESAMPLER_PASS_BAND_PERMILLE, RESAMPLER_STOP_BAND_PERMILLE, Rates, Resampler, Setup,
};
use spec::{Case, Entropy, Failure, Machine, entropy};
use std::f64::consts::TAU;

/// The tones' amplitude.
const AMPLITUDE: f64 = 8_192.0;
/// How far a passing tone may be off: the ripple, the rounding of every input sample, and that of the output.
const OFF_MAX: f64 = 4.0;
/// What may be left of a stopped tone: the rounding of every input sample, and that of the output.
const LEFT_MAX: u16 = 2;
/// Tones of one band.
const TONES: u64 = 64;
/// Output frames that are looked at, at least.
const FRAMES: u32 = 100;

/// A band of tones between two rates.
#[derive(Clone, Copy)]
struct Band {
    rates: Rates,
    /// The frequency of each tone in Hz.
    hz: fn(Rates, u64) -> f64,
}

/// From the lowest tone up to the end of the pass band of the lower rate.
fn passing_hz(rates: Rates, tone: u64) -> f64 {
    let end = f64::from(rates.from_hz.min(rates.to_hz)) * f64::from(RESAMPLER_PASS_BAND_PERMILLE) / 1_000.0;
    end * (tone + 1) as f64 / TONES as f64
}

/// From the beginning of the lower rate's stop band up to half the higher rate.
fn stopped_hz(rates: Rates, tone: u64) -> f64 {
    let start = f64::from(rates.to_hz) * f64::from(RESAMPLER_STOP_BAND_PERMILLE) / 1_000.0;
    start + (f64::from(rates.from_hz) / 2.0 - start) * tone as f64 / TONES as f64
}

/// Input frames to each side that an output frame is made of.
fn half(rates: Rates) -> u32 {
    (RESAMPLER_CROSSINGS * rates.from_hz.max(rates.to_hz)).div_ceil(rates.to_hz)
}

impl Band {
    /// Frames of tone 0. Each further tone has one more, so that its length says which it is.
    fn shortest(&self) -> usize {
        let looked_at = u64::from(FRAMES) * u64::from(self.rates.from_hz) / u64::from(self.rates.to_hz);
        2 * half(self.rates) as usize + looked_at as usize
    }

    /// The angle of a tone at a time in seconds.
    fn value(&self, tone: u64, seconds: f64) -> f64 {
        // Its phase is another one for each tone.
        AMPLITUDE * (TAU * (self.hz)(self.rates, tone) * seconds + tone as f64).sin()
    }

    fn samples(&self, tone: u64) -> Vec<i16> {
        let time = |frame: usize| frame as f64 / f64::from(self.rates.from_hz);
        (0..self.shortest() + tone as usize).map(|frame| self.value(tone, time(frame)).round() as i16).collect()
    }

    fn draw(&self, entropy: &mut dyn Entropy) -> Case<Resampler> {
        let setup = Setup { kind: Kind::Sinc, rates: self.rates, from_channels: 1, to_channels: 1 };
        case(vec![Op::Open(setup), Op::Feed(self.samples(entropy.below(TONES)))])
    }
}

pub fn draw_passing(entropy: &mut dyn Entropy) -> Case<Resampler> {
    let pairs =
        [(44_100, 48_000), (48_000, 44_100), (48_000, 96_000), (48_000, 16_000), (22_050, 32_000), (11_025, 44_100), (48_000, 47_999)];
    let (from_hz, to_hz) = entropy::pick(entropy, pairs);
    Band { rates: Rates { from_hz, to_hz }, hz: passing_hz }.draw(entropy)
}

pub fn draw_stopped(entropy: &mut dyn Entropy) -> Case<Resampler> {
    let (from_hz, to_hz) =
        entropy::pick(entropy, [(96_000, 48_000), (48_000, 32_000), (48_000, 16_000), (48_000, 44_100), (44_100, 11_025)]);
    Band { rates: Rates { from_hz, to_hz }, hz: stopped_hz }.draw(entropy)
}

/// The tone that a case feeds, and what a machine makes of it.
struct Heard {
    band: Band,
    tone: u64,
    /// Output frames that no end of the stream is in, with their numbers.
    inside: Vec<(u64, i16)>,
}

fn heard(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>, hz: fn(Rates, u64) -> f64) -> Result<Result<Heard, Held>, Failure> {
    let [Op::Open(setup), Op::Feed(pcm)] = case.ops.as_slice() else { return Ok(Err(Held::NotApplicable)) };
    let band = Band { rates: setup.rates, hz };
    // Anything else than one of the tones, such as a part of one, says nothing.
    let tone = pcm.len().checked_sub(band.shortest()).map(|tone| tone as u64).filter(|tone| *tone < TONES && band.samples(*tone) == *pcm);
    let (Some(tone), Kind::Sinc) = (tone, setup.kind) else { return Ok(Err(Held::NotApplicable)) };
    let mut trace = machine.run_case(case)?;
    let Some(Obs::Pcm(out)) = trace.obs.pop() else { return Ok(Err(Held::No("the tone was not taken".to_owned()))) };
    let whole = |frame: u64| frame * u64::from(setup.rates.from_hz) / u64::from(setup.rates.to_hz);
    let half = u64::from(half(setup.rates));
    let inside = (0..).zip(out).filter(|(frame, _)| whole(*frame) >= half && whole(*frame) + half < pcm.len() as u64).collect();
    Ok(Ok(Heard { band, tone, inside }))
}

/// A tone in the pass band comes out at its amplitude and phase.
pub fn passes(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Held, Failure> {
    let Heard { band, tone, inside } = match heard(machine, case, passing_hz)? {
        Ok(heard) => heard,
        Err(held) => return Ok(held),
    };
    if inside.len() < FRAMES as usize / 2 {
        return Ok(Held::No(format!("of a tone of {} frames only {} came out", band.shortest(), inside.len())));
    }
    for (frame, sample) in &inside {
        let exact = band.value(tone, *frame as f64 / f64::from(band.rates.to_hz));
        if (f64::from(*sample) - exact).abs() > OFF_MAX {
            let hz = passing_hz(band.rates, tone);
            return Ok(Held::No(format!("frame {frame} of a tone of {hz:.0} Hz is {sample}, expected {exact:.1} within {OFF_MAX}")));
        }
    }
    Ok(Held::Yes(inside.len() as u64))
}

/// Of a tone in the stop band hardly anything comes out.
pub fn stops(machine: &mut dyn Machine<Resampler>, case: &Case<Resampler>) -> Result<Held, Failure> {
    let Heard { band, tone, inside } = match heard(machine, case, stopped_hz)? {
        Ok(heard) => heard,
        Err(held) => return Ok(held),
    };
    if let Some((frame, sample)) = inside.iter().find(|(_, sample)| sample.unsigned_abs() > LEFT_MAX) {
        let hz = stopped_hz(band.rates, tone);
        return Ok(Held::No(format!("frame {frame} of a tone of {hz:.0} Hz is {sample}, expected at most {LEFT_MAX}")));
    }
    Ok(if inside.is_empty() { Held::NotApplicable } else { Held::Yes(inside.len() as u64) })
}
