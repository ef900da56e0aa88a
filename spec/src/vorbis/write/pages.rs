//! Pages of an Ogg file.

use alloc::vec::Vec;

/// How packets lie in pages.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Serial number of the stream.
    pub serial: u32,
    /// Most segments of a page, 1 to 255.
    pub segments: usize,
    /// Added to every position: a negative number drops frames at the start.
    pub start: i64,
    /// Frames that the last position says less than there are.
    pub cut: i64,
    /// Whether pages of another stream lie between.
    pub foreign: bool,
}

/// The remainder of the bytes, the highest bit of each first, by the polynomial 0x104c11db7.
pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        let start = sum ^ u32::from(*byte) << 24;
        (0..8).fold(start, |sum, _| if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 })
    })
}

/// One page; `flags` are 1 for a continued packet, 2 for the first page and 4 for the last.
pub fn page(flags: u8, granule: i64, serial: u32, number: u32, lengths: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = b"OggS\0".to_vec();
    out.push(flags);
    out.extend_from_slice(&granule.to_le_bytes());
    out.extend_from_slice(&serial.to_le_bytes());
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.push(lengths.len() as u8);
    out.extend_from_slice(lengths);
    out.extend_from_slice(body);
    let sum = checksum(&out);
    out[22..26].copy_from_slice(&sum.to_le_bytes());
    out
}

/// A file of three headers and of audio packets with the number of frames that each finishes.
pub fn file(headers: [&[u8]; 3], audio: &[(Vec<u8>, i64)], layout: Layout) -> Vec<u8> {
    let [identification, comment, setup] = headers;
    let mut pages = Pages { out: Vec::new(), layout, number: 0, continued: false };
    pages.put(&[(identification.to_vec(), 0)], false);
    pages.put(&[(comment.to_vec(), 0), (setup.to_vec(), 0)], audio.is_empty());
    let mut position = layout.start;
    let count = audio.len();
    let audio: Vec<(Vec<u8>, i64)> = audio
        .iter()
        .enumerate()
        .map(|(index, (packet, frames))| {
            position += frames;
            (packet.clone(), position - if index + 1 == count { layout.cut } else { 0 })
        })
        .collect();
    if !audio.is_empty() {
        pages.put(&audio, true);
    }
    pages.out
}

struct Pages {
    out: Vec<u8>,
    layout: Layout,
    number: u32,
    continued: bool,
}

impl Pages {
    /// Puts packets, with their positions, into pages of their own.
    fn put(&mut self, packets: &[(Vec<u8>, i64)], last: bool) {
        let mut segments: Vec<(&[u8], Option<i64>)> = Vec::new();
        for (packet, position) in packets {
            let mut rest = packet.as_slice();
            while let Some((segment, after)) = rest.split_at_checked(255) {
                segments.push((segment, None));
                rest = after;
            }
            segments.push((rest, Some(*position)));
        }
        let groups: Vec<_> = segments.chunks(self.layout.segments).collect();
        for (index, group) in groups.iter().enumerate() {
            let lengths: Vec<u8> = group.iter().map(|(segment, _)| segment.len() as u8).collect();
            let body: Vec<u8> = group.iter().flat_map(|(segment, _)| segment.iter().copied()).collect();
            let granule = group.iter().rev().find_map(|(_, position)| *position).unwrap_or(-1);
            let first = if self.number == 0 { 2 } else { 0 };
            let end = if last && index + 1 == groups.len() { 4 } else { 0 };
            self.out.extend(page(u8::from(self.continued) | first | end, granule, self.layout.serial, self.number, &lengths, &body));
            self.continued = lengths.last() == Some(&255);
            self.number += 1;
            if self.layout.foreign {
                self.out.extend(page(0, 0, !self.layout.serial, self.number, &[3], &[7; 3]));
            }
        }
    }
}
