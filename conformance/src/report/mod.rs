//! What a run showed, for people and for other programs.
//!
//! [`coverage`] joins what must hold with what was shown; every report is a pure function of the contract files, the run's
//! record and that coverage. Nothing here decides by itself whether something passed.

pub mod coverage;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod pictures;
pub mod svg;
pub mod terminal;

mod obligations;
#[cfg(test)]
mod samples;
pub mod text;
