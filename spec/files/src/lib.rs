//! The contract files, read strictly.
//!
//! `spec/contracts/*.yaml` says what must hold, `spec/tasks/*.yaml` which obligations of the source documents are carried by
//! which requirement, `spec/markers.yaml` which lines may appear on the UART, `spec/focus.yaml` who gives way to whom. Everything that a reader of these files could get
//! wrong is an error here that names file and line: an unknown key, a duplicate id, a reference to nothing, a requirement
//! that nothing carries. Nothing is skipped: what can't be understood is refused.

pub mod capabilities;
pub mod contract;
pub mod focus;
pub mod library;
pub mod markers;
pub mod problem;
pub mod task;

pub use capabilities::CapabilityFile;
pub use contract::{ContractFile, EvidenceKind, Requirement};
pub use focus::FocusFile;
pub use library::Library;
pub use markers::MarkerFile;
pub use problem::{Problem, Problems};
pub use task::{Obligation, TaskFile, Waiver, WaiverKind};

/// The files of this build, embedded.
pub mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
