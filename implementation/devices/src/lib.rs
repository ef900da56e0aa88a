//! What a program on the machine takes from its device tree: memory, timer, UART, interrupt controller, the way to end the machine,
//! places for disks, and the audio path.
//!
//! A device tree comes from outside. [`size`] bounds it before it is looked at, [`Tree::read`] checks its whole format in one pass
//! and copies nothing, and [`Tree::board`] believes nothing that a driver could not work with. No input panics; what is allocated
//! is bounded by the blob's length.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

mod audio;
mod board;
mod error;
mod format;
mod forms;
mod keys;
mod references;
mod registers;
mod tree;

pub use error::DevicesError;
pub use format::{START_BYTES, size};
pub use spec::devices::{Audio, Board, Clock, Codec, I2s, Plic, RouteSink, Window, Wired};
pub use tree::Tree;

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, DevicesError>;

/// What a program says that was given a device tree outside the memory that it may look at.
pub const fn outside() -> DevicesError {
    DevicesError::plain(spec::ErrorCode::TreeSizeMismatch, "the device tree is not whole in memory", "put it near the end of memory")
}

/// Reads the devices from a whole device tree.
///
/// # Errors
/// The first fault, in the order of the contract `devices` (DEVICES-D2).
pub fn read(blob: &[u8]) -> Result<Board> {
    Tree::read(blob)?.board()
}
