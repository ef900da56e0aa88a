//! Reads back what the writer writes, for whoever asks what a stream is made of, or changes one thing of it.

use super::{Class, Codebook, Floor, Form, Lookup, Mapping, Mode, Residue, Setup, bits, checksum};
use alloc::vec::Vec;

/// A page of a file.
#[derive(Clone, Debug)]
pub struct Page {
    /// 1 for a continued packet, 2 for the first page and 4 for the last.
    pub flags: u8,
    /// Position of the last packet that ends here.
    pub granule: i64,
    /// Serial number of its stream.
    pub serial: u32,
    /// Its number in the stream.
    pub number: u32,
    /// Lengths of its segments.
    pub lengths: Vec<u8>,
    /// The segments.
    pub body: Vec<u8>,
    /// Whether its checksum is that of its bytes.
    pub right: bool,
}

impl Page {
    /// The page's bytes, with a checksum that is as right or wrong as it was.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = super::page(self.flags, self.granule, self.serial, self.number, &self.lengths, &self.body);
        if !self.right {
            out[22] ^= 1;
        }
        out
    }

    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (header, rest) = bytes.split_first_chunk::<27>()?;
        let (lengths, rest) = rest.split_at_checked(usize::from(header[26]))?;
        let (body, after) = rest.split_at_checked(lengths.iter().map(|length| usize::from(*length)).sum())?;
        let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let mut blanked = bytes[..bytes.len() - after.len()].to_vec();
        blanked[22..26].fill(0);
        let page = Self {
            flags: header[5],
            granule: i64::from(number(6)) | i64::from(number(10)) << 32,
            serial: number(14),
            number: number(18),
            lengths: lengths.to_vec(),
            body: body.to_vec(),
            right: checksum(&blanked) == number(22),
        };
        header.starts_with(b"OggS\0").then_some((page, after))
    }
}

/// The pages of a file up to the first that is none, and the bytes from there on.
pub fn pages(file: &[u8]) -> (Vec<Page>, &[u8]) {
    let (mut pages, mut rest) = (Vec::new(), file);
    while let Some((page, after)) = Page::read(rest) {
        pages.push(page);
        rest = after;
    }
    (pages, rest)
}

/// What a file says, as far as it can be read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The headers.
    pub setup: Setup,
    /// The audio packets that are whole.
    pub audio: Vec<Vec<u8>>,
    /// How many pages there are before the first of audio.
    pub header_pages: usize,
}

/// Reads a file whose headers are right.
pub fn read(file: &[u8]) -> Option<Read> {
    let (pages, _) = pages(file);
    let serial = pages.first()?.serial;
    let (mut packets, mut open, mut header_pages) = (Vec::new(), Vec::new(), 0);
    for (index, page) in pages.iter().enumerate().filter(|(_, page)| page.serial == serial) {
        let mut at = 0;
        for length in &page.lengths {
            open.extend_from_slice(&page.body[at..at + usize::from(*length)]);
            at += usize::from(*length);
            if *length < 255 {
                packets.push(core::mem::take(&mut open));
                if packets.len() == 3 {
                    header_pages = index + 1;
                }
            }
        }
    }
    let [identification, _, setup, audio @ ..] = packets.as_slice() else { return None };
    Some(Read { setup: Setup::read(identification, setup)?, audio: audio.to_vec(), header_pages })
}

