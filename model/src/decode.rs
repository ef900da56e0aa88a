//! What the models of decoders have in common: the stream so far, the canvas, and what is counted.

use spec::decode::{Delay, Limits, Obs, Op, Pixels};
use spec::devices::Blob;
use spec::gif::{
    DECODE_FRAMES_MAX, DECODE_INPUT_BYTES_MAX, DECODE_MEMORY_BYTES_MAX, DECODE_PIXEL_BYTES, DECODE_PIXELS_MAX, DECODE_SIDE_MAX,
    DECODE_TOTAL_BYTES_MAX,
};
use spec::media_types::CodecId;
use spec::{ErrorCode, Failure, Machine};

/// A model of a decoder whose packets can be looked at, whatever its format.
pub trait Shown {
    /// What [`Machine::reset`] says.
    ///
    /// # Errors
    /// What that method's are: a model has none.
    fn open(&mut self, limits: &Limits) -> Result<Result<(), ErrorCode>, Failure>;

    /// What [`Machine::step`] says.
    ///
    /// # Errors
    /// What that method's are: a model has none.
    fn ask(&mut self, op: &Op) -> Result<Obs, Failure>;

    /// The bytes of the packet that was given last: pixels as [`Obs::Frame`] has them, or samples as [`Obs::Pcm`] has them.
    fn shown(&self) -> Vec<u8>;
}

macro_rules! shown {
    ($($contract:ty => $model:ty,)*) => {
        $(impl Shown for $model {
            fn open(&mut self, limits: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
                Machine::<$contract>::reset(self, limits)
            }

            fn ask(&mut self, op: &Op) -> Result<Obs, Failure> {
                Machine::<$contract>::step(self, op)
            }

            fn shown(&self) -> Vec<u8> {
                self.packet()
            }
        })*
    };
}

shown! {
    spec::gif::Gif => crate::gif::GifModel,
    spec::apng::Apng => crate::apng::ApngModel,
    spec::mjpeg::Mjpeg => crate::mjpeg::MjpegModel,
    spec::vorbis::Vorbis => crate::vorbis::VorbisModel,
    spec::wav_stream::WavStream => crate::wav_stream::WavStreamModel,
}

/// The model of a codec's decoder.
pub fn decoder(codec: CodecId) -> Box<dyn Shown> {
    match codec {
        CodecId::Wav => Box::<crate::wav_stream::WavStreamModel>::default(),
        CodecId::Vorbis => Box::<crate::vorbis::VorbisModel>::default(),
        CodecId::Gif => Box::<crate::gif::GifModel>::default(),
        CodecId::Apng => Box::<crate::apng::ApngModel>::default(),
        CodecId::Mjpeg => Box::<crate::mjpeg::MjpegModel>::default(),
    }
}

/// Why nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Bytes are missing.
    NeedInput,
    /// This is wrong.
    Wrong(ErrorCode),
}

impl From<ErrorCode> for Stop {
    fn from(code: ErrorCode) -> Self {
        Self::Wrong(code)
    }
}

/// The bytes of a stream from a place on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Stop> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..count)).ok_or(Stop::NeedInput)?;
        self.at += count;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, Stop> {
        self.take(1).map(|bytes| bytes[0])
    }
}

/// A part of the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rect {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Rect {
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    pub fn lies_in(self, width: u32, height: u32) -> bool {
        u64::from(self.left) + u64::from(self.width) <= width.into() && u64::from(self.top) + u64::from(self.height) <= height.into()
    }
}

/// Blue, green, red, alpha.
pub(crate) type Pixel = [u8; 4];

/// What becomes of a frame before the next one is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Disposal {
    #[default]
    Keep,
    Clear(Rect),
    /// The whole canvas as it was.
    Restore(Vec<Pixel>),
}

/// What was played since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Played {
    /// Where the next block begins; 0 is the start of the stream.
    pub at: usize,
    /// Frames that were given.
    pub frames: u32,
    /// How often to play; what the stream has said so far.
    pub plays: Option<u32>,
    pub width: u32,
    pub height: u32,
    pub canvas: Vec<Pixel>,
    pub disposal: Disposal,
    /// Bytes that are charged for what disposal puts back.
    pub saved_bytes: u64,
    /// What else a format has to remember.
    pub sequence: u32,
}

impl Played {
    pub fn dispose(&mut self) {
        match std::mem::take(&mut self.disposal) {
            Disposal::Keep => {}
            Disposal::Clear(rect) => self.each(rect, |_, _| [0; 4]),
            Disposal::Restore(canvas) => self.canvas = canvas,
        }
    }

    /// Changes every pixel of a part: by its place in the part, and what it was.
    pub fn each(&mut self, rect: Rect, new: impl Fn(usize, Pixel) -> Pixel) {
        for y in 0..rect.height {
            for x in 0..rect.width {
                let place = ((rect.top + y) * self.width + rect.left + x) as usize;
                self.canvas[place] = new((y * rect.width + x) as usize, self.canvas[place]);
            }
        }
    }
}

/// What next found.
pub(crate) enum Packet {
    Frame(Delay),
    End,
}

/// A format's own part.
pub(crate) trait Format {
    /// Width and height, from the start of the stream.
    fn info(stream: Reader<'_>) -> Result<(u32, u32), Stop>;

    /// Draws the next frame. Where bytes are missing nothing has changed.
    fn next(stream: &Stream, played: &mut Played, held: &mut Held) -> Result<Packet, Stop>;
}

/// The memory that is charged beside the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub canvas_bytes: u64,
    pub saved_bytes: u64,
}

