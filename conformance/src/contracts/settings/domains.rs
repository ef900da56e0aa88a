//! Small domains of the contract `settings`, every value of them.

use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::settings::{Bytes, Config, Op, SETTINGS_KEY_LEVEL, SETTINGS_KEY_MUTED, SETTINGS_KEY_SINK, Scope, Settings};

/// Values of one case.
const BATCH: usize = 2_048;

/// The letters of level texts.
const LEVEL: &str = "019.";
/// The letters of true and false.
const MUTED: &str = "aeflrstu";
/// The letters of null, file and i2s.
const SINK: &str = "2efilnsu";

pub(super) fn domains() -> Vec<Domain<Settings>> {
    vec![
        Domain {
            name: "every_level_text",
            requirements: &["SETTINGS-002"],
            describe: |extent| describe(extent, 6, LEVEL),
            cases: |extent| values(SETTINGS_KEY_LEVEL, Scope::User, longest(extent, 6), LEVEL),
        },
        Domain {
            name: "every_muted_text",
            requirements: &["SETTINGS-003"],
            describe: |extent| describe(extent, 5, MUTED),
            cases: |extent| values(SETTINGS_KEY_MUTED, Scope::User, longest(extent, 5), MUTED),
        },
        Domain {
            name: "every_sink_text",
            requirements: &["SETTINGS-004"],
            describe: |extent| describe(extent, 5, SINK),
            cases: |extent| values(SETTINGS_KEY_SINK, Scope::Device, longest(extent, 5), SINK),
        },
    ]
}

fn longest(extent: Extent, whole: u32) -> u32 {
    match extent {
        Extent::Whole => whole,
        Extent::Corners => whole - 1,
    }
}

fn describe(extent: Extent, whole: u32, alphabet: &str) -> String {
    format!("every text of up to {} letters of \"{alphabet}\"", longest(extent, whole))
}

/// Each value set; at the end of a case what is stored and what was applied.
fn values(key: &'static str, scope: Scope, longest: u32, alphabet: &'static str) -> Counted<Settings> {
    let letters = alphabet.as_bytes();
    let count = letters.len() as u64;
    let mut texts = (0..=longest)
        .flat_map(move |length| {
            (0..count.pow(length)).map(move |number| {
                (0..length).rev().map(|place| letters[(number / count.pow(place) % count) as usize]).collect::<Vec<u8>>()
            })
        })
        .fuse();
    Box::new(std::iter::from_fn(move || {
        let mut ops: Vec<Op> = texts.by_ref().take(BATCH).map(|value| Op::Set { key: key.into(), value: Bytes(value), scope }).collect();
        let values = ops.len() as u64;
        ops.extend([Op::List, Op::Applied, Op::Persisted]);
        (values > 0).then_some((Case { config: Config::default(), ops }, values))
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::suite::Extent;
    use spec::settings::Op;
    use std::collections::BTreeSet;

    #[test]
    fn domains_hold_every_value_once() {
        for (domain, (values, accepted)) in domains().into_iter().zip([(5_461, 126), (37_449, 2), (37_449, 3)]) {
            let texts: Vec<_> = (domain.cases)(Extent::Whole)
                .flat_map(|(case, _)| case.ops)
                .filter_map(|op| match op {
                    Op::Set { value, .. } => Some(value.0),
                    _ => None,
                })
                .collect();
            assert_eq!((texts.len(), texts.iter().collect::<BTreeSet<_>>().len()), (values, values), "{}", domain.name);
            let right = |text: &&Vec<u8>| {
                let text = std::str::from_utf8(text).expect("letters");
                audio::level::parse(text).is_ok() || ["true", "false", "null", "file", "i2s"].contains(&text)
            };
            assert_eq!(texts.iter().filter(right).count(), accepted, "{}", domain.name);
        }
    }
}
