//! The reference model of the contract `mjpeg`: part by part, bit by bit, sample by sample.

mod multipart;
mod picture;
mod samples;
mod scan;
mod segments;

use crate::decode::{Decoder, Format, Held, Packet, Played, Reader, Stop, Stream};
use multipart::Place;
use spec::ErrorCode;
use spec::decode::{Delay, Limits, Obs, Op};
use spec::mjpeg::{MJPEG_COEFFICIENT_BYTES, MJPEG_DELAY_DENOMINATOR, MJPEG_EXPANSION_MAX, Mjpeg};
use spec::{Failure, Machine};

/// The model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MjpegModel(Decoder);

pub(crate) use MjpegModel as Model;

const WRONG: Stop = Stop::Wrong(ErrorCode::MalformedMedia);

struct Frames;

impl Format for Frames {
    fn info(reader: Reader<'_>) -> Result<(u32, u32), Stop> {
        match multipart::first(reader.bytes)? {
            // MJPEG-001
            Place::Open(start) => segments::header(&reader.bytes[start..]).map(|header| (header.width, header.height)),
            Place::Part(start, end) => cut(segments::header(&reader.bytes[start..end])).map(|header| (header.width, header.height)),
            Place::End => Err(WRONG),
        }
    }

    fn next(stream: &Stream, played: &mut Played, held: &mut Held) -> Result<Packet, Stop> {
        let first = Self::info(Reader { bytes: &stream.bytes, at: 0 })?;
        // MJPEG-011
        Stream::check_size(first.0, first.1, stream.limits.pixels)?;
        (played.width, played.height) = first;
        let place = if played.at == 0 { multipart::first(&stream.bytes) } else { multipart::next(stream, played.at) }?;
        let (frame, header, behind) = match place {
            Place::End => {
                played.plays = Some(1);
                return Ok(Packet::End);
            }
            Place::Open(start) => {
                let header = segments::header(&stream.bytes[start..])?;
                let end = start + segments::length(&stream.bytes[start..])?;
                (&stream.bytes[start..end], header, end)
            }
            Place::Part(start, end) => {
                let header = cut(segments::header(&stream.bytes[start..end]))?;
                let length = cut(segments::length(&stream.bytes[start..end]))?;
                (&stream.bytes[start..start + length], header, end)
            }
        };
        // MJPEG-002
        if (header.width, header.height) != first {
            return Err(WRONG);
        }
        // MJPEG-011
        stream.check_frames(played)?;
        if u64::from(header.width) * u64::from(header.height) > frame.len() as u64 * u64::from(MJPEG_EXPANSION_MAX) {
            return Err(ErrorCode::ExpansionTooLarge.into());
        }
        // MJPEG-012
        let kept = header.progressive || segments::components_of_first_scan(frame) != header.components.len();
        let coefficients: usize = header.components.iter().map(|component| component.columns * component.rows * 64).sum();
        let kept_bytes = if kept { coefficients as u64 * u64::from(MJPEG_COEFFICIENT_BYTES) } else { 0 };
        stream.charge(held, played, kept_bytes)?;
        played.canvas = picture::decode(frame, header)?;
        played.at = behind;
        Ok(Packet::Frame(Delay { numerator: 0, denominator: MJPEG_DELAY_DENOMINATOR }))
    }
}

/// What is missing in a part that is whole does not come any more.
fn cut<T>(found: Result<T, Stop>) -> Result<T, Stop> {
    found.map_err(|stop| if stop == Stop::NeedInput { WRONG } else { stop })
}

impl MjpegModel {
    /// The last frame's pixels.
    pub(crate) fn packet(&self) -> Vec<u8> {
        self.0.canvas()
    }
}

impl Machine<Mjpeg> for MjpegModel {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        // MJPEG-016
        Ok(Decoder::open(config).map(|decoder| self.0 = decoder))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        // MJPEG-013, MJPEG-014, MJPEG-015, MJPEG-016: a stream is its bytes so far, whatever their chunks.
        Ok(self.0.answer::<Frames>(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
