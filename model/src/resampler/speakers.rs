//! What stands for a speaker that a layout lacks.

use spec::resampler::{RESAMPLER_GAIN_BITS, RESAMPLER_HALF_POWER_Q16};

/// A place for a loudspeaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaker {
    /// The only one.
    M,
    L,
    R,
    C,
    Lfe,
    BackL,
    BackR,
    BackC,
    SideL,
    SideR,
}

use Speaker::{BackC, BackL, BackR, C, L, Lfe, M, R, SideL, SideR};

/// The speakers of so many channels, in the order of WAV.
fn layout(channels: u32) -> &'static [Speaker] {
    match channels {
        1 => &[M],
        2 => &[L, R],
        3 => &[L, R, C],
        4 => &[L, R, BackL, BackR],
        5 => &[L, R, C, BackL, BackR],
        6 => &[L, R, C, Lfe, BackL, BackR],
        7 => &[L, R, C, Lfe, BackC, SideL, SideR],
        _ => &[L, R, C, Lfe, BackL, BackR, SideL, SideR],
    }
}

const ONE: u32 = 1 << RESAMPLER_GAIN_BITS;
const HALF_POWER: u32 = RESAMPLER_HALF_POWER_Q16;
const HALF: u32 = ONE / 2;

/// Where a speaker's sound goes: the first of these whose speakers are all there.
fn places(speaker: Speaker) -> Vec<(Vec<Speaker>, u32)> {
    let mut places = vec![(vec![speaker], ONE)];
    places.extend(match speaker {
        M => vec![(vec![C], ONE), (vec![L, R], ONE)],
        C => vec![(vec![M], ONE), (vec![L, R], HALF_POWER)],
        L | R => vec![(vec![M], HALF_POWER)],
        Lfe => vec![],
        BackL => vec![(vec![SideL], ONE), (vec![L], HALF_POWER), (vec![M], HALF)],
        BackR => vec![(vec![SideR], ONE), (vec![R], HALF_POWER), (vec![M], HALF)],
        SideL => vec![(vec![BackL], ONE), (vec![L], HALF_POWER), (vec![M], HALF)],
        SideR => vec![(vec![BackR], ONE), (vec![R], HALF_POWER), (vec![M], HALF)],
        BackC => vec![(vec![BackL, BackR], HALF_POWER), (vec![L, R], HALF), (vec![M], HALF_POWER)],
    });
    places
}

/// RESAMPLER-010: the Q16 gains from layout to layout, one output channel after the other.
pub fn gains(from: u32, to: u32) -> Vec<u32> {
    let (from, to) = (layout(from), layout(to));
    let gain = |output: &Speaker, input: &Speaker| {
        let place = places(*input).into_iter().find(|(speakers, _)| speakers.iter().all(|speaker| to.contains(speaker)));
        place.filter(|(speakers, _)| speakers.contains(output)).map_or(0, |(_, gain)| gain)
    };
    let rows: Vec<Vec<u32>> = to.iter().map(|output| from.iter().map(|input| gain(output, input)).collect()).collect();
    // All by one factor, so that no sum is above 1.
    let largest = rows.iter().map(|row| row.iter().sum::<u32>()).max().unwrap_or(0).max(ONE);
    rows.concat().into_iter().map(|gain| (u64::from(gain) * u64::from(ONE) / u64::from(largest)) as u32).collect()
}
