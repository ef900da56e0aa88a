//! Statements about every right machine of the contract `level`.

use crate::suite::{Held, Law};
use spec::level::{Config, Level, Linear, Obs, Op};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Level>> {
    vec![
        Law { name: "a_muted_level_is_silence", requirements: &["LEVEL-003"], draw, holds: muted_is_silence },
        Law { name: "muting_keeps_the_level", requirements: &["LEVEL-004"], draw, holds: muting_keeps },
    ]
}

/// Sets, rejected sets, mutes and looks.
fn draw(source: &mut dyn Entropy) -> Case<Level> {
    let ops = (0..16)
        .map(|_| match source.below(8) {
            0 => Op::Set(Linear::of(source.below(1 << 20) as f64 / (1 << 20) as f64)),
            1 => Op::SetText(entropy::pick(source, ["0.25", "1", "0.0", "0.9999", "1.1", ""]).to_owned()),
            2..=4 => Op::Mute(source.one_in(2)),
            _ => Op::Get,
        })
        .collect();
    Case { config: Config {}, ops }
}

/// The effective level is 0 while muted and the remembered one otherwise, and the mute is what was asked for last.
fn muted_is_silence(machine: &mut dyn Machine<Level>, case: &Case<Level>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let (mut asked, mut silenced) = (false, 0);
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        match (op, obs) {
            (Op::Mute(muted), Obs::Done) => asked = *muted,
            (Op::Get, Obs::State { level, effective, muted }) => {
                if *muted != asked {
                    return Ok(Held::No(format!("step {step}: muted is {muted} after {asked} was asked for")));
                }
                let right = if *muted { 0 } else { *level };
                if *effective != right {
                    return Ok(Held::No(format!("step {step}: level {level} with muted {muted} takes effect as {effective}")));
                }
                silenced += u64::from(*muted && *level > 0);
            }
            (Op::Mute(_) | Op::Get, obs) => return Ok(Held::No(format!("step {step}, {op:?}, gives {obs:?}"))),
            _ => {}
        }
    }
    Ok(if silenced > 0 { Held::Yes(silenced) } else { Held::NotApplicable })
}

/// From one accepted set to the next every look shows the same level, whatever was muted in between.
fn muting_keeps(machine: &mut dyn Machine<Level>, case: &Case<Level>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut seen = None;
    let (mut mutes, mut compared) = (0, 0);
    for (step, (op, obs)) in case.ops.iter().zip(&trace.obs).enumerate() {
        match (op, obs) {
            (Op::Set(_) | Op::SetText(_), Obs::Done) => seen = None,
            (Op::Mute(_), _) => mutes += 1,
            (Op::Get, Obs::State { level, .. }) => {
                if let Some((before, mutes_before)) = seen {
                    if before != *level {
                        return Ok(Held::No(format!("step {step}: the level was {before} and is {level}, and nobody set it")));
                    }
                    compared += u64::from(mutes_before != mutes);
                }
                seen = Some((*level, mutes));
            }
            _ => {}
        }
    }
    Ok(if compared > 0 { Held::Yes(compared) } else { Held::NotApplicable })
}