/// The file with other headers and the same audio; the file itself where its headers can't be read.
pub fn with_setup(file: &[u8], change: impl FnOnce(&mut Setup)) -> Vec<u8> {
    let Some(mut read) = read(file) else { return file.to_vec() };
    change(&mut read.setup);
    let headers = [read.setup.identification(), Setup::comment(), read.setup.write()];
    let (mut pages, rest) = pages(file);
    let layout = super::Layout { serial: pages[0].serial, segments: 255, start: 0, cut: 0, foreign: false };
    let mut out = super::file(headers.each_ref().map(Vec::as_slice), &[], layout);
    let (new, _) = self::pages(&out);
    let audio = pages.split_off(read.header_pages);
    if audio.is_empty() && rest.is_empty() {
        return out;
    }
    let ours = |pages: &[Page]| pages.iter().filter(|page| page.serial == layout.serial).count() as u32;
    let moved = ours(&new).wrapping_sub(ours(&pages));
    // What follows goes on, so that the last of the headers is not the last page.
    out = new.into_iter().flat_map(|page| Page { flags: page.flags & !4, ..page }.bytes()).collect();
    for page in audio {
        let number = if page.serial == layout.serial { page.number.wrapping_add(moved) } else { page.number };
        out.extend(Page { number, ..page }.bytes());
    }
    out.extend_from_slice(rest);
    out
}

/// Reads bits, the lowest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn read(&mut self, count: u32) -> Option<u64> {
        let mut value = 0;
        for bit in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value |= u64::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        self.read(1).map(|bit| bit == 1)
    }

    /// So many things.
    fn list<T>(&mut self, count: u64, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..count).map(|_| read(self)).collect()
    }
}

impl Setup {
    /// Reads the first and the third header; none where the writer would not write them so.
    pub fn read(identification: &[u8], setup: &[u8]) -> Option<Self> {
        let mut bits = Bits { bytes: identification.strip_prefix(b"\x01vorbis")?, at: 32 };
        let (channels, rate) = (bits.read(8)? as u8, bits.read(32)? as u32);
        bits.at += 96;
        let blocks = [bits.read(4)? as u32, bits.read(4)? as u32];
        if channels == 0 || blocks.iter().any(|block| !(6..=13).contains(block)) {
            return None;
        }
        let bits = &mut Bits { bytes: setup.strip_prefix(b"\x05vorbis")?, at: 0 };
        let count = bits.read(8)? + 1;
        let codebooks = bits.list(count, Codebook::read)?;
        let count = bits.read(6)? + 1;
        bits.list(count, |bits| bits.read(16))?;
        let count = bits.read(6)? + 1;
        let floors = bits.list(count, Floor::read)?;
        let count = bits.read(6)? + 1;
        let residues = bits.list(count, Residue::read)?;
        let count = bits.read(6)? + 1;
        let mappings = bits.list(count, |bits| Mapping::read(bits, channels))?;
        let count = bits.read(6)? + 1;
        let modes = bits.list(count, |bits| {
            let long = bits.flag()?;
            bits.at += 32;
            Some(Mode { long, mapping: bits.read(8)? as u8 })
        })?;
        Some(Self { channels, rate, blocks, codebooks, floors, residues, mappings, modes })
    }
}

impl Codebook {
    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        bits.read(24).filter(|pattern| *pattern == 0x56_4342)?;
        let (dimensions, entries) = (bits.read(16)? as u16, bits.read(24).filter(|entries| *entries <= 65_536)?);
        let form = if bits.flag()? {
            Form::Ordered
        } else if bits.flag()? {
            Form::Sparse
        } else {
            Form::Dense
        };
        let mut lengths = Vec::new();
        if form == Form::Ordered {
            let mut length = bits.read(5)? as u8 + 1;
            while (lengths.len() as u64) < entries {
                let left = entries - lengths.len() as u64;
                let number = bits.read(bits::width(left)).filter(|number| *number <= left && length <= 32)?;
                lengths.extend((0..number).map(|_| length));
                length += 1;
            }
        } else {
            lengths = bits.list(entries, |bits| {
                let used = form == Form::Dense || bits.flag()?;
                Some(if used { bits.read(5)? as u8 + 1 } else { 0 })
            })?;
        }
        let kind = bits.read(4)? as u8;
        let mut book = Self { dimensions, lengths, form, lookup: None };
        if kind > 0 {
            let (minimum, delta) = (bits.read(32)? as u32, bits.read(32)? as u32);
            let (value_bits, sequence) = (bits.read(4)? as u32 + 1, bits.flag()?);
            let all = entries * u64::from(dimensions);
            let count = if kind == 1 { Self::lattice_values(book.lengths.len(), dimensions) as u64 } else { all };
            let multiplicands = bits.list(count, |bits| bits.read(value_bits).map(|value| value as u16))?;
            book.lookup = Some(Lookup { kind, minimum, delta, value_bits, sequence, multiplicands });
        }
        Some(book)
    }
}

