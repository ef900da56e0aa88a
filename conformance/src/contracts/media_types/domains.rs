//! Small domains of the contract `media-types`, every value of them.

use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::devices::Blob;
use spec::media_types::{Config, Kind, MediaTypes, Op, signatures};

/// Operations of one case.
const BATCH: usize = 1_024;

pub(super) fn domains() -> Vec<Domain<MediaTypes>> {
    vec![
        Domain {
            name: "every_number",
            requirements: &["MEDIA_TYPES-001", "MEDIA_TYPES-003", "MEDIA_TYPES-004"],
            describe: |extent| format!("every number from 0 to {} of every kind, and what its codec gives", last(extent)),
            cases: |extent| {
                batches((0..=last(extent)).flat_map(|number| {
                    let names = Kind::ALL.map(|kind| Op::Name { kind, number });
                    names.into_iter().chain([Op::Output(number)])
                }))
            },
        },
        Domain {
            name: "every_byte_of_a_beginning",
            requirements: &["MEDIA_TYPES-005", "MEDIA_TYPES-006"],
            describe: |extent| format!("every beginning cut at every byte, and with each byte as {} others", others(extent).len()),
            cases: |extent| batches(beginnings(others(extent))),
        },
    ]
}

fn last(extent: Extent) -> u16 {
    match extent {
        Extent::Whole => u16::MAX,
        Extent::Corners => 300,
    }
}

/// What a byte is changed by.
fn others(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (1..=u8::MAX).collect(),
        Extent::Corners => vec![1, 0x20, 0x80, u8::MAX],
    }
}

fn beginnings(others: Vec<u8>) -> impl Iterator<Item = Op> + Send {
    signatures().into_iter().flat_map(move |start| {
        let cuts = (0..=start.len()).map({
            let start = start.clone();
            move |cut| start[..cut].to_vec()
        });
        let others = others.clone();
        let changed = (0..start.len()).flat_map(move |place| {
            let start = start.clone();
            others.clone().into_iter().map(move |by| {
                let mut start = start.clone();
                start[place] ^= by;
                start
            })
        });
        cuts.chain(changed.collect::<Vec<_>>()).map(|bytes| Op::Probe(Blob(bytes)))
    })
}

fn batches(ops: impl Iterator<Item = Op> + Send + 'static) -> Counted<MediaTypes> {
    let mut ops = ops.fuse();
    Box::new(std::iter::from_fn(move || {
        let batch: Vec<Op> = ops.by_ref().take(BATCH).collect();
        let values = batch.len() as u64;
        (values > 0).then_some((Case { config: Config {}, ops: batch }, values))
    }))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        // The seven beginnings have 72 bytes together.
        assert_eq!(values_of(&domains(), Extent::Whole), [65_536 * 5, 72 + 7 + 72 * 255]);
        assert_eq!(values_of(&domains(), Extent::Corners), [301 * 5, 72 + 7 + 72 * 4]);
    }
}
