//! Streams of sound that are just inside or just outside a bound.

use super::table::moved;
use super::{Bound, Format, Limits, Trial, VORBIS_BLOCK_BITS_MAX, VORBIS_BLOCK_BITS_MIN};
use crate::vorbis::write::{Class, Codebook, Drawn, Floor, Layout, Mode, Setup, checksum, file, page};
use crate::vorbis::{
    VORBIS_CHANNELS_MAX, VORBIS_CODEBOOK_DIMENSIONS_MAX, VORBIS_CODEBOOK_ENTRIES_MAX, VORBIS_CODEWORD_BITS_MAX, VORBIS_COMMENT_BYTES_MAX,
    VORBIS_FLOOR0_AMPLITUDE_BITS_MAX, VORBIS_FLOOR1_POINTS_MAX, VORBIS_PACKET_BYTES_MAX, VORBIS_RATE_HZ_MAX, VORBIS_SETUP_ENTRIES_MAX,
    VORBIS_SETUP_SCALARS_MAX,
};
use crate::wav::WAV_CHUNKS_MAX;
use crate::wav_stream::{
    Chunk, Fmt, WAV_STREAM_CHANNELS_MAX, WAV_STREAM_CHUNKS_MAX, WAV_STREAM_EXTENSIBLE_BYTES, WAV_STREAM_EXTENSION_BYTES,
    WAV_STREAM_FMT_BYTES, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_RATE_HZ_MAX, WAV_STREAM_SAMPLE_BYTES, WavFile,
};
use alloc::vec;
use alloc::vec::Vec;

/// Bytes that a page holds at most.
pub(super) const PAGE_BYTES: usize = 255 * 255;

/// Three frames of the engine's rate and bits, so that files of it are right, too.
const SAMPLES: [u8; 6] = [1, 2, 3, 4, 5, 0x86];

fn mono() -> Fmt {
    Fmt::pcm(1, 48_000, 16)
}

pub(super) fn small_wav() -> Vec<u8> {
    WavFile::new(&mono(), SAMPLES.to_vec()).bytes()
}

/// A stream of so many chunks, the fmt chunk and the data chunk among them.
fn of_chunks(chunks: u64) -> Vec<u8> {
    let mut file = WavFile::new(&mono(), SAMPLES.to_vec());
    file.chunks.splice(1..1, vec![Chunk::new(*b"JUNK", Vec::new()); chunks as usize - 2]);
    file.bytes()
}

/// A stream whose fmt chunk says so.
fn of(fmt: &Fmt) -> Vec<u8> {
    WavFile::new(fmt, vec![0; usize::from(fmt.frame_bytes())]).bytes()
}

/// A stream whose fmt chunk has so many bytes.
fn of_length(fmt: &Fmt, bytes: u64) -> Vec<u8> {
    let mut file = WavFile::new(fmt, vec![0; usize::from(fmt.frame_bytes())]);
    if let Some(chunk) = file.chunks.first_mut() {
        chunk.bytes.resize(bytes as usize, 0);
    }
    file.bytes()
}

pub(super) fn wav(bound: Bound, offset: i64) -> Option<Trial> {
    let far = |bound: u32| moved(bound.into(), offset);
    let below = |bound: u32| moved(bound.into(), -offset);
    let (small, trial) = (small_wav(), |stream| Trial::new(Format::Wav, stream));
    Some(match bound {
        Bound::Total => trial(small).within(Limits { decoded_bytes: moved(SAMPLES.len() as u64, -offset), ..Limits::default() }),
        Bound::Memory => {
            let needed = small.len() as u64 + u64::from(WAV_STREAM_PACKET_FRAMES * WAV_STREAM_SAMPLE_BYTES);
            trial(small).within(Limits { memory_bytes: moved(needed, -offset), ..Limits::default() })
        }
        Bound::Channels => trial(of(&Fmt::pcm(far(WAV_STREAM_CHANNELS_MAX.into()) as u16, 8_000, 8))),
        Bound::Rate => trial(of(&Fmt::pcm(1, far(WAV_STREAM_RATE_HZ_MAX) as u32, 8))),
        Bound::Chunks => trial(of_chunks(far(WAV_STREAM_CHUNKS_MAX))),
        Bound::FmtBytes => trial(of_length(&mono(), below(WAV_STREAM_FMT_BYTES))),
        Bound::ExtensibleBytes => trial(of_length(&mono().extensible(), below(WAV_STREAM_EXTENSIBLE_BYTES))),
        Bound::ExtensionBytes => {
            let mut fmt = mono().extensible();
            if let Some(extension) = &mut fmt.extension {
                extension.size = below(WAV_STREAM_EXTENSION_BYTES.into()) as u16;
            }
            trial(of(&fmt))
        }
        _ => return None,
    })
}

