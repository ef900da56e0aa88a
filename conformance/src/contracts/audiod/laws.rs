//! Laws of the contract `audiod`.

use crate::suite::{Held, Law};
use spec::audiod::{ALL_RIGHTS, Audiod, Call, Config, Obs, Op};
use spec::{Case, Entropy, Failure, Machine};

/// The laws.
pub fn laws() -> Vec<Law<Audiod>> {
    vec![
        Law { name: "ticks_add_up", requirements: &["AUDIOD-002"], draw: draw_service, holds: ticks_add_up },
        Law { name: "order_of_opening_is_not_heard", requirements: &["AUDIOD-003"], draw: draw_streams, holds: order_is_not_heard },
        Law { name: "unmuting_restores", requirements: &["AUDIOD-005", "AUDIOD-014"], draw: draw_muted, holds: unmuting_restores },
        Law { name: "pausing_freezes", requirements: &["AUDIOD-009", "AUDIOD-010"], draw: draw_paused, holds: pausing_freezes },
        Law { name: "a_denied_call_changes_nothing", requirements: &["AUDIOD-023"], draw: draw_denied, holds: denied_changes_nothing },
    ]
}

fn call(call: Call) -> Op {
    Op::Call { sender: 0, call }
}

/// An accepted case of any kind, by a client that may do all.
fn draw_service(entropy: &mut dyn Entropy) -> Case<Audiod> {
    let drawn = <Audiod as spec::Contract>::draw(entropy, 24);
    Case { config: Config::default(), ops: drawn.ops }
}

/// Streams with gains and a block of samples each, started, and ticks.
fn draw_streams(entropy: &mut dyn Entropy) -> Case<Audiod> {
    let streams = entropy.between(2, 4) as u32;
    let mut ops: Vec<Op> = (1..=streams).map(|_| call(Call::OpenStream("law".into()))).collect();
    for stream in 1..=streams {
        let frames = entropy.between(200, 900) as u32;
        ops.push(call(Call::Write { stream, frames, seed: entropy.below(64) as u32 }));
        ops.push(call(Call::SetStreamGain { stream, db: entropy.between(-4_000, 3_072) as i32 }));
        ops.push(call(Call::Start(stream)));
    }
    ops.extend([Op::Tick(1), Op::Tick(1)]);
    Case { config: Config::default(), ops }
}

fn draw_muted(entropy: &mut dyn Entropy) -> Case<Audiod> {
    let mut case = draw_streams(entropy);
    let level = Call::SetLevel(entropy.between(1, 65_536) as u32);
    case.ops.insert(0, call(level));
    case
}

fn draw_paused(entropy: &mut dyn Entropy) -> Case<Audiod> {
    let frames = entropy.between(1_000, 1_920) as u32;
    let ops = vec![
        call(Call::OpenStream("law".into())),
        call(Call::Write { stream: 1, frames, seed: entropy.below(64) as u32 }),
        call(Call::Start(1)),
        Op::Tick(1),
        call(Call::Pause(1)),
        call(Call::Position(1)),
        Op::Tick(entropy.between(1, 5) as u32),
        call(Call::Position(1)),
        call(Call::Start(1)),
        Op::Tick(1),
        call(Call::Position(1)),
    ];
    Case { config: Config::default(), ops }
}

/// A case with calls of a second sender, who may do nothing.
fn draw_denied(entropy: &mut dyn Entropy) -> Case<Audiod> {
    let mut case = draw_service(entropy);
    case.config.grants = vec![ALL_RIGHTS, 0];
    for op in &mut case.ops {
        if let Op::Call { sender, .. } = op {
            *sender = u8::from(entropy.one_in(3));
        }
    }
    case
}

/// n ticks at once give what n single ticks give.
fn ticks_add_up(machine: &mut dyn Machine<Audiod>, case: &Case<Audiod>) -> Result<Held, Failure> {
    let at_once = machine.run_case(case)?;
    let mut single = Vec::new();
    for op in &case.ops {
        match op {
            Op::Tick(count @ 1..=120) => single.extend(std::iter::repeat_n(Op::Tick(1), *count as usize)),
            op => single.push(op.clone()),
        }
    }
    if single.len() == case.ops.len() {
        return Ok(Held::NotApplicable);
    }
    let one_by_one = machine.run_case(&Case { config: case.config.clone(), ops: single })?;
    let mut obs = one_by_one.obs.into_iter();
    for (op, expected) in case.ops.iter().zip(&at_once.obs) {
        let skipped = if let Op::Tick(count @ 1..=120) = op { *count as usize - 1 } else { 0 };
        let got = obs.nth(skipped);
        let same = match (expected, &got) {
            // A checksum over one block is not one over many.
            (Obs::Mixed { pcm, .. }, Some(Obs::Mixed { pcm: last, .. })) => pcm == last,
            (expected, got) => got.as_ref() == Some(expected),
        };
        if !same {
            return Ok(Held::No(format!("after single ticks {op:?} gave {got:?}, and {expected:?} after as many at once")));
        }
    }
    Ok(Held::Yes(at_once.obs.len() as u64))
}

