//! Small domains of the contract `mjpeg`, every value of them.

use crate::contracts::decoding::{self, domains::every_cut};
use crate::suite::{Counted, Domain, Extent};
use spec::decode::Op;
use spec::devices::Blob;
use spec::mjpeg::{Body, Coding, FoundKind, Jpeg, Mjpeg, Restarts, Scan, find};

/// Sampling factors that upsample in every way.
const FACTORS: [[(u8, u8); 3]; 7] = [
    [(2, 1), (1, 1), (1, 1)],
    [(2, 2), (1, 1), (1, 1)],
    [(1, 2), (1, 1), (1, 1)],
    [(4, 1), (1, 1), (2, 1)],
    [(2, 2), (2, 1), (1, 2)],
    [(1, 1), (2, 2), (1, 1)],
    [(1, 3), (1, 1), (1, 3)],
];

pub(super) fn domains() -> Vec<Domain<Mjpeg>> {
    let mut all = of_streams();
    all.extend(of_pictures());
    all
}

fn of_streams() -> Vec<Domain<Mjpeg>> {
    vec![
        Domain {
            name: "every_first_byte",
            requirements: &["MJPEG-001"],
            describe: |_| "each of a stream's first two bytes as each of 256 values".to_owned(),
            cases: |_| {
                let streams = [small().bytes(), Body::new(&[small().bytes()], true).bytes()];
                changed(streams.to_vec(), |_| (0..2).collect(), Extent::Whole)
            },
        },
        Domain {
            name: "every_byte_of_a_part",
            requirements: &["MJPEG-003"],
            describe: |extent| format!("each byte around the pictures of two multipart bodies as each of {} values", values(extent).len()),
            cases: |extent| {
                let pictures = [tiny().bytes(), tiny().bytes()];
                let streams = [true, false].map(|length| Body::new(&pictures, length).bytes());
                changed(streams.to_vec(), around_pictures, extent)
            },
        },
        Domain {
            name: "every_byte_of_a_segment",
            requirements: &["MJPEG-004"],
            describe: |extent| {
                format!("each byte of a picture's segments but their tables' contents as each of {} values", values(extent).len())
            },
            cases: |extent| {
                let places = |stream: &[u8]| {
                    let parts = find(stream).into_iter().filter(|part| part.kind != FoundKind::Data);
                    // Of tables of steps the first bytes stand for the others.
                    parts.flat_map(|part| part.bytes.clone().take(if part.kind == FoundKind::Segment(0xdb) { 8 } else { 40 })).collect()
                };
                changed(vec![small().bytes()], places, extent)
            },
        },
        Domain {
            name: "every_cut",
            requirements: &["MJPEG-014"],
            describe: |_| "two pictures, in a row and in parts, cut at each byte, with and without an end".to_owned(),
            cases: |_| {
                let pictures = [small().bytes(), tiny_like_small().bytes()];
                let bodies = [true, false].map(|length| Body::new(&pictures, length).bytes());
                let streams = bodies.into_iter().chain([pictures.concat()]);
                Box::new(streams.flat_map(|stream| every_cut(stream, 2)))
            },
        },
    ]
}

fn of_pictures() -> Vec<Domain<Mjpeg>> {
    vec![
        Domain {
            name: "every_code",
            requirements: &["MJPEG-005"],
            describe: |extent| {
                format!("data of every byte and {} others behind it, with a code for every symbol", values(extent).len() * 4)
            },
            cases: |extent| {
                let mut jpeg = Jpeg::new(1, 1, &[(1, 1)]).painted(|_, _, place| i16::from(place == 63));
                jpeg.scans[0].coding = Coding::Every;
                let stream = jpeg.bytes();
                let data = find(&stream).into_iter().find(|part| part.kind == FoundKind::Data).expect("data").bytes;
                let seconds = if extent == Extent::Whole { (0..=u8::MAX).step_by(4).collect() } else { values(extent) };
                streams((0..=u8::MAX).flat_map(move |first| {
                    let (stream, data) = (stream.clone(), data.clone());
                    seconds.clone().into_iter().flat_map(move |second| {
                        let with = |rest: &[u8]| {
                            let mut stream = stream.clone();
                            stream.splice(data.clone(), [&[first, second][..], rest].concat());
                            stream
                        };
                        [with(&[]), with(&[0x5a, 0, 0, 0, 0, 0, 0, 0])]
                    })
                }))
            },
        },
        Domain {
            name: "every_restart",
            requirements: &["MJPEG-007"],
            describe: |_| "three units with every two restart markers, and up to twenty intervals".to_owned(),
            cases: |_| {
                let three = (0..64).map(|number: u8| {
                    let mut jpeg = Jpeg::new(24, 1, &[(1, 1)]).painted(|_, block, place| if place == 0 { 9 * block as i16 } else { 0 });
                    jpeg.interval = 1;
                    jpeg.scans[0].restarts = Restarts::Always(number & 7);
                    let mut stream = jpeg.bytes();
                    let data = find(&stream).into_iter().find(|part| part.kind == FoundKind::Data).expect("data").bytes;
                    let second = data.rev().find(|place| stream[*place] & 0xf8 == 0xd0 && stream[*place - 1] == 0xff).expect("a restart");
                    stream[second] = 0xd0 | number >> 3;
                    stream
                });
                let many = (1..20).map(|interval| {
                    let mut jpeg = Jpeg::new(8 * 20, 1, &[(1, 1)]).painted(|_, block, place| if place < 2 { block as i16 } else { 0 });
                    jpeg.interval = interval;
                    jpeg.bytes()
                });
                streams(three.chain(many))
            },
        },
        Domain {
            name: "every_wave",
            requirements: &["MJPEG-008"],
            describe: |_| "each coefficient alone and with a DC value, at each of 12 values".to_owned(),
            cases: |_| {
                const VALUES: [i16; 12] = [1, -1, 2, 5, -7, 60, -100, 333, 512, -700, 1_023, -1_023];
                streams((0..64).flat_map(|of| {
                    VALUES.into_iter().flat_map(move |value| {
                        [0, 50].map(|dc| {
                            let of_place = |place: usize| if place == of { value } else { 0 } + if place == 0 { dc } else { 0 };
                            Jpeg::new(8, 8, &[(1, 1)]).painted(|_, _, place| of_place(place)).bytes()
                        })
                    })
                }))
            },
        },
        Domain {
            name: "every_small_size",
            requirements: &["MJPEG-009"],
            describe: |extent| format!("pictures of every size up to {} by 9 in seven kinds of sampling", widest(extent)),
            cases: |extent| {
                streams((1..=widest(extent)).flat_map(|width| (1..=9).map(move |height| (width, height))).flat_map(|(width, height)| {
                    FACTORS.map(|factors| {
                        let wave = |plane: usize, block: usize, place: usize| match place {
                            0 => 300 - 90 * block as i16 % 500,
                            1..9 => 40 - 13 * (place + plane) as i16,
                            _ => 0,
                        };
                        Jpeg::new(width, height, &factors).painted(wave).bytes()
                    })
                }))
            },
        },
        Domain {
            name: "every_chroma",
            requirements: &["MJPEG-010"],
            describe: |extent| format!("every Cr with {} values of Cb, each at a luma of 0, 128 and 255", chroma(extent).len()),
            cases: |extent| {
                streams(chroma(extent).into_iter().flat_map(|cb| {
                    [0, 128, 255].map(|luma| {
                        // A block for each Cr, whose DC value is eight times its sample.
                        let level = move |plane: usize, block: usize| [luma, cb, block as i16][plane];
                        let dc = |plane, block| 8 * (level(plane, block) - 128);
                        let jpeg = Jpeg::new(2_048, 1, &[(1, 1), (1, 1), (1, 1)]);
                        jpeg.painted(|plane, block, place| if place == 0 { dc(plane, block) } else { 0 }).bytes()
                    })
                }))
            },
        },
    ]
}

