//! Features of PNG and APNG streams.

use super::Declared;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use spec::ErrorCode as E;
use spec::apng::{Chunk, chunks};
use std::collections::BTreeSet;

pub const DECLARED: Declared = Declared {
    streams: &[
        "grey of 1 bit",
        "grey of 2 bits",
        "grey of 4 bits",
        "grey of 8 bits",
        "grey of 16 bits",
        "colour of 8 bits",
        "colour of 16 bits",
        "palette of 1 bit",
        "palette of 2 bits",
        "palette of 4 bits",
        "palette of 8 bits",
        "grey and alpha of 8 bits",
        "grey and alpha of 16 bits",
        "colour and alpha of 8 bits",
        "colour and alpha of 16 bits",
        "interlaced",
        "transparent grey",
        "transparent colour",
        "transparent palette",
        "suggested palette",
        "gamma or profile",
        "other chunk",
        "data in pieces",
        "stored block",
        "fixed block",
        "dynamic block",
        "filter 0",
        "filter 1",
        "filter 2",
        "filter 3",
        "filter 4",
        "picture alone",
        "animation",
        "hidden picture",
        "later data",
        "frame smaller than the picture",
        "disposal: leave",
        "disposal: clear",
        "disposal: put back",
        "blend: source",
        "blend: over",
        "delay",
        "delay of denominator 0",
        "plays: some",
        "plays: for ever",
        "controls without animation",
    ],
    codes: &[
        E::MalformedMedia,
        E::TruncatedMedia,
        E::CorruptPixels,
        E::CorruptChecksum,
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

fn form(color: u8, depth: u8) -> Option<&'static str> {
    Some(match (color, depth) {
        (0, 1) => "grey of 1 bit",
        (0, 2) => "grey of 2 bits",
        (0, 4) => "grey of 4 bits",
        (0, 8) => "grey of 8 bits",
        (0, 16) => "grey of 16 bits",
        (2, 8) => "colour of 8 bits",
        (2, 16) => "colour of 16 bits",
        (3, 1) => "palette of 1 bit",
        (3, 2) => "palette of 2 bits",
        (3, 4) => "palette of 4 bits",
        (3, 8) => "palette of 8 bits",
        (4, 8) => "grey and alpha of 8 bits",
        (4, 16) => "grey and alpha of 16 bits",
        (6, 8) => "colour and alpha of 8 bits",
        (6, 16) => "colour and alpha of 16 bits",
        _ => return None,
    })
}

fn of(stream: &[u8]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let chunks = chunks(stream);
    let Some([size @ .., depth, color, _, _, interlaced]) = chunks.first().map(|header| header.bytes.as_slice()) else { return found };
    let animated = chunks.iter().any(|chunk| chunk.name == *b"acTL");
    found.extend(form(*color, *depth));
    if *interlaced == 1 {
        found.insert("interlaced");
    } else {
        let row = |samples: usize| 1 + (width(size) * usize::from(*depth) * samples).div_ceil(8);
        filters(&chunks, row(samples(*color)), &mut found);
    }
    if chunks.iter().filter(|chunk| chunk.name == *b"IDAT").count() > 1 {
        found.insert("data in pieces");
    }
    found.insert(if animated { "animation" } else { "picture alone" });
    for (place, chunk) in chunks.iter().enumerate() {
        let before = |name: &[u8; 4]| chunks[..place].iter().any(|chunk| chunk.name == *name);
        match &chunk.name {
            b"tRNS" => found.extend(match color {
                0 => Some("transparent grey"),
                2 => Some("transparent colour"),
                3 => Some("transparent palette"),
                _ => None,
            }),
            b"PLTE" if *color != 3 => found.extend(["suggested palette"]),
            b"gAMA" | b"iCCP" | b"cHRM" | b"sRGB" => found.extend(["gamma or profile"]),
            b"fcTL" if animated => control(&chunk.bytes, size, &mut found),
            b"fcTL" => found.extend(["controls without animation"]),
            b"fdAT" if animated => found.extend(["later data"]),
            b"IDAT" if animated && !before(b"fcTL") => found.extend(["hidden picture"]),
            b"acTL" if chunk.bytes.get(4..8) == Some(&[0; 4]) => found.extend(["plays: for ever"]),
            b"acTL" => found.extend(["plays: some"]),
            [first, ..] if first.is_ascii_lowercase() => found.extend(["other chunk"]),
            _ => {}
        }
    }
    found
}

fn samples(color: u8) -> usize {
    match color {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    }
}

fn width(size: &[u8]) -> usize {
    size.first_chunk::<4>().map_or(0, |width| u32::from_be_bytes(*width) as usize)
}

/// The first block's kind, and the filters of the picture's rows.
fn filters(chunks: &[Chunk], row: usize, found: &mut BTreeSet<&'static str>) {
    let data: Vec<u8> = chunks.iter().filter(|chunk| chunk.name == *b"IDAT").flat_map(|chunk| chunk.bytes.clone()).collect();
    match data.get(2).map(|first| first >> 1 & 3) {
        Some(0) => found.insert("stored block"),
        Some(1) => found.insert("fixed block"),
        Some(2) => found.insert("dynamic block"),
        _ => false,
    };
    // Data whose checksum is wrong have rows all the same.
    let inflated = decompress_to_vec_zlib_with_limit(&data, 1 << 24).unwrap_or_else(|error| error.output);
    const NAMES: [&str; 5] = ["filter 0", "filter 1", "filter 2", "filter 3", "filter 4"];
    found.extend(inflated.chunks(row).filter_map(|row| NAMES.get(usize::from(*row.first()?)).copied()));
}

fn control(bytes: &[u8], size: &[u8], found: &mut BTreeSet<&'static str>) {
    let [_, _, _, _, sides @ .., n0, n1, d0, d1, disposal, blend] = bytes else { return };
    if sides.get(..8) != Some(size) {
        found.insert("frame smaller than the picture");
    }
    if [*n0, *n1] != [0; 2] {
        found.insert("delay");
    }
    if [*d0, *d1] == [0; 2] {
        found.insert("delay of denominator 0");
    }
    found.insert(match disposal {
        0 => "disposal: leave",
        1 => "disposal: clear",
        _ => "disposal: put back",
    });
    found.insert(if *blend == 0 { "blend: source" } else { "blend: over" });
}
