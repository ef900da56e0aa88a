//! References between nodes: phandles, interrupts and clocks.

use super::check::Check;
use std::collections::BTreeMap;

/// Nodes by their phandle.
type Handles = BTreeMap<u32, usize>;

/// Properties that are lists of a phandle and, behind each, as many cells as the node that it names says.
const LISTS: &[(&str, Option<&str>)] = &[
    ("interrupts-extended", Some("#interrupt-cells")),
    ("clocks", Some("#clock-cells")),
    ("interrupt-parent", None),
    ("regmap", None),
    ("cpu", None),
    ("nexus,i2s", None),
];

pub fn check(check: &mut Check) {
    let handles = handles(check);
    for place in 0..check.nodes.len() {
        for (name, counted) in LISTS {
            if check.nodes[place].bytes(name).is_some() {
                list(check, &handles, place, name, *counted);
            }
        }
        if check.nodes[place].bytes("interrupt-map").is_some() {
            map(check, &handles, place);
        }
    }
    interrupts(check, &handles);
    for place in 0..check.nodes.len() {
        let clocks = check.nodes[place].cells("clocks").map(|clocks| clocks.len());
        let names = check.nodes[place].strings("clock-names").map(|names| names.len());
        // With `#clock-cells` of zero, which is all that this machine has, each cell is a clock.
        if names.is_some() && names != clocks {
            check.add(place, "`clock-names` does not name each of its clocks");
        }
    }
}

fn handles(check: &mut Check) -> Handles {
    let mut handles = Handles::new();
    for place in 0..check.nodes.len() {
        if check.nodes[place].bytes("phandle").is_none() {
            continue;
        }
        match check.nodes[place].cell("phandle") {
            None | Some(0 | u32::MAX) => check.add(place, "its phandle is no number from 1 to 0xfffffffe"),
            Some(handle) => {
                if let Some(other) = handles.insert(handle, place) {
                    let other = check.nodes[other].path.clone();
                    check.add(place, format!("its phandle {handle:#x} is also that of {other}"));
                }
            }
        }
    }
    handles
}

/// A property of phandles, each with cells behind it.
fn list(check: &mut Check, handles: &Handles, place: usize, name: &str, counted: Option<&str>) {
    let Some(cells) = check.nodes[place].cells(name).filter(|cells| !cells.is_empty()) else {
        return check.add(place, format!("`{name}` is not a list of cells"));
    };
    let mut rest = cells.as_slice();
    while let Some((handle, behind)) = rest.split_first() {
        let Some(&target) = handles.get(handle) else {
            return check.add(place, format!("`{name}` names the phandle {handle:#x}, which no node has"));
        };
        let count = match counted {
            None => 0,
            Some(property) => match check.nodes[target].cell(property) {
                Some(count) => count as usize,
                None => {
                    let target = check.nodes[target].path.clone();
                    return check.add(place, format!("`{name}` names {target}, which has no `{property}`"));
                }
            },
        };
        if name == "interrupts-extended" && !controller(check, target) {
            let target = check.nodes[target].path.clone();
            return check.add(place, format!("`{name}` names {target}, which is no interrupt controller"));
        }
        let Some(after) = behind.get(count..) else {
            return check.add(place, format!("`{name}` ends within an entry"));
        };
        rest = after;
    }
    if counted.is_none() && cells.len() != 1 {
        check.add(place, format!("`{name}` should be one phandle"));
    }
}

fn controller(check: &Check, place: usize) -> bool {
    check.nodes[place].bytes("interrupt-controller").is_some()
}

/// Whose interrupts a node's `interrupts` are: by the nearest `interrupt-parent`, or else the nearest controller above.
fn parent(check: &Check, handles: &Handles, place: usize) -> Option<usize> {
    let mut here = place;
    loop {
        let node = &check.nodes[here];
        if node.bytes("interrupt-parent").is_some() {
            return handles.get(&node.cell("interrupt-parent")?).copied();
        }
        if here == 0 {
            return None;
        }
        here = node.parent;
        if controller(check, here) || check.nodes[here].bytes("interrupt-map").is_some() {
            return Some(here);
        }
    }
}

fn interrupts(check: &mut Check, handles: &Handles) {
    let mut lines: BTreeMap<(usize, Vec<u32>), usize> = BTreeMap::new();
    for place in 0..check.nodes.len() {
        if check.nodes[place].bytes("interrupts").is_none() {
            continue;
        }
        let Some(target) = parent(check, handles, place).filter(|target| controller(check, *target)) else {
            check.add(place, "its interrupts reach no interrupt controller");
            continue;
        };
        let path = check.nodes[target].path.clone();
        let count = check.nodes[target].cell("#interrupt-cells").unwrap_or(0) as usize;
        let cells = check.nodes[place].cells("interrupts").unwrap_or_default();
        if count == 0 || cells.is_empty() || !cells.len().is_multiple_of(count) {
            check.add(place, format!("its interrupts have {} cells, where {path} wants {count} for each", cells.len()));
            continue;
        }
        let last = check.nodes[target].cell("riscv,ndev");
        for line in cells.chunks(count) {
            if let ([number], Some(last)) = (line, last)
                && !(1..=last).contains(number)
            {
                check.add(place, format!("its interrupt {number} is none of {path}, which has 1 to {last}"));
            }
            if let Some(other) = lines.insert((target, line.to_vec()), place) {
                let other = check.nodes[other].path.clone();
                check.add(place, format!("its interrupt {line:?} is also that of {other}"));
            }
        }
    }
}

/// A table of interrupts: own address and interrupt, then a controller with its address and interrupt.
fn map(check: &mut Check, handles: &Handles, place: usize) {
    let node = &check.nodes[place];
    let own = node.cell("#address-cells").unwrap_or(2).saturating_add(node.cell("#interrupt-cells").unwrap_or(1)) as usize;
    if node.cells("interrupt-map-mask").is_some_and(|mask| mask.len() != own) {
        check.add(place, format!("`interrupt-map-mask` should have {own} cells"));
    }
    let cells = check.nodes[place].cells("interrupt-map").unwrap_or_default();
    let mut rest = cells.as_slice();
    if rest.is_empty() {
        check.add(place, "`interrupt-map` is not a list of cells");
    }
    while !rest.is_empty() {
        let Some((handle, behind)) = rest.get(own..).and_then(<[u32]>::split_first) else {
            return check.add(place, "`interrupt-map` ends within an entry");
        };
        let Some(&target) = handles.get(handle) else {
            return check.add(place, format!("`interrupt-map` names the phandle {handle:#x}, which no node has"));
        };
        if !controller(check, target) {
            let target = check.nodes[target].path.clone();
            return check.add(place, format!("`interrupt-map` names {target}, which is no interrupt controller"));
        }
        let target = &check.nodes[target];
        let count = target.cell("#address-cells").unwrap_or(0).saturating_add(target.cell("#interrupt-cells").unwrap_or(0)) as usize;
        let Some(after) = behind.get(count..) else {
            return check.add(place, "`interrupt-map` ends within an entry");
        };
        rest = after;
    }
}
