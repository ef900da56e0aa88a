//! WAV files, as bytes, against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::wav_bytes(data));
