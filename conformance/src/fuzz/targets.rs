//! The fuzz targets by their names, and a smoke run of each over its committed corpus and over bytes from a seed, without a fuzzer.

use crate::fuzz;

/// A target of the fuzz package.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which its program, its corpus and its dictionary have, too.
    pub name: &'static str,
    /// What it does with an input.
    pub body: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident: $body:expr;)*) => {
        /// Every target.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($name), body: $body }),*];

        #[cfg(test)]
        mod smoke {
            use super::*;

            $(#[test]
            fn $name() {
                tests::smoke(stringify!($name), $body);
            })*
        }
    };
}

targets! {
    wav: fuzz::wav_bytes;
    wav_operations: fuzz::contract::wav;
    protocol: fuzz::protocol_requests;
    markers: fuzz::markers;
    devices: fuzz::devices;
    devices_operations: fuzz::contract::devices;
    ring: fuzz::contract::ring;
    ring_hostile: fuzz::ring_hostile;
    mixer: fuzz::contract::mixer;
    tone: fuzz::contract::tone;
    level: fuzz::contract::level;
    gain: fuzz::contract::gain;
    format: fuzz::contract::format;
    audiod: fuzz::contract::audiod;
    system: fuzz::contract::system;
    idl: fuzz::idl_bytes;
    idl_operations: fuzz::contract::idl;
    settings: fuzz::contract::settings;
    wakelock: fuzz::contract::wakelock;
    codec: fuzz::contract::codec;
    policy: fuzz::contract::policy;
    capability_audit: fuzz::contract::capability_audit;
    volume: fuzz::contract::volume;
    media_config: fuzz::media_config_texts;
    media_config_operations: fuzz::contract::media_config;
    sessions: fuzz::contract::sessions;
    metrics: fuzz::contract::metrics;
    artwork: fuzz::contract::artwork;
    miniplayer: fuzz::contract::miniplayer;
    focus: fuzz::contract::focus;
    ducking: fuzz::contract::ducking;
    resampler: fuzz::contract::resampler;
    media_types: fuzz::contract::media_types;
    gif: fuzz::gif_bytes;
    gif_operations: fuzz::contract::gif;
    apng: fuzz::apng_bytes;
    apng_operations: fuzz::contract::apng;
    vorbis: fuzz::vorbis_bytes;
    vorbis_operations: fuzz::contract::vorbis;
    mjpeg: fuzz::mjpeg_bytes;
    mjpeg_operations: fuzz::contract::mjpeg;
    wav_stream: fuzz::wav_stream_bytes;
    wav_stream_operations: fuzz::contract::wav_stream;
    decode_bounds: fuzz::contract::decode_bounds;
}

/// The target of that name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case_file;
    use spec::{Entropy, SplitMix64};
    use std::fs;

    pub fn smoke(target: &str, body: fn(&[u8])) {
        let corpus = crate::repository_root().join("fuzz/corpus").join(target);
        let mut inputs = 0;
        for entry in fs::read_dir(&corpus).unwrap_or_else(|error| panic!("{}: {error}", corpus.display())) {
            body(&fs::read(entry.unwrap().path()).unwrap());
            inputs += 1;
        }
        assert!(inputs > 0, "the corpus of {target} is empty");
        let mut source = SplitMix64::new(1);
        for _ in 0..500 {
            let length = source.below(400) as usize;
            let bytes: Vec<u8> = (0..length).map(|_| source.bits() as u8).collect();
            body(&bytes);
        }
    }

    fn names(folder: &str, ending: &str) -> Vec<String> {
        let folder = fs::read_dir(crate::repository_root().join("fuzz").join(folder)).unwrap();
        folder.map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(ending).to_owned()).collect()
    }

    #[test]
    fn every_program_corpus_and_dictionary_is_of_a_target() {
        let mut programs = names("fuzz_targets", ".rs");
        programs.sort();
        let mut here: Vec<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
        here.sort();
        assert_eq!(programs, here, "fuzz/fuzz_targets and the list of targets");
        for name in names("corpus", "").iter().chain(&names("dictionaries", ".dict")) {
            assert!(target(name).is_some(), "`{name}` is no target");
        }
    }

    #[test]
    fn a_body_tells_its_cases() {
        let told = fuzz::cases_of(fuzz::wav_bytes, b"RIFF");
        let case = case_file::read(&told[0]).unwrap();
        let ops: serde_json::Value = serde_json::from_str(case.ops.get()).unwrap();
        assert_eq!((told.len(), case.contract.as_str(), ops), (1, "wav", serde_json::json!([{"load": [82, 73, 70, 70]}])));
        assert_eq!(fuzz::cases_of(fuzz::markers, b"conform: done"), Vec::<String>::new());
    }
}
