//! Features of Ogg Vorbis streams.

use super::Declared;
use spec::ErrorCode as E;
use spec::vorbis::write::{Codebook, Floor, Form, Page, Read, Setup, pages, read};
use std::collections::BTreeSet;

macro_rules! fixture {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../implementation/vorbis/tests/fixtures/", $name)))
    };
}

pub const DECLARED: Declared = Declared {
    streams: &[
        "one channel",
        "two channels",
        "three channels or more",
        "short blocks",
        "long blocks",
        "blocks of both sizes",
        "blocks of 64 samples",
        "blocks of 8,192 samples",
        "lengths in order",
        "lengths of each entry",
        "lengths of used entries",
        "codewords of 32 bits",
        "book of one entry",
        "vectors of a lattice",
        "vectors of their own",
        "running sums",
        "floor of type 0",
        "floor of type 1",
        "points that a master book chooses",
        "residue of type 0",
        "residue of type 1",
        "residue of type 2",
        "residue of eight passes",
        "coupled channels",
        "several submaps",
        "several mappings",
        "packet on two pages",
        "pages of other streams",
        "start trimmed",
        "end trimmed",
        "packets passed over",
    ],
    codes: &[
        E::MalformedMedia,
        E::TruncatedMedia,
        E::CorruptChecksum,
        E::UnsupportedMedia,
        E::OversizedInput,
        E::DecodedTooLarge,
        E::DecodeMemoryExceeded,
    ],
    of,
    fixtures: &[
        fixture!("mono_44100_tiny.ogg"),
        fixture!("mono_8000_lowest.ogg"),
        fixture!("mono_96000_square.ogg"),
        fixture!("six_48000.ogg"),
        fixture!("stereo_22050_noise.ogg"),
        fixture!("stereo_44100_plucked.ogg"),
        fixture!("stereo_48000_loud_highest.ogg"),
    ],
};

fn of(stream: &[u8]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let (pages, _) = pages(stream);
    let Some(Read { setup, audio, .. }) = read(stream) else { return found };
    found.insert(match setup.channels {
        1 => "one channel",
        2 => "two channels",
        _ => "three channels or more",
    });
    setup.codebooks.iter().for_each(|book| of_book(book, &mut found));
    let sizes: Vec<u32> = audio.iter().filter_map(|packet| of_packet(&setup, packet, &mut found)).collect();
    for size in &sizes {
        match size {
            6 => found.insert("blocks of 64 samples"),
            13 => found.insert("blocks of 8,192 samples"),
            _ => false,
        };
    }
    if setup.blocks[0] != setup.blocks[1] {
        let (short, long) = (sizes.contains(&setup.blocks[0]), sizes.contains(&setup.blocks[1]));
        found.extend(short.then_some("short blocks"));
        found.extend(long.then_some("long blocks"));
        found.extend((short && long).then_some("blocks of both sizes"));
    }
    of_pages(&pages, &sizes, &mut found);
    found
}

fn of_book(book: &Codebook, found: &mut BTreeSet<&'static str>) {
    found.insert(match book.form {
        Form::Ordered => "lengths in order",
        Form::Dense => "lengths of each entry",
        Form::Sparse => "lengths of used entries",
    });
    if book.lengths.contains(&32) {
        found.insert("codewords of 32 bits");
    }
    if book.lengths.iter().filter(|length| **length > 0).count() == 1 {
        found.insert("book of one entry");
    }
    if let Some(lookup) = &book.lookup {
        found.insert(if lookup.kind == 1 { "vectors of a lattice" } else { "vectors of their own" });
        found.extend(lookup.sequence.then_some("running sums"));
    }
}

/// What a packet's mode uses; the logarithm of its block's size.
fn of_packet(setup: &Setup, packet: &[u8], found: &mut BTreeSet<&'static str>) -> Option<u32> {
    let Some(mode) = crate::contracts::vorbis::features::mode(setup, packet) else {
        found.insert("packets passed over");
        return None;
    };
    let mode = setup.modes.get(mode)?;
    let mapping = setup.mappings.get(usize::from(mode.mapping))?;
    found.extend((!mapping.coupling.is_empty()).then_some("coupled channels"));
    found.extend((mapping.submaps.len() > 1).then_some("several submaps"));
    found.extend((setup.mappings.len() > 1).then_some("several mappings"));
    for (floor, residue) in &mapping.submaps {
        match setup.floors.get(usize::from(*floor))? {
            Floor::Response { .. } => found.insert("floor of type 0"),
            Floor::Points { classes, .. } => {
                found.extend(classes.iter().any(|class| class.subclass_bits > 0).then_some("points that a master book chooses"));
                found.insert("floor of type 1")
            }
        };
        let residue = setup.residues.get(usize::from(*residue))?;
        found.insert(["residue of type 0", "residue of type 1", "residue of type 2"][usize::from(residue.kind.min(2))]);
        found.extend(residue.books.iter().any(|books| books[7].is_some()).then_some("residue of eight passes"));
    }
    Some(setup.blocks[usize::from(mode.long)])
}

/// Pages: where they go on, and what their positions trim.
fn of_pages(pages: &[Page], sizes: &[u32], found: &mut BTreeSet<&'static str>) {
    let Some(first) = pages.first() else { return };
    found.extend(pages.iter().any(|page| page.serial != first.serial).then_some("pages of other streams"));
    let ours: Vec<&Page> = pages.iter().filter(|page| page.serial == first.serial).collect();
    found.extend(ours.iter().any(|page| page.flags & 1 == 1).then_some("packet on two pages"));
    let frames =
        |sizes: &[u32]| sizes.array_windows::<2>().map(|[before, block]| (1_i64 << before) / 4 + (1_i64 << block) / 4).sum::<i64>();
    let audio: Vec<&&Page> = ours.iter().filter(|page| page.granule > 0 || page.flags & 4 != 0).collect();
    if let [first, .., last] = audio.as_slice() {
        let here = first.lengths.iter().filter(|length| **length < 255).count();
        let start = first.granule - frames(&sizes[..here.min(sizes.len())]);
        found.extend((start < 0).then_some("start trimmed"));
        found.extend((last.flags & 4 != 0 && last.granule >= 0 && last.granule < start.max(0) + frames(sizes)).then_some("end trimmed"));
    }
}
