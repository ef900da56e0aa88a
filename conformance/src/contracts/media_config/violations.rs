//! Wrong machines of the contract `media-config`: models that follow another schema, hear other texts or keep other layers.

use crate::suite::{Violation, meddling, misheard, tampered};
use model::Modelled;
use model::media_config::MediaConfigModel;
use serde_json::Value;
use spec::media_config::{Bytes, Layer, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_TEXT_BYTES_MAX, MediaConfig, Obs, Op, SCHEMA, padded};
use spec::{ErrorCode, Failure, Machine};

type Wrong = Box<dyn Machine<MediaConfig>>;

const fn violation(requirement: &'static str, what: &'static str, machine: fn() -> Wrong) -> Violation<MediaConfig> {
    Violation { requirement, what, machine }
}

/// A machine that follows a schema in which the part of that JSON pointer is another.
fn other(pointer: &str, value: Value) -> Wrong {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    if let Some(place) = schema.pointer_mut(pointer) {
        *place = value;
    }
    Box::new(MediaConfigModel::of(&schema.to_string()))
}

/// A machine that reads another text where the right one rejects it with this code, as `mend` makes it.
fn forgiving(
    code: fn(ErrorCode) -> bool,
    mend: fn(&str, &str) -> Option<String>,
) -> impl Fn(&mut dyn Machine<MediaConfig>, &Op) -> Result<Obs, Failure> {
    move |model, op| {
        let right = model.step(op)?;
        let Op::Load { layer, text, padding } = op else { return Ok(right) };
        let mut obs = right.clone();
        // One fault after the other, as often as there can be any.
        let mut whole = String::from_utf8_lossy(&padded(text, *padding)).into_owned();
        for _ in 0..8 {
            let Obs::Rejected { code: got, pointer, .. } = &obs else { break };
            let Some(mended) = code(*got).then(|| mend(&whole, pointer)).flatten() else { break };
            whole = mended;
            obs = model.step(&Op::Load { layer: *layer, text: Bytes(whole.clone().into_bytes()), padding: 0 })?;
        }
        Ok(if matches!(obs, Obs::Effective(_)) { obs } else { right })
    }
}

macro_rules! forgives {
    ($code:pat, $mend:expr) => {
        || meddling::<MediaConfig, ()>(|model, (), op| forgiving(|code| matches!(code, $code), $mend)(model, op))
    };
}

/// A machine that tells rejections otherwise.
fn telling(other: fn(ErrorCode, String, String) -> (ErrorCode, String, String)) -> impl Fn(&Obs) -> Obs {
    move |obs| match obs.clone() {
        Obs::Rejected { code, pointer, limit } => {
            let (code, pointer, limit) = other(code, pointer, limit);
            Obs::Rejected { code, pointer, limit }
        }
        obs => obs,
    }
}

macro_rules! tells {
    ($other:expr) => {
        || tampered::<MediaConfig, ()>(|(), _, obs| telling($other)(&obs))
    };
}

/// Takes what stands at a pointer out of a text.
fn without(text: &str, pointer: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let (holder, key) = pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    value.pointer_mut(holder)?.as_object_mut()?.remove(&key)?;
    Some(value.to_string())
}

/// Puts another value at a pointer of a text.
fn with(text: &str, pointer: &str, make: impl Fn(&Value) -> Option<Value>) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let place = value.pointer_mut(pointer)?;
    *place = make(place)?;
    Some(value.to_string())
}

/// Only where something changed.
fn changed(text: &str, new: String) -> Option<String> {
    (new != text).then_some(new)
}

/// The text with its keys in the order of their bytes, the last of several same ones kept.
fn normal(text: &str) -> Option<String> {
    serde_json::from_str::<Value>(text).ok().and_then(|value| changed(text, value.to_string()))
}

pub(super) fn violations() -> Vec<Violation<MediaConfig>> {
    let mut all = of_schemas();
    all.extend(of_layers());
    all.extend(of_texts());
    all.extend(of_answers());
    all
}

