//! Statements about every right machine of the contract `sessions`.

use crate::suite::{Held, Law};
use spec::bytes::Bytes;
use spec::media::Class;
use spec::sessions::{Config, Consumed, Info, Metadata, Obs, Op, Sessions};
use spec::{Case, Contract, Entropy, Failure, Machine, entropy};
use std::collections::BTreeSet;

pub(super) fn laws() -> Vec<Law<Sessions>> {
    let law = |name, requirements, draw, holds| Law { name, requirements, draw, holds };
    vec![
        law("numbers_are_used_once", &["SESSIONS-001"], draw_numbers, numbers_grow),
        law("a_switch_is_told_once_and_no_other_session_moves", &["SESSIONS-004"], draw_switches, switches_are_told),
        law("positions_are_the_sum_of_what_was_consumed", &["SESSIONS-006"], draw_consumed, positions_add_up),
        law("paused_sessions_stay", &["SESSIONS-007"], draw_paused, paused_stay),
        law("a_seek_is_where_the_next_block_begins", &["SESSIONS-009"], draw_seek, seek_then_position),
        law("the_list_does_not_depend_on_the_order_of_registrations", &["SESSIONS-018"], draw_list, order_is_of_apps),
        law("the_revision_grows_exactly_on_change", &["SESSIONS-019"], draw_changes, revision_counts_changes),
        law("a_clock_that_goes_back_adds_nothing", &["SESSIONS-023"], draw_clock, clock_adds_nothing),
    ]
}

pub(super) fn publish(app: &str) -> Op {
    Op::Publish { app: app.to_owned(), class: Class::Music, seekable: true }
}

pub(super) fn duration(sid: u32, duration_ms: Option<u64>) -> Op {
    Op::Metadata { sid, metadata: Metadata { duration_ms, ..Metadata::default() } }
}

pub(super) fn titled(sid: u32, title: &[u8]) -> Op {
    Op::Metadata { sid, metadata: Metadata { title: Bytes::from(title), ..Metadata::default() } }
}

pub(super) fn consumed(entries: &[(u32, u32)]) -> Op {
    Op::Block(entries.iter().map(|(sid, frames)| Consumed { sid: *sid, frames: *frames }).collect())
}

fn case(ops: Vec<Op>) -> Case<Sessions> {
    Case { config: Config::default(), ops }
}

fn draw_numbers(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut ops = vec![publish("a")];
    for last in 1..=1 + source.below(12) as u32 {
        if source.one_in(2) {
            ops.push(Op::Withdraw(1 + source.below(u64::from(last)) as u32));
        }
        ops.push(publish(entropy::pick(source, ["a", "b"])));
    }
    case(ops)
}

fn numbers_grow(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut known = BTreeSet::new();
    for obs in &trace.obs {
        if let Obs::Published(sid) = obs
            && (!known.insert(*sid) || *sid != known.len() as u32)
        {
            return Ok(Held::No(format!("the session after {} others has the number {sid}", known.len())));
        }
    }
    Ok(Held::Yes(known.len() as u64))
}

fn draw_switches(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut ops: Vec<Op> = (0..3).map(|_| publish("a")).collect();
    for _ in 0..12 {
        let sid = 1 + source.below(3) as u32;
        ops.extend([entropy::pick(source, [Op::Play, Op::Pause])(sid), Op::Get(1), Op::Get(2), Op::Get(3)]);
    }
    case(ops)
}

/// Each session plays exactly where the last switch of its own says so, and an answer says so whenever that is new.
fn switches_are_told(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut plays = [false; 4];
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        let told = match (op, obs) {
            (Op::Play(sid) | Op::Pause(sid), Obs::Switched(switched)) => {
                let now = matches!(op, Op::Play(_));
                *switched == (std::mem::replace(&mut plays[*sid as usize], now) != now)
            }
            (Op::Get(sid), Obs::Session(info)) => info.playing == plays[*sid as usize],
            (Op::Publish { .. }, Obs::Published(_)) => true,
            _ => false,
        };
        if !told {
            return Ok(Held::No(format!("{op:?} is answered {obs:?} where {plays:?} play")));
        }
    }
    Ok(Held::Yes(trace.obs.len() as u64))
}

