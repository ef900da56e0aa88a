//! The fast answer: the engine's format, ring, gain, level, mixer, tone, WAV and resampler.
//!
//! Needs no standard library, allocates only where a function returns a buffer, and never panics: every bound of the
//! contracts is checked, and an [`AudioError`] says which one was broken. A rejected call changes nothing.
#![no_std]
#![deny(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

#[cfg(target_endian = "big")]
compile_error!("PCM and counters are copied as they lie in memory, and the contracts say little-endian");

extern crate alloc;
#[cfg(any(feature = "loom", feature = "std-checks"))]
extern crate std;

mod error;
pub mod format;
pub mod gain;
pub mod level;
pub mod mixer;
pub mod resampler;
pub mod ring;
pub mod tone;
pub mod wav;

mod fixed;

pub use error::AudioError;

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, AudioError>;
