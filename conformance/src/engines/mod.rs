//! Engines: each makes cases in its own way for the one body in [`crate::check`].

pub mod allocation;
pub mod diagnosis;
pub mod exhaustive;
pub mod golden;
pub mod law;
pub mod media;
pub mod property;
pub mod render;
pub mod session;
pub mod threads;
pub mod violation;

pub use session::{Options, Session};
