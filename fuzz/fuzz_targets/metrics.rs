//! Events, snapshots and exports of metrics against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::contract::metrics(data));
