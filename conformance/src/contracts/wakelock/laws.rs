//! Statements about every right machine of the contract `wakelock`.

use crate::suite::{Held, Law};
use spec::wakelock::{Config, Kind, Obs, Op, Playback, WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, Wakelock};
use spec::{Case, Entropy, Failure, Machine, entropy};
use std::collections::BTreeMap;

pub(super) fn laws() -> Vec<Law<Wakelock>> {
    vec![
        Law {
            name: "acquires_and_releases_balance",
            requirements: &["WAKELOCK-002", "WAKELOCK-007"],
            draw: draw_balanced,
            holds: nothing_is_left,
        },
        Law { name: "playing_holds_one_lock", requirements: &["WAKELOCK-010"], draw: draw_playing, holds: one_lock },
        Law { name: "nothing_is_held_after_all_have_ended", requirements: &["WAKELOCK-011"], draw: draw_ended, holds: nothing_is_left },
    ]
}

pub(super) fn acquire(app: &str, id: &str, kind: Kind) -> Op {
    Op::Acquire { app: app.to_owned(), id: id.to_owned(), kind }
}

pub(super) fn release(app: &str, id: &str) -> Op {
    Op::Release { app: app.to_owned(), id: id.to_owned() }
}

pub(super) fn session(session: u32, playback: Playback) -> Op {
    Op::Session { session, playback }
}

/// Every acquire has its release, later, in any order.
fn draw_balanced(source: &mut dyn Entropy) -> Case<Wakelock> {
    let mut ops: Vec<Op> = Vec::new();
    for _ in 0..1 + source.below(8) {
        let (app, id) = (entropy::pick(source, ["a", "b"]), entropy::pick(source, ["x", "y"]));
        // One kind for each id.
        let kind = if id == "x" { Kind::Partial } else { Kind::Full };
        let first = source.below(ops.len() as u64 + 1) as usize;
        ops.insert(first, acquire(app, id, kind));
        let second = first + 1 + source.below((ops.len() - first) as u64) as usize;
        ops.insert(second, release(app, id));
    }
    ops.extend([Op::List, Op::Blocks, Op::Markers]);
    Case { config: Config::default(), ops }
}

/// At the end nothing is held and nothing is blocked, and each lock's lines have told so: an acquire, a release, and so on.
fn nothing_is_left(machine: &mut dyn Machine<Wakelock>, case: &Case<Wakelock>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let [before @ .., Obs::Locks(locks), Obs::Blocks { deep_idle, screen }, Obs::Lines(lines)] = trace.obs.as_slice() else {
        return Ok(Held::No("the last answers are not those that were asked for".to_owned()));
    };
    if let Some(step) = before.iter().position(|obs| matches!(obs, Obs::Rejected(_))) {
        return Ok(Held::No(format!("step {step}: {:?} is rejected", case.ops[step])));
    }
    if !locks.is_empty() || *deep_idle || *screen {
        return Ok(Held::No(format!("everything was given back, and {locks:?} is held, L2 blocked: {deep_idle}, screen kept: {screen}")));
    }
    let mut held: BTreeMap<&str, bool> = BTreeMap::new();
    for line in lines {
        let parts = line.strip_prefix("powerd: wakelock ").and_then(|rest| rest.split_once(' '));
        let (acquired, lock) = match parts {
            Some(("acquire", lock)) => (true, lock),
            Some(("release", lock)) => (false, lock),
            _ => return Ok(Held::No(format!("{line:?} is no line of a wake lock"))),
        };
        if held.insert(lock, acquired).unwrap_or(false) == acquired {
            return Ok(Held::No(format!("{line:?} tells again what was told already")));
        }
    }
    if let Some((lock, _)) = held.iter().find(|(_, held)| **held) {
        return Ok(Held::No(format!("no line tells that {lock:?} was released")));
    }
    let asked = case.ops.iter().any(|op| matches!(op, Op::Acquire { .. } | Op::Session { .. }));
    if asked && held.is_empty() && before.iter().any(|obs| matches!(obs, Obs::Count(_) | Obs::Media { held: true, .. })) {
        return Ok(Held::No("a lock was held, and no line tells it".to_owned()));
    }
    Ok(if held.is_empty() { Held::NotApplicable } else { Held::Yes(lines.len() as u64) })
}

/// Sessions that start and never end, then a list.
fn draw_playing(source: &mut dyn Entropy) -> Case<Wakelock> {
    let mut ops: Vec<Op> = (0..1 + source.below(10))
        .map(|_| session(source.below(4) as u32, entropy::pick(source, [Playback::Playing, Playback::Ducked])))
        .collect();
    ops.push(Op::List);
    Case { config: Config::default(), ops }
}

fn one_lock(machine: &mut dyn Machine<Wakelock>, case: &Case<Wakelock>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let Some(Obs::Locks(locks)) = trace.obs.last() else { return Ok(Held::No("the list is not answered".to_owned())) };
    Ok(match locks.as_slice() {
        [lock]
            if (lock.app.as_str(), lock.id.as_str(), lock.kind, lock.count)
                == (WAKELOCK_MEDIA_APP, WAKELOCK_MEDIA_ID, Kind::Partial, 1) =>
        {
            Held::Yes(1)
        }
        locks => Held::No(format!("sessions play, and {locks:?} is held")),
    })
}

/// Sessions that start, duck and pause, and in the end all end, each in its way.
fn draw_ended(source: &mut dyn Entropy) -> Case<Wakelock> {
    use Playback as P;
    let mut ops: Vec<Op> = (0..10)
        .map(|_| session(source.below(3) as u32, entropy::pick(source, [P::Playing, P::Playing, P::Ducked, P::Paused, P::Stopped])))
        .collect();
    ops.extend((0..3).map(|number| session(number, entropy::pick(source, [P::Paused, P::Stopped, P::Dead]))));
    ops.extend([Op::List, Op::Blocks, Op::Markers]);
    Case { config: Config::default(), ops }
}
