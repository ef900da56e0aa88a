//! Small domains of the contract `artwork`, every value of them.

use super::laws::{key, put};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::artwork::{Artwork, Config, Op};

pub(super) fn domains() -> Vec<Domain<Artwork>> {
    vec![Domain {
        name: "every_sequence_of_a_small_cache",
        requirements: &[
            "ARTWORK-003",
            "ARTWORK-004",
            "ARTWORK-005",
            "ARTWORK-006",
            "ARTWORK-007",
            "ARTWORK-008",
            "ARTWORK-009",
            "ARTWORK-012",
        ],
        describe: |extent| format!("every sequence of {} events of a cache of 2 pictures and 10 bytes", longest(extent)),
        cases: |extent| sequences(longest(extent)),
    }]
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 5,
        Extent::Corners => 3,
    }
}

/// Pictures of 5 bytes, one of 6 that leaves no room for another of 5, and one that is larger than the cache.
fn events() -> Vec<Op> {
    vec![
        put("a", 5, 0),
        put("a", 5, 1),
        put("b", 6, 0),
        put("b", 11, 0),
        put("c", 4, 0),
        Op::Get(key("a", 5, 0)),
        Op::Get(key("c", 4, 0)),
        Op::Remove(key("a", 5, 1)),
        Op::Lookup("a".into()),
    ]
}

/// Every sequence of that length, with a look at the order after each event and at the counts in the end.
fn sequences(length: u32) -> Counted<Artwork> {
    let events = events();
    let count = events.len() as u64;
    Box::new((0..count.pow(length)).map(move |number| {
        let mut ops = Vec::new();
        for place in 0..length {
            ops.extend([events[(number / count.pow(place) % count) as usize].clone(), Op::Keys]);
        }
        ops.extend([Op::Lookup("a".into()), Op::Stats]);
        (Case { config: Config { entries: 2, bytes: 10 }, ops }, 1)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_sequence_once() {
        for (domain, [whole, corners]) in domains().into_iter().zip([[59_049, 729]]) {
            for (extent, count) in [(Extent::Whole, whole), (Extent::Corners, corners)] {
                let cases: Vec<String> = (domain.cases)(extent).map(|(case, _)| format!("{:?}", case.ops)).collect();
                assert_eq!((cases.len(), cases.iter().collect::<BTreeSet<_>>().len()), (count, count), "{}", domain.name);
            }
        }
    }
}
