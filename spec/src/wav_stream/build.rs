//! Writes WAV streams: right ones, and ones with any field wrong.

use super::{WAV_STREAM_EXTENSION_BYTES, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_TAG_EXTENSIBLE, WAV_STREAM_TAG_PCM};
use alloc::vec;
use alloc::vec::Vec;

/// The sub-format of PCM, as a chunk with the extensible tag says it.
pub const PCM_SUB_FORMAT: [u8; 16] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// A stream of chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WavFile {
    /// The first four bytes.
    pub riff: [u8; 4],
    /// The size behind them, in bytes; none is the right one.
    pub size: Option<u32>,
    /// The form.
    pub form: [u8; 4],
    /// The chunks, in order.
    pub chunks: Vec<Chunk>,
}

/// A chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its name.
    pub name: [u8; 4],
    /// The length that it claims, in bytes; none is the right one.
    pub claimed: Option<u32>,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether an odd length is padded, as it should be.
    pub padded: bool,
}

/// What a fmt chunk says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fmt {
    /// Its tag.
    pub tag: u16,
    /// Samples of a frame.
    pub channels: u16,
    /// Frames per second, in Hz.
    pub rate_hz: u32,
    /// Bytes per second; none is the right number.
    pub byte_rate: Option<u32>,
    /// Bytes of a frame; none is the right number.
    pub align: Option<u16>,
    /// Bits of a sample.
    pub bits: u16,
    /// What the extensible tag adds.
    pub extension: Option<Extension>,
}

/// What the extensible tag adds to a fmt chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its size, in bytes, as it says.
    pub size: u16,
    /// Valid bits of a sample.
    pub valid_bits: u16,
    /// The places of the channels, a bit each.
    pub places: u32,
    /// The sub-format.
    pub sub_format: [u8; 16],
}

impl Fmt {
    /// PCM with its own tag.
    pub const fn pcm(channels: u16, rate_hz: u32, bits: u16) -> Self {
        Self { tag: WAV_STREAM_TAG_PCM, channels, rate_hz, byte_rate: None, align: None, bits, extension: None }
    }

    /// The same with the extensible tag.
    pub fn extensible(self) -> Self {
        let extension = Extension { size: WAV_STREAM_EXTENSION_BYTES, valid_bits: self.bits, places: 0, sub_format: PCM_SUB_FORMAT };
        Self { tag: WAV_STREAM_TAG_EXTENSIBLE, extension: Some(extension), ..self }
    }

    /// Bytes of a frame, from its channels and bits.
    pub const fn frame_bytes(&self) -> u16 {
        self.channels.wrapping_mul(self.bits / 8)
    }

    /// The chunk.
    pub fn chunk(&self) -> Chunk {
        let align = self.align.unwrap_or(self.frame_bytes());
        let byte_rate = self.byte_rate.unwrap_or(self.rate_hz.wrapping_mul(align.into()));
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&self.tag.to_le_bytes());
        bytes.extend_from_slice(&self.channels.to_le_bytes());
        bytes.extend_from_slice(&self.rate_hz.to_le_bytes());
        bytes.extend_from_slice(&byte_rate.to_le_bytes());
        bytes.extend_from_slice(&align.to_le_bytes());
        bytes.extend_from_slice(&self.bits.to_le_bytes());
        if let Some(Extension { size, valid_bits, places, sub_format }) = &self.extension {
            bytes.extend_from_slice(&size.to_le_bytes());
            bytes.extend_from_slice(&valid_bits.to_le_bytes());
            bytes.extend_from_slice(&places.to_le_bytes());
            bytes.extend_from_slice(sub_format);
        }
        Chunk::new(*b"fmt ", bytes)
    }
}

impl Chunk {
    /// A right chunk.
    pub const fn new(name: [u8; 4], bytes: Vec<u8>) -> Self {
        Self { name, claimed: None, bytes, padded: true }
    }

    /// The same with another length.
    pub fn claiming(self, bytes: u32) -> Self {
        Self { claimed: Some(bytes), ..self }
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.name);
        out.extend_from_slice(&self.claimed.unwrap_or(self.bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.bytes);
        if self.padded && self.bytes.len() % 2 == 1 {
            out.push(0);
        }
    }
}

impl WavFile {
    /// A fmt chunk and these bytes of data.
    pub fn new(fmt: &Fmt, data: Vec<u8>) -> Self {
        Self { riff: *b"RIFF", size: None, form: *b"WAVE", chunks: vec![fmt.chunk(), Chunk::new(*b"data", data)] }
    }

    /// The stream.
    pub fn bytes(&self) -> Vec<u8> {
        let mut body = self.form.to_vec();
        self.chunks.iter().for_each(|chunk| chunk.put(&mut body));
        let mut out = self.riff.to_vec();
        out.extend_from_slice(&self.size.unwrap_or(body.len() as u32).to_le_bytes());
        out.extend_from_slice(&body);
        out
    }
}

/// Packets of so many frames.
pub(super) const fn packets(frames: usize) -> usize {
    frames.div_ceil(WAV_STREAM_PACKET_FRAMES as usize)
}
