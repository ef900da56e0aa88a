//! What a stream is made of.

use spec::vorbis::write::{Codebook, Floor, Setup, pages, read};

/// What a stream of right headers uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    /// Modes of the audio packets exercise these requirements.
    pub requirements: Vec<&'static str>,
    /// A packet is no audio, or may end early.
    pub passed_over: bool,
}

/// Looks at the headers, and at the modes of the audio packets.
pub(super) fn features(stream: &[u8]) -> Features {
    let Some(read) = read(stream) else { return Features::default() };
    let setup = &read.setup;
    let mut found = Features::default();
    let mut any = |requirement| {
        if !found.requirements.contains(&requirement) {
            found.requirements.push(requirement);
        }
    };
    for packet in &read.audio {
        let Some(mode) = mode(setup, packet) else {
            found.passed_over = true;
            continue;
        };
        let Some(mapping) = setup.mappings.get(usize::from(setup.modes[mode].mapping)) else { continue };
        if !mapping.coupling.is_empty() {
            any("VORBIS-009");
        }
        for (floor, residue) in &mapping.submaps {
            match setup.floors.get(usize::from(*floor)) {
                Some(Floor::Points { .. }) => any("VORBIS-006"),
                Some(Floor::Response { .. }) => {
                    any("VORBIS-007");
                    any("VORBIS-005");
                }
                None => {}
            }
            if let Some(residue) = setup.residues.get(usize::from(*residue)) {
                any("VORBIS-008");
                if residue.books.iter().flatten().any(Option::is_some) {
                    any("VORBIS-005");
                }
            }
        }
    }
    found
}

/// The mode of an audio packet.
pub(in crate::contracts) fn mode(setup: &Setup, packet: &[u8]) -> Option<usize> {
    let first = *packet.first().filter(|byte| **byte & 1 == 0)?;
    let width = usize::BITS - (setup.modes.len() - 1).leading_zeros();
    let number = usize::from(first >> 1) & ((1 << width) - 1);
    (number < setup.modes.len()).then_some(number)
}

/// Whether all trees are full.
pub(super) fn trees_are_full(setup: &Setup) -> bool {
    setup.codebooks.iter().all(|book| {
        let used = book.lengths.iter().filter(|length| **length > 0).count();
        used == 0 || used == 1 && book.lengths.contains(&1) || room(book) == 0
    })
}

/// What is left of a tree, in parts of 2^-32; less than nothing where it has too many codewords.
pub(super) fn room(book: &Codebook) -> i128 {
    let taken: i128 = book.lengths.iter().filter(|length| **length > 0).map(|length| 1_i128 << (32 - u32::from(*length).min(32))).sum();
    (1 << 32) - taken
}

/// Whether the pages are those of a stream that goes on from page to page.
pub(super) fn pages_are_right(stream: &[u8]) -> bool {
    let (found, rest) = pages(stream);
    let Some(first) = found.first() else { return rest.len() < 27 || rest.starts_with(b"OggS\0") };
    let ours: Vec<_> = found.iter().filter(|page| page.serial == first.serial).collect();
    let open = |lengths: &[u8]| lengths.last() == Some(&255);
    let numbered = ours.array_windows().all(|[before, page]| {
        page.number == before.number.wrapping_add(1) && page.flags & 2 == 0 && (page.flags & 1 == 1) == open(&before.lengths)
    });
    let opens = first.flags & 3 == 2 && first.lengths.iter().filter(|length| **length < 255).count() == 1 && !open(&first.lengths);
    let goes_on = rest.len() < 27 || rest.starts_with(b"OggS\0");
    opens && numbered && goes_on && found.iter().all(|page| page.right)
}
