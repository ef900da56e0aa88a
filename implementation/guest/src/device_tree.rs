//! What the guest takes from its device tree: memory, timer, UART, the way to end the machine, places for disks, and the audio path.
//!
//! A device tree comes from outside. Its size is bounded before it is read, its structure is checked as a whole before any node
//! is looked at, and nothing in it is believed that the guest could not work with.

mod audio;

use core::fmt;
use dtoolkit::fdt::{Fdt, FdtNode};
use dtoolkit::{Node, Property};
use spec::mailbox::{RAM_BASE, RAM_BYTES};

/// Largest device tree that is read, in bytes. QEMU's `virt` gives about 4 KiB for one hart.
pub const TREE_BYTES_MAX: usize = 256 << 10;
/// Bytes of the header that [`tree_bytes`] needs.
pub const HEADER_BYTES: usize = 8;
/// Most virtio-mmio slots that are used. QEMU's `virt` has eight.
pub const SLOTS_MAX: usize = 8;
/// Highest rate of the timer that is believed, in ticks per second.
pub const TIMEBASE_HZ_MAX: u64 = 10_000_000_000;

const MAGIC: u32 = 0xd00d_feed;
/// Bytes of the largest device that the guest drives, the CLINT.
const DEVICE_BYTES_MAX: u64 = 0x1_0000;

/// The devices of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Ticks of the timer per second, from 1 to [`TIMEBASE_HZ_MAX`].
    pub timebase: u64,
    /// Bytes of memory from [`RAM_BASE`]; at least [`RAM_BYTES`].
    pub ram: u64,
    /// Address of the 16550 UART.
    pub uart: u64,
    /// Address of the core-local interruptor, which holds the timer.
    pub clint: u64,
    /// Address of the register that ends the machine.
    pub finisher: u64,
    /// Addresses of the virtio-mmio slots, in the tree's order; zero where there are no more. Further ones are not used.
    pub slots: [u64; SLOTS_MAX],
    /// The audio path; nothing where the tree describes none, as QEMU's own does not.
    pub audio: Option<Audio>,
}

/// The audio path of `pkg://dts/virt-nexus.dts`. The devices behind it are stubs: that they are described is all that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audio {
    /// Address of the I2S controller.
    pub i2s: u64,
    /// Whether the I2S controller is enabled, which a stub is not.
    pub i2s_enabled: bool,
    /// Address of the codec on its bus.
    pub codec: u8,
    /// Whether a route leads to the headphone.
    pub headphone: bool,
    /// Whether a route leads to the speaker.
    pub speaker: bool,
}

/// Why a device tree can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not start with the magic number.
    Magic,
    /// It says that it is shorter than its header or longer than [`TREE_BYTES_MAX`].
    Size,
    /// Its structure is not well-formed.
    Structure,
    /// `/cpus/timebase-frequency` is missing, zero or above [`TIMEBASE_HZ_MAX`].
    Timebase,
    /// `/memory` does not give [`RAM_BYTES`] at [`RAM_BASE`].
    Memory,
    /// Addresses below `/soc` are not those of the processor.
    Ranges,
    /// No device of that kind has a usable address.
    Device(&'static str),
    /// The audio path is described, but not as it should be: what is wrong.
    Audio(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => f.write_str("there is no device tree: the magic number is wrong"),
            Self::Size => {
                write!(f, "the device tree's size is not from {HEADER_BYTES} to {TREE_BYTES_MAX} bytes, or not that of its memory")
            }
            Self::Structure => f.write_str("the device tree is not well-formed"),
            Self::Timebase => f.write_str("/cpus/timebase-frequency is missing or out of range"),
            Self::Memory => write!(f, "/memory does not give {RAM_BYTES} bytes at {RAM_BASE:#x}: start QEMU with -m 64M"),
            Self::Ranges => f.write_str("/soc translates addresses, which is not supported"),
            Self::Device(name) => write!(f, "no usable device is compatible with {name}"),
            Self::Audio(what) => write!(f, "the audio path is not as pkg://dts/virt-nexus.dts has it: {what}"),
        }
    }
}

impl core::error::Error for Fault {}