/// A stream so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stream {
    pub limits: Limits,
    pub bytes: Vec<u8>,
    pub ended: bool,
}

impl Stream {
    /// Side and pixels.
    pub fn check_size(width: u32, height: u32, pixels: u32) -> Result<(), ErrorCode> {
        let fits = width.max(height) <= DECODE_SIDE_MAX && u64::from(width) * u64::from(height) <= u64::from(pixels);
        if fits { Ok(()) } else { Err(ErrorCode::PictureTooLarge) }
    }

    /// Number and bytes of frames, one more included.
    pub fn check_frames(&self, played: &Played) -> Result<(), ErrorCode> {
        let frames = u64::from(played.frames) + 1;
        if frames > u64::from(self.limits.frames) {
            return Err(ErrorCode::TooManyFrames);
        }
        let bytes = canvas_bytes(played.width, played.height);
        if frames * bytes > self.limits.decoded_bytes { Err(ErrorCode::DecodedTooLarge) } else { Ok(()) }
    }

    /// Charges a canvas, and so many bytes of what disposal puts back.
    pub fn charge(&self, held: &mut Held, played: &Played, saved_bytes: u64) -> Result<(), ErrorCode> {
        let canvas_bytes = canvas_bytes(played.width, played.height);
        if self.bytes.len() as u64 + canvas_bytes + saved_bytes > self.limits.memory_bytes {
            return Err(ErrorCode::DecodeMemoryExceeded);
        }
        *held = Held { canvas_bytes, saved_bytes };
        Ok(())
    }
}

fn canvas_bytes(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height) * u64::from(DECODE_PIXEL_BYTES)
}

/// A decoder: operations in, observations out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decoder {
    stream: Stream,
    held: Held,
    played: Played,
    failed: Option<ErrorCode>,
    cancelled: bool,
}

impl Decoder {
    pub fn open(limits: &Limits) -> Result<Self, ErrorCode> {
        let within = (1..=DECODE_INPUT_BYTES_MAX).contains(&limits.input_bytes)
            && (1..=DECODE_PIXELS_MAX).contains(&limits.pixels)
            && (1..=DECODE_FRAMES_MAX).contains(&limits.frames)
            && (1..=DECODE_TOTAL_BYTES_MAX).contains(&limits.decoded_bytes)
            && (1..=DECODE_MEMORY_BYTES_MAX).contains(&limits.memory_bytes);
        let stream = Stream { limits: limits.clone(), ..Stream::default() };
        if within { Ok(Self { stream, ..Self::default() }) } else { Err(ErrorCode::OutOfRange) }
    }

    pub fn answer<F: Format>(&mut self, op: &Op) -> Result<Obs, ErrorCode> {
        if self.cancelled && *op != Op::Cancel {
            return Err(ErrorCode::DecodeCancelled);
        }
        match op {
            Op::Feed(Blob(bytes)) => self.feed(bytes.len() as u64, || bytes.clone()),
            Op::FeedZeros(count) => self.feed(u64::from(*count), || vec![0; *count as usize]),
            Op::End => {
                self.stream.ended = true;
                Ok(Obs::Done)
            }
            Op::Info => {
                let reader = Reader { bytes: &self.stream.bytes, at: 0 };
                let size = F::info(reader).and_then(|(width, height)| {
                    Stream::check_size(width, height, self.stream.limits.pixels)?;
                    Ok(Obs::Info { width, height })
                });
                size.or_else(|stop| self.stopped(stop))
            }
            Op::Next => self.next::<F>(),
            Op::Rewind => {
                (self.played, self.failed, self.held.saved_bytes) = (Played::default(), None, 0);
                Ok(Obs::Done)
            }
            Op::Cancel => {
                *self = Self { cancelled: true, ..Self::default() };
                Ok(Obs::Done)
            }
        }
    }

    /// The canvas, as the last frame shows it.
    pub fn canvas(&self) -> Vec<u8> {
        self.played.canvas.concat()
    }

    fn feed(&mut self, count: u64, bytes: impl FnOnce() -> Vec<u8>) -> Result<Obs, ErrorCode> {
        if self.stream.ended {
            return Err(ErrorCode::InputEnded);
        }
        let length = self.stream.bytes.len() as u64 + count;
        if length > u64::from(self.stream.limits.input_bytes) {
            return Err(ErrorCode::OversizedInput);
        }
        if length + self.held.canvas_bytes + self.held.saved_bytes > self.stream.limits.memory_bytes {
            return Err(ErrorCode::DecodeMemoryExceeded);
        }
        self.stream.bytes.extend(bytes());
        Ok(Obs::Done)
    }

    fn next<F: Format>(&mut self) -> Result<Obs, ErrorCode> {
        if let Some(code) = self.failed {
            return Err(code);
        }
        let found = F::next(&self.stream, &mut self.played, &mut self.held);
        let obs = match found {
            Ok(Packet::End) => Ok(Obs::Ended { frames: self.played.frames, plays: self.played.plays.unwrap_or(1) }),
            Ok(Packet::Frame(delay)) => {
                let frame = self.played.frames;
                self.played.frames += 1;
                Ok(Obs::Frame { frame, delay, pixels: Pixels::of(&self.played.canvas.concat()) })
            }
            Err(stop) => self.stopped(stop),
        };
        self.failed = obs.as_ref().err().copied();
        obs
    }

    fn stopped(&self, stop: Stop) -> Result<Obs, ErrorCode> {
        match stop {
            Stop::NeedInput if self.stream.ended => Err(ErrorCode::TruncatedMedia),
            Stop::NeedInput => Ok(Obs::NeedInput),
            Stop::Wrong(code) => Err(code),
        }
    }
}
