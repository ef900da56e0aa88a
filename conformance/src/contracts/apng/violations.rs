//! Wrong machines of the contract `apng`.

use crate::contracts::decoding::{instead, mishearing, patched, repainted, telling, wrong};
use crate::suite::{Violation, violation};
use spec::ErrorCode as E;
use spec::apng::{Apng, Chunk, SIGNATURE, bytes, chunks};
use spec::decode::{Delay, Obs, Op};

/// Changes the chunks of a stream, and leaves what is no whole chunk.
fn rewritten(op: &Op, change: impl FnOnce(&mut Vec<Chunk>)) -> Op {
    patched(op, |stream| {
        let mut found = chunks(stream);
        let whole = SIGNATURE.len() + found.iter().map(|chunk| 12 + chunk.bytes.len()).sum::<usize>();
        if !stream.starts_with(&SIGNATURE) || found.is_empty() {
            return;
        }
        change(&mut found);
        *stream = [bytes(&found), stream.split_off(whole)].concat();
    })
}

/// Changes the content of every chunk of a name and at least so many bytes.
fn each(op: &Op, name: &[u8; 4], least: usize, change: impl Fn(&mut Vec<u8>)) -> Op {
    rewritten(op, |chunks| {
        chunks.iter_mut().filter(|chunk| chunk.name == *name && chunk.bytes.len() >= least).for_each(|chunk| change(&mut chunk.bytes));
    })
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Apng>> {
    let mut all = of_samples();
    all.extend(of_chunks());
    all.extend(of_frames());
    all.extend(of_bounds());
    all.extend(of_use());
    all
}

fn of_samples() -> Vec<Violation<Apng>> {
    vec![
        violation("APNG-002", "gives red first", || telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [r, g, b, a]))),
        violation("APNG-002", "multiplies colours by alpha", || {
            telling(|(), _, obs| {
                repainted(obs, |[b, g, r, a]| {
                    let times = |value: u8| (u16::from(value) * u16::from(a) / 255) as u8;
                    [times(b), times(g), times(r), a]
                })
            })
        }),
        violation("APNG-004", "gives blue one level less", || {
            telling(|(), _, obs| repainted(obs, |[b, g, r, a]| [b.saturating_sub(1), g, r, a]))
        }),
        violation("APNG-004", "shows palettes in blue, green and red", || {
            mishearing(|op| each(op, b"PLTE", 3, |palette| palette.chunks_exact_mut(3).for_each(|entry| entry.swap(0, 2))))
        }),
        violation("APNG-005", "does not look at tRNS", || {
            mishearing(|op| {
                rewritten(op, |chunks| chunks.iter_mut().filter(|chunk| chunk.name == *b"tRNS").for_each(|chunk| chunk.name = *b"trNS"))
            })
        }),
        violation("APNG-005", "makes every pixel opaque", || telling(|(), _, obs| repainted(obs, |[b, g, r, _]| [b, g, r, 255]))),
        violation("APNG-006", "skips frames of filters that there are not", || {
            telling(|(), op, obs| instead(op, obs, E::CorruptPixels, Obs::NeedInput))
        }),
        violation("APNG-007", "takes interlaced pictures as they come", || {
            mishearing(|op| each(op, b"IHDR", 13, |header| header[12] &= !1))
        }),
        violation("APNG-008", "calls data malformed that can't be expanded", || {
            telling(|(), op, obs| instead(op, obs, E::CorruptPixels, Obs::Rejected(E::MalformedMedia)))
        }),
        violation("APNG-008", "takes any header of zlib data", || {
            mishearing(|op| each(op, b"IDAT", 2, |data| data[..2].copy_from_slice(&[0x78, 0x01])))
        }),
    ]
}

fn of_chunks() -> Vec<Violation<Apng>> {
    vec![
        violation("APNG-001", "takes other methods for the one that there is", || {
            mishearing(|op| each(op, b"IHDR", 13, |header| header[10..12].fill(0)))
        }),
        violation("APNG-001", "tells height and width", || {
            telling(|(), _, obs| match obs {
                Obs::Info { width, height } => Obs::Info { width: height, height: width },
                obs => obs,
            })
        }),
        violation("APNG-003", "checks no CRC", || {
            mishearing(|op| rewritten(op, |chunks| chunks.iter_mut().for_each(|chunk| chunk.spoilt = 0)))
        }),
        violation("APNG-003", "checks the CRCs of needed chunks alone", || {
            mishearing(|op| {
                rewritten(op, |chunks| {
                    chunks.iter_mut().filter(|chunk| chunk.name[0].is_ascii_lowercase()).for_each(|chunk| chunk.spoilt = 0)
                })
            })
        }),
        violation("APNG-009", "skips unknown chunks that are needed", || {
            mishearing(|op| {
                rewritten(op, |chunks| {
                    const KNOWN: [&[u8; 4]; 4] = [b"IHDR", b"PLTE", b"IDAT", b"IEND"];
                    let needed = |chunk: &&mut Chunk| chunk.name[0].is_ascii_uppercase() && !KNOWN.contains(&&chunk.name);
                    chunks.iter_mut().filter(needed).for_each(|chunk| chunk.name[0] = chunk.name[0].to_ascii_lowercase());
                })
            })
        }),
        violation("APNG-009", "takes the last of two palettes", || {
            mishearing(|op| {
                rewritten(op, |chunks| {
                    let first = chunks.iter().position(|chunk| chunk.name == *b"PLTE");
                    if let Some(first) = first
                        && chunks[first + 1..].iter().any(|chunk| chunk.name == *b"PLTE")
                    {
                        chunks.remove(first);
                    }
                })
            })
        }),
    ]
}

