//! Laws of the contract `mixer`.

use crate::suite::Held;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::level::{LEVEL_Q16_MAX, LEVEL_UNITY_Q16};
use spec::mixer::{Config, Curve, Input, Mixed, Mixer, Obs, Op};
use spec::{Case, Entropy, Failure, Machine, entropy};

fn draw_gain(entropy: &mut dyn Entropy, stream: u32) -> Op {
    let low = if entropy.one_in(4) { GAIN_DB_Q8_8_MIN } else { -3_072 };
    Op::SetGain(stream, entropy.between(i64::from(low), i64::from(GAIN_DB_Q8_8_MAX)) as i32)
}

fn draw_level(entropy: &mut dyn Entropy) -> Op {
    Op::SetLevel(match entropy.below(4) {
        // Levels that make halves of odd sums.
        0 => entropy::pick(entropy, [LEVEL_UNITY_Q16 / 2, LEVEL_UNITY_Q16 / 4, LEVEL_UNITY_Q16 / 4 * 3]),
        1 => LEVEL_UNITY_Q16,
        _ => entropy.between(1, i64::from(LEVEL_Q16_MAX)) as u32,
    })
}

/// A valid block, of samples without -32,768, whose negation is no sample.
fn draw_mix(entropy: &mut dyn Entropy, streams: u32) -> Op {
    let frames = entropy.between(2, 8) as u32;
    let mut inputs = Vec::new();
    for stream in 0..streams {
        let given = if entropy.one_in(6) { entropy.below(u64::from(frames) + 1) as usize } else { frames as usize };
        let pcm = entropy::pcm(entropy, given).into_iter().map(|sample| sample.max(-i16::MAX)).collect();
        inputs.push(Input { stream, pcm });
    }
    Op::Mix { frames, inputs }
}

fn draw_settings(entropy: &mut dyn Entropy, streams: u32, ops: &mut Vec<Op>) {
    for stream in 0..streams {
        if entropy.one_in(2) {
            ops.push(draw_gain(entropy, stream));
        }
    }
    ops.push(draw_level(entropy));
}

fn draw_open(entropy: &mut dyn Entropy) -> (Config, u32, Vec<Op>) {
    let curve = if entropy.one_in(2) { Curve::Saturate } else { Curve::Soft };
    let streams = entropy.between(2, 5) as u32;
    (Config { curve }, streams, vec![Op::Open; streams as usize])
}

/// Valid blocks under changing gains and levels.
pub fn draw_blocks(entropy: &mut dyn Entropy) -> Case<Mixer> {
    let (config, streams, mut ops) = draw_open(entropy);
    for _ in 0..3 {
        draw_settings(entropy, streams, &mut ops);
        ops.push(draw_mix(entropy, streams));
    }
    ops.push(Op::Clip { first: entropy.between(-60_000, 60_000) as i32, count: 4 });
    Case { config, ops }
}

/// The same block before, during and after a mute, with settings and further blocks between.
pub fn draw_muted(entropy: &mut dyn Entropy) -> Case<Mixer> {
    let (config, streams, mut ops) = draw_open(entropy);
    draw_settings(entropy, streams, &mut ops);
    let block = draw_mix(entropy, streams);
    ops.extend([block.clone(), Op::Mute(true), block.clone()]);
    if entropy.one_in(2) {
        draw_settings(entropy, streams, &mut ops);
    }
    if entropy.one_in(3) {
        ops.push(Op::Mute(true));
    }
    ops.extend([draw_mix(entropy, streams), Op::Mute(false), block]);
    Case { config, ops }
}

/// A muted block is silent, and all that happens while muted but the silence happens as without the mute.
pub fn mute_restores(machine: &mut dyn Machine<Mixer>, case: &Case<Mixer>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let (mut muted, mut silent) = (false, 0);
    let (mut ops, mut expected) = (Vec::new(), Vec::new());
    for (op, obs) in case.ops.iter().zip(trace.obs) {
        match (op, obs) {
            (Op::Mute(mute), Obs::Done) => muted = *mute,
            (Op::Mix { frames, .. }, Obs::Mixed(mixed)) if muted => {
                let silence = Mixed { pcm: vec![0; *frames as usize * 2], clipped: 0, peak: [0; 2], rms: [0; 2] };
                if mixed != silence {
                    return Ok(Held::No(format!("a muted block was {mixed:?}")));
                }
                silent += 1;
            }
            (op, Obs::Rejected(code)) => return Ok(Held::No(format!("{op:?} was rejected with {}", code.name()))),
            (op, obs) => {
                ops.push(op.clone());
                expected.push(obs);
            }
        }
    }
    let unmuted = machine.run_case(&Case { config: case.config.clone(), ops })?;
    if let Some(step) = (0..expected.len()).find(|step| expected.get(*step) != unmuted.obs.get(*step)) {
        return Ok(Held::No(format!("without the mute, step {step} gives {:?}, not {:?}", unmuted.obs.get(step), expected.get(step))));
    }
    Ok(if silent == 0 { Held::NotApplicable } else { Held::Yes(expected.len() as u64 + silent) })
}

type Rearrange = fn(&mut Vec<Input>);

/// The case with every block's inputs rearranged.
fn rearranged(case: &Case<Mixer>, rearrange: Rearrange) -> Case<Mixer> {
    let mut other = case.clone();
    for op in &mut other.ops {
        if let Op::Mix { inputs, .. } = op {
            rearrange(inputs);
        }
    }
    other
}

