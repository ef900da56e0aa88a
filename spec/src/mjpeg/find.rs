//! Where the parts of a stream lie, for whoever changes one of them.

use alloc::vec::Vec;
use core::ops::Range;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundKind {
    /// A segment of this marker: marker, length and content.
    Segment(u8),
    /// Entropy-coded data of a scan, restart markers included.
    Data,
}

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The number of its picture, from 0.
    pub picture: usize,
    /// What it is.
    pub kind: FoundKind,
    /// Where it lies.
    pub bytes: Range<usize>,
}

/// The segments and data of all pictures in a stream, as far as they are whole. Whatever is between pictures is passed over.
pub fn find(stream: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let (mut at, mut number) = (0, 0);
    while let Some(start) = stream.get(at..).and_then(|rest| rest.windows(2).position(|two| two == [0xff, 0xd8])) {
        at += start + 2;
        let end = picture(stream, at, number, &mut found);
        at = end.unwrap_or(stream.len());
        number += 1;
    }
    found
}

/// The end of the picture whose first marker ends at `at`.
fn picture(stream: &[u8], mut at: usize, picture: usize, found: &mut Vec<Found>) -> Option<usize> {
    loop {
        let marker = *stream.get(at + 1)?;
        if stream.get(at)? != &0xff {
            return None;
        }
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            0xd9 => return Some(at + 2),
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*stream.get(at + 2)?, *stream.get(at + 3)?]));
        let bytes = at..at + 2 + length;
        stream.get(bytes.clone())?;
        at = bytes.end;
        found.push(Found { picture, kind: FoundKind::Segment(marker), bytes });
        if marker == 0xda {
            let data = stream.get(at..)?;
            let end = data.windows(2).position(|two| two[0] == 0xff && !matches!(two[1], 0 | 0xd0..=0xd7 | 0xff))?;
            found.push(Found { picture, kind: FoundKind::Data, bytes: at..at + end });
            at += end;
        }
    }
}
