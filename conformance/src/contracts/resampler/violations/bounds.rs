//! Wrong chunks, ends and bounds.

use super::{Made, violation};
use crate::contracts::resampler::wrong::{RIGHT, Rules, coefficients, wrong};
use crate::suite::{Violation, meddling, misheard, tampered};
use spec::ErrorCode;
use spec::resampler::{
    Obs, Op, RESAMPLER_CHANNELS_MAX, RESAMPLER_FEED_FRAMES_MAX, RESAMPLER_RATE_HZ_MAX, RESAMPLER_RATE_HZ_MIN, RESAMPLER_TABLE_ENTRIES,
    Rates, Resampler, Setup, TABLE_SLICE,
};

pub fn of_chunks() -> Vec<Violation<Resampler>> {
    vec![
        violation("RESAMPLER-012", "makes frames in groups of four and drops the rest of a chunk's last group", || {
            wrong(Rules { group: 4, ..RIGHT })
        }),
        violation("RESAMPLER-012", "forgets the fraction of the position between chunks", || {
            wrong(Rules { resume: |frame| frame / 2 * 2, ..RIGHT })
        }),
        violation("RESAMPLER-013", "waits for a frame more than it needs", || wrong(Rules { waits: 1, ..RIGHT })),
        violation("RESAMPLER-013", "gives everything when it is finished", || wrong(Rules { waits: u64::MAX / 2, ..RIGHT })),
        violation("RESAMPLER-013", "says that it looks nowhere ahead", || wrong(Rules { looks: |_| 0, ..RIGHT })),
        violation("RESAMPLER-013", "says its whole width for what it looks ahead", || wrong(Rules { looks: |ahead| 2 * ahead, ..RIGHT })),
        violation("RESAMPLER-014", "goes on with the frames of the stream before a reset", || {
            misheard::<Resampler>(|op| if *op == Op::Reset { Op::Feed(Vec::new()) } else { op.clone() })
        }),
        violation("RESAMPLER-014", "begins anew by itself after the end", || {
            meddling::<Resampler, ()>(|model, (), op| {
                let obs = model.step(op)?;
                if *op == Op::Finish {
                    model.step(&Op::Reset)?;
                }
                Ok(obs)
            })
        }),
        violation("RESAMPLER-014", "can't begin a finished stream anew", || {
            tampered::<Resampler, bool>(|finished, op, obs| match (op, obs) {
                (Op::Finish, obs @ Obs::Finished { .. }) => {
                    *finished = true;
                    obs
                }
                (Op::Open(_), obs @ Obs::Opened(_)) => {
                    *finished = false;
                    obs
                }
                (Op::Reset | Op::Feed(_) | Op::Finish, _) if *finished => Obs::Rejected(ErrorCode::ResamplerClosed),
                (_, obs) => obs,
            })
        }),
        violation("RESAMPLER-014", "counts the frames of the streams before, too", || {
            tampered::<Resampler, u64>(|before, _, obs| match obs {
                Obs::Finished { pcm, taken, given } => {
                    *before += taken;
                    Obs::Finished { pcm, taken: *before, given }
                }
                obs => obs,
            })
        }),
        violation("RESAMPLER-014", "takes a chunk where nothing is open", || {
            tampered::<Resampler, ()>(|(), op, obs| match (op, obs) {
                (Op::Feed(_), Obs::Rejected(ErrorCode::ResamplerClosed)) => Obs::Pcm(Vec::new()),
                (_, obs) => obs,
            })
        }),
    ]
}

