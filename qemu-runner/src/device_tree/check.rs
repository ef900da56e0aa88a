//! What must hold in a device tree before a guest is booted with it.

use super::nodes::{self, Node};
use super::references;
use spec::mailbox::{RAM_BASE, RAM_BYTES};
use std::collections::BTreeSet;
use std::fmt;

/// Where the I2S controller is described.
const I2S: &str = "/soc/i2s@10003000";
/// QEMU's node at the same address.
const SLOT: &str = "/soc/virtio_mmio@10003000";
/// The codec's address on its bus.
const CODEC_ADDRESS: u32 = 0x1a;
/// The audio path, each end once.
const ROUTES: [&str; 2] = ["i2s -> codec -> hp", "i2s -> codec -> speaker"];

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The node's path; empty for the whole blob.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.path.is_empty() { "/" } else { &self.path }, self.what)
    }
}

/// The nodes, and what was found wrong with them.
pub(super) struct Check {
    pub nodes: Vec<Node>,
    pub problems: Vec<Problem>,
}

impl Check {
    pub fn add(&mut self, node: usize, what: impl Into<String>) {
        let path = self.nodes.get(node).map(|node| node.path.clone()).unwrap_or_default();
        self.problems.push(Problem { path, what: what.into() });
    }

    fn find(&self, path: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.path == path)
    }
}

/// Checks a blob: no two nodes of one address space overlap, every reference resolves, every interrupt reaches a controller with the
/// right number of cells, every clock a clock, memory is what the guest gets, and the audio path is described as its users expect.
///
/// # Errors
/// Everything that is wrong, or that the blob can't be read.
pub fn check(blob: &[u8]) -> Result<(), Vec<Problem>> {
    let nodes = nodes::read(blob).map_err(|what| vec![Problem { path: String::new(), what }])?;
    let mut check = Check { nodes, problems: Vec::new() };
    names(&mut check);
    registers(&mut check);
    references::check(&mut check);
    memory(&mut check);
    audio(&mut check);
    if check.problems.is_empty() { Ok(()) } else { Err(check.problems) }
}

fn names(check: &mut Check) {
    let mut paths = BTreeSet::new();
    for place in 0..check.nodes.len() {
        if !paths.insert(check.nodes[place].path.clone()) {
            check.add(place, "there are two nodes of this name");
        }
    }
}

/// A range of addresses of one address space.
struct Range {
    /// The bus whose addresses these are; the root's are the processor's.
    space: usize,
    start: u128,
    end: u128,
    node: usize,
}

fn registers(check: &mut Check) {
    let mut ranges: Vec<Range> = Vec::new();
    for place in 1..check.nodes.len() {
        let node = &check.nodes[place];
        let Some(bytes) = node.bytes("reg") else {
            if node.name().contains('@') && node.bytes("ranges").is_none() {
                check.add(place, "it has an address in its name, and no `reg`");
            }
            continue;
        };
        let parent = &check.nodes[node.parent];
        let cells = [parent.cell("#address-cells").unwrap_or(2), parent.cell("#size-cells").unwrap_or(1)].map(|cells| cells as usize);
        let (Some(values), [address @ 1..=4, size @ 0..=4]) = (node.cells("reg"), cells) else {
            check.add(place, format!("its `reg` of {} bytes does not fit the cells of its bus", bytes.len()));
            continue;
        };
        if values.is_empty() || !values.len().is_multiple_of(address + size) {
            check.add(place, format!("its `reg` has {} cells, which is no multiple of {}", values.len(), address + size));
            continue;
        }
        let entries: Vec<(u128, u128)> =
            values.chunks(address + size).map(|entry| (number(&entry[..address]), number(&entry[address..]))).collect();
        let unit = node.name().split_once('@').map(|(_, unit)| u128::from_str_radix(unit, 16));
        if unit != Some(Ok(entries[0].0)) {
            check.add(place, format!("its name should end in the address of its first register, @{:x}", entries[0].0));
        }
        for (start, length) in entries {
            // On a bus without sizes an address is one place.
            let length = if size == 0 { 1 } else { length };
            let bus = check.nodes[place].parent;
            match (length, translate(check, bus, start, length)) {
                (0, _) => check.add(place, "a range of its `reg` is empty"),
                (_, Some((space, start))) => ranges.push(Range { space, start, end: start.saturating_add(length), node: place }),
                (_, None) => check.add(place, format!("its bus has no addresses for {start:#x} and {length:#x} bytes")),
            }
        }
    }
    ranges.sort_by_key(|range| (range.space, range.start));
    // Sorted by their starts, a range overlaps an earlier one only if it does the furthest of them.
    let mut furthest: Option<&Range> = None;
    for range in &ranges {
        if let Some(before) = furthest.filter(|before| before.space == range.space && before.end > range.start) {
            let other = check.nodes[before.node].path.clone();
            check.add(range.node, format!("its registers at {:#x} overlap those of {other}", range.start));
        }
        furthest = furthest.filter(|before| before.space == range.space && before.end >= range.end).or(Some(range));
    }
}

