//! References between nodes: phandles, clocks and interrupts (DEVICES-009, DEVICES-010).

use crate::Result;
use crate::keys::Key;
use crate::tree::{Node, Tree};
use alloc::vec;
use alloc::vec::Vec;
use spec::ErrorCode;

/// Nodes by their phandle, sorted.
pub(crate) struct Handles(Vec<(u32, usize)>);

impl Handles {
    fn find(&self, handle: u32) -> Option<usize> {
        let place = self.0.binary_search_by_key(&handle, |(handle, _)| *handle).ok()?;
        self.0.get(place).map(|(_, node)| *node)
    }
}

/// A line of a controller that a device has, by the bytes of its cells. Ordered as lines of two devices are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line<'a> {
    pub controller: usize,
    pub cells: &'a [u8],
    pub node: usize,
}

/// The lines of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Own<'a> {
    pub first: Option<Line<'a>>,
    pub count: usize,
}

/// A place in a list of cells that phandles stand in.
struct List<'a> {
    rest: &'a [u8],
}

impl<'a> List<'a> {
    fn take(&mut self, cells: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(cells.saturating_mul(4))?;
        self.rest = rest;
        Some(taken)
    }

    fn cell(&mut self) -> Option<u32> {
        self.take(1)?.try_into().ok().map(u32::from_be_bytes)
    }
}

fn is_controller(node: &Node<'_>) -> bool {
    node.has(Key::InterruptController)
}

/// Cells of an interrupt of a controller.
fn controller_cells(node: &Node<'_>) -> Option<usize> {
    node.cell(Key::InterruptCells).filter(|_| is_controller(node)).map(|count| count as usize)
}

/// The clocks of a node: the node of each. Nothing where one does not resolve.
pub(crate) fn clocks<'t, 'a>(tree: &'t Tree<'a>, handles: &Handles, node: &Node<'a>) -> Option<Vec<&'t Node<'a>>> {
    let mut list = List { rest: node.get(Key::Clocks).unwrap_or_default() };
    let mut clocks = Vec::new();
    while !list.rest.is_empty() {
        let clock = tree.nodes.get(handles.find(list.cell()?)?)?;
        list.take(clock.cell(Key::ClockCells)? as usize)?;
        clocks.push(clock);
    }
    Some(clocks)
}

/// Every line that a node names with its controller: its own, and those of its table, which others may have, too.
#[derive(Default)]
struct Named<'a> {
    own: Vec<Line<'a>>,
    table: Vec<Line<'a>>,
}

impl<'a> Named<'a> {
    /// Nothing where something does not resolve.
    fn add(&mut self, tree: &Tree<'a>, handles: &Handles, place: usize, node: &Node<'a>) -> Option<()> {
        let mut list = List { rest: node.get(Key::InterruptsExtended).unwrap_or_default() };
        while !list.rest.is_empty() {
            let controller = handles.find(list.cell()?)?;
            let cells = list.take(controller_cells(tree.nodes.get(controller)?)?)?;
            self.own.push(Line { controller, cells, node: place });
        }
        let Some(map) = node.get(Key::InterruptMap) else { return Some(()) };
        let before = node.cells(Key::AddressCells, 2).saturating_add(node.cell(Key::InterruptCells)? as usize);
        let mut list = List { rest: map };
        while !list.rest.is_empty() {
            list.take(before)?;
            let controller = handles.find(list.cell()?)?;
            let named = tree.nodes.get(controller)?;
            list.take(named.cells(Key::AddressCells, 0))?;
            let cells = list.take(controller_cells(named)?)?;
            self.table.push(Line { controller, cells, node: place });
        }
        Some(())
    }
}

