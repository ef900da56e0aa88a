//! The forms of properties that rules read (DEVICES-006).

use crate::keys::Key;
use crate::tree::{Node, Tree};
use crate::{DevicesError, Result};
use spec::ErrorCode;
use spec::devices::DEVICES_CELLS_MAX;

const COUNTS: [Key; 4] = [Key::AddressCells, Key::SizeCells, Key::InterruptCells, Key::ClockCells];
const CELLS: [Key; 5] = [Key::InterruptParent, Key::Regmap, Key::Cpu, Key::I2s, Key::Lines];
const LISTS: [Key; 4] = [Key::Interrupts, Key::InterruptsExtended, Key::InterruptMap, Key::Clocks];
const TEXTS: [Key; 5] = [Key::Compatible, Key::Status, Key::DeviceType, Key::ClockNames, Key::Routes];

fn check(node: &Node<'_>, right: bool, what: &'static str, advice: &'static str) -> Result<()> {
    if right { Ok(()) } else { Err(node.wrong(ErrorCode::MalformedProperty, what, advice)) }
}

/// Whether bytes are whole entries of so many cells.
fn are_entries(bytes: &[u8], cells: usize) -> bool {
    bytes.len().checked_rem(cells.saturating_mul(4)) == Some(0)
}

/// Checks every property that a rule reads.
pub(crate) fn check_all(tree: &Tree<'_>) -> Result<()> {
    for (place, node) in tree.nodes.iter().enumerate() {
        for key in COUNTS.into_iter().filter(|key| node.has(*key)) {
            match node.cell(key) {
                Some(count) if count <= DEVICES_CELLS_MAX => {}
                Some(count) => {
                    let range = (u64::from(count), 0, u64::from(DEVICES_CELLS_MAX));
                    let advice = "use wider cells for fewer numbers";
                    return Err(DevicesError::range(ErrorCode::MalformedProperty, "a count of cells", range, advice).of(node.name));
                }
                None => check(node, false, "a count of cells is not one cell", "write it as <2>")?,
            }
        }
        let one = |key: Key| node.get(key).is_none_or(|value| value.len() == 4);
        check(node, CELLS.into_iter().all(one), "a property of one cell is none", "write it as <1> or <&label>")?;
        let handle = !node.has(Key::Phandle) || !matches!(node.cell(Key::Phandle), None | Some(0 | u32::MAX));
        check(node, handle, "the phandle is no number from 1 to 0xfffffffe", "let dtc choose it")?;
        let list = |key: Key| node.get(key).is_none_or(|value| !value.is_empty() && are_entries(value, 1));
        check(node, LISTS.into_iter().all(list), "a list of cells is empty or cut", "write it as <1 2>")?;
        let text = |key: Key| node.get(key).is_none_or(|value| value.ends_with(&[0]));
        check(node, TEXTS.into_iter().all(text), "a list of texts has no zero at its end", "write it as \"text\"")?;
        // The root has no bus.
        let bus = tree.nodes.get(node.parent).filter(|_| place > 0);
        if let Some(reg) = node.get(Key::Reg) {
            let right = bus.is_some_and(|bus| {
                let (address, size) = (bus.cells(Key::AddressCells, 2), bus.cells(Key::SizeCells, 1));
                address > 0 && !reg.is_empty() && are_entries(reg, address.saturating_add(size))
            });
            check(node, right, "reg does not fit the cells of its bus", "give as many cells as #address-cells and #size-cells say")?;
        }
        if let Some(ranges) = node.get(Key::Ranges) {
            let entry = bus.map(|bus| {
                let own = node.cells(Key::AddressCells, 2).saturating_add(node.cells(Key::SizeCells, 1));
                own.saturating_add(bus.cells(Key::AddressCells, 2))
            });
            let right = ranges.is_empty() || entry.is_some_and(|entry| are_entries(ranges, entry));
            check(node, right, "ranges does not fit the cells of the node and its bus", "give own address, parent's address and size")?;
        }
    }
    Ok(())
}
