//! Small domains of the contract `devices`, every value of them.

use crate::suite::{Counted, Domain, Extent};
use spec::Case;
use spec::devices::{Blob, Config, DEVICES_HEADER_BYTES, Devices, Op, Shape, Tree, cells, machine, set_word, word};

/// Trees of one case.
const BATCH: usize = 32;

const SOC: &str = "soc";
const BUS: &str = "i2c@10009000";

pub(super) fn domains() -> Vec<Domain<Devices>> {
    vec![
        Domain {
            name: "every_word_of_a_header",
            requirements: &["DEVICES-001", "DEVICES-002"],
            describe: |_| "each word of a header near its value, at bounds and at extremes".to_owned(),
            cases: |_| batches(headers()),
        },
        Domain {
            name: "every_word_of_a_structure",
            requirements: &["DEVICES-003"],
            describe: |extent| format!("each word of a small tree's structure as {:?}", tokens(extent)),
            cases: |extent| batches(structures(tokens(extent))),
        },
        Domain {
            name: "every_count_of_cells",
            requirements: &["DEVICES-006"],
            describe: |_| "every count from 0 to 5 of address and size cells of the root, of the devices and of the codec's bus".to_owned(),
            cases: |_| batches(counts()),
        },
        Domain {
            name: "every_interrupt",
            requirements: &["DEVICES-010"],
            describe: |_| "every interrupt of the I2S controller from 0 to two more than there are, and extremes".to_owned(),
            cases: |_| {
                let lines = (0..=98).chain([0xff, 0x100, 0x8000_0000, u32::MAX]);
                batches(lines.map(|line| changed(&[SOC, "i2s@10003000"], |i2s| i2s.set("interrupts", cells(&[line])))))
            },
        },
        Domain {
            name: "every_codec_address",
            requirements: &["DEVICES-014"],
            describe: |_| "every address of the codec from 0 to 0x80, which is one more than a bus has".to_owned(),
            cases: |_| {
                batches((0..=0x80).map(|address: u32| {
                    changed(&[SOC, BUS, "codec@1a"], |codec| {
                        codec.name = format!("codec@{address:x}");
                        codec.set("reg", cells(&[address]));
                    })
                }))
            },
        },
    ]
}

fn batches(blobs: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Counted<Devices> {
    let mut blobs = blobs.fuse();
    Box::new(std::iter::from_fn(move || {
        let ops: Vec<Op> = blobs.by_ref().take(BATCH).map(|blob| Op::Read(Blob(blob))).collect();
        let values = ops.len() as u64;
        (values > 0).then_some((Case { config: Config {}, ops }, values))
    }))
}

fn changed(path: &[&str], change: impl FnOnce(&mut Tree)) -> Vec<u8> {
    let mut tree = machine(Shape::SMALL);
    if let Some(node) = tree.at(path) {
        change(node);
    }
    tree.blob()
}

fn headers() -> impl Iterator<Item = Vec<u8>> + Send {
    let blob = machine(Shape::SMALL).blob();
    (0..DEVICES_HEADER_BYTES as usize).step_by(4).flat_map(move |place| {
        let blob = blob.clone();
        let (old, size) = (word(&blob, place).unwrap_or(0), blob.len() as u32);
        let near = (-9_i32..=9).map(move |by| old.wrapping_add_signed(by));
        let far = [
            0,
            1,
            4,
            8,
            16,
            17,
            18,
            39,
            40,
            41,
            size - 1,
            size,
            size + 1,
            65_536,
            65_537,
            0x7fff_fffc,
            0x8000_0000,
            u32::MAX - 3,
            u32::MAX,
        ];
        near.chain(far).map(move |value| {
            let mut blob = blob.clone();
            set_word(&mut blob, place, value);
            blob
        })
    })
}

fn tokens(extent: Extent) -> &'static [u32] {
    match extent {
        Extent::Whole => &[0, 1, 2, 3, 4, 5, 9, 0x0100_0000, u32::MAX],
        Extent::Corners => &[2, 4, 9],
    }
}

fn structures(tokens: &'static [u32]) -> impl Iterator<Item = Vec<u8>> + Send {
    let blob = machine(Shape { slots: 0, audio: false, ..Shape::SMALL }).blob();
    let place = |place| word(&blob, place).unwrap_or(0) as usize;
    (place(8)..place(8) + place(36)).step_by(4).flat_map(move |place| {
        let blob = blob.clone();
        tokens.iter().map(move |token| {
            let mut blob = blob.clone();
            set_word(&mut blob, place, *token);
            blob
        })
    })
}

fn counts() -> impl Iterator<Item = Vec<u8>> + Send {
    const PATHS: [&[&str]; 3] = [&[], &[SOC], &[SOC, BUS]];
    PATHS.into_iter().flat_map(|path| {
        (0..=5).flat_map(move |address| {
            (0..=5).map(move |size| {
                changed(path, |bus| {
                    bus.set("#address-cells", cells(&[address]));
                    bus.set("#size-cells", cells(&[size]));
                })
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!((whole[0], whole[2], whole[3], whole[4]), (380, 108, 103, 129));
        assert_eq!(whole[1], corners[1] * 3);
        assert!(corners[1] > 600, "{corners:?}");
    }
}
