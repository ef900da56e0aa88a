//! Machines that read other texts.

use super::super::members;
use super::{Violation, changed, forgiving, normal, telling, text_of, violation, with, without};
use crate::suite::{meddling, misheard, tampered};
use serde_json::Value;
use spec::ErrorCode;
use spec::media_config::{Bytes, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_TEXT_BYTES_MAX, MediaConfig, Obs, Op, padded};

pub(super) fn of_texts() -> Vec<Violation<MediaConfig>> {
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
                let spelled = |value: &Value| members(value).iter().any(|(_, _, value)| value.is_f64());
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
