//! Device trees, as blobs, through model and implementation.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::devices(data));