fn blocks(obs: &[Obs]) -> Vec<&Obs> {
    obs.iter().filter(|obs| matches!(obs, Obs::Mixed { .. })).collect()
}

/// The same streams, numbered the other way round, sound the same.
fn order_is_not_heard(machine: &mut dyn Machine<Audiod>, case: &Case<Audiod>) -> Result<Held, Failure> {
    let streams = case.ops.iter().filter(|op| matches!(op, Op::Call { call: Call::OpenStream(_), .. })).count() as u32;
    let turned = |stream: u32| streams + 1 - stream;
    let ops = case.ops.iter().map(|op| match op {
        Op::Call { sender, call } => {
            let call = match *call {
                Call::Write { stream, frames, seed } => Call::Write { stream: turned(stream), frames, seed },
                Call::SetStreamGain { stream, db } => Call::SetStreamGain { stream: turned(stream), db },
                Call::Start(stream) => Call::Start(turned(stream)),
                ref call => call.clone(),
            };
            Op::Call { sender: *sender, call }
        }
        op => op.clone(),
    });
    let other = Case { config: case.config.clone(), ops: ops.collect() };
    let (first, second) = (machine.run_case(case)?, machine.run_case(&other)?);
    if blocks(&first.obs) == blocks(&second.obs) {
        return Ok(Held::Yes(2));
    }
    Ok(Held::No("the blocks change with the order in which the streams were opened".into()))
}

/// Muting and unmuting the master and each stream between any two operations is not heard.
fn unmuting_restores(machine: &mut dyn Machine<Audiod>, case: &Case<Audiod>) -> Result<Held, Failure> {
    let mut ops = Vec::new();
    for op in &case.ops {
        if matches!(op, Op::Tick(_)) {
            for muted in [true, false] {
                ops.push(call(Call::SetMuted(muted)));
                ops.push(call(Call::SetStreamMuted { stream: 1, muted }));
                ops.push(call(Call::SetSessionMuted { stream: 2, muted }));
            }
        }
        ops.push(op.clone());
    }
    let muted = Case { config: case.config.clone(), ops };
    let (first, second) = (machine.run_case(case)?, machine.run_case(&muted)?);
    if blocks(&first.obs) == blocks(&second.obs) {
        return Ok(Held::Yes(blocks(&first.obs).len() as u64));
    }
    Ok(Held::No("a block is another after muting and unmuting".into()))
}

/// While paused the position stands and nothing sounds; afterwards it goes on where it stood.
fn pausing_freezes(machine: &mut dyn Machine<Audiod>, case: &Case<Audiod>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let at: Vec<u64> =
        trace.obs.iter().filter_map(|obs| if let Obs::Position { frames, .. } = obs { Some(*frames) } else { None }).collect();
    let silent = matches!(trace.obs.get(6), Some(Obs::Mixed { pcm, .. }) if pcm.is_empty());
    let [before, paused, after] = at[..] else { return Ok(Held::No(format!("positions {at:?}"))) };
    if before == paused && silent && before == 480 && after == 960 {
        return Ok(Held::Yes(3));
    }
    Ok(Held::No(format!("positions {at:?} around a pause, silent: {silent}")))
}

/// Without the denied calls everything else is the same.
fn denied_changes_nothing(machine: &mut dyn Machine<Audiod>, case: &Case<Audiod>) -> Result<Held, Failure> {
    let denied = |op: &Op| matches!(op, Op::Call { sender: 1, .. });
    let ops: Vec<Op> = case.ops.iter().filter(|op| !denied(op)).cloned().collect();
    if ops.len() == case.ops.len() {
        return Ok(Held::NotApplicable);
    }
    let (with, without) = (machine.run_case(case)?, machine.run_case(&Case { config: case.config.clone(), ops })?);
    let told = |op: &Op| !denied(op) && !matches!(op, Op::Denials);
    let kept: Vec<&Obs> = case.ops.iter().zip(&with.obs).filter(|(op, _)| told(op)).map(|(_, obs)| obs).collect();
    let alone: Vec<&Obs> =
        case.ops.iter().filter(|op| !denied(op)).zip(&without.obs).filter(|(op, _)| told(op)).map(|(_, obs)| obs).collect();
    if kept == alone { Ok(Held::Yes(kept.len() as u64)) } else { Ok(Held::No("a denied call changed a later answer".into())) }
}
