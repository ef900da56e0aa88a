//! What the tree describes (DEVICES-D8, DEVICES-D9).

use super::Node;
use super::rules::{Line, Register, clocks};
use spec::ErrorCode;
use spec::ErrorCode::{InvalidAudioPath, UnusableMachine};
use spec::codec::{CODEC_ROUTE_HP, CODEC_ROUTE_SPEAKER};
use spec::devices::{
    Audio, Board, Clock, Codec, DEVICES_CLINT, DEVICES_CLINT_BYTES, DEVICES_CLOCKS_MAX, DEVICES_CODEC, DEVICES_CODEC_ADDRESS,
    DEVICES_FINISHER, DEVICES_FINISHER_BYTES, DEVICES_I2C, DEVICES_I2S, DEVICES_I2S_BASE, DEVICES_I2S_BYTES, DEVICES_PLIC,
    DEVICES_PLIC_BYTES, DEVICES_RAM_BASE, DEVICES_RAM_BYTES, DEVICES_SLOT, DEVICES_SLOT_BYTES, DEVICES_SLOTS_MAX, DEVICES_TIMEBASE_HZ_MAX,
    DEVICES_UART, DEVICES_UART_BYTES, I2s, Plic, RouteSink, Window, Wired,
};

/// All that the rules have found.
pub(super) struct Found<'a> {
    pub nodes: &'a [Node],
    pub registers: &'a [Register],
    pub lines: &'a [Line],
}

impl Found<'_> {
    fn compatible(&self, name: &str) -> Vec<usize> {
        (0..self.nodes.len()).filter(|node| self.nodes[*node].is(name)).collect()
    }

    fn enabled(&self, name: &str) -> Vec<usize> {
        self.compatible(name).into_iter().filter(|node| is_enabled(&self.nodes[*node])).collect()
    }

    /// The first registers of a node, if a driver can use them.
    fn window(&self, node: usize, least: u64) -> Option<Window> {
        let first = self.registers.iter().find(|register| register.node == node)?;
        let usable = first.space == 0 && first.start > 0 && first.start % 8 == 0 && first.last < DEVICES_RAM_BASE;
        let window = Window { address: first.start, bytes: first.last.wrapping_sub(first.start).wrapping_add(1) };
        (usable && window.bytes >= least).then_some(window)
    }

    /// The one line of a node, if it is the interrupt controller's.
    fn interrupt(&self, node: usize, plic: usize) -> Option<u32> {
        let lines: Vec<&Line> = self.lines.iter().filter(|line| line.node == node).collect();
        match lines.as_slice() {
            [Line { controller, cells, .. }] if *controller == plic && cells.len() == 1 => Some(cells[0]),
            _ => None,
        }
    }

    fn wired(&self, node: usize, least: u64, plic: usize) -> Option<Wired> {
        Some(Wired { window: self.window(node, least)?, interrupt: self.interrupt(node, plic)? })
    }
}

fn is_enabled(node: &Node) -> bool {
    match node.get("status") {
        None => true,
        Some(status) => status == b"okay\0" || status == b"ok\0",
    }
}

/// The only one of a list.
fn only(list: &[usize]) -> Option<usize> {
    if list.len() == 1 { Some(list[0]) } else { None }
}

pub(super) fn read(found: &Found<'_>) -> Result<Board, ErrorCode> {
    let machine = machine(found).ok_or(UnusableMachine)?;
    let plic = only(&found.enabled(DEVICES_PLIC)).ok_or(UnusableMachine)?;
    Ok(Board { audio: audio(found, plic)?, ..machine })
}

/// All but the audio path.
fn machine(found: &Found<'_>) -> Option<Board> {
    // DEVICES-011
    let memory = memory(found)?;
    let timebase_hz = timebase(found.nodes).filter(|hertz| (1..=DEVICES_TIMEBASE_HZ_MAX).contains(hertz))?;
    // DEVICES-012
    let controller = only(&found.enabled(DEVICES_PLIC))?;
    let node = &found.nodes[controller];
    let lines = node.word("riscv,ndev").filter(|lines| *lines > 0)?;
    if !node.has("interrupt-controller") || node.word("#interrupt-cells") != Some(1) {
        return None;
    }
    let plic = Plic { window: found.window(controller, DEVICES_PLIC_BYTES)?, lines };
    let uart = found.wired(only(&found.enabled(DEVICES_UART))?, DEVICES_UART_BYTES, controller)?;
    let clint = found.window(only(&found.enabled(DEVICES_CLINT))?, DEVICES_CLINT_BYTES)?;
    let finisher = found.window(only(&found.enabled(DEVICES_FINISHER))?, DEVICES_FINISHER_BYTES)?;
    let slots = found.enabled(DEVICES_SLOT);
    if slots.len() > DEVICES_SLOTS_MAX as usize {
        return None;
    }
    let mut slots = slots.into_iter().map(|slot| found.wired(slot, DEVICES_SLOT_BYTES, controller)).collect::<Option<Vec<Wired>>>()?;
    slots.sort_by_key(|slot| slot.window.address);
    Some(Board { memory, timebase_hz, uart, plic, clint, finisher, slots, audio: None })
}

