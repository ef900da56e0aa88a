//! Small domains of the contract `level`, every value of them.

use crate::suite::{Domain, Extent};
use spec::Case;
use spec::level::{Config, LEVEL_Q16_MAX, Level, Op};

/// Operations of one case.
const BATCH: usize = 4_096;

/// The characters of numbers, as people and programs write them.
const ALPHABET: [char; 8] = ['0', '1', '9', '.', '-', '+', 'e', ' '];

pub(super) fn domains() -> Vec<Domain<Level>> {
    vec![
        Domain {
            name: "decibels_of_every_level",
            requirements: &["LEVEL-006"],
            describe: |_| "every level from 0 to 65,536, and one above".to_owned(),
            cases: |_| every_level(Op::Decibels),
        },
        Domain {
            name: "text_of_every_level",
            requirements: &["LEVEL-009"],
            describe: |_| "every level from 0 to 65,536, and one above".to_owned(),
            cases: |_| every_level(Op::Show),
        },
        Domain {
            name: "every_level_text",
            requirements: &["LEVEL-007"],
            describe: |extent| {
                let (longest, alphabet) = (longest(extent), ALPHABET.iter().collect::<String>());
                format!("all 11,116 texts of the documented form, and every text of up to {longest} characters of \"{alphabet}\"")
            },
            cases: |extent| {
                let documented = batches(documented(), |text| vec![Op::SetText(text), Op::Get]);
                // A look at the end of a batch shows what the last accepted text left.
                let any = batches(texts(longest(extent)), |text| vec![Op::SetText(text)]).map(|(mut case, count)| {
                    case.ops.push(Op::Get);
                    (case, count)
                });
                Box::new(documented.chain(any))
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

fn every_level(op: fn(u32) -> Op) -> Box<dyn Iterator<Item = (Case<Level>, u64)> + Send> {
    Box::new(batches(0..=LEVEL_Q16_MAX + 1, move |level| vec![op(level)]))
}

/// Cases of up to [`BATCH`] operations, each with the number of its values.
fn batches<T>(
    values: impl Iterator<Item = T> + Send,
    ops: impl Fn(T) -> Vec<Op> + Send,
) -> impl Iterator<Item = (Case<Level>, u64)> + Send {
    let mut values = values.fuse();
    std::iter::from_fn(move || {
        let mut case = Case { config: Config {}, ops: Vec::new() };
        let mut count = 0;
        while case.ops.len() < BATCH
            && let Some(value) = values.next()
        {
            case.ops.extend(ops(value));
            count += 1;
        }
        (count > 0).then_some((case, count))
    })
}

/// Every text of the documented form.
fn documented() -> impl Iterator<Item = String> + Send {
    let below_one =
        (1..=4).flat_map(|places| (0..10_u32.pow(places)).map(move |number| format!("0.{number:0width$}", width = places as usize)));
    let one = (1..=4).map(|places| format!("1.{}", "0".repeat(places)));
    ["0".to_owned(), "1".to_owned()].into_iter().chain(below_one).chain(one)
}

/// Every text of at most so many characters of the alphabet.
fn texts(longest: u32) -> impl Iterator<Item = String> + Send {
    (0..=longest).flat_map(|length| {
        let numbered = move |number: u32| (0..length).rev().map(|place| ALPHABET[(number >> (3 * place) & 7) as usize]).collect();
        (0..1 << (3 * length)).map(numbered)
    })
}

#[cfg(test)]
mod tests {
    use super::{BATCH, documented, domains, texts};
    use crate::suite::Extent;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_value_once() {
        assert_eq!((documented().count(), documented().collect::<BTreeSet<_>>().len()), (11_116, 11_116));
        assert_eq!((texts(4).count(), texts(4).collect::<BTreeSet<_>>().len()), (4_681, 4_681));
        assert!(texts(4).any(|text| text == "-1e0"));
        for domain in domains() {
            let count = |extent| (domain.cases)(extent).map(|(_, count)| count).sum::<u64>();
            let (whole, corners) = if domain.name == "every_level_text" { (11_116 + 37_449, 11_116 + 4_681) } else { (65_538, 65_538) };
            assert_eq!((count(Extent::Whole), count(Extent::Corners)), (whole, corners), "{}", domain.name);
            assert!((domain.cases)(Extent::Whole).all(|(case, _)| case.ops.len() <= BATCH + 1));
        }
    }
}
