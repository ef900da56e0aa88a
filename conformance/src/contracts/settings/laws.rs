//! Statements about every right machine of the contract `settings`.

use crate::suite::{Held, Law};
use spec::settings::{Applied, Bytes, Config, Obs, Op, SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK, Scope, Settings, Sink};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Settings>> {
    vec![
        Law { name: "what_was_set_is_got", requirements: &["SETTINGS-007"], draw: draw_sets, holds: set_is_got },
        Law { name: "a_restart_changes_nothing", requirements: &["SETTINGS-008"], draw: draw_restarts, holds: restart_keeps },
        Law { name: "audiod_has_what_is_stored", requirements: &["SETTINGS-012", "SETTINGS-013"], draw: draw_any, holds: audiod_follows },
    ]
}

fn draw_set(source: &mut dyn Entropy) -> Op {
    let (key, value, scope) = match source.below(3) {
        0 => (SETTINGS_KEY_LEVEL, entropy::pick(source, ["0", "0.5", "0.50", "1", "1.0", "0.0001", "2"]), Scope::User),
        1 => (SETTINGS_KEY_MUTED, entropy::pick(source, ["true", "false", "no"]), Scope::User),
        _ => (SETTINGS_KEY_SINK, entropy::pick(source, ["null", "file", "i2s", "tape"]), Scope::Device),
    };
    Op::Set { key: key.into(), value: value.into(), scope }
}

/// Each set followed by a look at its key.
fn draw_sets(source: &mut dyn Entropy) -> Case<Settings> {
    let mut ops = Vec::new();
    for _ in 0..8 {
        let set = draw_set(source);
        let Op::Set { key, .. } = &set else { continue };
        let get = Op::Get(key.clone());
        ops.extend([set, get]);
    }
    Case { config: Config { state: source.one_in(2), i2s: false }, ops }
}

/// After an accepted set its value is there.
fn set_is_got(machine: &mut dyn Machine<Settings>, case: &Case<Settings>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut compared = 0;
    for (step, (pair, obs)) in case.ops.chunks(2).zip(trace.obs.chunks(2)).enumerate() {
        let ([Op::Set { value, .. }, _], [Obs::Stored { .. }, got]) = (pair, obs) else { continue };
        let right = matches!(got, Obs::Value(text) if *text.as_bytes() == value.0);
        if !right {
            return Ok(Held::No(format!("step {}: {value:?} was set, and got is {got:?}", 2 * step + 1)));
        }
        compared += 1;
    }
    Ok(if compared > 0 { Held::Yes(compared) } else { Held::NotApplicable })
}

/// Sets and failing writes where `/state` is, then a list before and after a restart.
fn draw_restarts(source: &mut dyn Entropy) -> Case<Settings> {
    let mut ops: Vec<Op> = (0..8).map(|_| if source.one_in(4) { Op::FailWrites(source.one_in(2)) } else { draw_set(source) }).collect();
    ops.extend([Op::List, Op::Restart, Op::List]);
    Case { config: Config { state: true, i2s: source.one_in(2) }, ops }
}

fn restart_keeps(machine: &mut dyn Machine<Settings>, case: &Case<Settings>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let changed = trace.obs.iter().any(|obs| matches!(obs, Obs::Stored { changed: true, .. }));
    match trace.obs.as_slice() {
        [.., before, Obs::Loaded { skipped: 0, .. }, after] if before == after => {
            Ok(if changed { Held::Yes(1) } else { Held::NotApplicable })
        }
        [.., before, loaded, after] => Ok(Held::No(format!("a restart, {loaded:?}, makes {after:?} of {before:?}"))),
        _ => Ok(Held::No("fewer answers than operations".to_owned())),
    }
}

/// Everything but foreign files, and at the end what is stored and what was applied.
fn draw_any(source: &mut dyn Entropy) -> Case<Settings> {
    let mut ops: Vec<Op> = (0..12)
        .map(|_| match source.below(10) {
            0 => Op::FailWrites(source.one_in(3)),
            1 => Op::StateAvailable(source.one_in(2)),
            2..=3 => Op::I2sEnabled(source.one_in(2)),
            4 => Op::Restart,
            _ => draw_set(source),
        })
        .collect();
    ops.extend([Op::Get(SETTINGS_KEY_LEVEL.into()), Op::Get(SETTINGS_KEY_MUTED.into()), Op::Sink, Op::Applied]);
    Case { config: Config { state: source.one_in(2), i2s: source.one_in(2) }, ops }
}

/// The last level, mute and sink that audiod was told are those that are stored and in effect.
fn audiod_follows(machine: &mut dyn Machine<Settings>, case: &Case<Settings>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let [.., Obs::Value(level), Obs::Value(muted), Obs::Sink { wish, effective }, Obs::Applied(applied)] = trace.obs.as_slice() else {
        return Ok(Held::No("the last answers are not those that were asked for".to_owned()));
    };
    let available = availability(case);
    let possible = match wish {
        Sink::Null => true,
        Sink::File => available.state,
        Sink::I2s => available.i2s,
    };
    if *effective != if possible { *wish } else { Sink::Null } {
        return Ok(Held::No(format!("the sink {wish:?} takes effect as {effective:?} with {available:?}")));
    }
    let decimal: f64 = level.parse().unwrap_or(f64::NAN);
    let told = |kind: fn(&Applied) -> bool| applied.iter().rev().find(|applied| kind(applied)).copied();
    let right = [
        Some(Applied::Level((decimal * 65_536.0 + 0.5).floor() as u32)),
        Some(Applied::Muted(muted == "true")),
        Some(Applied::Sink(*effective)),
    ];
    let got = [
        told(|applied| matches!(applied, Applied::Level(_))),
        told(|applied| matches!(applied, Applied::Muted(_))),
        told(|applied| matches!(applied, Applied::Sink(_))),
    ];
    Ok(if got == right { Held::Yes(3) } else { Held::No(format!("stored is {right:?}, and audiod was told {got:?}")) })
}

/// What is available at the end of a case.
fn availability(case: &Case<Settings>) -> Config {
    case.ops.iter().fold(case.config.clone(), |now, op| match op {
        Op::StateAvailable(state) => Config { state: *state, ..now },
        Op::I2sEnabled(i2s) => Config { i2s: *i2s, ..now },
        _ => now,
    })
}

/// Keys as they come over the wire, for goldens and violations.
pub(super) fn set(key: &str, value: &str) -> Op {
    let scope = if key == SETTINGS_KEY_SINK { Scope::Device } else { Scope::User };
    Op::Set { key: Bytes::from(key), value: Bytes::from(value), scope }
}
