//! Wrong machines of the contract `gif`.

use crate::contracts::decoding::{instead, mishearing, patched, repainted, telling, wrong};
use crate::suite::{Violation, misconfigured, violation};
use spec::ErrorCode as E;
use spec::decode::{Delay, Limits, Obs, Op};
use spec::gif::{Gif, PartKind, parts};

/// Changes every part of a kind.
fn each(stream: &mut [u8], kind: PartKind, change: impl Fn(&mut [u8])) {
    parts(stream).into_iter().filter(|part| part.kind == kind).for_each(|part| change(&mut stream[part.bytes]));
}

/// Changes the flags of every graphic control.
fn flags(op: &Op, change: impl Fn(u8) -> u8) -> Op {
    patched(op, |stream| {
        each(stream, PartKind::Control, |control| {
            // A control that is too short has none.
            if let Some(flags) = control.get_mut(3) {
                *flags = change(*flags);
            }
        });
    })
}

/// Changes the disposal of every graphic control.
fn disposals(op: &Op, change: fn(u8) -> u8) -> Op {
    flags(op, |flags| flags & !0x1c | change(flags >> 2 & 7) << 2)
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Gif>> {
    let mut all = of_pixels();
    all.extend(of_frames());
    all.extend(of_blocks());
    all.extend(of_bounds());
    all.extend(of_use());
    all
}

fn of_pixels() -> Vec<Violation<Gif>> {
    vec![
        violation("GIF-001", "takes any signature", || {
            mishearing(|op| {
                patched(op, |stream| {
                    if stream.len() >= 13 {
                        stream[..6].copy_from_slice(b"GIF89a");
                    }
                })
            })
        }),
        violation("GIF-001", "takes a screen without columns for one of one column", || {
            mishearing(|op| {
                patched(op, |stream| {
                    if stream.len() >= 13 && stream[6..8] == [0; 2] {
                        stream[6] = 1;
                    }
                })
            })
        }),
        violation("GIF-001", "tells height and width", || {
            telling(|(), _, obs| match obs {
                Obs::Info { width, height } => Obs::Info { width: height, height: width },
                obs => obs,
            })
        }),
        violation("GIF-002", "gives red first", || telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [r, g, b, a]))),
        violation("GIF-002", "begins with an opaque canvas", || {
            telling(|(), _, obs| repainted(obs, |pixel| if pixel == [0; 4] { [0, 0, 0, 255] } else { pixel }))
        }),
        violation("GIF-003", "gives up quietly where data can't be expanded", || {
            telling(|(), op, obs| instead(op, obs, E::CorruptPixels, Obs::NeedInput))
        }),
        violation("GIF-003", "reads the second byte of the data wrong", || {
            mishearing(|op| {
                patched(op, |stream| {
                    each(stream, PartKind::Data, |data| {
                        if data.len() > 4 {
                            data[3] ^= 1;
                        }
                    });
                })
            })
        }),
        violation("GIF-003", "takes a code size of 1 for 2", || {
            mishearing(|op| patched(op, |stream| each(stream, PartKind::Data, |data| data[0] = if data[0] == 1 { 2 } else { data[0] })))
        }),
        violation("GIF-004", "draws with the global palette alone", || {
            mishearing(|op| {
                patched(op, |stream| {
                    let found = parts(stream);
                    let global =
                        found.iter().find(|part| part.kind == PartKind::GlobalPalette).map(|part| stream[part.bytes.clone()].to_vec());
                    if let Some(global) = global {
                        each(stream, PartKind::LocalPalette, |own| own.iter_mut().zip(&global).for_each(|(own, global)| *own = *global));
                    }
                })
            })
        }),
        violation("GIF-004", "needs no palette", || telling(|(), op, obs| instead(op, obs, E::MalformedMedia, Obs::NeedInput))),
        violation("GIF-004", "draws indices beyond a palette in its first colour", || {
            // A palette of two is written as one of two; behind it nothing can be seen but through another size of palette.
            mishearing(|op| patched(op, widen_palette))
        }),
        violation("GIF-005", "draws transparent pixels", || mishearing(|op| flags(op, |flags| flags & !1))),
        violation("GIF-006", "takes interlaced rows as they come", || {
            mishearing(|op| patched(op, |stream| each(stream, PartKind::Place, |place| place[9] &= !0x40)))
        }),
    ]
}

/// Gives a global palette of two the size of four, whose new entries are the first colour.
fn widen_palette(stream: &mut Vec<u8>) {
    if stream.len() > 19 && stream[10] & 0x87 == 0x80 {
        stream[10] |= 1;
        let first = [stream[13], stream[14], stream[15]];
        let more: Vec<u8> = first.iter().chain(&first).copied().collect();
        stream.splice(19..19, more);
    }
}