fn of_schemas() -> Vec<Violation<MediaConfig>> {
    vec![
        violation("MEDIA_CONFIG-012", "takes ducks of -97 dB", || other("/properties/duck/properties/duck_db/minimum", (-97).into())),
        violation("MEDIA_CONFIG-012", "takes at most -95 dB for the user interface", || {
            other("/properties/duck/properties/duck_db_ui/minimum", (-95).into())
        }),
        violation("MEDIA_CONFIG-012", "takes ducks that are louder", || other("/properties/duck/properties/duck_db/maximum", 12.into())),
        violation("MEDIA_CONFIG-013", "takes ramps of 10,001 ms", || other("/properties/duck/properties/ramp_ms/maximum", 10_001.into())),
        violation("MEDIA_CONFIG-013", "takes no ramp of 0 ms", || other("/properties/duck/properties/ramp_ms/minimum", 1.into())),
        violation("MEDIA_CONFIG-014", "takes 17 sessions", || other("/properties/limits/properties/sessions/maximum", 17.into())),
        violation("MEDIA_CONFIG-014", "takes no session", || other("/properties/limits/properties/sessions/minimum", 0.into())),
        violation("MEDIA_CONFIG-014", "takes any number of events", || {
            other("/properties/limits/properties/queued_events/maximum", 1_000_000.into())
        }),
        violation("MEDIA_CONFIG-014", "takes at most 127 bytes of text", || {
            other("/properties/limits/properties/text_bytes/maximum", 127.into())
        }),
        violation("MEDIA_CONFIG-014", "takes 33 artworks", || other("/properties/limits/properties/artworks/maximum", 33.into())),
        violation("MEDIA_CONFIG-014", "takes a megabyte for a million bytes", || {
            other("/properties/limits/properties/artwork_bytes/maximum", 1_000_000.into())
        }),
        violation("MEDIA_CONFIG-015", "runs at 44,100 Hz", || other("/properties/engine/properties/rate_hz/const", 44_100.into())),
        violation("MEDIA_CONFIG-015", "takes any number of channels", || {
            other("/properties/engine/properties/channels", serde_json::json!({"type": "integer", "default": 2}))
        }),
        violation("MEDIA_CONFIG-015", "takes rings of up to four blocks", || {
            other(
                "/properties/engine/properties/ring_blocks",
                serde_json::json!({"type": "integer", "minimum": 1, "maximum": 4, "default": 4}),
            )
        }),
        violation("MEDIA_CONFIG-015", "takes any version", || {
            other("/properties/version", serde_json::json!({"type": "integer", "default": 1}))
        }),
        violation("MEDIA_CONFIG-016", "does not resume where nobody says so", || {
            other("/properties/focus/properties/auto_resume/default", false.into())
        }),
        violation("MEDIA_CONFIG-016", "has no switch of the auto-resume", || other("/properties/focus/properties", serde_json::json!({}))),
        violation("MEDIA_CONFIG-017", "takes an export of every 0 blocks", || {
            other("/properties/metrics/properties/interval_blocks/minimum", 0.into())
        }),
        violation("MEDIA_CONFIG-017", "takes any interval", || {
            other("/properties/metrics/properties/interval_blocks/maximum", 1_000_000.into())
        }),
        violation("MEDIA_CONFIG-001", "ducks by 12 dB where nobody says so", || {
            other("/properties/duck/properties/duck_db/default", (-12).into())
        }),
        violation("MEDIA_CONFIG-001", "exports no metrics where nobody says so", || {
            other("/properties/metrics/properties/export/default", false.into())
        }),
        violation("MEDIA_CONFIG-001", "allows eight sessions where nobody says so", || {
            other("/properties/limits/properties/sessions/default", 8.into())
        }),
    ]
}

