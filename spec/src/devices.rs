//! The contract `devices`: the machine's device tree.

mod draw;
mod edit;
mod shape;
mod tree;

pub use crate::codec::RouteSink;
pub use crate::generated::devices::*;
pub use draw::{flawed, honest, machine};
pub use edit::{Part, parts, without};
pub use shape::Shape;
pub use tree::{Tree, cells, set_word, texts, word};

use crate::{Case, Contract, Entropy, ErrorCode};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use edit::halves;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

// What the guest is linked for is what its reader demands.
const _: () = assert!(DEVICES_RAM_BASE == crate::mailbox::RAM_BASE && DEVICES_RAM_BYTES == crate::mailbox::RAM_BYTES);

/// The contract `devices`.
#[derive(Clone, Debug)]
pub struct Devices;

/// The configuration: there is nothing to configure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {}

/// Any bytes. Written as hexadecimal digits, two for each byte, where a person may read it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        if !serializer.is_human_readable() {
            return serde_bytes::serialize(&self.0, serializer);
        }
        let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]].map(char::from);
        serializer.serialize_str(&self.0.iter().flat_map(digits).collect::<String>())
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Reader)
        } else {
            serde_bytes::deserialize(deserializer).map(Self)
        }
    }
}

struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes as hexadecimal digits, two for each")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Blob, E> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let digit = |letter: u8| char::from(letter).to_digit(16).map(|digit| digit as u8);
        let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
        let bytes = pairs.iter().map(byte).collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty());
        bytes.map(Blob).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Operations of the contract `devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Reads a tree. An accepted one takes the place of the one before.
    Read(Blob),
    /// A property of the last accepted tree.
    Property {
        /// The node's path, as `/soc/i2s@10003000`; the root is `/`.
        path: String,
        /// The property's name.
        name: String,
    },
}

/// Registers or memory, as the processor sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first address.
    pub address: u64,
    /// Length, in bytes.
    pub bytes: u64,
}

/// A device with one interrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wired {
    /// Its registers.
    pub window: Window,
    /// Its line of the interrupt controller.
    pub interrupt: u32,
}

/// The interrupt controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plic {
    /// Its registers.
    pub window: Window,
    /// Its lines are 1 to this.
    pub lines: u32,
}

/// A clock of the I2S controller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What the controller calls it.
    pub name: String,
    /// Its rate, in Hz.
    pub hertz: u32,
}

/// The I2S controller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct I2s {
    /// Its registers.
    pub window: Window,
    /// Its line of the interrupt controller.
    pub interrupt: u32,
    /// Its clocks, in its order.
    pub clocks: Vec<Clock>,
    /// Whether it is enabled, which a stub is not.
    pub enabled: bool,
    /// Whether the tree says that it is a stub.
    pub stub: bool,
}

/// The codec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codec {
    /// Address of its I2C bus.
    pub bus: u64,
    /// Its address on the bus.
    pub address: u32,
    /// What it is compatible with, in the tree's order.
    pub compatible: Vec<String>,
    /// Its routes by their ends, in the tree's order.
    pub routes: Vec<RouteSink>,
    /// Whether the tree says that it is a stub.
    pub stub: bool,
}

/// The audio path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audio {
    /// The I2S controller.
    pub i2s: I2s,
    /// The codec.
    pub codec: Codec,
}

/// The devices of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Memory.
    pub memory: Window,
    /// Ticks of the timer per second, from 1 to [`DEVICES_TIMEBASE_HZ_MAX`].
    pub timebase_hz: u64,
    /// The 16550 UART.
    pub uart: Wired,
    /// The interrupt controller.
    pub plic: Plic,
    /// The core-local interruptor, which holds the timer.
    pub clint: Window,
    /// The register that ends the machine.
    pub finisher: Window,
    /// The virtio-mmio slots, by rising address; at most [`DEVICES_SLOTS_MAX`].
    pub slots: Vec<Wired>,
    /// The audio path; nothing where the tree describes none.
    pub audio: Option<Audio>,
}

/// Observations of the contract `devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obs {
    /// What the tree describes.
    Board(Box<Board>),
    /// The bytes of a property.
    Value(Blob),
    /// There is no such property.
    Absent,
    /// Rejected with this code; the tree before it stays.
    Rejected(ErrorCode),
}

impl Contract for Devices {
    const NAME: &'static str = "devices";
    type Config = Config;
    type Op = Op;
    type Obs = Obs;

    fn draw(source: &mut dyn Entropy, ops: usize) -> Case<Self> {
        draw::case(source, ops)
    }

    fn simplify(op: &Op, out: &mut Vec<Op>) {
        match op {
            // A byte taken out of a tree makes it another kind of wrong, so that whole nodes and properties go, the longest first.
            Op::Read(Blob(blob)) => {
                let mut parts = parts(blob);
                out.extend(halves(&parts).into_iter().flatten().map(|part| Op::Read(Blob(without(blob, &part)))));
                parts.sort_by_key(|part| core::cmp::Reverse(part.bytes.len()));
                out.extend(parts.into_iter().map(|part| Op::Read(Blob(without(blob, &part)))));
                if !blob.is_empty() {
                    out.push(Op::Read(Blob(Vec::new())));
                }
            }
            Op::Property { path, name } => {
                if let Some((above, _)) = path.rsplit_once('/')
                    && path != "/"
                {
                    let path = if above.is_empty() { "/".into() } else { above.into() };
                    out.push(Op::Property { path, name: name.clone() });
                }
            }
        }
    }
}
