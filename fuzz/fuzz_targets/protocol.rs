//! Lines of the child-process protocol.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::protocol_requests(data));
