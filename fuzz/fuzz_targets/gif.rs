//! Bytes of a GIF stream through the decoder and the model, whole and in chunks.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::gif_bytes(data));