fn of_layers() -> Vec<Violation<MediaConfig>> {
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

fn text_of(op: &Op) -> Option<(Layer, Value)> {
    match op {
        Op::Load { layer, text, padding } => Some((*layer, serde_json::from_slice(&padded(text, *padding)).ok()?)),
        _ => None,
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

fn of_texts() -> Vec<Violation<MediaConfig>> {
    use ErrorCode::{
        ConfigAboveMaximum, ConfigBelowMinimum, ConfigTooDeep, DuplicateConfigKey, MalformedConfig, UnknownConfigKey, WrongConfigType,
    };
    vec![
        violation("MEDIA_CONFIG-006", "takes one byte less", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let full =
                    matches!(op, Op::Load { text, padding, .. } if padded(text, *padding).len() == MEDIA_CONFIG_TEXT_BYTES_MAX as usize);
                let limit = (MEDIA_CONFIG_TEXT_BYTES_MAX - 1).to_string();
                if full { Ok(Obs::Rejected { code: ErrorCode::OversizedInput, pointer: String::new(), limit }) } else { model.step(op) }
            })
        }),
        violation("MEDIA_CONFIG-006", "cuts a text at its bound", || {
            misheard(|op: &Op| match op.clone() {
                Op::Load { layer, text, padding } => {
                    let mut whole = padded(&text, padding);
                    whole.truncate(MEDIA_CONFIG_TEXT_BYTES_MAX as usize);
                    Op::Load { layer, text: Bytes(whole), padding: 0 }
                }
                other => other,
            })
        }),
        violation("MEDIA_CONFIG-007", "takes one bracket less", || {
            tampered::<MediaConfig, ()>(|(), op, obs| {
                let Op::Load { text, .. } = op else { return obs };
                let deep = "[".repeat(MEDIA_CONFIG_DEPTH_MAX as usize);
                let just = text.0 == (deep.clone() + &"]".repeat(deep.len())).as_bytes();
                let limit = (MEDIA_CONFIG_DEPTH_MAX - 1).to_string();
                if just { Obs::Rejected { code: ConfigTooDeep, pointer: String::new(), limit } } else { obs }
            })
        }),
        violation(
            "MEDIA_CONFIG-007",
            "reads brackets of any depth",
            tells!(|code, pointer, limit| match code {
                ConfigTooDeep => (WrongConfigType, pointer, "object".to_owned()),
                _ => (code, pointer, limit),
            }),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes a comma behind the last member",
            forgives!(MalformedConfig, |text, _| changed(text, text.replace(",}", "}"))),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes comments",
            forgives!(MalformedConfig, |text, _| {
                changed(text, text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
            }),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes a byte order mark",
            forgives!(MalformedConfig, |text, _| text.strip_prefix('\u{feff}').map(str::to_owned)),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes quotes of one stroke",
            forgives!(MalformedConfig, |text, _| changed(text, text.replace('\'', "\""))),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes zeros before a number",
            forgives!(MalformedConfig, |text, _| changed(text, text.replace(":0", ":"))),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes a plus before a number",
            forgives!(MalformedConfig, |text, _| changed(text, text.replace(":+", ":"))),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "takes no text for no configuration",
            forgives!(MalformedConfig, |text, _| { text.trim().is_empty().then(|| "{}".to_owned()) }),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "stops reading behind the object",
            forgives!(MalformedConfig, |text, _| {
                text.rfind('}')
                    .map(|end| text[..=end].to_owned())
                    .filter(|cut| cut != text)
                    .or_else(|| text.find('}').map(|end| text[..=end].to_owned()))
            }),
        ),
        violation(
            "MEDIA_CONFIG-008",
            "replaces half a surrogate pair",
            tells!(|code, pointer, limit| match code {
                MalformedConfig => (UnknownConfigKey, "/\u{fffd}".to_owned(), limit),
                _ => (code, pointer, limit),
            }),
        ),
        violation("MEDIA_CONFIG-009", "takes the last of two same keys", forgives!(DuplicateConfigKey, |text, _| normal(text))),
        violation(
            "MEDIA_CONFIG-009",
            "looks for same keys at the top alone",
            forgives!(DuplicateConfigKey, |text, pointer| { if pointer.matches('/').count() > 1 { normal(text) } else { None } }),
        ),
        violation(
            "MEDIA_CONFIG-009",
            "compares keys as they are spelled",
            forgives!(DuplicateConfigKey, |text, _| { if text.contains("\\u005f") { normal(text) } else { None } }),
        ),
        violation("MEDIA_CONFIG-010", "ignores keys that it does not know", forgives!(UnknownConfigKey, without)),
        violation(
            "MEDIA_CONFIG-010",
            "is closed at the top alone",
            forgives!(UnknownConfigKey, |text, pointer| { if pointer.matches('/').count() > 1 { without(text, pointer) } else { None } }),
        ),
        violation(
            "MEDIA_CONFIG-010",
            "takes keys in any case",
            forgives!(UnknownConfigKey, |text, _| changed(text, text.to_ascii_lowercase())),
        ),
        violation(
            "MEDIA_CONFIG-011",
            "takes numbers in quotes",
            forgives!(WrongConfigType, |text, pointer| {
                with(text, pointer, |value| value.as_str().and_then(|text| serde_json::from_str(text).ok()))
            }),
        ),
        violation(
            "MEDIA_CONFIG-011",
            "rounds what is no whole number",
            forgives!(WrongConfigType, |text, pointer| {
                with(text, pointer, |value| value.as_f64().map(|number| Value::from(number.trunc() as i64)))
            }),
        ),
        violation(
            "MEDIA_CONFIG-011",
            "takes null for nothing",
            forgives!(WrongConfigType, |text, pointer| {
                serde_json::from_str::<Value>(text).ok()?.pointer(pointer)?.is_null().then(|| without(text, pointer))?
            }),
        ),
        violation(
            "MEDIA_CONFIG-011",
            "takes 0 and 1 for truths",
            forgives!(WrongConfigType, |text, pointer| {
                with(text, pointer, |value| value.as_u64().filter(|number| *number < 2).map(|number| Value::from(number == 1)))
            }),
        ),
        violation("MEDIA_CONFIG-011", "takes no number that is spelled with a point or an exponent", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let spelled = |value: &Value| super::members(value).iter().any(|(_, _, value)| value.is_f64());
                if text_of(op).is_some_and(|(_, value)| spelled(&value)) {
                    let (pointer, limit) = (String::new(), "integer".to_owned());
                    return Ok(match model.step(op)? {
                        Obs::Effective(_) => Obs::Rejected { code: WrongConfigType, pointer, limit },
                        rejected => rejected,
                    });
                }
                model.step(op)
            })
        }),
        violation(
            "MEDIA_CONFIG-012",
            "moves a duck to the nearest bound",
            forgives!(ConfigBelowMinimum | ConfigAboveMaximum, |text, pointer| {
                let limit = if pointer.starts_with("/duck/duck") {
                    with(text, pointer, |value| Some(if value.as_f64()? < -96.0 { (-96).into() } else { 0.into() }))
                } else {
                    None
                };
                limit.and_then(|new| changed(text, new))
            }),
        ),
        violation(
            "MEDIA_CONFIG-014",
            "lowers a limit that is too high to its bound",
            forgives!(ConfigAboveMaximum, |text, pointer| { if pointer.starts_with("/limits/") { without(text, pointer) } else { None } }),
        ),
    ]
}

