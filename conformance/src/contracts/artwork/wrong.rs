//! A cache that makes one mistake.

use sha2::{Digest, Sha256};
use spec::artwork::{
    ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, ARTWORK_URI_BYTES_MAX, Artwork, Config, Content, Key, Obs, Op, checksum, fixture_uri,
};
use spec::bytes::Bytes;
use spec::{ErrorCode, Failure, Machine};

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    KeyWithoutLength,
    KeyWithoutUri,
    KeyOfContentLength,
    KeyLengthIsBigEndian,
    CutsContent,
    FindsOtherContent,
    CountsMissAsHit,
    MissIsAccess,
    EntriesOneMore,
    EntriesOneLess,
    BytesOneMore,
    BytesOneLess,
    NewestGoes,
    SmallestGoes,
    OldestPutGoes,
    HitIsNoAccess,
    GoesOnEvicting,
    PutAgainIsNoAccess,
    PutAgainAdds,
    PutAgainSaysAdded,
    OversizeEmpties,
    OversizeIsRejected,
    OversizeEndsUri,
    LookupIsAccess,
    LookupFindsOlder,
    LookupFindsFirst,
    RemoveKeepsBytes,
    RemoveTakesUri,
    RemoveCountsAsEvicted,
    RemoveSaysYes,
    AnyUri,
    UriOneLonger,
    UriOneShorter,
    TakesHighControls,
    TakesEmpty,
    EmptyBeforeUri,
    TakesLimitZero,
    TakesAnyLimit,
    CountsPutsAsHits,
    CountsEvictionsOnce,
    KeysNewestFirst,
    FixturesAreRenamed,
}

struct Picture {
    key: Key,
    uri: Bytes,
    content: Vec<u8>,
    put: u64,
    accessed: u64,
}

/// What a machine with that mistake is.
pub(super) struct Wrong {
    flaw: Flaw,
    config: Config,
    pictures: Vec<Picture>,
    latest: Vec<(Bytes, Key)>,
    accesses: u64,
    lost: usize,
    hits: u64,
    misses: u64,
    evicted: u64,
}

pub(super) fn wrong(flaw: Flaw) -> Box<dyn Machine<Artwork>> {
    Box::new(Wrong::new(flaw, &Config::default()))
}

