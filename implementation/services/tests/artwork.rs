//! The cache of pictures from outside: every bound is met, and what is rejected changes nothing.

use services::ServiceError;
use services::artwork::{Cache, Limits, Put, Stats};
use spec::ErrorCode;
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, ARTWORK_URI_BYTES_MAX};

/// The rejection's code, after a look at its explanation: the code's name first, bounded, and with an advice.
fn code<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> ErrorCode {
    let error = result.expect_err("this must be rejected");
    let text = error.to_string();
    assert!(text.starts_with(error.code().name()) && text.contains("; ") && text.len() < spec::idl::IDL_TEXT_BYTES_MAX as usize, "{text}");
    error.code()
}

fn cache() -> Cache {
    Cache::new(Limits::default()).expect("the largest limits are limits")
}

fn limits(entries: u32, bytes: u32) -> Result<Cache, ServiceError> {
    Cache::new(Limits { entries, bytes })
}

fn kept(put: Result<Put, ServiceError>) -> (bool, u32) {
    match put {
        Ok(Put::Kept { added, evicted, .. }) => (added, evicted),
        other => panic!("{other:?}"),
    }
}

#[test]
fn test_reject_artwork_entries_over_max() {
    for entries in [0, ARTWORK_ENTRIES_MAX + 1, u32::MAX] {
        assert_eq!(code(limits(entries, 1)), ErrorCode::OutOfRange);
    }
    let mut cache = cache();
    for picture in 0..ARTWORK_ENTRIES_MAX {
        assert_eq!(kept(cache.put(b"a", &picture.to_le_bytes())), (true, 0));
    }
    let first = *cache.keys().next().expect("it is full");
    assert_eq!(kept(cache.put(b"a", b"one more")), (true, 1));
    assert_eq!(cache.get(&first), None);
    assert_eq!(cache.stats().entries, ARTWORK_ENTRIES_MAX);
}

#[test]
fn test_reject_artwork_bytes_over_max() {
    for bytes in [0, ARTWORK_BYTES_MAX + 1, u32::MAX] {
        assert_eq!(code(limits(1, bytes)), ErrorCode::OutOfRange);
    }
    let mut cache = cache();
    let largest = vec![7; ARTWORK_BYTES_MAX as usize];
    assert_eq!(kept(cache.put(b"a", &largest)), (true, 0));
    let before = cache.clone();
    assert_eq!(cache.put(b"a", &[largest.as_slice(), &[7]].concat()), Ok(Put::NotCached));
    assert_eq!(cache, before);
    assert_eq!(kept(cache.put(b"b", b"x")), (true, 1));
    assert_eq!(cache.stats(), Stats { entries: 1, bytes: 1, evicted: 1, ..Stats::default() });
}

#[test]
fn test_reject_artwork_uri_over_max() {
    let mut cache = cache();
    assert_eq!(kept(cache.put(b"a", b"x")), (true, 0));
    let before = cache.clone();
    let longer = vec![b'u'; ARTWORK_URI_BYTES_MAX as usize + 1];
    for uri in [&b""[..], &longer, b"\xff", b"a\n", b"\xc2\x80"] {
        assert_eq!(code(cache.put(uri, b"x")), ErrorCode::InvalidArtworkUri);
        assert_eq!(code(cache.put(uri, b"")), ErrorCode::InvalidArtworkUri);
        assert_eq!(code(cache.lookup(uri)), ErrorCode::InvalidArtworkUri);
    }
    assert_eq!(code(cache.put(b"a", b"")), ErrorCode::EmptyArtwork);
    assert_eq!(cache, before);
    assert_eq!(kept(cache.put(&longer[1..], b"x")), (true, 0));
}