fn of_frames() -> Vec<Violation<Gif>> {
    vec![
        violation("GIF-007", "never clears a frame", || mishearing(|op| disposals(op, |method| if method == 2 { 0 } else { method }))),
        violation("GIF-007", "never puts back what was there", || {
            mishearing(|op| disposals(op, |method| if method == 3 { 1 } else { method }))
        }),
        violation("GIF-007", "clears where it should put back", || {
            mishearing(|op| disposals(op, |method| if method == 3 { 2 } else { method }))
        }),
        violation("GIF-007", "takes method 4 for 3", || mishearing(|op| disposals(op, |method| if method == 4 { 3 } else { method }))),
        violation("GIF-008", "counts delays in milliseconds", || {
            telling(|(), _, obs| match obs {
                Obs::Frame { frame, delay, pixels } => {
                    Obs::Frame { frame, delay: Delay { numerator: delay.numerator * 10, denominator: 1_000 }, pixels }
                }
                obs => obs,
            })
        }),
        violation("GIF-008", "makes short delays longer", || {
            telling(|(), _, obs| match obs {
                Obs::Frame { frame, delay, pixels } if delay.numerator < 2 => {
                    Obs::Frame { frame, delay: Delay { numerator: 10, ..delay }, pixels }
                }
                obs => obs,
            })
        }),
        violation("GIF-009", "takes repeats for plays", || {
            telling(|(), _, obs| match obs {
                Obs::Ended { frames, plays: plays @ 2.. } => Obs::Ended { frames, plays: plays - 1 },
                obs => obs,
            })
        }),
        violation("GIF-009", "plays for ever unless it is told otherwise", || {
            telling(|(), _, obs| match obs {
                Obs::Ended { frames, plays: 1 } => Obs::Ended { frames, plays: 0 },
                obs => obs,
            })
        }),
    ]
}

fn of_blocks() -> Vec<Violation<Gif>> {
    vec![
        violation("GIF-010", "skips zero bytes between blocks", || {
            mishearing(|op| {
                patched(op, |stream| {
                    let mut at = parts(stream).last().map_or(stream.len(), |part| part.bytes.end);
                    while stream.get(at) == Some(&0) {
                        stream.remove(at);
                        at = parts(stream).last().map_or(stream.len(), |part| part.bytes.end);
                    }
                })
            })
        }),
        violation("GIF-010", "keeps the control over a plain text", || {
            mishearing(|op| {
                patched(op, |stream| {
                    each(stream, PartKind::Extension, |extension| {
                        if extension[1] == 0x01 {
                            extension[1] = 0xfe;
                        }
                    });
                })
            })
        }),
        violation("GIF-011", "draws images outside the screen at its left top", || {
            mishearing(|op| {
                patched(op, |stream| {
                    if stream.len() < 13 {
                        return;
                    }
                    let screen = [stream[6], stream[8]];
                    each(stream, PartKind::Place, |place| {
                        if u16::from(place[1]) + u16::from(place[5]) > screen[0].into() {
                            place[1..3].fill(0);
                        }
                        if u16::from(place[3]) + u16::from(place[7]) > screen[1].into() {
                            place[3..5].fill(0);
                        }
                    });
                })
            })
        }),
        violation("GIF-011", "takes an image without columns for one of one column", || {
            mishearing(|op| {
                patched(op, |stream| {
                    each(stream, PartKind::Place, |place| {
                        if place[5..7] == [0; 2] {
                            place[5] = 1;
                        }
                    });
                })
            })
        }),
    ]
}

fn of_bounds() -> Vec<Violation<Gif>> {
    vec![
        violation("GIF-012", "does not bound pixels", wrong::any_pixels),
        violation("GIF-012", "does not bound frames", wrong::any_frames),
        violation("GIF-012", "does not bound the bytes of all frames", wrong::any_total),
        violation("GIF-012", "expands before it looks at the expansion", || {
            telling(|(), op, obs| instead(op, obs, E::ExpansionTooLarge, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("GIF-012", "takes one frame less", || {
            misconfigured(|limits: &Limits| Limits {
                frames: if (2..1_000).contains(&limits.frames) { limits.frames - 1 } else { limits.frames },
                ..limits.clone()
            })
        }),
        violation("GIF-013", "does not bound memory", wrong::any_memory),
        violation("GIF-013", "counts one byte less", wrong::memory_and_one),
        violation("GIF-019", "lowers limits to their bounds", wrong::lowered_limits),
        violation("GIF-019", "takes limits of zero", wrong::limits_of_zero),
    ]
}

fn of_use() -> Vec<Violation<Gif>> {
    vec![
        violation("GIF-014", "loses the first byte of every chunk but the first", wrong::lost_byte),
        violation("GIF-015", "takes a cut stream for an ended one", wrong::cut_for_ended),
        violation("GIF-015", "waits for more after the end", wrong::waits_after_the_end),
        violation("GIF-016", "counts frames on after a rewind", wrong::counts_on),
        violation("GIF-016", "does not rewind", wrong::no_rewind),
        violation("GIF-017", "tells an error once", wrong::error_once),
        violation("GIF-017", "drops bytes after the end without a word", wrong::silent_after_the_end),
        violation("GIF-018", "rewinds after a cancel", wrong::rewinds_after_a_cancel),
        violation("GIF-018", "goes on after a cancel", wrong::no_cancel),
    ]
}
