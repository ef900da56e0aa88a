//! Pages of an Ogg file, from input in pieces of any size, and the packets in them.

use crate::Result;
use crate::error::VorbisError;
use alloc::vec::Vec;
use core::ops::Range;
use spec::vorbis::{Reject, VORBIS_COMMENT_BYTES_MAX, VORBIS_PACKET_BYTES_MAX};

const HEADER_BYTES: usize = 27;
const SEGMENTS_MAX: usize = 255;
/// Bytes of the comment that are kept.
const COMMENT_BYTES_KEPT: usize = 16;

/// What a page's header says.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageInfo {
    pub continued: bool,
    pub first: bool,
    pub last: bool,
    pub granule: i64,
    pub serial: u32,
    pub number: u32,
}

/// Collects a page. It never holds more than one, and never more than a page can have.
#[derive(Clone, Debug, Default)]
pub struct PageReader {
    page: Vec<u8>,
    complete: bool,
}

impl PageReader {
    /// Whether input ended within a page would be missing something.
    pub const fn is_within_page(&self) -> bool {
        !self.page.is_empty() && !self.complete
    }

    /// Takes bytes up to the end of the page, and gives how many and, once it is complete, what its header says.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(usize, Option<PageInfo>)> {
        let mut taken = 0_usize;
        loop {
            let wanted = self.wanted()?;
            let missing = wanted.saturating_sub(self.page.len());
            let rest = bytes.get(taken..).unwrap_or_default();
            let piece = rest.get(..missing).unwrap_or(rest);
            self.page.extend_from_slice(piece);
            taken = taken.saturating_add(piece.len());
            if piece.len() < missing {
                return Ok((taken, None));
            }
            if missing == 0 {
                let info = self.checked()?;
                self.complete = true;
                return Ok((taken, Some(info)));
            }
        }
    }

    /// The bytes of the complete page behind its header, with the lengths of their segments.
    pub fn body(&self) -> (&[u8], &[u8]) {
        let segments = usize::from(self.byte(HEADER_BYTES.saturating_sub(1)));
        let rest = self.page.get(HEADER_BYTES..).unwrap_or_default();
        rest.split_at_checked(segments).unwrap_or_default()
    }

    /// Makes room for the next page, if this one is complete.
    pub fn clear(&mut self) {
        if core::mem::take(&mut self.complete) {
            self.page.clear();
        }
    }

    /// How many bytes of the page are known to be needed.
    fn wanted(&self) -> Result<usize> {
        if self.page.len() < HEADER_BYTES {
            return Ok(HEADER_BYTES);
        }
        if !self.page.starts_with(b"OggS\0") {
            return Err(malformed("a page does not start with OggS and version 0"));
        }
        let (lengths, _) = self.body();
        let segments = usize::from(self.byte(HEADER_BYTES.saturating_sub(1)));
        let start = HEADER_BYTES.saturating_add(segments);
        if lengths.len() < segments {
            return Ok(start);
        }
        Ok(lengths.iter().fold(start, |sum, length| sum.saturating_add(usize::from(*length))))
    }

    fn byte(&self, at: usize) -> u8 {
        self.page.get(at).copied().unwrap_or_default()
    }

    fn checked(&self) -> Result<PageInfo> {
        let Some((header, rest)) = self.page.split_first_chunk::<HEADER_BYTES>() else { return Ok(PageInfo::default()) };
        let [_, _, _, _, _, flags, g0, g1, g2, g3, g4, g5, g6, g7, s0, s1, s2, s3, n0, n1, n2, n3, c0, c1, c2, c3, _] = *header;
        let mut blanked = *header;
        if let Some(checksum) = blanked.get_mut(22..26) {
            checksum.fill(0);
        }
        if checksum(checksum(0, &blanked), rest) != u32::from_le_bytes([c0, c1, c2, c3]) {
            return Err(VorbisError::new(Reject::CorruptOgg, "a page's checksum is not that of its bytes", "copy the file again"));
        }
        Ok(PageInfo {
            continued: flags & 1 != 0,
            first: flags & 2 != 0,
            last: flags & 4 != 0,
            granule: i64::from_le_bytes([g0, g1, g2, g3, g4, g5, g6, g7]),
            serial: u32::from_le_bytes([s0, s1, s2, s3]),
            number: u32::from_le_bytes([n0, n1, n2, n3]),
        })
    }
}

/// Packets of a page that wait, and the start of one that goes on on the next page.
#[derive(Clone, Debug, Default)]
pub struct Packets {
    /// The first packet, if it began on an earlier page.
    carried: Option<Vec<u8>>,
    /// The packets that lie within the body of the page.
    spans: Vec<Range<u16>>,
    next: usize,
    pending: Option<Pending>,
    /// Packets that are complete, over all pages.
    complete: u64,
}

