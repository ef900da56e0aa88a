//! The pull API around a format: the stream so far, its end, its errors and its memory.

use crate::budget::Charge;
use crate::media_types::{CodecId, ColorSpace, PixelFormat, SampleFormat};
use crate::reader::Halt;
use crate::{Client, DecodeError, Decoder, Header, Info, MediaPacket, Pcm, Pull, Result, VideoFrame};
use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use spec::ErrorCode;
use spec::decode::{Delay, Limits};
use spec::gif::{DECODE_PIXEL_BYTES, DECODE_SIDE_MAX};

/// The memory of a stream grows by so many bytes.
const STEP_BYTES: usize = 1 << 16;

/// What a format found.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// A frame, drawn on its canvas.
    Frame(Delay),
    /// Samples.
    Samples,
    /// The end, and how often to play.
    End(u32),
}

/// A format's own part.
pub trait Format: Default {
    /// What it decodes.
    const CODEC: CodecId;

    /// Before the first byte.
    fn new(_limits: &Limits) -> Self {
        Self::default()
    }

    /// What the start of the stream says; bounds of pictures are not looked at.
    fn info(bytes: &[u8]) -> core::result::Result<Header, Halt>;

    /// The same while a stream grows, for formats that remember how far they have looked.
    fn header(&mut self, bytes: &[u8]) -> core::result::Result<Header, Halt> {
        Self::info(bytes)
    }

    /// Decodes the next packet. Where bytes are missing nothing was given of it.
    fn next(&mut self, source: &mut Source) -> core::result::Result<Found, Halt>;

    /// The canvas.
    fn pixels(&self) -> &[u8] {
        &[]
    }

    /// The samples of the last packet.
    fn samples(&self) -> &[i16] {
        &[]
    }

    /// Back to the start.
    fn rewind(&mut self);
}

/// A stream so far.
#[derive(Debug)]
pub struct Source {
    pub bytes: Vec<u8>,
    limits: Limits,
    charge: Charge,
    /// Bytes that are charged beside the stream.
    beside: u64,
    /// The end was told.
    pub ended: bool,
    /// The picture, from the first packet that was asked for.
    pub info: Option<Info>,
    header: Option<Header>,
    /// Packets that were given.
    frames: u32,
}

/// Holds memory beside a stream.
pub struct Holder<'a> {
    charge: &'a mut Charge,
    beside: &'a mut u64,
    length: u64,
}

impl Holder<'_> {
    /// Holds so many bytes beside the stream from now on; says whether they fit.
    pub fn hold(&mut self, beside: u64) -> bool {
        let fits = self.charge.resize(self.length.saturating_add(beside)).is_ok();
        if fits {
            *self.beside = beside;
        }
        fits
    }
}

impl Source {
    /// Side and pixels of a picture.
    fn check_size(&self, info: Info) -> Result<()> {
        let (side, code) = (u64::from(info.width.max(info.height)), ErrorCode::PictureTooLarge);
        let advice = "decode a smaller picture";
        if side > u64::from(DECODE_SIDE_MAX) {
            return Err(DecodeError::range(code, "the picture's longer side, in pixels,", (side, 1, DECODE_SIDE_MAX.into()), advice));
        }
        let (pixels, most) = (u64::from(info.width).saturating_mul(info.height.into()), u64::from(self.limits.pixels));
        if pixels > most {
            return Err(DecodeError::range(code, "the picture's number of pixels", (pixels, 1, most), advice));
        }
        Ok(())
    }

    /// The header, where its picture is within the bounds.
    fn checked(&self, header: Header) -> Result<Header> {
        if let Header::Picture(info) = header {
            self.check_size(info)?;
        }
        Ok(header)
    }

    /// Most frames of a stream.
    pub const fn frames_max(&self) -> u32 {
        self.limits.frames
    }

    /// Number and bytes of the frames that were given and one more.
    pub fn check_frames(&self) -> Result<()> {
        let (frames, most) = (u64::from(self.frames).saturating_add(1), u64::from(self.limits.frames));
        let advice = "decode a shorter animation";
        if frames > most {
            return Err(DecodeError::range(ErrorCode::TooManyFrames, "the number of frames", (frames, 1, most), advice));
        }
        let (bytes, most) = (frames.saturating_mul(self.canvas_bytes()), self.limits.decoded_bytes);
        if bytes > most {
            return Err(DecodeError::range(ErrorCode::DecodedTooLarge, "the bytes of all frames", (bytes, 1, most), advice));
        }
        Ok(())
    }

    /// Charges the canvas and so many bytes of what a disposal puts back.
    pub fn charge(&mut self, saved_bytes: u64) -> Result<()> {
        let beside = self.canvas_bytes().saturating_add(saved_bytes);
        self.charge.resize((self.bytes.len() as u64).saturating_add(beside))?;
        self.beside = beside;
        Ok(())
    }

    /// The stream from a place on, and who holds memory beside it.
    pub fn rest(&mut self, at: usize) -> (&[u8], Holder<'_>) {
        let Self { bytes, charge, beside, .. } = self;
        (bytes.get(at..).unwrap_or_default(), Holder { charge, beside, length: bytes.len() as u64 })
    }

    /// Bytes of the whole picture.
    pub fn canvas_bytes(&self) -> u64 {
        self.info.map_or(0, |Info { width, height }| {
            u64::from(width).saturating_mul(u64::from(height)).saturating_mul(u64::from(DECODE_PIXEL_BYTES))
        })
    }

