//! Bytes as a request and as a reply, against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::idl_bytes(data));
