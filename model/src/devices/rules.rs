//! The rules over all nodes, one after the other (DEVICES-D2 to DEVICES-D7).

use super::Node;
use spec::ErrorCode;
use spec::ErrorCode::{DuplicatePhandle, InvalidInterrupt, MalformedProperty, RegistersOverlap, UnresolvedReference, WrongRegisters};
use spec::devices::DEVICES_CELLS_MAX;

const COUNTS: [&str; 4] = ["#address-cells", "#size-cells", "#interrupt-cells", "#clock-cells"];
const HANDLES: [&str; 4] = ["interrupt-parent", "regmap", "cpu", "nexus,i2s"];
const LISTS: [&str; 4] = ["interrupts", "interrupts-extended", "interrupt-map", "clocks"];
const TEXTS: [&str; 5] = ["compatible", "status", "device_type", "clock-names", "nexus,routes"];

/// DEVICES-006: what has a form has it (DEVICES-D3).
pub(super) fn forms(nodes: &[Node]) -> Result<(), ErrorCode> {
    let right = |condition: bool| if condition { Ok(()) } else { Err(MalformedProperty) };
    for node in nodes {
        for (name, value) in &node.properties {
            let Ok(name) = std::str::from_utf8(name) else { continue };
            if COUNTS.contains(&name) {
                right(node.word(name).is_some_and(|count| count <= DEVICES_CELLS_MAX))?;
            } else if HANDLES.contains(&name) || name == "riscv,ndev" {
                right(value.len() == 4)?;
            } else if name == "phandle" {
                right(node.word(name).is_some_and(|handle| handle != 0 && handle != u32::MAX))?;
            } else if LISTS.contains(&name) {
                right(!value.is_empty() && value.len() % 4 == 0)?;
            } else if TEXTS.contains(&name) {
                right(value.last() == Some(&0))?;
            }
        }
        let cells = |count: usize, value: &[u8]| count > 0 && value.len().is_multiple_of(4 * count);
        let parent = node.parent.map(|parent| &nodes[parent]);
        // A count that can't be read was rejected at the parent, which stands before its children.
        if let Some(reg) = node.get("reg") {
            right(
                !reg.is_empty() && parent.is_some_and(|bus| bus.address_cells() > 0 && cells(bus.address_cells() + bus.size_cells(), reg)),
            )?;
        }
        if let Some(ranges) = node.get("ranges") {
            let entry = parent.map(|bus| node.address_cells() + bus.address_cells() + node.size_cells());
            right(ranges.is_empty() || entry.is_some_and(|count| cells(count, ranges)))?;
        }
    }
    Ok(())
}

/// Registers of a node as they are seen in an address space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Register {
    pub node: usize,
    /// The bus whose addresses these are; the root's are the processor's.
    pub space: usize,
    pub start: u64,
    /// The last address, so that none lies beyond 64 bits.
    pub last: u64,
}

/// Whether addresses on that bus are numbers.
fn has_numbers(bus: &Node) -> bool {
    (1..=2).contains(&bus.address_cells()) && bus.size_cells() <= 2
}

/// The number that words make.
fn number(words: &[u32]) -> u64 {
    words.iter().fold(0, |number, word| number << 32 | u64::from(*word))
}

/// DEVICES-007: every register, in its node's order.
pub(super) fn registers(nodes: &[Node]) -> Result<Vec<Register>, ErrorCode> {
    let mut registers = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let unit = node.name.iter().position(|byte| *byte == b'@').map(|at| &node.name[at + 1..]);
        let Some(words) = node.words("reg") else {
            if unit.is_some() && !node.has("ranges") {
                return Err(WrongRegisters);
            }
            continue;
        };
        // A root with registers has been rejected.
        let Some(bus) = node.parent else { continue };
        if !has_numbers(&nodes[bus]) {
            continue;
        }
        let (address, size) = (nodes[bus].address_cells(), nodes[bus].size_cells());
        if unit.and_then(unit_address) != Some(number(&words[..address])) {
            return Err(WrongRegisters);
        }
        for entry in words.chunks(address + size) {
            let (start, length) = (number(&entry[..address]), number(&entry[address..]));
            let length = if size == 0 { 1 } else { length };
            let last = length.checked_sub(1).and_then(|more| start.checked_add(more)).ok_or(WrongRegisters)?;
            let (space, start, last) = seen(nodes, bus, start, last).ok_or(WrongRegisters)?;
            registers.push(Register { node: place, space, start, last });
        }
    }
    Ok(registers)
}

