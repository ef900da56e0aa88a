//! Trees that are rejected, by what they are rejected for.

use super::{
    BUS, CODEC, I2S, SOC, at, device, golden, header, inserted, more, nested, nodes, properties, property, reads, reserved, set, small,
};
use crate::suite::GoldenCase;
use spec::devices::{
    DEVICES_BLOB_BYTES_MAX, DEVICES_CELLS_MAX, DEVICES_DEPTH_MAX, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX, DEVICES_PROPERTIES_MAX,
    DEVICES_TIMEBASE_HZ_MAX, Devices, Tree, cells, parts, set_word, texts, word,
};

const SERIAL: [&str; 2] = [SOC, "serial@10000000"];
const HP: &str = "i2s -> codec -> hp";

pub(super) fn goldens() -> Vec<GoldenCase<Devices>> {
    let mut goldens = format();
    goldens.extend(structure());
    goldens.extend(rules());
    goldens.extend(machine());
    goldens
}

/// A right tree, the wrong ones, and a look at what is left.
fn rejected(name: &'static str, doc: &'static str, blobs: Vec<Vec<u8>>) -> GoldenCase<Devices> {
    let mut ops = reads(vec![small().blob()]);
    ops.extend(reads(blobs));
    ops.push(property("/soc/i2s@10003000", "status"));
    golden(name, doc, ops)
}

fn format() -> Vec<GoldenCase<Devices>> {
    vec![
        rejected("rejected_magic", "No device tree at all.", vec![header(0, |_| 0), header(0, u32::swap_bytes), vec![0; 8]]),
        rejected("rejected_length", "Cut, with something behind it, or less than a header; the magic number is looked at first.", {
            let blob = small().blob();
            let start = |claim: u32, length: usize| {
                let mut blob = blob.clone();
                set_word(&mut blob, 4, claim);
                blob.truncate(length);
                blob
            };
            vec![
                Vec::new(),
                blob[..7].to_vec(),
                blob[..blob.len() - 1].to_vec(),
                [blob.as_slice(), &[0]].concat(),
                start(39, 39),
                start(40, 39),
                start(8, 8),
                start(DEVICES_BLOB_BYTES_MAX, 40),
            ]
        }),
        rejected("rejected_too_large", "One byte more than may be, told before anything else is looked at.", {
            vec![header(4, |_| DEVICES_BLOB_BYTES_MAX + 1), header(4, |_| u32::MAX)]
        }),
        rejected(
            "rejected_version",
            "An old version, and a later one that is not compatible.",
            vec![header(20, |_| 16), header(24, |_| 18)],
        ),
        rejected("rejected_layout", "Blocks out of order, unaligned or outside, and a list of reserved memory without its end.", {
            vec![
                header(8, |old| old + 2),
                header(8, |_| u32::MAX - 3),
                header(12, |old| old - 4),
                header(12, |old| old + 1),
                header(16, |_| 32),
                header(16, |_| 44),
                header(16, |_| 56),
                header(16, |_| 64),
                header(32, |old| old + 1),
                header(36, |old| old + 4),
                header(36, |old| old - 2),
                header(36, |_| u32::MAX - 3),
                reserved(&[0x11; 16], 56 + 16),
                {
                    let mut blob = small().blob();
                    blob[40..56].fill(0x11);
                    blob
                },
            ]
        }),
    ]
}

