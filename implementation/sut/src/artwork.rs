//! The contract `artwork` on [`services::artwork`].

use services::ServiceError;
use services::artwork::{Cache, Limits, Put, Stats};
use spec::artwork::{Artwork, Config, Obs, Op, checksum};
use spec::{ErrorCode, Failure, Machine};

/// Answers the contract `artwork`.
#[derive(Clone, Debug)]
pub struct ArtworkMachine {
    /// The cache, where its configuration is one.
    cache: Result<Cache, ErrorCode>,
}

pub(crate) use ArtworkMachine as Adapter;

impl Default for ArtworkMachine {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl ArtworkMachine {
    fn new(config: &Config) -> Self {
        let limits = Limits { entries: config.entries, bytes: config.bytes };
        Self { cache: Cache::new(limits).map_err(|error| error.code()) }
    }

    fn answer(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        let cache = self.cache.as_mut().map_err(|code| *code)?;
        ask(cache, op).map_err(|error| error.code())
    }
}

fn ask(cache: &mut Cache, op: &Op) -> Result<Obs, ServiceError> {
    Ok(match op {
        Op::Put { uri, content } => match cache.put(&uri.0, &content.bytes())? {
            Put::Kept { key, added, evicted } => Obs::Kept { key, added, evicted },
            Put::NotCached => Obs::NotCached,
        },
        Op::Get(key) => match cache.get(key) {
            Some(content) => Obs::Hit { bytes: u32::try_from(content.len()).unwrap_or(u32::MAX), checksum: checksum(content) },
            None => Obs::Miss,
        },
        Op::Lookup(uri) => Obs::Key(cache.lookup(&uri.0)?.copied()),
        Op::Remove(key) => Obs::Removed(cache.remove(key)),
        Op::Stats => {
            let Stats { entries, bytes, hits, misses, evicted } = cache.stats();
            Obs::Stats { entries, bytes, hits, misses, evicted }
        }
        Op::Keys => Obs::Keys(cache.keys().copied().collect()),
    })
}

impl Machine<Artwork> for ArtworkMachine {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::new(config);
        Ok(self.cache.as_ref().map(|_| ()).map_err(|code| *code))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(self.answer(op).unwrap_or_else(Obs::Rejected))
    }
}
