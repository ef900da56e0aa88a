//! Bytes of a PNG stream through the decoder and the model, as they are and with right checksums.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::apng_bytes(data));
