//! Small domains of the contract `volume`, every value of them.

use super::laws::{app_volume, mute, mute_app, open, volume};
use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::gain::{GAIN_DB_Q8_8_MAX, GAIN_DB_Q8_8_MIN};
use spec::volume::{Config, Op, Volume};

pub(super) fn domains() -> Vec<Domain<Volume>> {
    vec![
        Domain {
            name: "every_composition",
            requirements: &["VOLUME-002", "VOLUME-003"],
            describe: |extent| format!("every composition of stream, session, app and duck out of {} gains", gains(extent).len()),
            cases: compositions,
        },
        Domain {
            name: "every_sequence_of_mutes",
            requirements: &["VOLUME-007", "VOLUME-008"],
            describe: |extent| format!("every sequence of {} mutes of two sessions and their app", longest(extent)),
            cases: |extent| sequences(longest(extent)),
        },
    ]
}

/// Both ends and their neighbours, the middle, and what adds up to an end exactly.
fn gains(extent: Extent) -> &'static [i32] {
    const MIN: i32 = GAIN_DB_Q8_8_MIN;
    const MAX: i32 = GAIN_DB_Q8_8_MAX;
    match extent {
        Extent::Whole => &[MIN, MIN + 1, MIN / 2, -1, 0, 1, MAX / 2, MAX],
        Extent::Corners => &[MIN, MIN / 2, 0, MAX],
    }
}

/// One case for each pair of session and app, with every stream and duck.
fn compositions(extent: Extent) -> Counted<Volume> {
    let gains = gains(extent);
    let pairs = gains.iter().flat_map(move |own| gains.iter().map(move |app| (*own, *app)));
    Box::new(pairs.map(move |(own, app)| {
        let mut ops = vec![open(1, "a"), volume(1, own), app_volume("a", app)];
        let mut count = 0;
        for stream in gains {
            ops.push(Op::SetStream { session: 1, db: *stream });
            for duck in gains.iter().filter(|duck| **duck <= 0) {
                ops.extend([Op::Duck { session: 1, db: *duck }, Op::Overlay(1)]);
                count += 1;
            }
        }
        (Case { config: Config {}, ops }, count)
    }))
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 4,
        Extent::Corners => 3,
    }
}

/// Every sequence of that length, with a look at both sessions and at a block after each operation.
fn sequences(length: u32) -> Counted<Volume> {
    let ops = [mute(1, true), mute(1, false), mute(2, true), mute(2, false), mute_app("a", true), mute_app("a", false)];
    let count = ops.len() as u64;
    Box::new((0..count.pow(length)).map(move |number| {
        let mut case = Case { config: Config {}, ops: vec![open(1, "a"), open(2, "a"), volume(1, -512), app_volume("a", 256)] };
        for place in 0..length {
            let op = ops[(number / count.pow(place) % count) as usize].clone();
            case.ops.extend([op, Op::Overlay(1), Op::Overlay(2), Op::Block { frames: 1, seed: 8 }]);
        }
        (case, 1)
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_value_once() {
        // Eight gains, of which five are ducks; four, of which three are.
        for (domain, [whole, corners]) in domains().into_iter().zip([[(64, 2_560), (16, 192)], [(1_296, 1_296), (216, 216)]]) {
            for (extent, (cases, values)) in [(Extent::Whole, whole), (Extent::Corners, corners)] {
                let all: Vec<(String, u64)> = (domain.cases)(extent).map(|(case, count)| (format!("{case:?}"), count)).collect();
                let distinct = all.iter().map(|(case, _)| case).collect::<BTreeSet<_>>().len();
                assert_eq!(
                    (all.len(), distinct, all.iter().map(|(_, count)| count).sum::<u64>()),
                    (cases, cases, values),
                    "{}",
                    domain.name
                );
            }
        }
    }
}
