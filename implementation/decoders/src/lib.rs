//! Bounded decoders that bytes from anywhere can be given to.
//!
//! A [`Client`] has limits and a memory budget that all its decoders share. A decoder takes a stream in chunks of any size
//! ([`Decoder::feed`]) and gives [`MediaPacket`]s when it is asked ([`Decoder::next`]); where the stream is cut changes nothing. Every
//! limit is looked at before what it limits is allocated, and after an error it is known what comes next: the same error, until a rewind.
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]

extern crate alloc;

pub mod apng;
pub mod decode_bounds;
pub mod gif;
pub mod media_types;
pub mod mjpeg;
pub mod vorbis;
pub mod wav_stream;

mod bits;
mod budget;
mod canvas;
mod error;
mod packet;
mod puller;
mod reader;

pub use budget::{Budget, Client};
pub use error::DecodeError;
pub use packet::{Decoder, Header, Info, MediaPacket, Pcm, Pull, Sound, VideoFrame};
pub use puller::Puller;
pub use spec::decode::{Delay, Limits};

/// What this crate's functions return.
pub type Result<T> = core::result::Result<T, DecodeError>;
