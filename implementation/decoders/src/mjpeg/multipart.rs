//! Where the next picture lies: behind the one before, or in a part of a multipart body.

use super::malformed;
use crate::DecodeError;
use crate::reader::{Halt, Reader};
use spec::ErrorCode;
use spec::gif::DECODE_INPUT_BYTES_MAX;
use spec::mjpeg::{MJPEG_BOUNDARY_BYTES_MAX, MJPEG_PART_HEADER_BYTES_MAX};

/// What a picture begins with.
const START: [u8; 2] = [0xff, 0xd8];
/// What a delimiter begins with.
const HYPHENS: [u8; 2] = *b"--";

/// Where a picture lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// From here on.
    Open(usize),
    /// From here to there.
    Part(usize, usize),
    /// Nowhere: the stream ends.
    End,
}

/// A search for the next picture, which goes on where it stopped when there are more bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search {
    /// Where the part's content begins, and the length that its header tells.
    content: Option<(usize, Option<usize>)>,
    /// Bytes of the content in which no delimiter begins.
    seen: usize,
}

impl Search {
    /// The first picture.
    pub fn first(&mut self, stream: &[u8]) -> Result<Place, Halt> {
        match Reader::new(stream, 0).array()? {
            START => Ok(Place::Open(0)),
            HYPHENS => {
                let (boundary, at) = boundary(stream)?;
                self.part(stream, at, boundary)
            }
            _ => Err(malformed("the stream begins with neither a picture nor a boundary", 0)),
        }
    }

    /// The picture behind one that ended at `at`. `ended` says that no bytes follow.
    pub fn next(&mut self, stream: &[u8], at: usize, ended: bool) -> Result<Place, Halt> {
        let rest = stream.get(at..).unwrap_or_default();
        if stream.starts_with(&START) {
            return match rest {
                [] | [_] if !ended => Err(Halt::NeedInput),
                _ if rest.starts_with(&START) => Ok(Place::Open(at)),
                _ => Ok(Place::End),
            };
        }
        let (boundary, _) = boundary(stream)?;
        if self.content.is_some() {
            return self.part(stream, at, boundary);
        }
        if rest.is_empty() && ended {
            return Ok(Place::End);
        }
        let mut reader = Reader::new(stream, at);
        line_end(&mut reader)?;
        for expected in HYPHENS.iter().chain(boundary) {
            if reader.byte()? != *expected {
                return Err(malformed("there is no boundary behind a part", at));
            }
        }
        let behind = reader.at();
        if reader.byte()? == b'-' {
            return if reader.byte()? == b'-' { Ok(Place::End) } else { Err(malformed("a boundary goes on", behind)) };
        }
        let mut reader = Reader::new(stream, behind);
        line_end(&mut reader)?;
        if reader.at() == stream.len() && ended { Ok(Place::End) } else { self.part(stream, reader.at(), boundary) }
    }

    /// The part whose header begins at `at`, unless it was read before.
    fn part(&mut self, stream: &[u8], at: usize, boundary: &[u8]) -> Result<Place, Halt> {
        let (start, length) = match self.content {
            Some(content) => content,
            None => *self.content.insert(header(stream, at)?),
        };
        if let Some(length) = length {
            let end = start.saturating_add(length);
            return if end <= stream.len() { Ok(Place::Part(start, end)) } else { Err(Halt::NeedInput) };
        }
        loop {
            let from = start.saturating_add(self.seen);
            let rest = stream.get(from..).unwrap_or_default();
            let Some(clear) = rest.iter().position(|byte| *byte == b'\n') else {
                self.seen = self.seen.saturating_add(rest.len());
                return Err(Halt::NeedInput);
            };
            self.seen = self.seen.saturating_add(clear);
            let mut behind = rest.iter().skip(clear).skip(1);
            let mut delimiter = HYPHENS.iter().chain(boundary);
            // The first byte that is another one, or is not there yet.
            let differs = delimiter.find_map(|expected| match behind.next() {
                Some(byte) if byte == expected => None,
                other => Some(other.is_some()),
            });
            match differs {
                None => return Ok(Place::Part(start, start.saturating_add(self.seen))),
                Some(false) => return Err(Halt::NeedInput),
                Some(true) => self.seen = self.seen.saturating_add(1),
            }
        }
    }
}

