//! Streams that are rejected.

use super::spoilt;
use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::whole;
use spec::devices::Blob;
use spec::vorbis::write::{Codebook, Drawn, Floor, Form, Layout, Page, Setup, file, pages};
use spec::vorbis::{
    Limits, Op, VORBIS_CODEBOOK_DIMENSIONS_MAX, VORBIS_CODEBOOK_ENTRIES_MAX, VORBIS_PACKET_BYTES_MAX, VORBIS_RATE_HZ_MAX, Vorbis,
};

/// Five packets in pages of one segment, one thing of which is changed: the third packet goes on from page 5 to page 6.
fn paged(name: &'static str, doc: &'static str, change: impl FnOnce(&mut Vec<Page>)) -> GoldenCase<Vorbis> {
    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0, 1, 1, 0], 21);
    drawn.audio[2].0.resize(300, 0);
    drawn.layout.segments = 1;
    let (mut found, _) = pages_of(&drawn);
    change(&mut found);
    bytes(name, doc, &found.iter().flat_map(Page::bytes).collect::<Vec<u8>>())
}

fn pages_of(drawn: &Drawn) -> (Vec<Page>, Vec<u8>) {
    let file = drawn.file();
    let (found, rest) = pages(&file);
    (found, rest.to_vec())
}

fn bytes(name: &'static str, doc: &'static str, stream: &[u8]) -> GoldenCase<Vorbis> {
    golden(name, doc, Limits::default(), whole(stream, 5))
}

/// The plain headers of one channel, of which the bytes of one are changed.
fn header(name: &'static str, doc: &'static str, number: usize, change: fn(&mut Vec<u8>)) -> GoldenCase<Vorbis> {
    let drawn = Drawn::of(Setup::plain(1), &[0, 0], 22);
    let mut headers = [drawn.setup.identification(), Setup::comment(), drawn.setup.write()];
    change(&mut headers[number]);
    bytes(name, doc, &file(headers.each_ref().map(Vec::as_slice), &drawn.audio, Layout::PLAIN))
}

/// A stream whose second packet is so long. Its zeros are fed as such.
fn packet(name: &'static str, doc: &'static str, length: usize) -> GoldenCase<Vorbis> {
    let mut drawn = Drawn::of(Setup::plain(1), &[0, 0], 24);
    drawn.audio[1].0.resize(length, 0);
    let (found, _) = pages_of(&drawn);
    let mut ops = Vec::new();
    for bytes in found.iter().map(Page::bytes) {
        let zeros = bytes.iter().rev().take_while(|byte| **byte == 0).count();
        ops.extend([Op::Feed(Blob(bytes[..bytes.len() - zeros].to_vec())), Op::FeedZeros(zeros as u32)]);
    }
    ops.extend([Op::End, Op::Next, Op::Next]);
    golden(name, doc, Limits::default(), ops)
}

pub(super) fn of_pages() -> Vec<GoldenCase<Vorbis>> {
    vec![
        paged("page_corrupt", "A bit of an audio page is not what it was: the packets before it are given.", |pages| {
            pages[7].right = false
        }),
        paged("page_corrupt_first", "The first page's checksum is wrong.", |pages| pages[0].right = false),
        paged("page_missing", "A page is left out.", |pages| drop(pages.remove(7))),
        paged("page_twice", "A page comes twice.", |pages| pages.insert(7, pages[7].clone())),
        paged("page_opens_again", "A later page says that it opens a stream.", |pages| pages[7].flags |= 2),
        paged("page_goes_on", "A page goes on with a packet that is whole.", |pages| pages[7].flags |= 1),
        paged("page_starts_anew", "A page does not go on with an open packet.", |pages| {
            if let Some(page) = pages.iter_mut().find(|page| page.flags & 1 == 1) {
                page.flags &= !1;
            }
        }),
        paged("first_is_not_first", "The first page does not open a stream.", |pages| pages[0].flags = 0),
        paged("numbers_wrap", "Numbers go on from the highest at 0.", |pages| {
            pages.iter_mut().for_each(|page| page.number = page.number.wrapping_sub(2));
        }),
        paged("position_negative", "Positions below 0 say nothing.", |pages| {
            pages.iter_mut().skip(2).for_each(|page| page.granule = -1);
        }),
        paged("last_page_missing", "Without a last page the stream is whole if it ends between packets.", |pages| {
            pages.iter_mut().for_each(|page| page.flags &= !4);
        }),
        paged("last_page_early", "What follows the last page is not looked at.", |pages| pages[4].flags |= 4),
        bytes("garbage", "No page at all.", &[7; 40]),
        bytes("nothing", "No bytes at all.", &[]),
        bytes("page_version", "A page of another version.", &[&b"OggS\x01"[..], &[0; 30]].concat()),
        {
            let mut stream = Drawn::of(Setup::plain(1), &[0, 0], 23).file();
            let at = stream.windows(4).rposition(|four| four == b"OggS").unwrap_or_default();
            stream.splice(at..at, [0; 9]);
            bytes("garbage_between", "Garbage between two pages.", &stream)
        },
    ]
}

