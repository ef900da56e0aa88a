//! Wrong machines of the contract `mjpeg`.

mod of_use;

use crate::contracts::decoding::{instead, mishearing, patched, repainted, telling};
use crate::suite::{Violation, meddling, violation};
use spec::ErrorCode as E;
use spec::decode::{Obs, Op};
use spec::devices::Blob;
use spec::mjpeg::{FoundKind, Mjpeg, find};

/// A machine that is given streams with every part of some kinds changed.
fn edited(op: &Op, of: fn(FoundKind) -> bool, change: fn(&mut [u8])) -> Op {
    patched(op, |stream| find(stream).into_iter().filter(|part| of(part.kind)).for_each(|part| change(&mut stream[part.bytes])))
}

fn is_header(kind: FoundKind) -> bool {
    matches!(kind, FoundKind::Segment(0xc0..=0xc2))
}

fn is_scan(kind: FoundKind) -> bool {
    kind == FoundKind::Segment(0xda)
}

/// Replaces each of these bytes in a stream, which stays as long as it was.
fn replaced(op: &Op, what: &[u8], with: &[u8]) -> Op {
    patched(op, |stream| {
        let places: Vec<usize> =
            stream.windows(what.len()).enumerate().filter(|(_, bytes)| *bytes == what).map(|(place, _)| place).collect();
        places.into_iter().for_each(|place| stream[place..place + with.len()].copy_from_slice(with));
    })
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Mjpeg>> {
    let mut all = of_streams();
    all.extend(of_scans());
    all.extend(of_pixels());
    all.extend(of_use::of_bounds());
    all.extend(of_use::of_use());
    all
}

fn of_streams() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-001", "takes any two bytes for a picture's start", || {
            mishearing(|op| {
                patched(op, |stream| {
                    if stream.len() > 2 && !stream.starts_with(b"--") {
                        stream[..2].copy_from_slice(&[0xff, 0xd8]);
                    }
                })
            })
        }),
        violation("MJPEG-001", "tells height and width", || {
            telling(|(), _, obs| match obs {
                Obs::Info { width, height } => Obs::Info { width: height, height: width },
                obs => obs,
            })
        }),
        violation("MJPEG-002", "gives red first", || telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [r, g, b, a]))),
        violation("MJPEG-002", "gives transparent pixels", || telling(|(), _, obs| repainted(obs, |[b, g, r, _]| [b, g, r, 0]))),
        violation("MJPEG-003", "takes any type of a part", || mishearing(|op| replaced(op, b"image/jpegs", b"image/jpeg;"))),
        violation("MJPEG-003", "knows types by their case", || mishearing(|op| replaced(op, b"IMAGE/Jpeg", b"IMAGE/Xpeg"))),
        violation("MJPEG-003", "does not know lengths", || mishearing(|op| replaced(op, b"Content-Length", b"Content-Lengtx"))),
        violation("MJPEG-003", "ends a stream at any boundary that goes on", || mishearing(|op| replaced(op, b"--framex\r", b"--frame--"))),
        violation("MJPEG-004", "takes twelve bits for eight", || {
            mishearing(|op| edited(op, is_header, |header| header[4] = if header[4] == 12 { 8 } else { header[4] }))
        }),
        violation("MJPEG-004", "takes extended frames for lossless ones", || {
            mishearing(|op| edited(op, is_header, |header| header[1] = if header[1] == 0xc1 { 0xc3 } else { header[1] }))
        }),
        violation("MJPEG-004", "calls malformed what is only not decoded", || {
            telling(|(), _, obs| if obs == Obs::Rejected(E::UnsupportedMedia) { Obs::Rejected(E::MalformedMedia) } else { obs })
        }),
        violation("MJPEG-004", "takes steps of 0 for steps of 1", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Segment(0xdb),
                    |steps| {
                        if steps[4] == 0 {
                            steps[5..].iter_mut().for_each(|step| *step = (*step).max(1));
                        }
                    },
                )
            })
        }),
    ]
}

