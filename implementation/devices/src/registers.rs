//! Registers: where they are, and that no two are in one place (DEVICES-007, DEVICES-008).

use crate::Result;
use crate::keys::Key;
use crate::tree::{Node, Tree};
use alloc::vec;
use alloc::vec::Vec;
use spec::ErrorCode;

/// Registers as they are seen in an address space. Ordered as overlaps are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Register {
    /// The bus whose addresses these are; the root's are the processor's.
    pub space: usize,
    pub start: u64,
    /// The last address, so that none lies beyond 64 bits.
    pub last: u64,
    pub node: usize,
}

/// The registers of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Own {
    pub first: Option<Register>,
    pub count: usize,
}

/// The counts of cells of a bus whose addresses are numbers.
fn numbers(bus: &Node<'_>) -> Option<(usize, usize)> {
    let (address, size) = (bus.cells(Key::AddressCells, 2), bus.cells(Key::SizeCells, 1));
    ((1..=2).contains(&address) && size <= 2).then_some((address, size))
}

/// The number that at most eight bytes make.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// An entry's numbers of so many cells each.
fn split<const N: usize>(mut entry: &[u8], cells: [usize; N]) -> [u64; N] {
    cells.map(|cells| {
        let (own, rest) = entry.split_at_checked(cells.saturating_mul(4)).unwrap_or((entry, &[]));
        entry = rest;
        number(own)
    })
}

/// Finds every register, and that it is where its node's name says, inside its bus and in nobody else's place.
pub(crate) fn check(tree: &Tree<'_>) -> Result<Vec<Own>> {
    let mut registers = Vec::new();
    let mut own = vec![Own::default(); tree.nodes.len()];
    for (place, (node, own)) in tree.nodes.iter().zip(&mut own).enumerate() {
        let unit = node.name.iter().position(|byte| *byte == b'@').and_then(|at| node.name.get(at.saturating_add(1)..));
        let Some(reg) = node.get(Key::Reg) else {
            if unit.is_some() && !node.has(Key::Ranges) {
                return Err(node.wrong(ErrorCode::WrongRegisters, "the name has an address and the node has none", "give it a reg"));
            }
            continue;
        };
        let Some((address, size)) = tree.nodes.get(node.parent).and_then(numbers) else { continue };
        let bytes = address.saturating_add(size).saturating_mul(4);
        for entry in reg.chunks(bytes) {
            let [start, length] = split(entry, [address, size]);
            if own.count == 0 && unit.and_then(unit_address) != Some(start) {
                let advice = "end the name in the address of the first register";
                return Err(node.wrong(ErrorCode::WrongRegisters, "the name's address is not that of the registers", advice));
            }
            let length = if size == 0 { 1 } else { length };
            let last = length.checked_sub(1).and_then(|more| start.checked_add(more));
            let seen = last.and_then(|last| seen(tree, node.parent, start, last));
            let Some((space, start, last)) = seen else {
                let advice = "give it a size, and addresses that its bus passes on";
                return Err(node.wrong(ErrorCode::WrongRegisters, "registers are empty or outside their bus", advice));
            };
            let register = Register { space, start, last, node: place };
            own.first.get_or_insert(register);
            own.count = own.count.saturating_add(1);
            registers.push(register);
        }
    }
    registers.sort_unstable();
    // Sorted by their starts, what overlaps anything overlaps its neighbour.
    for pair in registers.windows(2) {
        if let [one, other] = pair
            && one.space == other.space
            && other.start <= one.last
            && let Some(node) = tree.nodes.get(other.node)
        {
            return Err(node.wrong(ErrorCode::RegistersOverlap, "registers are in the place of another's", "move one, or leave it out"));
        }
    }
    Ok(own)
}

/// The number that a unit address is, if it is one.
fn unit_address(unit: &[u8]) -> Option<u64> {
    if unit.len() > 16 {
        return None;
    }
    unit.iter().try_fold(0_u64, |number, digit| Some(number << 4 | u64::from(char::from(*digit).to_digit(16)?)))
}

/// Addresses of a bus as the processor, or the last bus that does not pass them on, sees them.
fn seen(tree: &Tree<'_>, mut bus: usize, mut start: u64, mut last: u64) -> Option<(usize, u64, u64)> {
    // Every turn goes one node up, and the root passes nothing on.
    while bus > 0 {
        let node = tree.nodes.get(bus)?;
        let upper = tree.nodes.get(node.parent)?;
        let (Some((above, _)), Some(ranges)) = (numbers(upper), node.get(Key::Ranges)) else { break };
        if !ranges.is_empty() {
            let (address, size) = numbers(node)?;
            let bytes = address.saturating_add(above).saturating_add(size).saturating_mul(4);
            let passed = ranges.chunks(bytes).map(|entry| split(entry, [address, above, size])).find_map(|[from, to, room]| {
                let (offset, end) = (start.checked_sub(from)?, last.checked_sub(from)?);
                (end < room).then_some((to, offset, end))
            });
            let (to, offset, end) = passed?;
            (start, last) = (to.checked_add(offset)?, to.checked_add(end)?);
        }
        bus = node.parent;
    }
    Some((bus, start, last))
}