pub(super) fn of_headers() -> Vec<GoldenCase<Vorbis>> {
    let books = |name, doc, lengths: &'static [u8]| {
        spoilt(name, doc, |setup| setup.codebooks[0] = Codebook { lengths: lengths.to_vec(), form: Form::Sparse, ..Codebook::plain(2, 1) })
    };
    vec![
        header("other_codec", "The first packet is another codec's.", 0, |bytes| bytes[1] = b'V'),
        header("version_1", "Another version.", 0, |bytes| bytes[7] = 1),
        header("no_channels", "A stream of no channels.", 0, |bytes| bytes[11] = 0),
        header("no_rate", "A stream of no rate.", 0, |bytes| bytes[12..16].fill(0)),
        header("blocks_too_short", "Blocks of 32 samples.", 0, |bytes| bytes[28] = 0x75),
        header("blocks_turned", "The short block is longer than the long one.", 0, |bytes| bytes[28] = 0x67),
        header("identification_unframed", "The framing bit is not set.", 0, |bytes| bytes[29] = 0),
        header("identification_cut", "The first header ends early.", 0, |bytes| bytes.truncate(20)),
        header("no_comment", "The second packet is not the comment.", 1, |bytes| bytes[0] = 5),
        header("comment_of_garbage", "What a comment says is not looked at.", 1, |bytes| bytes.extend([0xff; 300])),
        header("no_setup", "The third packet is not the setup.", 2, |bytes| bytes[0] = 3),
        header("setup_cut", "The setup ends early.", 2, |bytes| bytes.truncate(60)),
        header("setup_unframed", "The setup's framing bit is not set.", 2, |bytes| {
            let last = bytes.len() - 1;
            let bit = 7 - bytes[last].leading_zeros();
            bytes[last] &= !(1 << bit);
        }),
        header("setup_pattern", "A codebook does not begin with its pattern.", 2, |bytes| bytes[8] ^= 1),
        books("tree_overfull", "More codewords than a tree has room for.", &[1, 1, 1]),
        books("tree_with_room", "A tree that is not full.", &[2, 2, 2]),
        books("one_long_entry", "The one entry of a book has a codeword of two bits.", &[0, 2]),
        spoilt("mapping_missing", "A mode of a mapping that does not exist.", |setup| setup.modes[1].mapping = 9),
        spoilt("points_at_one_place", "Two points of a floor at the same place.", |setup| {
            if let Floor::Points { places, .. } = &mut setup.floors[0] {
                places[3] = places[0];
            }
        }),
        spoilt("book_without_vectors", "A residue of a book that has no vectors.", |setup| setup.codebooks[2].lookup = None),
        spoilt("residue_turned", "A residue that ends before it begins.", |setup| setup.residues[0].begin = 65),
    ]
}

pub(super) fn of_bounds() -> Vec<GoldenCase<Vorbis>> {
    let claimed = |channels: u8, rate: u32| {
        let setup = Setup { channels, rate, ..Setup::plain(1) };
        file([&setup.identification(), &Setup::comment(), &Setup::plain(1).write()], &[], Layout::PLAIN)
    };
    let book = |book: Codebook| move |setup: &mut Setup| setup.codebooks.push(book);
    let points = |count: u16| {
        move |setup: &mut Setup| {
            if let Floor::Points { partitions, classes, places, range_bits, .. } = &mut setup.floors[0] {
                (*partitions, *places, *range_bits) = (vec![0; usize::from(count)], (1..=count).collect(), 7);
                classes[0].dimensions = 1;
            }
        }
    };
    let (entries, dimensions) = (VORBIS_CODEBOOK_ENTRIES_MAX as usize, VORBIS_CODEBOOK_DIMENSIONS_MAX as u16);
    vec![
        bytes("channels_9", "One channel more than there are places for.", &claimed(9, 48_000)),
        bytes("rate_highest", "The highest rate.", &claimed(1, VORBIS_RATE_HZ_MAX)),
        bytes("rate_too_high", "One more.", &claimed(1, VORBIS_RATE_HZ_MAX + 1)),
        packet("packet_longest", "A packet of as many bytes as there may be.", VORBIS_PACKET_BYTES_MAX as usize),
        packet("packet_too_long", "One byte more.", VORBIS_PACKET_BYTES_MAX as usize + 1),
        spoilt("entries_most", "A book of the most entries.", book(Codebook::plain(entries, 1))),
        header("entries_2_24", "A book that claims 2^24 - 1 entries in a few bytes.", 2, |bytes| bytes[13..16].fill(0xff)),
        spoilt("dimensions_most", "Vectors of the most dimensions.", book(Codebook::plain(2, dimensions).with_lattice(1))),
        spoilt("dimensions_too_many", "One more.", book(Codebook::plain(2, dimensions + 1).with_lattice(1))),
        spoilt("entries_too_many", "Four books of the most entries beside the others.", |setup| {
            setup.codebooks.extend(vec![Codebook::plain(entries, 1); 4]);
        }),
        spoilt("scalars_too_many", "More scalars of all vectors than there may be.", |setup| {
            setup.codebooks.push(Codebook::plain(entries, 32).with_lattice(1));
        }),
        spoilt("points_65", "The most points of a floor, in 32 partitions of two.", |setup| {
            if let Floor::Points { partitions, classes, places, range_bits, .. } = &mut setup.floors[0] {
                (*partitions, *places, *range_bits) = (vec![0; 31], (1..=62).collect(), 7);
                classes[0].dimensions = 2;
            }
        }),
        spoilt("points_twice", "Points at 31 places, each in a partition of its own.", points(31)),
        spoilt("points_66", "One point more than there may be, in eight partitions.", |setup| {
            if let Floor::Points { partitions, classes, places, range_bits, .. } = &mut setup.floors[0] {
                (*partitions, *places, *range_bits) = (vec![0; 8], (1..=64).collect(), 7);
                classes[0].dimensions = 8;
            }
        }),
        spoilt("amplitude_of_33_bits", "An amplitude of more bits than there may be.", |setup| {
            let books = vec![2];
            setup.floors = vec![Floor::Response { order: 2, rate: 8_000, map_size: 4, amplitude_bits: 33, amplitude_offset: 9, books }];
        }),
    ]
}
