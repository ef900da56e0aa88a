//! The media services.
//!
//! Each module is one service or one decision that services share, named as its contract. None of them knows how messages reach
//! it or what clock drives it: the daemon on the host and the bare-metal guest bring both. Nothing here panics, and what a
//! service keeps is bounded by its contract.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

pub mod artwork;
pub mod audiod;
pub mod capability_audit;
pub mod codec;
pub mod ducking;
mod error;
pub mod focus;
pub mod lines;
pub mod media_config;
pub mod mediasessd;
pub mod metrics;
pub mod policy;
pub mod sessions;
pub mod settings;
pub mod system;
pub mod volume;
pub mod wakelock;

pub use error::{ServiceError, rejection};

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, ServiceError>;
