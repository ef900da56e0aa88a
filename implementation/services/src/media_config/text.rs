//! A configuration's text: depth, form and repeated keys, before anybody looks at what it says.

use super::error::ConfigError;
use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde::Deserializer as _;
use serde::de::{Deserialize, MapAccess, Visitor};
use serde_json::value::RawValue;
use spec::media_config::{MEDIA_CONFIG_DEPTH_MAX, MEDIA_CONFIG_POINTER_BYTES};

/// Where a value stands: a JSON pointer that becomes a text only where somebody reads it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pointer<'a> {
    Top,
    Member(&'a Pointer<'a>, &'a str),
    Item(&'a Pointer<'a>, usize),
}

impl Pointer<'_> {
    /// The whole text.
    pub(super) const TOP: Pointer<'static> = Pointer::Top;

    pub(super) const fn member<'a>(&'a self, key: &'a str) -> Pointer<'a> {
        Pointer::Member(self, key)
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Top => {}
            Self::Member(holder, key) => {
                holder.write(out);
                out.push('/');
                for letter in key.chars() {
                    match letter {
                        '~' => out.push_str("~0"),
                        '/' => out.push_str("~1"),
                        _ => out.push(letter),
                    }
                }
            }
            Self::Item(holder, place) => {
                holder.write(out);
                out.push('/');
                out.push_str(&place.to_string());
            }
        }
    }

    /// The pointer's text, cut at a whole character (MEDIA_CONFIG-018).
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        cut(&mut out, MEDIA_CONFIG_POINTER_BYTES as usize);
        out
    }
}

/// Cuts a text at the last whole character that fits.
pub(super) fn cut(text: &mut String, bytes: usize) {
    while text.len() > bytes {
        text.pop();
    }
}

/// A member of an object.
pub(super) struct Member<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) value: &'a RawValue,
}

/// The value of a text that is JSON, not too deep and without a repeated key (MEDIA_CONFIG-007 to MEDIA_CONFIG-009).
pub(super) fn read(bytes: &[u8]) -> Result<&RawValue, ConfigError> {
    let depth = depth(bytes);
    if depth > MEDIA_CONFIG_DEPTH_MAX {
        return Err(ConfigError::depth(depth));
    }
    let text = core::str::from_utf8(bytes).map_err(|_| ConfigError::malformed(None))?;
    let root = serde_json::from_str(text).map_err(|error| ConfigError::malformed(Some(&error)))?;
    let mut repeated = None;
    inspect(root, &Pointer::TOP, &mut repeated)?;
    repeated.map_or(Ok(root), Err)
}

/// The most brackets that stand open at the same time, outside of strings, in whatever text.
fn depth(bytes: &[u8]) -> u32 {
    let (mut open, mut most) = (0_u32, 0_u32);
    let mut bytes = bytes.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => open = open.saturating_add(1),
            b']' | b'}' => open = open.saturating_sub(1),
            // Up to the quote that no backslash stands before.
            b'"' => {
                while let Some(byte) = bytes.next()
                    && *byte != b'"'
                {
                    if *byte == b'\\' {
                        bytes.next();
                    }
                }
            }
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// Looks at every string and every object: an escape that is no character ends it, the first repeated key is kept. Recurses no deeper
/// than the text's brackets, which are bounded.
fn inspect(value: &RawValue, pointer: &Pointer<'_>, repeated: &mut Option<ConfigError>) -> Result<(), ConfigError> {
    match value.get().bytes().next() {
        Some(b'{') => {
            let members = members(value)?;
            let mut seen = BTreeSet::new();
            for member in &members {
                let pointer = pointer.member(&member.key);
                if !seen.insert(&*member.key) && repeated.is_none() {
                    *repeated = Some(ConfigError::repeated(&pointer, member.value));
                }
                inspect(member.value, &pointer, repeated)?;
            }
            Ok(())
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|_| ConfigError::malformed(None))?;
            items.into_iter().enumerate().try_for_each(|(place, item)| inspect(item, &Pointer::Item(pointer, place), repeated))
        }
        Some(b'"') => serde_json::from_str::<Key<'_>>(value.get()).map(|_| ()).map_err(|_| ConfigError::malformed(None)),
        _ => Ok(()),
    }
}

/// The members of an object, in the order of the text.
pub(super) fn members(value: &RawValue) -> Result<Vec<Member<'_>>, ConfigError> {
    serde_json::Deserializer::from_str(value.get()).deserialize_map(Members).map_err(|_| ConfigError::malformed(None))
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            members.push(Member { key, value });
        }
        Ok(members)
    }
}

/// A string, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Letters)
    }
}

struct Letters;

impl<'de> Visitor<'de> for Letters {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Owned(text.to_string())))
    }
}
