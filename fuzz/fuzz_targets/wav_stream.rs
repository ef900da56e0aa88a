//! Bytes of a WAV stream through the decoder and the model, whole and in chunks.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::wav_stream_bytes(data));
