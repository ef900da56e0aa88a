//! Small domains of the contract `ducking`, every value of them.

use super::{case, duck, ramps, unduck};
use crate::suite::{Domain, Extent};
use spec::ducking::{Config, DUCKING_DB_Q8_8_MIN, Ducking, Op, Rule};

/// Lengths of ramps, in ms, of which every one is tried.
const LENGTHS: u32 = 1_000;

pub(super) fn domains() -> Vec<Domain<Ducking>> {
    vec![
        Domain {
            name: "every_length_of_a_ramp",
            requirements: &["DUCKING-003", "DUCKING-004"],
            describe: |extent| format!("ramps down and back of 0 to {LENGTHS} ms, {}", every(step(extent, 7))),
            cases: |extent| {
                Box::new((0..=LENGTHS).step_by(step(extent, 7)).map(|ms| {
                    let blocks = Op::Blocks(ms.div_ceil(10) + 2);
                    (case(ramps(ms), vec![Op::Open(1), duck(1, Rule::DuckDb), blocks.clone(), unduck(1), blocks]), 1)
                }))
            },
        },
        Domain {
            name: "every_depth",
            requirements: &["DUCKING-001", "DUCKING-003", "DUCKING-007", "DUCKING-009"],
            describe: |extent| format!("depths from {DUCKING_DB_Q8_8_MIN} to 0, {}, down and back in 7 blocks", every(step(extent, 29))),
            cases: |extent| {
                let depths: Vec<i32> = (DUCKING_DB_Q8_8_MIN..=0).step_by(step(extent, 29)).collect();
                let cases: Vec<_> = depths.chunks(256).map(<[i32]>::to_vec).collect();
                Box::new(cases.into_iter().map(|depths| {
                    let count = depths.len() as u64;
                    let one = |depth| {
                        let config = Config { duck_db_ui_q8_8: depth, ramp_ms: 70, ..Config::default() };
                        [Op::Configure(config), duck(1, Rule::DuckDbUi), Op::Blocks(7), unduck(1), Op::Blocks(7)]
                    };
                    (case(ramps(70), [Op::Open(1)].into_iter().chain(depths.into_iter().flat_map(one)).collect()), count)
                }))
            },
        },
        Domain {
            name: "every_sequence_of_two_causes",
            requirements: &["DUCKING-002", "DUCKING-005", "DUCKING-006", "DUCKING-007", "DUCKING-008"],
            describe: |extent| format!("every sequence of {} events of two causes, with a block after each", length(extent)),
            cases: |extent| {
                let both = |cause| Rule::ALL.map(|rule| duck(cause, rule));
                let events = [both(1), both(2), [unduck(1), unduck(2)], [Op::Blocks(1), Op::Gains]].concat();
                let (length, count) = (length(extent), events.len() as u64);
                Box::new((0..count.pow(length)).map(move |number| {
                    let mut ops = vec![Op::Open(1)];
                    for place in 0..length {
                        ops.extend([events[(number / count.pow(place) % count) as usize].clone(), Op::Blocks(1)]);
                    }
                    ops.push(Op::Blocks(6));
                    (case(Config::default(), ops), 1)
                }))
            },
        },
    ]
}

const fn step(extent: Extent, corners: usize) -> usize {
    match extent {
        Extent::Whole => 1,
        Extent::Corners => corners,
    }
}

fn every(step: usize) -> String {
    if step == 1 { "every one".to_owned() } else { format!("every {step}th") }
}

const fn length(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 5,
        Extent::Corners => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value_once() {
        for (domain, values) in domains().into_iter().zip([[1_001, 143], [24_577, 848], [32_768, 4_096]]) {
            for (extent, values) in [Extent::Whole, Extent::Corners].into_iter().zip(values) {
                assert_eq!((domain.cases)(extent).map(|(_, count)| count).sum::<u64>(), values, "{}", domain.name);
            }
        }
    }
}