fn structure() -> Vec<GoldenCase<Devices>> {
    let blob = small().blob();
    let start = word(&blob, 8).unwrap_or(0) as usize;
    let end = word(&blob, 36).unwrap_or(0) as usize;
    let parts = parts(&blob);
    let first_node = parts.iter().find(|part| part.node).map_or(0, |part| part.bytes.start - start);
    let first_property = parts.first().map_or(0, |part| part.bytes.start - start);
    let behind_child = parts.iter().find(|part| part.node).map_or(0, |part| part.bytes.end - start);
    let patched = |place: usize, value: u32| {
        let mut blob = blob.clone();
        set_word(&mut blob, start + place, value);
        blob
    };
    vec![
        rejected(
            "rejected_tokens",
            "Unknown, missing and misplaced tokens, two roots, a property behind a child, one that is cut or too long, something behind the end.",
            vec![
                patched(first_node, 5),
                patched(first_node, 9),
                patched(end - 4, 4),
                patched(end - 8, 9),
                patched(0, 2),
                patched(0, 3),
                patched(first_property + 4, u32::MAX),
                patched(first_property + 4, 1 << 16),
                inserted(blob.clone(), end, &[4]),
                inserted(blob.clone(), end, &[9]),
                inserted(blob.clone(), end - 4, &[1, 0, 2]),
                inserted(blob.clone(), behind_child, &[3, 0, 0]),
                inserted(blob.clone(), end - 4, &[3, 0, 0]),
                inserted(blob.clone(), first_node, &[2]),
                inserted(blob.clone(), first_node, &[1, 0x6100_0000]),
                header(36, |old| old - 4),
            ],
        ),
        rejected("rejected_names", "Names without an end, without letters, or with other characters than names have.", {
            let names = ["a b", "@1", "a@", "a@1@2", "a#", "\u{e9}", "a/b", ""];
            let mut blobs: Vec<_> = names.iter().map(|name| more(&[], Tree::new(name))).collect();
            blobs.extend(["a b", "a@1", "\u{e9}", ""].iter().map(|name| at(&[], |root| root.set(name, Vec::new()))));
            let mut named = small();
            named.name = "root".to_owned();
            blobs.push(named.blob());
            let strings = word(&blob, 32).unwrap_or(0);
            blobs.extend([strings, u32::MAX].map(|offset| patched(first_property + 8, offset)));
            // The last name's zero is cut off.
            blobs.push(header(32, |old| old - 1));
            blobs
        }),
        rejected("rejected_twins", "Two children or two properties of the same name; the same name elsewhere is none.", {
            vec![
                more(&[], Tree::new("soc")),
                more(&[SOC], Tree::new("i2s@10003000")),
                at(&[], |root| root.properties.push(("compatible".to_owned(), Vec::new()))),
                at(&[], |root| root.properties.extend([("x".to_owned(), Vec::new()), ("x".to_owned(), vec![1])])),
                more(&[SOC], Tree::new("soc")),
            ]
        }),
        rejected("rejected_bounds", "One level, node, property or letter more than may be.", {
            let long = "n".repeat(DEVICES_NAME_BYTES_MAX as usize + 1);
            vec![
                more(&[], nested(DEVICES_DEPTH_MAX + 1)),
                nodes(DEVICES_NODES_MAX + 1),
                properties(DEVICES_PROPERTIES_MAX + 1),
                more(&[], Tree::new(&long)),
                more(&[], Tree::new(&format!("a@{long}"))),
                at(&[], |root| root.set(&long, Vec::new())),
            ]
        }),
    ]
}

