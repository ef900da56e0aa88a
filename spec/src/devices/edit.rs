//! Parts of a blob, found without asking whether it is right, so that smaller blobs can be made of it.

use super::tree::{set_word, word};
use alloc::vec::Vec;
use core::ops::Range;

/// A node or a property in a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it stands; a node with all that it has.
    pub bytes: Range<usize>,
    /// Nodes above it. The root is no part.
    pub depth: usize,
    /// Whether it is a node.
    pub node: bool,
}

/// Every node but the root and every property, in the order of the blob, up to the first thing that is neither.
pub fn parts(blob: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let Some(start) = word(blob, 8) else { return parts };
    let mut place = start as usize;
    while let Some(token) = word(blob, place) {
        let begin = place;
        place += 4;
        match token {
            1 => {
                let Some(length) = blob.get(place..).and_then(|rest| rest.iter().position(|byte| *byte == 0)) else { break };
                open.push((begin, parts.len()));
                parts.push(Part { bytes: begin..begin, depth: open.len() - 1, node: true });
                place = (place + length + 1).next_multiple_of(4);
            }
            2 => {
                let Some((_, number)) = open.pop() else { break };
                parts[number].bytes.end = place;
            }
            3 => {
                let Some(length) = word(blob, place) else { break };
                place = (place + 8).saturating_add(length as usize).next_multiple_of(4);
                if place > blob.len() {
                    break;
                }
                parts.push(Part { bytes: begin..place, depth: open.len(), node: false });
            }
            4 => {}
            _ => break,
        }
    }
    // What was not ended can't be taken out, and neither can the root.
    parts.retain(|part| !part.bytes.is_empty() && part.depth > 0);
    parts
}

/// The halves of the root's children as parts that are taken out at once, where there are many.
pub(super) fn halves(parts: &[Part]) -> Option<[Part; 2]> {
    let mut children = parts.iter().filter(|part| part.node && part.depth == 1);
    let (count, first, last) = (children.clone().count(), children.clone().next()?, children.clone().next_back()?);
    // Children without anything between them, which is how they are written.
    let middle = children.nth(count / 2)?;
    let half = |start: usize, end: usize| Part { bytes: start..end, depth: 1, node: true };
    (count > 8).then(|| [half(first.bytes.start, middle.bytes.start), half(middle.bytes.start, last.bytes.end)])
}

/// The blob without one of its parts, with a header that fits.
pub fn without(blob: &[u8], part: &Part) -> Vec<u8> {
    let mut less = blob.to_vec();
    less.drain(part.bytes.clone());
    let gone = part.bytes.len() as u32;
    // Total length, offset of the strings, length of the structure.
    for place in [4, 12, 36] {
        if let Some(value) = word(&less, place) {
            set_word(&mut less, place, value.wrapping_sub(gone));
        }
    }
    less
}
