//! Laws of the contract `tone`.

use super::case;
use crate::suite::Held;
use spec::format::FRAMES_PER_MS;
use spec::tone::{Obs, Op, TONE_HZ_MAX, TONE_PULL_FRAMES_MAX, Tone};
use spec::{Case, Entropy, Failure, Machine};

/// Short tones, each pulled to somewhere around its end in pulls of many sizes.
pub fn draw_pulls(entropy: &mut dyn Entropy) -> Case<Tone> {
    let mut ops = Vec::new();
    for _ in 0..2 {
        let ms = entropy.between(1, 4) as u32;
        ops.push(Op::Play { hz: entropy.between(1, i64::from(TONE_HZ_MAX)) as u32, ms });
        let mut left = entropy.below(u64::from(ms * FRAMES_PER_MS) + 20);
        while left > 0 {
            let frames = entropy.between(1, 40).min(left as i64) as u32;
            ops.push(Op::Pull(frames));
            left -= u64::from(frames);
        }
    }
    case(ops)
}

/// The samples between one play and the next, and the frames that then remain.
type Pulled = Vec<(Vec<i16>, u64)>;

fn joined(machine: &mut dyn Machine<Tone>, case: &Case<Tone>) -> Result<Result<Pulled, String>, Failure> {
    let trace = machine.run_case(case)?;
    let mut pulled: Pulled = vec![(Vec::new(), 0)];
    for (op, obs) in case.ops.iter().zip(trace.obs) {
        match (op, obs) {
            (Op::Play { .. }, Obs::Playing(frames)) => pulled.push((Vec::new(), frames)),
            (Op::Pull(frames), Obs::Pcm(pcm, remaining)) if pcm.len() == *frames as usize * 2 => {
                if let Some((samples, left)) = pulled.last_mut() {
                    samples.extend(pcm);
                    *left = remaining;
                }
            }
            (op, obs) => return Ok(Err(format!("{op:?} gave {obs:?}"))),
        }
    }
    Ok(Ok(pulled))
}

/// Pulling the same frames one by one, or as many as can be at a time, gives the same samples.
pub fn pulls_join(machine: &mut dyn Machine<Tone>, case: &Case<Tone>) -> Result<Held, Failure> {
    let as_asked = match joined(machine, case)? {
        Ok(pulled) => pulled,
        Err(why) => return Ok(Held::No(why)),
    };
    for size in [1, TONE_PULL_FRAMES_MAX] {
        let other = Case { config: case.config.clone(), ops: recut(&case.ops, size) };
        match joined(machine, &other)? {
            Ok(pulled) if pulled == as_asked => {}
            Ok(pulled) => {
                let differs = |one: &[i16], other: &[i16]| one.iter().zip(other).position(|(a, b)| a != b).map(|sample| sample / 2);
                let frame = as_asked.iter().zip(&pulled).find_map(|(one, other)| differs(&one.0, &other.0));
                let place = frame.map_or("the remaining frames differ".to_owned(), |frame| format!("frame {frame} of a tone differs"));
                return Ok(Held::No(format!("{place} where pulls are of {size} frames at most")));
            }
            Err(why) => return Ok(Held::No(why)),
        }
    }
    let frames: usize = as_asked.iter().map(|(samples, _)| samples.len() / 2).sum();
    Ok(if frames == 0 { Held::NotApplicable } else { Held::Yes(frames as u64) })
}

/// The same frames, in pulls of at most `size` frames.
fn recut(ops: &[Op], size: u32) -> Vec<Op> {
    fn flush(frames: &mut u32, size: u32, out: &mut Vec<Op>) {
        while *frames > 0 {
            let pull = size.min(*frames);
            out.push(Op::Pull(pull));
            *frames -= pull;
        }
    }
    let (mut out, mut frames) = (Vec::new(), 0);
    for op in ops {
        match op {
            Op::Pull(pull) => frames += pull,
            op => {
                flush(&mut frames, size, &mut out);
                out.push(op.clone());
            }
        }
    }
    flush(&mut frames, size, &mut out);
    out
}
