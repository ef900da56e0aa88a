//! Statements about every right machine of the contract `format`.

use crate::suite::{Held, Law};
use spec::format::{Config, FORMAT_FRAMES_MAX, FRAMES_PER_MS, Format, Obs, Op};
use spec::{Case, Entropy, ErrorCode, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Format>> {
    vec![
        Law { name: "frames_and_bytes_convert_back", requirements: &["FORMAT-002"], draw: draw_counts, holds: frames_and_bytes },
        Law { name: "milliseconds_and_frames_convert_back", requirements: &["FORMAT-003"], draw: draw_durations, holds: ms_and_frames },
        Law { name: "samples_and_bytes_convert_back", requirements: &["FORMAT-005"], draw: draw_buffers, holds: samples_and_bytes },
    ]
}

/// A number up to `max`, of any order of magnitude.
fn magnitude(source: &mut dyn Entropy, max: u64) -> u64 {
    (source.bits() >> source.below(64)).min(max)
}

fn draw_counts(source: &mut dyn Entropy) -> Case<Format> {
    let ops = (0..6).map(|_| Op::FramesToBytes(magnitude(source, FORMAT_FRAMES_MAX))).collect();
    Case { config: Config {}, ops }
}

fn draw_durations(source: &mut dyn Entropy) -> Case<Format> {
    let ops = (0..6)
        .map(|_| match source.below(2) {
            0 => Op::MsToFrames(magnitude(source, u32::MAX.into()) as u32),
            _ => Op::FramesToMs(magnitude(source, FORMAT_FRAMES_MAX)),
        })
        .collect();
    Case { config: Config {}, ops }
}

fn draw_buffers(source: &mut dyn Entropy) -> Case<Format> {
    let ops = (0..4)
        .map(|_| {
            let frames = source.below(12) as usize;
            match source.below(2) {
                0 => Op::Encode(entropy::pcm(source, frames)),
                _ => Op::Decode((0..frames * 4).map(|_| source.bits() as u8).collect()),
            }
        })
        .collect();
    Case { config: Config {}, ops }
}

/// What each answer says should come next, asked of the same machine: operation and observation.
type Demands = Vec<(Op, Obs)>;

/// Asks the case, collects what its answers demand of further operations, and asks those.
fn holds_both_ways(
    machine: &mut dyn Machine<Format>,
    case: &Case<Format>,
    demand: fn(&Op, &Obs) -> Result<Demands, String>,
) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut demands = Vec::new();
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        match demand(op, obs) {
            Ok(more) => demands.extend(more),
            Err(why) => return Ok(Held::No(why)),
        }
    }
    if demands.is_empty() {
        return Ok(Held::NotApplicable);
    }
    let (ops, expected): (Vec<Op>, Vec<Obs>) = demands.into_iter().unzip();
    let case = Case { config: case.config.clone(), ops };
    let back = machine.run_case(&case)?;
    for ((op, expected), got) in case.ops.iter().zip(&expected).zip(&back.obs) {
        if got != expected {
            return Ok(Held::No(format!("{op:?} gives {got:?}, not back {expected:?}")));
        }
    }
    Ok(Held::Yes((trace.obs.len() + back.obs.len()) as u64))
}

/// Four bytes more are one frame more; one to three bytes more are no whole frames.
fn frames_and_bytes(machine: &mut dyn Machine<Format>, case: &Case<Format>) -> Result<Held, Failure> {
    holds_both_ways(machine, case, |op, obs| match (op, obs) {
        (Op::FramesToBytes(frames), Obs::Number(bytes)) => {
            let halves = bytes / 2;
            if halves / 2 != *frames || bytes % 4 != 0 {
                return Err(format!("{frames} frames are said to be {bytes} bytes"));
            }
            let mut demands = vec![(Op::BytesToFrames(*bytes), Obs::Number(*frames))];
            if *frames < FORMAT_FRAMES_MAX {
                demands.extend((1..4).map(|more| (Op::BytesToFrames(bytes + more), Obs::Rejected(ErrorCode::Misaligned))));
                demands.push((Op::FramesToBytes(frames + 1), Obs::Number(bytes + 4)));
            }
            Ok(demands)
        }
        (Op::FramesToBytes(frames), Obs::Rejected(_)) if *frames <= FORMAT_FRAMES_MAX => Err(format!("{frames} frames are rejected")),
        _ => Ok(Vec::new()),
    })
}

