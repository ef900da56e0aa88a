//! Small domains, every value of them.

use super::case;
use crate::suite::Extent;
use spec::Case;
use spec::resampler::{Kind, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_TABLE_ENTRIES, Rates, Resampler, TABLE_SLICE};

/// The sinc's table, in slices.
pub fn every_entry() -> impl Iterator<Item = (Case<Resampler>, u64)> + Send {
    let slices = (0..RESAMPLER_TABLE_ENTRIES).step_by(TABLE_SLICE as usize).map(Op::Table).collect();
    std::iter::once((case(slices), u64::from(RESAMPLER_TABLE_ENTRIES)))
}

/// Phases that one case asks for.
const PHASES_PER_CASE: usize = 100;

/// Every phase of pairs of rates. The values are coefficients.
pub fn every_phase(extent: Extent) -> impl Iterator<Item = (Case<Resampler>, u64)> + Send {
    const COMMON: [u32; 7] = [8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000];
    let pairs: Vec<Rates> = match extent {
        Extent::Whole => {
            let to = |from_hz| COMMON.into_iter().map(move |to_hz| Rates { from_hz, to_hz });
            COMMON.into_iter().flat_map(to).filter(|rates| rates.from_hz != rates.to_hz).collect()
        }
        Extent::Corners => [(44_100, 48_000), (48_000, 44_100), (48_000, 8_000)].map(|(from_hz, to_hz)| Rates { from_hz, to_hz }).into(),
    };
    pairs.into_iter().flat_map(|rates| {
        let taps = u64::from(2 * model::resampler::lookahead(Kind::Sinc, rates));
        let phases = rates.to_hz / divisor(rates.from_hz, rates.to_hz);
        (0..phases).step_by(PHASES_PER_CASE).map(move |first| {
            let ops: Vec<Op> = (first..phases).take(PHASES_PER_CASE).map(|phase| Op::Coefficients(rates, phase)).collect();
            let values = ops.len() as u64 * taps;
            (case(ops), values)
        })
    })
}

/// The greatest common divisor.
pub fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The gains between all numbers of channels, those that are rejected included.
pub fn all_gains() -> impl Iterator<Item = (Case<Resampler>, u64)> + Send {
    let counts = 0..=RESAMPLER_CHANNELS_MAX + 1;
    let ops: Vec<Op> = counts.clone().flat_map(|from| counts.clone().map(move |to| Op::Gains(from, to))).collect();
    let values = ops.len() as u64;
    std::iter::once((case(ops), values))
}
