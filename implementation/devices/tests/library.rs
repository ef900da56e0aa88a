//! The reader beside a library for the same format, in both directions (DEVICES-D11).

use devices::{Tree, read};
use dtoolkit::fdt::{Fdt, FdtNode};
use dtoolkit::model::{DeviceTree, DeviceTreeNode, DeviceTreeProperty};
use dtoolkit::{Node as _, Property as _};
use spec::devices::{Devices, Op, Shape, Tree as Drawn, machine};
use spec::{Contract, SplitMix64};

/// Every property that the library finds below a node.
fn every(node: FdtNode<'_>, path: &str, out: &mut Vec<(String, String, Vec<u8>)>) {
    let shown = if path.is_empty() { "/" } else { path };
    out.extend(node.properties().map(|property| (shown.to_owned(), property.name().to_owned(), property.value().to_vec())));
    node.children().for_each(|child| every(child, &format!("{path}/{}", child.name()), out));
}

#[test]
fn the_library_finds_the_same_in_what_the_reader_accepts() {
    let mut accepted = 0;
    for seed in 0..2_000 {
        for op in Devices::draw(&mut SplitMix64::new(seed), 4).ops {
            let Op::Read(blob) = op else { continue };
            let Ok(tree) = Tree::read(&blob.0) else { continue };
            let library = Fdt::new(&blob.0).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let mut found = Vec::new();
            every(library.root(), "", &mut found);
            assert!(!found.is_empty());
            for (path, name, value) in found {
                assert_eq!(tree.property(&path, &name), Some(value.as_slice()), "seed {seed}: {path} {name}");
            }
            accepted += 1;
        }
    }
    assert!(accepted > 1_000, "{accepted}");
}

fn copied(tree: &Drawn) -> DeviceTreeNode {
    let mut node = DeviceTreeNode::new(&tree.name).expect("a name");
    for (name, value) in &tree.properties {
        node.add_property(DeviceTreeProperty::new(name.as_str(), value.as_slice()).expect("a name"));
    }
    tree.children.iter().for_each(|child| node.add_child(copied(child)));
    node
}

#[test]
fn the_reader_finds_what_the_library_writes() {
    for shape in [Shape::SMALL, Shape { slots: 7, extras: true, long_timebase: true, ..Shape::SMALL }] {
        let tree = machine(shape);
        let mut library = DeviceTree::new();
        library.root = copied(&tree);
        let blob = library.to_dtb();
        assert_eq!(read(&blob), read(&tree.blob()));
        assert!(read(&blob).is_ok());
    }
}

/// What the reader does not leave to the library: trees that it takes and the contract does not.
#[test]
fn the_library_takes_what_the_contract_rejects() {
    let mut twins = machine(Shape::SMALL);
    twins.children.push(Drawn::new("soc"));
    assert!(Fdt::new(&twins.blob()).is_ok() && Tree::read(&twins.blob()).is_err());
    let mut deep = machine(Shape::SMALL);
    deep.children.push((0..40).fold(Drawn::new("a"), |inner, _| Drawn::new("a").child(inner)));
    assert!(Fdt::new(&deep.blob()).is_ok() && Tree::read(&deep.blob()).is_err());
}