/// Milliseconds come back from their frames and from the 47 frames after them; a millisecond more starts at the 48th.
fn ms_and_frames(machine: &mut dyn Machine<Format>, case: &Case<Format>) -> Result<Held, Failure> {
    holds_both_ways(machine, case, |op, obs| match (op, obs) {
        (Op::MsToFrames(ms), Obs::Number(frames)) => {
            let (ms, per_ms) = (u64::from(*ms), u64::from(FRAMES_PER_MS));
            let ms_of = |frames, ms| (Op::FramesToMs(frames), Obs::Number(ms));
            // A wrong answer may be any number: those that no 32-bit count of milliseconds makes are not computed with.
            if *frames > u64::from(u32::MAX) * per_ms {
                return Err(format!("{ms} ms are said to be {frames} frames"));
            }
            Ok(vec![ms_of(*frames, ms), ms_of(frames + per_ms - 1, ms), ms_of(frames + per_ms, ms + 1)])
        }
        (Op::FramesToMs(frames), Obs::Number(ms)) => {
            if *ms > FORMAT_FRAMES_MAX || !(0..u64::from(FRAMES_PER_MS)).contains(&frames.wrapping_sub(ms * u64::from(FRAMES_PER_MS))) {
                return Err(format!("{frames} frames are said to be {ms} ms"));
            }
            Ok(u32::try_from(*ms)
                .map(|whole| (Op::MsToFrames(whole), Obs::Number(frames - frames % u64::from(FRAMES_PER_MS))))
                .into_iter()
                .collect())
        }
        (Op::MsToFrames(_), Obs::Rejected(_)) => Err(format!("{op:?} is rejected")),
        _ => Ok(Vec::new()),
    })
}

/// Each sample is its low byte and 256 times its high one, in two's complement, in order; and both ways are inverses.
fn samples_and_bytes(machine: &mut dyn Machine<Format>, case: &Case<Format>) -> Result<Held, Failure> {
    holds_both_ways(machine, case, |op, obs| match (op, obs) {
        (Op::Encode(pcm), Obs::Bytes(bytes)) => spell(pcm, bytes).map(|()| vec![(Op::Decode(bytes.clone()), Obs::Pcm(pcm.clone()))]),
        (Op::Decode(bytes), Obs::Pcm(pcm)) => spell(pcm, bytes).map(|()| vec![(Op::Encode(pcm.clone()), Obs::Bytes(bytes.clone()))]),
        (Op::Encode(pcm), _) if pcm.len() % 2 == 0 => Err(format!("encoding {} whole frames gives {obs:?}", pcm.len() / 2)),
        (Op::Decode(bytes), _) if bytes.len() % 4 == 0 => Err(format!("decoding {} whole frames gives {obs:?}", bytes.len() / 4)),
        _ => Ok(Vec::new()),
    })
}

/// Whether the bytes spell the samples; otherwise which sample they do not.
fn spell(pcm: &[i16], bytes: &[u8]) -> Result<(), String> {
    if bytes.len() != pcm.len() * 2 {
        return Err(format!("{} samples against {} bytes", pcm.len(), bytes.len()));
    }
    let differs = |(sample, pair): (&i16, &[u8])| {
        let unsigned = i32::from(pair[0]) + 256 * i32::from(pair[1]);
        i32::from(*sample) != if unsigned < 32_768 { unsigned } else { unsigned - 65_536 }
    };
    match pcm.iter().zip(bytes.chunks_exact(2)).position(differs) {
        None => Ok(()),
        Some(index) => Err(format!("sample {index}, {}, against the bytes {:02x?}", pcm[index], &bytes[index * 2..index * 2 + 2])),
    }
}