fn values(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, 3, 4, 8, b'\n', b'-', 0x7f, 0x80, 0xc2, 0xd9, 0xff],
    }
}

fn chroma(extent: Extent) -> Vec<i16> {
    match extent {
        Extent::Whole => (0..=255).collect(),
        Extent::Corners => vec![0, 1, 100, 127, 128, 129, 200, 254, 255],
    }
}

fn widest(extent: Extent) -> u16 {
    match extent {
        Extent::Whole => 40,
        Extent::Corners => 7,
    }
}

/// A picture of one pixel.
fn tiny() -> Jpeg {
    Jpeg::new(1, 1, &[(1, 1)]).painted(|_, _, place| if place == 0 { 77 } else { 0 })
}

/// A picture with everything in it.
fn small() -> Jpeg {
    let mut jpeg = Jpeg::new(9, 3, &[(2, 1), (1, 1), (1, 1)]).painted(|plane, block, place| match place {
        0 => 100 * block as i16 - 30 * plane as i16,
        1..6 => 9 - 4 * place as i16,
        _ => 0,
    });
    jpeg.interval = 1;
    jpeg
}

/// A progressive picture of the same size.
fn tiny_like_small() -> Jpeg {
    let mut jpeg = Jpeg::new(9, 3, &[(1, 1)]).painted(|_, block, place| if place < 3 { 40 * block as i16 - 20 } else { 0 });
    jpeg.kind = 0xc2;
    jpeg.scans = vec![Scan::progressive(&[0], (0, 0), 0, 1), Scan::progressive(&[0], (1, 2), 0, 0), Scan::progressive(&[0], (0, 0), 1, 0)];
    jpeg
}

/// The places that belong to no picture.
fn around_pictures(stream: &[u8]) -> Vec<usize> {
    let start = |place: &usize| stream[*place..].starts_with(&[0xff, 0xd8]);
    let end = |place: &usize| *place >= 2 && stream[place - 2..].starts_with(&[0xff, 0xd9]);
    let mut inside = false;
    (0..stream.len())
        .filter(|place| {
            inside = (inside || start(place)) && !end(place);
            !inside
        })
        .collect()
}

/// Each of these streams with each of some of its bytes as each value.
fn changed(all: Vec<Vec<u8>>, places: fn(&[u8]) -> Vec<usize>, extent: Extent) -> Counted<Mjpeg> {
    streams(all.into_iter().flat_map(move |stream| {
        places(&stream).into_iter().flat_map(move |place| {
            let stream = stream.clone();
            values(extent).into_iter().map(move |value| {
                let mut stream = stream.clone();
                stream[place] = value;
                stream
            })
        })
    }))
}

/// A case of each stream: all its packets, and one pull more.
fn streams(streams: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Counted<Mjpeg> {
    decoding::domains::streams(streams, 2, Some(Op::Feed(Blob(vec![0]))))
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!(whole[0], 2 * 2 * 256);
        assert!(whole[1] > 40_000 && whole[1] * 13 == corners[1] * 256, "{whole:?} {corners:?}");
        assert!(whole[2] > 20_000 && whole[2] * 13 == corners[2] * 256, "{whole:?} {corners:?}");
        assert!(whole[3] > 2_000 && whole[3] == corners[3], "{whole:?} {corners:?}");
        assert_eq!(whole[4..], [256 * 64 * 2, 64 + 19, 64 * 24, 40 * 9 * 7, 256 * 3]);
        assert_eq!(corners[4..], [256 * 13 * 2, 64 + 19, 64 * 24, 7 * 9 * 7, 9 * 3]);
    }
}