/// Blocks with their inputs in other orders are the same blocks.
pub fn any_order(machine: &mut dyn Machine<Mixer>, case: &Case<Mixer>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let orders: [(&str, Rearrange); 3] = [
        ("reversed", |inputs| inputs.reverse()),
        ("rotated", |inputs| {
            let first = inputs.pop();
            inputs.splice(..0, first);
        }),
        ("in the order of their first samples", |inputs| inputs.sort_by_key(|input| input.pcm.first().copied())),
    ];
    for (order, rearrange) in orders {
        let other = machine.run_case(&rearranged(case, rearrange))?;
        if let Some(step) = (0..case.ops.len()).find(|step| trace.obs.get(*step) != other.obs.get(*step)) {
            let (given, other) = (trace.obs.get(step), other.obs.get(step));
            return Ok(Held::No(format!("with its inputs {order}, step {step} gives {other:?}, not {given:?}")));
        }
    }
    let blocks = case.ops.iter().filter(|op| matches!(op, Op::Mix { inputs, .. } if inputs.len() > 1)).count();
    Ok(if blocks == 0 { Held::NotApplicable } else { Held::Yes(blocks as u64 * 4) })
}

/// Whether samples are each other's negation, or at a rail that is not symmetric.
fn mirrored(curve: Curve, one: &[i16], other: &[i16]) -> bool {
    let rail = |sample: i16| curve == Curve::Saturate && (sample == i16::MAX || sample <= -i16::MAX);
    let mirrors =
        |(one, other): (&i16, &i16)| i32::from(*one) == -i32::from(*other) || rail(*one) && rail(*other) && (*one < 0) != (*other < 0);
    one.len() == other.len() && one.iter().zip(other).all(mirrors)
}

/// Negated inputs give negated outputs: everywhere with the soft curve, away from the rails with the saturate curve.
pub fn negation(machine: &mut dyn Machine<Mixer>, case: &Case<Mixer>) -> Result<Held, Failure> {
    let mut negated = rearranged(case, |inputs| {
        for sample in inputs.iter_mut().flat_map(|input| &mut input.pcm) {
            *sample = sample.saturating_neg();
        }
    });
    for op in &mut negated.ops {
        if let Op::Clip { first, count: count @ 1.. } = op {
            *first = -(*first + (*count as i32 - 1));
        }
    }
    let (one, other) = (machine.run_case(case)?, machine.run_case(&negated)?);
    let curve = case.config.curve;
    let mut samples = 0;
    for (step, pair) in one.obs.iter().zip(&other.obs).enumerate() {
        let held = match pair {
            (Obs::Mixed(one), Obs::Mixed(other)) => {
                samples += one.pcm.len();
                let meters = curve == Curve::Saturate || (one.clipped, one.peak, one.rms) == (other.clipped, other.peak, other.rms);
                mirrored(curve, &one.pcm, &other.pcm) && meters
            }
            (Obs::Clipped(one), Obs::Clipped(other)) => mirrored(curve, one, &other.iter().rev().copied().collect::<Vec<_>>()),
            (one, other) => one == other,
        };
        if !held {
            return Ok(Held::No(format!("step {step} gives {:?} and, with negated inputs, {:?}", pair.0, pair.1)));
        }
    }
    Ok(if samples == 0 { Held::NotApplicable } else { Held::Yes(samples as u64) })
}

/// The block's frames from `start` to `end`.
fn part(inputs: &[Input], start: usize, end: usize) -> Op {
    let cut = |input: &Input| {
        let samples = input.pcm.len();
        Input { stream: input.stream, pcm: input.pcm[(2 * start).min(samples)..(2 * end).min(samples)].to_vec() }
    };
    Op::Mix { frames: (end - start) as u32, inputs: inputs.iter().map(cut).collect() }
}

fn sounds(obs: &[Obs]) -> Vec<i16> {
    obs.iter().filter_map(|obs| if let Obs::Mixed(mixed) = obs { Some(&mixed.pcm) } else { None }).flatten().copied().collect()
}

/// Where a block of so many frames is cut; 0 is everywhere.
type Cut = fn(usize) -> usize;

/// Blocks that are cut at their first frame, in the middle or everywhere have the samples of the whole blocks.
pub fn parts_join(machine: &mut dyn Machine<Mixer>, case: &Case<Mixer>) -> Result<Held, Failure> {
    let whole = sounds(&machine.run_case(case)?.obs);
    let cuts: [(&str, Cut); 3] = [("after 1 frame", |_| 1), ("in the middle", |frames| frames / 2), ("everywhere", |_| 0)];
    for (place, cut) in cuts {
        let mut ops = Vec::new();
        for op in &case.ops {
            match op {
                Op::Mix { frames: frames @ 2.., inputs } => {
                    let frames = *frames as usize;
                    match cut(frames) {
                        0 => ops.extend((0..frames).map(|frame| part(inputs, frame, frame + 1))),
                        cut => ops.extend([part(inputs, 0, cut), part(inputs, cut, frames)]),
                    }
                }
                op => ops.push(op.clone()),
            }
        }
        let parts = sounds(&machine.run_case(&Case { config: case.config.clone(), ops })?.obs);
        if whole != parts {
            let sample = whole.iter().zip(&parts).position(|(one, other)| one != other);
            let place_of = sample.map_or("the number of samples differs".to_owned(), |sample| format!("sample {sample} differs"));
            return Ok(Held::No(format!("{place_of} where each block is cut {place}")));
        }
    }
    Ok(if whole.is_empty() { Held::NotApplicable } else { Held::Yes(whole.len() as u64) })
}
