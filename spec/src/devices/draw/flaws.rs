//! Things that are wrong in a tree whose blob is well-formed, or that only look so.

use super::{BCLK, I2S, INTC, MCLK, PLIC, Shape, bus, device, machine, wired};
use crate::devices::{
    DEVICES_CELLS_MAX, DEVICES_DEPTH_MAX, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX, DEVICES_PROPERTIES_MAX, DEVICES_TIMEBASE_HZ_MAX, Tree,
    cells, texts,
};
use crate::{Entropy, entropy};
use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

const SOC: &str = "soc";
const CODEC: [&str; 3] = [SOC, "i2c@10009000", "codec@1a"];

/// Numbers that are wrong somewhere.
const NUMBERS: [u32; 18] = [0, 1, 2, 3, 4, 5, 7, 8, 10, 12, 26, 96, 97, 0x1000, 0x1000_0000, 0x1000_3000, 0x8000_0000, u32::MAX];

/// Puts one thing into a tree that is mostly wrong.
pub fn flawed(source: &mut dyn Entropy, tree: &mut Tree) {
    match source.below(16) {
        0..=4 => any_property(source, tree),
        5 => any_node(source, tree),
        6 => bounds(source, tree),
        7 => names(source, tree),
        8..=9 => registers(source, tree),
        10..=11 => references(source, tree),
        12 => machine_parts(source, tree),
        _ => audio(source, tree),
    }
}

fn set(tree: &mut Tree, path: &[&str], name: &str, value: Vec<u8>) {
    if let Some(node) = tree.at(path) {
        node.set(name, value);
    }
}

/// A property of some node gone, cut, lengthened, or with another number in it.
fn any_property(source: &mut dyn Entropy, tree: &mut Tree) {
    let node = source.below(tree.count() as u64) as usize;
    let Some(node) = tree.nth(node) else { return };
    let number = source.below(node.properties.len() as u64) as usize;
    let way = source.below(8);
    if way == 0 && number < node.properties.len() {
        node.properties.remove(number);
        return;
    }
    let Some((_, value)) = node.properties.get_mut(number) else { return };
    match way {
        1 => drop(value.pop()),
        2 => value.extend(cells(&[entropy::pick(source, NUMBERS)])),
        3 => value.truncate(value.len() / 8 * 4),
        4 => value.clear(),
        _ => {
            let places = value.len() / 4;
            let place = source.below(places as u64) as usize * 4;
            if let Some(cell) = value.get_mut(place..place + 4) {
                cell.copy_from_slice(&entropy::pick(source, NUMBERS).to_be_bytes());
            }
        }
    }
}

/// Some node gone, there twice, or elsewhere.
fn any_node(source: &mut dyn Entropy, tree: &mut Tree) {
    let node = source.below(tree.count() as u64) as usize;
    let Some(node) = tree.nth(node) else { return };
    let number = source.below(node.children.len() as u64) as usize;
    if number >= node.children.len() {
        return;
    }
    match source.below(3) {
        0 => drop(node.children.remove(number)),
        1 => {
            let mut twin = node.children[number].clone();
            twin.unset("phandle");
            node.children.push(twin);
        }
        _ => {
            let moved = node.children.remove(number);
            tree.children.push(moved);
        }
    }
}

/// Just at a bound, or just beyond it.
fn bounds(source: &mut dyn Entropy, tree: &mut Tree) {
    let beyond = source.below(2) as usize;
    match source.below(6) {
        0 => {
            let mut chain = Tree::new("deepest");
            for _ in 1..DEVICES_DEPTH_MAX as usize + beyond {
                chain = Tree::new("level").child(chain);
            }
            tree.children.push(chain);
        }
        1 => {
            let left = (DEVICES_NODES_MAX as usize + beyond).saturating_sub(tree.count());
            tree.children.extend((0..left).map(|number| Tree::new(&format!("n{number}"))));
        }
        2 => {
            let left = (DEVICES_PROPERTIES_MAX as usize + beyond).saturating_sub(tree.properties.len());
            tree.properties.extend((0..left).map(|number| (format!("p{number}"), Vec::new())));
        }
        3 => tree.properties.push(("p".repeat(DEVICES_NAME_BYTES_MAX as usize + beyond), Vec::new())),
        4 => tree.children.push(Tree::new(&"n".repeat(DEVICES_NAME_BYTES_MAX as usize + beyond))),
        _ => {
            let count = if beyond == 1 { DEVICES_CELLS_MAX + 1 } else { DEVICES_CELLS_MAX };
            let name = entropy::pick(source, ["#address-cells", "#size-cells", "#interrupt-cells", "#clock-cells"]);
            tree.children.push(Tree::new("counted").with(name, cells(&[count])));
        }
    }
}