fn of_answers() -> Vec<Violation<MediaConfig>> {
    vec![
        violation(
            "MEDIA_CONFIG-018",
            "tells places with points",
            tells!(|code, pointer, limit| (code, pointer.trim_start_matches('/').replace('/', "."), limit)),
        ),
        violation("MEDIA_CONFIG-018", "tells no place", tells!(|code, _, limit| (code, String::new(), limit))),
        violation("MEDIA_CONFIG-018", "tells no limit", tells!(|code, pointer, _| (code, pointer, String::new()))),
        violation(
            "MEDIA_CONFIG-018",
            "writes strokes and tildes of a key as they are",
            tells!(|code, pointer, limit| { (code, pointer.replace("~1", "/").replace("~0", "~"), limit) }),
        ),
        violation("MEDIA_CONFIG-018", "tells pointers of any length", || {
            tampered::<MediaConfig, ()>(|(), op, obs| match (op, obs) {
                (Op::Load { .. }, Obs::Rejected { code, pointer, limit }) if pointer.len() == 128 => {
                    Obs::Rejected { code, pointer: pointer + "k", limit }
                }
                (_, obs) => obs,
            })
        }),
        violation("MEDIA_CONFIG-018", "judges the keys in the order of their bytes", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let obs = model.step(op)?;
                let schema = matches!(&obs, Obs::Rejected { code, .. } if *code > ErrorCode::DuplicateConfigKey);
                let sorted = |text: &Bytes, padding| String::from_utf8(padded(text, padding)).ok().and_then(|text| normal(&text));
                match op {
                    Op::Load { layer, text, padding } if schema => match sorted(text, *padding) {
                        Some(text) => model.step(&Op::Load { layer: *layer, text: text.as_str().into(), padding: 0 }),
                        None => Ok(obs),
                    },
                    _ => Ok(obs),
                }
            })
        }),
        violation(
            "MEDIA_CONFIG-018",
            "tells what lies beyond a range without saying where",
            tells!(|code, pointer, limit| match code {
                ErrorCode::ConfigBelowMinimum => (ErrorCode::ConfigAboveMaximum, pointer, limit),
                _ => (code, pointer, limit),
            }),
        ),
        violation("MEDIA_CONFIG-018", "looks for unknown keys before same ones", || {
            meddling::<MediaConfig, ()>(|model, (), op| {
                let obs = model.step(op)?;
                let Obs::Rejected { code: ErrorCode::DuplicateConfigKey, .. } = obs else { return Ok(obs) };
                let Op::Load { layer, text, padding } = op else { return Ok(obs) };
                let Some(text) = String::from_utf8(padded(text, *padding)).ok().and_then(|text| normal(&text)) else { return Ok(obs) };
                let mut other = <MediaConfig as Modelled>::model();
                let next = other.step(&Op::Load { layer: *layer, text: text.as_str().into(), padding: 0 })?;
                Ok(if matches!(next, Obs::Rejected { .. }) { next } else { obs })
            })
        }),
    ]
}