fn rules() -> Vec<GoldenCase<Devices>> {
    let wired = |line: u32| Tree::new("user").with("interrupt-parent", cells(&[3])).with("interrupts", cells(&[line]));
    let controller =
        |count: u32| Tree::new("controller").with("interrupt-controller", Vec::new()).with("#interrupt-cells", cells(&[count]));
    let table = Tree::new("table").with("#interrupt-cells", cells(&[1])).with("interrupt-map", cells(&[0, 0, 1, 3, 32]));
    let bridge = |ranges: &[u32], at: u32| {
        let inner = Tree::new(&format!("inner@{at:x}")).with("reg", cells(&[at, 0x1000]));
        Tree::new("bridge").with("#address-cells", cells(&[1])).with("#size-cells", cells(&[1])).with("ranges", cells(ranges)).child(inner)
    };
    vec![
        rejected(
            "rejected_forms",
            "Properties that a rule reads, of a length or value that they can't have.",
            vec![
                set(&[], "#address-cells", Some(cells(&[0]))),
                set(&[], "#address-cells", Some(cells(&[3]))),
                set(&[SOC], "#size-cells", Some(cells(&[DEVICES_CELLS_MAX + 1]))),
                set(&[SOC], "#size-cells", Some(vec![0, 0, 2])),
                set(&I2S, "phandle", Some(cells(&[0]))),
                set(&I2S, "phandle", Some(cells(&[u32::MAX]))),
                set(&I2S, "interrupt-parent", Some(cells(&[3, 3]))),
                set(&I2S, "interrupts", Some(Vec::new())),
                set(&I2S, "clocks", Some(vec![0, 0, 0, 5, 0])),
                set(&I2S, "status", Some(b"disabled".to_vec())),
                set(&CODEC, "nexus,routes", Some(Vec::new())),
                set(&CODEC, "reg", Some(Vec::new())),
                set(&I2S, "reg", Some(cells(&[0, 0x1000_3000, 0]))),
                set(&[SOC], "ranges", Some(cells(&[0, 0, 0, 0, 0]))),
                at(&[], |root| root.set("reg", cells(&[0, 0, 0, 8]))),
            ],
        ),
        rejected(
            "rejected_registers",
            "A name that says another address or none, registers that are empty, end beyond the address space or lie outside their bus.",
            vec![
                at(&I2S, |i2s| i2s.name = "i2s@10003008".to_owned()),
                at(&I2S, |i2s| i2s.name = "i2s".to_owned()),
                at(&I2S, |i2s| i2s.name = "i2s@0x10003000".to_owned()),
                at(&I2S, |i2s| i2s.name = "i2s@00000000010003000".to_owned()),
                at(&CODEC, |codec| codec.name = "codec@26".to_owned()),
                more(&[SOC], Tree::new("other@30000000")),
                more(&[SOC], device("other@30000000", 0x3000_0000, 0)),
                more(&[], Tree::new("other@ffffffffffffffff").with("reg", cells(&[u32::MAX, u32::MAX, 0, 2]))),
                more(&[], bridge(&[0, 0, 0x3000_0000, 0x1000], 8)),
                more(&[], bridge(&[0, u32::MAX, u32::MAX - 0xff, 0x1000], 0)),
            ],
        ),
        rejected(
            "rejected_overlaps",
            "Registers in the place of another's, by one byte, wholly, through a bus, in memory, disabled or twice in one node.",
            vec![
                more(&[SOC], device("virtio_mmio@10003000", 0x1000_3000, 0x1000)),
                more(&[SOC], device("other@10003000", 0x1000_3000, 8).with("status", texts(&["disabled"]))),
                more(&[], device("other@10002ff8", 0x1000_2ff8, 9)),
                more(&[], device("other@10003fff", 0x1000_3fff, 8)),
                more(&[], device("other@8000", 0x8000, 0x7fff_0000)),
                more(&[], device("other@80000000", 0x8000_0000, 8)),
                more(&[], bridge(&[0x10, 0, 0x1000_3000, 0x1000], 0x10)),
                more(&[], Tree::new("other@30000000").with("reg", cells(&[0, 0x3000_0000, 0, 9, 0, 0x3000_0008, 0, 8]))),
                more(&BUS, Tree::new("other@1a").with("reg", cells(&[0x1a]))),
            ],
        ),
        rejected(
            "rejected_phandles",
            "A phandle that two nodes have.",
            vec![more(&[], Tree::new("other").with("phandle", cells(&[7]))), set(&["audio-mclk"], "phandle", Some(cells(&[6])))],
        ),
        rejected(
            "rejected_references",
            "Phandles that lead nowhere, to a node of another kind, or with too few cells behind them.",
            vec![
                set(&I2S, "interrupt-parent", Some(cells(&[99]))),
                set(&I2S, "interrupt-parent", Some(cells(&[5]))),
                set(&I2S, "clocks", Some(cells(&[5, 99]))),
                set(&I2S, "clocks", Some(cells(&[3, 5]))),
                set(&CODEC, "nexus,i2s", Some(cells(&[99]))),
                set(&["audio-mclk"], "#clock-cells", None),
                set(&[SOC, "clint@2000000"], "interrupts-extended", Some(cells(&[4, 3, 4]))),
                set(&[SOC, "clint@2000000"], "interrupts-extended", Some(cells(&[5, 3]))),
                more(&[], Tree::new("other").with("regmap", cells(&[99]))),
                more(&[], Tree::new("map").with("#interrupt-cells", cells(&[1])).with("interrupt-map", cells(&[0, 0, 1, 3]))),
                more(&[], Tree::new("map").with("interrupt-map", cells(&[0, 0, 1, 3, 32]))),
            ],
        ),
        rejected(
            "rejected_interrupts",
            "Lines that the controller does not have, that are another's, or that reach no controller.",
            vec![
                set(&I2S, "interrupts", Some(cells(&[0]))),
                set(&I2S, "interrupts", Some(cells(&[97]))),
                set(&I2S, "interrupts", Some(cells(&[10]))),
                set(&I2S, "interrupts", Some(cells(&[12, 12]))),
                set(&I2S, "interrupt-parent", None),
                set(&I2S, "interrupt-parent", Some(cells(&[4]))),
                more(&[], wired(10)),
                more(&[], Tree::new("user").with("interrupts-extended", cells(&[3, 1]))),
                more(&[], Tree::new("map").with("#interrupt-cells", cells(&[1])).with("interrupt-map", cells(&[0, 0, 1, 3, 97]))),
                set(&[SOC, "plic@c000000"], "#interrupt-cells", Some(cells(&[2]))),
                // A controller without cells, and a table between a device and a controller.
                at(&[], |root| {
                    let none = controller(0).with("phandle", cells(&[20]));
                    root.children.extend([none, Tree::new("user").with("interrupts-extended", cells(&[20]))]);
                }),
                more(&[], controller(1).child(table.child(Tree::new("user").with("interrupts", cells(&[1]))))),
            ],
        ),
    ]
}

