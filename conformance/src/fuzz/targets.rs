//! The fuzz targets by their names.

/// A target of the fuzz package.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which its program, its corpus and its dictionary have, too.
    pub name: &'static str,
    /// What it does with an input.
    pub body: fn(&[u8]),
}

/// Calls a macro with every fuzz target: its name, and what it does with an input. The one list of them.
#[macro_export]
macro_rules! for_each_fuzz_target {
    ($callback:ident) => {
        $callback! {
            wav: $crate::fuzz::wav_bytes;
            wav_operations: $crate::fuzz::contract::wav;
            protocol: $crate::fuzz::protocol_requests;
            markers: $crate::fuzz::markers;
            devices: $crate::fuzz::devices;
            devices_operations: $crate::fuzz::contract::devices;
            ring: $crate::fuzz::contract::ring;
            ring_hostile: $crate::fuzz::ring_hostile;
            mixer: $crate::fuzz::contract::mixer;
            tone: $crate::fuzz::contract::tone;
            level: $crate::fuzz::contract::level;
            gain: $crate::fuzz::contract::gain;
            format: $crate::fuzz::contract::format;
            audiod: $crate::fuzz::contract::audiod;
            system: $crate::fuzz::contract::system;
            idl: $crate::fuzz::idl_bytes;
            idl_operations: $crate::fuzz::contract::idl;
            settings: $crate::fuzz::contract::settings;
            wakelock: $crate::fuzz::contract::wakelock;
            codec: $crate::fuzz::contract::codec;
            policy: $crate::fuzz::contract::policy;
            capability_audit: $crate::fuzz::contract::capability_audit;
            volume: $crate::fuzz::contract::volume;
            media_config: $crate::fuzz::media_config_texts;
            media_config_operations: $crate::fuzz::contract::media_config;
            sessions: $crate::fuzz::contract::sessions;
            metrics: $crate::fuzz::contract::metrics;
            artwork: $crate::fuzz::contract::artwork;
            miniplayer: $crate::fuzz::contract::miniplayer;
            focus: $crate::fuzz::contract::focus;
            ducking: $crate::fuzz::contract::ducking;
            resampler: $crate::fuzz::contract::resampler;
            media_types: $crate::fuzz::contract::media_types;
            gif: $crate::fuzz::gif_bytes;
            gif_operations: $crate::fuzz::contract::gif;
            apng: $crate::fuzz::apng_bytes;
            apng_operations: $crate::fuzz::contract::apng;
            vorbis: $crate::fuzz::vorbis_bytes;
            vorbis_operations: $crate::fuzz::contract::vorbis;
            mjpeg: $crate::fuzz::mjpeg_bytes;
            mjpeg_operations: $crate::fuzz::contract::mjpeg;
            wav_stream: $crate::fuzz::wav_stream_bytes;
            wav_stream_operations: $crate::fuzz::contract::wav_stream;
            decode_bounds: $crate::fuzz::contract::decode_bounds;
        }
    };
}

macro_rules! targets {
    ($($name:ident: $body:expr;)*) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($name), body: $body }),*];
    };
}

for_each_fuzz_target!(targets);

/// The target of that name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