fn of_frames() -> Vec<Violation<Apng>> {
    vec![
        violation("APNG-010", "never blends", || mishearing(|op| each(op, b"fcTL", 26, |control| control[25] &= !1))),
        violation("APNG-010", "always blends", || {
            mishearing(|op| each(op, b"fcTL", 26, |control| control[25] = if control[25] == 0 { 1 } else { control[25] }))
        }),
        violation("APNG-011", "never clears a frame", || {
            mishearing(|op| each(op, b"fcTL", 26, |control| control[24] = if control[24] == 1 { 0 } else { control[24] }))
        }),
        violation("APNG-011", "clears where it should put back", || {
            mishearing(|op| each(op, b"fcTL", 26, |control| control[24] = if control[24] == 2 { 1 } else { control[24] }))
        }),
        violation("APNG-012", "tells delays in milliseconds", || {
            telling(|(), _, obs| match obs {
                Obs::Frame { frame, delay, pixels } => {
                    let numerator = u64::from(delay.numerator) * 1_000 / u64::from(delay.denominator);
                    Obs::Frame { frame, delay: Delay { numerator: numerator as u32, denominator: 1_000 }, pixels }
                }
                obs => obs,
            })
        }),
        violation("APNG-012", "plays everything for ever", || {
            telling(|(), _, obs| match obs {
                Obs::Ended { frames, .. } => Obs::Ended { frames, plays: 0 },
                obs => obs,
            })
        }),
        violation("APNG-013", "takes as many frames as there are", || {
            mishearing(|op| {
                rewritten(op, |chunks| {
                    let frames = chunks.iter().filter(|chunk| chunk.name == *b"fcTL").count() as u32;
                    for chunk in chunks.iter_mut().filter(|chunk| chunk.name == *b"acTL" && chunk.bytes.len() == 8) {
                        chunk.bytes[..4].copy_from_slice(&frames.to_be_bytes());
                    }
                })
            })
        }),
        violation("APNG-013", "counts sequence numbers for itself", || {
            mishearing(|op| {
                rewritten(op, |chunks| {
                    let numbered = chunks.iter_mut().filter(|chunk| matches!(&chunk.name, b"fcTL" | b"fdAT") && chunk.bytes.len() >= 4);
                    (0_u32..).zip(numbered).for_each(|(number, chunk)| chunk.bytes[..4].copy_from_slice(&number.to_be_bytes()));
                })
            })
        }),
    ]
}

fn of_bounds() -> Vec<Violation<Apng>> {
    vec![
        violation("APNG-014", "does not bound pixels", wrong::any_pixels),
        violation("APNG-014", "does not bound frames", wrong::any_frames),
        violation("APNG-014", "does not bound the bytes of all frames", wrong::any_total),
        violation("APNG-014", "expands before it looks at the expansion", || {
            telling(|(), op, obs| instead(op, obs, E::ExpansionTooLarge, Obs::Rejected(E::CorruptPixels)))
        }),
        violation("APNG-015", "does not bound memory", wrong::any_memory),
        violation("APNG-015", "counts one byte less", wrong::memory_and_one),
        violation("APNG-019", "lowers limits to their bounds", wrong::lowered_limits),
        violation("APNG-019", "goes on after a cancel", wrong::no_cancel),
        violation("APNG-019", "drops bytes after the end without a word", wrong::silent_after_the_end),
    ]
}

fn of_use() -> Vec<Violation<Apng>> {
    vec![
        violation("APNG-016", "loses the first byte of every chunk but the first", wrong::lost_byte),
        violation("APNG-017", "waits for more after the end", wrong::waits_after_the_end),
        violation("APNG-017", "calls a cut stream malformed", || {
            telling(|(), op, obs| instead(op, obs, E::TruncatedMedia, Obs::Rejected(E::MalformedMedia)))
        }),
        violation("APNG-018", "counts frames on after a rewind", wrong::counts_on),
        violation("APNG-018", "tells an error once", wrong::error_once),
    ]
}
