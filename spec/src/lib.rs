//! What must hold.
//!
//! Every contract is a set of operations and observations ([`Contract`]). Model, implementation, child process and guest are all
//! [`Machine`]s that answer them, so that any two can be compared. Constants, bounds and error codes come from
//! `spec/contracts/*.yaml` and are never written twice.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod bytes;
pub mod capabilities;
pub mod challenge;
pub mod compact;
pub mod entropy;
pub mod machine;
pub mod mailbox;
pub mod media;
pub mod platform;

pub mod artwork;
pub mod audiod;
pub mod capability_audit;
pub mod codec;
pub mod devices;
pub mod format;
pub mod gain;
pub mod idl;
pub mod level;
pub mod media_config;
pub mod metrics;
pub mod miniplayer;
pub mod mixer;
pub mod nx_audio;
pub mod policy;
pub mod resampler;
pub mod ring;
pub mod sessions;
pub mod settings;
pub mod system;
pub mod tone;
pub mod volume;
pub mod vorbis;
pub mod wakelock;
pub mod wav;

pub mod ducking;
pub mod focus;

pub mod apng;
pub mod decode;
pub mod decode_bounds;
pub mod gif;
pub mod media_types;
pub mod mjpeg;
pub mod wav_stream;

pub use entropy::{Entropy, SplitMix64};
pub use generated::ErrorCode;
pub use machine::{Case, Contract, Failure, FailureKind, Machine, Trace};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

/// Calls a macro with the type of every contract, in the order of reports. The one list of contracts in Rust.
#[macro_export]
macro_rules! for_each_contract {
    ($callback:ident) => {
        $callback! {
            format => $crate::format::Format,
            ring => $crate::ring::Ring,
            gain => $crate::gain::Gain,
            level => $crate::level::Level,
            mixer => $crate::mixer::Mixer,
            tone => $crate::tone::Tone,
            wav => $crate::wav::Wav,
            audiod => $crate::audiod::Audiod,
            policy => $crate::policy::Policy,
            capability_audit => $crate::capability_audit::CapabilityAudit,
            settings => $crate::settings::Settings,
            wakelock => $crate::wakelock::Wakelock,
            codec => $crate::codec::Codec,
            idl => $crate::idl::Idl,
            system => $crate::system::System,
            devices => $crate::devices::Devices,
            focus => $crate::focus::Focus,
            volume => $crate::volume::Volume,
            media_config => $crate::media_config::MediaConfig,
            sessions => $crate::sessions::Sessions,
            metrics => $crate::metrics::Metrics,
            artwork => $crate::artwork::Artwork,
            miniplayer => $crate::miniplayer::Miniplayer,
            ducking => $crate::ducking::Ducking,
            resampler => $crate::resampler::Resampler,
            media_types => $crate::media_types::MediaTypes,
            gif => $crate::gif::Gif,
            apng => $crate::apng::Apng,
            vorbis => $crate::vorbis::Vorbis,
            mjpeg => $crate::mjpeg::Mjpeg,
            wav_stream => $crate::wav_stream::WavStream,
            decode_bounds => $crate::decode_bounds::DecodeBounds,
        }
    };
}

macro_rules! names {
    ($($name:ident => $contract:ty,)*) => {
        /// The name of every contract, in the order of [`for_each_contract`].
        pub const CONTRACTS: &[&str] = &[$(<$contract as Contract>::NAME),*];
    };
}

for_each_contract!(names);
