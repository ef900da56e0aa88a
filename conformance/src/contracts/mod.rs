//! The checks of each contract.

pub(crate) mod artwork;
mod audiod;
pub mod boot;
mod capability_audit;
mod codec;
pub(crate) mod devices;
mod ducking;
mod focus;
mod format;
mod gain;
mod idl;
mod level;
mod media_config;
mod metrics;
pub(crate) mod miniplayer;
mod mixer;
#[cfg(feature = "harness")]
pub mod nx_audio;
#[cfg(feature = "harness")]
pub mod nx_media;
mod policy;
mod resampler;
mod ring;
#[cfg(test)]
mod self_test;
mod sessions;
mod settings;
mod system;
mod tone;
mod volume;
mod wakelock;
mod wav;