fn names(source: &mut dyn Entropy, tree: &mut Tree) {
    let node =
        entropy::pick(source, ["a b", "@1", "a@", "a@1@2", "a#", "\u{e9}", "", "a/b", "soc", "a@b", "a?", "A,._+-9", "a@4000000000"]);
    let property = entropy::pick(source, ["a b", "a@1", "\u{e9}", "", "a?#", "compatible", "a/b", "A,._+-9"]);
    if source.one_in(2) {
        tree.children.push(Tree::new(node));
    } else {
        tree.properties.push((property.to_string(), vec![0]));
    }
}

/// Registers that are empty, too long, in each other's place, or whose names say something else.
fn registers(source: &mut dyn Entropy, tree: &mut Tree) {
    if source.one_in(6) {
        let count = entropy::pick(source, [0, 3, 1, 4]);
        let name = entropy::pick(source, ["#address-cells", "#size-cells"]);
        let path = entropy::pick(source, [&[][..], &[SOC], &["cpus"], &[SOC, "i2c@10009000"], &["platform-bus@4000000"]]);
        return set(tree, path, name, cells(&[count]));
    }
    let near = entropy::pick(source, [0x1000_0000, 0x1000_3000, 0x1000_1000, 0x8000_0000, 0x200_0000, 0xc00_0000, 0x3000_0000]);
    let address = entropy::pick(source, [near, near + 0x800, near - 0x1000, near - 0xff8]);
    let (high, bytes) = (entropy::pick(source, [0, 0, 0, 1, u32::MAX]), entropy::pick(source, [0x1000, 1, 0, 0x1001, u32::MAX]));
    let name = if source.one_in(4) {
        format!("other@{}", entropy::pick(source, ["0", "1000000", "+10000000", "0010000000", "00000000010000000", "1000000G", "A", "a"]))
    } else if high > 0 {
        format!("other@{high:x}{address:08x}")
    } else if source.one_in(4) {
        format!("other@{address:010X}")
    } else {
        format!("other@{address:x}")
    };
    let name = if source.one_in(12) { "other".to_string() } else { name };
    let mut node = Tree::new(&name);
    if !source.one_in(12) {
        node.set("reg", cells(&[high, address, entropy::pick(source, [0, 0, 0, u32::MAX]), bytes]));
    }
    if source.one_in(3) {
        node.set("status", texts(&["disabled"]));
    }
    match source.below(6) {
        0 => {
            // Through a bus that passes a part of its addresses on, or all, or none.
            let ranges =
                entropy::pick(source, [&[0, 0x1000_0000, 0x10_0000][..], &[0, 0x3000_0000, 0x10_0000], &[], &[8, u32::MAX, 0x10_0000]]);
            let at = entropy::pick(source, [0, 0x8, 0x3000, 0xf_f000, 0xf_f001, 0x10_0000]);
            let inner = Tree::new(&format!("inner@{at:x}")).with("reg", cells(&[at, 0x1000]));
            let mut bridge = bus(Tree::new("bridge"), 1, 1).child(inner);
            if !source.one_in(4) {
                let wide: Vec<u32> = ranges.chunks(3).flat_map(|entry| [entry[0], 0, entry[1], entry[2]]).collect();
                bridge.set("ranges", cells(&wide));
            }
            tree.children.push(bridge);
        }
        1 => tree.children.push(node),
        _ => {
            if let Some(soc) = tree.at(&[SOC]) {
                soc.children.push(node);
            }
        }
    }
}

