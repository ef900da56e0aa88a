//! Operations of the artwork cache against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::artwork(data));