fn draw_consumed(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut ops = vec![publish("a"), Op::Play(1)];
    for _ in 0..1 + source.below(20) {
        ops.push(consumed(&[(1, entropy::pick(source, [480, 480, 1, 47, 48, 49, 479]))]));
    }
    ops.push(Op::Get(1));
    case(ops)
}

fn info(obs: Option<&Obs>) -> Option<&Info> {
    if let Some(Obs::Session(info)) = obs { Some(info) } else { None }
}

fn positions_add_up(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let frames: u64 = case.ops.iter().map(|op| if let Op::Block(block) = op { u64::from(block[0].frames) } else { 0 }).sum();
    Ok(match info(trace.obs.last()) {
        Some(info) if info.position_ms == frames / 48 => Held::Yes(1),
        other => Held::No(format!("{frames} frames were consumed, and the session is {other:?}")),
    })
}

/// A session that pauses, or plays and gets nothing, among all that can happen to others.
fn draw_paused(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut ops = vec![publish("a"), publish("b"), Op::Play(1), Op::Play(2), Op::Tick(1 + source.below(9) as u32)];
    let starved = source.one_in(2);
    if !starved {
        ops.push(Op::Pause(1));
    }
    ops.push(Op::Get(1));
    for _ in 0..8 {
        ops.push(match source.below(6) {
            0 => Op::Play(2),
            1 => Op::Pause(2),
            2 => Op::Seek { sid: 2, ms: source.below(900) },
            3 if !starved => Op::Tick(1 + source.below(30) as u32),
            _ => consumed(&[(2, 480)]),
        });
    }
    ops.push(Op::Get(1));
    case(ops)
}

fn paused_stay(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut seen = trace.obs.iter().filter_map(|obs| info(Some(obs)));
    Ok(match (seen.next(), seen.next()) {
        (Some(before), Some(after)) if before == after => Held::Yes(1),
        (before, after) => Held::No(format!("{before:?} became {after:?}")),
    })
}

fn draw_seek(source: &mut dyn Entropy) -> Case<Sessions> {
    let length = entropy::pick(source, [None, Some(7_000), Some(0)]);
    let mut ops = vec![publish("a"), duration(1, length)];
    if source.one_in(2) {
        ops.push(Op::Play(1));
    }
    ops.extend([Op::Tick(1 + source.below(50) as u32), Op::Get(1)]);
    ops.push(Op::Seek { sid: 1, ms: entropy::pick(source, [0, 1, 6_999, 7_000, 7_001, u64::MAX, 350]) });
    ops.extend([Op::Get(1), consumed(&[]), Op::Get(1)]);
    case(ops)
}

/// The session stays where it was until the next block; an empty one leaves it at the target.
fn seek_then_position(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let target = trace.obs.iter().find_map(|obs| if let Obs::Target(ms) = obs { Some(*ms) } else { None });
    let asked = case.ops.iter().find_map(|op| if let Op::Seek { ms, .. } = op { Some(*ms) } else { None });
    let seen: Vec<&Info> = trace.obs.iter().filter_map(|obs| info(Some(obs))).collect();
    let ([before, waiting, after], Some(target), Some(asked)) = (seen.as_slice(), target, asked) else {
        return Ok(Held::No("not every question is answered".to_owned()));
    };
    let clamped = after.metadata.duration_ms.map_or(asked, |duration| asked.min(duration));
    let told = (waiting.position_ms, waiting.target_ms) == (before.position_ms, Some(target));
    Ok(if target == clamped && told && (after.position_ms, after.target_ms) == (target, None) {
        Held::Yes(1)
    } else {
        Held::No(format!("a seek to {asked} from {before:?} was answered {target}, then came {waiting:?} and {after:?}"))
    })
}

/// Apps, each once, in some order; the chosen one is the same whatever the order.
fn draw_list(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut apps = vec!["b", "a", "B", "a.b", "a-b", "a0", "z"];
    apps.truncate(2 + source.below(6) as usize);
    for place in (1..apps.len()).rev() {
        apps.swap(place, source.below(place as u64 + 1) as usize);
    }
    case(apps.into_iter().map(publish).collect())
}

