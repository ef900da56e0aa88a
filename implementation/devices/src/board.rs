//! What the tree describes: memory, timer and the devices that every program needs (DEVICES-011, DEVICES-012).

use crate::audio;
use crate::error::DevicesError;
use crate::keys::Key;
use crate::references::{self, Handles};
use crate::registers;
use crate::tree::{Node, Tree};
use crate::{Result, forms};
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::devices::{
    Board, DEVICES_CLINT, DEVICES_CLINT_BYTES, DEVICES_FINISHER, DEVICES_FINISHER_BYTES, DEVICES_PLIC, DEVICES_PLIC_BYTES,
    DEVICES_RAM_BASE, DEVICES_RAM_BYTES, DEVICES_SLOT, DEVICES_SLOT_BYTES, DEVICES_SLOTS_MAX, DEVICES_TIMEBASE_HZ_MAX, DEVICES_UART,
    DEVICES_UART_BYTES, Plic, Window, Wired,
};

/// All that the rules have found.
pub(crate) struct Found<'t, 'a> {
    pub tree: &'t Tree<'a>,
    pub handles: Handles,
    pub registers: Vec<registers::Own>,
    pub lines: Vec<references::Own<'a>>,
}

fn unusable(what: &'static str, advice: &'static str) -> DevicesError {
    DevicesError::plain(ErrorCode::UnusableMachine, what, advice)
}

/// Whether a device is enabled: as in every device tree, without a status it is.
pub(crate) fn is_enabled(node: &Node<'_>) -> bool {
    node.get(Key::Status).is_none_or(|status| matches!(status, b"okay\0" | b"ok\0"))
}

impl<'a> Tree<'a> {
    /// What the tree describes, after all rules of the contract.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of DEVICES-D2.
    pub fn board(&self) -> Result<Board> {
        forms::check_all(self)?;
        let registers = registers::check(self)?;
        let (handles, lines) = references::check(self)?;
        let found = Found { tree: self, handles, registers, lines };
        let memory = found.memory()?;
        let timebase_hz = self.timebase()?;
        let (controller, plic) = found.plic()?;
        let device = |kind, least| found.the_one(kind).and_then(|place| found.window(place, least).ok_or_else(|| registers_error(kind)));
        let mut board = Board {
            memory,
            timebase_hz,
            uart: found.wired(found.the_one(DEVICES_UART)?, DEVICES_UART_BYTES, controller).ok_or_else(|| registers_error(DEVICES_UART))?,
            plic,
            clint: device(DEVICES_CLINT, DEVICES_CLINT_BYTES)?,
            finisher: device(DEVICES_FINISHER, DEVICES_FINISHER_BYTES)?,
            slots: found.slots(controller)?,
            audio: None,
        };
        board.audio = audio::read(&found, controller)?;
        Ok(board)
    }

    fn timebase(&self) -> Result<u64> {
        let value = self.property("/cpus", "timebase-frequency").unwrap_or_default();
        let hertz = match (value.try_into().map(u32::from_be_bytes), value.try_into().map(u64::from_be_bytes)) {
            (Ok(hertz), _) => u64::from(hertz),
            (_, Ok(hertz)) => hertz,
            _ => 0,
        };
        if (1..=DEVICES_TIMEBASE_HZ_MAX).contains(&hertz) {
            return Ok(hertz);
        }
        let what = "timebase-frequency of /cpus, zero where it is missing,";
        Err(DevicesError::range(ErrorCode::UnusableMachine, what, (hertz, 1, DEVICES_TIMEBASE_HZ_MAX), "give it one or two cells"))
    }

    /// The nodes that are compatible with a kind of device.
    pub(crate) fn compatible<'t>(&'t self, kind: &'t str) -> impl Iterator<Item = (usize, &'t Node<'a>)> + 't {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.texts(Key::Compatible).any(|text| text == kind.as_bytes()))
    }
}

fn registers_error(kind: &'static str) -> DevicesError {
    unusable(
        "a device that the machine needs has no usable registers or interrupt",
        match kind {
            DEVICES_UART => "look at the UART, ns16550a",
            DEVICES_CLINT => "look at the timer, riscv,clint0",
            DEVICES_FINISHER => "look at the finisher, sifive,test0",
            DEVICES_PLIC => "look at the interrupt controller, riscv,plic0",
            _ => "look at the slots, virtio,mmio",
        },
    )
}

