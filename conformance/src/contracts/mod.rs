//! The checks of each contract.

mod capability_audit;
mod format;
mod gain;
mod level;
mod mixer;
mod policy;
mod ring;
#[cfg(test)]
mod self_test;
mod tone;
mod wav;
