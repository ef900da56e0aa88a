//! Small domains of the contract `gif`, every value of them.

use crate::contracts::decoding::{self, domains::every_cut};
use crate::suite::{Counted, Domain, Extent};
use spec::decode::Op;
use spec::devices::Blob;
use spec::gif::{Animation, Extension, Gif, Image};

const COLOURS: [[u8; 3]; 4] = [[10, 20, 30], [200, 0, 0], [0, 200, 0], [0, 0, 200]];

pub(super) fn domains() -> Vec<Domain<Gif>> {
    vec![
        Domain {
            name: "every_byte_of_a_header",
            requirements: &["GIF-001"],
            describe: |extent| format!("each of the 13 bytes of a header as each of {} values", values(extent).len()),
            cases: |extent| {
                let stream = small().bytes();
                streams((0..13).flat_map(move |place| {
                    let stream = stream.clone();
                    values(extent).into_iter().map(move |value| {
                        let mut stream = stream.clone();
                        stream[place] = value;
                        stream
                    })
                }))
            },
        },
        Domain {
            name: "every_cut",
            requirements: &["GIF-015"],
            describe: |_| "an animation of three frames cut at each byte, with and without an end".to_owned(),
            cases: |_| every_cut(small().bytes(), 3),
        },
        Domain {
            name: "every_code_size",
            requirements: &["GIF-003"],
            describe: |_| "every code size that a byte can say".to_owned(),
            cases: |_| {
                streams((0..=u8::MAX).map(|size| {
                    let mut image = Image::new(3, 2, size, &[0, 1, 2, 1, 1, 1]);
                    image.code_size = size;
                    Animation::new(3, 2, &COLOURS).with(image).bytes()
                }))
            },
        },
        Domain {
            name: "every_height_of_interlaced_rows",
            requirements: &["GIF-006"],
            describe: |extent| format!("interlaced images of every height from 1 to {}", tallest(extent)),
            cases: |extent| {
                streams((1..=tallest(extent)).map(|height| {
                    let indices: Vec<u8> = (0..height).map(|row| (row % 4) as u8).collect();
                    let mut image = Image::new(1, height, 2, &indices);
                    image.interlaced = true;
                    Animation::new(1, height, &COLOURS).with(image).bytes()
                }))
            },
        },
        Domain {
            name: "every_pair_of_disposals",
            requirements: &["GIF-007"],
            describe: |_| "frames of every two disposals, the second at each of four places, and a third".to_owned(),
            cases: |_| {
                let pairs = (0..8).flat_map(|one| (0..8).map(move |two| (one, two)));
                streams(pairs.flat_map(|(one, two)| {
                    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(left, top)| {
                        Animation::new(3, 3, &COLOURS)
                            .with(Image::new(2, 2, 2, &[1; 4]).controlled(one, None, 1))
                            .with(Image::new(2, 2, 2, &[2; 4]).at(left, top).controlled(two, None, 2))
                            .with(Image::new(1, 1, 2, &[3]).at(2, 2))
                            .bytes()
                    })
                }))
            },
        },
        Domain {
            name: "every_block",
            requirements: &["GIF-010"],
            describe: |_| "every byte where a block begins, and every label of an extension".to_owned(),
            cases: |_| {
                let blocks = (0..=u8::MAX).flat_map(|byte| [vec![byte, 0xfe, 0], vec![0x21, byte, 4, 1, 0, 0, 0, 0]]);
                streams(blocks.map(|block| {
                    let image = Image::new(1, 1, 2, &[1]).controlled(0, Some(1), 9).after(Extension::Raw(block));
                    Animation::new(1, 1, &COLOURS).with(image).bytes()
                }))
            },
        },
        Domain {
            name: "every_place_in_a_small_screen",
            requirements: &["GIF-011"],
            describe: |_| "images of every place and size from 0 to 3 in a screen of 2 by 2 pixels".to_owned(),
            cases: |_| {
                streams((0..256_u16).map(|number| {
                    let [left, top, width, height] = [number & 3, number >> 2 & 3, number >> 4 & 3, number >> 6];
                    Animation::new(2, 2, &COLOURS).with(Image::new(width, height, 2, &[1; 9]).at(left, top)).bytes()
                }))
            },
        },
    ]
}

fn values(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, b'7', b'8', b'a', 0x7f, 0x80, 0xff],
    }
}

fn tallest(extent: Extent) -> u16 {
    match extent {
        Extent::Whole => 40,
        Extent::Corners => 18,
    }
}

/// An animation with everything in it.
fn small() -> Animation {
    let mut second = Image::new(2, 2, 3, &[0, 1, 6, 1]).at(1, 0).controlled(3, Some(6), 300);
    second.palette = COLOURS.iter().chain(&COLOURS).copied().collect();
    second.interlaced = true;
    let third = Image::new(1, 1, 2, &[2]).after(Extension::Loop { name: *b"NETSCAPE2.0", count: 4 });
    Animation::new(3, 2, &COLOURS).with(Image::new(3, 2, 2, &[0, 1, 2, 3, 2, 1]).controlled(2, None, 5)).with(second).with(third)
}

/// A case of each stream: all its packets, and one pull more.
fn streams(streams: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Counted<Gif> {
    decoding::domains::streams(streams, 3, Some(Op::Feed(Blob(vec![0]))))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!((whole[0], corners[0]), (13 * 256, 13 * 9));
        assert!(whole[1] > 200 && whole[1] == corners[1], "{whole:?}");
        assert_eq!(whole[2..], [256, 40, 256, 512, 256]);
        assert_eq!(corners[2..], [256, 18, 256, 512, 256]);
    }
}
