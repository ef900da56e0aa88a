//! Statements about every right machine of the contract `codec`.

use crate::suite::{Held, Law};
use spec::codec::{Block, BlockFormat, CODEC_FORMAT, CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER, Codec, Config, Obs, Op, Platform, SampleFormat};
use spec::{Case, Entropy, Failure, Machine, entropy};

pub(super) fn laws() -> Vec<Law<Codec>> {
    vec![
        Law { name: "a_rejection_changes_nothing", requirements: &["CODEC-005"], draw: draw_looked_at, holds: rejections_keep },
        Law { name: "a_stub_never_says_ok", requirements: &["CODEC-011"], draw: draw_printed, holds: placeholders },
        Law { name: "i2s_needs_both", requirements: &["CODEC-012"], draw: draw_selected, holds: needs_both },
    ]
}

fn draw_op(source: &mut dyn Entropy) -> Op {
    match source.below(6) {
        0..=1 => {
            let route = entropy::pick(source, [CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER, CODEC_ROUTE_HP, "i2s -> hp"]).to_owned();
            let other = BlockFormat { sample: SampleFormat::F32le, ..CODEC_FORMAT };
            Op::Configure { route, format: entropy::pick(source, [CODEC_FORMAT, CODEC_FORMAT, other]) }
        }
        2 => {
            Op::Routes(entropy::pick(source, ["i2s -> codec -> hp\0", "i2s -> codec -> hp\0i2s -> codec -> speaker\0", "hp\0", ""]).into())
        }
        3..=4 => Op::Enable(!source.one_in(3)),
        _ => Op::Submit(Block { start: source.bits() as i16, step: 1, frames: entropy::pick(source, [480, 480, 480, 479]) }),
    }
}

fn draw_config(source: &mut dyn Entropy) -> Config {
    Config { platform: entropy::pick(source, [Platform::Test, Platform::Test, Platform::Qemu]) }
}

/// Each operation between looks at the state and at the lines.
fn draw_looked_at(source: &mut dyn Entropy) -> Case<Codec> {
    let mut ops = vec![Op::Markers, Op::State];
    for _ in 0..10 {
        ops.extend([draw_op(source), Op::Markers, Op::State]);
    }
    Case { config: draw_config(source), ops }
}

fn rejections_keep(machine: &mut dyn Machine<Codec>, case: &Case<Codec>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let mut compared = 0;
    for place in (2..trace.obs.len()).step_by(3) {
        let [before, obs, lines, after] = &trace.obs[place - 1..place + 3] else { break };
        if !matches!(obs, Obs::Rejected(_)) {
            continue;
        }
        if before != after || *lines != Obs::Lines(Vec::new()) {
            return Ok(Held::No(format!("{:?} is rejected, and makes {after:?} of {before:?} and prints {lines:?}", case.ops[place])));
        }
        compared += 1;
    }
    Ok(if compared > 0 { Held::Yes(compared) } else { Held::NotApplicable })
}

fn draw_printed(source: &mut dyn Entropy) -> Case<Codec> {
    let mut ops: Vec<Op> = (0..12).map(|_| draw_op(source)).collect();
    ops.push(Op::Markers);
    Case { config: draw_config(source), ops }
}

/// i2sd's lines are ready once, and then a placeholder for the start and for each time that it became enabled.
fn placeholders(machine: &mut dyn Machine<Codec>, case: &Case<Codec>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    let Some(Obs::Lines(lines)) = trace.obs.last() else { return Ok(Held::No("the lines are not answered".to_owned())) };
    let (mut enabled, mut expected) = (false, vec!["i2sd: ready", "i2sd: stub/placeholder"]);
    for (op, obs) in case.ops.iter().zip(&trace.obs) {
        if let (Op::Enable(now), Obs::Done) = (op, obs) {
            if *now && !enabled {
                expected.push("i2sd: stub/placeholder");
            }
            enabled = *now;
        }
    }
    let printed: Vec<&str> = lines.iter().map(String::as_str).filter(|line| line.starts_with("i2sd")).collect();
    let claim = lines.iter().find(|line| line.split([' ', ':', '=']).any(|word| word == "ok"));
    Ok(match claim {
        Some(line) => Held::No(format!("a stub prints {line:?}")),
        None if printed == expected => Held::Yes(printed.len() as u64),
        None => Held::No(format!("i2sd prints {printed:?}, expected {expected:?}")),
    })
}

/// A question about the sink i2s after each operation, and a look beside it.
fn draw_selected(source: &mut dyn Entropy) -> Case<Codec> {
    let ops = (0..10).flat_map(|_| [draw_op(source), Op::SelectI2s, Op::State]).collect();
    Case { config: draw_config(source), ops }
}

fn needs_both(machine: &mut dyn Machine<Codec>, case: &Case<Codec>) -> Result<Held, Failure> {
    let trace = machine.run_case(case)?;
    for (step, triple) in trace.obs.chunks(3).enumerate() {
        let [_, answer, Obs::State { configured, enabled, .. }] = triple else {
            return Ok(Held::No("the state is not answered".to_owned()));
        };
        let right = match (enabled, configured) {
            (false, _) => Obs::Rejected(spec::ErrorCode::I2sDisabled),
            (true, None) => Obs::Rejected(spec::ErrorCode::CodecNotConfigured),
            (true, Some(_)) => Obs::Selectable,
        };
        if *answer != right {
            return Ok(Held::No(format!("step {}: {answer:?}, expected {right:?}", 3 * step + 1)));
        }
    }
    Ok(Held::Yes(trace.obs.len() as u64 / 3))
}
