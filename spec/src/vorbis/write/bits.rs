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
        let mut written = 0;
        while written < bits {
            let place = self.bits % 8;
            if place == 0 {
                self.bytes.push(0);
            }
            // What has room in a byte, or as much of that as there is.
            let count = (8 - place as u32).min(bits - written);
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> written & ((1 << count) - 1)) as u8) << place;
            }
            written += count;
            self.bits += count as usize;
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
