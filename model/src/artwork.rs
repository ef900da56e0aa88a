//! The reference model of the contract `artwork`.

pub use self::ArtworkModel as Model;
use sha2::{Digest, Sha256};
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, ARTWORK_URI_BYTES_MAX, Artwork, Config, Content, Key, Obs, Op, checksum};
use spec::bytes::Bytes;
use spec::{ErrorCode, Failure, Machine};

#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    key: Key,
    content: Vec<u8>,
    /// The number of its last access.
    accessed: u64,
}

/// The reference model of the contract `artwork`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtworkModel {
    config: Config,
    pictures: Vec<Picture>,
    /// What was put last under each URI, cached or not.
    latest: Vec<(Bytes, Key)>,
    accesses: u64,
    hits: u64,
    misses: u64,
    evicted: u64,
}

impl Default for ArtworkModel {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

/// ARTWORK-001, ARTWORK-013
fn key(uri: &Bytes, content: &[u8]) -> Key {
    let length = (uri.0.len() as u64).to_le_bytes();
    Key(Sha256::digest([&length, uri.0.as_slice(), content].concat()).into())
}

/// ARTWORK-010
fn check_uri(uri: &Bytes) -> Result<(), ErrorCode> {
    let text = std::str::from_utf8(&uri.0).map_err(|_| ErrorCode::InvalidArtworkUri)?;
    let control = |letter: char| letter <= '\u{1f}' || ('\u{7f}'..='\u{9f}').contains(&letter);
    let right = !text.is_empty() && text.len() <= ARTWORK_URI_BYTES_MAX as usize && !text.chars().any(control);
    if right { Ok(()) } else { Err(ErrorCode::InvalidArtworkUri) }
}

impl ArtworkModel {
    fn new(config: &Config) -> Self {
        Self { config: config.clone(), pictures: Vec::new(), latest: Vec::new(), accesses: 0, hits: 0, misses: 0, evicted: 0 }
    }

    fn bytes(&self) -> usize {
        self.pictures.iter().map(|picture| picture.content.len()).sum()
    }

    /// The picture under a key is accessed, where there is one.
    fn access(&mut self, key: &Key) -> Option<&Picture> {
        let picture = self.pictures.iter_mut().find(|picture| picture.key == *key)?;
        self.accesses += 1;
        picture.accessed = self.accesses;
        Some(picture)
    }

    /// In the order in which pictures would go. ARTWORK-005
    fn order(&self) -> Vec<Key> {
        let mut order: Vec<(u64, Key)> = self.pictures.iter().map(|picture| (picture.accessed, picture.key)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, key)| key).collect()
    }

    fn put(&mut self, uri: &Bytes, content: &Content) -> Result<Obs, ErrorCode> {
        check_uri(uri)?;
        if content.length() == 0 {
            return Err(ErrorCode::EmptyArtwork);
        }
        // ARTWORK-007
        if content.length() > self.config.bytes as usize {
            return Ok(Obs::NotCached);
        }
        let content = content.bytes();
        let key = key(uri, &content);
        // ARTWORK-008
        self.latest.retain(|(known, _)| known != uri);
        self.latest.push((uri.clone(), key));
        // ARTWORK-006
        if self.access(&key).is_some() {
            return Ok(Obs::Kept { key, added: false, evicted: 0 });
        }
        let mut evicted = 0;
        // ARTWORK-004
        while self.pictures.len() + 1 > self.config.entries as usize || self.bytes() + content.len() > self.config.bytes as usize {
            let oldest = self.order()[0];
            self.pictures.retain(|picture| picture.key != oldest);
            evicted += 1;
        }
        self.evicted += u64::from(evicted);
        self.accesses += 1;
        self.pictures.push(Picture { key, content, accessed: self.accesses });
        Ok(Obs::Kept { key, added: true, evicted })
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        Ok(match op {
            Op::Put { uri, content } => self.put(uri, content)?,
            // ARTWORK-002
            Op::Get(key) => match self.access(key) {
                Some(picture) => {
                    let hit = Obs::Hit { bytes: picture.content.len() as u32, checksum: checksum(&picture.content) };
                    self.hits += 1;
                    hit
                }
                // ARTWORK-003
                None => {
                    self.misses += 1;
                    Obs::Miss
                }
            },
            Op::Lookup(uri) => {
                check_uri(uri)?;
                let latest = self.latest.iter().find(|(known, _)| known == uri).map(|(_, key)| *key);
                let cached = |key: &Key| self.pictures.iter().any(|picture| picture.key == *key);
                Obs::Key(latest.filter(cached))
            }
            // ARTWORK-009
            Op::Remove(key) => {
                let before = self.pictures.len();
                self.pictures.retain(|picture| picture.key != *key);
                Obs::Removed(self.pictures.len() < before)
            }
            // ARTWORK-012
            Op::Stats => Obs::Stats {
                entries: self.pictures.len() as u32,
                bytes: self.bytes() as u32,
                hits: self.hits,
                misses: self.misses,
                evicted: self.evicted,
            },
            Op::Keys => Obs::Keys(self.order()),
        })
    }
}

