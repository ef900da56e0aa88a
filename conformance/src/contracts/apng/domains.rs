//! Small domains of the contract `apng`, every value of them.

use super::goldens::{alone, animated, frame};
use crate::contracts::decoding::{self, domains::every_cut};
use crate::suite::{Counted, Domain, Extent};
use spec::apng::{Apng, Chunk, Coding, Control, Form, bytes};
use spec::decode::Op;

pub(super) fn domains() -> Vec<Domain<Apng>> {
    vec![
        Domain {
            name: "every_byte_of_a_header",
            requirements: &["APNG-001"],
            describe: |extent| format!("each of the 13 bytes of a header's content as each of {} values", values(extent).len()),
            cases: |extent| {
                streams((0..13).flat_map(move |place| {
                    values(extent).into_iter().map(move |value| {
                        let mut chunks = small();
                        chunks[0].bytes[place] = value;
                        chunks
                    })
                }))
            },
        },
        Domain {
            name: "every_bit_of_a_checksum",
            requirements: &["APNG-003"],
            describe: |_| "each bit of the CRC of each chunk of an animation".to_owned(),
            cases: |_| {
                let places = (0..small().len()).flat_map(|place| (0..32).map(move |bit| (place, bit)));
                streams(places.map(|(place, bit)| {
                    let mut chunks = small();
                    chunks[place].spoilt = 1 << bit;
                    chunks
                }))
            },
        },
        Domain {
            name: "every_cut",
            requirements: &["APNG-017"],
            describe: |_| "an animation of two frames cut at each byte, with and without an end".to_owned(),
            cases: |_| every_cut(bytes(&small()), 2),
        },
        Domain {
            name: "every_filter_of_every_pixel",
            requirements: &["APNG-006"],
            describe: |_| "filters 0 to 5 of two rows in each colour type and depth".to_owned(),
            cases: |_| {
                let forms = FORMS.into_iter().flat_map(|form| (0..6).flat_map(move |one| (0..6).map(move |two| (form, [one, two]))));
                streams(forms.map(|((color, depth), filters)| {
                    let form = Form { width: 3, height: 2, depth, color, interlaced: false };
                    alone(&form, &noise(form, 3, 2), &filters, Coding::Fixed)
                }))
            },
        },
        Domain {
            name: "every_small_interlaced_picture",
            requirements: &["APNG-007"],
            describe: |extent| format!("interlaced pictures of every size up to {0} by {0}, of 1 and of 8 bits", largest(extent)),
            cases: |extent| {
                let sizes = (1..=largest(extent)).flat_map(move |width| (1..=largest(extent)).map(move |height| (width, height)));
                streams(sizes.flat_map(|(width, height)| {
                    [1, 8].map(|depth| {
                        let form = Form { width, height, depth, color: 0, interlaced: true };
                        alone(&form, &noise(form, width, height), &[0, 4], Coding::Fixed)
                    })
                }))
            },
        },
        Domain {
            name: "every_order_of_two_chunks",
            requirements: &["APNG-009"],
            describe: |_| "each chunk of an animation in the place of each other, left out, and twice".to_owned(),
            cases: |_| {
                let count = small().len();
                streams((0..count).flat_map(move |place| {
                    let (mut without, mut twice) = (small(), small());
                    without.remove(place);
                    twice.insert(place, twice[place].clone());
                    let swapped = (0..count).map(move |other| {
                        let mut chunks = small();
                        chunks.swap(place, other);
                        chunks
                    });
                    [without, twice].into_iter().chain(swapped)
                }))
            },
        },
        Domain {
            name: "every_blend_of_alphas",
            requirements: &["APNG-010"],
            describe: |extent| format!("one colour over another, of {0} by {0} alphas", alphas(extent).len()),
            cases: |extent| {
                let alphas = alphas(extent);
                let rows = alphas.clone();
                streams(rows.into_iter().map(move |above| {
                    let width = alphas.len() as u32;
                    let form = Form { width, height: 1, depth: 8, color: 6, interlaced: false };
                    let row = |samples: Vec<u16>| form.data(width, 1, &samples, &[0], Coding::Fixed);
                    let below = alphas.iter().flat_map(|alpha| [200, 31, 0, u16::from(*alpha)]).collect();
                    let over = alphas.iter().flat_map(|_| [13, 130, 255, u16::from(above)]).collect();
                    animated(
                        &form,
                        0,
                        &[
                            frame(Control { blend: 0, ..whole_of(&form) }, row(below)),
                            frame(Control { blend: 1, ..whole_of(&form) }, row(over)),
                        ],
                    )
                }))
            },
        },
        Domain {
            name: "every_pair_of_disposals",
            requirements: &["APNG-011"],
            describe: |_| "frames of every two disposals and blends, the second at each of four places, and a third".to_owned(),
            cases: |_| {
                let pairs = (0..6_u8).flat_map(|one| (0..6_u8).map(move |two| (one, two)));
                streams(pairs.flat_map(|(one, two)| {
                    [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(left, top)| {
                        let form = Form { width: 3, height: 3, depth: 8, color: 4, interlaced: false };
                        let data = |side: u32, grey: u16, alpha: u16| {
                            let samples: Vec<u16> = (0..side * side).flat_map(|_| [grey, alpha]).collect();
                            form.data(side, side, &samples, &[0], Coding::Fixed)
                        };
                        let how = |number: u8, control: Control| Control { disposal: number % 3, blend: number / 3, ..control };
                        let part = |side, left, top| Control { width: side, height: side, left, top, ..Control::default() };
                        animated(
                            &form,
                            1,
                            &[
                                frame(how(one, whole_of(&form)), data(3, 50, 200)),
                                frame(how(two, part(2, left, top)), data(2, 250, 100)),
                                frame(part(1, 2, 2), data(1, 9, 9)),
                            ],
                        )
                    })
                }))
            },
        },
    ]
}

