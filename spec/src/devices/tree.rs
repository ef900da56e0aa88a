//! A device tree that is put together and written as a blob, right or wrong.

use super::{DEVICES_HEADER_BYTES, DEVICES_MAGIC, DEVICES_VERSION};
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// A node with its properties and children. Names and values may be anything, so that wrong trees can be written, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Name with its unit address; the root's is empty.
    pub name: String,
    /// Names and values, in order.
    pub properties: Vec<(String, Vec<u8>)>,
    /// Children, in order.
    pub children: Vec<Tree>,
}

/// The bytes of big-endian words.
pub fn cells(cells: &[u32]) -> Vec<u8> {
    cells.iter().flat_map(|cell| cell.to_be_bytes()).collect()
}

/// The bytes of texts, each ended by a zero.
pub fn texts(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| text.bytes().chain([0])).collect()
}

/// The word at a place; nothing where the bytes end before it does.
pub fn word(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

/// Writes over the word at a place, where there is one.
pub fn set_word(bytes: &mut [u8], place: usize, value: u32) {
    if let Some(word) = bytes.get_mut(place..).and_then(|rest| rest.first_chunk_mut()) {
        *word = value.to_be_bytes();
    }
}

impl Tree {
    /// A node without properties and children.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_string(), ..Self::default() }
    }

    /// The node with one property more.
    #[must_use]
    pub fn with(mut self, name: &str, value: Vec<u8>) -> Self {
        self.properties.push((name.to_string(), value));
        self
    }

    /// The node with one child more.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// The bytes of a property.
    pub fn get(&self, name: &str) -> Option<&Vec<u8>> {
        self.properties.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Gives a property another value, or adds it at the end.
    pub fn set(&mut self, name: &str, value: Vec<u8>) {
        match self.properties.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.properties.push((name.to_string(), value)),
        }
    }

    /// Takes a property away.
    pub fn unset(&mut self, name: &str) {
        self.properties.retain(|(own, _)| own != name);
    }

    /// The node at a path of whole names, from this one on.
    pub fn at(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, name| node.children.iter_mut().find(|child| child.name == *name))
    }

    /// Takes a child away.
    pub fn remove(&mut self, name: &str) {
        self.children.retain(|child| child.name != name);
    }

    /// How many nodes there are, this one included.
    pub fn count(&self) -> usize {
        self.children.iter().map(Self::count).sum::<usize>() + 1
    }

    /// The node of that number in the order of the blob; this one is 0.
    pub fn nth(&mut self, number: usize) -> Option<&mut Self> {
        let mut left = number.checked_sub(1);
        let Some(_) = left else { return Some(self) };
        for child in &mut self.children {
            let (here, size) = (left?, child.count());
            if here < size {
                return child.nth(here);
            }
            left = here.checked_sub(size);
        }
        None
    }

    /// The path and name of every property, in the order of the blob.
    pub fn every(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        self.every_below("", &mut out);
        out
    }

    fn every_below(&self, path: &str, out: &mut Vec<(String, String)>) {
        let shown = if path.is_empty() { "/" } else { path };
        out.extend(self.properties.iter().map(|(name, _)| (shown.to_string(), name.clone())));
        for child in &self.children {
            child.every_below(&alloc::format!("{path}/{}", child.name), out);
        }
    }

    /// The blob: header, an empty list of reserved memory, structure, strings.
    pub fn blob(&self) -> Vec<u8> {
        let (mut structure, mut strings) = (Vec::new(), Vec::new());
        self.write(&mut structure, &mut strings);
        structure.extend(cells(&[9]));
        let reserved = 16;
        let start = DEVICES_HEADER_BYTES + reserved;
        let (size, names) = (structure.len() as u32, strings.len() as u32);
        let total = start + size + names;
        let header =
            [DEVICES_MAGIC, total, start, start + size, DEVICES_HEADER_BYTES, DEVICES_VERSION, DEVICES_VERSION - 1, 0, names, size];
        [cells(&header), vec![0; reserved as usize], structure, strings].concat()
    }

    fn write(&self, structure: &mut Vec<u8>, strings: &mut Vec<u8>) {
        let pad = |bytes: &mut Vec<u8>| bytes.resize(bytes.len().next_multiple_of(4), 0);
        structure.extend(cells(&[1]));
        structure.extend(self.name.bytes().chain([0]));
        pad(structure);
        for (name, value) in &self.properties {
            structure.extend(cells(&[3, value.len() as u32, place_of(name, strings)]));
            structure.extend(value);
            pad(structure);
        }
        for child in &self.children {
            child.write(structure, strings);
        }
        structure.extend(cells(&[2]));
    }
}

/// Where a name stands among the strings; added at the end where it does not.
fn place_of(name: &str, strings: &mut Vec<u8>) -> u32 {
    let mut place = 0;
    for known in strings.split(|byte| *byte == 0) {
        if known == name.as_bytes() && place < strings.len() {
            return place as u32;
        }
        place += known.len() + 1;
    }
    let place = strings.len();
    strings.extend(name.bytes().chain([0]));
    place as u32
}
