//! The keys of the schema: where they stand, what they take and what they set.

use super::error::ConfigError;
use super::number;
use super::text::Pointer;
use serde_json::value::RawValue;
use spec::ErrorCode;
use spec::format::{BLOCK_FRAMES, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ};
use spec::media_config::{
    MEDIA_CONFIG_ARTWORK_BYTES_MAX, MEDIA_CONFIG_ARTWORKS_MAX, MEDIA_CONFIG_DUCK_DB_MAX, MEDIA_CONFIG_DUCK_DB_MIN,
    MEDIA_CONFIG_INTERVAL_MAX, MEDIA_CONFIG_INTERVAL_MIN, MEDIA_CONFIG_LIMIT_MIN, MEDIA_CONFIG_QUEUED_EVENTS_MAX, MEDIA_CONFIG_RAMP_MS_MAX,
    MEDIA_CONFIG_RAMP_MS_MIN, MEDIA_CONFIG_SESSIONS_MAX, MEDIA_CONFIG_TEXT_LIMIT_MAX, MEDIA_CONFIG_VERSION, Values,
};
use spec::ring::RING_BLOCKS;

/// Bits of a sample.
const BITS: u32 = BYTES_PER_SAMPLE * 8;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number in this range, both ends included.
    Integer { minimum: i64, maximum: i64 },
    /// This number alone.
    Constant(i64),
    /// A truth value.
    Boolean,
}

/// A key of the schema.
pub(super) struct Field {
    /// The section; empty at the top.
    pub(super) section: &'static str,
    /// The key.
    pub(super) key: &'static str,
    kind: Kind,
    /// Puts a number that the key takes into the configuration.
    pub(super) put: fn(&mut Values, i64),
}

const fn field(section: &'static str, key: &'static str, kind: Kind, put: fn(&mut Values, i64)) -> Field {
    Field { section, key, kind, put }
}

const DEPTH: Kind = Kind::Integer { minimum: MEDIA_CONFIG_DUCK_DB_MIN, maximum: MEDIA_CONFIG_DUCK_DB_MAX };
const RAMP: Kind = Kind::Integer { minimum: MEDIA_CONFIG_RAMP_MS_MIN, maximum: MEDIA_CONFIG_RAMP_MS_MAX };
const INTERVAL: Kind = Kind::Integer { minimum: MEDIA_CONFIG_INTERVAL_MIN, maximum: MEDIA_CONFIG_INTERVAL_MAX };

/// From the least to what the services are built for (MEDIA_CONFIG-014).
const fn limit(maximum: i64) -> Kind {
    Kind::Integer { minimum: MEDIA_CONFIG_LIMIT_MIN, maximum }
}

/// What the services are built with (MEDIA_CONFIG-015).
const fn constant(number: u32) -> Kind {
    Kind::Constant(number as i64)
}

/// The keys that hold objects.
pub(super) const SECTIONS: [&str; 5] = ["duck", "focus", "limits", "engine", "metrics"];

/// Every key that holds a value. Each number fits the type of its place, as its range says.
pub(super) static FIELDS: [Field; 17] = [
    field("", "version", Kind::Constant(MEDIA_CONFIG_VERSION), |values, number| values.version = number as u32),
    field("duck", "duck_db", DEPTH, |values, number| values.duck.duck_db = number as i32),
    field("duck", "duck_db_ui", DEPTH, |values, number| values.duck.duck_db_ui = number as i32),
    field("duck", "ramp_ms", RAMP, |values, number| values.duck.ramp_ms = number as u32),
    field("focus", "auto_resume", Kind::Boolean, |values, number| values.focus.auto_resume = number != 0),
    field("limits", "sessions", limit(MEDIA_CONFIG_SESSIONS_MAX), |values, number| values.limits.sessions = number as u32),
    field("limits", "queued_events", limit(MEDIA_CONFIG_QUEUED_EVENTS_MAX), |values, number| values.limits.queued_events = number as u32),
    field("limits", "text_bytes", limit(MEDIA_CONFIG_TEXT_LIMIT_MAX), |values, number| values.limits.text_bytes = number as u32),
    field("limits", "artworks", limit(MEDIA_CONFIG_ARTWORKS_MAX), |values, number| values.limits.artworks = number as u32),
    field("limits", "artwork_bytes", limit(MEDIA_CONFIG_ARTWORK_BYTES_MAX), |values, number| values.limits.artwork_bytes = number as u32),
    field("engine", "rate_hz", constant(SAMPLE_RATE_HZ), |values, number| values.engine.rate_hz = number as u32),
    field("engine", "channels", constant(CHANNELS as u32), |values, number| values.engine.channels = number as u32),
    field("engine", "bits", constant(BITS), |values, number| values.engine.bits = number as u32),
    field("engine", "block_frames", constant(BLOCK_FRAMES), |values, number| values.engine.block_frames = number as u32),
    field("engine", "ring_blocks", constant(RING_BLOCKS), |values, number| values.engine.ring_blocks = number as u32),
    field("metrics", "export", Kind::Boolean, |values, number| values.metrics.export = number != 0),
    field("metrics", "interval_blocks", INTERVAL, |values, number| values.metrics.interval_blocks = number as u32),
];

impl Field {
    /// The number that a value of this key is (MEDIA_CONFIG-011 to MEDIA_CONFIG-017).
    pub(super) fn number(&self, value: &RawValue, pointer: &Pointer<'_>) -> Result<i64, ConfigError> {
        let (minimum, maximum, beside) = match self.kind {
            Kind::Boolean => {
                return match value.get() {
                    "true" => Ok(1),
                    "false" => Ok(0),
                    _ => Err(ConfigError::wrong_type(pointer, value, "boolean")),
                };
            }
            Kind::Integer { minimum, maximum } => (minimum, maximum, None),
            Kind::Constant(number) => (number, number, Some(ErrorCode::ConfigNotConstant)),
        };
        let number = number::whole(value.get()).ok_or_else(|| ConfigError::wrong_type(pointer, value, "integer"))?;
        if number < minimum {
            return Err(ConfigError::beyond(beside.unwrap_or(ErrorCode::ConfigBelowMinimum), pointer, value, minimum));
        }
        if number > maximum {
            return Err(ConfigError::beyond(beside.unwrap_or(ErrorCode::ConfigAboveMaximum), pointer, value, maximum));
        }
        Ok(number)
    }
}
