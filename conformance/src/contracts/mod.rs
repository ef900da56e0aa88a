//! The checks of each contract.

mod audiod;
pub mod boot;
mod capability_audit;
mod codec;
pub(crate) mod devices;
mod format;
mod gain;
mod idl;
mod level;
mod mixer;
pub mod nx_audio;
mod policy;
mod ring;
#[cfg(test)]
mod self_test;
mod settings;
mod system;
mod tone;
mod wakelock;
mod wav;

mod ducking;
mod focus;
