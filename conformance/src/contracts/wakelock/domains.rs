//! Small domains of the contract `wakelock`, every value of them.

use super::laws::{acquire, release, session};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::wakelock::{Config, Kind, Op, Playback, Wakelock};

pub(super) fn domains() -> Vec<Domain<Wakelock>> {
    vec![
        Domain {
            name: "every_sequence_of_locks",
            requirements: &["WAKELOCK-001", "WAKELOCK-002", "WAKELOCK-003", "WAKELOCK-004"],
            describe: |extent| format!("every sequence of {} acquires and releases of two locks of both kinds", longest(extent)),
            cases: |extent| {
                sequences(
                    longest(extent),
                    vec![
                        acquire("a", "x", Kind::Partial),
                        release("a", "x"),
                        acquire("a", "y", Kind::Full),
                        release("a", "y"),
                        release("b", "x"),
                    ],
                )
            },
        },
        Domain {
            name: "every_sequence_of_sessions",
            requirements: &["WAKELOCK-010", "WAKELOCK-011", "WAKELOCK-012"],
            describe: |extent| format!("every sequence of {} events of two sessions", longest(extent)),
            cases: |extent| {
                use Playback as P;
                let events = [(1, P::Playing), (1, P::Ducked), (1, P::Paused), (2, P::Playing), (2, P::Stopped), (2, P::Dead)];
                sequences(longest(extent), events.map(|(number, playback)| session(number, playback)).into())
            },
        },
    ]
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 5,
        Extent::Corners => 4,
    }
}

/// Every sequence of that length, with a look at everything after each operation and at the lines in the end.
fn sequences(length: u32, ops: Vec<Op>) -> Counted<Wakelock> {
    let count = ops.len() as u64;
    Box::new((0..count.pow(length)).map(move |number| {
        let mut case = Case { config: Config::default(), ops: Vec::new() };
        for place in 0..length {
            case.ops.extend([ops[(number / count.pow(place) % count) as usize].clone(), Op::Blocks]);
        }
        case.ops.extend([Op::List, Op::Markers]);
        (case, 1)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_sequence_once() {
        for (domain, [whole, corners]) in domains().into_iter().zip([[3_125, 625], [7_776, 1_296]]) {
            for (extent, count) in [(Extent::Whole, whole), (Extent::Corners, corners)] {
                let cases: Vec<String> = (domain.cases)(extent).map(|(case, _)| format!("{case:?}")).collect();
                assert_eq!((cases.len(), cases.iter().collect::<BTreeSet<_>>().len()), (count, count), "{}", domain.name);
            }
        }
    }
}
