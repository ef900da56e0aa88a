//! Drawn device trees: mostly like the machine's, often with one thing wrong.

mod damage;
mod flaws;

use super::{Blob, Config, Devices, Op, Shape, Tree, cells, texts};
use crate::codec::{CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER};
use crate::{Case, Entropy, entropy};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

pub use flaws::flawed;

/// Operations of a drawn case, at most: a blob is larger than any other contract's operation.
const OPS_MAX: usize = 8;

/// Phandles of the drawn machine's nodes.
const PLIC: u32 = 3;
const INTC: u32 = 4;
const MCLK: u32 = 5;
const BCLK: u32 = 6;
const I2S: u32 = 7;
const FINISHER: u32 = 8;

pub(super) fn case(source: &mut dyn Entropy, ops: usize) -> Case<Devices> {
    let count = 1 + source.below(ops.clamp(1, OPS_MAX) as u64) as usize;
    let mut known: Vec<(alloc::string::String, alloc::string::String)> = Vec::new();
    let ops = (0..count.min(ops)).map(|place| {
        if place == 0 || source.one_in(2) {
            let tree = honest(source);
            known = tree.every();
            return Op::Read(Blob(blob(source, tree)));
        }
        property(source, &known)
    });
    Case { config: Config {}, ops: ops.collect() }
}

/// The blob of a tree: as it is, with something wrong in the tree, or with damaged bytes.
fn blob(source: &mut dyn Entropy, mut tree: Tree) -> Vec<u8> {
    match source.below(8) {
        0..=2 => tree.blob(),
        3..=5 => {
            flawed(source, &mut tree);
            tree.blob()
        }
        _ => {
            let mut blob = tree.blob();
            damage::damage(source, &mut blob);
            blob
        }
    }
}

/// A property that is mostly there.
fn property(source: &mut dyn Entropy, known: &[(alloc::string::String, alloc::string::String)]) -> Op {
    let number = source.below(known.len() as u64) as usize;
    let (mut path, mut name) = known.get(number).cloned().unwrap_or_default();
    match source.below(8) {
        0 => name = entropy::pick(source, ["status", "reg", "nexus,stub", "", "compatible ", "Reg"]).to_string(),
        1 => {
            path =
                entropy::pick(source, ["/", "", "/soc", "soc", "/soc/", "//soc", "/soc/i2s", "/nowhere", "/soc/i2s@10003000"]).to_string()
        }
        _ => {}
    }
    Op::Property { path, name }
}

/// A device with registers of 64 bits.
fn device(name: &str, compatible: &[&str], address: u32, bytes: u32) -> Tree {
    Tree::new(&format!("{name}@{address:x}")).with("compatible", texts(compatible)).with("reg", cells(&[0, address, 0, bytes]))
}

fn wired(name: &str, compatible: &str, address: u32, bytes: u32, line: u32) -> Tree {
    device(name, &[compatible], address, bytes).with("interrupt-parent", cells(&[PLIC])).with("interrupts", cells(&[line]))
}

fn bus(node: Tree, address: u32, size: u32) -> Tree {
    node.with("#address-cells", cells(&[address])).with("#size-cells", cells(&[size]))
}

/// A right tree by choices: its shape, and the order of nodes.
pub fn honest(source: &mut dyn Entropy) -> Tree {
    let mut tree = machine(Shape::draw(source));
    if source.one_in(2) {
        let nodes = tree.count();
        for _ in 0..4 {
            let node = source.below(nodes as u64) as usize;
            if let Some(node) = tree.nth(node) {
                let turn = source.below(node.children.len() as u64) as usize;
                node.children.rotate_left(turn);
            }
        }
    }
    if source.one_in(4)
        && let Some(soc) = tree.at(&["soc"])
    {
        let address = 0x3000_0000 + source.below(16) as u32 * 0x1000;
        soc.children.push(device("mystery", &["acme,unknown"], address, 0x1000));
    }
    tree
}

