//! The header, and the blocks that it describes (DEVICES-001, DEVICES-002).

use crate::Result;
use crate::error::{DevicesError, length};
use spec::ErrorCode;
use spec::devices::{DEVICES_BLOB_BYTES_MAX, DEVICES_HEADER_BYTES, DEVICES_MAGIC, DEVICES_VERSION};

/// Bytes of the header that [`size`] needs.
pub const START_BYTES: usize = 8;

/// Bytes of an entry of the reserved memory.
const RESERVED_BYTES: usize = 16;

const COMPILE: &str = "compile it from its source with dtc";

/// The length that the first bytes of a device tree give, bounded, so that no more than that is looked at.
///
/// # Errors
/// `tree_magic`, `tree_too_large`, and `tree_size_mismatch` for less than a header.
pub fn size(start: [u8; START_BYTES]) -> Result<usize> {
    let [m0, m1, m2, m3, s0, s1, s2, s3] = start;
    if u32::from_be_bytes([m0, m1, m2, m3]) != DEVICES_MAGIC {
        return Err(DevicesError::plain(ErrorCode::TreeMagic, "the magic number is not 0xd00dfeed", "give a flattened device tree"));
    }
    let size = u32::from_be_bytes([s0, s1, s2, s3]);
    let range = (u64::from(size), u64::from(DEVICES_HEADER_BYTES), u64::from(DEVICES_BLOB_BYTES_MAX));
    if size > DEVICES_BLOB_BYTES_MAX {
        return Err(DevicesError::range(ErrorCode::TreeTooLarge, "the length in the header", range, "describe less"));
    }
    if size < DEVICES_HEADER_BYTES {
        return Err(DevicesError::range(ErrorCode::TreeSizeMismatch, "the length in the header", range, COMPILE));
    }
    Ok(size as usize)
}

/// The blocks that nodes are made of.
#[derive(Clone, Copy)]
pub(crate) struct Blocks<'a> {
    /// A whole number of words.
    pub structure: &'a [u8],
    pub strings: &'a [u8],
    /// Where the structure begins in the blob.
    pub begin: usize,
}

/// The words of a header.
fn header(blob: &[u8]) -> Option<[u32; 10]> {
    let (words, _) = blob.get(..DEVICES_HEADER_BYTES as usize)?.as_chunks::<4>();
    let words: &[[u8; 4]; 10] = words.first_chunk()?;
    Some(words.map(u32::from_be_bytes))
}

/// Checks the header of a whole blob and takes its blocks.
pub(crate) fn blocks(blob: &[u8]) -> Result<Blocks<'_>> {
    let mismatch = |expected: usize| {
        let range = (length(blob.len()), length(expected), length(expected));
        DevicesError::range(ErrorCode::TreeSizeMismatch, "the blob's length", range, "give the whole blob and nothing behind it")
    };
    let size = size(*blob.first_chunk().ok_or_else(|| mismatch(DEVICES_HEADER_BYTES as usize))?)?;
    let header = header(blob).filter(|_| size == blob.len()).ok_or_else(|| mismatch(size))?;
    let [_, _, structure, strings, reserved, version, compatible, _, strings_bytes, structure_bytes] = header;
    if version < DEVICES_VERSION || compatible > DEVICES_VERSION {
        let (got, right) = (if version < DEVICES_VERSION { version } else { compatible }, u64::from(DEVICES_VERSION));
        return Err(DevicesError::range(ErrorCode::TreeVersion, "the version", (u64::from(got), right, right), COMPILE));
    }
    let layout = |what| DevicesError::plain(ErrorCode::TreeLayout, what, COMPILE);
    if !reserved.is_multiple_of(8) || !structure.is_multiple_of(4) || !structure_bytes.is_multiple_of(4) {
        return Err(layout("a block is not aligned"));
    }
    let block = |start: u32, bytes: u32| {
        let end = start.checked_add(bytes)?;
        Some((end, blob.get(start as usize..end as usize)?))
    };
    let outside = || layout("a block reaches beyond the blob");
    let (structure_end, structure_block) = block(structure, structure_bytes).ok_or_else(outside)?;
    let (_, strings_block) = block(strings, strings_bytes).ok_or_else(outside)?;
    if reserved < DEVICES_HEADER_BYTES || reserved > structure || structure_end > strings {
        return Err(layout("the blocks are not in the order reserved memory, structure, strings"));
    }
    let (entries, _) = blob.get(reserved as usize..structure as usize).unwrap_or_default().as_chunks::<RESERVED_BYTES>();
    if !entries.contains(&[0; RESERVED_BYTES]) {
        return Err(layout("the list of reserved memory has no end"));
    }
    Ok(Blocks { structure: structure_block, strings: strings_block, begin: structure as usize })
}