pub(super) fn wav_file(bound: Bound, offset: i64) -> Option<Trial> {
    match bound {
        Bound::Chunks => Some(Trial::new(Format::WavFile, of_chunks(moved(WAV_CHUNKS_MAX.into(), offset)))),
        _ => None,
    }
}

/// The plainest headers: blocks of 64 samples alone.
pub(super) fn short() -> Setup {
    Setup { blocks: [VORBIS_BLOCK_BITS_MIN; 2], modes: vec![Mode { long: false, mapping: 0 }], ..Setup::plain(1) }
}

/// Two packets of audio, of which the second gives samples.
fn audio(setup: Setup) -> Drawn {
    Drawn::of(setup, &[0, 0], 5)
}

pub(super) fn small_ogg() -> Vec<u8> {
    audio(short()).file()
}

/// A stream that ends behind these headers.
pub(super) fn headers(setup: &Setup) -> Vec<u8> {
    let headers = [setup.identification(), Setup::comment(), setup.write()];
    file(headers.each_ref().map(Vec::as_slice), &[], Layout::PLAIN)
}

/// The first page of a stream.
fn first(setup: &Setup) -> Vec<u8> {
    let packet = setup.identification();
    page(2, 0, Layout::PLAIN.serial, 0, &[packet.len() as u8], &packet)
}

/// A book of so many entries, from 2, whose tree is full and whose lengths ascend.
fn full(entries: u64, dimensions: u16) -> Codebook {
    let bits = u64::BITS - (entries - 1).leading_zeros();
    let shorter = (1_u64 << bits) - entries;
    let mut lengths = vec![bits as u8 - 1; shorter as usize];
    lengths.resize(entries as usize, bits as u8);
    Codebook { lengths, ..Codebook::plain(2, dimensions) }
}

/// A book whose codewords have one length each up to the longest, which two have.
fn deep(bits: u64) -> Codebook {
    let lengths = (1..=bits as u8).chain([bits as u8]).collect();
    Codebook { lengths, ..Codebook::plain(2, 1) }
}

/// The headers with these books behind their own.
fn with(books: impl IntoIterator<Item = Codebook>) -> Setup {
    let mut setup = short();
    setup.codebooks.extend(books);
    setup
}

/// A floor of so many points, the two implicit ones among them.
fn points(points: u64) -> Floor {
    let points = points as usize - 2;
    let class = |dimensions: usize| Class { dimensions: dimensions as u8, subclass_bits: 0, master: 0, books: vec![Some(0)] };
    // Partitions of seven points, and one of what is left.
    let mut partitions = vec![0; points / 7];
    let mut classes = vec![class(7)];
    if !points.is_multiple_of(7) {
        partitions.push(1);
        classes.push(class(points % 7));
    }
    Floor::Points { partitions, classes, multiplier: 2, range_bits: 7, places: (1..=points as u16).collect() }
}