/// A machine as `pkg://dts/virt-nexus.dts` describes it, of that shape.
pub fn machine(shape: Shape) -> Tree {
    let mut root = bus(Tree::new(""), 2, 2).with("compatible", texts(&["riscv-virtio"]));
    root.children
        .push(Tree::new("memory@80000000").with("device_type", texts(&["memory"])).with("reg", cells(&[0, 0x8000_0000, 0, 0x400_0000])));
    let rate = if shape.long_timebase { cells(&[0, 10_000_000]) } else { cells(&[10_000_000]) };
    let intc = Tree::new("interrupt-controller")
        .with("compatible", texts(&["riscv,cpu-intc"]))
        .with("#interrupt-cells", cells(&[1]))
        .with("interrupt-controller", Vec::new())
        .with("phandle", cells(&[INTC]));
    let cpu = Tree::new("cpu@0").with("device_type", texts(&["cpu"])).with("reg", cells(&[0])).child(intc);
    root.children.push(bus(Tree::new("cpus"), 1, 0).with("timebase-frequency", rate).child(cpu));
    if shape.audio {
        let clock = |name: &str, hertz: u32, phandle: u32| {
            Tree::new(name)
                .with("compatible", texts(&["fixed-clock"]))
                .with("#clock-cells", cells(&[0]))
                .with("clock-frequency", cells(&[hertz]))
                .with("phandle", cells(&[phandle]))
        };
        root.children.extend([clock("audio-mclk", 12_288_000, MCLK), clock("audio-bclk", 1_536_000, BCLK)]);
    }
    if shape.extras {
        root.children.push(Tree::new("poweroff").with("compatible", texts(&["syscon-poweroff"])).with("regmap", cells(&[FINISHER])));
        let platform = bus(Tree::new("platform-bus@4000000"), 1, 1).with("ranges", cells(&[0, 0, 0x400_0000, 0x200_0000]));
        root.children.push(platform.child(Tree::new("gadget@1000").with("reg", cells(&[0x1000, 0x100]))));
        root.children.push(Tree::new("flash@20000000").with("reg", cells(&[0, 0x2000_0000, 0, 0x1000, 0, 0x2000_1000, 0, 0x1000])));
    }
    root.child(soc(shape))
}

fn soc(shape: Shape) -> Tree {
    let mut soc = bus(Tree::new("soc"), 2, 2).with("compatible", texts(&["simple-bus"])).with("ranges", Vec::new());
    soc.children.push(device("test", &["sifive,test1", "sifive,test0", "syscon"], 0x10_0000, 0x1000).with("phandle", cells(&[FINISHER])));
    soc.children.push(
        device("clint", &["sifive,clint0", "riscv,clint0"], 0x200_0000, 0x1_0000).with("interrupts-extended", cells(&[INTC, 3, INTC, 7])),
    );
    let plic = device("plic", &["sifive,plic-1.0.0", "riscv,plic0"], 0xc00_0000, 0x60_0000)
        .with("#address-cells", cells(&[0]))
        .with("#interrupt-cells", cells(&[1]))
        .with("interrupt-controller", Vec::new())
        .with("interrupts-extended", cells(&[INTC, 11, INTC, 9]))
        .with("riscv,ndev", cells(&[96]))
        .with("phandle", cells(&[PLIC]));
    soc.children.push(plic);
    soc.children.push(wired("serial", "ns16550a", 0x1000_0000, 0x100, 10));
    for number in (1..=8).filter(|number| *number != 3).take(shape.slots as usize) {
        soc.children.push(wired("virtio_mmio", "virtio,mmio", 0x1000_0000 + number * 0x1000, 0x1000, number));
    }
    if shape.audio {
        let mut i2s = wired("i2s", "nexus,i2s", 0x1000_3000, 0x1000, 12)
            .with("clocks", cells(&[MCLK, BCLK]))
            .with("clock-names", texts(&["mclk", "bclk"]))
            .with("phandle", cells(&[I2S]))
            .with("nexus,stub", Vec::new());
        if shape.disabled {
            i2s.set("status", texts(&["disabled"]));
        }
        let routes = match shape.routes {
            1 => texts(&[CODEC_ROUTE_HP]),
            2 => texts(&[CODEC_ROUTE_SPEAKER]),
            3 => texts(&[CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER]),
            4 => texts(&[CODEC_ROUTE_SPEAKER, CODEC_ROUTE_HP]),
            _ => texts(&["i2s -> hp"]),
        };
        let codec = Tree::new("codec@1a")
            .with("compatible", texts(&["nexus,codec-null"]))
            .with("reg", cells(&[0x1a]))
            .with("nexus,i2s", cells(&[I2S]))
            .with("nexus,routes", routes)
            .with("nexus,stub", Vec::new());
        let i2c = bus(device("i2c", &["nexus,i2c-null"], 0x1000_9000, 0x1000), 1, 0).child(codec);
        soc.children.extend([i2s, i2c]);
    }
    if shape.extras {
        soc.children.push(pci());
    }
    soc
}

/// A bridge whose interrupts are a table, and whose addresses are no numbers.
fn pci() -> Tree {
    bus(device("pci", &["pci-host-ecam-generic"], 0x3800_0000, 0x800_0000), 3, 2)
        .with("#interrupt-cells", cells(&[1]))
        .with("ranges", cells(&[0x200_0000, 0, 0x4000_0000, 0, 0x4000_0000, 0, 0x1000_0000]))
        .with("interrupt-map-mask", cells(&[0x1800, 0, 0, 7]))
        .with("interrupt-map", cells(&[0, 0, 0, 1, PLIC, 32, 0, 0, 0, 2, PLIC, 33, 0x800, 0, 0, 1, PLIC, 33]))
}
