//! The contract `vorbis`: the reasons for rejection that model and implementation share, the format's table, and a writer of
//! streams with chosen features.
//!
//! The output of a decoder is pinned as a graph of single IEEE 754 operations, so that it is the same on every processor and in
//! every order of evaluation that keeps the graph ([`arithmetic`]).

mod contract;
mod table;

pub mod arithmetic;
pub mod write;

use crate::ErrorCode;
pub use crate::generated::vorbis::*;
pub use contract::{Limits, Obs, Op, Pixels, Vorbis};
pub use table::FLOOR1_AMPLITUDES;

/// Why a stream is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reject {
    /// The first packet is not Vorbis's, or its channels, rate or version are outside what is accepted.
    UnsupportedMedia,
    /// The bytes are no Ogg pages, or the pages contradict each other.
    MalformedOgg,
    /// A page's checksum is not that of its bytes.
    CorruptOgg,
    /// The input ends within a page, a packet or the headers.
    TruncatedOgg,
    /// A header is not what the format allows.
    MalformedVorbis,
    /// A packet or a table of the setup is larger than its bound.
    OversizedInput,
    /// The stream gives more samples than its bound.
    OversizedOutput,
    /// The tables of the headers need more memory than there is.
    OversizedMemory,
}

impl Reject {
    /// The stable code: a contract's user need not know which part of a stream is malformed.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::UnsupportedMedia => ErrorCode::UnsupportedMedia,
            Self::MalformedOgg | Self::MalformedVorbis => ErrorCode::MalformedMedia,
            Self::CorruptOgg => ErrorCode::CorruptChecksum,
            Self::TruncatedOgg => ErrorCode::TruncatedMedia,
            Self::OversizedInput => ErrorCode::OversizedInput,
            Self::OversizedOutput => ErrorCode::DecodedTooLarge,
            Self::OversizedMemory => ErrorCode::DecodeMemoryExceeded,
        }
    }
}

/// What the headers say of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Channels, 1 to [`VORBIS_CHANNELS_MAX`], in the format's order.
    pub channels: u8,
    /// Sample rate in Hz, 1 to [`VORBIS_RATE_HZ_MAX`].
    pub rate: u32,
    /// Samples of the short and of the long block: powers of two, 64 to 8,192.
    pub blocks: [u16; 2],
}
