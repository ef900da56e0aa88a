//! What a drawn machine has.

use crate::{Entropy, entropy};

/// What a drawn machine has, beside what every machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Virtio-mmio slots, without the one in the place of the I2S controller; at most 7 are in the machine's places.
    pub slots: u32,
    /// Whether there is an audio path.
    pub audio: bool,
    /// Which routes the codec has: none but wrong ones is 0, the headphone's, the speaker's, both, and both the other way round.
    pub routes: u8,
    /// Whether the I2S controller is disabled, by a status.
    pub disabled: bool,
    /// Whether the timer's rate has two cells.
    pub long_timebase: bool,
    /// Whether the clocks, the PCI bridge and the rest of QEMU's machine are there that no rule needs.
    pub extras: bool,
}

impl Shape {
    /// The smallest machine with an audio path and one slot.
    pub const SMALL: Self = Self { slots: 1, audio: true, routes: 3, disabled: true, long_timebase: false, extras: false };

    /// A shape by choices, mostly a small one.
    pub fn draw(source: &mut dyn Entropy) -> Self {
        Self {
            slots: entropy::pick(source, [1, 2, 0, 3, 7]),
            audio: !source.one_in(5),
            routes: entropy::pick(source, [3, 1, 2, 4]),
            disabled: !source.one_in(3),
            long_timebase: source.one_in(4),
            extras: source.one_in(4),
        }
    }
}
