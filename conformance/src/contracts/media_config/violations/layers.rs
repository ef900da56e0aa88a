//! Machines that keep other layers.

use super::{Violation, forgiving, text_of, violation, without};
use crate::suite::{meddling, misheard};
use serde_json::Value;
use spec::media_config::{Layer, MediaConfig, Obs, Op};
use spec::{Failure, Machine};

pub(super) fn of_layers() -> Vec<Violation<MediaConfig>> {
    vec![
        violation("MEDIA_CONFIG-002", "adds a text to the one before", || meddling(adds)),
        violation("MEDIA_CONFIG-002", "takes a text and goes on as before", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                if let Op::Load { layer, .. } = op
                    && matches!(model.step(op)?, Obs::Effective(_))
                {
                    return model.step(&Op::Reset(*layer));
                }
                model.step(op)
            })
        }),
        violation("MEDIA_CONFIG-003", "lays the system's layer over the state's", || {
            misheard(|op: &Op| match op.clone() {
                Op::Load { layer, text, padding } => Op::Load { layer: exchanged(layer), text, padding },
                Op::Reset(layer) => Op::Reset(exchanged(layer)),
                Op::Effective => Op::Effective,
            })
        }),
        violation("MEDIA_CONFIG-003", "lets the layer hold that was loaded last", || meddling(last_wins)),
        violation("MEDIA_CONFIG-003", "takes a section of the upper layer as a whole", || meddling(whole_sections)),
        violation("MEDIA_CONFIG-004", "empties the layer whose text it rejects", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let obs = model.step(op)?;
                if let (Op::Load { layer, .. }, Obs::Rejected { .. }) = (op, &obs) {
                    model.step(&Op::Reset(*layer))?;
                }
                Ok(obs)
            })
        }),
        violation("MEDIA_CONFIG-004", "keeps the right part of a text that it rejects", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let obs = model.step(op)?;
                if matches!(obs, Obs::Rejected { .. }) {
                    forgiving(|_| true, without)(model, op)?;
                }
                Ok(obs)
            })
        }),
        violation("MEDIA_CONFIG-005", "resets both layers at once", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                if let Op::Reset(layer) = op {
                    model.step(&Op::Reset(exchanged(*layer)))?;
                }
                model.step(op)
            })
        }),
        violation("MEDIA_CONFIG-005", "resets nothing", || {
            misheard(|op| if matches!(op, Op::Reset(_)) { Op::Effective } else { op.clone() })
        }),
    ]
}

const fn exchanged(layer: Layer) -> Layer {
    match layer {
        Layer::System => Layer::State,
        Layer::State => Layer::System,
    }
}

/// The texts that a meddling machine remembers of its layers.
type Texts = [Value; 2];

/// One object over another; sections are merged too, or taken as a whole.
fn merged(lower: &Value, upper: &Value, sections: bool) -> Value {
    match (lower, upper) {
        (Value::Object(lower), Value::Object(upper)) => {
            let mut all = lower.clone();
            for (key, value) in upper {
                let value = all.get(key).filter(|_| sections).map_or(value.clone(), |under| merged(under, value, sections));
                all.insert(key.clone(), value);
            }
            all.into()
        }
        (_, upper) => upper.clone(),
    }
}

fn load_value(model: &mut dyn Machine<MediaConfig>, layer: Layer, value: &Value) -> Result<Obs, Failure> {
    let text = if value.is_null() { "{}".to_owned() } else { value.to_string() };
    model.step(&Op::Load { layer, text: text.as_str().into(), padding: 0 })
}

fn adds(model: &mut dyn Machine<MediaConfig>, texts: &mut Texts, op: &Op) -> Result<Obs, Failure> {
    let obs = model.step(op)?;
    if let Op::Reset(layer) = op {
        texts[*layer as usize] = Value::Null;
    }
    let Some((layer, value)) = text_of(op).filter(|_| matches!(obs, Obs::Effective(_))) else { return Ok(obs) };
    let all = merged(&texts[layer as usize], &value, true);
    texts[layer as usize] = all.clone();
    load_value(model, layer, &all)
}

/// Keeps both layers' values in one text, which the model has as its upper layer.
fn last_wins(model: &mut dyn Machine<MediaConfig>, texts: &mut Texts, op: &Op) -> Result<Obs, Failure> {
    let obs = model.step(op)?;
    match (op, text_of(op).filter(|_| matches!(obs, Obs::Effective(_)))) {
        (Op::Reset(layer), _) => texts[*layer as usize] = Value::Null,
        (_, Some((layer, value))) => texts[layer as usize] = value,
        _ => return Ok(obs),
    }
    let [system, state] = &*texts;
    let over = match op {
        Op::Load { layer: Layer::System, .. } => merged(state, system, true),
        _ => return Ok(obs),
    };
    let (system, state) = (system.clone(), state.clone());
    let answer = load_value(model, Layer::State, &over)?;
    load_value(model, Layer::System, &system)?;
    load_value(model, Layer::State, &state)?;
    Ok(answer)
}

/// A section that the upper layer has hides the lower one's.
fn whole_sections(model: &mut dyn Machine<MediaConfig>, texts: &mut Texts, op: &Op) -> Result<Obs, Failure> {
    let obs = model.step(op)?;
    match (op, text_of(op).filter(|_| matches!(obs, Obs::Effective(_)))) {
        (Op::Reset(layer), _) => texts[*layer as usize] = Value::Null,
        (_, Some((layer, value))) => texts[layer as usize] = value,
        (Op::Effective, _) => {}
        _ => return Ok(obs),
    }
    let [system, state] = &*texts;
    let (system, state) = (system.clone(), state.clone());
    let hidden = if state.is_null() { system.clone() } else { merged(&system, &state, false) };
    load_value(model, Layer::System, &Value::Null)?;
    let answer = load_value(model, Layer::State, &hidden)?;
    load_value(model, Layer::System, &system)?;
    load_value(model, Layer::State, &state)?;
    Ok(answer)
}