pub(super) fn ogg(bound: Bound, offset: i64) -> Option<Trial> {
    let far = |bound: u32| moved(bound.into(), offset);
    let below = |bound: u32| moved(bound.into(), -offset);
    let trial = |stream| Trial::new(Format::Ogg, stream);
    let setup = |setup: &Setup| trial(headers(setup));
    let told = |setup: &Setup| Trial::header(Format::Ogg, first(setup));
    let entries = |setup: &Setup| setup.codebooks.iter().map(|book| book.lengths.len() as u64).sum::<u64>();
    Some(match bound {
        Bound::Total => {
            // Half a short block of 16 bits.
            let bytes = u64::from(1_u32 << VORBIS_BLOCK_BITS_MIN);
            trial(small_ogg()).within(Limits { decoded_bytes: moved(bytes, -offset), ..Limits::default() })
        }
        Bound::Memory => {
            let drawn = audio(short());
            let (stream, held) = (drawn.file(), drawn.setup.memory_bytes());
            let memory_bytes = moved(stream.len() as u64 + held, -offset);
            trial(stream).within(Limits { memory_bytes, ..Limits::default() })
        }
        Bound::Channels => told(&Setup { channels: far(VORBIS_CHANNELS_MAX) as u8, ..short() }),
        Bound::Rate => told(&Setup { rate: far(VORBIS_RATE_HZ_MAX) as u32, ..short() }),
        Bound::LongBlock => told(&Setup { blocks: [VORBIS_BLOCK_BITS_MIN, far(VORBIS_BLOCK_BITS_MAX) as u32], ..short() }),
        Bound::ShortBlock => told(&Setup { blocks: [below(VORBIS_BLOCK_BITS_MIN) as u32, VORBIS_BLOCK_BITS_MAX], ..short() }),
        Bound::Packet => {
            // No audio, by its first bit, so that it is passed over.
            let packet = vec![1; far(VORBIS_PACKET_BYTES_MAX) as usize];
            trial(Drawn { audio: vec![(packet, 0)], setup: short(), layout: Layout::PLAIN }.file())
        }
        Bound::Comment => trial(commented(far(VORBIS_COMMENT_BYTES_MAX) as usize)),
        Bound::Entries => setup(&with([full(far(VORBIS_CODEBOOK_ENTRIES_MAX), 1)])),
        Bound::Dimensions => setup(&with([Codebook::plain(2, far(VORBIS_CODEBOOK_DIMENSIONS_MAX) as u16)])),
        Bound::SetupEntries => {
            let most = u64::from(VORBIS_CODEBOOK_ENTRIES_MAX);
            let rest = far(VORBIS_SETUP_ENTRIES_MAX) - 3 * most - entries(&short());
            setup(&with([full(most, 1), full(most, 1), full(most, 1), full(rest, 1)]))
        }
        Bound::SetupScalars => {
            let own: u64 = short().codebooks.iter().filter(|book| book.lookup.is_some()).map(scalars).sum();
            let dimensions = u64::from(VORBIS_CODEBOOK_DIMENSIONS_MAX);
            // All but a part as large as a book of one dimension may be.
            let rest = far(VORBIS_SETUP_SCALARS_MAX) - own - (dimensions - 1) * dimensions;
            let small = full(rest, 1).with_lattice(rest as u16);
            setup(&with([small, full(dimensions - 1, dimensions as u16).with_lattice(1)]))
        }
        Bound::Codeword => setup(&with([deep(far(VORBIS_CODEWORD_BITS_MAX))])),
        Bound::FloorPoints => setup(&Setup { floors: vec![points(far(VORBIS_FLOOR1_POINTS_MAX))], ..short() }),
        Bound::Amplitude => {
            let amplitude_bits = far(VORBIS_FLOOR0_AMPLITUDE_BITS_MAX) as u32;
            let floor = Floor::Response { order: 2, rate: 8_000, map_size: 16, amplitude_bits, amplitude_offset: 20, books: vec![2] };
            setup(&Setup { floors: vec![floor], ..short() })
        }
        _ => return None,
    })
}

fn scalars(book: &Codebook) -> u64 {
    book.lengths.len() as u64 * u64::from(book.dimensions)
}

