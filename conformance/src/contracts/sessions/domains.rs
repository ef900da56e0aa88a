//! Small domains of the contract `sessions`, every value of them.

use super::laws::{duration, publish};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::sessions::{Config, Op, Sessions};

pub(super) fn domains() -> Vec<Domain<Sessions>> {
    vec![
        Domain {
            name: "every_sequence_around_a_handoff",
            requirements: &[
                "SESSIONS-001",
                "SESSIONS-004",
                "SESSIONS-012",
                "SESSIONS-013",
                "SESSIONS-014",
                "SESSIONS-015",
                "SESSIONS-016",
                "SESSIONS-017",
            ],
            describe: |extent| format!("every sequence of {} events of two sessions and a third that may come", longest(extent)),
            cases: |extent| sequences(longest(extent)),
        },
        Domain {
            name: "every_seek_around_the_bounds",
            requirements: &["SESSIONS-009", "SESSIONS-010"],
            describe: |_| "every seek and step around 0 and the duration, from everywhere, waiting or not, playing or not".to_owned(),
            cases: |_| seeks(),
        },
    ]
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 5,
        Extent::Corners => 3,
    }
}

/// The events of a handoff.
fn events() -> Vec<Op> {
    vec![
        Op::Play(1),
        Op::Play(2),
        Op::Pause(1),
        publish("c"),
        Op::SetActive(2),
        Op::Accept(3),
        Op::Withdraw(1),
        Op::Withdraw(3),
        Op::Gain { sid: 1, owner: true },
        Op::Gain { sid: 2, owner: true },
    ]
}

/// Every sequence of that length behind two registrations, with a look at who is now playing after each event.
fn sequences(length: u32) -> Counted<Sessions> {
    let events = events();
    let count = events.len() as u64;
    Box::new((0..count.pow(length)).map(move |number| {
        let mut ops = vec![publish("b"), publish("a")];
        for place in 0..length {
            ops.extend([events[(number / count.pow(place) % count) as usize].clone(), Op::Current]);
        }
        ops.extend([Op::List, Op::Markers]);
        (Case { config: Config::default(), ops }, 1)
    }))
}

const DURATIONS: [Option<u64>; 6] = [None, Some(0), Some(1), Some(2), Some(5_000), Some(u64::MAX)];
const PLACES: [u64; 7] = [0, 1, 2, 4_999, 5_000, 5_001, u64::MAX];
const STEPS: [i64; 9] = [i64::MIN, -5_000, -2, -1, 0, 1, 2, 5_000, i64::MAX];

/// One session for each duration and start, which waits for its seek or stands there, and plays or pauses.
fn seeks() -> Counted<Sessions> {
    let from = DURATIONS.into_iter().flat_map(|length| PLACES.map(|place| (length, place)));
    let from =
        from.flat_map(|(length, place)| [(false, false), (false, true), (true, false), (true, true)].map(|how| (length, place, how)));
    Box::new(from.map(|(length, place, (waits, plays))| {
        let mut ops = vec![publish("a"), duration(1, length)];
        ops.extend(plays.then_some(Op::Play(1)));
        let to = PLACES.map(|ms| Op::Seek { sid: 1, ms }).into_iter().chain(STEPS.map(|ms| Op::SeekBy { sid: 1, ms }));
        for seek in to {
            ops.push(Op::Seek { sid: 1, ms: place });
            ops.extend((!waits).then_some(Op::Tick(1)));
            ops.extend([seek, Op::Get(1), Op::Tick(1), Op::Get(1)]);
        }
        (Case { config: Config::default(), ops }, (PLACES.len() + STEPS.len()) as u64)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_case_once() {
        for (domain, [whole, corners]) in domains().into_iter().zip([[100_000, 1_000], [168, 168]]) {
            for (extent, count) in [(Extent::Whole, whole), (Extent::Corners, corners)] {
                let cases: Vec<String> = (domain.cases)(extent).map(|(case, _)| format!("{:?}", case.ops)).collect();
                assert_eq!((cases.len(), cases.iter().collect::<BTreeSet<_>>().len()), (count, count), "{}", domain.name);
            }
        }
    }
}
