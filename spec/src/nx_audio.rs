//! The contract `nx-audio`: exit codes of the command `nx audio`. It has no operations: whole programs are run.

pub use crate::generated::nx_audio::*;
