//! A device tree as a list of nodes, each behind its parent.

use dtoolkit::fdt::{Fdt, FdtNode};
use dtoolkit::{Node as _, Property as _};

/// Deepest nesting that is read; the root has depth 0. QEMU's `virt` has 4.
pub const DEPTH_MAX: usize = 16;
/// Most nodes that are read. QEMU's `virt` has about 40 for one hart.
pub const NODES_MAX: usize = 4096;

/// A node with copies of its properties.
pub struct Node {
    /// Place of the parent in the list; the root's is its own.
    pub parent: usize,
    /// Whole path.
    pub path: String,
    /// Properties in their order.
    properties: Vec<(String, Vec<u8>)>,
}

impl Node {
    /// Name with its address.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The bytes of a property.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.properties.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_slice())
    }

    /// The cells of a property; nothing where it is absent or no whole number of cells.
    pub fn cells(&self, name: &str) -> Option<Vec<u32>> {
        let bytes = self.bytes(name)?;
        let (cells, rest) = bytes.as_chunks::<4>();
        rest.is_empty().then(|| cells.iter().map(|cell| u32::from_be_bytes(*cell)).collect())
    }

    /// A property of one cell.
    pub fn cell(&self, name: &str) -> Option<u32> {
        match self.cells(name)?.as_slice() {
            [cell] => Some(*cell),
            _ => None,
        }
    }

    /// The strings of a property, each ended by a zero; nothing where it is absent or something else.
    pub fn strings(&self, name: &str) -> Option<Vec<&str>> {
        let text = std::str::from_utf8(self.bytes(name)?.strip_suffix(&[0])?).ok()?;
        Some(text.split('\0').collect())
    }

    /// Whether it is compatible with that.
    pub fn compatible(&self, name: &str) -> bool {
        self.strings("compatible").is_some_and(|names| names.contains(&name))
    }
}

/// Reads a blob.
///
/// # Errors
/// It is not well-formed, or beyond a bound.
pub fn read(blob: &[u8]) -> Result<Vec<Node>, String> {
    let tree = Fdt::new(blob).map_err(|error| format!("the blob is not well-formed: {error}"))?;
    let mut nodes = Vec::new();
    add(&mut nodes, tree.root(), 0, String::new(), 0)?;
    Ok(nodes)
}

fn add(nodes: &mut Vec<Node>, node: FdtNode<'_>, parent: usize, path: String, depth: usize) -> Result<(), String> {
    if depth > DEPTH_MAX || nodes.len() == NODES_MAX {
        return Err(format!("more than {NODES_MAX} nodes, or nested deeper than {DEPTH_MAX}"));
    }
    let own = nodes.len();
    let properties = node.properties().map(|property| (property.name().to_owned(), property.value().to_vec())).collect();
    nodes.push(Node { parent, path: path.clone(), properties });
    node.children().try_for_each(|child| add(nodes, child, own, format!("{path}/{}", child.name()), depth + 1))
}
