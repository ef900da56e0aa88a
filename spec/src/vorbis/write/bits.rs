//! Bits of a packet, the lowest of each byte first.

use alloc::vec::Vec;

/// Writes a packet's bits.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    bits: usize,
}

impl BitWriter {
    /// A writer of a header: its type and the format's name.
    pub fn header(kind: u8) -> Self {
        let mut bytes = alloc::vec![kind];
        bytes.extend_from_slice(b"vorbis");
        Self { bits: bytes.len() * 8, bytes }
    }

    /// Writes the lowest bits of a number, up to 64.
    pub fn write(&mut self, value: u64, bits: u32) {
        for bit in 0..bits {
            if self.bits.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.len() - 1;
            self.bytes[last] |= ((value >> bit & 1) as u8) << (self.bits % 8);
            self.bits += 1;
        }
    }

    /// Writes one bit.
    pub fn flag(&mut self, flag: bool) {
        self.write(u64::from(flag), 1);
    }

    /// The packet, filled up with zeros to whole bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bits that a number needs.
pub(super) const fn width(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}
