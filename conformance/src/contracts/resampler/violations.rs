//! Machines that each violate one requirement of the contract `resampler`.

mod bounds;
mod sinc;

use super::wrong::{RIGHT, Rules, wrong};
use crate::suite::{Violation, misheard, tampered};
use spec::Machine;
use spec::resampler::{Kind, Obs, Op, RESAMPLER_RATE_HZ_MAX, Rates, Resampler, Setup};

type Made = fn() -> Box<dyn Machine<Resampler>>;

fn violation(requirement: &'static str, what: &'static str, machine: Made) -> Violation<Resampler> {
    Violation { requirement, what, machine }
}

/// The violations, the likeliest mistakes first.
pub fn violations() -> Vec<Violation<Resampler>> {
    [of_positions(), of_kinds(), sinc::of_coefficients(), sinc::of_channels(), bounds::of_chunks(), bounds::of_bounds()]
        .into_iter()
        .flatten()
        .collect()
}

fn of_positions() -> Vec<Violation<Resampler>> {
    vec![
        violation("RESAMPLER-001", "rounds the length up", || {
            wrong(Rules { length: |rates, frames| (frames * u64::from(rates.to_hz)).div_ceil(rates.from_hz.into()), ..RIGHT })
        }),
        violation("RESAMPLER-001", "rounds the length to the nearest", || {
            let length =
                |rates: Rates, frames: u64| (frames * u64::from(rates.to_hz) + u64::from(rates.from_hz) / 2) / u64::from(rates.from_hz);
            wrong(Rules { length, ..RIGHT })
        }),
        violation("RESAMPLER-001", "gives one frame too few", || {
            wrong(Rules { length: |rates, frames| (RIGHT.length)(rates, frames).saturating_sub(1), ..RIGHT })
        }),
        violation("RESAMPLER-002", "adds up a step of 32 fractional bits that was rounded down", || {
            let position = |rates: Rates, frame: u64| {
                let exact = u128::from(frame) * ((u128::from(rates.from_hz) << 32) / u128::from(rates.to_hz));
                ((exact >> 32) as u64, (((exact & 0xffff_ffff) * u128::from(rates.to_hz)) >> 32) as u64)
            };
            wrong(Rules { position, ..RIGHT })
        }),
        violation("RESAMPLER-002", "knows 256 phases between two frames", || {
            let position = |rates: Rates, frame| {
                let (whole, rest) = (RIGHT.position)(rates, frame);
                let to = u64::from(rates.to_hz);
                (whole, rest * 256 / to * to / 256)
            };
            wrong(Rules { position, ..RIGHT })
        }),
        violation("RESAMPLER-002", "puts frames in the middle of their time", || {
            let position = |rates: Rates, frame: u64| {
                let (from, to) = (u64::from(rates.from_hz), u64::from(rates.to_hz));
                let exact = ((2 * frame + 1) * from).saturating_sub(to) / 2;
                (exact / to, exact % to)
            };
            wrong(Rules { position, ..RIGHT })
        }),
        violation("RESAMPLER-009", "takes what is before the first frame for silence", || {
            wrong(Rules { hold: |frame, frames| (frame >= 0).then(|| frame.min(frames - 1)), ..RIGHT })
        }),
        violation("RESAMPLER-009", "takes what is after the last frame for silence", || {
            wrong(Rules { hold: |frame, frames| (frame < frames).then(|| frame.max(0)), ..RIGHT })
        }),
        violation("RESAMPLER-009", "mirrors the stream at its ends", || {
            let hold = |frame: i64, frames: i64| {
                let period = (2 * frames - 2).max(1);
                let within = frame.rem_euclid(period);
                Some(within.min(period - within).clamp(0, frames - 1))
            };
            wrong(Rules { hold, ..RIGHT })
        }),
        violation("RESAMPLER-016", "fades a stream in and out", || {
            wrong(Rules { hold: |frame, frames| (0..frames).contains(&frame).then_some(frame), ..RIGHT })
        }),
    ]
}

