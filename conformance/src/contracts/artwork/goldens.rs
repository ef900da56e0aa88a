//! Recorded cases of the contract `artwork`.

use super::fixtures;
use super::laws::{key, literal, put};
use crate::suite::GoldenCase;
use spec::Case;
use spec::artwork::{ARTWORK_BYTES_MAX, ARTWORK_ENTRIES_MAX, Artwork, Config, Key, Op, fixture_uri, key_of};

fn golden(name: &'static str, doc: &'static str, config: Config, ops: Vec<Op>) -> GoldenCase<Artwork> {
    GoldenCase { name, doc, case: Case { config, ops } }
}

pub(super) fn goldens() -> Vec<GoldenCase<Artwork>> {
    let plain = Config::default;
    let small = |entries, bytes| Config { entries, bytes };
    let mut all = vec![
        golden(
            "start",
            "Nothing is cached.",
            plain(),
            vec![Op::Stats, Op::Keys, Op::Get(Key::default()), Op::Lookup("a".into()), Op::Remove(Key::default()), Op::Stats],
        ),
        golden(
            "keys",
            "A key is of URI and content, and of where the one ends; the same picture has the same key.",
            plain(),
            vec![
                literal(b"a", b"b"),
                literal(b"a", b"bc"),
                literal(b"ab", b"c"),
                literal(b"a", b"b"),
                literal(b"b", b"b"),
                put("a", 100, 1),
                put("a", 100, 2),
                Op::Keys,
            ],
        ),
        golden(
            "found",
            "What was put is found, byte for byte, until it is removed; another key is a miss.",
            plain(),
            vec![
                put("a", 1, 0),
                put("b", 70_000, 3),
                Op::Get(key("a", 1, 0)),
                Op::Get(key("b", 70_000, 3)),
                Op::Get(key("b", 70_000, 2)),
                Op::Stats,
                Op::Remove(key("b", 70_000, 3)),
                Op::Get(key("b", 70_000, 3)),
                Op::Remove(key("b", 70_000, 3)),
                Op::Stats,
            ],
        ),
        golden(
            "oldest_first",
            "Hits and repeated puts keep a picture; looks by URI don't.",
            small(3, 1_000),
            vec![
                put("a", 1, 0),
                put("b", 1, 0),
                put("c", 1, 0),
                Op::Get(key("a", 1, 0)),
                put("b", 1, 0),
                Op::Lookup("c".into()),
                Op::Keys,
                put("d", 1, 0),
                Op::Keys,
                Op::Get(key("c", 1, 0)),
                Op::Stats,
            ],
        ),
        golden(
            "room_in_bytes",
            "As many go as must, and no more; a picture of just the size takes all the room.",
            small(8, 100),
            vec![
                put("a", 40, 0),
                put("b", 30, 0),
                put("c", 30, 0),
                Op::Stats,
                put("d", 41, 0),
                Op::Keys,
                put("e", 1, 0),
                Op::Stats,
                put("f", 100, 0),
                Op::Keys,
                Op::Stats,
            ],
        ),
        golden(
            "oversize",
            "A picture larger than the cache is not cached, and everything stays as it was, the look by its URI too.",
            small(4, 100),
            vec![
                put("a", 100, 0),
                put("a", 101, 0),
                put("b", u32::MAX, 0),
                Op::Lookup("a".into()),
                Op::Lookup("b".into()),
                Op::Keys,
                Op::Stats,
            ],
        ),
        golden(
            "latest",
            "A URI's picture is what was put there last, cached or not.",
            small(2, 100),
            vec![
                put("a", 1, 0),
                put("a", 1, 1),
                Op::Lookup("a".into()),
                Op::Get(key("a", 1, 0)),
                Op::Lookup("a".into()),
                put("b", 1, 0),
                Op::Keys,
                Op::Lookup("a".into()),
                put("a", 1, 0),
                Op::Lookup("a".into()),
                Op::Lookup("A".into()),
            ],
        ),
    ];
    all.extend(of_bounds());
    all.push(of_fixtures());
    all
}

fn of_bounds() -> Vec<GoldenCase<Artwork>> {
    let with = |name, doc, entries, bytes| golden(name, doc, Config { entries, bytes }, Vec::new());
    vec![
        golden("uris", "What is no URI is rejected, before a picture without content; 128 bytes are one.", Config::default(), {
            let (longest, longer) = (vec![b'u'; 128], vec![b'u'; 129]);
            let mut ops = vec![literal(&longest, b"x"), Op::Lookup(longest.as_slice().into()), literal(&longer, b"x")];
            for uri in [&b""[..], b"a\nb", b"\0", b"\x7f", b"\xc2\x80", b"\xff", b"\xc3", b"\xed\xa0\x80"] {
                ops.extend([literal(uri, b""), Op::Lookup(uri.into())]);
            }
            ops.extend([literal(b"a", b""), literal(b"\xc2\xa0 \xe2\x80\xa8", b"x"), Op::Stats]);
            ops
        }),
        golden("entries_bound", "The thirty-third picture takes the place of the first.", Config::default(), {
            let mut ops: Vec<Op> = (0..ARTWORK_ENTRIES_MAX).map(|seed| put("a", 3, seed)).collect();
            ops.extend([Op::Stats, put("a", 3, ARTWORK_ENTRIES_MAX), Op::Get(key("a", 3, 0)), Op::Get(key("a", 3, 1)), Op::Stats]);
            ops
        }),
        golden(
            "bytes_bound",
            "1 MiB is cached, and one byte more is not.",
            Config::default(),
            vec![put("a", 9, 0), put("b", ARTWORK_BYTES_MAX, 0), put("c", ARTWORK_BYTES_MAX + 1, 0), Op::Stats, put("c", 1, 0), Op::Stats],
        ),
        golden(
            "one",
            "The smallest cache has one picture of one byte.",
            Config { entries: 1, bytes: 1 },
            vec![put("a", 1, 0), put("a", 2, 0), put("b", 1, 0), Op::Keys, Op::Stats],
        ),
        with("no_entries", "A limit is 1 at least.", 0, 1),
        with("no_bytes", "A limit is 1 at least.", 1, 0),
        with("too_many_entries", "A limit is no higher than the bound.", ARTWORK_ENTRIES_MAX + 1, 1),
        with("too_many_bytes", "A limit is no higher than the bound.", 1, ARTWORK_BYTES_MAX + 1),
    ]
}

/// The fixtures' files, each under its URI.
fn of_fixtures() -> GoldenCase<Artwork> {
    let mut ops = Vec::new();
    // An encoder that fails leaves a golden without them, which differs from the recorded one.
    for (name, file) in fixtures::files().unwrap_or_default() {
        let uri = fixture_uri(name);
        ops.extend([literal(uri.as_bytes(), &file), Op::Lookup(uri.as_str().into()), Op::Get(key_of(uri.as_bytes(), &file))]);
    }
    ops.extend([Op::Keys, Op::Stats]);
    golden("fixtures", "The pictures of pkg://fixtures/artwork/ and their keys.", Config::default(), ops)
}