fn of_scans() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-005", "gives up quietly where data break their code", || {
            telling(|(), op, obs| instead(op, obs, E::CorruptPixels, Obs::NeedInput))
        }),
        violation("MJPEG-005", "reads the first byte of data wrong", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Data,
                    |data| {
                        if let Some(first) = data.first_mut() {
                            *first ^= 4;
                        }
                    },
                )
            })
        }),
        violation("MJPEG-005", "looks at the bands of sequential scans", || {
            mishearing(|op| {
                patched(op, |stream| {
                    let parts = find(stream);
                    let odd =
                        parts.iter().any(|part| is_scan(part.kind) && stream[part.bytes.end - 2] == 0 && stream[part.bytes.end - 3] > 0);
                    if odd {
                        parts.iter().filter(|part| is_header(part.kind)).for_each(|part| stream[part.bytes.start + 1] = 0xc2);
                    }
                })
            })
        }),
        violation("MJPEG-006", "takes the bits of DC for one more", || {
            mishearing(|op| {
                edited(op, is_scan, |scan| {
                    if let [.., 0, 0, bits @ 1..=13] = scan {
                        *bits += 1;
                    }
                })
            })
        }),
        violation("MJPEG-006", "leaves the last band out", || {
            mishearing(|op| {
                edited(op, is_scan, |scan| {
                    if let [.., first @ 2..=63, 63, 0] = scan {
                        *first -= 1;
                    }
                })
            })
        }),
        violation("MJPEG-007", "takes restart markers in any turn", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Data,
                    |data| {
                        let restarts =
                            (1..data.len()).filter(|place| data[place - 1] == 0xff && data[*place] & 0xf8 == 0xd0).collect::<Vec<_>>();
                        restarts.into_iter().zip((0..8).cycle()).for_each(|(place, turn)| data[place] = 0xd0 | turn);
                    },
                )
            })
        }),
        violation("MJPEG-007", "counts one unit more to each interval", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Segment(0xdd),
                    |interval| {
                        if let [.., _, units @ 1..=254] = interval {
                            *units += 1;
                        }
                    },
                )
            })
        }),
    ]
}

fn of_pixels() -> Vec<Violation<Mjpeg>> {
    vec![
        violation("MJPEG-008", "rounds samples to even ones", || {
            telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [b & !1, g & !1, r & !1, a]))
        }),
        violation("MJPEG-008", "puts the second coefficient in the place of the third", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Segment(0xdb),
                    |steps| {
                        if steps[4] == 0 && steps.len() > 7 {
                            steps.swap(6, 7);
                        }
                    },
                )
            })
        }),
        violation("MJPEG-008", "forgets the last step", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Segment(0xdb),
                    |steps| {
                        if steps.len() == 69 && steps[68] == 1 {
                            steps[68] = 2;
                        }
                    },
                )
            })
        }),
        violation("MJPEG-009", "repeats the first column of upsampled pictures", || {
            meddling::<Mjpeg, bool>(|inner, upsampled, op| {
                if let Op::Feed(Blob(bytes)) = op {
                    let factors = |header: &[u8]| header.get(9) == Some(&3) && (header[11] != header[14] || header[14] != header[17]);
                    *upsampled |= find(bytes).iter().any(|part| is_header(part.kind) && factors(&bytes[part.bytes.clone()]));
                }
                let obs = inner.step(op)?;
                let mut first = None;
                let mut number = 0;
                let repeat = |pixel| {
                    number += 1;
                    if number == 2 { *first.get_or_insert(pixel) } else { *first.insert(pixel) }
                };
                Ok(if *upsampled { repainted_in_turn(obs, repeat) } else { obs })
            })
        }),
        violation("MJPEG-009", "takes 4:2:2 for 4:4:4", || {
            mishearing(|op| {
                edited(op, is_header, |header| {
                    if header.get(9) == Some(&3) && header[11] == 0x21 {
                        header[11] = 0x11;
                    }
                })
            })
        }),
        violation("MJPEG-010", "takes RGB for YCbCr", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| kind == FoundKind::Segment(0xee),
                    |adobe| {
                        if let [.., transform @ 0] = adobe {
                            *transform = 1;
                        }
                    },
                )
            })
        }),
        violation("MJPEG-010", "does not look at the names R, G and B", || {
            mishearing(|op| {
                edited(
                    op,
                    |kind| is_header(kind) || is_scan(kind),
                    |segment| segment.iter_mut().filter(|byte| **byte == b'R').for_each(|byte| *byte = b'S'),
                )
            })
        }),
        violation("MJPEG-010", "gives green one more where it is darkest", || {
            telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [b, g.max(1), r, a]))
        }),
    ]
}

/// Changes pixels in their order.
fn repainted_in_turn(obs: Obs, change: impl FnMut([u8; 4]) -> [u8; 4]) -> Obs {
    let change = std::cell::RefCell::new(change);
    repainted(obs, |pixel| (change.borrow_mut())(pixel))
}
