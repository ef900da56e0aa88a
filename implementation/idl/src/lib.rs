//! The messages of audiod, of the media sessions and of their settings, as frames of Cap'n Proto.
//!
//! [`encode_request`] and [`encode_reply`] write one frame into a buffer that the caller reuses; [`decode_request`] and
//! [`decode_reply`] read one, and borrow texts and PCM from its bytes. Every bound of the contract `idl` is checked before
//! anything is copied, and nothing is allocated where the buffer is large enough, but for a list of fills. [`frame_length`] says
//! how many bytes of a stream make the next frame.
//!
//! `audio_capnp.rs` is generated from `spec/idl/audio.capnp` by `implementation/idl/codegen`, and committed.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

#[rustfmt::skip]
#[allow(
    missing_docs, clippy::all, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects,
    unused_qualifications, reason = "generated from the schema"
)]
mod audio_capnp;

mod bounds;
mod decode;
mod encode;
mod error;
mod frame;

pub use decode::{decode_reply, decode_request};
pub use encode::{encode_reply, encode_request};
pub use error::IdlError;
pub use frame::frame_length;
pub use spec::idl::{
    Answer, Call, Class, Command, Fill, Fills, FocusKind, Gain, MediaKey, Metadata, Metrics, Mute, Peaks, Reply, Request, Session,
    SessionEntry, SessionPosition, Sink,
};

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, IdlError>;