impl Machine<Artwork> for ArtworkModel {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        // ARTWORK-011
        let right = (1..=ARTWORK_ENTRIES_MAX).contains(&config.entries) && (1..=ARTWORK_BYTES_MAX).contains(&config.bytes);
        Ok(if right { Ok(()) } else { Err(ErrorCode::OutOfRange) })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{ArtworkModel, key};
    use spec::ErrorCode;
    use spec::artwork::{Config, Content, Key, Obs, Op, key_of};
    use spec::devices::Blob;

    fn put(model: &mut ArtworkModel, uri: &str, bytes: u32) -> Key {
        match model.answer(&Op::Put { uri: uri.into(), content: Content::Pattern { bytes, seed: 0 } }) {
            Ok(Obs::Kept { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_is_a_hash_of_three_parts() {
        // printf '\x01\0\0\0\0\0\0\0ab' | sha256sum
        let known = "daf8c173dba8deeb7e7971127b494fa3d83e2b356d1a6f0f72624d20b2bd4198";
        assert_eq!(format!("{:?}", key(&"a".into(), b"b")), known);
        assert_eq!(key(&"a".into(), b"bc"), key_of(b"a", b"bc"));
        assert_ne!(key(&"ab".into(), b"c"), key(&"a".into(), b"bc"));
    }

    #[test]
    fn the_oldest_access_goes_first() {
        let mut model = ArtworkModel::new(&Config { entries: 2, bytes: 10 });
        let (a, b) = (put(&mut model, "a", 4), put(&mut model, "b", 4));
        assert!(matches!(model.answer(&Op::Get(a)), Ok(Obs::Hit { bytes: 4, .. })));
        let c = put(&mut model, "c", 5);
        assert_eq!(model.answer(&Op::Keys), Ok(Obs::Keys(vec![a, c])));
        assert_eq!(model.answer(&Op::Get(b)), Ok(Obs::Miss));
        let large = Content::Bytes(Blob(vec![0; 11]));
        assert_eq!(model.answer(&Op::Put { uri: "a".into(), content: large }), Ok(Obs::NotCached));
        assert_eq!(model.answer(&Op::Lookup("a".into())), Ok(Obs::Key(Some(a))));
        assert_eq!(model.answer(&Op::Remove(a)), Ok(Obs::Removed(true)));
        assert_eq!(model.answer(&Op::Lookup("a".into())), Ok(Obs::Key(None)));
        assert_eq!(model.answer(&Op::Stats), Ok(Obs::Stats { entries: 1, bytes: 5, hits: 1, misses: 1, evicted: 1 }));
    }

    #[test]
    fn test_reject_changes_nothing() {
        let mut model = ArtworkModel::default();
        put(&mut model, "a", 4);
        let before = model.clone();
        let content = Content::Pattern { bytes: 1, seed: 0 };
        for uri in [vec![], vec![b'u'; 129], vec![0xff], b"a\n".to_vec()] {
            let uri = spec::bytes::Bytes(uri);
            assert_eq!(model.answer(&Op::Put { uri: uri.clone(), content: content.clone() }), Err(ErrorCode::InvalidArtworkUri));
            assert_eq!(model.answer(&Op::Lookup(uri)), Err(ErrorCode::InvalidArtworkUri));
        }
        let none = Content::Pattern { bytes: 0, seed: 0 };
        assert_eq!(model.answer(&Op::Put { uri: "a".into(), content: none }), Err(ErrorCode::EmptyArtwork));
        assert_eq!(model, before);
    }
}
