//! Pages of an Ogg file.

use spec::vorbis::Reject;

/// A page, its checksum checked.
pub struct Page {
    /// Its first bytes go on with a packet of the page before.
    pub continued: bool,
    /// It opens a stream.
    pub first: bool,
    /// It ends a stream.
    pub last: bool,
    pub granule: i64,
    pub serial: u32,
    pub number: u32,
    /// Pieces of packets of at most 255 bytes each; a shorter one ends its packet.
    pub segments: Vec<Vec<u8>>,
}

impl Page {
    /// Reads a page and gives what follows it.
    pub fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Reject> {
        // VORBIS-001
        let header = bytes.get(..27).ok_or(Reject::TruncatedOgg)?;
        if !header.starts_with(b"OggS\0") {
            return Err(Reject::MalformedOgg);
        }
        let lengths = bytes.get(27..27 + usize::from(header[26])).ok_or(Reject::TruncatedOgg)?;
        let start = 27 + lengths.len();
        let size = start + lengths.iter().map(|length| usize::from(*length)).sum::<usize>();
        let whole = bytes.get(..size).ok_or(Reject::TruncatedOgg)?;
        let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let mut blanked = whole.to_vec();
        blanked[22..26].fill(0);
        if checksum(&blanked) != number(22) {
            return Err(Reject::CorruptOgg);
        }
        let mut segments = Vec::new();
        let mut at = start;
        for length in lengths {
            segments.push(whole[at..at + usize::from(*length)].to_vec());
            at += usize::from(*length);
        }
        let granule = u64::from(number(6)) | u64::from(number(10)) << 32;
        let page = Self {
            continued: header[5] & 1 != 0,
            first: header[5] & 2 != 0,
            last: header[5] & 4 != 0,
            granule: granule as i64,
            serial: number(14),
            number: number(18),
            segments,
        };
        Ok((page, &bytes[size..]))
    }
}

/// The remainder of the bytes, the highest bit of each first, by the polynomial 0x104c11db7.
fn checksum(bytes: &[u8]) -> u32 {
    let mut remainder = 0_u32;
    for byte in bytes {
        remainder ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            let carry = remainder >> 31 == 1;
            remainder = remainder << 1 ^ if carry { 0x04c1_1db7 } else { 0 };
        }
    }
    remainder
}
