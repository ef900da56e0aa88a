//! Limits of a client, and the memory that its decoders share.

use crate::{DecodeError, Decoder, Result, apng, gif, mjpeg, vorbis, wav_stream};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};
use spec::ErrorCode;
use spec::decode::Limits;
use spec::gif::{DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXELS_MAX, DECODE_TOTAL_BYTES_MAX};
use spec::media_types::CodecId;

/// Memory that several decoders share. A clone is the same budget.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: u64,
    held: AtomicU64,
}

impl Budget {
    fn new(most: u64) -> Self {
        Self(Arc::new(Shared { most, held: AtomicU64::new(0) }))
    }

    /// Bytes that are held now.
    pub fn held(&self) -> u64 {
        self.0.held.load(Ordering::Relaxed)
    }
}

/// A part of a budget, which is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Budget,
    bytes: u64,
}

impl Charge {
    pub fn none(budget: Budget) -> Self {
        Self { budget, bytes: 0 }
    }

    /// Holds so many bytes from now on; where they don't fit it holds what it held.
    pub fn resize(&mut self, bytes: u64) -> Result<()> {
        let Shared { most, held } = &*self.budget.0;
        // Nothing is published by the counter, so that its order with other memory does not matter.
        let resized = held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_sub(self.bytes)?.checked_add(bytes).filter(|held| held <= most)
        });
        match resized {
            Ok(_) => {
                self.bytes = bytes;
                Ok(())
            }
            Err(held) => {
                let wanted = held.saturating_sub(self.bytes).saturating_add(bytes);
                Err(out_of_memory(wanted, *most))
            }
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.0.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

pub(crate) const fn out_of_memory(wanted: u64, most: u64) -> DecodeError {
    let advice = "close other decoders, or decode a smaller picture";
    DecodeError::range(ErrorCode::DecodeMemoryExceeded, "the memory of the client's decoders, in bytes,", (wanted, 0, most), advice)
}

/// Who opens decoders: its limits hold for each of them, and its memory for all of them together.
#[derive(Clone, Debug)]
pub struct Client {
    limits: Limits,
    budget: Budget,
}

impl Client {
    /// A client with these limits.
    ///
    /// # Errors
    /// `out_of_range` for a limit of zero or above its bound.
    pub fn new(limits: Limits) -> Result<Self> {
        let named = [
            ("the limit of input bytes", u64::from(limits.input_bytes), u64::from(DECODE_INPUT_BYTES_MAX)),
            ("the limit of pixels", u64::from(limits.pixels), u64::from(DECODE_PIXELS_MAX)),
            ("the limit of frames", u64::from(limits.frames), u64::from(DECODE_FRAMES_MAX)),
            ("the limit of decoded bytes", limits.decoded_bytes, DECODE_TOTAL_BYTES_MAX),
            ("the limit of memory, in bytes,", limits.memory_bytes, DECODE_MEMORY_BYTES_MAX),
        ];
        match named.into_iter().find(|(_, limit, most)| !(1..=*most).contains(limit)) {
            Some((what, limit, most)) => Err(DecodeError::range(ErrorCode::OutOfRange, what, (limit, 1, most), "choose one in the range")),
            None => Ok(Self { budget: Budget::new(limits.memory_bytes), limits }),
        }
    }

    /// Opens a decoder.
    ///
    /// # Errors
    /// `unknown_media` for a codec without a decoder here.
    pub fn open(&self, codec: CodecId) -> Result<Box<dyn Decoder + Send>> {
        match codec {
            CodecId::Gif => Ok(Box::new(gif::GifDecoder::new(self))),
            CodecId::Apng => Ok(Box::new(apng::ApngDecoder::new(self))),
            CodecId::Vorbis => Ok(Box::new(vorbis::VorbisDecoder::new(self))),
            CodecId::Mjpeg => Ok(Box::new(mjpeg::MjpegDecoder::new(self))),
            CodecId::Wav => Ok(Box::new(wav_stream::WavStreamDecoder::new(self))),
        }
    }

    /// The limits.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The memory.
    pub const fn budget(&self) -> &Budget {
        &self.budget
    }
}
