//! A decoder of Ogg Vorbis for hostile input.
//!
//! Needs no standard library, never panics, and checks every bound before it allocates: see [`spec::vorbis`]. The samples
//! are the same on every processor, since the graph of operations is pinned ([`spec::vorbis::arithmetic`]).
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

mod bits;
mod codebook;
mod decoder;
mod error;
mod floor;
mod numbers;
mod ogg;
mod residue;
mod setup;
mod synthesis;
mod tables;
mod transform;

pub use decoder::Decoder;
pub use error::VorbisError;
pub use ogg::PAGE_BYTES_MAX;
pub use tables::{STEPS_PER_PI, slope, turn};
pub use transform::Transform;

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, VorbisError>;
