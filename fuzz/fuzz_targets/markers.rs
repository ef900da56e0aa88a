//! UART logs through grammar and judgement.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::markers(data));
