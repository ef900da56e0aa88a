//! The configuration of the media services: JSON texts in two layers over the defaults, each taken as a whole or not at all.

mod error;
mod field;
mod number;
mod text;

pub use self::error::ConfigError;

use self::field::{FIELDS, Field, SECTIONS};
use self::text::{Member, Pointer};
use crate::error::length;
use alloc::vec::Vec;
use serde_json::value::RawValue;
use spec::media_config::{Layer, MEDIA_CONFIG_TEXT_BYTES_MAX, Values};

/// What one layer sets: a number for each field of the table; truths are 0 and 1.
type Overlay = [Option<i64>; FIELDS.len()];

const UNSET: Overlay = [None; FIELDS.len()];

/// The layers of the configuration. What it holds is bounded by the number of keys, whatever was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    system: Overlay,
    state: Overlay,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl MediaConfig {
    /// The defaults alone (MEDIA_CONFIG-001).
    pub const fn new() -> Self {
        Self { system: UNSET, state: UNSET }
    }

    /// Reads a text and puts it in the place of its layer's, and gives what holds then (MEDIA_CONFIG-002).
    ///
    /// # Errors
    /// In this order: `oversized_input`, `config_too_deep`, `malformed_config`, `duplicate_config_key`, and then by place in the text
    /// `unknown_config_key`, `wrong_config_type`, `config_below_minimum`, `config_above_maximum` and `config_not_constant`. Nothing
    /// has changed then (MEDIA_CONFIG-004).
    pub fn load(&mut self, layer: Layer, text: &[u8]) -> Result<Values, ConfigError> {
        *self.layer(layer) = parse(text)?;
        Ok(self.effective())
    }

    /// Empties a layer, and gives what holds then (MEDIA_CONFIG-005).
    pub fn reset(&mut self, layer: Layer) -> Values {
        *self.layer(layer) = UNSET;
        self.effective()
    }

    /// What holds: the state's values over the system's over the defaults (MEDIA_CONFIG-003).
    pub fn effective(&self) -> Values {
        let mut values = Values::DEFAULTS;
        for overlay in [&self.system, &self.state] {
            for (field, number) in FIELDS.iter().zip(overlay) {
                if let Some(number) = number {
                    (field.put)(&mut values, *number);
                }
            }
        }
        values
    }

    const fn layer(&mut self, layer: Layer) -> &mut Overlay {
        match layer {
            Layer::System => &mut self.system,
            Layer::State => &mut self.state,
        }
    }
}

/// What a text sets, if it is right.
fn parse(text: &[u8]) -> Result<Overlay, ConfigError> {
    if text.len() > MEDIA_CONFIG_TEXT_BYTES_MAX as usize {
        return Err(ConfigError::size(length(text.len())));
    }
    let root = text::read(text)?;
    let mut overlay = UNSET;
    let top = Pointer::TOP;
    for member in object(root, &top)? {
        let pointer = top.member(&member.key);
        if SECTIONS.contains(&&*member.key) {
            for inner in object(member.value, &pointer)? {
                set(&mut overlay, &member.key, &inner, &pointer.member(&inner.key))?;
            }
        } else {
            set(&mut overlay, "", &member, &pointer)?;
        }
    }
    Ok(overlay)
}

/// The members of a value that must be an object (MEDIA_CONFIG-011).
fn object<'a>(value: &'a RawValue, pointer: &Pointer<'_>) -> Result<Vec<Member<'a>>, ConfigError> {
    if !value.get().starts_with('{') {
        return Err(ConfigError::wrong_type(pointer, value, "object"));
    }
    text::members(value)
}

/// Puts one key's value into an overlay.
fn set(overlay: &mut Overlay, section: &str, member: &Member<'_>, pointer: &Pointer<'_>) -> Result<(), ConfigError> {
    let is = |field: &Field| field.section == section && field.key == member.key;
    let found = FIELDS.iter().zip(overlay).find(|(field, _)| is(field));
    // MEDIA_CONFIG-010
    let Some((field, place)) = found else { return Err(ConfigError::unknown_key(pointer, member.value)) };
    *place = Some(field.number(member.value, pointer)?);
    Ok(())
}
