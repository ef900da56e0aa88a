//! Features of JPEG and motion JPEG streams.

use super::Declared;
use spec::ErrorCode as E;
use spec::mjpeg::{Found, FoundKind, find};
use std::collections::BTreeSet;

pub const DECLARED: Declared = Declared {
    streams: &[
        "pictures in a row",
        "parts of a body",
        "parts that tell their lengths",
        "parts up to their boundary",
        "baseline",
        "extended",
        "progressive",
        "one component",
        "three components",
        "told by JFIF",
        "told by Adobe: YCbCr",
        "told by Adobe: RGB",
        "RGB by names",
        "sampled 4:4:4",
        "sampled 4:2:2",
        "sampled 4:4:0",
        "sampled 4:2:0",
        "sampled 4:1:1",
        "sampled otherwise",
        "steps of 16 bits",
        "several scans",
        "bands of a spectrum",
        "bits of coefficients",
        "restarts",
        "codes of 16 bits",
        "zero bytes behind ff",
        "fill bytes",
        "other segments",
    ],
    codes: &[
        E::MalformedMedia,
        E::UnsupportedMedia,
        E::TruncatedMedia,
        E::CorruptPixels,
        E::PictureTooLarge,
        E::TooManyFrames,
        E::DecodedTooLarge,
        E::ExpansionTooLarge,
        E::TooManyScans,
        E::TooManyRestarts,
        E::PartHeaderTooLarge,
        E::DecodeMemoryExceeded,
        E::OversizedInput,
    ],
    of,
    fixtures: &[],
};

fn has(stream: &[u8], text: &[u8]) -> bool {
    stream.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

fn of(stream: &[u8]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let parts = find(stream);
    if stream.starts_with(b"--") {
        found.insert("parts of a body");
        found.insert(if has(stream, b"\nContent-Length:") { "parts that tell their lengths" } else { "parts up to their boundary" });
    } else if parts.last().is_some_and(|last| last.picture > 0) {
        found.insert("pictures in a row");
    }
    let scans = |picture| parts.iter().filter(|part| part.picture == picture && part.kind == FoundKind::Segment(0xda)).count();
    if (0..=parts.last().map_or(0, |last| last.picture)).any(|picture| scans(picture) > 1) {
        found.insert("several scans");
    }
    let (mut at, mut told) = (2, None);
    for part in &parts {
        let bytes = &stream[part.bytes.clone()];
        if part.picture == 0 && part.bytes.start > at && stream[at..part.bytes.start].iter().all(|byte| *byte == 0xff) {
            found.insert("fill bytes");
        }
        at = part.bytes.end;
        of_part(part, bytes, &mut told, &mut found);
    }
    found
}

fn of_part(part: &Found, bytes: &[u8], told: &mut Option<&'static str>, found: &mut BTreeSet<&'static str>) {
    let content = bytes.get(4..).unwrap_or_default();
    match part.kind {
        FoundKind::Segment(kind @ 0xc0..=0xc2) => {
            found.insert(["baseline", "extended", "progressive"][usize::from(kind - 0xc0)]);
            of_header(content, *told, found);
        }
        FoundKind::Segment(0xe0) if content.starts_with(b"JFIF\0") => {
            *told = Some("told by JFIF");
            found.insert("told by JFIF");
        }
        FoundKind::Segment(0xee) if content.starts_with(b"Adobe") && content.len() >= 12 => {
            let name = if content[11] == 0 { "told by Adobe: RGB" } else { "told by Adobe: YCbCr" };
            *told = told.or(Some(name));
            found.insert(name);
        }
        FoundKind::Segment(0xdb) if content.first().is_some_and(|first| first >> 4 == 1) => {
            found.insert("steps of 16 bits");
        }
        FoundKind::Segment(0xc4) if content.get(16).is_some_and(|longest| *longest > 0) => {
            found.insert("codes of 16 bits");
        }
        FoundKind::Segment(0xda) => {
            if let [.., first, last, bits] = content
                && found.contains("progressive")
            {
                if *first > 0 && (*first, *last) != (1, 63) {
                    found.insert("bands of a spectrum");
                }
                if bits >> 4 > 0 {
                    found.insert("bits of coefficients");
                }
            }
        }
        FoundKind::Segment(0xe1..=0xed | 0xef | 0xfe) => {
            found.insert("other segments");
        }
        FoundKind::Segment(_) => {}
        FoundKind::Data => {
            let pairs = || bytes.array_windows::<2>();
            if pairs().any(|pair| pair[0] == 0xff && (0xd0..=0xd7).contains(&pair[1])) {
                found.insert("restarts");
            }
            if pairs().any(|pair| *pair == [0xff, 0]) {
                found.insert("zero bytes behind ff");
            }
        }
    }
}

fn of_header(content: &[u8], told: Option<&str>, found: &mut BTreeSet<&'static str>) {
    let Some(components) = content.get(6..) else { return };
    let (components, _) = components.as_chunks::<3>();
    match components {
        [_] => found.insert("one component"),
        [first, second, third] => {
            if told.is_none() && [first[0], second[0], third[0]] == *b"RGB" {
                found.insert("RGB by names");
            }
            found.insert(match (first[1], second[1], third[1]) {
                (luma, blue, red) if luma == blue && blue == red => "sampled 4:4:4",
                (0x21, 0x11, 0x11) => "sampled 4:2:2",
                (0x12, 0x11, 0x11) => "sampled 4:4:0",
                (0x22, 0x11, 0x11) => "sampled 4:2:0",
                (0x41, 0x11, 0x11) => "sampled 4:1:1",
                _ => "sampled otherwise",
            });
            found.insert("three components")
        }
        _ => false,
    };
}
