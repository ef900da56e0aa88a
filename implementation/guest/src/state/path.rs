//! Paths of `/state`: `/FOLDER/FILE`. A folder has a name that fits into a short FAT name; a file may have a longer one.

use super::long::LONG_BYTES_MAX;
use super::{FOLDERS_MAX, PATH_BYTES_MAX, RECORDING, SPARE, StateError};
use alloc::string::String;
use alloc::vec::Vec;

/// Longest base name and extension.
const BASE_BYTES_MAX: usize = 8;
const EXTENSION_BYTES_MAX: usize = 3;

/// A name: in upper case, as FAT keeps short ones, or in lower case where it is a long one. Paths that differ in case alone are one.
pub struct Name {
    text: String,
    long: bool,
}

impl Name {
    /// A folder's name.
    fn short(text: &str) -> Result<Self, StateError> {
        if is_name(text, BASE_BYTES_MAX, EXTENSION_BYTES_MAX) {
            Ok(Self { text: text.to_ascii_uppercase(), long: false })
        } else {
            Err(StateError::Path)
        }
    }

    /// A file's name.
    fn parse(text: &str) -> Result<Self, StateError> {
        let is_long = text.len() <= LONG_BYTES_MAX && is_name(text, LONG_BYTES_MAX, LONG_BYTES_MAX);
        Self::short(text).or(if is_long { Ok(Self { text: text.to_ascii_lowercase(), long: true }) } else { Err(StateError::Path) })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it needs more than a short FAT name.
    pub const fn is_long(&self) -> bool {
        self.long
    }
}

/// Whether a text is a base and perhaps an extension, each of at most so many letters, digits, `_` and `-`.
fn is_name(text: &str, base_max: usize, extension_max: usize) -> bool {
    let (base, extension) = text.split_once('.').map_or((text, None), |(base, extension)| (base, Some(extension)));
    let right = |part: &str, max: usize| {
        (1..=max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    right(base, base_max) && extension.is_none_or(|extension| right(extension, extension_max))
}

/// A file's place.
pub struct Path {
    folders: Vec<Name>,
    file: Name,
}

impl Path {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, StateError> {
        if text.len() > PATH_BYTES_MAX {
            return Err(StateError::Path);
        }
        let (folders, file) = text
            .strip_prefix('/')
            .ok_or(StateError::Path)?
            .rsplit_once('/')
            .map_or_else(|| (None, text.trim_start_matches('/')), |(folders, file)| (Some(folders), file));
        let file = Name::parse(file)?;
        let folders: Vec<Name> = folders.into_iter().flat_map(|folders| folders.split('/')).map(Name::short).collect::<Result<_, _>>()?;
        let own = folders.is_empty() && [SPARE, RECORDING].contains(&file.as_str());
        if own || folders.len() > FOLDERS_MAX { Err(StateError::Path) } else { Ok(Self { folders, file }) }
    }

    /// The folders, outermost first.
    pub fn folders(&self) -> &[Name] {
        &self.folders
    }

    /// The file in the innermost.
    pub fn file(&self) -> &Name {
        &self.file
    }
}
