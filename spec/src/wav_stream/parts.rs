//! Where the chunks of a stream lie, for whoever changes one of them.

use super::{WAV_STREAM_CHUNK_BYTES, WAV_STREAM_START_BYTES};
use alloc::vec::Vec;
use core::ops::Range;

/// A chunk of a stream, whose eight first bytes are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: [u8; 4],
    /// The length that it claims, in bytes.
    pub claimed: u32,
    /// Where its first byte lies.
    pub at: usize,
    /// Where its content lies, as far as it is there.
    pub content: Range<usize>,
}

impl Found {
    /// Whether its content is there.
    pub const fn is_whole(&self) -> bool {
        self.content.end - self.content.start == self.claimed as usize
    }
}

/// The chunks of a stream up to its first data chunk.
pub fn chunks(stream: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = WAV_STREAM_START_BYTES as usize;
    while let Some([n0, n1, n2, n3, l0, l1, l2, l3]) = stream.get(at..at + WAV_STREAM_CHUNK_BYTES as usize) {
        let (name, claimed) = ([*n0, *n1, *n2, *n3], u32::from_le_bytes([*l0, *l1, *l2, *l3]));
        let start = at + WAV_STREAM_CHUNK_BYTES as usize;
        let end = start + claimed as usize;
        found.push(Found { name, claimed, at, content: start..end.min(stream.len()) });
        if name == *b"data" {
            break;
        }
        at = end + claimed as usize % 2;
    }
    found
}