/// The number that a unit address is, if it is one.
fn unit_address(unit: &[u8]) -> Option<u64> {
    if unit.len() > 16 || !unit.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok()
}

/// Addresses of a bus as the processor, or the last bus that does not pass them on, sees them.
fn seen(nodes: &[Node], bus: usize, start: u64, last: u64) -> Option<(usize, u64, u64)> {
    let node = &nodes[bus];
    let Some(parent) = node.parent.filter(|parent| has_numbers(&nodes[*parent])) else { return Some((bus, start, last)) };
    let Some(words) = node.words("ranges") else { return Some((bus, start, last)) };
    if words.is_empty() {
        return seen(nodes, parent, start, last);
    }
    let (own, upper) = (node.address_cells(), nodes[parent].address_cells());
    for entry in words.chunks(own + upper + node.size_cells()) {
        let (from, to, room) = (number(&entry[..own]), number(&entry[own..own + upper]), number(&entry[own + upper..]));
        if from <= start && u128::from(last) < u128::from(from) + u128::from(room) {
            let (start, last) = (to.checked_add(start - from)?, to.checked_add(last - from)?);
            return seen(nodes, parent, start, last);
        }
    }
    None
}

/// DEVICES-008: whatever the status.
pub(super) fn overlaps(registers: &[Register]) -> Result<(), ErrorCode> {
    for (place, one) in registers.iter().enumerate() {
        for other in &registers[..place] {
            if one.space == other.space && one.start <= other.last && other.start <= one.last {
                return Err(RegistersOverlap);
            }
        }
    }
    Ok(())
}

/// The node that a phandle names.
pub(super) fn named(nodes: &[Node], handle: u32) -> Option<usize> {
    nodes.iter().position(|node| node.word("phandle") == Some(handle))
}

/// DEVICES-009: a phandle is one node's alone.
pub(super) fn phandles(nodes: &[Node]) -> Result<(), ErrorCode> {
    for (place, node) in nodes.iter().enumerate() {
        if let Some(handle) = node.word("phandle")
            && named(nodes, handle) != Some(place)
        {
            return Err(DuplicatePhandle);
        }
    }
    Ok(())
}

fn is_controller(node: &Node) -> bool {
    node.has("interrupt-controller")
}

/// Phandles with the cells that belong to each.
type Entries = Vec<(usize, Vec<u32>)>;

/// A list of phandles, each with `before` words before it and as many behind it as the named node says.
fn entries(nodes: &[Node], words: &[u32], before: usize, behind: impl Fn(&Node) -> Option<usize>) -> Result<Entries, ErrorCode> {
    let mut entries = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let handle = rest.get(before).ok_or(UnresolvedReference)?;
        let node = named(nodes, *handle).ok_or(UnresolvedReference)?;
        let count = behind(&nodes[node]).ok_or(UnresolvedReference)?;
        let cells = rest.get(before + 1..before + 1 + count).ok_or(UnresolvedReference)?;
        entries.push((node, cells.to_vec()));
        rest = &rest[before + 1 + count..];
    }
    Ok(entries)
}

/// Cells of an interrupt of a controller; nothing for any other node.
fn controller_cells(node: &Node) -> Option<usize> {
    node.word("#interrupt-cells").filter(|_| is_controller(node)).map(|count| count as usize)
}

