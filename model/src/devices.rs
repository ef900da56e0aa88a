//! The model of the contract `devices`: a blob becomes a list of nodes, and one rule after the other looks at all of them.

mod blob;
mod board;
mod rules;

use spec::devices::{Blob, Board, Config, Devices, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// The model: the nodes of the last accepted tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicesModel {
    nodes: Vec<Node>,
}

pub(crate) use DevicesModel as Model;

/// A node, behind its parent in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    /// Place of the parent; the root has none.
    parent: Option<usize>,
    /// Name with its unit address.
    name: Vec<u8>,
    properties: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Node {
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.properties.iter().find(|(own, _)| own == name.as_bytes()).map(|(_, value)| value.as_slice())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The words of a property. Whether it is a whole number of words, a rule has looked at before anybody asks.
    fn words(&self, name: &str) -> Option<Vec<u32>> {
        let bytes = self.get(name)?;
        Some(bytes.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]])).collect())
    }

    /// A property of one word.
    fn word(&self, name: &str) -> Option<u32> {
        match self.words(name)?.as_slice() {
            [word] if self.get(name)?.len() == 4 => Some(*word),
            _ => None,
        }
    }

    /// The texts of a property that a rule has found to be texts.
    fn texts(&self, name: &str) -> Vec<&[u8]> {
        match self.get(name).and_then(<[u8]>::split_last) {
            Some((0, texts)) => texts.split(|byte| *byte == 0).collect(),
            _ => Vec::new(),
        }
    }

    fn is(&self, compatible: &str) -> bool {
        self.texts("compatible").contains(&compatible.as_bytes())
    }

    /// Cells of the addresses and sizes of its children.
    fn address_cells(&self) -> usize {
        self.word("#address-cells").unwrap_or(2) as usize
    }

    fn size_cells(&self) -> usize {
        self.word("#size-cells").unwrap_or(1) as usize
    }
}

/// What the tree describes, after every rule in its order (DEVICES-D2).
fn read(bytes: &[u8]) -> Result<(Vec<Node>, Board), ErrorCode> {
    // DEVICES-001, DEVICES-002
    let blocks = blob::header(bytes)?;
    // DEVICES-003, DEVICES-004, DEVICES-005
    let nodes = blob::nodes(&blocks)?;
    // DEVICES-006
    rules::forms(&nodes)?;
    // DEVICES-007, DEVICES-008
    let registers = rules::registers(&nodes)?;
    rules::overlaps(&registers)?;
    // DEVICES-009
    rules::phandles(&nodes)?;
    rules::references(&nodes)?;
    // DEVICES-010
    let lines = rules::interrupts(&nodes)?;
    // DEVICES-011, DEVICES-012, DEVICES-013, DEVICES-014, DEVICES-015. DEVICES-018: nothing below depends on the nodes' order, and
    // nothing looks at a node that is compatible with none of the known names.
    let board = board::read(&board::Found { nodes: &nodes, registers: &registers, lines: &lines })?;
    Ok((nodes, board))
}

/// The place of the node at a path (DEVICES-D10).
fn find(nodes: &[Node], path: &str) -> Option<usize> {
    let names = path.strip_prefix('/')?;
    let mut here = nodes.iter().position(|node| node.parent.is_none())?;
    if names.is_empty() {
        return Some(here);
    }
    for name in names.split('/') {
        here = nodes.iter().position(|node| node.parent == Some(here) && node.name == name.as_bytes())?;
    }
    Some(here)
}

impl Machine<Devices> for DevicesModel {
    fn reset(&mut self, _config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        *self = Self::default();
        Ok(Ok(()))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        Ok(match op {
            // DEVICES-019: what the source compiles to is read as any other blob.
            Op::Read(Blob(bytes)) => match read(bytes) {
                Ok((nodes, board)) => {
                    self.nodes = nodes;
                    Obs::Board(Box::new(board))
                }
                // DEVICES-017: the nodes are not touched.
                Err(code) => Obs::Rejected(code),
            },
            // DEVICES-016
            Op::Property { path, name } => {
                let value = find(&self.nodes, path).and_then(|node| self.nodes[node].get(name));
                value.map_or(Obs::Absent, |value| Obs::Value(Blob(value.to_vec())))
            }
        })
    }
}

#[cfg(test)]
mod tests;
