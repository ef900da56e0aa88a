//! Paths of `/state`: `/FOLDER/FILE`, each name one that FAT can hold without an extension of its format.

use super::{FOLDERS_MAX, PATH_BYTES_MAX, RECORDING, SPARE, StateError};
use alloc::string::String;
use alloc::vec::Vec;

/// Longest base name and extension.
const BASE_BYTES_MAX: usize = 8;
const EXTENSION_BYTES_MAX: usize = 3;

/// A name in upper case, which is how FAT keeps it: paths that differ in case alone are one.
pub struct Name(String);

impl Name {
    fn parse(text: &str) -> Result<Self, StateError> {
        let (base, extension) = text.split_once('.').map_or((text, None), |(base, extension)| (base, Some(extension)));
        let right = |part: &str, max: usize| {
            (1..=max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let whole = right(base, BASE_BYTES_MAX) && extension.is_none_or(|extension| right(extension, EXTENSION_BYTES_MAX));
        if whole { Ok(Self(text.to_ascii_uppercase())) } else { Err(StateError::Path) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
        let folders: Vec<Name> = folders.into_iter().flat_map(|folders| folders.split('/')).map(Name::parse).collect::<Result<_, _>>()?;
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
