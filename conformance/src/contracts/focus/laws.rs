//! Statements about every right machine of the contract `focus`.

use super::{case, register, request};
use crate::suite::{Held, Law};
use spec::focus::{Change, Class, Focus, Kind, Obs, Op, Playback, Session, What};
use spec::{Case, Contract, Entropy, Failure, Machine, Trace, entropy};

pub(super) fn laws() -> Vec<Law<Focus>> {
    vec![
        Law {
            name: "the_order_of_registration_decides_nothing",
            requirements: &["FOCUS-001"],
            draw: draw_registered,
            holds: registered_in_any_order,
        },
        Law {
            name: "the_same_log_gives_the_same_bytes",
            requirements: &["FOCUS-003"],
            draw: |source| Focus::draw(source, 24),
            holds: replayed,
        },
        Law { name: "the_users_pause_survives_resumes", requirements: &["FOCUS-011"], draw: draw_paused, holds: stays_paused },
        Law { name: "without_alarms_all_is_as_before", requirements: &["FOCUS-010"], draw: draw_alarmed, holds: as_before },
    ]
}

const SIDS: [u32; 5] = [7, 3, 9, 1, 4];

/// Sessions that are registered in some order, and what they do then.
fn draw_registered(source: &mut dyn Entropy) -> Case<Focus> {
    let mut sids = SIDS.to_vec();
    let mut ops = Vec::new();
    while !sids.is_empty() {
        let sid = sids.remove(source.below(sids.len() as u64) as usize);
        ops.push(register(sid, entropy::pick(source, Class::ALL)));
    }
    ops.extend((0..16).map(|_| draw_event(source, &SIDS)));
    ops.push(Op::State);
    case(!source.one_in(4), ops)
}

fn draw_event(source: &mut dyn Entropy, sids: &[u32]) -> Op {
    let sid = sids[source.below(sids.len() as u64) as usize];
    match source.below(10) {
        0 | 1 => request(sid, entropy::pick(source, Kind::ALL)),
        2 => Op::Abandon(sid),
        3..=7 => Op::Play(sid),
        _ => Op::Pause(sid),
    }
}

fn registered_in_any_order(machine: &mut dyn Machine<Focus>, drawn: &Case<Focus>) -> Result<Held, Failure> {
    let registers = drawn.ops.iter().take_while(|op| matches!(op, Op::Register { .. })).count();
    let mut sorted = drawn.clone();
    sorted.ops[..registers].sort_by_key(|op| if let Op::Register { sid, .. } = op { *sid } else { 0 });
    let [first, second] = [machine.run_case(drawn)?, machine.run_case(&sorted)?];
    let (first, second) = (first.obs.get(registers..), second.obs.get(registers..));
    Ok(if first == second {
        Held::Yes(first.map_or(0, <[Obs]>::len) as u64)
    } else {
        Held::No(format!("registered in order the same events give {second:?}, and otherwise {first:?}"))
    })
}

fn replayed(machine: &mut dyn Machine<Focus>, drawn: &Case<Focus>) -> Result<Held, Failure> {
    let bytes = |trace: Trace<Focus>| serde_json::to_string(&trace).unwrap_or_default();
    let [first, second] = [bytes(machine.run_case(drawn)?), bytes(machine.run_case(drawn)?)];
    let steps = drawn.ops.len() as u64;
    Ok(if first == second { Held::Yes(steps) } else { Held::No(format!("first {first}, then {second}")) })
}

const PAUSED: u32 = 2;

/// A session that plays, is paused by the user while alarms come and go, and is not let play again.
fn draw_paused(source: &mut dyn Entropy) -> Case<Focus> {
    let class = entropy::pick(source, [Class::Music, Class::Comms, Class::Ui, Class::Alarm]);
    let mut ops = vec![register(PAUSED, class), register(1, Class::Alarm), register(3, Class::Alarm), Op::Play(PAUSED)];
    draw_alarms(source, &mut ops);
    ops.push(Op::Pause(PAUSED));
    draw_alarms(source, &mut ops);
    ops.extend([Op::Close(1), Op::Close(3), Op::State]);
    case(!source.one_in(4), ops)
}

fn draw_alarms(source: &mut dyn Entropy, ops: &mut Vec<Op>) {
    for _ in 0..source.below(5) {
        let sid = entropy::pick(source, [1, 3]);
        ops.push(match source.below(4) {
            0 => Op::Pause(sid),
            1 => Op::Abandon(sid),
            _ => Op::Play(sid),
        });
    }
}

fn stays_paused(machine: &mut dyn Machine<Focus>, drawn: &Case<Focus>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let Some(pause) = drawn.ops.iter().position(|op| *op == Op::Pause(PAUSED)) else { return Ok(Held::NotApplicable) };
    let played = trace.obs.iter().take(pause).any(|obs| changes(obs).iter().any(|change| change.sid == PAUSED));
    let resumed = trace.obs.iter().skip(pause + 1).flat_map(changes).find(|change| change.sid == PAUSED);
    let plays = |session: &Session| session.sid == PAUSED && session.playback != Playback::Paused;
    let state = matches!(trace.obs.last(), Some(Obs::Sessions(sessions)) if sessions.iter().any(plays));
    Ok(match resumed {
        _ if !played => Held::NotApplicable,
        None if !state => Held::Yes(trace.obs.len() as u64),
        _ => Held::No(format!("the user paused session {PAUSED}, and it went on: {:?}", trace.obs)),
    })
}

fn changes(obs: &Obs) -> &[Change] {
    if let Obs::Changed(changes) = obs { changes } else { &[] }
}

/// Sessions without an alarm, and then alarms that come, and all go.
fn draw_alarmed(source: &mut dyn Entropy) -> Case<Focus> {
    let mut ops: Vec<Op> = SIDS.iter().map(|sid| register(*sid, entropy::pick(source, [Class::Music, Class::Comms, Class::Ui]))).collect();
    ops.extend((0..12).map(|_| draw_event(source, &SIDS)));
    ops.push(Op::State);
    let alarms = [20, 10, 2];
    ops.extend(alarms.map(|sid| register(sid, Class::Alarm)));
    ops.extend((0..1 + source.below(8)).map(|_| draw_event(source, &alarms)));
    ops.extend(alarms.map(Op::Close));
    ops.push(Op::State);
    case(true, ops)
}

fn as_before(machine: &mut dyn Machine<Focus>, drawn: &Case<Focus>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let states: Vec<&Vec<Session>> =
        trace.obs.iter().filter_map(|obs| if let Obs::Sessions(sessions) = obs { Some(sessions) } else { None }).collect();
    let [before, after] = states.as_slice() else { return Ok(Held::No("the state is not answered".to_owned())) };
    let paused = trace.obs.iter().flat_map(changes).any(|change| change.what == What::Resumed);
    Ok(match before == after {
        true if paused => Held::Yes(trace.obs.len() as u64),
        true => Held::NotApplicable,
        false => Held::No(format!("before the alarms there was {before:?}, and after them {after:?}")),
    })
}
