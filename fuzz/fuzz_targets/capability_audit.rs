//! Records, captures and kill switches against the model.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| conformance::fuzz::operations::<spec::capability_audit::CapabilityAudit>(data));
