//! Features of GIF streams.

use super::Declared;
use spec::ErrorCode as E;
use spec::gif::{Part, PartKind, parts};
use std::collections::BTreeSet;

pub const DECLARED: Declared = Declared {
    streams: &[
        "GIF87a",
        "GIF89a",
        "global palette",
        "own palette",
        "no global palette",
        "interlaced",
        "image smaller than the screen",
        "transparent index",
        "disposal: leave",
        "disposal: clear",
        "disposal: put back",
        "disposal: not defined",
        "delay",
        "plays: once",
        "plays: some",
        "plays: for ever",
        "plain text",
        "other extension",
        "several images",
        "several sub-blocks",
        "code size 2",
        "code size 8",
        "codes of 12 bits",
        "full table kept",
        "clear code later on",
        "no clear code at first",
        "no end code",
    ],
    codes: &[
        E::MalformedMedia,
        E::TruncatedMedia,
        E::CorruptPixels,
        E::PictureTooLarge,
        E::TooManyFrames,
        E::DecodedTooLarge,
        E::ExpansionTooLarge,
        E::DecodeMemoryExceeded,
        E::OversizedInput,
    ],
    of,
    fixtures: &[],
};

fn of(stream: &[u8]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let parts = parts(stream);
    let bytes = |part: &Part| &stream[part.bytes.clone()];
    let has = |kind| parts.iter().any(|part| part.kind == kind);
    found.insert(if stream.starts_with(b"GIF87a") { "GIF87a" } else { "GIF89a" });
    found.insert(if has(PartKind::GlobalPalette) { "global palette" } else { "no global palette" });
    if parts.iter().filter(|part| part.kind == PartKind::Place).count() > 1 {
        found.insert("several images");
    }
    let mut plays = "plays: once";
    for part in &parts {
        match (part.kind, bytes(part)) {
            (PartKind::LocalPalette, _) => {
                found.insert("own palette");
            }
            (PartKind::Place, place) => {
                if place[9] & 0x40 != 0 {
                    found.insert("interlaced");
                }
                if place[5..9] != stream[6..10] {
                    found.insert("image smaller than the screen");
                }
            }
            (PartKind::Control, [_, _, _, flags, d0, d1, ..]) => {
                found.insert(match flags >> 2 & 7 {
                    0 | 1 => "disposal: leave",
                    2 => "disposal: clear",
                    3 => "disposal: put back",
                    _ => "disposal: not defined",
                });
                if flags & 1 == 1 {
                    found.insert("transparent index");
                }
                if [*d0, *d1] != [0; 2] {
                    found.insert("delay");
                }
            }
            (PartKind::Extension, bytes) => match repeats(bytes) {
                Some(0) => plays = "plays: for ever",
                Some(_) => plays = "plays: some",
                None => {
                    found.insert(if bytes.get(1) == Some(&1) { "plain text" } else { "other extension" });
                }
            },
            (PartKind::Data, data) => of_data(data, &mut found),
            _ => {}
        }
    }
    found.insert(plays);
    found
}

/// How often the frames are repeated, where this extension says it.
fn repeats(extension: &[u8]) -> Option<u16> {
    let told = extension.strip_prefix(b"!\xff\x0b")?;
    let told = told.strip_prefix(b"NETSCAPE2.0").or(told.strip_prefix(b"ANIMEXTS1.0"))?;
    let [3, 1, low, high, 0] = told else { return None };
    Some(u16::from_le_bytes([*low, *high]))
}

/// A code's width depends on the number of codes alone, and not on what they stand for.
fn of_data(data: &[u8], found: &mut BTreeSet<&'static str>) {
    let Some((size, mut rest)) = data.split_first() else { return };
    match size {
        2 => found.insert("code size 2"),
        8 => found.insert("code size 8"),
        _ => false,
    };
    let (mut codes, mut blocks) = (Vec::new(), 0);
    while let Some((length, behind)) = rest.split_first() {
        let (block, after) = behind.split_at(usize::from(*length).min(behind.len()));
        codes.extend_from_slice(block);
        blocks += usize::from(*length > 0);
        rest = after;
    }
    if blocks > 1 {
        found.insert("several sub-blocks");
    }
    let bits = |at: usize, width: usize| {
        let bit = |at: usize| codes.get(at / 8).map(|byte| usize::from(byte >> (at % 8) & 1));
        (0..width).try_fold(0, |code, place| Some(code | bit(at + place)? << place))
    };
    let clear = 1_usize << size.min(&8);
    let (mut at, mut width, mut next, mut first, mut number) = (0, usize::from(*size) + 1, clear + 2, true, 0);
    while let Some(code) = bits(at, width) {
        at += width;
        if code == clear {
            if number > 0 {
                found.insert("clear code later on");
            }
            (width, next, first) = (usize::from(*size) + 1, clear + 2, true);
        } else if code == clear + 1 {
            return;
        } else {
            if number == 0 {
                found.insert("no clear code at first");
            }
            if width == 12 {
                found.insert("codes of 12 bits");
            }
            if next == 4_096 {
                found.insert("full table kept");
            } else if !first {
                next += 1;
            }
            if next == 1 << width && width < 12 {
                width += 1;
            }
            first = false;
        }
        number += 1;
    }
    found.insert("no end code");
}
