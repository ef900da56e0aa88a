//! Bytes of a JPEG stream through the decoder and the model, as they are and as a part.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::mjpeg_bytes(data));