fn memory(found: &Found<'_>) -> Option<Window> {
    let is_memory = |node: &Node| node.parent == Some(0) && node.get("device_type") == Some(b"memory\0");
    let nodes: Vec<usize> = (0..found.nodes.len()).filter(|node| is_memory(&found.nodes[*node])).collect();
    let node = only(&nodes)?;
    let registers: Vec<&Register> = found.registers.iter().filter(|register| register.node == node).collect();
    let [Register { start, last, .. }] = registers.as_slice() else { return None };
    let bytes = u128::from(*last) + 1 - u128::from(*start);
    let right = *start == DEVICES_RAM_BASE && bytes >= u128::from(DEVICES_RAM_BYTES);
    right.then_some(Window { address: *start, bytes: bytes as u64 })
}

fn timebase(nodes: &[Node]) -> Option<u64> {
    let cpus = nodes.iter().find(|node| node.parent == Some(0) && node.name == b"cpus")?;
    let value = cpus.get("timebase-frequency")?;
    match value.len() {
        4 | 8 => Some(value.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))),
        _ => None,
    }
}

fn audio(found: &Found<'_>, plic: usize) -> Result<Option<Audio>, ErrorCode> {
    let (i2s, codec) = (found.compatible(DEVICES_I2S), found.compatible(DEVICES_CODEC));
    if i2s.is_empty() && codec.is_empty() {
        return Ok(None);
    }
    let path = || {
        let (i2s, codec) = (only(&i2s)?, only(&codec)?);
        Some(Audio { i2s: i2s_controller(found, i2s, plic)?, codec: codec_on_bus(found, codec, i2s)? })
    };
    path().map(Some).ok_or(InvalidAudioPath)
}

/// DEVICES-013
fn i2s_controller(found: &Found<'_>, place: usize, plic: usize) -> Option<I2s> {
    let node = &found.nodes[place];
    let Wired { window, interrupt } = found.wired(place, DEVICES_I2S_BYTES, plic)?;
    let sources = clocks(found.nodes, node).ok()?;
    let names = texts(node, "clock-names")?;
    let distinct = (0..names.len()).all(|place| !names[..place].contains(&names[place]));
    let right = window.address == DEVICES_I2S_BASE
        && (1..=DEVICES_CLOCKS_MAX as usize).contains(&sources.len())
        && names.len() == sources.len()
        && distinct;
    if !right {
        return None;
    }
    let mut clocks = Vec::new();
    for (name, (source, _)) in names.into_iter().zip(sources) {
        let source = &found.nodes[source];
        let hertz = source.word("clock-frequency").filter(|hertz| *hertz > 0)?;
        if !source.is("fixed-clock") || source.word("#clock-cells") != Some(0) {
            return None;
        }
        clocks.push(Clock { name, hertz });
    }
    Some(I2s { window, interrupt, clocks, enabled: is_enabled(node), stub: node.has("nexus,stub") })
}

/// DEVICES-014
fn codec_on_bus(found: &Found<'_>, place: usize, i2s: usize) -> Option<Codec> {
    let node = &found.nodes[place];
    let bus_place = node.parent?;
    let bus = &found.nodes[bus_place];
    let window = found.window(bus_place, 1)?;
    let linked = node.word("nexus,i2s").is_some_and(|handle| found.nodes[i2s].word("phandle") == Some(handle));
    let address = node.word("reg").filter(|address| *address == DEVICES_CODEC_ADDRESS)?;
    if !bus.is(DEVICES_I2C) || !linked {
        return None;
    }
    let compatible = texts(node, "compatible")?;
    Some(Codec { bus: window.address, address, compatible, routes: routes(node)?, stub: node.has("nexus,stub") })
}

/// DEVICES-015
fn routes(node: &Node) -> Option<Vec<RouteSink>> {
    let mut routes = Vec::new();
    for text in node.texts("nexus,routes") {
        let sinks = [(CODEC_ROUTE_HP, RouteSink::Hp), (CODEC_ROUTE_SPEAKER, RouteSink::Speaker)];
        let (_, sink) = sinks.into_iter().find(|(route, _)| route.as_bytes() == text)?;
        if routes.contains(&sink) {
            return None;
        }
        routes.push(sink);
    }
    if routes.is_empty() { None } else { Some(routes) }
}

/// The texts of a property, if all are printable ASCII and none is empty.
fn texts(node: &Node, name: &str) -> Option<Vec<String>> {
    let printable = |text: &[u8]| !text.is_empty() && text.iter().all(|byte| (b' '..=b'~').contains(byte));
    let text = |text: &[u8]| printable(text).then(|| text.iter().map(|byte| char::from(*byte)).collect());
    let texts = node.texts(name);
    if texts.is_empty() { None } else { texts.into_iter().map(text).collect() }
}
