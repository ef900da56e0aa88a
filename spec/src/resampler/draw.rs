//! Drawn cases: streams fed in chunks of many sizes, with every bound met from both sides now and then.

use super::{
    Config, Kind, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_FEED_FRAMES_MAX, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN,
    RESAMPLER_TABLE_ENTRIES, Rates, Resampler, Setup,
};
use crate::{Case, Entropy, entropy};
use alloc::vec::Vec;

/// Rates that audio has.
const COMMON: [u32; 12] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000];

/// Samples that a drawn chunk takes or gives, at most: enough to see every rule, few enough for every driver.
const SAMPLES: u64 = 400;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Resampler> {
    let mut open = None;
    let ops = (0..ops).map(|index| op(source, index, &mut open)).collect();
    Case { config: Config {}, ops }
}

fn op(source: &mut dyn Entropy, index: usize, open: &mut Option<Setup>) -> Op {
    match source.below(24) {
        0..=15 if index > 0 => Op::Feed(chunk(source, open.as_ref())),
        16..=17 if index > 0 => Op::Finish,
        18 => Op::Reset,
        19 => {
            let frames = if source.one_in(4) { source.bits() as u32 } else { source.below(1_000) as u32 };
            Op::Length(rates(source), frames)
        }
        20 => Op::Gains(channels(source), channels(source)),
        21 => Op::Coefficients(rates(source), source.below(200) as u32),
        22 if source.one_in(4) => Op::Table(source.below(u64::from(RESAMPLER_TABLE_ENTRIES) + 2) as u32),
        _ => {
            let setup = setup(source);
            let valid = is_rate(setup.rates.from_hz) && is_rate(setup.rates.to_hz);
            if valid && [setup.from_channels, setup.to_channels].iter().all(|count| (1..=RESAMPLER_CHANNELS_MAX).contains(count)) {
                *open = Some(setup);
            }
            Op::Open(setup)
        }
    }
}

fn is_rate(hz: u32) -> bool {
    (RESAMPLER_RATE_HZ_MIN..=RESAMPLER_RATE_HZ_MAX).contains(&hz)
}

fn setup(source: &mut dyn Entropy) -> Setup {
    let kind = entropy::pick(source, [Kind::Sinc, Kind::Sinc, Kind::Linear, Kind::Nearest]);
    let from_channels = channels(source);
    let to_channels = if source.one_in(3) { from_channels } else { channels(source) };
    Setup { kind, rates: rates(source), from_channels, to_channels }
}

fn rates(source: &mut dyn Entropy) -> Rates {
    let from_hz = rate(source);
    let to_hz = match source.below(8) {
        0 => from_hz,
        // Near to the other, where the phases are many and the steps almost one.
        1 => from_hz.wrapping_add(source.below(7) as u32).wrapping_sub(3),
        _ => rate(source),
    };
    Rates { from_hz, to_hz }
}

fn rate(source: &mut dyn Entropy) -> u32 {
    match source.below(24) {
        0 => entropy::pick(source, [0, RESAMPLER_RATE_HZ_MIN - 1, RESAMPLER_RATE_HZ_MAX + 1, u32::MAX]),
        1 => entropy::pick(source, [RESAMPLER_RATE_HZ_MIN, RESAMPLER_RATE_HZ_MAX]),
        2..=4 => source.between(i64::from(RESAMPLER_RATE_HZ_MIN), i64::from(RESAMPLER_RATE_HZ_MAX)) as u32,
        _ => entropy::pick(source, COMMON),
    }
}

fn channels(source: &mut dyn Entropy) -> u32 {
    match source.below(24) {
        0 => entropy::pick(source, [0, RESAMPLER_CHANNELS_MAX + 1, u32::MAX]),
        1..=8 => source.between(1, i64::from(RESAMPLER_CHANNELS_MAX)) as u32,
        _ => source.between(1, 2) as u32,
    }
}

/// A chunk for what is open: mostly a few frames, sometimes enough to fill the widest sinc, now and then not whole or too long.
fn chunk(source: &mut dyn Entropy, open: Option<&Setup>) -> Vec<i16> {
    let Some(setup) = open else {
        return samples(source, 2);
    };
    let (from, to) = (u64::from(setup.rates.from_hz), u64::from(setup.rates.to_hz));
    let (taken, given) = (u64::from(setup.from_channels), u64::from(setup.to_channels));
    // So few that neither what goes in nor what comes out is more than the samples above.
    let most = (SAMPLES / taken).min(SAMPLES * from / (given * to)).max(1);
    let frames = match source.below(32) {
        0 => 0,
        1 => most,
        2..=12 => source.below(most) + 1,
        _ => source.below(most.min(16)) + 1,
    };
    if source.one_in(250) {
        // A constant, so that its size is the only thing that it says. Few streams may take the longest chunk itself.
        let small = to <= from && taken * given <= 2;
        let frames = u64::from(RESAMPLER_FEED_FRAMES_MAX) + if small { source.below(2) } else { 1 };
        return alloc::vec![7; (frames * taken) as usize];
    }
    let mut pcm = samples(source, frames * taken);
    if source.one_in(32) {
        pcm.push(1);
    }
    pcm
}

/// Noise, a constant, or a step, which show different mistakes.
fn samples(source: &mut dyn Entropy, count: u64) -> Vec<i16> {
    match source.below(8) {
        0 => alloc::vec![entropy::sample(source); count as usize],
        1 => {
            let (low, high) = (entropy::sample(source), entropy::sample(source));
            let turn = source.below(count + 1);
            (0..count).map(|index| if index < turn { low } else { high }).collect()
        }
        _ => (0..count).map(|_| entropy::sample(source)).collect(),
    }
}
