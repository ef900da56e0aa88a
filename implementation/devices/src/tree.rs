//! The structure block as nodes, in one pass that copies nothing (DEVICES-003, DEVICES-004, DEVICES-005).

use crate::Result;
use crate::error::{DevicesError, length};
use crate::format::{self, Blocks};
use crate::keys::{KEYS, Key};
use alloc::vec::Vec;
use core::ffi::CStr;
use spec::ErrorCode;
use spec::devices::{DEVICES_DEPTH_MAX, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX, DEVICES_PROPERTIES_MAX};

const BEGIN_NODE: u32 = 1;
const END_NODE: u32 = 2;
const PROPERTY: u32 = 3;
const NO_OPERATION: u32 = 4;
const END: u32 = 9;

const COMPILE: &str = "compile it from its source with dtc";

/// A well-formed device tree, borrowed from its blob.
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    /// Each behind its parent; the first is the root.
    pub(crate) nodes: Vec<Node<'a>>,
    /// Of all nodes, one after the other.
    properties: Vec<(&'a [u8], &'a [u8])>,
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    /// Name with its unit address.
    pub name: &'a [u8],
    /// Place of the parent; the root's is its own.
    pub parent: usize,
    /// Place of the newest child, and of the sibling before this node.
    newest: Option<usize>,
    before: Option<usize>,
    /// Where its properties are among all.
    first: usize,
    count: usize,
    keys: [Option<&'a [u8]>; KEYS],
}

impl<'a> Node<'a> {
    /// The bytes of a property that rules read.
    pub fn get(&self, key: Key) -> Option<&'a [u8]> {
        self.keys.get(key as usize).copied().flatten()
    }

    pub fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }

    /// A property of one cell.
    pub fn cell(&self, key: Key) -> Option<u32> {
        self.get(key)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// A count of cells, which a rule has bounded.
    pub fn cells(&self, key: Key, without: usize) -> usize {
        self.cell(key).map_or(without, |count| count as usize)
    }

    /// The texts of a property.
    pub fn texts(&self, key: Key) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let texts = self.get(key).and_then(|value| value.strip_suffix(&[0]));
        texts.into_iter().flat_map(|texts| texts.split(|byte| *byte == 0))
    }

    /// An error in this node.
    pub fn wrong(&self, code: ErrorCode, what: &'static str, advice: &'static str) -> DevicesError {
        DevicesError::plain(code, what, advice).of(self.name)
    }
}

impl<'a> Tree<'a> {
    /// Checks the format of a whole blob: header, structure, names and bounds.
    ///
    /// # Errors
    /// The first fault, in the order of the bytes (DEVICES-D2).
    pub fn read(blob: &'a [u8]) -> Result<Self> {
        let blocks = format::blocks(blob)?;
        let mut reading =
            Reading { blocks, rest: blocks.structure, tree: Self { nodes: Vec::new(), properties: Vec::new() }, open: Vec::new() };
        reading.structure()?;
        Ok(reading.tree)
    }

    /// A property by the whole names of its node and those above it, as in `/soc/i2s@10003000`; the root is `/`.
    pub fn property(&self, path: &str, name: &str) -> Option<&'a [u8]> {
        let names = path.strip_prefix('/')?;
        let mut here = 0;
        if !names.is_empty() {
            for name in names.split('/') {
                here = self.child(self.nodes.get(here)?.newest, name.as_bytes())?;
            }
        }
        let node = self.nodes.get(here)?;
        self.own(node).iter().find(|(own, _)| *own == name.as_bytes()).map(|(_, value)| *value)
    }

    fn own(&self, node: &Node<'a>) -> &[(&'a [u8], &'a [u8])] {
        self.properties.get(node.first..).and_then(|rest| rest.get(..node.count)).unwrap_or_default()
    }

    /// The node of that name among one and the siblings before it.
    fn child(&self, mut newest: Option<usize>, name: &[u8]) -> Option<usize> {
        while let Some(place) = newest {
            let node = self.nodes.get(place)?;
            if node.name == name {
                return Some(place);
            }
            newest = node.before;
        }
        None
    }
}

/// A structure block that is being read.
struct Reading<'a> {
    blocks: Blocks<'a>,
    rest: &'a [u8],
    tree: Tree<'a>,
    /// Places of the nodes that were begun and not ended.
    open: Vec<usize>,
}

impl<'a> Reading<'a> {
    /// An error at the byte that is read next.
    fn wrong(&self, error: DevicesError) -> DevicesError {
        let done = self.blocks.structure.len().saturating_sub(self.rest.len());
        error.at(self.blocks.begin.saturating_add(done))
    }

    fn token(&self, what: &'static str) -> DevicesError {
        self.wrong(DevicesError::plain(ErrorCode::TreeToken, what, COMPILE))
    }

    fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*word))
    }

    /// Passes so many bytes and what fills up the last word, which the block's whole words hold.
    fn pass(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes.next_multiple_of(4)..).unwrap_or_default();
    }

    fn structure(&mut self) -> Result<()> {
        loop {
            match self.word() {
                Some(BEGIN_NODE) => self.begin()?,
                Some(PROPERTY) => self.property()?,
                Some(END_NODE) => {
                    if self.open.pop().is_none() {
                        return Err(self.token("a node is ended that was not begun"));
                    }
                }
                Some(NO_OPERATION) => {}
                Some(END) if self.open.is_empty() && !self.tree.nodes.is_empty() && self.rest.is_empty() => return Ok(()),
                Some(END) => return Err(self.token("the structure ends before its nodes do, or before its block does")),
                Some(_) => return Err(self.token("a token is unknown")),
                None => return Err(self.token("the structure has no end")),
            }
        }
    }

    fn begin(&mut self) -> Result<()> {
        let parent = self.open.last().copied();
        let (depth, count) = (self.open.len(), self.tree.nodes.len());
        if parent.is_none() && count > 0 {
            return Err(self.token("there is a second root"));
        }
        if depth > DEVICES_DEPTH_MAX as usize {
            let range = (length(depth), 0, u64::from(DEVICES_DEPTH_MAX));
            return Err(self.wrong(DevicesError::range(ErrorCode::TreeTooDeep, "the depth of a node", range, "nest less")));
        }
        if count >= DEVICES_NODES_MAX as usize {
            let range = (length(count).saturating_add(1), 1, u64::from(DEVICES_NODES_MAX));
            return Err(self.wrong(DevicesError::range(ErrorCode::TreeTooManyNodes, "the number of nodes", range, "describe less")));
        }
        let name = self.name(self.rest)?;
        let mut parts = name.splitn(2, |byte| *byte == b'@');
        let (own, unit) = (parts.next().unwrap_or_default(), parts.next());
        self.bounded(own)?;
        self.bounded(unit.unwrap_or_default())?;
        let right = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| is_letter(*byte));
        if if parent.is_none() { !name.is_empty() } else { !right(own) || !unit.is_none_or(right) } {
            return Err(self.wrong(name_error("a node has a name that nodes don't have")));
        }
        let before = parent.and_then(|parent| self.tree.nodes.get(parent)?.newest);
        if self.tree.child(before, name).is_some() {
            return Err(self.wrong(DevicesError::plain(ErrorCode::DuplicateTreeName, "a node has the name of a sibling", "rename one")));
        }
        self.pass(name.len().saturating_add(1));
        if let Some(parent) = parent.and_then(|parent| self.tree.nodes.get_mut(parent)) {
            parent.newest = Some(count);
        }
        let (parent, first) = (parent.unwrap_or_default(), self.tree.properties.len());
        self.tree.nodes.push(Node { name, parent, newest: None, before, first, count: 0, keys: [None; KEYS] });
        self.open.push(count);
        Ok(())
    }

    fn property(&mut self) -> Result<()> {
        // A property behind a child would belong to a node that is not the newest.
        if self.open.last().copied().map(|node| node.saturating_add(1)) != Some(self.tree.nodes.len()) {
            return Err(self.token("a property is in no node, or behind a child"));
        }
        let (Some(bytes), Some(offset)) = (self.word(), self.word()) else { return Err(self.token("a property is cut")) };
        let Some(value) = self.rest.get(..bytes as usize) else { return Err(self.token("a property is longer than its block")) };
        let count = self.tree.nodes.last().map_or(0, |node| node.count);
        if count >= DEVICES_PROPERTIES_MAX as usize {
            let range = (length(count).saturating_add(1), 0, u64::from(DEVICES_PROPERTIES_MAX));
            let error = DevicesError::range(ErrorCode::TreeTooManyProperties, "the number of a node's properties", range, "describe less");
            return Err(self.wrong(error));
        }
        let strings = self.blocks.strings.get(offset as usize..);
        let name = self.name(strings.ok_or_else(|| self.wrong(name_error("a property's name is outside the strings")))?)?;
        self.bounded(name)?;
        if name.is_empty() || !name.iter().all(|byte| is_letter(*byte) || matches!(byte, b'?' | b'#')) {
            return Err(self.wrong(name_error("a property has a name that properties don't have")));
        }
        let Some(node) = self.tree.nodes.last() else { return Err(self.token("a property is in no node")) };
        let twice = match Key::of(name) {
            Some(key) => node.has(key),
            None => self.tree.own(node).iter().any(|(own, _)| *own == name),
        };
        if twice {
            return Err(self.wrong(DevicesError::plain(ErrorCode::DuplicateTreeName, "a property is there twice", "drop one")));
        }
        self.pass(value.len());
        self.tree.properties.push((name, value));
        if let Some(node) = self.tree.nodes.last_mut() {
            node.count = node.count.saturating_add(1);
            if let Some(kept) = Key::of(name).and_then(|key| node.keys.get_mut(key as usize)) {
                *kept = Some(value);
            }
        }
        Ok(())
    }

    /// The bytes up to the first zero.
    fn name(&self, bytes: &'a [u8]) -> Result<&'a [u8]> {
        CStr::from_bytes_until_nul(bytes).map(CStr::to_bytes).map_err(|_| self.wrong(name_error("a name has no end")))
    }

    fn bounded(&self, name: &[u8]) -> Result<()> {
        if name.len() <= DEVICES_NAME_BYTES_MAX as usize {
            return Ok(());
        }
        let range = (length(name.len()), 1, u64::from(DEVICES_NAME_BYTES_MAX));
        Err(self.wrong(DevicesError::range(ErrorCode::TreeNameTooLong, "the length of a name", range, "shorten it")))
    }
}

fn name_error(what: &'static str) -> DevicesError {
    DevicesError::plain(ErrorCode::TreeName, what, COMPILE)
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'.' | b'_' | b'+' | b'-')
}
