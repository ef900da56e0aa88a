//! Recorded cases of the contract `devices`.

mod rejected;

use crate::suite::GoldenCase;
use spec::Case;
use spec::devices::{
    Blob, Config, DEVICES_DEPTH_MAX, DEVICES_NAME_BYTES_MAX, DEVICES_NODES_MAX, DEVICES_PROPERTIES_MAX, Devices, Op, Shape, Tree, cells,
    machine, parts, set_word, texts, word,
};

/// The golden that holds [`MACHINE`].
pub(super) const GOLDEN: &str = "virt_nexus";

/// The blob of `spec/dts/virt-nexus.dts`, as it was compiled when its golden was recorded.
pub(super) const MACHINE: &[u8] = include_bytes!("../../../../spec/dts/virt-nexus.dtb");

const SOC: &str = "soc";
const I2S: [&str; 2] = [SOC, "i2s@10003000"];
const BUS: [&str; 2] = [SOC, "i2c@10009000"];
const CODEC: [&str; 3] = [SOC, "i2c@10009000", "codec@1a"];

pub(super) fn goldens() -> Vec<GoldenCase<Devices>> {
    let mut goldens = accepted();
    goldens.extend(rejected::goldens());
    goldens
}

fn golden(name: &'static str, doc: &'static str, ops: Vec<Op>) -> GoldenCase<Devices> {
    GoldenCase { name, doc, case: Case { config: Config {}, ops } }
}

fn reads(blobs: Vec<Vec<u8>>) -> Vec<Op> {
    blobs.into_iter().map(|blob| Op::Read(Blob(blob))).collect()
}

fn property(path: &str, name: &str) -> Op {
    Op::Property { path: path.to_owned(), name: name.to_owned() }
}

fn small() -> Tree {
    machine(Shape::SMALL)
}

/// The small machine after a change at one node.
fn at(path: &[&str], change: impl FnOnce(&mut Tree)) -> Vec<u8> {
    let mut tree = small();
    if let Some(node) = tree.at(path) {
        change(node);
    }
    tree.blob()
}

/// The small machine with another value, or none, of a property.
fn set(path: &[&str], name: &str, value: Option<Vec<u8>>) -> Vec<u8> {
    at(path, |node| match value {
        Some(value) => node.set(name, value),
        None => node.unset(name),
    })
}

/// The small machine with one more child of a node.
fn more(path: &[&str], child: Tree) -> Vec<u8> {
    at(path, |node| node.children.push(child))
}

/// A device with registers of 64 bits, under any name.
fn device(name: &str, address: u32, bytes: u32) -> Tree {
    Tree::new(name).with("reg", cells(&[0, address, 0, bytes]))
}

/// The small machine's blob with a word of its header changed.
fn header(place: usize, value: impl FnOnce(u32) -> u32) -> Vec<u8> {
    let mut blob = small().blob();
    let old = word(&blob, place).unwrap_or(0);
    set_word(&mut blob, place, value(old));
    blob
}

/// Words put into the structure so many bytes behind its beginning, with a header that fits.
fn inserted(mut blob: Vec<u8>, place: usize, words: &[u32]) -> Vec<u8> {
    let start = word(&blob, 8).unwrap_or(0) as usize + place;
    blob.splice(start..start, cells(words));
    for place in [4, 12, 36] {
        let moved = word(&blob, place).unwrap_or(0).wrapping_add(4 * words.len() as u32);
        set_word(&mut blob, place, moved);
    }
    blob
}

/// Bytes put between the header and the structure, with a header that fits.
fn reserved(list: &[u8], from: usize) -> Vec<u8> {
    let mut blob = small().blob();
    blob.splice(40..40, list.iter().copied());
    for place in [4, 8, 12] {
        let moved = word(&blob, place).unwrap_or(0) + list.len() as u32;
        set_word(&mut blob, place, moved);
    }
    set_word(&mut blob, 16, from as u32);
    blob
}

/// Two nodes nested to so many levels below the root.
fn nested(levels: u32) -> Tree {
    (1..levels).fold(Tree::new("level"), |inner, _| Tree::new("level").child(inner))
}

/// The small machine with nodes at its root until there are so many.
fn nodes(count: u32) -> Vec<u8> {
    let mut tree = small();
    let there = tree.count();
    tree.children.extend((there..count as usize).map(|number| Tree::new(&format!("n{number}"))));
    tree.blob()
}