/// Every colour type with each of its depths.
pub(super) const FORMS: [(u8, u8); 15] =
    [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)];

fn values(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, 3, 4, 6, 8, 16, 0x20, 0x7f, 0x80, 0xff],
    }
}

fn largest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 17,
        Extent::Corners => 9,
    }
}

fn alphas(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, 64, 127, 128, 129, 254, 255],
    }
}

/// A control of all of the picture.
fn whole_of(form: &Form) -> Control {
    Control { width: form.width, height: form.height, ..Control::default() }
}

/// Samples that are all different, as far as the depth goes.
pub(super) fn noise(form: Form, width: u32, height: u32) -> Vec<u16> {
    let count = width * height * form.channels() as u32;
    (0..count).map(|number| (number * 40_503 + number * number * 7) as u16 >> (16 - form.depth)).collect()
}

/// An animation with every kind of chunk.
fn small() -> Vec<Chunk> {
    let form = Form { width: 2, height: 2, depth: 8, color: 3, interlaced: false };
    let data = |side: u32, index: u16| form.data(side, side, &vec![index; (side * side) as usize], &[0], Coding::Fixed);
    let part = Control { width: 1, height: 1, left: 1, top: 0, delay: (3, 4), ..Control::default() };
    let mut chunks = animated(&form, 2, &[frame(whole_of(&form), data(2, 0)), frame(part, data(1, 1))]);
    chunks.splice(1..1, [Chunk::new(b"gAMA", [0, 0, 0xb1, 0x8f]), Chunk::new(b"PLTE", [1, 2, 3, 4, 5, 6]), Chunk::new(b"tRNS", [128])]);
    chunks
}

/// A case of each stream: all its packets, and one pull more.
fn streams(streams: impl Iterator<Item = Vec<Chunk>> + Send + 'static) -> Counted<Apng> {
    decoding::domains::streams(streams.map(|chunks| bytes(&chunks)), 3, Some(Op::Rewind))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!((whole[0], corners[0]), (13 * 256, 13 * 12));
        assert!(whole[1] == 32 * 10 && whole[2] > 400, "{whole:?}");
        assert_eq!(whole[3..], [15 * 36, 17 * 17 * 2, 120, 256, 144]);
        assert_eq!(corners[3..], [15 * 36, 9 * 9 * 2, 120, 9, 144]);
    }
}
