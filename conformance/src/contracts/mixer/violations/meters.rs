//! Wrong meters.

use super::violation;
use crate::contracts::mixer::wrong::{RIGHT, Rules, Sample, State, wrong};
use crate::suite::Violation;
use spec::Machine;
use spec::mixer::{Mixed, Mixer};

fn finishing(finish: fn(&mut State, &mut Mixed, &[Sample])) -> Box<dyn Machine<Mixer>> {
    wrong(Rules { finish, ..RIGHT })
}

fn sides<T>(of: impl Fn(usize) -> T) -> [T; 2] {
    [of(0), of(1)]
}

/// The squares of a channel's samples, summed.
fn squares(mixed: &Mixed, side: usize) -> u64 {
    mixed.pcm.iter().skip(side).step_by(2).map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum()
}

fn frames(mixed: &Mixed) -> u64 {
    (mixed.pcm.len() / 2) as u64
}

pub fn meters() -> Vec<Violation<Mixer>> {
    vec![
        violation("MIXER-008", "counts frames that the curve altered", || {
            finishing(|_, mixed, samples| {
                mixed.clipped = samples.chunks(2).filter(|frame| frame.iter().any(|sample| sample.altered)).count() as u32;
            })
        }),
        violation("MIXER-008", "counts samples at the rails", || {
            finishing(|_, mixed, _| {
                mixed.clipped = mixed.pcm.iter().filter(|sample| [i16::MIN, -i16::MAX, i16::MAX].contains(*sample)).count() as u32;
            })
        }),
        violation("MIXER-008", "counts samples that left 16 bits", || {
            finishing(|_, mixed, samples| {
                mixed.clipped = samples.iter().filter(|sample| i16::try_from(sample.before).is_err()).count() as u32;
            })
        }),
        violation("MIXER-008", "counts on from block to block", || {
            finishing(|state, mixed, _| {
                state.clipped += mixed.clipped;
                mixed.clipped = state.clipped;
            })
        }),
        violation("MIXER-010", "takes the peak before the curve", || {
            finishing(|_, mixed, samples| {
                let side = |side| samples.iter().skip(side).step_by(2).map(|sample| sample.before.unsigned_abs() as u32);
                mixed.peak = sides(|index| side(index).max().unwrap_or(0));
            })
        }),
        violation("MIXER-010", "has 32,767 for the largest peak", || {
            finishing(|_, mixed, _| mixed.peak = mixed.peak.map(|peak| peak.min(32_767)))
        }),
        violation("MIXER-010", "takes the largest sample for the largest magnitude", || {
            finishing(|_, mixed, _| {
                let side = |side| mixed.pcm.iter().skip(side).step_by(2).copied().max().unwrap_or(0).max(0);
                mixed.peak = sides(|index| side(index) as u32);
            })
        }),
        violation("MIXER-010", "has one peak for both channels", || {
            finishing(|_, mixed, _| mixed.peak = [mixed.peak[0].max(mixed.peak[1]); 2])
        }),
        violation("MIXER-010", "holds the peak of the blocks before", || {
            finishing(|state, mixed, _| {
                state.peak = sides(|side| state.peak[side].max(mixed.peak[side]));
                mixed.peak = state.peak;
            })
        }),
        violation("MIXER-011", "rounds the root mean square to the nearest", || {
            finishing(|_, mixed, _| mixed.rms = sides(|side| (squares(mixed, side) as f64 / frames(mixed) as f64).sqrt().round() as u32))
        }),
        violation("MIXER-011", "rounds the root mean square up", || {
            finishing(|_, mixed, _| mixed.rms = sides(|side| (squares(mixed, side) as f64 / frames(mixed) as f64).sqrt().ceil() as u32))
        }),
        violation("MIXER-011", "divides by the samples of both channels", || {
            finishing(|_, mixed, _| mixed.rms = sides(|side| (squares(mixed, side) / (2 * frames(mixed))).isqrt() as u32))
        }),
        violation("MIXER-011", "has one root mean square for both channels", || {
            finishing(|_, mixed, _| mixed.rms = [((squares(mixed, 0) + squares(mixed, 1)) / (2 * frames(mixed))).isqrt() as u32; 2])
        }),
        violation("MIXER-011", "takes the mean magnitude", || {
            finishing(|_, mixed, _| {
                let sum = |side| mixed.pcm.iter().skip(side).step_by(2).map(|sample| u64::from(sample.unsigned_abs())).sum::<u64>();
                mixed.rms = sides(|side| (sum(side) / frames(mixed)) as u32);
            })
        }),
        violation("MIXER-011", "takes the root of the mean square before the curve", || {
            finishing(|_, mixed, samples| {
                let sum = |side| samples.iter().skip(side).step_by(2).map(|sample| sample.before.unsigned_abs().pow(2)).sum::<u64>();
                mixed.rms = sides(|side| (sum(side) / frames(mixed)).isqrt() as u32);
            })
        }),
    ]
}
