//! Small domains of the contract `vorbis`, every value of them.

use crate::contracts::decoding::{self, domains::every_cut};
use crate::suite::{Counted, Domain, Extent};
use spec::vorbis::write::{Codebook, Drawn, Form, Page, Setup, pages};
use spec::vorbis::{VORBIS_CHANNELS_MAX, VORBIS_RATE_HZ_MAX, Vorbis};

pub(super) fn domains() -> Vec<Domain<Vorbis>> {
    vec![
        Domain {
            name: "every_byte_of_a_page",
            requirements: &["VORBIS-001"],
            describe: |extent| {
                format!("each byte of the header of the third page as each of {} values, its checksum mended", values(extent).len())
            },
            cases: |extent| {
                let (before, page, after) = third_page(&small().file());
                streams((0..27_usize).filter(|place| !(22..26).contains(place)).flat_map(move |place| {
                    let (before, page, after) = (before.clone(), page.clone(), after.clone());
                    values(extent).into_iter().map(move |value| {
                        let mut page = page.clone();
                        page[place] = value;
                        mend(&mut page);
                        [before.clone(), page, after.clone()].concat()
                    })
                }))
            },
        },
        Domain {
            name: "every_number_of_channels_and_many_rates",
            requirements: &["VORBIS-002"],
            describe: |_| "every number of channels that a byte can say, and rates about each power of two and the bound".to_owned(),
            cases: |_| {
                let channels = (0..=u8::MAX).map(|channels| Setup { channels, ..described(channels) });
                let near = |rate: u32| [rate.saturating_sub(1), rate, rate.saturating_add(1)];
                let rates = (0..32).map(|bit| 1 << bit).chain([VORBIS_RATE_HZ_MAX, u32::MAX]).flat_map(near);
                let rates = rates.map(|rate| Setup { rate, ..described(1) });
                streams(channels.chain(rates).map(|setup| Drawn::of(setup, &[], 1).file()))
            },
        },
        Domain {
            name: "every_bit_of_the_headers",
            requirements: &["VORBIS-003"],
            describe: |_| "a small stream with each bit of its three headers turned, and the checksums mended".to_owned(),
            cases: |_| {
                let file = small().file();
                let (found, _) = pages(&file);
                let bits = (0..2_usize).flat_map(|page| (0..8 * found[page].body.len()).map(move |bit| (page, bit))).collect::<Vec<_>>();
                streams(bits.into_iter().map(move |(page, bit)| {
                    let mut pages = found.clone();
                    pages[page].body[bit / 8] ^= 1 << (bit % 8);
                    pages.iter().flat_map(Page::bytes).collect()
                }))
            },
        },
        Domain {
            name: "every_small_tree",
            requirements: &["VORBIS-004"],
            describe: |_| "codebooks of four entries of every length from unused to four bits, and of three equal ones".to_owned(),
            cases: |_| {
                streams((0..625_u32).map(|number| {
                    let lengths: Vec<u8> = (0..4).map(|place| (number / 5_u32.pow(place) % 5) as u8).collect();
                    let mut setup = Setup::plain(1);
                    setup.codebooks[0] = Codebook { lengths, form: Form::Sparse, ..Codebook::plain(4, 1) };
                    // The packets are those of other heights: what is read is what the tree says.
                    Drawn { audio: small().audio, ..Drawn::of(setup, &[], 1) }.file()
                }))
            },
        },
        Domain {
            name: "every_pair_of_blocks",
            requirements: &["VORBIS-010"],
            describe: |extent| {
                format!("short and long blocks of every size from 64 to {} samples, in every order of three", 1 << longest(extent))
            },
            cases: |extent| {
                let longest = longest(extent);
                let pairs = (6..=longest).flat_map(move |short| (short..=longest).map(move |long| [short, long]));
                streams(pairs.map(|blocks| {
                    let mut setup = Setup::plain(1);
                    setup.blocks = blocks;
                    setup.residues[0].end = 1 << (blocks[1] - 1);
                    Drawn::of(setup, &[0, 0, 0, 1, 0, 1, 1, 1, 0, 0], blocks.into_iter().sum::<u32>().into()).file()
                }))
            },
        },
        Domain {
            name: "every_first_byte_and_cut_of_a_packet",
            requirements: &["VORBIS-012"],
            describe: |_| "a packet with each first byte, and cut at each byte, between two that are right".to_owned(),
            cases: |_| {
                let drawn = small();
                let (right, _) = drawn.audio[2].clone();
                let first = (0..=u8::MAX).map({
                    let right = right.clone();
                    move |byte| [&[byte][..], &right[1..]].concat()
                });
                let cuts = (0..=right.len()).map(move |cut| right[..cut].to_vec());
                streams(first.chain(cuts).map(move |packet| {
                    let mut drawn = drawn.clone();
                    drawn.audio[2].0 = packet;
                    drawn.file()
                }))
            },
        },
        Domain {
            name: "every_start_and_end",
            requirements: &["VORBIS-013"],
            describe: |_| "streams that start at -100 to 100 and end up to 100 frames early or late, in pages of two packets".to_owned(),
            cases: |_| {
                let places = (-100..=100).flat_map(|start| [(start, 0), (start, 33), (0, start), (-20, start)]);
                streams(places.map(|(start, cut)| {
                    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0, 1, 0], 3);
                    (drawn.layout.start, drawn.layout.cut, drawn.layout.segments) = (start, cut, 2);
                    drawn.file()
                }))
            },
        },
        Domain {
            name: "every_cut",
            requirements: &["VORBIS-018"],
            describe: |_| "a small stream cut at each byte, with and without an end".to_owned(),
            cases: |_| every_cut(small().file(), PACKETS),
        },
    ]
}