/// The small machine with properties at its root until there are so many.
fn properties(count: u32) -> Vec<u8> {
    at(&[], |root| {
        let there = root.properties.len();
        root.properties.extend((there..count as usize).map(|number| (format!("p{number}"), Vec::new())));
    })
}

fn accepted() -> Vec<GoldenCase<Devices>> {
    vec![
        golden(
            GOLDEN,
            "The compiled pkg://dts/virt-nexus.dts: i2s@10003000 with interrupt 12 and two clocks, codec@1a on its bus, both routes; seven slots, as slot 2 is left out.",
            [reads(vec![MACHINE.to_vec()]), looks()].concat(),
        ),
        golden("small_machine", "What there is at least, and one slot.", reads(vec![small().blob()])),
        golden(
            "qemu_alone",
            "QEMU's own machine has no audio path.",
            reads(vec![machine(Shape { audio: false, slots: 7, ..Shape::SMALL }).blob()]),
        ),
        golden("everything", "A bridge, a bus with a window, flash of two parts and a long rate.", {
            reads(vec![machine(Shape { slots: 7, extras: true, long_timebase: true, ..Shape::SMALL }).blob()])
        }),
        golden(
            "status",
            "Without a status a controller is enabled, and with okay or ok; with anything else it is not. A stub says so.",
            reads(vec![
                set(&I2S, "status", None),
                set(&I2S, "status", Some(texts(&["okay"]))),
                set(&I2S, "status", Some(texts(&["ok"]))),
                set(&I2S, "status", Some(texts(&["fail"]))),
                set(&I2S, "nexus,stub", None),
                set(&CODEC, "nexus,stub", None),
            ]),
        ),
        golden("routes", "One route, the other, and both the other way round, told in the tree's order.", {
            reads([1, 2, 3, 4].map(|routes| machine(Shape { routes, ..Shape::SMALL }).blob()).to_vec())
        }),
        golden(
            "compatible",
            "What a device is compatible with is a list; a device that is not enabled is none of the machine's.",
            reads(vec![
                set(&CODEC, "compatible", Some(texts(&["acme,codec", "nexus,codec-null"]))),
                set(&BUS, "compatible", Some(texts(&["nexus,i2c-null", "acme,i2c"]))),
                more(
                    &[SOC],
                    device("spare@30000000", 0x3000_0000, 8).with("compatible", texts(&["ns16550a"])).with("status", texts(&["disabled"])),
                ),
            ]),
        ),
        golden(
            "clocks",
            "One clock, and as many as there may be, in the controller's order; one hertz is a rate.",
            reads(vec![
                at(&I2S, |i2s| {
                    i2s.set("clocks", cells(&[6]));
                    i2s.set("clock-names", texts(&["bclk"]));
                }),
                at(&I2S, |i2s| {
                    i2s.set("clocks", cells(&[6, 5, 6, 5]));
                    i2s.set("clock-names", texts(&["a", "b", "c", "d"]));
                }),
                set(&["audio-mclk"], "clock-frequency", Some(cells(&[1]))),
            ]),
        ),
        golden(
            "format",
            "What the format leaves free: a later version that is compatible, reserved memory, no-operation tokens, any boot processor.",
            {
                let reserved_entry = [&[0, 0, 0, 0, 0x83, 0, 0, 0][..], &[0, 0, 0, 0, 0, 1, 0, 0]].concat();
                let blob = small().blob();
                let first = parts(&blob).first().map_or(0, |part| part.bytes.start) - word(&blob, 8).unwrap_or(0) as usize;
                let end = word(&blob, 36).unwrap_or(0) as usize - 4;
                reads(vec![
                    header(20, |_| 18),
                    header(24, |_| 17),
                    header(28, |_| 7),
                    reserved(&reserved_entry, 40),
                    reserved(&[0; 24], 48),
                    inserted(blob.clone(), 0, &[4]),
                    inserted(blob.clone(), first, &[4, 4]),
                    inserted(blob, end, &[4]),
                ])
            },
        ),
        golden("unit_addresses", "A unit address is a number in hexadecimal digits of either case, with zeros before it or without.", {
            reads(vec![
                more(&[SOC], device("other@3000A000", 0x3000_a000, 8)),
                more(&[SOC], device("other@000000003000a000", 0x3000_a000, 8)),
                more(&[], Tree::new("bus@1").with("ranges", Vec::new())),
            ])
        }),
        golden("neighbours", "Registers that touch do not overlap, nor do those of two buses, nor an address and its like on PCI.", {
            let inner = |address: u32| Tree::new(&format!("inner@{address:x}")).with("reg", cells(&[address, 8]));
            let own = Tree::new("own").with("#address-cells", cells(&[1])).with("#size-cells", cells(&[1])).child(inner(0x1000_3000));
            let pci = Tree::new("pci").with("#address-cells", cells(&[3])).with("#size-cells", cells(&[0]));
            reads(vec![
                more(&[SOC], device("other@10002ff8", 0x1000_2ff8, 8)),
                more(&[SOC], device("other@10004000", 0x1000_4000, 8)),
                more(&[SOC], own),
                more(
                    &[SOC],
                    pci.child(Tree::new("one@0").with("reg", cells(&[0, 0, 0]))).child(Tree::new("two@0").with("reg", cells(&[0, 0, 0]))),
                ),
            ])
        }),
        golden("own_controller", "A device below a controller has its interrupts, by as many cells as it says.", {
            let controller =
                |count: u32| Tree::new("controller").with("interrupt-controller", Vec::new()).with("#interrupt-cells", cells(&[count]));
            let user = |lines: &[u32]| Tree::new("user").with("interrupts", cells(lines));
            reads(vec![more(&[], controller(1).child(user(&[10, 11]))), more(&[], controller(2).child(user(&[10, 1, 10, 2])))])
        }),
        golden("root_type", "A root of the type memory is no memory.", reads(vec![set(&[], "device_type", Some(texts(&["memory"])))])),
        golden(
            "last_interrupt",
            "The controller's last line is one of its lines.",
            reads(vec![set(&I2S, "interrupts", Some(cells(&[96])))]),
        ),
        golden("at_the_bounds", "As deep, as many and as long as may be.", {
            let long = "n".repeat(DEVICES_NAME_BYTES_MAX as usize);
            let unit = format!("{}1", "0".repeat(15));
            reads(vec![
                more(&[], nested(DEVICES_DEPTH_MAX)),
                nodes(DEVICES_NODES_MAX),
                properties(DEVICES_PROPERTIES_MAX),
                more(&[], Tree::new(&long)),
                more(&[], Tree::new(&format!("{long}@{unit}")).with("ranges", Vec::new())),
                at(&[], |root| root.set(&long, Vec::new())),
                at(&["cpus"], |cpus| cpus.set("timebase-frequency", 10_000_000_000_u64.to_be_bytes().to_vec())),
            ])
        }),
        golden(
            "properties",
            "Whole names alone; an empty property is there; before a tree nothing is; a rejected tree changes nothing.",
            {
                let mut ops = vec![property("/", "compatible")];
                ops.extend(reads(vec![small().blob()]));
                ops.extend(looks());
                ops.extend(["", "soc", "/soc/", "//soc", "/soc/i2s", "/codec@1a", "/nowhere"].map(|path| property(path, "compatible")));
                ops.extend(reads(vec![header(0, |_| 0), set(&CODEC, "nexus,routes", Some(texts(&["i2s -> hp"])))]));
                ops.extend(looks());
                ops
            },
        ),
        golden("another_tree", "An accepted tree takes the place of the one before, a rejected one does not.", {
            let mut ops = Vec::new();
            for tree in [set(&CODEC, "reg", Some(cells(&[0x1a]))), set(&I2S, "status", Some(texts(&["okay"]))), header(0, |_| 0)] {
                ops.extend(reads(vec![tree]));
                ops.extend([property("/soc/i2s@10003000", "status"), property("/chosen", "status")]);
            }
            ops
        }),
    ]
}

/// Looks at what the seed names.
fn looks() -> Vec<Op> {
    [
        ("/", "compatible"),
        ("/soc", "ranges"),
        ("/soc/i2s@10003000", "reg"),
        ("/soc/i2s@10003000", "interrupts"),
        ("/soc/i2s@10003000", "clocks"),
        ("/soc/i2s@10003000", "clock-names"),
        ("/soc/i2s@10003000", "nothing"),
        ("/soc/i2c@10009000/codec@1a", "compatible"),
        ("/soc/i2c@10009000/codec@1a", "reg"),
        ("/soc/i2c@10009000/codec@1a", "nexus,routes"),
        ("/soc/i2c@10009000/codec@1a", "nexus,stub"),
        ("/soc/virtio_mmio@10003000", "reg"),
    ]
    .map(|(path, name)| property(path, name))
    .to_vec()
}
