//! States, keys and frames of the mini-player against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::miniplayer(data));
