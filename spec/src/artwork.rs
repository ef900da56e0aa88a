//! The contract `artwork`: the cache of pictures.

mod draw;

use crate::bytes::Bytes;
use crate::devices::Blob;
pub use crate::generated::artwork::*;
use crate::machine::shorter;
use crate::{Case, Contract, Entropy, ErrorCode, SplitMix64};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
pub use draw::key_of;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The contract `artwork`.
#[derive(Clone, Debug)]
pub struct Artwork;

/// How much is cached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Pictures, 1 to [`ARTWORK_ENTRIES_MAX`].
    pub entries: u32,
    /// Bytes of all of them, 1 to [`ARTWORK_BYTES_MAX`].
    pub bytes: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { entries: ARTWORK_ENTRIES_MAX, bytes: ARTWORK_BYTES_MAX }
    }
}

/// A picture's key. Written as 64 hexadecimal digits where a person may read it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; ARTWORK_KEY_BYTES as usize]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { Blob(self.0.to_vec()).serialize(serializer) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; ARTWORK_KEY_BYTES as usize]>::deserialize(deserializer).map(Self);
        }
        let Blob(bytes) = Blob::deserialize(deserializer)?;
        bytes.try_into().map(Self).map_err(|_| de::Error::custom("a key is 64 hexadecimal digits"))
    }
}

/// The content of a picture, as a case gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// So many bytes that follow from the seed; above [`ARTWORK_BYTES_MAX`] one more is as good as any.
    Pattern {
        /// Their number.
        bytes: u32,
        /// The seed.
        seed: u32,
    },
    /// These bytes.
    Bytes(Blob),
}

impl Content {
    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Bytes(Blob(bytes)) => bytes.clone(),
            Self::Pattern { bytes, seed } => {
                let length = (*bytes).min(ARTWORK_BYTES_MAX.saturating_add(1)) as usize;
                let mut source = SplitMix64::new(u64::from(*seed));
                let mut content = alloc::vec![0; length.next_multiple_of(8)];
                for word in content.as_chunks_mut().0 {
                    *word = source.bits().to_le_bytes();
                }
                content.truncate(length);
                content
            }
        }
    }

    /// Their number.
    pub fn length(&self) -> usize {
        match self {
            Self::Bytes(Blob(bytes)) => bytes.len(),
            Self::Pattern { bytes, .. } => *bytes as usize,
        }
    }
}

/// A checksum of a content: each byte times its number, odd, summed modulo 2^64.
pub fn checksum(content: &[u8]) -> u64 {
    let numbers = (0_u64..).map(|number| number.wrapping_mul(2).wrapping_add(1));
    content.iter().zip(numbers).fold(0, |sum, (byte, number)| sum.wrapping_add(u64::from(*byte).wrapping_mul(number)))
}

/// Operations of the contract `artwork`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A picture is put.
    Put {
        /// Its URI.
        uri: Bytes,
        /// Its content.
        content: Content,
    },
    /// The content under a key.
    Get(Key),
    /// The key of what was put last under a URI.
    Lookup(Bytes),
    /// A picture is removed.
    Remove(Key),
    /// What is counted.
    Stats,
    /// The keys in the order in which they would go.
    Keys,
}

/// Observations of the contract `artwork`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// The picture is cached.
    Kept {
        /// Its key.
        key: Key,
        /// Whether it was not before.
        added: bool,
        /// Pictures that went for it.
        evicted: u32,
    },
    /// The picture is larger than the cache.
    NotCached,
    /// The content.
    Hit {
        /// Its bytes.
        bytes: u32,
        /// Their [`checksum`].
        checksum: u64,
    },
    /// There is none under that key.
    Miss,
    /// The key, where there is one.
    Key(Option<Key>),
    /// Whether it was there.
    Removed(bool),
    /// What is counted.
    Stats {
        /// Pictures now.
        entries: u32,
        /// Bytes of their contents now.
        bytes: u32,
        /// Gets that found one.
        hits: u64,
        /// Gets that found none.
        misses: u64,
        /// Pictures that went for others.
        evicted: u64,
    },
    /// Keys, in order.
    Keys(Vec<Key>),
    /// Rejected with this code; nothing changed.
    Rejected(ErrorCode),
}

impl Contract for Artwork {
    const NAME: &'static str = "artwork";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        let letters = |uri: &Bytes, give: &mut dyn FnMut(Bytes)| {
            // Shorter ones only: another letter is no simpler.
            shorter(&uri.0, |less| {
                if less.len() < uri.0.len() {
                    give(Bytes(less));
                }
            });
        };
        match op {
            Op::Put { uri, content } => {
                letters(uri, &mut |uri| out.push(Op::Put { uri, content: content.clone() }));
                let mut put = |content| out.push(Op::Put { uri: uri.clone(), content });
                match content {
                    Content::Bytes(Blob(bytes)) => shorter(bytes, |bytes| put(Content::Bytes(Blob(bytes)))),
                    Content::Pattern { bytes, seed } => {
                        for less in [1, bytes / 2, bytes.saturating_sub(1)] {
                            if less > 0 && less < *bytes {
                                put(Content::Pattern { bytes: less, seed: *seed });
                            }
                        }
                        if *seed > 0 {
                            put(Content::Pattern { bytes: *bytes, seed: 0 });
                        }
                    }
                }
            }
            Op::Lookup(uri) => letters(uri, &mut |uri| out.push(Op::Lookup(uri))),
            Op::Get(_) | Op::Remove(_) | Op::Stats | Op::Keys => {}
        }
    }

    fn simplify_config(config: &Config, out: &mut Vec<Config>) {
        let plain = Config::default();
        for simpler in [plain.clone(), Config { entries: plain.entries, ..config.clone() }, Config { bytes: plain.bytes, ..config.clone() }]
        {
            if simpler != *config && !out.contains(&simpler) {
                out.push(simpler);
            }
        }
    }
}

/// The URI of a fixture.
pub fn fixture_uri(name: &str) -> String {
    ["pkg://fixtures/artwork/", name, ".png"].concat()
}
