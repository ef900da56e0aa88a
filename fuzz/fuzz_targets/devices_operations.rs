//! Trees that are put together by choices, mostly with one thing wrong, and looks into them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::devices(data));
