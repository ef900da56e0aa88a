//! Why a configuration was rejected: the code, the place, the value and the limit.

use super::text::{Pointer, cut};
use crate::ServiceError;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use serde_json::value::RawValue;
use spec::ErrorCode;
use spec::media_config::{MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_TEXT_BYTES_MAX};

/// Bytes of a value that an explanation shows.
const VALUE_BYTES: usize = 40;

/// Why a configuration was rejected.
///
/// The explanation is bounded: a pointer, the beginning of a value, a limit and fixed sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    code: ErrorCode,
    pointer: String,
    limit: String,
    /// What was found, as a person would say it.
    found: String,
}

impl ConfigError {
    /// The stable code, which contracts compare.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The JSON pointer to the place; empty for the whole text. At most [`spec::media_config::MEDIA_CONFIG_POINTER_BYTES`].
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The limit that was broken: a number, or the type that was expected; empty where there is none.
    pub fn limit(&self) -> &str {
        &self.limit
    }

    fn at(code: ErrorCode, pointer: &Pointer<'_>, value: &RawValue, limit: String) -> Self {
        let mut found = value.get().to_string();
        if found.len() > VALUE_BYTES {
            cut(&mut found, VALUE_BYTES);
            found.push('…');
        }
        Self { code, pointer: pointer.text(), limit, found }
    }

    fn whole(code: ErrorCode, limit: String, found: String) -> Self {
        Self { code, pointer: String::new(), limit, found }
    }

    pub(super) fn size(bytes: i128) -> Self {
        Self::whole(ErrorCode::OversizedInput, MEDIA_CONFIG_TEXT_BYTES_MAX.to_string(), format!("{bytes} bytes"))
    }

    pub(super) fn depth(depth: u32) -> Self {
        Self::whole(ErrorCode::ConfigTooDeep, MEDIA_CONFIG_DEPTH_MAX.to_string(), format!("{depth} open brackets"))
    }

    pub(super) fn malformed(error: Option<&serde_json::Error>) -> Self {
        let found = match error {
            Some(error) => format!("no JSON from line {}, column {} on", error.line(), error.column()),
            None => "bytes that are no character".to_string(),
        };
        Self::whole(ErrorCode::MalformedConfig, String::new(), found)
    }

    pub(super) fn repeated(pointer: &Pointer<'_>, value: &RawValue) -> Self {
        Self::at(ErrorCode::DuplicateConfigKey, pointer, value, String::new())
    }

    pub(super) fn unknown_key(pointer: &Pointer<'_>, value: &RawValue) -> Self {
        Self::at(ErrorCode::UnknownConfigKey, pointer, value, String::new())
    }

    pub(super) fn wrong_type(pointer: &Pointer<'_>, value: &RawValue, expected: &str) -> Self {
        Self::at(ErrorCode::WrongConfigType, pointer, value, expected.to_string())
    }

    pub(super) fn beyond(code: ErrorCode, pointer: &Pointer<'_>, value: &RawValue, limit: i64) -> Self {
        Self::at(code, pointer, value, limit.to_string())
    }

    /// What is wrong, and what to do, without the place and the numbers.
    const fn sentences(&self) -> (&'static str, &'static str) {
        match self.code {
            ErrorCode::OversizedInput => ("the text is too long", "give a shorter text"),
            ErrorCode::ConfigTooDeep => ("the brackets are nested too deep", "the configuration has objects in one object, and no more"),
            ErrorCode::MalformedConfig => ("the text is no JSON", "write JSON in UTF-8, without comments and byte order mark"),
            ErrorCode::DuplicateConfigKey => ("the key stands in its object twice", "keep one of the two"),
            ErrorCode::UnknownConfigKey => ("the schema has no such key", "look it up in media_v2_1.schema.json, or leave it out"),
            ErrorCode::WrongConfigType => ("the value is of the wrong type", "write one of the expected type"),
            ErrorCode::ConfigBelowMinimum => ("the value is below the minimum", "raise it to that, or leave the key out"),
            ErrorCode::ConfigAboveMaximum => ("the value is above the maximum", "lower it to that, or leave the key out"),
            _ => ("the value is not the constant", "leave the key out: the services are built with that constant"),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, pointer, limit, found } = self;
        let (what, advice) = self.sentences();
        let place = if pointer.is_empty() { "the text" } else { pointer };
        write!(f, "{}: {what}: {place} is {found}", code.name())?;
        if !limit.is_empty() {
            write!(f, ", expected {limit}")?;
        }
        write!(f, "; {advice}")
    }
}

impl core::error::Error for ConfigError {}

impl From<ConfigError> for ServiceError {
    /// The same without place and numbers, for callers that keep no text.
    fn from(error: ConfigError) -> Self {
        let (what, advice) = error.sentences();
        Self::plain(error.code, what, advice)
    }
}
