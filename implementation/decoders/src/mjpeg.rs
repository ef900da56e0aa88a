//! JPEG pictures, one behind another or in the parts of a multipart body. What is in a picture is the package `jpeg`'s.

mod multipart;

use crate::puller::{Format, Found, Source};
use crate::reader::Halt;
use crate::{DecodeError, Header, Info, Puller};
use alloc::vec::Vec;
use jpeg::{Decoder, Fault, Walk};
use multipart::{Place, Search};
use spec::ErrorCode;
use spec::decode::Delay;
use spec::media_types::CodecId;
use spec::mjpeg::{MJPEG_DELAY_DENOMINATOR, MJPEG_EXPANSION_MAX};

/// A decoder of JPEG pictures and motion JPEG.
pub type MjpegDecoder = Puller<Frames>;

/// What is known between two frames.
#[derive(Debug, Default)]
pub struct Frames {
    /// Where the last picture, or its part, ended; 0 before the first.
    at: usize,
    /// What was found of the next picture so far.
    search: Search,
    walk: Walk,
    header: Option<jpeg::Header>,
    canvas: Vec<u8>,
    decoder: Decoder,
}

pub(crate) const fn malformed(what: &'static str, at: usize) -> Halt {
    Halt::Fault(DecodeError::plain(ErrorCode::MalformedMedia, what, "write the stream as its format says").at(at))
}

/// An error of the picture that begins at `start`.
fn error(fault: Fault, start: usize) -> DecodeError {
    let advice = match fault.code {
        ErrorCode::UnsupportedMedia => "encode the picture as baseline or progressive JPEG of 8 bits",
        ErrorCode::CorruptPixels => "encode the picture again",
        ErrorCode::TooManyScans | ErrorCode::TooManyRestarts => "encode the picture with fewer of them",
        ErrorCode::DecodeMemoryExceeded => "close other decoders, or decode a smaller picture",
        _ => "write the stream as its format says",
    };
    let error = match fault.range {
        Some(range) => DecodeError::range(fault.code, fault.what, range, advice),
        None => DecodeError::plain(fault.code, fault.what, advice),
    };
    error.at(start.saturating_add(fault.at))
}

/// What stopped the reading of a picture. Of a part, which is whole, nothing is still to come.
fn stopped(halt: jpeg::Halt, start: usize, part: bool) -> Halt {
    match halt {
        jpeg::Halt::Fault(fault) => error(fault, start).into(),
        jpeg::Halt::NeedInput if part => malformed("the part ends before its picture", start),
        jpeg::Halt::NeedInput => Halt::NeedInput,
    }
}

/// The bytes of a place.
fn bytes_of(stream: &[u8], place: Place) -> (&[u8], usize, bool) {
    match place {
        Place::Open(start) => (stream.get(start..).unwrap_or_default(), start, false),
        Place::Part(start, end) => (stream.get(start..end).unwrap_or_default(), start, true),
        Place::End => (&[], stream.len(), true),
    }
}

fn info_of(header: &jpeg::Header) -> Info {
    Info { width: header.width.into(), height: header.height.into() }
}

impl Format for Frames {
    const CODEC: CodecId = CodecId::Mjpeg;

    fn info(bytes: &[u8]) -> Result<Header, Halt> {
        let place = Search::default().first(bytes)?;
        let (picture, start, part) = bytes_of(bytes, place);
        jpeg::header(picture).map(|header| Header::Picture(info_of(&header))).map_err(|halt| stopped(halt, start, part))
    }

    fn header(&mut self, bytes: &[u8]) -> Result<Header, Halt> {
        let place = self.search.first(bytes)?;
        let (picture, start, part) = bytes_of(bytes, place);
        let header = jpeg::header(picture).map_err(|halt| stopped(halt, start, part))?;
        Ok(Header::Picture(info_of(self.header.insert(header))))
    }

    fn next(&mut self, source: &mut Source) -> Result<Found, Halt> {
        let place =
            if self.at == 0 { self.search.first(&source.bytes)? } else { self.search.next(&source.bytes, self.at, source.ended)? };
        let (picture, start, part) = bytes_of(&source.bytes, place);
        let behind_part = match place {
            Place::End => return Ok(Found::End(1)),
            Place::Part(_, end) => Some(end),
            Place::Open(_) => None,
        };
        let header = match self.header {
            Some(header) => header,
            None => *self.header.insert(jpeg::header(picture).map_err(|halt| stopped(halt, start, part))?),
        };
        let length = self.walk.length(picture).map_err(|halt| stopped(halt, start, part))?;
        let info = source.info.ok_or(Halt::NeedInput)?;
        if info_of(&header) != info {
            return Err(malformed("the picture has another size than the first one", start));
        }
        source.check_frames()?;
        check_expansion(info, length, start)?;
        let first_scan = self.walk.first_scan();
        let kept = Decoder::kept_bytes(&header, first_scan);
        if kept == 0 {
            self.decoder.forget();
        }
        source.charge(kept)?;
        if self.canvas.is_empty() {
            self.canvas = crate::canvas::zeros(source.canvas_bytes())?;
        }
        let end = start.saturating_add(length);
        let whole = source.bytes.get(start..end).ok_or(Halt::NeedInput)?;
        self.decoder.decode(whole, &header, first_scan, &mut self.canvas).map_err(|fault| error(fault, start))?;
        (self.at, self.search, self.walk, self.header) = (behind_part.unwrap_or(end), Search::default(), Walk::default(), None);
        Ok(Found::Frame(Delay { numerator: 0, denominator: MJPEG_DELAY_DENOMINATOR }))
    }

    fn pixels(&self) -> &[u8] {
        &self.canvas
    }

    fn rewind(&mut self) {
        self.decoder.forget();
        (self.at, self.search, self.walk, self.header) = (0, Search::default(), Walk::default(), None);
    }
}

fn check_expansion(info: Info, length: usize, at: usize) -> Result<(), Halt> {
    let (pixels, most) =
        (u64::from(info.width).saturating_mul(info.height.into()), (length as u64).saturating_mul(MJPEG_EXPANSION_MAX.into()));
    if pixels <= most {
        return Ok(());
    }
    let advice = "this picture can't hold the pixels that it claims";
    Err(DecodeError::range(ErrorCode::ExpansionTooLarge, "the picture's number of pixels", (pixels, 1, most), advice).at(at).into())
}
