//! The implementation on a bare-metal riscv64 machine.
//!
//! The image boots on QEMU's `virt` machine in machine mode, reads its device tree, prints the markers of `spec/markers.yaml` on a
//! 16550 UART and does one of two jobs: it runs selftests on the challenge of its boot, or it answers the mailbox of
//! [`spec::mailbox`]. What needs no hardware is in this library and is tested on a host; what does is in the binary.
#![cfg_attr(not(test), no_std)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)
)]

extern crate alloc;

pub mod decoders;
pub mod mailbox;
pub mod marker;
pub mod media;
pub mod platform;
pub mod selftest;
pub mod state;
pub mod tasks;