/// The size that the first bytes of a device tree give, bounded, so that no more than that is looked at.
///
/// # Errors
/// [`Fault::Magic`] and [`Fault::Size`].
pub fn tree_bytes(header: [u8; HEADER_BYTES]) -> Result<usize, Fault> {
    let [m0, m1, m2, m3, s0, s1, s2, s3] = header;
    if u32::from_be_bytes([m0, m1, m2, m3]) != MAGIC {
        return Err(Fault::Magic);
    }
    let size = u32::from_be_bytes([s0, s1, s2, s3]) as usize;
    if (HEADER_BYTES..=TREE_BYTES_MAX).contains(&size) { Ok(size) } else { Err(Fault::Size) }
}

/// Reads the devices from a whole device tree.
///
/// # Errors
/// The first [`Fault`].
pub fn read(tree: &[u8]) -> Result<Board, Fault> {
    let header = tree.first_chunk().ok_or(Fault::Size)?;
    if tree_bytes(*header)? != tree.len() {
        return Err(Fault::Size);
    }
    let tree = Fdt::new(tree).map_err(|_| Fault::Structure)?;
    let soc = tree.find_node("/soc").ok_or(Fault::Ranges)?;
    // Present and empty: a child's address is the processor's.
    if !soc.property("ranges").is_some_and(|ranges| ranges.value().is_empty()) {
        return Err(Fault::Ranges);
    }
    Ok(Board {
        timebase: timebase(tree)?,
        ram: ram(tree)?,
        uart: device(soc, "ns16550a")?,
        clint: device(soc, "riscv,clint0")?,
        finisher: device(soc, "sifive,test0")?,
        slots: slots(soc),
        audio: audio::read(soc)?,
    })
}

fn timebase(tree: Fdt<'_>) -> Result<u64, Fault> {
    let property = tree.find_node("/cpus").and_then(|cpus| cpus.property("timebase-frequency")).ok_or(Fault::Timebase)?;
    let hertz = match property.value_as::<u32>() {
        Ok(hertz) => u64::from(hertz),
        Err(_) => property.value_as::<u64>().map_err(|_| Fault::Timebase)?,
    };
    if (1..=TIMEBASE_HZ_MAX).contains(&hertz) { Ok(hertz) } else { Err(Fault::Timebase) }
}

fn ram(tree: Fdt<'_>) -> Result<u64, Fault> {
    let (base, size) = first_reg(tree.find_node("/memory").ok_or(Fault::Memory)?).ok_or(Fault::Memory)?;
    let fits = base == RAM_BASE && size >= RAM_BYTES && base.checked_add(size).is_some();
    if fits { Ok(size) } else { Err(Fault::Memory) }
}

fn device(soc: FdtNode<'_>, compatible: &'static str) -> Result<u64, Fault> {
    devices(soc, compatible).next().ok_or(Fault::Device(compatible))
}

/// The usable addresses of all devices of a kind.
fn devices<'a>(soc: FdtNode<'a>, compatible: &'static str) -> impl Iterator<Item = u64> + 'a {
    soc.children()
        .filter(move |node| is(*node, compatible))
        .filter_map(first_reg)
        .map(|(base, _)| base)
        // A device below memory can't be mistaken for memory; a register's address is aligned and not null.
        .filter(|base| base.is_multiple_of(8) && *base != 0 && base.checked_add(DEVICE_BYTES_MAX).is_some_and(|end| end <= RAM_BASE))
}

fn is(node: FdtNode<'_>, compatible: &str) -> bool {
    node.compatible().is_some_and(|mut names| names.any(|name| name == compatible))
}

fn slots(soc: FdtNode<'_>) -> [u64; SLOTS_MAX] {
    let mut slots = [0; SLOTS_MAX];
    for (slot, base) in slots.iter_mut().zip(devices(soc, "virtio,mmio")) {
        *slot = base;
    }
    slots
}

fn first_reg(node: FdtNode<'_>) -> Option<(u64, u64)> {
    let reg = node.reg().ok()??.next()?;
    Some((reg.address().ok()?, reg.size().ok()?))
}

#[cfg(test)]
#[path = "device_tree_tests.rs"]
mod tests;
