//! Laws of the contract `system`.

use crate::suite::{Held, Law};
use spec::idl::{Call, Gain};
use spec::system::{ALL_CLIENT_RIGHTS, Config, Obs, Op, System};
use spec::{Case, Contract, Entropy, Failure, Machine};

/// The laws.
pub fn laws() -> Vec<Law<System>> {
    vec![
        Law {
            name: "a_rejected_message_changes_nothing",
            requirements: &["SYSTEM-003", "SYSTEM-015"],
            draw: draw_any,
            holds: rejected_changes_nothing,
        },
        Law { name: "order_of_opening_is_not_heard", requirements: &["SYSTEM-016"], draw: draw_players, holds: order_is_not_heard },
    ]
}

fn call(call: Call<'static>) -> Op {
    Op::Call { sender: 0, claimed: None, call }
}

/// A case in which the second sender may do nothing and asks often.
fn draw_any(entropy: &mut dyn Entropy) -> Case<System> {
    let mut ops = System::draw(entropy, 24).ops;
    for op in &mut ops {
        if let Op::Call { sender, claimed, .. } = op {
            (*sender, *claimed) = (u8::from(entropy.one_in(4)), None);
        }
    }
    Case { config: Config { grants: vec![ALL_CLIENT_RIGHTS, 0], ..Config::default() }, ops }
}

/// What tells of denials, which a log counts.
fn is_about_records(op: &Op) -> bool {
    matches!(op, Op::Records(_) | Op::Events(_))
}

/// Without the messages that were rejected, everything else is answered alike; only the audit log tells of them.
fn rejected_changes_nothing(machine: &mut dyn Machine<System>, case: &Case<System>) -> Result<Held, Failure> {
    let mut asked = case.clone();
    asked.ops.retain(|op| !is_about_records(op));
    let whole = machine.run_case(&asked)?;
    if whole.obs.len() != asked.ops.len() {
        return Ok(Held::NotApplicable);
    }
    // A tick that is out of range and a void recording's end are no messages that were rejected without effect.
    let without_effect = |op: &Op, obs: &Obs| matches!(obs, Obs::Rejected { .. }) && !matches!(op, Op::Call { call: Call::RecordStop, .. });
    let kept: Vec<bool> = asked.ops.iter().zip(&whole.obs).map(|(op, obs)| !without_effect(op, obs)).collect();
    if kept.iter().all(|kept| *kept) {
        return Ok(Held::NotApplicable);
    }
    let of = |place: usize| kept[place];
    let ops: Vec<Op> = asked.ops.iter().enumerate().filter(|(place, _)| of(*place)).map(|(_, op)| op.clone()).collect();
    let expected = whole.obs.iter().enumerate().filter(|(place, _)| of(*place)).map(|(_, obs)| obs);
    let rest = machine.run_case(&Case { config: asked.config, ops: ops.clone() })?;
    for ((expected, got), op) in expected.zip(&rest.obs).zip(&ops) {
        if expected != got {
            return Ok(Held::No(format!("{op:?} answers {expected:?} after a rejected message, and {got:?} without it")));
        }
    }
    Ok(Held::Yes(asked.ops.len() as u64 + ops.len() as u64))
}

/// Players that each write and play, then ticks.
fn draw_players(entropy: &mut dyn Entropy) -> Case<System> {
    let mut ops = Vec::new();
    for stream in 1..=entropy.between(2, 4) as u32 {
        ops.push(call(Call::OpenStream("law".into())));
        ops.push(Op::Write { sender: 0, stream, frames: entropy.between(200, 900) as u32, seed: entropy.below(64) as u32 });
        ops.push(call(Call::SetStreamGain(Gain { id: stream, db_q8_8: entropy.between(-4_000, 3_072) as i16 })));
        ops.push(call(Call::Start(stream)));
    }
    ops.extend([Op::Tick(1), Op::Tick(1)]);
    Case { config: Config::default(), ops }
}

/// The same players in the other order give the same mix.
fn order_is_not_heard(machine: &mut dyn Machine<System>, case: &Case<System>) -> Result<Held, Failure> {
    let first = machine.run_case(case)?;
    let players = (case.ops.len() - 2) / 4;
    let mut ops = Vec::new();
    for (place, player) in case.ops.chunks_exact(4).take(players).rev().enumerate() {
        let stream = place as u32 + 1;
        for op in player {
            ops.push(match op {
                Op::Write { sender, frames, seed, .. } => Op::Write { sender: *sender, stream, frames: *frames, seed: *seed },
                Op::Call { call: Call::SetStreamGain(gain), .. } => call(Call::SetStreamGain(Gain { id: stream, ..*gain })),
                Op::Call { call: Call::Start(_), .. } => call(Call::Start(stream)),
                op => op.clone(),
            });
        }
    }
    ops.extend([Op::Tick(1), Op::Tick(1)]);
    let second = machine.run_case(&Case { config: case.config.clone(), ops })?;
    let mixed = |obs: &[Obs]| obs[obs.len().saturating_sub(2)..].to_vec();
    let (first, second) = (mixed(&first.obs), mixed(&second.obs));
    if first != second {
        return Ok(Held::No(format!("{players} streams mix to something else when they are opened in the other order")));
    }
    Ok(Held::Yes(2 * case.ops.len() as u64))
}
