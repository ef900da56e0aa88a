//! Every bound of the configuration is met from outside: code, place and limit are the documented ones, and nothing changes.

use services::ServiceError;
use services::media_config::MediaConfig;
use spec::ErrorCode;
use spec::media_config::{
    Layer, MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_POINTER_BYTES, MEDIA_CONFIG_RAMP_MS_MAX, MEDIA_CONFIG_SESSIONS_MAX,
    MEDIA_CONFIG_TEXT_BYTES_MAX, MEDIA_CONFIG_TEXT_LIMIT_MAX, SCHEMA, Values,
};

/// Loads a text that must be rejected, over a configuration that it must leave alone.
fn reject(text: &[u8], code: ErrorCode, pointer: &str, limit: &str) {
    for layer in Layer::ALL {
        let mut config = MediaConfig::new();
        config.load(Layer::System, b"{\"duck\":{\"duck_db\":-12}}").expect("a right text");
        config.load(Layer::State, b"{\"limits\":{\"sessions\":3}}").expect("a right text");
        let before = config.clone();
        let error = config.load(layer, text).expect_err("this must be rejected");
        assert_eq!((error.code(), error.pointer(), error.limit()), (code, pointer, limit));
        assert_eq!(config, before, "a rejected text changed something");
        let told = error.to_string();
        assert!(told.starts_with(code.name()) && told.contains("; ") && told.len() < 400, "{told}");
        assert!(told.contains(pointer) && told.contains(limit), "{told}");
        assert_eq!(ServiceError::from(error).code(), code);
    }
}

/// A number in the place of a key.
fn reject_number(section: &str, key: &str, number: i64, code: ErrorCode, limit: i64) {
    let text = |number: i64| format!("{{\"{section}\":{{\"{key}\":{number}}}}}");
    reject(text(number).as_bytes(), code, &format!("/{section}/{key}"), &limit.to_string());
    assert!(MediaConfig::new().load(Layer::State, text(limit).as_bytes()).is_ok(), "{section}/{key}: the bound itself is right");
}

fn reject_above(section: &str, key: &str, max: i64) {
    reject_number(section, key, max + 1, ErrorCode::ConfigAboveMaximum, max);
}

fn reject_below(section: &str, key: &str, min: i64) {
    reject_number(section, key, min - 1, ErrorCode::ConfigBelowMinimum, min);
}

#[test]
fn test_reject_media_config_text_over_max() {
    let max = MEDIA_CONFIG_TEXT_BYTES_MAX as usize;
    let mut text = b"{}".to_vec();
    text.resize(max, b' ');
    assert_eq!(MediaConfig::new().load(Layer::State, &text), Ok(Values::DEFAULTS));
    text.push(b' ');
    reject(&text, ErrorCode::OversizedInput, "", &max.to_string());
}

#[test]
fn test_reject_media_config_depth_over_max() {
    let depth = MEDIA_CONFIG_DEPTH_MAX as usize;
    reject(&b"[".repeat(depth + 1), ErrorCode::ConfigTooDeep, "", &depth.to_string());
    reject(&b"[".repeat(depth), ErrorCode::MalformedConfig, "", "");
    reject(&b"[".repeat(MEDIA_CONFIG_TEXT_BYTES_MAX as usize), ErrorCode::ConfigTooDeep, "", &depth.to_string());
}

#[test]
fn test_reject_media_config_duck_under_min() {
    reject_below("duck", "duck_db", spec::media_config::MEDIA_CONFIG_DUCK_DB_MIN);
    reject_below("duck", "duck_db_ui", spec::media_config::MEDIA_CONFIG_DUCK_DB_MIN);
}

#[test]
fn test_reject_media_config_duck_over_max() {
    reject_above("duck", "duck_db", spec::media_config::MEDIA_CONFIG_DUCK_DB_MAX);
    reject_above("duck", "duck_db_ui", spec::media_config::MEDIA_CONFIG_DUCK_DB_MAX);
}

#[test]
fn test_reject_media_config_ramp_under_min() {
    reject_below("duck", "ramp_ms", spec::media_config::MEDIA_CONFIG_RAMP_MS_MIN);
}

#[test]
fn test_reject_media_config_ramp_over_max() {
    reject_above("duck", "ramp_ms", MEDIA_CONFIG_RAMP_MS_MAX);
}

#[test]
fn test_reject_media_config_limit_under_min() {
    for key in ["sessions", "queued_events", "text_bytes", "artworks", "artwork_bytes"] {
        reject_below("limits", key, spec::media_config::MEDIA_CONFIG_LIMIT_MIN);
    }
}

#[test]
fn test_reject_media_config_sessions_over_max() {
    reject_above("limits", "sessions", MEDIA_CONFIG_SESSIONS_MAX);
}

#[test]
fn test_reject_media_config_queued_events_over_max() {
    reject_above("limits", "queued_events", spec::media_config::MEDIA_CONFIG_QUEUED_EVENTS_MAX);
}