#[derive(Clone, Debug, Default)]
struct Pending {
    bytes: Vec<u8>,
    /// All bytes, of which those of a comment are not all kept.
    count: usize,
}

impl Packets {
    /// Whether a packet goes on on the next page.
    pub const fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Packets that wait.
    pub fn waiting(&self) -> usize {
        self.spans.len().saturating_sub(self.next).saturating_add(usize::from(self.carried.is_some()))
    }

    /// Splits a page whole, before any of its packets is looked at.
    pub fn split(&mut self, lengths: &[u8], body: &[u8]) -> Result<()> {
        self.spans.clear();
        self.next = 0;
        self.carried = None;
        let mut pending = self.pending.take();
        let (mut start, mut end) = (0_u16, 0_u16);
        for length in lengths {
            end = end.saturating_add(u16::from(*length));
            let before = pending.as_ref().map_or(0, |pending| pending.count);
            let count = before.saturating_add(usize::from(end.saturating_sub(start)));
            let (max, what) = match self.complete {
                // The comment is the second packet.
                1 => (VORBIS_COMMENT_BYTES_MAX, "the comment's size in bytes"),
                _ => (VORBIS_PACKET_BYTES_MAX, "a packet's size in bytes"),
            };
            if count > max as usize {
                return Err(VorbisError::above(Reject::OversizedInput, what, count as u64, u64::from(max), "encode smaller packets"));
            }
            if *length < 255 {
                match pending.take() {
                    Some(mut begun) => {
                        begun.append(body, start..end, self.complete);
                        self.carried = Some(begun.bytes);
                    }
                    None => self.spans.push(start..end),
                }
                self.complete = self.complete.saturating_add(1);
                start = end;
            }
        }
        if lengths.last() == Some(&255) {
            let mut begun = pending.take().unwrap_or_default();
            begun.append(body, start..end, self.complete);
            pending = Some(begun);
        }
        self.pending = pending;
        Ok(())
    }

    /// The packets that wait, in order.
    pub fn iter<'a>(&'a self, body: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let spans = self.spans.get(self.next..).unwrap_or_default();
        self.carried.as_deref().into_iter().chain(spans.iter().map(|span| slice(body, span)))
    }

    /// The first packet that waits.
    pub fn first<'a>(&'a self, body: &'a [u8]) -> Option<&'a [u8]> {
        self.iter(body).next()
    }

    /// Passes over the first packet that waits.
    pub fn pass(&mut self) {
        if self.carried.take().is_none() {
            self.next = self.next.saturating_add(1);
        }
    }
}

impl Pending {
    fn append(&mut self, body: &[u8], span: Range<u16>, packet: u64) {
        let bytes = slice(body, &span);
        self.count = self.count.saturating_add(bytes.len());
        let kept = match packet {
            1 => bytes.get(..COMMENT_BYTES_KEPT.saturating_sub(self.bytes.len())).unwrap_or(bytes),
            _ => bytes,
        };
        self.bytes.extend_from_slice(kept);
    }
}

fn slice<'a>(body: &'a [u8], span: &Range<u16>) -> &'a [u8] {
    body.get(usize::from(span.start)..usize::from(span.end)).unwrap_or_default()
}

pub fn malformed(what: &'static str) -> VorbisError {
    VorbisError::new(Reject::MalformedOgg, what, "give an Ogg file with one Vorbis stream")
}

/// Remainders of the polynomial 0x104c11db7, for eight bytes at a time.
const REMAINDERS: [[u32; 256]; 8] = remainders();

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler alone")]
const fn remainders() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            remainder = remainder << 1 ^ if remainder >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        tables[0][byte] = remainder;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = before << 8 ^ tables[0][(before >> 24) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

fn remainder(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Goes on with a checksum over more bytes.
fn checksum(start: u32, bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let [t0, t1, t2, t3, t4, t5, t6, t7] = &REMAINDERS;
    let sum = words.iter().fold(start, |sum, [b0, b1, b2, b3, b4, b5, b6, b7]| {
        let [s0, s1, s2, s3] = (sum ^ u32::from_be_bytes([*b0, *b1, *b2, *b3])).to_be_bytes();
        let high = remainder(t7, s0) ^ remainder(t6, s1) ^ remainder(t5, s2) ^ remainder(t4, s3);
        high ^ remainder(t3, *b4) ^ remainder(t2, *b5) ^ remainder(t1, *b6) ^ remainder(t0, *b7)
    });
    rest.iter().fold(sum, |sum, byte| {
        let [high, ..] = sum.to_be_bytes();
        sum << 8 ^ remainder(t0, high ^ byte)
    })
}

/// Most bytes that a reader holds: one page.
pub const PAGE_BYTES_MAX: usize = HEADER_BYTES + SEGMENTS_MAX + SEGMENTS_MAX * 255;
