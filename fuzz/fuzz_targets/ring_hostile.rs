//! The ring with forged counters, against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::ring_hostile(data));