fn order_is_of_apps(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let app = |op: &Op| if let Op::Publish { app, .. } = op { app.clone() } else { String::new() };
    let mut list = |reversed: bool| {
        let mut ops = case.ops.clone();
        if reversed {
            ops.reverse();
        }
        let chosen = ops.iter().position(|op| app(op) == "b").unwrap_or(0) as u32 + 1;
        ops.extend([Op::SetActive(chosen), Op::List]);
        let trace = machine.run_case(&Case { config: case.config.clone(), ops })?;
        let Some(Obs::Sessions(list)) = trace.obs.last() else { return Ok(Vec::new()) };
        Ok(list.iter().map(|entry| entry.app.clone()).collect::<Vec<_>>())
    };
    if !case.ops.iter().any(|op| app(op) == "b") {
        return Ok(Held::NotApplicable);
    }
    let (one, other) = (list(false)?, list(true)?);
    let sorted = one.get(1..).is_some_and(<[String]>::is_sorted);
    Ok(if one == other && sorted && one.len() == case.ops.len() {
        Held::Yes(one.len() as u64)
    } else {
        Held::No(format!("registered in turn the apps are {one:?}, and the other way round {other:?}"))
    })
}

/// Any operations.
fn draw_changes(source: &mut dyn Entropy) -> Case<Sessions> {
    let mut case = Sessions::draw(source, 16);
    case.config = Config { audiod: case.config.audiod, ..Config::default() };
    case
}

/// Between two looks at everything the revision grew by one where they differ, and not at all where they don't.
fn revision_counts_changes(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    if machine.reset(&case.config)?.is_err() {
        return Ok(Held::NotApplicable);
    }
    let published = case.ops.iter().filter(|op| matches!(op, Op::Publish { .. })).count() as u32;
    let look: Vec<Op> = [Op::Current].into_iter().chain((1..=published).map(Op::Get)).chain([Op::Changed(0)]).collect();
    let mut before = machine.run(&look)?;
    for op in &case.ops {
        let obs = machine.step(op)?;
        let mut after = machine.run(&look)?;
        let revision = |seen: &[Obs]| if let Some(Obs::Changed { revision, .. }) = seen.last() { *revision } else { u64::MAX };
        let (was, is) = (revision(&before), revision(&after));
        // Progress is no change.
        if matches!(op, Op::Block(_) | Op::Tick(_) | Op::Now(_)) {
            for (old, new) in before.iter_mut().zip(&mut after) {
                if let (Obs::Session(old), Obs::Session(new)) = (old, new) {
                    old.position_ms = new.position_ms;
                }
            }
        }
        let changed = before.split_last().map(|(_, seen)| seen) != after.split_last().map(|(_, seen)| seen);
        if is != was + u64::from(changed) {
            let what = if changed { "something" } else { "nothing" };
            return Ok(Held::No(format!("{op:?} was answered {obs:?} and changed {what}, and the revision {was} became {is}")));
        }
        before = after;
    }
    Ok(Held::Yes(case.ops.len() as u64))
}

/// A clock that goes forward, then back behind the moment of the play.
fn draw_clock(source: &mut dyn Entropy) -> Case<Sessions> {
    let start = 1_000_000 + source.below(9_000_000_000);
    let ops = vec![
        publish("a"),
        Op::Now(start),
        Op::Play(1),
        Op::Now(start + source.below(4_000_000_000)),
        Op::Get(1),
        Op::Now(start - source.below(1_000_000)),
        Op::Get(1),
    ];
    Case { config: Config { audiod: false, ..Config::default() }, ops }
}

fn clock_adds_nothing(machine: &mut dyn Machine<Sessions>, case: &Case<Sessions>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let seen: Vec<u64> = trace.obs.iter().filter_map(|obs| info(Some(obs))).map(|info| info.position_ms).collect();
    let (Some(Op::Now(start)), Some(Op::Now(later))) = (case.ops.get(1), case.ops.get(3)) else { return Ok(Held::NotApplicable) };
    Ok(if seen == [(later - start) / 1_000_000, 0] {
        Held::Yes(2)
    } else {
        Held::No(format!("it played from {start} ns on; at {later} ns and before the play it is at {seen:?} ms"))
    })
}