impl Floor {
    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        if bits.read(16)? == 0 {
            let (order, rate, map_size) = (bits.read(8)? as u8, bits.read(16)? as u16, bits.read(16)? as u16);
            let (amplitude_bits, amplitude_offset) = (bits.read(6)? as u32, bits.read(8)? as u8);
            let count = bits.read(4)? + 1;
            let books = bits.list(count, |bits| bits.read(8).map(|book| book as u8))?;
            return Some(Self::Response { order, rate, map_size, amplitude_bits, amplitude_offset, books });
        }
        let count = bits.read(5)?;
        let partitions = bits.list(count, |bits| bits.read(4).map(|class| class as u8))?;
        let count = partitions.iter().max().map_or(0, |highest| u64::from(*highest) + 1);
        let classes = bits.list(count, Class::read)?;
        let (multiplier, range_bits) = (bits.read(2)? as u8 + 1, bits.read(4)? as u32);
        let points = partitions.iter().map(|class| u64::from(classes[usize::from(*class)].dimensions)).sum();
        let places = bits.list(points, |bits| bits.read(range_bits).map(|place| place as u16))?;
        Some(Self::Points { partitions, classes, multiplier, range_bits, places })
    }
}

impl Class {
    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let (dimensions, subclass_bits) = (bits.read(3)? as u8 + 1, bits.read(2)? as u32);
        let master = if subclass_bits > 0 { bits.read(8)? as u8 } else { 0 };
        let books = bits.list(1 << subclass_bits, |bits| bits.read(8).map(|book| (book as u8).checked_sub(1)))?;
        Some(Self { dimensions, subclass_bits, master, books })
    }
}

impl Residue {
    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let kind = bits.read(16)? as u8;
        let (begin, end, partition) = (bits.read(24)? as u32, bits.read(24)? as u32, bits.read(24)? as u32 + 1);
        let (count, classbook) = (bits.read(6)? + 1, bits.read(8)? as u8);
        let cascades = bits.list(count, |bits| {
            let low = bits.read(3)?;
            Some(if bits.flag()? { bits.read(5)? << 3 | low } else { low })
        })?;
        let mut books = Vec::new();
        for cascade in cascades {
            let mut chosen = [None; 8];
            for (_, book) in chosen.iter_mut().enumerate().filter(|(pass, _)| cascade >> pass & 1 == 1) {
                *book = Some(bits.read(8)? as u8);
            }
            books.push(chosen);
        }
        Some(Self { kind, begin, end, partition, classbook, books })
    }
}

impl Mapping {
    fn read(bits: &mut Bits<'_>, channels: u8) -> Option<Self> {
        bits.read(16)?;
        let submaps = if bits.flag()? { bits.read(4)? + 1 } else { 1 };
        let width = bits::width(u64::from(channels) - 1);
        let steps = if bits.flag()? { bits.read(8)? + 1 } else { 0 };
        let coupling = bits.list(steps, |bits| Some((bits.read(width)? as u8, bits.read(width)? as u8)))?;
        bits.read(2)?;
        let mux = bits.list(channels.into(), |bits| if submaps > 1 { bits.read(4).map(|submap| submap as u8) } else { Some(0) })?;
        let submaps = bits.list(submaps, |bits| {
            bits.read(8)?;
            Some((bits.read(8)? as u8, bits.read(8)? as u8))
        })?;
        Some(Self { submaps, mux, coupling })
    }
}