/// Phandles and interrupts.
fn references(source: &mut dyn Entropy, tree: &mut Tree) {
    let handle = entropy::pick(source, [PLIC, INTC, MCLK, BCLK, I2S, 8, 9, 0, u32::MAX]);
    let line = entropy::pick(source, [0, 1, 10, 11, 12, 13, 95, 96, 97, u32::MAX]);
    let mut node = Tree::new("user");
    match source.below(10) {
        0 => node.set("phandle", cells(&[handle])),
        1 => node.set(entropy::pick(source, ["interrupt-parent", "regmap", "cpu", "nexus,i2s"]), cells(&[handle])),
        2 => node.set("clocks", cells(&[handle])),
        3 => node.set("interrupts-extended", cells(&[handle, line])),
        4 => node.set("interrupts-extended", cells(&[PLIC, 20, handle])),
        5 => node.set("interrupts", cells(&[line])),
        6 => {
            node.set("interrupt-parent", cells(&[handle]));
            node.set("interrupts", cells(&[line]));
        }
        7 => {
            let map = [0, 0, 0, line, handle, 32];
            let length = entropy::pick(source, [6, 5, 4, 1]);
            node.set("#address-cells", cells(&[3]));
            if !source.one_in(3) {
                node.set("#interrupt-cells", cells(&[1]));
            }
            node.set("interrupt-map", cells(&map[..length]));
        }
        8 => {
            let lines = [entropy::pick(source, [20, 21]), 20];
            node.set("interrupt-parent", cells(&[PLIC]));
            node.set("interrupts", cells(&lines));
        }
        _ => {
            // A controller of its own: lines of several cells, or of none.
            let count = entropy::pick(source, [0, 1, 2, 3]);
            // A phandle of it elsewhere, or a table in between.
            if source.one_in(4) {
                tree.children.push(Tree::new("extended").with("interrupts-extended", cells(&[20, line][..1 + source.below(2) as usize])));
            }
            let user = Tree::new("below").with("interrupts", cells(&[line, 1, 2, line, 1, 3][..entropy::pick(source, [1, 2, 3, 4, 6])]));
            let user = if source.one_in(4) {
                let table = Tree::new("table").with("#interrupt-cells", cells(&[1])).with("interrupt-map", cells(&[0, 0, 1, PLIC, 32]));
                table.child(user)
            } else {
                user
            };
            node = Tree::new("controller").with("#interrupt-cells", cells(&[count])).with("phandle", cells(&[20])).child(user);
            if !source.one_in(4) {
                node.set("interrupt-controller", Vec::new());
            }
        }
    }
    let parent = if source.one_in(2) { tree.at(&[SOC]) } else { tree.at(&[]) };
    if let Some(parent) = parent {
        parent.children.push(node);
    }
}

fn machine_parts(source: &mut dyn Entropy, tree: &mut Tree) {
    let mut add = |node: Tree| {
        if let Some(soc) = tree.at(&[SOC]) {
            soc.children.push(node);
        }
    };
    match source.below(12) {
        0 => add(wired("spare", "ns16550a", 0x3000_0000, 0x100, 40)),
        1 => add(wired("spare", "ns16550a", 0x3000_0000, 0x100, 40).with("status", texts(&["disabled"]))),
        2 => add(device("spare", &[entropy::pick(source, ["riscv,clint0", "riscv,plic0", "sifive,test0"])], 0x3000_0000, 0x1000)),
        3 => {
            for number in 0..entropy::pick(source, [7, 8, 9]) {
                add(wired("spare", "virtio,mmio", 0x3000_0000 + number * 0x1000, 0x1000, 40 + number));
            }
        }
        4 => add(device("spare", &["virtio,mmio"], 0x3000_0000, 0x1000)),
        5 => add(wired("spare", "virtio,mmio", 0x3000_0000, entropy::pick(source, [0xfff, 0x1000, 0x4fff_f000, 0x5000_0001]), 40)),
        6 => {
            let rate = DEVICES_TIMEBASE_HZ_MAX + source.below(2);
            set(tree, &["cpus"], "timebase-frequency", rate.to_be_bytes().to_vec());
        }
        7 => set(
            tree,
            &["cpus"],
            "timebase-frequency",
            entropy::pick(source, [&[][..], &[0], &[0, 0], &[1], &[1, 2, 3]]).iter().flat_map(|cell: &u32| cell.to_be_bytes()).collect(),
        ),
        8 => {
            let size = entropy::pick(source, [[0, 0x400_0000], [0, 0x3ff_ffff], [1, 0], [0, 0x800_0000], [u32::MAX, 0x8000_0000]]);
            set(tree, &["memory@80000000"], "reg", cells(&[0, 0x8000_0000, size[0], size[1]]));
        }
        9 => {
            let node = Tree::new("memory@90000000").with("reg", cells(&[0, 0x9000_0000, 0, 0x1000]));
            tree.children.push(if source.one_in(2) { node.with("device_type", texts(&["memory"])) } else { node });
        }
        10 => {
            let path = entropy::pick(source, ["serial@10000000", "plic@c000000", "clint@2000000", "test@100000", "virtio_mmio@10001000"]);
            let status = entropy::pick(source, ["disabled", "okay", "ok", "fail", "okay "]);
            set(tree, &[SOC, path], "status", texts(&[status]));
        }
        _ => {
            let (path, sizes) = entropy::pick(
                source,
                [
                    ("serial@10000000", [7, 8]),
                    ("plic@c000000", [0x20_0fff, 0x20_1000]),
                    ("clint@2000000", [0xbfff, 0xc000]),
                    ("test@100000", [3, 4]),
                ],
            );
            if let Some((_, reg)) = tree.at(&[SOC, path]).and_then(|node| node.properties.iter_mut().find(|(name, _)| name == "reg"))
                && let Some(size) = reg.last_chunk_mut()
            {
                *size = u32::to_be_bytes(entropy::pick(source, sizes));
            }
        }
    }
}

