//! Statements about every right machine of the contract `ducking`.

use super::{case, duck, unduck};
use crate::suite::{Held, Law};
use spec::ducking::{Config, DUCKING_DB_Q8_8_MIN, Ducking, Obs, Op, Rule, Track};
use spec::{Case, Contract, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Ducking>> {
    vec![
        Law { name: "a_ramps_end_is_exact", requirements: &["DUCKING-003"], draw: draw_ramp, holds: ends_exactly },
        Law { name: "ducking_never_raises", requirements: &["DUCKING-011"], draw: |source| Ducking::draw(source, 30), holds: never_raises },
        Law { name: "two_causes_never_add", requirements: &["DUCKING-002"], draw: draw_two, holds: never_adds },
        Law { name: "without_causes_the_gain_is_0", requirements: &["DUCKING-007"], draw: draw_restored, holds: restored },
        Law { name: "blocks_can_be_split", requirements: &["DUCKING-010"], draw: draw_split, holds: splits },
    ]
}

fn draw_config(source: &mut dyn Entropy) -> Config {
    let depth = |source: &mut dyn Entropy| source.between(-12 * 256, 0) as i32;
    Config { duck_db_q8_8: depth(source), duck_db_ui_q8_8: depth(source), ramp_ms: source.below(90) as u32 }
}

fn draw_rule(source: &mut dyn Entropy) -> Rule {
    entropy::pick(source, Rule::ALL)
}

const fn depth(config: &Config, rule: Rule) -> i32 {
    match rule {
        Rule::DuckDb => config.duck_db_q8_8,
        Rule::DuckDbUi => config.duck_db_ui_q8_8,
    }
}

/// The gains of the first session.
fn gains(obs: Option<&Obs>) -> &[i32] {
    match obs {
        Some(Obs::Gains(tracks)) => tracks.first().map_or(&[], |track| &track.db_q8_8),
        _ => &[],
    }
}

/// A cause, and the blocks of its ramp.
fn draw_ramp(source: &mut dyn Entropy) -> Case<Ducking> {
    let (config, rule) = (draw_config(source), draw_rule(source));
    case(config, vec![Op::Open(1), duck(5, rule), Op::Blocks(config.ramp_ms.div_ceil(10).max(1))])
}

fn ends_exactly(machine: &mut dyn Machine<Ducking>, drawn: &Case<Ducking>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let Some(Op::Duck { rule, .. }) = drawn.ops.get(1) else { return Ok(Held::NotApplicable) };
    let (end, ramp) = (depth(&drawn.config, *rule), gains(trace.obs.last()));
    // Not a step too early, either: where each is one dB at least, the last but one can't be there.
    let steep = end.unsigned_abs() as usize >= ramp.len() * 256;
    let early = steep && ramp.len() > 1 && ramp[ramp.len() - 2] == end;
    Ok(if ramp.last() == Some(&end) && !early {
        Held::Yes(ramp.len() as u64)
    } else {
        Held::No(format!("a ramp to {end} in so many blocks went {ramp:?}"))
    })
}

fn never_raises(machine: &mut dyn Machine<Ducking>, drawn: &Case<Ducking>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let tracks = trace.obs.iter().filter_map(|obs| if let Obs::Gains(tracks) = obs { Some(tracks) } else { None }).flatten();
    let (mut count, range) = (0, DUCKING_DB_Q8_8_MIN..=0);
    for Track { session, db_q8_8 } in tracks {
        if let Some(gain) = db_q8_8.iter().find(|gain| !range.contains(gain)) {
            return Ok(Held::No(format!("session {session} has the gain {gain}")));
        }
        count += db_q8_8.len() as u64;
    }
    Ok(if count > 0 { Held::Yes(count) } else { Held::NotApplicable })
}

/// Two causes and the end of their ramps.
fn draw_two(source: &mut dyn Entropy) -> Case<Ducking> {
    let config = draw_config(source);
    let (first, second) = (draw_rule(source), draw_rule(source));
    case(config, vec![Op::Open(1), duck(1, first), duck(2, second), Op::Blocks(10)])
}

fn never_adds(machine: &mut dyn Machine<Ducking>, drawn: &Case<Ducking>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let depths = drawn.ops.iter().filter_map(|op| if let Op::Duck { rule, .. } = op { Some(depth(&drawn.config, *rule)) } else { None });
    let (deepest, ramp) = (depths.min().unwrap_or_default(), gains(trace.obs.last()));
    Ok(if ramp.last() == Some(&deepest) && ramp.iter().all(|gain| *gain >= deepest) {
        Held::Yes(ramp.len() as u64)
    } else {
        Held::No(format!("the deepest of two causes is {deepest}, and the gains are {ramp:?}"))
    })
}

/// Causes that come and go at any time, and in the end are all gone.
fn draw_restored(source: &mut dyn Entropy) -> Case<Ducking> {
    let config = draw_config(source);
    let mut ops = vec![Op::Open(1)];
    let mut causes: Vec<u32> = Vec::new();
    for _ in 0..2 + source.below(10) {
        let cause = source.below(4) as u32;
        match source.below(3) {
            0 => ops.push(Op::Blocks(source.below(5) as u32)),
            1 if causes.contains(&cause) => {
                causes.retain(|known| *known != cause);
                ops.push(unduck(cause));
            }
            _ => {
                ops.push(duck(cause, draw_rule(source)));
                if !causes.contains(&cause) {
                    causes.push(cause);
                }
            }
        }
    }
    ops.extend(causes.into_iter().map(unduck));
    ops.push(Op::Blocks(10));
    case(config, ops)
}

fn restored(machine: &mut dyn Machine<Ducking>, drawn: &Case<Ducking>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let ramp = gains(trace.obs.last());
    let ducked = trace.obs.iter().any(|obs| gains(Some(obs)).iter().any(|gain| *gain < 0));
    Ok(match ramp.last() {
        Some(0) if ducked => Held::Yes(ramp.len() as u64),
        Some(0) => Held::NotApplicable,
        _ => Held::No(format!("all causes are gone, and the gains are {ramp:?}")),
    })
}

/// A ramp, some blocks, and how they can be split: the last operation's blocks are those of the two before together.
fn draw_split(source: &mut dyn Entropy) -> Case<Ducking> {
    let (first, second) = (source.below(9) as u32, source.below(9) as u32);
    let ops = [duck(1, draw_rule(source)), Op::Blocks(source.below(4) as u32), duck(2, draw_rule(source)), unduck(1)];
    let ops = [Op::Open(1)].into_iter().chain(ops).chain([Op::Blocks(first), Op::Blocks(second)]);
    case(draw_config(source), ops.collect())
}

fn splits(machine: &mut dyn Machine<Ducking>, drawn: &Case<Ducking>) -> Result<Held, Failure> {
    let [before @ .., Op::Blocks(first), Op::Blocks(second)] = drawn.ops.as_slice() else { return Ok(Held::NotApplicable) };
    let whole = case(drawn.config, before.iter().cloned().chain([Op::Blocks(first + second)]).collect());
    let (parts, whole) = (machine.run_case(drawn)?, machine.run_case(&whole)?);
    let parts = [gains(parts.obs.get(before.len())), gains(parts.obs.last())].concat();
    let whole = gains(whole.obs.last());
    Ok(if parts == whole {
        Held::Yes(whole.len() as u64)
    } else {
        Held::No(format!("{first} and {second} blocks gave {parts:?}, and both at once {whole:?}"))
    })
}
