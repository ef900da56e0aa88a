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
    wav_operations: fuzz::operations::<spec::wav::Wav>;
    protocol: fuzz::protocol_requests;
    markers: fuzz::markers;
    devices: fuzz::devices;
    devices_operations: fuzz::operations::<spec::devices::Devices>;
    ring: fuzz::operations::<spec::ring::Ring>;
    ring_hostile: fuzz::ring_hostile;
    mixer: fuzz::operations::<spec::mixer::Mixer>;
    tone: fuzz::operations::<spec::tone::Tone>;
    level: fuzz::operations::<spec::level::Level>;
    gain: fuzz::operations::<spec::gain::Gain>;
    format: fuzz::operations::<spec::format::Format>;
    audiod: fuzz::operations::<spec::audiod::Audiod>;
    system: fuzz::operations::<spec::system::System>;
    idl: fuzz::idl_bytes;
    idl_operations: fuzz::operations::<spec::idl::Idl>;
    settings: fuzz::operations::<spec::settings::Settings>;
    wakelock: fuzz::operations::<spec::wakelock::Wakelock>;
    codec: fuzz::operations::<spec::codec::Codec>;
    policy: fuzz::operations::<spec::policy::Policy>;
    capability_audit: fuzz::operations::<spec::capability_audit::CapabilityAudit>;
}