fn audio(source: &mut dyn Entropy, tree: &mut Tree) {
    if tree.at(&CODEC).is_none() {
        *tree = machine(Shape { audio: true, ..Shape::draw(source) });
    }
    let i2s = [SOC, "i2s@10003000"];
    match source.below(14) {
        0 => set(tree, &CODEC, "nexus,i2s", cells(&[entropy::pick(source, [I2S, PLIC, MCLK])])),
        1 => {
            let address = entropy::pick(source, [0x1a, 0x1b, 0, 0x7f, 0x80]);
            if let Some(codec) = tree.at(&CODEC) {
                codec.name = format!("codec@{address:x}");
                codec.set("reg", cells(&[address]));
            }
        }
        2..=3 => {
            const HP: &str = "i2s -> codec -> hp";
            const SPEAKER: &str = "i2s -> codec -> speaker";
            let list = entropy::pick(
                source,
                [
                    &[HP, HP][..],
                    &[SPEAKER, HP],
                    &["i2s -> codec -> hdmi"],
                    &["i2s->codec->hp"],
                    &[""],
                    &[HP, ""],
                    &[HP, SPEAKER, HP],
                    &["\u{e4}"],
                ],
            );
            set(tree, &CODEC, "nexus,routes", texts(list));
        }
        4 => set(
            tree,
            &CODEC,
            "compatible",
            texts(entropy::pick(source, [&["acme,codec", "nexus,codec-null"][..], &["nexus,codec"], &["nexus,codec-null", "\n"]])),
        ),
        5 => set(tree, &CODEC[..2], "compatible", texts(entropy::pick(source, [&["acme,i2c", "nexus,i2c-null"][..], &["acme,i2c"]]))),
        6 => set(tree, &i2s, "status", texts(&[entropy::pick(source, ["okay", "ok", "disabled", "fail", "reserved"])])),
        7 => {
            let (clocks, names) = entropy::pick(
                source,
                [
                    (&[MCLK][..], &["mclk"][..]),
                    (&[BCLK, MCLK], &["bclk", "mclk"]),
                    (&[MCLK, MCLK, BCLK, BCLK], &["a", "b", "c", "d"]),
                    (&[MCLK, MCLK, BCLK, BCLK, MCLK], &["a", "b", "c", "d", "e"]),
                    (&[MCLK, BCLK], &["mclk"]),
                    (&[MCLK, BCLK], &["mclk", "mclk"]),
                    (&[MCLK, BCLK], &["mclk", ""]),
                    (&[MCLK, BCLK], &["mclk", "\u{e4}"]),
                ],
            );
            set(tree, &i2s, "clocks", cells(clocks));
            set(tree, &i2s, "clock-names", texts(names));
        }
        8 => set(
            tree,
            &["audio-mclk"],
            "clock-frequency",
            entropy::pick(source, [&[0][..], &[1], &[0, 1]]).iter().flat_map(|cell: &u32| cell.to_be_bytes()).collect(),
        ),
        9 => set(tree, &["audio-bclk"], entropy::pick(source, ["compatible", "clock-names"]), texts(&["clock"])),
        10 => {
            if let Some(soc) = tree.at(&[SOC]) {
                soc.remove(entropy::pick(source, ["i2s@10003000", "i2c@10009000"]));
            }
        }
        11 => {
            if let Some(node) = tree.at(&[SOC, "i2c@10009000"]) {
                let mut second = node.children[0].clone();
                second.name = "codec@1b".to_string();
                second.set("reg", cells(&[0x1b]));
                node.children.push(second);
            }
        }
        12 => {
            if let Some(node) = tree.at(&i2s) {
                node.name = "i2s@1000a000".to_string();
                node.set("reg", cells(&[0, 0x1000_a000, 0, 0x1000]));
            }
        }
        _ => {
            let name = entropy::pick(source, ["nexus,stub", "interrupts", "clocks", "clock-names"]);
            if let Some(node) = tree.at(&i2s) {
                node.unset(name);
            }
        }
    }
}