impl Wrong {
    fn new(flaw: Flaw, config: &Config) -> Self {
        let (pictures, latest) = (Vec::new(), Vec::new());
        Self { flaw, config: config.clone(), pictures, latest, accesses: 0, lost: 0, hits: 0, misses: 0, evicted: 0 }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn key(&self, uri: &Bytes, content: &[u8]) -> Key {
        let renamed = Bytes::from(fixture_uri("picture").as_str());
        let fixture = self.is(Flaw::FixturesAreRenamed) && uri.0.starts_with(b"pkg://fixtures/") && content.len() > 200;
        let uri = if fixture { &renamed } else { uri };
        let length = match self.flaw {
            Flaw::KeyWithoutLength => Vec::new(),
            Flaw::KeyOfContentLength => (content.len() as u64).to_le_bytes().to_vec(),
            Flaw::KeyLengthIsBigEndian => (uri.0.len() as u64).to_be_bytes().to_vec(),
            _ => (uri.0.len() as u64).to_le_bytes().to_vec(),
        };
        let uri: &[u8] = if self.is(Flaw::KeyWithoutUri) { &[] } else { &uri.0 };
        Key(Sha256::digest([&length, uri, content].concat()).into())
    }

    fn check_uri(&self, uri: &Bytes) -> Result<(), ErrorCode> {
        let max = match self.flaw {
            Flaw::UriOneLonger => ARTWORK_URI_BYTES_MAX + 1,
            Flaw::UriOneShorter => ARTWORK_URI_BYTES_MAX - 1,
            _ => ARTWORK_URI_BYTES_MAX,
        };
        let control = |letter: char| if self.is(Flaw::TakesHighControls) { letter.is_ascii_control() } else { letter.is_control() };
        let text = std::str::from_utf8(&uri.0).is_ok_and(|text| !text.chars().any(control));
        let right = !uri.0.is_empty() && uri.0.len() <= max as usize && (text || self.is(Flaw::AnyUri));
        if right { Ok(()) } else { Err(ErrorCode::InvalidArtworkUri) }
    }

    fn bytes(&self) -> usize {
        self.pictures.iter().map(|picture| picture.content.len()).sum::<usize>() + self.lost
    }

    fn access(&mut self, key: &Key) -> Option<usize> {
        let place = self.pictures.iter().position(|picture| picture.key == *key)?;
        self.accesses += 1;
        self.pictures[place].accessed = self.accesses;
        Some(place)
    }

    fn order(&self) -> Vec<Key> {
        let mut order: Vec<&Picture> = self.pictures.iter().collect();
        match self.flaw {
            Flaw::NewestGoes => order.sort_by_key(|picture| u64::MAX - picture.accessed),
            Flaw::SmallestGoes => order.sort_by_key(|picture| (picture.content.len(), picture.accessed)),
            Flaw::OldestPutGoes => order.sort_by_key(|picture| picture.put),
            _ => order.sort_by_key(|picture| picture.accessed),
        }
        order.into_iter().map(|picture| picture.key).collect()
    }

    fn put(&mut self, uri: &Bytes, content: &Content) -> Result<Obs, ErrorCode> {
        let empty = content.length() == 0 && !self.is(Flaw::TakesEmpty);
        if empty && self.is(Flaw::EmptyBeforeUri) {
            return Err(ErrorCode::EmptyArtwork);
        }
        self.check_uri(uri)?;
        if empty {
            return Err(ErrorCode::EmptyArtwork);
        }
        let max = match self.flaw {
            Flaw::BytesOneMore => self.config.bytes as usize + 1,
            Flaw::BytesOneLess => self.config.bytes as usize - 1,
            _ => self.config.bytes as usize,
        };
        if content.length() > max {
            if self.is(Flaw::OversizeEmpties) {
                self.pictures.clear();
            }
            if self.is(Flaw::OversizeEndsUri) {
                self.latest.retain(|(known, _)| known != uri);
            }
            return if self.is(Flaw::OversizeIsRejected) { Err(ErrorCode::OversizedInput) } else { Ok(Obs::NotCached) };
        }
        let content = content.bytes();
        let key = self.key(uri, &content);
        if !(self.is(Flaw::LookupFindsFirst) && self.latest.iter().any(|(known, _)| known == uri)) {
            self.latest.retain(|(known, _)| known != uri);
            self.latest.push((uri.clone(), key));
        }
        let known = self.pictures.iter().any(|picture| picture.key == key) && !self.is(Flaw::PutAgainAdds);
        if known {
            if !self.is(Flaw::PutAgainIsNoAccess) {
                self.access(&key);
            }
            if self.is(Flaw::CountsPutsAsHits) {
                self.hits += 1;
            }
            return Ok(Obs::Kept { key, added: self.is(Flaw::PutAgainSaysAdded), evicted: 0 });
        }
        let entries = match self.flaw {
            Flaw::EntriesOneMore => self.config.entries as usize + 1,
            Flaw::EntriesOneLess => (self.config.entries as usize - 1).max(1),
            _ => self.config.entries as usize,
        };
        let mut evicted = 0;
        while !self.pictures.is_empty() && (self.pictures.len() >= entries || self.bytes() + content.len() > max) {
            self.evict();
            evicted += 1;
        }
        if evicted > 0 && self.is(Flaw::GoesOnEvicting) && !self.pictures.is_empty() {
            self.evict();
            evicted += 1;
        }
        self.evicted += if self.is(Flaw::CountsEvictionsOnce) { u64::from(evicted.min(1)) } else { u64::from(evicted) };
        self.accesses += 1;
        let kept = if self.is(Flaw::CutsContent) { content[..content.len().min(64)].to_vec() } else { content };
        self.pictures.push(Picture { key, uri: uri.clone(), content: kept, put: self.accesses, accessed: self.accesses });
        Ok(Obs::Kept { key, added: true, evicted })
    }

    fn evict(&mut self) {
        let oldest = self.order()[0];
        if let Some(place) = self.pictures.iter().position(|picture| picture.key == oldest) {
            self.pictures.remove(place);
        }
    }

    fn get(&mut self, key: &Key) -> Obs {
        let place = self.pictures.iter().position(|picture| picture.key == *key);
        let Some(place) = place else {
            if self.is(Flaw::MissIsAccess)
                && let Some(first) = self.order().first().copied()
            {
                self.access(&first);
            }
            let count = if self.is(Flaw::CountsMissAsHit) { &mut self.hits } else { &mut self.misses };
            *count += 1;
            return Obs::Miss;
        };
        if !self.is(Flaw::HitIsNoAccess) {
            self.access(key);
        }
        self.hits += 1;
        let shown = if self.is(Flaw::FindsOtherContent) { self.pictures.len() - 1 } else { place };
        let content = &self.pictures[shown].content;
        Obs::Hit { bytes: content.len() as u32, checksum: checksum(content) }
    }

    fn lookup(&mut self, uri: &Bytes) -> Result<Obs, ErrorCode> {
        self.check_uri(uri)?;
        let cached = |key: &Key| self.pictures.iter().any(|picture| picture.key == *key);
        let latest = self.latest.iter().find(|(known, _)| known == uri).map(|(_, key)| *key);
        let older = self.pictures.iter().rfind(|picture| picture.uri == *uri).map(|picture| picture.key);
        let found = latest.filter(cached).or(older.filter(|_| self.is(Flaw::LookupFindsOlder)));
        if self.is(Flaw::LookupIsAccess)
            && let Some(key) = found
        {
            self.access(&key);
        }
        Ok(Obs::Key(found))
    }

    fn remove(&mut self, key: &Key) -> Obs {
        let Some(place) = self.pictures.iter().position(|picture| picture.key == *key) else {
            return Obs::Removed(self.is(Flaw::RemoveSaysYes));
        };
        let gone = self.pictures.remove(place);
        match self.flaw {
            Flaw::RemoveKeepsBytes => self.lost += gone.content.len(),
            Flaw::RemoveTakesUri => self.pictures.retain(|picture| picture.uri != gone.uri),
            Flaw::RemoveCountsAsEvicted => self.evicted += 1,
            _ => {}
        }
        Obs::Removed(true)
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        Ok(match op {
            Op::Put { uri, content } => self.put(uri, content)?,
            Op::Get(key) => self.get(key),
            Op::Lookup(uri) => self.lookup(uri)?,
            Op::Remove(key) => self.remove(key),
            Op::Stats => Obs::Stats {
                entries: self.pictures.len() as u32,
                bytes: self.bytes() as u32,
                hits: self.hits,
                misses: self.misses,
                evicted: self.evicted,
            },
            Op::Keys => {
                let mut keys = self.order();
                if self.is(Flaw::KeysNewestFirst) {
                    keys.reverse();
                }
                Obs::Keys(keys)
            }
        })
    }
}

impl Machine<Artwork> for Wrong {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(self.flaw, config);
        let limits = [(config.entries, ARTWORK_ENTRIES_MAX), (config.bytes, ARTWORK_BYTES_MAX)];
        let low = |limit| limit == 0 && self.flaw != Flaw::TakesLimitZero;
        let high = |limit, max| limit > max && self.flaw != Flaw::TakesAnyLimit;
        Ok(if limits.iter().any(|(limit, max)| low(*limit) || high(*limit, *max)) { Err(ErrorCode::OutOfRange) } else { Ok(()) })
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, wrong};
    use crate::suite::Suite;
    use model::Modelled;
    use spec::{Contract, SplitMix64, artwork::Artwork};

    #[test]
    fn wrong_machine_without_a_mistake_is_right() {
        let drawn = (0..1_000).map(|seed| Artwork::draw(&mut SplitMix64::new(seed), 40));
        for case in drawn.chain(Artwork::goldens().into_iter().map(|golden| golden.case)) {
            assert_eq!(wrong(Flaw::None).run_case(&case), Artwork::model().run_case(&case), "{case:?}");
        }
    }
}
