//! Boots a guest and judges its UART.
//!
//! A line on a UART proves nothing by itself. [`grammar`] says which lines may appear, [`boot`] gives a guest a fresh challenge and
//! memory that it shares with the host, and [`judge`] decides from the whole log, the way the machine ended and the answers that
//! only honest work can give whether the run passed. [`run`] puts these together, and [`report`] writes down what came out.

pub mod answers;
pub mod boot;
pub mod build;
pub mod challenge;
pub mod device_tree;
pub mod disk;
pub mod fault;
pub mod grammar;
pub mod heard;
pub mod judge;
pub mod log;
pub mod machine;
pub mod memory;
pub mod platform;
pub mod report;
pub mod run;
pub mod services;
pub mod settings;
pub mod spin;
pub mod verdict;

pub use answers::{Answer, Answers};
pub use boot::{Guest, Mode};
pub use challenge::Challenge;
pub use fault::{Fault, FaultKind};
pub use grammar::Grammar;
pub use judge::judge;
pub use log::Log;
pub use run::{Run, run_selftests};
pub use settings::RunSettings;
pub use spin::Spin;
pub use verdict::{Exit, Outcome, Verdict};