/// The address as the processor, or as the last bus that does not pass addresses on, sees it.
fn translate(check: &Check, bus: usize, start: u128, length: u128) -> Option<(usize, u128)> {
    let node = &check.nodes[bus];
    if bus == 0 {
        return Some((0, start));
    }
    let Some(bytes) = node.bytes("ranges") else { return Some((bus, start)) };
    if bytes.is_empty() {
        return translate(check, node.parent, start, length);
    }
    let own = node.cell("#address-cells").unwrap_or(2) as usize;
    let upper = check.nodes[node.parent].cell("#address-cells").unwrap_or(2) as usize;
    let size = node.cell("#size-cells").unwrap_or(1) as usize;
    let values = node.cells("ranges")?;
    // Four cells are the widest number that is read.
    if own > 4 || upper > 4 || size > 4 || own + upper + size == 0 {
        return None;
    }
    values.chunks_exact(own + upper + size).find_map(|entry| {
        let (child, rest) = entry.split_at(own);
        let (child, parent, room) = (number(child), number(&rest[..upper]), number(&rest[upper..]));
        let offset = start.checked_sub(child)?;
        let inside = offset.checked_add(length).is_some_and(|end| end <= room);
        if inside { translate(check, node.parent, parent.checked_add(offset)?, length) } else { None }
    })
}

fn number(cells: &[u32]) -> u128 {
    cells.iter().fold(0, |number, cell| number << 32 | u128::from(*cell))
}

fn memory(check: &mut Check) {
    let right = [(RAM_BASE >> 32) as u32, RAM_BASE as u32, (RAM_BYTES >> 32) as u32, RAM_BYTES as u32];
    let places: Vec<usize> =
        (0..check.nodes.len()).filter(|place| check.nodes[*place].strings("device_type").is_some_and(|kind| kind == ["memory"])).collect();
    match places.as_slice() {
        [place] if check.nodes[*place].cells("reg").is_some_and(|cells| cells == right) => {}
        [place] => check.add(*place, format!("memory should be {} MiB at {RAM_BASE:#x}, which is what QEMU is given", RAM_BYTES >> 20)),
        places => check.add(0, format!("there should be one node of memory, not {}", places.len())),
    }
}

fn audio(check: &mut Check) {
    if check.find(SLOT).is_some() {
        check.add(0, format!("{SLOT} should be left out: it is in the place of {I2S}"));
    }
    match check.find(I2S) {
        None => check.add(0, format!("{I2S} is missing")),
        Some(place) => {
            let node = &check.nodes[place];
            let complete = ["interrupts", "clocks", "nexus,stub"].iter().all(|name| node.bytes(name).is_some());
            if !complete || !node.compatible("nexus,i2s") || node.strings("status") != Some(vec!["disabled"]) {
                check.add(place, "it should be a disabled stub compatible with nexus,i2s, with interrupts and clocks");
            }
        }
    }
    let codecs: Vec<usize> = (0..check.nodes.len()).filter(|place| check.nodes[*place].compatible("nexus,codec-null")).collect();
    let [place] = codecs.as_slice() else {
        return check.add(0, format!("there should be one codec compatible with nexus,codec-null, not {}", codecs.len()));
    };
    let node = &check.nodes[*place];
    let on_i2c = check.nodes[node.parent].name().starts_with("i2c@");
    if node.name() != "codec@1a" || node.cells("reg") != Some(vec![CODEC_ADDRESS]) || !on_i2c {
        check.add(*place, "it should be codec@1a, with the address 0x1a of an I2C bus");
    }
    if check.nodes[*place].strings("nexus,routes").is_none_or(|routes| routes != ROUTES) {
        check.add(*place, format!("`nexus,routes` should be {ROUTES:?}"));
    }
}
