//! What the configuration and its schema call defaults and limits is what the services are built with: the constants of their own
//! contracts, which nobody compares elsewhere.

use serde_json::Value;
use services::{artwork, metrics, sessions};
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX};
use spec::audiod::{AUDIOD_APP_BYTES_MAX, AUDIOD_DUCK_DB_Q8_8, AUDIOD_DUCK_MS, AUDIOD_RAMP_MS_MAX, AUDIOD_SESSIONS_MAX};
use spec::ducking::{
    DUCKING_DB_Q8_8, DUCKING_DB_Q8_8_MAX, DUCKING_DB_Q8_8_MIN, DUCKING_DB_UI_Q8_8, DUCKING_RAMP_MS, DUCKING_RAMP_MS_MAX,
    DUCKING_SESSIONS_MAX,
};
use spec::focus::FOCUS_SESSIONS_MAX;
use spec::gain::GAIN_DB_STEPS_PER_DB;
use spec::media_config::{MEDIA_CONFIG_LIMIT_MIN, SCHEMA, Values};
use spec::metrics::{METRICS_INTERVAL_BLOCKS_DEFAULT, METRICS_INTERVAL_BLOCKS_MAX, METRICS_INTERVAL_BLOCKS_MIN, METRICS_SESSIONS_MAX};
use spec::miniplayer::{MINIPLAYER_SESSIONS_MAX, MINIPLAYER_TEXT_BYTES_MAX};
use spec::sessions::{SESSIONS_COMMANDS_MAX, SESSIONS_MAX, SESSIONS_TEXT_BYTES_MAX};
use spec::volume::VOLUME_SESSIONS_MAX;

/// A number of the configuration, with what the contracts of the services say of it.
struct Number {
    pointer: &'static str,
    default: i64,
    range: (i64, i64),
}

/// Whole decibels, which the contracts have in Q8.8.
#[track_caller]
fn whole_db(q8_8: i32) -> i64 {
    assert_eq!(q8_8 % GAIN_DB_STEPS_PER_DB, 0, "the configuration can't say {q8_8} in whole dB");
    i64::from(q8_8 / GAIN_DB_STEPS_PER_DB)
}

/// A limit: by default the most that the services are built for.
fn limit(pointer: &'static str, built_for: u32) -> Number {
    Number { pointer, default: built_for.into(), range: (MEDIA_CONFIG_LIMIT_MIN, built_for.into()) }
}

/// By the constants of the services' contracts alone.
fn numbers() -> [Number; 9] {
    let depths = (whole_db(DUCKING_DB_Q8_8_MIN), whole_db(DUCKING_DB_Q8_8_MAX));
    let intervals = (METRICS_INTERVAL_BLOCKS_MIN.into(), METRICS_INTERVAL_BLOCKS_MAX.into());
    [
        Number { pointer: "/duck/duck_db", default: whole_db(DUCKING_DB_Q8_8), range: depths },
        Number { pointer: "/duck/duck_db_ui", default: whole_db(DUCKING_DB_UI_Q8_8), range: depths },
        Number { pointer: "/duck/ramp_ms", default: DUCKING_RAMP_MS.into(), range: (0, DUCKING_RAMP_MS_MAX.into()) },
        limit("/limits/sessions", SESSIONS_MAX),
        limit("/limits/queued_events", SESSIONS_COMMANDS_MAX),
        limit("/limits/text_bytes", SESSIONS_TEXT_BYTES_MAX),
        limit("/limits/artworks", ARTWORK_ENTRIES_MAX),
        limit("/limits/artwork_bytes", ARTWORK_BYTES_MAX),
        Number { pointer: "/metrics/interval_blocks", default: METRICS_INTERVAL_BLOCKS_DEFAULT.into(), range: intervals },
    ]
}

#[test]
fn defaults_are_the_constants_of_the_services() {
    let defaults = serde_json::to_value(Values::DEFAULTS).expect("the values are JSON");
    for Number { pointer, default, .. } in numbers() {
        assert_eq!(defaults.pointer(pointer).and_then(Value::as_i64), Some(default), "{pointer}");
    }
}

/// What a service takes where nobody configures it.
#[test]
fn a_service_alone_is_configured_as_all_of_them() {
    let Values { duck, focus, limits, metrics, .. } = Values::DEFAULTS;
    let alone = spec::ducking::Config::default();
    let depths = (whole_db(alone.duck_db_q8_8), whole_db(alone.duck_db_ui_q8_8), alone.ramp_ms);
    assert_eq!((i64::from(duck.duck_db), i64::from(duck.duck_db_ui), duck.ramp_ms), depths);
    assert_eq!(focus.auto_resume, spec::focus::Config::default().auto_resume);
    let registry = sessions::Limits { sessions: limits.sessions, commands: limits.queued_events, text_bytes: limits.text_bytes };
    assert_eq!(registry, sessions::Limits::default());
    assert_eq!(artwork::Limits { entries: limits.artworks, bytes: limits.artwork_bytes }, artwork::Limits::default());
    assert_eq!(metrics::Options { export: metrics.export, interval_blocks: metrics.interval_blocks }, metrics::Options::default());
}

#[test]
fn the_schema_has_the_constants_of_the_services() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    for Number { pointer, default, range } in numbers() {
        let key = schema.pointer(&pointer.replace('/', "/properties/")).expect(pointer);
        let told = ["default", "minimum", "maximum"].map(|name| key[name].as_i64());
        assert_eq!(told, [Some(default), Some(range.0), Some(range.1)], "{pointer}");
    }
    let resume = &schema["properties"]["focus"]["properties"]["auto_resume"]["default"];
    assert_eq!(resume.as_bool(), Some(spec::focus::Config::default().auto_resume));
    let export = &schema["properties"]["metrics"]["properties"]["export"]["default"];
    assert_eq!(export.as_bool(), Some(metrics::Options::default().export));
}

/// A session has its place in every service, and a duck by name goes as deep as one by focus.
#[test]
fn the_services_agree_with_one_another() {
    let sessions =
        [AUDIOD_SESSIONS_MAX, DUCKING_SESSIONS_MAX, FOCUS_SESSIONS_MAX, VOLUME_SESSIONS_MAX, METRICS_SESSIONS_MAX, MINIPLAYER_SESSIONS_MAX];
    assert_eq!(sessions, [SESSIONS_MAX; 6]);
    assert_eq!([AUDIOD_APP_BYTES_MAX, MINIPLAYER_TEXT_BYTES_MAX], [SESSIONS_TEXT_BYTES_MAX; 2]);
    assert_eq!((AUDIOD_DUCK_DB_Q8_8, AUDIOD_DUCK_MS, AUDIOD_RAMP_MS_MAX), (DUCKING_DB_Q8_8, DUCKING_RAMP_MS, DUCKING_RAMP_MS_MAX));
}
