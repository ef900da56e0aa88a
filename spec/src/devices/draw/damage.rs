//! Bytes of a blob that were cut, moved or flipped.

use crate::devices::{DEVICES_BLOB_BYTES_MAX, DEVICES_HEADER_BYTES, Part, parts, set_word, word};
use crate::{Entropy, entropy};
use alloc::vec;
use alloc::vec::Vec;

/// Places in the header: total length, structure, strings, reserved memory, version, compatible version, lengths of strings and structure.
const HEADER: [usize; 8] = [4, 8, 12, 16, 20, 24, 32, 36];

/// Damages a well-formed blob.
pub fn damage(source: &mut dyn Entropy, blob: &mut Vec<u8>) {
    match source.below(12) {
        0 => blob.truncate(source.below(blob.len() as u64) as usize),
        1 => {
            let place = entropy::pick(source, HEADER);
            let old = word(blob, place).unwrap_or(0);
            let near = old.wrapping_add_signed(source.between(-9, 9) as i32);
            let value = entropy::pick(source, [near, near, near, 0, u32::MAX, 1 << 31, old.wrapping_add(1 << 16), DEVICES_HEADER_BYTES]);
            set_word(blob, place, value);
        }
        2 => {
            let claim = entropy::pick(source, [DEVICES_BLOB_BYTES_MAX, DEVICES_BLOB_BYTES_MAX + 1, DEVICES_HEADER_BYTES, 8, 7, 0]);
            set_word(blob, 4, claim);
            if source.one_in(2) && claim <= DEVICES_HEADER_BYTES {
                blob.truncate(claim as usize);
            }
        }
        3 => set_word(blob, 0, entropy::pick(source, [0, 0xedfe_0dd0, 0xd00d_feee, u32::MAX])),
        4 => reserved(source, blob),
        5..=6 => tokens(source, blob),
        7..=8 => part_names(source, blob),
        9 => {
            let byte = source.below(blob.len() as u64) as usize;
            blob.insert(byte, source.bits() as u8);
            let length = blob.len() as u32;
            set_word(blob, 4, length);
        }
        _ => {
            for _ in 0..1 + source.below(3) {
                let byte = source.below(blob.len() as u64) as usize;
                if let Some(byte) = blob.get_mut(byte) {
                    *byte = if source.one_in(2) { *byte ^ 1 << source.below(8) } else { source.bits() as u8 };
                }
            }
        }
    }
}

/// Makes room before the structure for reserved memory, with an end or without one.
fn reserved(source: &mut dyn Entropy, blob: &mut Vec<u8>) {
    let (entries, rest) = (1 + source.below(3) as usize, entropy::pick(source, [0, 0, 4, 8]));
    let mut list = vec![0x11_u8; entries * 16 + rest];
    if source.one_in(2) {
        // An entry of an address without a length is none that ends the list.
        list[..16].copy_from_slice(&[0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    let place = entropy::pick(source, [40, 40, 56]);
    blob.splice(place..place, list.iter().copied());
    for place in [4, 8, 12] {
        let moved = word(blob, place).unwrap_or(0).wrapping_add(list.len() as u32);
        set_word(blob, place, moved);
    }
}

/// Another token in the place of one, one more, or one less.
fn tokens(source: &mut dyn Entropy, blob: &mut Vec<u8>) {
    let parts = parts(blob);
    let start = word(blob, 8).unwrap_or(0) as usize;
    let end = word(blob, 12).unwrap_or(0) as usize;
    let number = source.below(parts.len() as u64 + 3) as usize;
    let place = match parts.get(number) {
        Some(part) if part.node && source.one_in(2) => part.bytes.end - 4,
        Some(part) => part.bytes.start,
        None if number == parts.len() => start,
        None => end.saturating_sub(4 * (number - parts.len())),
    };
    let token = entropy::pick(source, [4, 1, 2, 3, 9, 0, 5, 0x0100_0000, u32::MAX]);
    match source.below(4) {
        0 if place + 4 <= blob.len() => {
            blob.drain(place..place + 4);
            moved(blob, 4_u32.wrapping_neg());
        }
        1..=2 if place <= blob.len() => {
            blob.splice(place..place, token.to_be_bytes());
            moved(blob, 4);
        }
        _ => set_word(blob, place, token),
    }
}

/// The header after the structure became longer by so much.
fn moved(blob: &mut [u8], by: u32) {
    for place in [4, 12, 36] {
        let value = word(blob, place).unwrap_or(0).wrapping_add(by);
        set_word(blob, place, value);
    }
}

/// Names and lengths of nodes and properties.
fn part_names(source: &mut dyn Entropy, blob: &mut [u8]) {
    let parts = parts(blob);
    let number = source.below(parts.len() as u64) as usize;
    let Some(Part { bytes, node, .. }) = parts.get(number) else { return };
    let names = word(blob, 32).unwrap_or(0);
    if *node {
        if let Some(letter) = blob.get_mut(bytes.start + 4 + source.below(4) as usize) {
            *letter = entropy::pick(source, [0, b' ', b'@', b'/', 0x80, b'a', 0xff]);
        }
    } else if source.one_in(2) {
        let old = word(blob, bytes.start + 4).unwrap_or(0);
        let length = entropy::pick(source, [old + 1, old + 4, old.saturating_sub(1), 0, u32::MAX, 1 << 16]);
        set_word(blob, bytes.start + 4, length);
    } else {
        let old = word(blob, bytes.start + 8).unwrap_or(0);
        let name = entropy::pick(source, [names, names.wrapping_sub(1), old + 1, 0, u32::MAX, names / 2]);
        set_word(blob, bytes.start + 8, name);
    }
}
