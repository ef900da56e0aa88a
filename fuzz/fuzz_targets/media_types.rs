//! Identifiers and the beginnings of streams against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::media_types(data));