    /// Makes room for further bytes in whole steps, so that what is not charged is bounded and small chunks are not moved each time.
    fn reserve(&mut self, count: usize) -> core::result::Result<(), TryReserveError> {
        let length = self.bytes.len().saturating_add(count);
        if length <= self.bytes.capacity() {
            return Ok(());
        }
        let room = length.checked_next_multiple_of(STEP_BYTES).unwrap_or(length);
        self.bytes.try_reserve_exact(room.saturating_sub(self.bytes.len()))
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        let length = (self.bytes.len() as u64).saturating_add(bytes.len() as u64);
        let most = u64::from(self.limits.input_bytes);
        if length > most {
            let advice = "decode a smaller file";
            return Err(DecodeError::range(ErrorCode::OversizedInput, "the stream's length, in bytes,", (length, 0, most), advice));
        }
        self.charge.resize(length.saturating_add(self.beside))?;
        if self.reserve(bytes.len()).is_err() {
            let before = self.bytes.len() as u64;
            self.charge.resize(before.saturating_add(self.beside))?;
            return Err(crate::budget::out_of_memory(length, before));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// A decoder of one format.
#[derive(Debug)]
pub struct Puller<F> {
    source: Source,
    format: F,
    cancelled: bool,
    failed: Option<DecodeError>,
}

impl<F: Format> Puller<F> {
    /// A decoder of this client, before the first byte.
    pub fn new(client: &Client) -> Self {
        let (limits, charge) = (client.limits().clone(), Charge::none(client.budget().clone()));
        let format = F::new(&limits);
        let source = Source { bytes: Vec::new(), limits, charge, beside: 0, ended: false, info: None, header: None, frames: 0 };
        Self { source, format, cancelled: false, failed: None }
    }

    fn check_live(&self) -> Result<()> {
        let cancelled = DecodeError::plain(ErrorCode::DecodeCancelled, "the decoder was cancelled", "open another one");
        if self.cancelled { Err(cancelled) } else { Ok(()) }
    }

    fn pull(&mut self) -> core::result::Result<Found, Halt> {
        if self.source.header.is_none() {
            let header = self.source.checked(self.format.header(&self.source.bytes)?)?;
            self.source.header = Some(header);
            if let Header::Picture(info) = header {
                self.source.info = Some(info);
            }
        }
        self.format.next(&mut self.source)
    }

    /// What missing bytes mean.
    fn missing(&self) -> Result<()> {
        let advice = "give the stream whole";
        let truncated = DecodeError::plain(ErrorCode::TruncatedMedia, "the stream ends here, and its format goes on", advice);
        if self.source.ended { Err(truncated.at(self.source.bytes.len())) } else { Ok(()) }
    }
}

impl<F: Format> Decoder for Puller<F> {
    fn codec(&self) -> CodecId {
        F::CODEC
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        self.check_live()?;
        if self.source.ended {
            return Err(DecodeError::plain(ErrorCode::InputEnded, "the end of the stream was told before", "open another decoder"));
        }
        self.source.feed(bytes)
    }

    fn end(&mut self) -> Result<()> {
        self.check_live()?;
        self.source.ended = true;
        Ok(())
    }

    fn info(&self) -> Result<Option<Header>> {
        self.check_live()?;
        match F::info(&self.source.bytes) {
            Ok(header) => self.source.checked(header).map(Some),
            Err(Halt::NeedInput) => self.missing().map(|()| None),
            Err(Halt::Fault(error)) => Err(error),
        }
    }

    fn next(&mut self) -> Result<Pull<'_>> {
        self.check_live()?;
        if let Some(error) = self.failed {
            return Err(error);
        }
        let found = match self.pull() {
            Ok(found) => Ok(Some(found)),
            Err(Halt::NeedInput) => self.missing().map(|()| None),
            Err(Halt::Fault(error)) => Err(error),
        };
        self.failed = found.as_ref().err().copied();
        let number = self.source.frames;
        match (found?, self.source.header) {
            (Some(Found::Frame(delay)), Some(Header::Picture(Info { width, height }))) => {
                self.source.frames = number.saturating_add(1);
                let (format, color) = (PixelFormat::Bgra8888, ColorSpace::Srgb);
                let (stride, pixels) = (width.saturating_mul(DECODE_PIXEL_BYTES), self.format.pixels());
                Ok(Pull::Packet(MediaPacket::VideoFrame(VideoFrame { number, width, height, stride, format, color, delay, pixels })))
            }
            (Some(Found::Samples), Some(Header::Sound(sound))) => {
                self.source.frames = number.saturating_add(1);
                let samples = self.format.samples();
                let (rate_hz, channels, format) = (sound.rate_hz, sound.channels, SampleFormat::S16le);
                Ok(Pull::Packet(MediaPacket::Pcm(Pcm { number, rate_hz, channels, format, samples })))
            }
            (Some(Found::End(plays)), _) => Ok(Pull::Ended { packets: number, plays }),
            (Some(Found::Frame(_) | Found::Samples) | None, _) => Ok(Pull::NeedInput),
        }
    }

    fn rewind(&mut self) -> Result<()> {
        self.check_live()?;
        self.format.rewind();
        (self.source.frames, self.failed) = (0, None);
        if self.source.beside > 0 {
            // Less than before always fits.
            self.source.charge(0)?;
        }
        Ok(())
    }

    fn cancel(&mut self) {
        self.cancelled = true;
        self.failed = None;
        (self.source.bytes, self.source.beside, self.format) = (Vec::new(), 0, F::default());
        // Nothing always fits.
        let _ = self.source.charge.resize(0);
    }
}
