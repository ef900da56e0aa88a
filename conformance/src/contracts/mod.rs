//! The checks of each contract.

mod apng;
pub(crate) mod artwork;
mod audiod;
pub mod boot;
mod capability_audit;
mod codec;
mod decode_bounds;
pub(crate) mod decoding;
pub(crate) mod devices;
mod ducking;
#[cfg(feature = "harness")]
pub mod features;
mod focus;
mod format;
mod gain;
mod gif;
mod idl;
mod level;
mod media_config;
mod media_types;
mod metrics;
pub(crate) mod miniplayer;
mod mixer;
mod mjpeg;
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
mod vorbis;
mod wakelock;
mod wav;
mod wav_stream;
