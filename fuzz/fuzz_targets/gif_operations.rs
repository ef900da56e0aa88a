//! Drawn GIF streams, fed and pulled in many ways, against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::gif(data));