fn machine() -> Vec<GoldenCase<Devices>> {
    let (memory, plic) = (["memory@80000000"], [SOC, "plic@c000000"]);
    let without = |path: &[&str], name: &str| at(path, |node| node.remove(name));
    let slots = |count: u32| {
        at(&[SOC], |soc| {
            let slot = |number: u32| {
                let slot = device(&format!("spare@{:x}", 0x3000_0000 + number * 0x1000), 0x3000_0000 + number * 0x1000, 0x1000);
                let slot = slot.with("compatible", texts(&["virtio,mmio"])).with("interrupt-parent", cells(&[3]));
                slot.with("interrupts", cells(&[40 + number]))
            };
            soc.children.extend((0..count).map(slot));
        })
    };
    let clocks = |clocks: &[u32], names: &[&str]| {
        at(&I2S, |i2s| {
            i2s.set("clocks", cells(clocks));
            i2s.set("clock-names", texts(names));
        })
    };
    vec![
        rejected(
            "rejected_memory",
            "No memory, two memories, too little, elsewhere, in two parts; a rate of zero, beyond its bound, or of no length that rates have.",
            vec![
                without(&[], "memory@80000000"),
                set(&memory, "device_type", None),
                set(&memory, "reg", Some(cells(&[0, 0x8000_0000, 0, 0x3ff_ffff]))),
                set(&memory, "reg", Some(cells(&[0, 0x8000_0000, 0, 0x400_0000, 1, 0, 0, 8]))),
                at(&memory, |node| {
                    node.name = "memory@90000000".to_owned();
                    node.set("reg", cells(&[0, 0x9000_0000, 0, 0x400_0000]));
                }),
                more(&[], device("memory@90000000", 0x9000_0000, 8).with("device_type", texts(&["memory"]))),
                set(&["cpus"], "timebase-frequency", None),
                set(&["cpus"], "timebase-frequency", Some(cells(&[0]))),
                set(&["cpus"], "timebase-frequency", Some(cells(&[0, 0, 1]))),
                set(&["cpus"], "timebase-frequency", Some((DEVICES_TIMEBASE_HZ_MAX + 1).to_be_bytes().to_vec())),
            ],
        ),
        rejected(
            "rejected_devices",
            "A device that is missing, there twice, disabled, too small, in memory, unaligned, without its interrupt; too many slots.",
            vec![
                without(&[SOC], "serial@10000000"),
                without(&[SOC], "clint@2000000"),
                without(&[SOC], "test@100000"),
                more(&[SOC], device("spare@30000000", 0x3000_0000, 0x1000).with("compatible", texts(&["sifive,test0"]))),
                set(&SERIAL, "status", Some(texts(&["disabled"]))),
                set(&SERIAL, "reg", Some(cells(&[0, 0x1000_0000, 0, 7]))),
                set(&[SOC, "clint@2000000"], "reg", Some(cells(&[0, 0x200_0000, 0, 0xbfff]))),
                set(&[SOC, "test@100000"], "reg", Some(cells(&[0, 0x10_0000, 0, 3]))),
                set(&plic, "reg", Some(cells(&[0, 0xc00_0000, 0, 0x20_0fff]))),
                set(&plic, "riscv,ndev", None),
                set(&[SOC, "virtio_mmio@10001000"], "reg", Some(cells(&[0, 0x1000_1000, 0, 0xfff]))),
                at(&SERIAL, |uart| {
                    uart.name = "serial@10000004".to_owned();
                    uart.set("reg", cells(&[0, 0x1000_0004, 0, 0x100]));
                }),
                at(&SERIAL, |uart| {
                    uart.name = "serial@90000000".to_owned();
                    uart.set("reg", cells(&[0, 0x9000_0000, 0, 0x100]));
                }),
                set(&SERIAL, "interrupts", None),
                set(&SERIAL, "interrupts", Some(cells(&[10, 20]))),
                at(&SERIAL, |uart| uart.unset("reg")),
                slots(8),
            ],
        ),
        rejected(
            "rejected_i2s",
            "An I2S controller elsewhere, without an interrupt, without clocks, with clocks that are none or not named.",
            vec![
                at(&I2S, |i2s| {
                    i2s.name = "i2s@1000a000".to_owned();
                    i2s.set("reg", cells(&[0, 0x1000_a000, 0, 0x1000]));
                }),
                set(&I2S, "reg", Some(cells(&[0, 0x1000_3000, 0, 0xfff]))),
                set(&I2S, "interrupts", None),
                set(&I2S, "interrupts", Some(cells(&[12, 13]))),
                set(&I2S, "clocks", None),
                set(&I2S, "clock-names", None),
                clocks(&[5, 6], &["mclk"]),
                clocks(&[5, 6], &["mclk", "mclk"]),
                clocks(&[5, 6], &["mclk", ""]),
                clocks(&[5, 6], &["mclk", "\u{e4}"]),
                clocks(&[5, 6, 5, 6, 5], &["a", "b", "c", "d", "e"]),
                set(&["audio-mclk"], "clock-frequency", Some(cells(&[0]))),
                set(&["audio-mclk"], "compatible", None),
            ],
        ),
        rejected(
            "rejected_codec",
            "A codec at another address, on no I2C bus, without its controller, linked elsewhere, there twice.",
            vec![
                at(&CODEC, |codec| {
                    codec.name = "codec@1b".to_owned();
                    codec.set("reg", cells(&[0x1b]));
                }),
                set(&BUS, "compatible", Some(texts(&["acme,i2c"]))),
                at(&BUS, |bus| bus.set("#size-cells", cells(&[1]))),
                set(&CODEC, "nexus,i2s", Some(cells(&[3]))),
                set(&CODEC, "nexus,i2s", None),
                without(&[SOC], "i2c@10009000"),
                set(&I2S, "compatible", Some(texts(&["acme,i2s"]))),
                set(&CODEC, "compatible", Some(texts(&["nexus,codec-null", "\n"]))),
                more(&BUS, Tree::new("codec@1b").with("compatible", texts(&["nexus,codec-null"])).with("reg", cells(&[0x1b]))),
            ],
        ),
        rejected(
            "rejected_routes",
            "Routes that are none of the two, or there twice; and none.",
            vec![
                set(&CODEC, "nexus,routes", Some(texts(&[HP, HP]))),
                set(&CODEC, "nexus,routes", Some(texts(&[HP, "i2s -> codec -> hdmi"]))),
                set(&CODEC, "nexus,routes", Some(texts(&["i2s->codec->hp"]))),
                set(&CODEC, "nexus,routes", Some(texts(&["codec -> i2s -> hp"]))),
                set(&CODEC, "nexus,routes", Some(texts(&[HP, ""]))),
                set(&CODEC, "nexus,routes", None),
            ],
        ),
    ]
}
