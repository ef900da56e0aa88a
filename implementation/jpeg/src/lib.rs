//! A JPEG decoder that bytes from anywhere can be given to.
//!
//! [`header`] tells what a picture claims, [`Walk`] where it ends; both look at markers alone and allocate nothing. [`Decoder::decode`]
//! then gives its pixels, the same bytes on every processor. What a picture may cost is known before it is decoded:
//! [`Decoder::kept_bytes`] for coefficients that must be kept, and less than [`spec::mjpeg::MJPEG_WORK_BYTES`] beside them.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

mod bits;
mod codes;
mod colour;
mod decoder;
mod nonzero;
mod output;
mod progressive;
mod scan;
mod segments;
mod sequential;
mod tables;
mod transform;
mod upsample;
mod walk;

pub use decoder::Decoder;
pub use segments::{Component, Header, header};
pub use walk::Walk;

use spec::ErrorCode;

/// What is wrong with a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable code.
    pub code: ErrorCode,
    /// In words, what is wrong.
    pub what: &'static str,
    /// What was met, and the smallest and the largest that is accepted, where these are numbers.
    pub range: Option<(u64, u64, u64)>,
    /// Where, in bytes from the picture's start.
    pub at: usize,
}

impl Fault {
    pub(crate) const fn new(code: ErrorCode, what: &'static str, at: usize) -> Self {
        Self { code, what, range: None, at }
    }

    pub(crate) const fn malformed(what: &'static str, at: usize) -> Self {
        Self::new(ErrorCode::MalformedMedia, what, at)
    }

    pub(crate) const fn unsupported(what: &'static str, at: usize) -> Self {
        Self::new(ErrorCode::UnsupportedMedia, what, at)
    }

    pub(crate) const fn corrupt(what: &'static str, at: usize) -> Self {
        Self::new(ErrorCode::CorruptPixels, what, at)
    }

    pub(crate) const fn with(self, got: u64, low: u64, high: u64) -> Self {
        Self { range: Some((got, low, high)), ..self }
    }
}

/// Why nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Bytes are missing.
    NeedInput,
    /// This is wrong.
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