fn extended(nodes: &[Node], node: &Node) -> Result<Entries, ErrorCode> {
    entries(nodes, &node.words("interrupts-extended").unwrap_or_default(), 0, controller_cells)
}

/// The clocks that a node names.
pub(super) fn clocks(nodes: &[Node], node: &Node) -> Result<Entries, ErrorCode> {
    entries(nodes, &node.words("clocks").unwrap_or_default(), 0, |clock| clock.word("#clock-cells").map(|count| count as usize))
}

/// The controllers' lines in a table of interrupts.
fn map(nodes: &[Node], node: &Node) -> Result<Entries, ErrorCode> {
    let Some(words) = node.words("interrupt-map") else { return Ok(Vec::new()) };
    let own = node.word("#interrupt-cells").ok_or(UnresolvedReference)? as usize;
    let address = |controller: &Node| controller.word("#address-cells").unwrap_or(0) as usize;
    let found = entries(nodes, &words, node.address_cells() + own, |named| Some(address(named) + controller_cells(named)?))?;
    Ok(found.into_iter().map(|(named, cells)| (named, cells[address(&nodes[named])..].to_vec())).collect())
}

/// DEVICES-009: what is referred to is there, and of the kind that is asked for.
pub(super) fn references(nodes: &[Node]) -> Result<(), ErrorCode> {
    for node in nodes {
        for name in HANDLES {
            let Some(handle) = node.word(name) else { continue };
            let target = &nodes[named(nodes, handle).ok_or(UnresolvedReference)?];
            let serves = target.has("#interrupt-cells") && (is_controller(target) || target.has("interrupt-map"));
            if name == "interrupt-parent" && !serves {
                return Err(UnresolvedReference);
            }
        }
        extended(nodes, node)?;
        clocks(nodes, node)?;
        map(nodes, node)?;
    }
    Ok(())
}

/// A device's line of a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub node: usize,
    pub controller: usize,
    pub cells: Vec<u32>,
}

/// DEVICES-010: every device's lines.
pub(super) fn interrupts(nodes: &[Node]) -> Result<Vec<Line>, ErrorCode> {
    let mut lines: Vec<Line> = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let mut own = Vec::new();
        if let Some(words) = node.words("interrupts") {
            let controller = interrupt_parent(nodes, place).filter(|above| is_controller(&nodes[*above])).ok_or(InvalidInterrupt)?;
            let count = controller_cells(&nodes[controller]).unwrap_or(0);
            if count == 0 || words.len() % count != 0 {
                return Err(InvalidInterrupt);
            }
            own.extend(words.chunks(count).map(|cells| (controller, cells.to_vec())));
        }
        own.extend(extended(nodes, node)?);
        for (controller, cells) in own {
            let line = Line { node: place, controller, cells };
            let taken = lines.iter().any(|other| other.controller == controller && other.cells == line.cells);
            if line.cells.is_empty() || !is_line(&nodes[controller], &line.cells) || taken {
                return Err(InvalidInterrupt);
            }
            lines.push(line);
        }
        // Lines of a table may be another's, too.
        if map(nodes, node)?.iter().any(|(controller, cells)| !is_line(&nodes[*controller], cells)) {
            return Err(InvalidInterrupt);
        }
    }
    Ok(lines)
}

/// The node whose interrupts a node's are (DEVICES-D7).
fn interrupt_parent(nodes: &[Node], place: usize) -> Option<usize> {
    let mut here = place;
    loop {
        if let Some(handle) = nodes[here].word("interrupt-parent") {
            return named(nodes, handle);
        }
        here = nodes[here].parent?;
        if is_controller(&nodes[here]) || nodes[here].has("interrupt-map") {
            return Some(here);
        }
    }
}

/// Whether a controller that says how many lines it has has this one.
fn is_line(controller: &Node, cells: &[u32]) -> bool {
    match (cells, controller.word("riscv,ndev")) {
        ([number], Some(last)) => (1..=last).contains(number),
        _ => true,
    }
}