fn of_kinds() -> Vec<Violation<Resampler>> {
    vec![
        violation("RESAMPLER-003", "takes the earlier of two nearest frames", || wrong(Rules { later: |rest, to| 2 * rest > to, ..RIGHT })),
        violation("RESAMPLER-003", "takes the frame before instead of the nearest", || wrong(Rules { later: |_, _| false, ..RIGHT })),
        violation("RESAMPLER-004", "knows 256 places on the line between two frames", || {
            wrong(Rules { fraction: |rest, to| (rest * 256 / to) << 24, ..RIGHT })
        }),
        violation("RESAMPLER-004", "knows 65,536 places on the line between two frames", || {
            wrong(Rules { fraction: |rest, to| ((rest << 16) / to) << 16, ..RIGHT })
        }),
        violation("RESAMPLER-004", "walks the line between two frames backwards", || {
            wrong(Rules { fraction: |rest, to| (1 << 32) - (RIGHT.fraction)(rest, to), ..RIGHT })
        }),
        violation("RESAMPLER-008", "filters between equal rates", || {
            // A sinc of equal rates is one tap here: what it does is to lose the last bit.
            tampered::<Resampler, bool>(|equal, op, obs| match (op, obs) {
                (Op::Open(setup), obs @ Obs::Opened(_)) => {
                    *equal = setup.rates.from_hz == setup.rates.to_hz && setup.kind == Kind::Sinc;
                    obs
                }
                (_, Obs::Pcm(pcm)) if *equal => Obs::Pcm(pcm.into_iter().map(|sample| sample & !1).collect()),
                (_, obs) => obs,
            })
        }),
        violation("RESAMPLER-008", "looks a frame ahead between equal rates", || {
            misheard::<Resampler>(|op| match op {
                Op::Open(setup) if setup.rates.from_hz == setup.rates.to_hz && setup.kind == Kind::Linear => {
                    let rates = Rates { from_hz: RESAMPLER_RATE_HZ_MAX, to_hz: RESAMPLER_RATE_HZ_MAX - 1 };
                    Op::Open(Setup { rates, ..*setup })
                }
                op => op.clone(),
            })
        }),
        violation("RESAMPLER-007", "wraps around instead of clamping", || wrong(Rules { clamp: |sample| sample as i16, ..RIGHT })),
        violation("RESAMPLER-007", "never gives the lowest sample", || {
            wrong(Rules { clamp: |sample| sample.clamp(-32_767, 32_767) as i16, ..RIGHT })
        }),
        violation("RESAMPLER-007", "gives the nearest frame where a sinc is asked for", || with_kind(Kind::Nearest)),
        violation("RESAMPLER-017", "gives the line between two frames where a sinc is asked for", || with_kind(Kind::Linear)),
        violation("RESAMPLER-011", "rounds down", || wrong(Rules { round: |exact, bits| exact >> bits, ..RIGHT })),
        violation("RESAMPLER-011", "rounds towards zero", || {
            wrong(Rules { round: |exact, bits| (exact.abs() >> bits) * exact.signum(), ..RIGHT })
        }),
        violation("RESAMPLER-011", "rounds a half up", || {
            wrong(Rules { round: |exact, bits| (exact + (1 << bits >> 1)) >> bits, ..RIGHT })
        }),
        violation("RESAMPLER-011", "rounds a half to the even neighbour", || {
            let round = |exact: i128, bits: u32| {
                let (whole, rest, half) = (exact >> bits, exact & ((1 << bits) - 1), 1 << bits >> 1);
                whole + i128::from(rest > half || (rest == half && bits > 0 && whole & 1 == 1))
            };
            wrong(Rules { round, ..RIGHT })
        }),
        violation("RESAMPLER-011", "rounds every input channel before it mixes them", || wrong(Rules { early: true, ..RIGHT })),
    ]
}

/// A machine that takes the sinc for another kind.
fn with_kind(kind: Kind) -> Box<dyn Machine<Resampler>> {
    match kind {
        Kind::Nearest => misheard::<Resampler>(|op| heard_as(op, Kind::Nearest)),
        _ => misheard::<Resampler>(|op| heard_as(op, Kind::Linear)),
    }
}

fn heard_as(op: &Op, kind: Kind) -> Op {
    match op {
        Op::Open(setup) if setup.kind == Kind::Sinc => Op::Open(Setup { kind, ..*setup }),
        op => op.clone(),
    }
}
