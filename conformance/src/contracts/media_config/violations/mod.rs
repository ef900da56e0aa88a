//! Wrong machines of the contract `media-config`: models that follow another schema, hear other texts or keep other layers.

use crate::suite::{Violation, meddling, tampered, violation};
use model::Modelled;
use model::media_config::MediaConfigModel;
use serde_json::Value;
use spec::media_config::{Bytes, Layer, MediaConfig, Obs, Op, SCHEMA, padded};
use spec::{ErrorCode, Failure, Machine};

type Wrong = Box<dyn Machine<MediaConfig>>;

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

/// The layer and the value of a load's text, where it is JSON.
fn text_of(op: &Op) -> Option<(Layer, Value)> {
    match op {
        Op::Load { layer, text, padding } => Some((*layer, serde_json::from_slice(&padded(text, *padding)).ok()?)),
        _ => None,
    }
}

// Behind the macros that they use.
mod layers;
mod texts;

pub(super) fn violations() -> Vec<Violation<MediaConfig>> {
    let mut all = of_schemas();
    all.extend(layers::of_layers());
    all.extend(texts::of_texts());
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
