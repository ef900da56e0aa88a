//! Records, captures and kill switches against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::capability_audit(data));