pub fn of_bounds() -> Vec<Violation<Resampler>> {
    let violation = |what, machine: Made| Violation { requirement: "RESAMPLER-015", what, machine };
    vec![
        violation("closes the stream where it rejects a chunk", || {
            meddling::<Resampler, ()>(|model, (), op| {
                let obs = model.step(op)?;
                if matches!((op, &obs), (Op::Feed(_), Obs::Rejected(ErrorCode::Misaligned | ErrorCode::OversizedInput))) {
                    model.step(&Op::Finish)?;
                }
                Ok(obs)
            })
        }),
        violation("begins anew where it rejects a setup", || {
            meddling::<Resampler, ()>(|model, (), op| {
                let obs = model.step(op)?;
                if matches!((op, &obs), (Op::Open(_), Obs::Rejected(_))) {
                    model.step(&Op::Reset)?;
                }
                Ok(obs)
            })
        }),
        violation("takes the whole frames of a chunk that ends within one", || {
            meddling::<Resampler, u32>(|model, channels, op| match op {
                Op::Open(setup) => {
                    let obs = model.step(op)?;
                    if matches!(obs, Obs::Opened(_)) {
                        *channels = setup.from_channels;
                    }
                    Ok(obs)
                }
                Op::Feed(pcm) if *channels > 0 => {
                    let whole = pcm.len() - pcm.len() % *channels as usize;
                    model.step(&Op::Feed(pcm[..whole].to_vec()))
                }
                op => model.step(op),
            })
        }),
        violation("cuts off what a chunk has beyond its bound", || {
            meddling::<Resampler, u32>(|model, channels, op| match op {
                Op::Open(setup) => {
                    *channels = setup.from_channels.min(RESAMPLER_CHANNELS_MAX);
                    model.step(op)
                }
                Op::Feed(pcm) => {
                    let most = (RESAMPLER_FEED_FRAMES_MAX * *channels) as usize;
                    model.step(&Op::Feed(pcm.iter().take(most.max(1)).copied().collect()))
                }
                op => model.step(op),
            })
        }),
        violation("rejects the longest chunk itself", || {
            meddling::<Resampler, u32>(|model, channels, op| match op {
                Op::Open(setup) => {
                    *channels = setup.from_channels;
                    model.step(op)
                }
                Op::Feed(pcm) if *channels > 0 && pcm.len() as u64 == u64::from(RESAMPLER_FEED_FRAMES_MAX) * u64::from(*channels) => {
                    Ok(Obs::Rejected(ErrorCode::OversizedInput))
                }
                op => model.step(op),
            })
        }),
        violation("clamps a rate that is out of range", || {
            let clamped = |op: &Op| {
                let rate = |hz: u32| hz.clamp(RESAMPLER_RATE_HZ_MIN, RESAMPLER_RATE_HZ_MAX);
                let rates = |rates: Rates| Rates { from_hz: rate(rates.from_hz), to_hz: rate(rates.to_hz) };
                match *op {
                    Op::Open(setup) => Op::Open(Setup { rates: rates(setup.rates), ..setup }),
                    Op::Length(pair, frames) => Op::Length(rates(pair), frames),
                    ref op => op.clone(),
                }
            };
            misheard::<Resampler>(clamped)
        }),
        violation("rejects the highest rate itself", || {
            misheard::<Resampler>(|op| match *op {
                Op::Open(setup) if setup.rates.from_hz == RESAMPLER_RATE_HZ_MAX => {
                    Op::Open(Setup { rates: Rates { from_hz: RESAMPLER_RATE_HZ_MAX + 1, ..setup.rates }, ..setup })
                }
                ref op => op.clone(),
            })
        }),
        violation("takes nine channels for eight", || {
            misheard::<Resampler>(|op| match *op {
                Op::Gains(from, to) => Op::Gains(nine_as_eight(from), nine_as_eight(to)),
                Op::Open(setup) => Op::Open(Setup {
                    from_channels: nine_as_eight(setup.from_channels),
                    to_channels: nine_as_eight(setup.to_channels),
                    ..setup
                }),
                ref op => op.clone(),
            })
        }),
        violation("takes no channels for one", || {
            misheard::<Resampler>(|op| match *op {
                Op::Gains(from, to) => Op::Gains(from.max(1), to.max(1)),
                ref op => op.clone(),
            })
        }),
        violation("gives no entries beyond the table's end, instead of rejecting", || {
            tampered::<Resampler, ()>(|(), op, obs| match op {
                Op::Table(RESAMPLER_TABLE_ENTRIES..) => Obs::Table(Vec::new()),
                _ => obs,
            })
        }),
        violation("goes around where a table query reaches the end", || {
            tampered::<Resampler, ()>(|(), op, obs| match (op, obs) {
                (Op::Table(first), Obs::Table(_)) => {
                    let indices = (*first as usize..).take(TABLE_SLICE as usize);
                    Obs::Table(indices.map(|index| (RIGHT.sinc.entry)(index % RESAMPLER_TABLE_ENTRIES as usize)).collect())
                }
                (_, obs) => obs,
            })
        }),
        violation("takes a phase for one of the next frame", || {
            tampered::<Resampler, ()>(|(), op, obs| match (op, obs) {
                (Op::Coefficients(rates, phase), Obs::Rejected(_)) if rates.to_hz == rates.from_hz * 2 => {
                    Obs::Coefficients(coefficients(&RIGHT.sinc, Rates { from_hz: 1, to_hz: 2 }, phase % 2))
                }
                (_, obs) => obs,
            })
        }),
    ]
}

fn nine_as_eight(channels: u32) -> u32 {
    if channels == RESAMPLER_CHANNELS_MAX + 1 { RESAMPLER_CHANNELS_MAX } else { channels }
}