/// A page that holds so many zeros, with its checksum: a packet's beginning or its middle, or its end.
fn zeros(flags: u8, number: u32, ends: bool, bytes: usize) -> Vec<u8> {
    let mut lengths = vec![255; bytes / 255];
    if ends {
        lengths.push((bytes % 255) as u8);
    }
    let granule = if ends { 0 } else { -1 };
    let mut out = page(flags, granule, Layout::PLAIN.serial, number, &lengths, &[]);
    out[22..26].fill(0);
    let sum = behind_zeros(checksum(&out), bytes).to_le_bytes();
    out[22..26].copy_from_slice(&sum);
    out.resize(out.len() + bytes, 0);
    out
}

/// What a checksum becomes behind so many zeros. A zero changes it by a linear map of its bits, so that the map of twice as many zeros is
/// that map twice: bit by bit a comment of 4 MiB would take an emulated processor a second.
fn behind_zeros(sum: u32, bytes: usize) -> u32 {
    let apply = |map: &[u32; 32], sum: u32| map.iter().enumerate().filter(|(bit, _)| sum >> bit & 1 == 1).fold(0, |sum, (_, of)| sum ^ of);
    let one = |sum: u32| (0..8).fold(sum, |sum, _| if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 });
    let mut map: [u32; 32] = core::array::from_fn(|bit| one(1 << bit));
    let (mut sum, mut left) = (sum, bytes);
    while left > 0 {
        if left & 1 == 1 {
            sum = apply(&map, sum);
        }
        map = map.map(|of| apply(&map, of));
        left >>= 1;
    }
    sum
}

/// Headers whose comment has so many bytes, mostly zeros.
fn commented(bytes: usize) -> Vec<u8> {
    let setup = short();
    let mut out = first(&setup);
    // What a comment begins with is a page of its own, up to the end of a segment.
    let mut start = Setup::comment();
    start.resize(255, 0);
    out.extend(page(0, -1, Layout::PLAIN.serial, 1, &[255], &start));
    let (mut number, mut left) = (2, bytes - start.len());
    while left > 0 {
        let part = left.min(PAGE_BYTES - 255);
        out.extend(zeros(1, number, part == left, part));
        left -= part;
        number += 1;
    }
    let packet = setup.write();
    let mut lengths = vec![255; packet.len() / 255];
    lengths.push((packet.len() % 255) as u8);
    out.extend(page(4, 0, Layout::PLAIN.serial, number, &lengths, &packet));
    out
}

/// Headers of a stream that goes on behind them.
pub(super) fn open_headers() -> Vec<u8> {
    let setup = short();
    let (comment, packet) = (Setup::comment(), setup.write());
    let mut lengths = vec![comment.len() as u8];
    lengths.extend(vec![255; packet.len() / 255]);
    lengths.push((packet.len() % 255) as u8);
    [first(&setup), page(0, 0, Layout::PLAIN.serial, 1, &lengths, &[comment, packet].concat())].concat()
}

/// Headers, and then a packet of audio that goes on for so many pages and never ends.
pub(super) fn endless(pages: u32) -> Vec<u8> {
    let mut out = open_headers();
    (0..pages).for_each(|number| out.extend(zeros(u8::from(number > 0), 2 + number, false, PAGE_BYTES)));
    out
}

#[cfg(test)]
mod tests {
    use super::{behind_zeros, zeros};
    use crate::vorbis::write::{checksum, page};
    use alloc::vec;

    #[test]
    fn a_checksum_goes_on_over_zeros() {
        for bytes in [0, 1, 2, 7, 300, 65_025] {
            assert_eq!(behind_zeros(checksum(b"OggS"), bytes), checksum(&[&b"OggS"[..], &vec![0; bytes]].concat()));
        }
    }

    #[test]
    fn a_page_of_zeros_is_a_page() {
        assert_eq!(zeros(1, 9, false, 510), page(1, -1, 7, 9, &[255; 2], &[0; 510]));
        assert_eq!(zeros(1, 9, true, 511), page(1, 0, 7, 9, &[255, 255, 1], &[0; 511]));
    }
}
