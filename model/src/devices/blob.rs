//! The flattened format: header, reserved memory, structure and strings (DEVICES-D1).

use super::Node;
use spec::ErrorCode;
use spec::ErrorCode::{
    DuplicateTreeName, TreeLayout, TreeMagic, TreeName, TreeNameTooLong, TreeSizeMismatch, TreeToken, TreeTooDeep, TreeTooLarge,
    TreeTooManyNodes, TreeTooManyProperties, TreeVersion,
};
use spec::devices::{
    DEVICES_BLOB_BYTES_MAX, DEVICES_DEPTH_MAX, DEVICES_HEADER_BYTES, DEVICES_MAGIC, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX,
    DEVICES_PROPERTIES_MAX, DEVICES_VERSION,
};

/// The two blocks that nodes are made of.
pub(super) struct Blocks<'a> {
    structure: &'a [u8],
    strings: &'a [u8],
}

/// The word at a place that is known to be there.
fn word(bytes: &[u8], place: usize) -> u32 {
    u32::from_be_bytes([bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3]])
}

/// The blocks, after all that the header can get wrong.
pub(super) fn header(bytes: &[u8]) -> Result<Blocks<'_>, ErrorCode> {
    // DEVICES-001
    if bytes.len() < 8 {
        return Err(TreeSizeMismatch);
    }
    if word(bytes, 0) != DEVICES_MAGIC {
        return Err(TreeMagic);
    }
    let size = word(bytes, 4);
    // DEVICES-005
    if size > DEVICES_BLOB_BYTES_MAX {
        return Err(TreeTooLarge);
    }
    if size < DEVICES_HEADER_BYTES || size as usize != bytes.len() {
        return Err(TreeSizeMismatch);
    }
    if word(bytes, 20) < DEVICES_VERSION || word(bytes, 24) > DEVICES_VERSION {
        return Err(TreeVersion);
    }
    // DEVICES-002. In 64 bits, so that no sum of two words overflows.
    let at = |place| u64::from(word(bytes, place));
    let (structure, strings, reserved) = (at(8), at(12), at(16));
    let (structure_end, strings_end) = (structure + at(36), strings + at(32));
    let aligned = reserved % 8 == 0 && structure % 4 == 0 && structure_end % 4 == 0;
    let ordered = u64::from(DEVICES_HEADER_BYTES) <= reserved && reserved <= structure && structure_end <= strings;
    if !aligned || !ordered || strings_end > bytes.len() as u64 {
        return Err(TreeLayout);
    }
    let reserved = &bytes[reserved as usize..structure as usize];
    // The list ends with an entry of zeros, which are two numbers of eight bytes.
    if !reserved.chunks_exact(16).any(|entry| entry == [0; 16]) {
        return Err(TreeLayout);
    }
    Ok(Blocks { structure: &bytes[structure as usize..structure_end as usize], strings: &bytes[strings as usize..strings_end as usize] })
}

/// The nodes in the order of the structure, of which the first fault counts.
pub(super) fn nodes(blocks: &Blocks<'_>) -> Result<Vec<Node>, ErrorCode> {
    let structure = blocks.structure;
    let mut nodes: Vec<Node> = Vec::new();
    // Places of the nodes that were begun and not ended.
    let mut open: Vec<usize> = Vec::new();
    let mut place = 0;
    loop {
        // DEVICES-003: a block that ends before its end token has one token too few.
        if place == structure.len() {
            return Err(TreeToken);
        }
        let token = word(structure, place);
        place += 4;
        match token {
            1 => {
                let name = node_name(structure, place, &nodes, &open);
                let name = name?;
                // The zero behind the name, and zeros up to a whole word.
                place = (place + name.len() + 1).next_multiple_of(4);
                nodes.push(Node { parent: open.last().copied(), name, properties: Vec::new() });
                open.push(nodes.len() - 1);
            }
            2 => {
                open.pop().ok_or(TreeToken)?;
            }
            3 => {
                // Properties come before children: the newest node is the one that is open.
                let Some(node) = open.last().copied().filter(|node| node + 1 == nodes.len()) else { return Err(TreeToken) };
                if structure.len() - place < 8 {
                    return Err(TreeToken);
                }
                let (length, offset) = (word(structure, place) as usize, word(structure, place + 4) as usize);
                place += 8;
                if length > structure.len() - place {
                    return Err(TreeToken);
                }
                let value = structure[place..place + length].to_vec();
                place = (place + length).next_multiple_of(4);
                let properties = &mut nodes[node].properties;
                // DEVICES-005
                if properties.len() == DEVICES_PROPERTIES_MAX as usize {
                    return Err(TreeTooManyProperties);
                }
                // DEVICES-004
                let name = terminated(blocks.strings.get(offset..).ok_or(TreeName)?)?.to_vec();
                if name.len() > DEVICES_NAME_BYTES_MAX as usize {
                    return Err(TreeNameTooLong);
                }
                if name.is_empty() || !name.iter().all(|byte| is_letter(*byte) || b"?#".contains(byte)) {
                    return Err(TreeName);
                }
                if properties.iter().any(|(own, _)| *own == name) {
                    return Err(DuplicateTreeName);
                }
                properties.push((name, value));
            }
            4 => {}
            9 if open.is_empty() && !nodes.is_empty() && place == structure.len() => return Ok(nodes),
            _ => return Err(TreeToken),
        }
    }
}

/// The name of a node that begins here.
fn node_name(structure: &[u8], place: usize, nodes: &[Node], open: &[usize]) -> Result<Vec<u8>, ErrorCode> {
    // DEVICES-003: there is one root.
    if open.is_empty() && !nodes.is_empty() {
        return Err(TreeToken);
    }
    // DEVICES-005
    if open.len() > DEVICES_DEPTH_MAX as usize {
        return Err(TreeTooDeep);
    }
    if nodes.len() == DEVICES_NODES_MAX as usize {
        return Err(TreeTooManyNodes);
    }
    // DEVICES-004
    let name = terminated(&structure[place..])?;
    let parts: Vec<&[u8]> = name.splitn(2, |byte| *byte == b'@').collect();
    if parts.iter().any(|part| part.len() > DEVICES_NAME_BYTES_MAX as usize) {
        return Err(TreeNameTooLong);
    }
    let right = match open.last() {
        None => name.is_empty(),
        Some(_) => parts.iter().all(|part| !part.is_empty() && part.iter().all(|byte| is_letter(*byte))),
    };
    if !right {
        return Err(TreeName);
    }
    if nodes.iter().any(|node| node.parent == open.last().copied() && node.name == name) {
        return Err(DuplicateTreeName);
    }
    Ok(name.to_vec())
}

/// The bytes up to the first zero.
fn terminated(bytes: &[u8]) -> Result<&[u8], ErrorCode> {
    let end = bytes.iter().position(|byte| *byte == 0).ok_or(TreeName)?;
    Ok(&bytes[..end])
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b",._+-".contains(&byte)
}
