//! The checks of each contract.

mod audiod;
mod format;
mod gain;
mod idl;
mod level;
mod mixer;
mod ring;
#[cfg(test)]
mod self_test;
mod tone;
mod wav;
