//! A configuration's text through model and implementation.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::media_config_texts(data));
