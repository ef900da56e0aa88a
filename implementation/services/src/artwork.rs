//! The cache of pictures: bounded, in RAM alone, under keys that are hashes.

use crate::Result;
use crate::error::{ServiceError, length};
use alloc::boxed::Box;
use alloc::vec::Vec;
use sha2::{Digest, Sha256};
use spec::ErrorCode;
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, ARTWORK_URI_BYTES_MAX, Key};

/// How much a cache holds (ARTWORK-011). The default is what the contract allows at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pictures.
    pub entries: u32,
    /// Bytes of all of them.
    pub bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: ARTWORK_ENTRIES_MAX, bytes: ARTWORK_BYTES_MAX }
    }
}

/// What became of a picture that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is cached.
    Kept {
        /// Its key.
        key: Key,
        /// Whether it was not before.
        added: bool,
        /// Pictures that went for it.
        evicted: u32,
    },
    /// It is larger than the whole cache (ARTWORK-007).
    NotCached,
}

/// What a cache counts (ARTWORK-012).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Pictures now.
    pub entries: u32,
    /// Bytes of their contents now.
    pub bytes: u32,
    /// Gets that found one.
    pub hits: u64,
    /// Gets that found none.
    pub misses: u64,
    /// Pictures that went for others.
    pub evicted: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: Key,
    uri: Box<str>,
    content: Box<[u8]>,
    /// Whether it was put last under its URI.
    latest: bool,
}

/// The cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    limits: Limits,
    /// The one with the oldest access first: it is the next that goes (ARTWORK-005).
    entries: Vec<Entry>,
    stats: Stats,
}

impl Cache {
    /// An empty cache, which has no memory yet.
    ///
    /// # Errors
    /// `out_of_range` for a limit that is none (ARTWORK-011).
    pub fn new(limits: Limits) -> Result<Self> {
        for (what, limit, max) in [
            ("the limit on pictures", limits.entries, ARTWORK_ENTRIES_MAX),
            ("the limit on the pictures' bytes", limits.bytes, ARTWORK_BYTES_MAX),
        ] {
            if limit == 0 || limit > max {
                return Err(ServiceError::range(ErrorCode::OutOfRange, what, limit, (1, max), "choose a limit in this range"));
            }
        }
        Ok(Self { limits, entries: Vec::new(), stats: Stats::default() })
    }

    /// Caches a picture under its key (ARTWORK-001), and lets others go for it where there is no room.
    ///
    /// # Errors
    /// `invalid_artwork_uri`, `empty_artwork` (ARTWORK-010), in this order. Nothing has changed then.
    pub fn put(&mut self, uri: &[u8], content: &[u8]) -> Result<Put> {
        let uri = check_uri(uri)?;
        if content.is_empty() {
            let what = "a picture has no content";
            return Err(ServiceError::plain(ErrorCode::EmptyArtwork, what, "put it when its content has come"));
        }
        let Some(bytes) = u32::try_from(content.len()).ok().filter(|bytes| *bytes <= self.limits.bytes) else {
            return Ok(Put::NotCached);
        };
        let key = key(uri, content);
        for entry in self.entries.iter_mut().filter(|entry| *entry.uri == *uri) {
            entry.latest = entry.key == key;
        }
        if self.access(&key).is_some() {
            return Ok(Put::Kept { key, added: false, evicted: 0 });
        }
        let room = self.limits.bytes.saturating_sub(bytes);
        let mut evicted = 0_u32;
        while self.stats.entries >= self.limits.entries || self.stats.bytes > room {
            self.take(0);
            evicted = evicted.saturating_add(1);
        }
        self.stats.evicted = self.stats.evicted.saturating_add(u64::from(evicted));
        self.entries.push(Entry { key, uri: uri.into(), content: content.into(), latest: true });
        self.stats.entries = self.stats.entries.saturating_add(1);
        self.stats.bytes = self.stats.bytes.saturating_add(bytes);
        Ok(Put::Kept { key, added: true, evicted })
    }

    /// The content under a key (ARTWORK-002), where there is one; that is an access (ARTWORK-003, ARTWORK-005).
    pub fn get(&mut self, key: &Key) -> Option<&[u8]> {
        let hit = self.access(key).is_some();
        let count = if hit { &mut self.stats.hits } else { &mut self.stats.misses };
        *count = count.saturating_add(1);
        self.entries.last().filter(|_| hit).map(|entry| &*entry.content)
    }

    /// The key of the picture that was put last under a URI, where it is cached. That is no access (ARTWORK-008).
    ///
    /// # Errors
    /// `invalid_artwork_uri`.
    pub fn lookup(&self, uri: &[u8]) -> Result<Option<&Key>> {
        let uri = check_uri(uri)?;
        Ok(self.entries.iter().find(|entry| entry.latest && *entry.uri == *uri).map(|entry| &entry.key))
    }

    /// Removes a picture; tells whether it was there (ARTWORK-009).
    pub fn remove(&mut self, key: &Key) -> bool {
        self.find(key).is_some_and(|place| self.take(place))
    }

    /// What is counted (ARTWORK-012).
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// The keys in the order in which they would go (ARTWORK-012).
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.entries.iter().map(|entry| &entry.key)
    }

    fn find(&self, key: &Key) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == *key)
    }

    /// Moves the picture under a key behind all others, where there is one.
    fn access(&mut self, key: &Key) -> Option<()> {
        let place = self.find(key)?;
        self.entries.get_mut(place..)?.rotate_left(1);
        Some(())
    }

    fn take(&mut self, place: usize) -> bool {
        if place >= self.entries.len() {
            return false;
        }
        let entry = self.entries.remove(place);
        let bytes = u32::try_from(entry.content.len()).unwrap_or(u32::MAX);
        self.stats.entries = self.stats.entries.saturating_sub(1);
        self.stats.bytes = self.stats.bytes.saturating_sub(bytes);
        true
    }
}

/// The hash of the URI's length, the URI and the content (ARTWORK-001).
fn key(uri: &str, content: &[u8]) -> Key {
    let mut hash = Sha256::new();
    let bytes = u64::try_from(uri.len()).unwrap_or(u64::MAX);
    hash.update(bytes.to_le_bytes());
    hash.update(uri);
    hash.update(content);
    Key(hash.finalize().into())
}

fn check_uri(uri: &[u8]) -> Result<&str> {
    if uri.is_empty() || uri.len() > ARTWORK_URI_BYTES_MAX as usize {
        let range = (1, ARTWORK_URI_BYTES_MAX);
        let what = "the bytes of the picture's URI";
        return Err(ServiceError::range(ErrorCode::InvalidArtworkUri, what, length(uri.len()), range, "use a short URI"));
    }
    let wrong = |what, advice| ServiceError::plain(ErrorCode::InvalidArtworkUri, what, advice);
    let text = core::str::from_utf8(uri).map_err(|_| wrong("the picture's URI is no UTF-8", "encode it as UTF-8"))?;
    if text.chars().any(char::is_control) {
        return Err(wrong("the picture's URI has a control character", "leave it out"));
    }
    Ok(text)
}
