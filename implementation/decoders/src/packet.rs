//! What goes into a decoder and what comes out.

use crate::Result;
use crate::media_types::{CodecId, ColorSpace, PixelFormat, SampleFormat};
use spec::decode::Delay;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// Of a picture.
    Picture(Info),
    /// Of sound.
    Sound(Sound),
}

/// Rate and channels of sound, which are known from its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Frames of samples per second, in Hz.
    pub rate_hz: u32,
    /// Samples of a frame.
    pub channels: u8,
}

/// A picture's size, which is known from its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Width, in pixels, from 1.
    pub width: u32,
    /// Height, in pixels, from 1.
    pub height: u32,
}

/// A piece of decoded media, which lies in the decoder until it is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaPacket<'a> {
    /// Samples.
    Pcm(Pcm<'a>),
    /// A frame.
    VideoFrame(VideoFrame<'a>),
}

/// Interleaved samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pcm<'a> {
    /// The packet's number since the start of the stream, from 0.
    pub number: u32,
    /// Frames of samples per second, in Hz.
    pub rate_hz: u32,
    /// Samples of a frame.
    pub channels: u8,
    /// What a sample is.
    pub format: SampleFormat,
    /// The samples.
    pub samples: &'a [i16],
}

/// A whole frame, drawn and composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoFrame<'a> {
    /// Its number since the start of the stream, from 0.
    pub number: u32,
    /// Width, in pixels.
    pub width: u32,
    /// Height, in pixels.
    pub height: u32,
    /// Bytes from one row to the next.
    pub stride: u32,
    /// How its pixels lie in memory.
    pub format: PixelFormat,
    /// What the numbers of its pixels mean.
    pub color: ColorSpace,
    /// How long it is shown, in seconds.
    pub delay: Delay,
    /// Its pixels, row by row from the top.
    pub pixels: &'a [u8],
}

/// What a decoder found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull<'a> {
    /// A packet.
    Packet(MediaPacket<'a>),
    /// Nothing yet: more bytes are needed, or the end.
    NeedInput,
    /// There are no more packets.
    Ended {
        /// Packets since the start.
        packets: u32,
        /// How often the stream is played; 0 is for ever.
        plays: u32,
    },
}

/// A decoder: bytes are fed, packets are pulled.
pub trait Decoder {
    /// What it decodes.
    fn codec(&self) -> CodecId;

    /// Takes further bytes of the stream, all of them or none.
    ///
    /// # Errors
    /// `decode_cancelled`, `input_ended`, `oversized_input`, `decode_memory_exceeded`; no byte was taken then.
    fn feed(&mut self, bytes: &[u8]) -> Result<()>;

    /// Says that no bytes follow.
    ///
    /// # Errors
    /// `decode_cancelled`.
    fn end(&mut self) -> Result<()>;

    /// What the header says; none while it is not there.
    ///
    /// # Errors
    /// `decode_cancelled`, and what is wrong with the header.
    fn info(&self) -> Result<Option<Header>>;

    /// Decodes the next packet.
    ///
    /// # Errors
    /// What is wrong with the stream; the same again until a rewind. `decode_cancelled`.
    fn next(&mut self) -> Result<Pull<'_>>;

    /// Goes back to the start of the stream, of which it keeps the bytes.
    ///
    /// # Errors
    /// `decode_cancelled`.
    fn rewind(&mut self) -> Result<()>;

    /// Gives up, and all memory back.
    fn cancel(&mut self);
}
