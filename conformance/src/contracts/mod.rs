//! The checks of each contract.

mod audiod;
mod capability_audit;
mod codec;
pub(crate) mod devices;
mod format;
mod gain;
mod idl;
mod level;
mod mixer;
mod policy;
mod ring;
#[cfg(test)]
mod self_test;
mod settings;
mod tone;
mod wakelock;
mod wav;
