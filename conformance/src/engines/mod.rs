//! Engines: each makes cases in its own way for the one body in [`crate::check`].

pub mod allocation;
pub mod answers;
#[cfg(feature = "harness")]
pub mod decoding;
pub mod diagnosis;
#[cfg(feature = "harness")]
pub mod exhaustive;
#[cfg(feature = "harness")]
pub mod golden;
#[cfg(feature = "harness")]
pub mod law;
#[cfg(feature = "harness")]
pub mod media;
#[cfg(feature = "harness")]
pub mod property;
pub mod render;
#[cfg(feature = "harness")]
pub mod session;
#[cfg(feature = "harness")]
pub mod threads;
#[cfg(feature = "harness")]
pub mod violation;

#[cfg(feature = "harness")]
pub use session::{Options, Session};