/// Checks every reference and every interrupt. Gives the phandles, and the lines of each node.
pub(crate) fn check<'a>(tree: &Tree<'a>) -> Result<(Handles, Vec<Own<'a>>)> {
    let handles = handles(tree)?;
    let mut named = Named::default();
    for (place, node) in tree.nodes.iter().enumerate() {
        let found = |key: Key| node.cell(key).map(|handle| handles.find(handle).and_then(|place| tree.nodes.get(place)));
        let there = [Key::Regmap, Key::Cpu, Key::I2s].into_iter().all(|key| found(key).is_none_or(|node| node.is_some()));
        let serves = |target: &Node<'_>| target.has(Key::InterruptCells) && (is_controller(target) || target.has(Key::InterruptMap));
        let served = found(Key::InterruptParent).is_none_or(|target| target.is_some_and(serves));
        let resolved = there && served && named.add(tree, &handles, place, node).is_some() && clocks(tree, &handles, node).is_some();
        if !resolved {
            let advice = "refer to a node that has what the property asks for, with as many cells as that says";
            return Err(node.wrong(ErrorCode::UnresolvedReference, "a phandle leads nowhere", advice));
        }
    }
    let own = interrupts(tree, &handles, named)?;
    Ok((handles, own))
}

fn handles(tree: &Tree<'_>) -> Result<Handles> {
    let mut handles: Vec<(u32, usize)> =
        tree.nodes.iter().enumerate().filter_map(|(place, node)| Some((node.cell(Key::Phandle)?, place))).collect();
    handles.sort_unstable();
    for pair in handles.windows(2) {
        if let [(one, _), (other, place)] = pair
            && one == other
            && let Some(node) = tree.nodes.get(*place)
        {
            return Err(node.wrong(ErrorCode::DuplicatePhandle, "the phandle is another node's, too", "let dtc choose it"));
        }
    }
    Ok(Handles(handles))
}

/// The controller whose interrupts a node's are (DEVICES-D7).
fn parent(tree: &Tree<'_>, handles: &Handles, place: usize) -> Option<usize> {
    let mut here = place;
    loop {
        let node = tree.nodes.get(here)?;
        if let Some(handle) = node.cell(Key::InterruptParent) {
            return handles.find(handle);
        }
        if here == 0 {
            return None;
        }
        here = node.parent;
        if tree.nodes.get(here).is_some_and(|above| is_controller(above) || above.has(Key::InterruptMap)) {
            return Some(here);
        }
    }
}

fn interrupts<'a>(tree: &Tree<'a>, handles: &Handles, named: Named<'a>) -> Result<Vec<Own<'a>>> {
    let invalid = |place: usize, what, advice| match tree.nodes.get(place) {
        Some(node) => node.wrong(ErrorCode::InvalidInterrupt, what, advice),
        None => crate::DevicesError::plain(ErrorCode::InvalidInterrupt, what, advice),
    };
    let mut lines = named.own;
    for (place, node) in tree.nodes.iter().enumerate() {
        let Some(cells) = node.get(Key::Interrupts) else { continue };
        let controller = parent(tree, handles, place);
        let count = controller.and_then(|controller| controller_cells(tree.nodes.get(controller)?)).unwrap_or(0).saturating_mul(4);
        let (Some(controller), Some(0)) = (controller, cells.len().checked_rem(count)) else {
            return Err(invalid(place, "interrupts reach no controller of as many cells", "name an interrupt-parent"));
        };
        lines.extend(cells.chunks(count).map(|cells| Line { controller, cells, node: place }));
    }
    let is_line = |line: &Line<'_>| {
        let last = tree.nodes.get(line.controller).and_then(|controller| controller.cell(Key::Lines));
        match (<[u8; 4]>::try_from(line.cells), last) {
            (Ok(number), Some(last)) => (1..=last).contains(&u32::from_be_bytes(number)),
            _ => true,
        }
    };
    if let Some(line) = lines.iter().chain(&named.table).find(|line| !is_line(line)) {
        return Err(invalid(line.node, "an interrupt is none of its controller's", "use a line from 1 to riscv,ndev"));
    }
    if let Some(line) = lines.iter().find(|line| line.cells.is_empty()) {
        return Err(invalid(line.node, "an interrupt has no cells", "refer to a controller with #interrupt-cells"));
    }
    lines.sort_unstable();
    for pair in lines.windows(2) {
        if let [one, other] = pair
            && (one.controller, one.cells) == (other.controller, other.cells)
        {
            return Err(invalid(other.node, "an interrupt is there twice, or another's, too", "give each device a line of its own"));
        }
    }
    let mut own = vec![Own::default(); tree.nodes.len()];
    for line in lines {
        if let Some(own) = own.get_mut(line.node) {
            own.first.get_or_insert(line);
            own.count = own.count.saturating_add(1);
        }
    }
    Ok(own)
}
