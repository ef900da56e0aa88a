//! The table of the decoders' bounds against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::decode_bounds(data));