/// Packets of [`small`].
const PACKETS: usize = 5;

/// A stream of two channels with short and long blocks, in pages of few segments.
fn small() -> Drawn {
    let mut setup = Setup::plain(2);
    setup.mappings[0].coupling = vec![(0, 1)];
    let mut drawn = Drawn::of(setup, &[0, 0, 1, 1, 0], 5);
    drawn.layout.segments = 3;
    drawn
}

/// Headers of so many channels, of which those beyond the bound are only claimed.
fn described(channels: u8) -> Setup {
    Setup::plain(channels.clamp(1, VORBIS_CHANNELS_MAX as u8))
}

fn values(extent: Extent) -> Vec<u8> {
    match extent {
        Extent::Whole => (0..=u8::MAX).collect(),
        Extent::Corners => vec![0, 1, 2, 3, 4, b'O', 0x7f, 0x80, 0xff],
    }
}

fn longest(extent: Extent) -> u32 {
    match extent {
        Extent::Whole => 13,
        Extent::Corners => 9,
    }
}

/// The bytes before the third page, its own, and those behind it.
fn third_page(file: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (found, _) = pages(file);
    let bytes = |pages: &[Page]| pages.iter().flat_map(Page::bytes).collect::<Vec<u8>>();
    (bytes(&found[..2]), found[2].bytes(), bytes(&found[3..]))
}

/// Gives a page the checksum of its bytes, as far as its own lengths say.
fn mend(page: &mut [u8]) {
    page[22..26].fill(0);
    let segments = usize::from(page[26]);
    let lengths = page.get(27..27 + segments).unwrap_or_default();
    let size = 27 + segments + lengths.iter().map(|length| usize::from(*length)).sum::<usize>();
    let sum = spec::vorbis::write::checksum(page.get(..size).unwrap_or(&*page));
    page[22..26].copy_from_slice(&sum.to_le_bytes());
}

/// A case of each stream: what its first page says, and all its packets.
fn streams(streams: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Counted<Vorbis> {
    decoding::domains::streams(streams, 10, None)
}

#[cfg(test)]
mod tests {
    use super::domains;
    use crate::contracts::self_test::values_of;
    use crate::suite::Extent;

    #[test]
    fn domains_hold_every_value() {
        let (whole, corners) = (values_of(&domains(), Extent::Whole), values_of(&domains(), Extent::Corners));
        assert_eq!((whole[0], corners[0]), (23 * 256, 23 * 9));
        assert_eq!(whole[1], 256 + 34 * 3);
        assert!(whole[2] > 1_000, "{whole:?}");
        assert_eq!((whole[3], whole[4], corners[4]), (625, 36, 10));
        assert!(whole[5] > 256 && whole[7] > 400, "{whole:?}");
        assert_eq!(whole[6], 201 * 4);
    }
}
