//! Statements about every right machine of the contract `media-config`.

use super::{load, members};
use crate::suite::{Held, Law};
use serde_json::{Map, Value};
use spec::media_config::{Config, Layer, MediaConfig, Obs, Op, SCHEMA, padded};
use spec::{Case, Contract, Entropy, Failure, Machine};

pub(super) fn laws() -> Vec<Law<MediaConfig>> {
    vec![
        Law {
            name: "the_topmost_value_holds",
            requirements: &["MEDIA_CONFIG-001", "MEDIA_CONFIG-002", "MEDIA_CONFIG-003"],
            draw: draw_loads,
            holds: topmost_holds,
        },
        Law { name: "a_rejected_text_changes_nothing", requirements: &["MEDIA_CONFIG-004"], draw: draw_looks, holds: rejected_keeps },
        Law {
            name: "the_order_of_layers_is_no_order_of_loads",
            requirements: &["MEDIA_CONFIG-003"],
            draw: draw_pair,
            holds: order_is_free,
        },
        Law { name: "what_holds_can_be_loaded", requirements: &["MEDIA_CONFIG-002"], draw: draw_loads, holds: loads_itself },
    ]
}

fn case(ops: Vec<Op>) -> Case<MediaConfig> {
    Case { config: Config {}, ops }
}

/// A drawn text, in that layer.
fn draw_load(source: &mut dyn Entropy, into: Layer) -> Op {
    loop {
        if let Some(Op::Load { text, padding, .. }) = MediaConfig::draw(source, 1).ops.pop() {
            return Op::Load { layer: into, text, padding };
        }
    }
}

fn draw_loads(source: &mut dyn Entropy) -> Case<MediaConfig> {
    let mut ops: Vec<Op> = (0..1 + source.below(5)).map(|at| draw_load(source, Layer::ALL[(at % 2) as usize])).collect();
    ops.push(Op::Effective);
    case(ops)
}

fn as_value(obs: &Obs) -> Option<Value> {
    match obs {
        Obs::Effective(values) => serde_json::to_value(values).ok(),
        Obs::Rejected { .. } => None,
    }
}

/// The schema's default of a key.
fn default_of(schema: &Value, section: &str, key: &str) -> Value {
    let path =
        if section.is_empty() { format!("/properties/{key}/default") } else { format!("/properties/{section}/properties/{key}/default") };
    schema.pointer(&path).cloned().unwrap_or(Value::Null)
}

/// Equal as numbers, whatever their spelling, or as values.
fn same(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

fn topmost_holds(machine: &mut dyn Machine<MediaConfig>, drawn: &Case<MediaConfig>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    let mut layers: [Map<String, Value>; 2] = Default::default();
    for (op, obs) in drawn.ops.iter().zip(&trace.obs) {
        let Some(holds) = as_value(obs) else { continue };
        if let Op::Load { layer, text, padding } = op {
            let value: Value = serde_json::from_slice(&padded(text, *padding)).unwrap_or_default();
            layers[*layer as usize] =
                members(&value).into_iter().map(|(section, key, value)| (format!("{section}/{key}"), value)).collect();
        }
        for (section, key, got) in members(&holds) {
            let name = format!("{section}/{key}");
            let right =
                layers.iter().rev().find_map(|layer| layer.get(&name).cloned()).unwrap_or_else(|| default_of(&schema, &section, &key));
            if !same(&got, &right) {
                return Ok(Held::No(format!("{name} is {got}, and the topmost layer that sets it says {right}")));
            }
        }
    }
    Ok(if trace.obs.len() == drawn.ops.len() { Held::Yes(trace.obs.len() as u64) } else { Held::No("an answer is missing".to_owned()) })
}

/// Looks around each load.
fn draw_looks(source: &mut dyn Entropy) -> Case<MediaConfig> {
    let mut ops = vec![Op::Effective];
    for at in 0..4 {
        ops.extend([draw_load(source, Layer::ALL[at % 2]), Op::Effective]);
    }
    case(ops)
}

fn rejected_keeps(machine: &mut dyn Machine<MediaConfig>, drawn: &Case<MediaConfig>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let mut compared = 0;
    for (step, around) in trace.obs.windows(3).enumerate().step_by(2) {
        if let [before, Obs::Rejected { .. }, after] = around {
            if before != after {
                return Ok(Held::No(format!("the load at step {} was rejected and makes {after:?} of {before:?}", step + 1)));
            }
            compared += 1;
        }
    }
    Ok(if compared > 0 { Held::Yes(compared) } else { Held::NotApplicable })
}

fn draw_pair(source: &mut dyn Entropy) -> Case<MediaConfig> {
    case(vec![draw_load(source, Layer::System), draw_load(source, Layer::State)])
}

fn order_is_free(machine: &mut dyn Machine<MediaConfig>, drawn: &Case<MediaConfig>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let swapped = machine.run_case(&case(drawn.ops.iter().rev().cloned().collect()))?;
    let accepted = |obs: &[Obs]| obs.iter().all(|obs| matches!(obs, Obs::Effective(_)));
    if !accepted(&trace.obs) || !accepted(&swapped.obs) {
        return Ok(Held::NotApplicable);
    }
    let (last, other) = (trace.obs.last(), swapped.obs.last());
    Ok(if last == other { Held::Yes(2) } else { Held::No(format!("one order gives {last:?}, the other {other:?}")) })
}

/// A configuration that holds, written as a text and loaded into the upper layer, holds again.
fn loads_itself(machine: &mut dyn Machine<MediaConfig>, drawn: &Case<MediaConfig>) -> Result<Held, Failure> {
    let trace = machine.run_case(drawn)?;
    let Some(holds) = trace.obs.last().and_then(as_value) else { return Ok(Held::No("what holds was not told".to_owned())) };
    let again = machine.run_case(&case(vec![load(&holds.to_string())]))?;
    Ok(if again.obs.last() == trace.obs.last() { Held::Yes(1) } else { Held::No(format!("{holds} loaded gives {:?}", again.obs)) })
}