impl Found<'_, '_> {
    /// The one enabled device of a kind.
    fn the_one(&self, kind: &'static str) -> Result<usize> {
        let mut found = self.tree.compatible(kind).filter(|(_, node)| is_enabled(node));
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(place),
            _ => Err(unusable(
                "a device that the machine needs is missing, or there twice",
                match kind {
                    DEVICES_UART => "describe one ns16550a",
                    DEVICES_CLINT => "describe one riscv,clint0",
                    DEVICES_FINISHER => "describe one sifive,test0",
                    _ => "describe one riscv,plic0",
                },
            )),
        }
    }

    /// The first registers of a node, if a driver can use them: of the processor, aligned, not null, long enough, below memory.
    pub fn window(&self, place: usize, least: u64) -> Option<Window> {
        let register = self.registers.get(place)?.first?;
        let bytes = register.last.checked_sub(register.start)?.checked_add(1)?;
        let usable = register.space == 0
            && register.start > 0
            && register.start.is_multiple_of(8)
            && register.last < DEVICES_RAM_BASE
            && bytes >= least;
        usable.then_some(Window { address: register.start, bytes })
    }

    /// The one line of a node, if it is the interrupt controller's.
    fn interrupt(&self, place: usize, plic: usize) -> Option<u32> {
        let own = self.lines.get(place)?;
        let line = own.first.filter(|line| own.count == 1 && line.controller == plic)?;
        line.cells.try_into().ok().map(u32::from_be_bytes)
    }

    /// A node's first registers and its one line.
    pub fn wired(&self, place: usize, least: u64, plic: usize) -> Option<Wired> {
        Some(Wired { window: self.window(place, least)?, interrupt: self.interrupt(place, plic)? })
    }

    fn memory(&self) -> Result<Window> {
        let is_memory = |node: &Node<'_>| node.parent == 0 && node.get(Key::DeviceType) == Some(b"memory\0");
        let mut nodes = self.tree.nodes.iter().zip(&self.registers).skip(1).filter(|(node, _)| is_memory(node));
        let own = match (nodes.next(), nodes.next()) {
            (Some((_, own)), None) => own.first.filter(|_| own.count == 1),
            _ => None,
        };
        let window = own.and_then(|memory| {
            let bytes = memory.last.checked_sub(memory.start)?.checked_add(1)?;
            (memory.start == DEVICES_RAM_BASE && bytes >= DEVICES_RAM_BYTES).then_some(Window { address: memory.start, bytes })
        });
        window.ok_or_else(|| unusable("there is not one memory of 64 MiB at 0x80000000", "start QEMU with -m 64M"))
    }

    fn plic(&self) -> Result<(usize, Plic)> {
        let place = self.the_one(DEVICES_PLIC)?;
        let plic = self.tree.nodes.get(place).and_then(|node| {
            let right = node.has(Key::InterruptController) && node.cell(Key::InterruptCells) == Some(1);
            let lines = node.cell(Key::Lines).filter(|lines| right && *lines > 0)?;
            Some(Plic { window: self.window(place, DEVICES_PLIC_BYTES)?, lines })
        });
        plic.map(|plic| (place, plic)).ok_or_else(|| registers_error(DEVICES_PLIC))
    }

    fn slots(&self, plic: usize) -> Result<Vec<Wired>> {
        let enabled = || self.tree.compatible(DEVICES_SLOT).filter(|(_, node)| is_enabled(node));
        let (count, most) = (crate::error::length(enabled().count()), u64::from(DEVICES_SLOTS_MAX));
        if count > most {
            return Err(DevicesError::range(ErrorCode::UnusableMachine, "the number of slots", (count, 0, most), "leave some out"));
        }
        let slots: Option<Vec<Wired>> = enabled().map(|(place, _)| self.wired(place, DEVICES_SLOT_BYTES, plic)).collect();
        let mut slots = slots.ok_or_else(|| registers_error(DEVICES_SLOT))?;
        slots.sort_unstable_by_key(|slot| slot.window.address);
        Ok(slots)
    }
}
