//! Every fuzz target's body over its committed corpus and over bytes from a seed: a smoke run without a fuzzer.

use conformance::fuzz;
use spec::{Entropy, SplitMix64};
use std::fs;

fn smoke(target: &str, body: fn(&[u8])) {
    let corpus = conformance::repository_root().join("fuzz/corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(&corpus).unwrap_or_else(|error| panic!("{}: {error}", corpus.display())) {
        let path = entry.expect("a readable corpus").path();
        body(&fs::read(&path).expect("a readable input"));
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

macro_rules! targets {
    ($($name:ident: $body:expr;)*) => {
        $(#[test]
        fn $name() {
            smoke(stringify!($name), $body);
        })*

        /// Every target of the fuzz package is smoked here.
        #[test]
        fn no_target_is_left_out() {
            let here = [$(stringify!($name)),*];
            let folder = conformance::repository_root().join("fuzz/fuzz_targets");
            for entry in fs::read_dir(folder).expect("the targets are readable") {
                let name = entry.expect("the targets are readable").file_name().to_string_lossy().replace(".rs", "");
                assert!(here.contains(&name.as_str()), "the fuzz target {name} has no smoke run");
            }
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
}