/// LF, with a CR before it or not.
fn line_end(reader: &mut Reader<'_>) -> Result<(), Halt> {
    let start = reader.at();
    let byte = match reader.byte()? {
        b'\r' => reader.byte()?,
        byte => byte,
    };
    if byte == b'\n' { Ok(()) } else { Err(malformed("a line does not end", start)) }
}

/// The line from `at` on without its end, and where the next one begins; none where its end is not in these bytes.
fn line(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().position(|byte| *byte == b'\n')?;
    let line = rest.get(..length)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), at.checked_add(length)?.checked_add(1)?))
}

/// The boundary that the first line tells, and where the next line begins.
fn boundary(stream: &[u8]) -> Result<(&[u8], usize), Halt> {
    /// The longest first line: hyphens, boundary, and a line's end.
    const MOST: usize = MJPEG_BOUNDARY_BYTES_MAX as usize + 4;
    let start = stream.get(..MOST).unwrap_or(stream);
    let wrong = malformed("the boundary is not of 1 to 70 printable bytes", 0);
    let Some((line, at)) = line(start, 0) else {
        return Err(if start.len() == MOST { wrong } else { Halt::NeedInput });
    };
    let boundary = line.get(HYPHENS.len()..).unwrap_or_default();
    let right = (1..=MJPEG_BOUNDARY_BYTES_MAX as usize).contains(&boundary.len()) && boundary.iter().all(u8::is_ascii_graphic);
    if right { Ok((boundary, at)) } else { Err(wrong) }
}

/// Where the content behind a part's header begins, and its length where it is told.
fn header(stream: &[u8], at: usize) -> Result<(usize, Option<usize>), Halt> {
    const MOST: usize = MJPEG_PART_HEADER_BYTES_MAX as usize;
    let rest = stream.get(at..).unwrap_or_default();
    let rest = rest.get(..MOST).unwrap_or(rest);
    // Its end first: nothing is said of a header that is not whole.
    let mut end = 0;
    loop {
        match line(rest, end) {
            Some(([], behind)) => {
                end = behind;
                break;
            }
            Some((_, behind)) => end = behind,
            None if rest.len() < MOST => return Err(Halt::NeedInput),
            None => {
                let what = "the bytes of a part's header";
                let range = (MOST.saturating_add(1) as u64, 1, MOST as u64);
                return Err(DecodeError::range(ErrorCode::PartHeaderTooLarge, what, range, "send fewer header lines").at(at).into());
            }
        }
    }
    let (mut typed, mut length, mut place) = (false, None, 0);
    while let Some((line, behind)) = line(rest, place)
        && !line.is_empty()
    {
        let here = at.saturating_add(place);
        place = behind;
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        if name.is_empty() {
            return Err(malformed("a header line has no name", here));
        }
        let value = trimmed(value.get(1..).unwrap_or_default());
        if name.eq_ignore_ascii_case(b"content-type") {
            if typed {
                return Err(malformed("a header has two types", here));
            }
            check_type(value, here)?;
            typed = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            if length.is_some() {
                return Err(malformed("a header has two lengths", here));
            }
            length = Some(decimal(value, here)?);
        }
    }
    if typed { Ok((at.saturating_add(end), length)) } else { Err(malformed("a header has no type", at)) }
}

fn check_type(value: &[u8], at: usize) -> Result<(), Halt> {
    let kind = value.split(|byte| *byte == b';').next().unwrap_or_default();
    let kind = trimmed(kind);
    if kind.eq_ignore_ascii_case(b"image/jpeg") || kind.eq_ignore_ascii_case(b"image/jpg") {
        return Ok(());
    }
    let (what, advice) = ("a part is of another type than image/jpeg", "send JPEG pictures alone");
    Err(DecodeError::plain(ErrorCode::UnsupportedMedia, what, advice).at(at).into())
}

fn decimal(value: &[u8], at: usize) -> Result<usize, Halt> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(malformed("a part's length is no decimal number", at));
    }
    let length = value.iter().fold(0_u64, |all, digit| all.saturating_mul(10).saturating_add(u64::from(digit & 15)));
    if length > u64::from(DECODE_INPUT_BYTES_MAX) {
        let range = (length, 0, u64::from(DECODE_INPUT_BYTES_MAX));
        return Err(DecodeError::range(ErrorCode::OversizedInput, "a part's length, in bytes,", range, "send a smaller picture")
            .at(at)
            .into());
    }
    Ok(length as usize)
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
