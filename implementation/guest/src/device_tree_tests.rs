//! Device trees, honest and hostile.

use super::*;
use dtoolkit::model::{DeviceTree, DeviceTreeNode, DeviceTreeProperty};

fn node<const N: usize>(name: &str, properties: [(&str, Vec<u8>); N]) -> DeviceTreeNode {
    let mut node = DeviceTreeNode::new(name).unwrap();
    for (name, value) in properties {
        node.add_property(DeviceTreeProperty::new(name, value.as_slice()).unwrap());
    }
    node
}

fn cells(cells: &[u32]) -> Vec<u8> {
    cells.iter().flat_map(|cell| cell.to_be_bytes()).collect()
}

const RAM: u32 = RAM_BASE as u32;

/// A tree as QEMU's `virt` gives it, so far as the guest looks.
fn honest() -> DeviceTree {
    let mut tree = DeviceTree::new();
    let device = |name: &str, compatible: &str, base: u32, size: u32| {
        node(name, [("compatible", compatible.as_bytes().to_vec()), ("reg", cells(&[0, base, 0, size]))])
    };
    tree.root = node("", [("#address-cells", cells(&[2])), ("#size-cells", cells(&[2]))]);
    tree.root.add_child(node("memory@80000000", [("reg", cells(&[0, RAM, 0, RAM_BYTES as u32]))]));
    tree.root.add_child(node("cpus", [("timebase-frequency", cells(&[10_000_000]))]));
    let mut soc = node("soc", [("#address-cells", cells(&[2])), ("#size-cells", cells(&[2])), ("ranges", Vec::new())]);
    soc.add_child(device("serial@10000000", "ns16550a\0", 0x1000_0000, 0x100));
    soc.add_child(device("test@100000", "sifive,test1\0sifive,test0\0syscon\0", 0x10_0000, 0x1000));
    soc.add_child(device("clint@2000000", "sifive,clint0\0riscv,clint0\0", 0x200_0000, 0x10000));
    soc.add_child(device("virtio_mmio@10001000", "virtio,mmio\0", 0x1000_1000, 0x1000));
    soc.add_child(device("virtio_mmio@10002000", "virtio,mmio\0", 0x1000_2000, 0x1000));
    let mut i2s = device("i2s@10003000", "nexus,i2s\0", 0x1000_3000, 0x1000);
    i2s.add_property(DeviceTreeProperty::new("status", b"disabled\0".as_slice()).unwrap());
    i2s.add_property(DeviceTreeProperty::new("phandle", cells(&[7]).as_slice()).unwrap());
    soc.add_child(i2s);
    let mut bus = device("i2c@10009000", "nexus,i2c-null\0", 0x1000_9000, 0x1000);
    bus.add_child(node(
        "codec@1a",
        [
            ("compatible", b"nexus,codec-null\0".to_vec()),
            ("reg", cells(&[0x1a])),
            ("nexus,i2s", cells(&[7])),
            ("nexus,routes", b"i2s -> codec -> hp\0i2s -> codec -> speaker\0".to_vec()),
        ],
    ));
    soc.add_child(bus);
    tree.root.add_child(soc);
    tree
}

/// Reads the honest tree after a change at one place of it.
fn changed(change: impl FnOnce(&mut DeviceTreeNode)) -> Result<Board, Fault> {
    let mut tree = honest();
    change(&mut tree.root);
    read(&tree.to_dtb())
}

/// Replaces a property, or removes it where there is no new value.
fn set(root: &mut DeviceTreeNode, path: &[&str], name: &str, value: Option<Vec<u8>>) {
    let node = path.iter().fold(root, |node, child| node.child_mut(child).unwrap());
    node.remove_property(name);
    if let Some(value) = value {
        node.add_property(DeviceTreeProperty::new(name, value.as_slice()).unwrap());
    }
}

#[test]
fn reads_the_machine() {
    let audio = Audio { i2s: 0x1000_3000, i2s_enabled: false, codec: 0x1a, headphone: true, speaker: true };
    let slots = [0x1000_1000, 0x1000_2000, 0, 0, 0, 0, 0, 0];
    let board = Board {
        timebase: 10_000_000,
        ram: RAM_BYTES,
        uart: 0x1000_0000,
        clint: 0x200_0000,
        finisher: 0x10_0000,
        slots,
        audio: Some(audio),
    };
    assert_eq!(changed(|_| {}), Ok(board));
    let plain = |root: &mut DeviceTreeNode| {
        let soc = root.child_mut("soc").unwrap();
        drop((soc.remove_child("i2s@10003000"), soc.remove_child("i2c@10009000")));
    };
    assert_eq!(changed(plain), Ok(Board { audio: None, ..board }));
    assert_eq!(changed(|root| set(root, &["cpus"], "timebase-frequency", Some(cells(&[0, 10_000_000])))), Ok(board));
}