#[test]
fn test_reject_media_config_text_bytes_over_max() {
    reject_above("limits", "text_bytes", MEDIA_CONFIG_TEXT_LIMIT_MAX);
}

#[test]
fn test_reject_media_config_artworks_over_max() {
    reject_above("limits", "artworks", spec::media_config::MEDIA_CONFIG_ARTWORKS_MAX);
}

#[test]
fn test_reject_media_config_artwork_bytes_over_max() {
    reject_above("limits", "artwork_bytes", spec::media_config::MEDIA_CONFIG_ARTWORK_BYTES_MAX);
}

#[test]
fn test_reject_media_config_interval_under_min() {
    reject_below("metrics", "interval_blocks", spec::media_config::MEDIA_CONFIG_INTERVAL_MIN);
}

#[test]
fn test_reject_media_config_interval_over_max() {
    reject_above("metrics", "interval_blocks", spec::media_config::MEDIA_CONFIG_INTERVAL_MAX);
}

#[test]
fn test_reject_media_config_what_the_schema_has_not() {
    let not_constant = ErrorCode::ConfigNotConstant;
    reject(b"{\"engine\":{\"rate_hz\":44100}}", not_constant, "/engine/rate_hz", "48000");
    reject(b"{\"version\":2}", not_constant, "/version", "1");
    reject(b"{\"duck\":{\"depth\":1}}", ErrorCode::UnknownConfigKey, "/duck/depth", "");
    reject(b"{\"duck\":{\"ramp_ms\":1.5}}", ErrorCode::WrongConfigType, "/duck/ramp_ms", "integer");
    reject(b"{\"focus\":{\"auto_resume\":1}}", ErrorCode::WrongConfigType, "/focus/auto_resume", "boolean");
    reject(b"{\"duck\":[]}", ErrorCode::WrongConfigType, "/duck", "object");
    reject(b"{\"duck\":{},\"duck\":{}}", ErrorCode::DuplicateConfigKey, "/duck", "");
    reject(b"{\"\\ud800\":1}", ErrorCode::MalformedConfig, "", "");
    reject(b"{\"a\":[\"\\ud800\"]}", ErrorCode::MalformedConfig, "", "");
    reject(b"\xff", ErrorCode::MalformedConfig, "", "");
    let long = format!("{{\"{}\":\"{}\"}}", "k".repeat(60_000), "v".repeat(5_000));
    reject(long.as_bytes(), ErrorCode::UnknownConfigKey, &format!("/{}", "k".repeat(MEDIA_CONFIG_POINTER_BYTES as usize - 1)), "");
}

/// Many members in one object, each of them new: reading stays as quick as the text is long.
#[test]
fn many_keys_are_read_quickly() {
    let members: Vec<String> = (0..6_000).map(|number| format!("\"{number}\":1")).collect();
    reject(format!("{{{}}}", members.join(",")).as_bytes(), ErrorCode::UnknownConfigKey, "/0", "");
}

/// Every number of the schema is the constant's of the contract, and every key of the schema is one that the services read.
#[test]
fn the_schema_says_what_the_services_read() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], "https://open-nexus-os.dev/schemas/config/v1/media_v2_1.schema.json");
    let mut keys = 0;
    check(&schema, "", &mut keys);
    assert_eq!(keys, 17);
}

/// Walks the schema: closed objects, and around each number's ends what the services say.
fn check(schema: &serde_json::Value, pointer: &str, keys: &mut u32) {
    assert!(schema["description"].is_string(), "{pointer} has no description");
    if schema["type"] == "object" {
        assert_eq!(schema["additionalProperties"], false, "{pointer} is not closed");
        for (key, inner) in schema["properties"].as_object().expect("an object has properties") {
            check(inner, &format!("{pointer}/{key}"), keys);
        }
        return;
    }
    *keys += 1;
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let load = |value: &str| {
        let text = parts.iter().rev().fold(value.to_owned(), |inner, key| format!("{{\"{key}\":{inner}}}"));
        MediaConfig::new().load(Layer::State, text.as_bytes())
    };
    assert_eq!(load(&schema["default"].to_string()), Ok(Values::DEFAULTS), "{pointer}: the default is not the services'");
    let number = |name: &str| schema[name].as_i64();
    let ends = [("minimum", -1, ErrorCode::ConfigBelowMinimum), ("maximum", 1, ErrorCode::ConfigAboveMaximum)];
    for (name, step, code) in ends.into_iter().filter(|_| schema["type"] == "integer" && number("const").is_none()) {
        let end = number(name).unwrap_or_else(|| panic!("{pointer} has no {name}"));
        assert!(load(&end.to_string()).is_ok(), "{pointer}: {end}");
        assert_eq!(load(&(end + step).to_string()).map_err(|error| error.code()), Err(code), "{pointer}: {end}");
    }
    if let Some(constant) = number("const") {
        for beside in [constant - 1, constant + 1] {
            assert_eq!(load(&beside.to_string()).map_err(|error| error.code()), Err(ErrorCode::ConfigNotConstant), "{pointer}");
        }
    }
}
