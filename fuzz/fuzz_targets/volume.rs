//! Volumes and mutes of sessions and apps, through to the samples, against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::volume(data));