#[test]
fn test_reject_no_tree_at_all() {
    assert_eq!(read(&[]), Err(Fault::Size));
    assert_eq!(read(&[0; 7]), Err(Fault::Size));
    assert_eq!(read(&[0; 64]), Err(Fault::Magic));
    assert_eq!(tree_bytes([0; 8]), Err(Fault::Magic));
}

#[test]
fn test_reject_sizes_that_lie() {
    let bytes = |claim: u32| tree_bytes([MAGIC.to_be_bytes(), claim.to_be_bytes()].concat().try_into().unwrap());
    for claim in [0, HEADER_BYTES as u32 - 1, TREE_BYTES_MAX as u32 + 1, u32::MAX] {
        assert_eq!(bytes(claim), Err(Fault::Size), "a claim of {claim} bytes");
    }
    assert_eq!((bytes(HEADER_BYTES as u32), bytes(TREE_BYTES_MAX as u32)), (Ok(HEADER_BYTES), Ok(TREE_BYTES_MAX)));
    let whole = honest().to_dtb();
    for claim in [0_u32, 7, 8, 39, 0x1_0000, 0x8000_0000, u32::MAX] {
        let mut tree = whole.clone();
        tree[4..8].copy_from_slice(&claim.to_be_bytes());
        assert_eq!(read(&tree), Err(Fault::Size), "a claim of {claim} bytes");
    }
    for len in 8..whole.len() {
        let mut tree = whole[..len].to_vec();
        assert_eq!(read(&tree), Err(Fault::Size), "{len} bytes without their end");
        // The size says so too: what is missing is missing from the structure or the strings.
        tree[4..8].copy_from_slice(&(len as u32).to_be_bytes());
        assert_eq!(read(&tree), Err(Fault::Structure), "{len} bytes that call themselves whole");
    }
}

#[test]
fn test_reject_timebases() {
    for value in
        [None, Some(vec![]), Some(vec![1]), Some(cells(&[0])), Some(cells(&[0, 0])), Some(cells(&[u32::MAX, 0])), Some(cells(&[1, 2, 3]))]
    {
        assert_eq!(changed(|root| set(root, &["cpus"], "timebase-frequency", value.clone())), Err(Fault::Timebase), "{value:?}");
    }
    assert_eq!(changed(|root| drop(root.remove_child("cpus"))), Err(Fault::Timebase));
}

#[test]
fn test_reject_memory() {
    let all = u32::MAX;
    let values = [
        vec![],
        cells(&[0, RAM]),
        cells(&[0, 0, 0, RAM_BYTES as u32]),
        cells(&[0, RAM, 0, RAM_BYTES as u32 - 1]),
        cells(&[0, RAM, all, all]),
    ];
    for value in values {
        assert_eq!(changed(|root| set(root, &["memory@80000000"], "reg", Some(value.clone()))), Err(Fault::Memory), "{value:?}");
    }
    assert_eq!(changed(|root| set(root, &["memory@80000000"], "reg", None)), Err(Fault::Memory));
    assert_eq!(changed(|root| drop(root.remove_child("memory@80000000"))), Err(Fault::Memory));
    // Cell counts that make the property mean something else, up to sums that no address space holds.
    for count in [0, 1, 3, 4, u32::MAX] {
        assert!(changed(|root| set(root, &[], "#address-cells", Some(cells(&[count])))).is_err(), "{count} address cells");
        assert!(changed(|root| set(root, &[], "#size-cells", Some(cells(&[count])))).is_err(), "{count} size cells");
    }
}

#[test]
fn test_reject_translated_addresses() {
    assert_eq!(changed(|root| set(root, &["soc"], "ranges", None)), Err(Fault::Ranges));
    assert_eq!(changed(|root| set(root, &["soc"], "ranges", Some(cells(&[0, 0, 0, 1, 0, 2])))), Err(Fault::Ranges));
    assert_eq!(changed(|root| drop(root.remove_child("soc"))), Err(Fault::Ranges));
}

