//! Device trees, as blobs, through the guest's reader and the harness's check.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::device_tree(data));