#[test]
fn test_reject_devices_that_are_not_there() {
    for (child, compatible) in [("serial@10000000", "ns16550a"), ("clint@2000000", "riscv,clint0"), ("test@100000", "sifive,test0")] {
        let lacks = Err(Fault::Device(compatible));
        // Null, unaligned, in memory, at the end of the address space.
        for base in [[0, 0], [0, 0x1000_0001], [0, RAM], [0, RAM - 8], [0, RAM + 0x300_0000], [u32::MAX, u32::MAX - 7]] {
            let reg = cells(&[base[0], base[1], 0, 0x1000]);
            assert_eq!(changed(|root| set(root, &["soc", child], "reg", Some(reg))), lacks, "{child} at {base:x?}");
        }
        assert_eq!(changed(|root| set(root, &["soc", child], "reg", Some(vec![0; 3]))), lacks);
        assert_eq!(changed(|root| set(root, &["soc", child], "reg", None)), lacks);
        assert_eq!(changed(|root| set(root, &["soc", child], "compatible", Some(b"ns16550a-not".to_vec()))), lacks);
        assert_eq!(changed(|root| set(root, &["soc", child], "compatible", Some(vec![0xff; 9]))), lacks);
        assert_eq!(changed(|root| set(root, &["soc", child], "compatible", None)), lacks);
        assert_eq!(changed(|root| drop(root.child_mut("soc").unwrap().remove_child(child))), lacks);
    }
}

#[test]
fn test_reject_audio_paths() {
    let wrong = |path: &[&str], name: &str, value: Option<Vec<u8>>| {
        let fault = changed(|root| set(root, path, name, value.clone()));
        assert!(matches!(fault, Err(Fault::Audio(_))), "{path:?} {name} {value:?}: {fault:?}");
    };
    let codec = &["soc", "i2c@10009000", "codec@1a"][..];
    let i2s = &["soc", "i2s@10003000"][..];
    for compatible in [None, Some(b"nexus,other\0".to_vec())] {
        wrong(codec, "compatible", compatible.clone());
        wrong(i2s, "compatible", compatible.clone());
        wrong(&["soc", "i2c@10009000"], "compatible", compatible);
    }
    for reg in [None, Some(vec![]), Some(cells(&[0x80])), Some(cells(&[0, 0x1a]))] {
        wrong(codec, "reg", reg);
    }
    for link in [None, Some(cells(&[8])), Some(vec![7])] {
        wrong(codec, "nexus,i2s", link);
    }
    wrong(i2s, "phandle", None);
    wrong(i2s, "reg", Some(cells(&[0, RAM, 0, 0x1000])));
    for routes in [
        &b""[..],
        b"\0",
        b"i2s -> codec -> hp",
        b"i2s -> codec -> hdmi\0",
        b"i2s->codec->hp\0",
        b"codec -> i2s -> hp\0",
        b"i2s -> codec -> hp\0i2s -> codec -> hp\0",
    ] {
        wrong(codec, "nexus,routes", Some(routes.to_vec()));
    }
    wrong(codec, "nexus,routes", None);
    // One route is a path, too; a controller without a status is enabled.
    let one = changed(|root| set(root, codec, "nexus,routes", Some(b"i2s -> codec -> hp\0".to_vec())));
    assert!(one.unwrap().audio.is_some_and(|audio| audio.headphone && !audio.speaker));
    assert!(changed(|root| set(root, i2s, "status", None)).unwrap().audio.unwrap().i2s_enabled);
}

/// Whatever a byte of the tree becomes, the answer is a board that the guest can work with, or a fault; never a panic.
#[test]
fn test_reject_any_damage() {
    let whole = honest().to_dtb();
    for place in 0..whole.len() {
        for value in [0x00, 0x01, 0x02, 0x03, 0x04, 0x09, 0x40, 0x7f, 0x80, 0xfe, 0xff] {
            let mut tree = whole.clone();
            tree[place] = value;
            if let Ok(board) = read(&tree) {
                assert!(board.uart < RAM_BASE && board.clint < RAM_BASE && board.finisher < RAM_BASE && board.ram >= RAM_BYTES);
                assert!(board.slots.iter().all(|slot| *slot < RAM_BASE) && board.audio.is_none_or(|audio| audio.i2s < RAM_BASE));
            }
        }
    }
}
