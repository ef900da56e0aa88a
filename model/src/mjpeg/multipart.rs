//! Where the next picture lies: behind the one before, or in a part of a multipart body.

use super::WRONG;
use crate::decode::{Reader, Stop, Stream};
use spec::ErrorCode;
use spec::gif::DECODE_INPUT_BYTES_MAX;
use spec::mjpeg::{MJPEG_BOUNDARY_BYTES_MAX, MJPEG_PART_HEADER_BYTES_MAX};

/// Where a picture lies.
pub(super) enum Place {
    /// From here on.
    Open(usize),
    /// From here to there.
    Part(usize, usize),
    /// Nowhere: the stream ends.
    End,
}

/// The first picture.
pub(super) fn first(stream: &[u8]) -> Result<Place, Stop> {
    match (Reader { bytes: stream, at: 0 }).take(2)? {
        [0xff, 0xd8] => Ok(Place::Open(0)),
        b"--" => {
            let (boundary, at) = boundary(stream)?;
            part(stream, at, boundary)
        }
        // MJPEG-001
        _ => Err(WRONG),
    }
}

/// The picture behind one that ended at `at`.
pub(super) fn next(stream: &Stream, at: usize) -> Result<Place, Stop> {
    let bytes = &stream.bytes;
    let ended = |at: usize| stream.ended && at == bytes.len();
    if bytes.starts_with(&[0xff, 0xd8]) {
        return match bytes[at..] {
            [0xff, 0xd8, ..] => Ok(Place::Open(at)),
            [] | [_] if !stream.ended => Err(Stop::NeedInput),
            _ => Ok(Place::End),
        };
    }
    if ended(at) {
        return Ok(Place::End);
    }
    // MJPEG-003
    let (boundary, _) = boundary(bytes)?;
    let mut reader = Reader { bytes, at };
    line_end(&mut reader)?;
    for expected in b"--".iter().chain(boundary) {
        if reader.byte()? != *expected {
            return Err(WRONG);
        }
    }
    let behind = reader.at;
    if reader.byte()? == b'-' {
        return if reader.byte()? == b'-' { Ok(Place::End) } else { Err(WRONG) };
    }
    reader.at = behind;
    line_end(&mut reader)?;
    if ended(reader.at) { Ok(Place::End) } else { part(bytes, reader.at, boundary) }
}

/// LF, with a CR before it or not.
fn line_end(reader: &mut Reader<'_>) -> Result<(), Stop> {
    let mut byte = reader.byte()?;
    if byte == b'\r' {
        byte = reader.byte()?;
    }
    if byte == b'\n' { Ok(()) } else { Err(WRONG) }
}

/// A line without its end, and where the next one begins; none where its end is not in these bytes.
fn line(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let length = bytes.get(at..)?.iter().position(|byte| *byte == b'\n')?;
    let line = &bytes[at..at + length];
    Some((line.strip_suffix(b"\r").unwrap_or(line), at + length + 1))
}

/// What the first line says, and where the next one begins.
fn boundary(stream: &[u8]) -> Result<(&[u8], usize), Stop> {
    let most = MJPEG_BOUNDARY_BYTES_MAX as usize;
    let start = &stream[..stream.len().min(2 + most + 2)];
    let Some((line, at)) = line(start, 0) else {
        return Err(if start.len() == 2 + most + 2 { WRONG } else { Stop::NeedInput });
    };
    let boundary = &line[2..];
    // MJPEG-003
    let right = (1..=most).contains(&boundary.len()) && boundary.iter().all(|byte| (0x21..=0x7e).contains(byte));
    if right { Ok((boundary, at)) } else { Err(WRONG) }
}

/// The part whose header begins at `at`.
fn part(stream: &[u8], at: usize, boundary: &[u8]) -> Result<Place, Stop> {
    let most = MJPEG_PART_HEADER_BYTES_MAX as usize;
    let header = &stream[at..stream.len().min(at + most)];
    let (mut lines, mut place) = (Vec::new(), 0);
    loop {
        let Some((line, behind)) = line(header, place) else {
            // MJPEG-011
            return Err(if header.len() == most { ErrorCode::PartHeaderTooLarge.into() } else { Stop::NeedInput });
        };
        place = behind;
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let start = at + place;
    let end = match length(&lines)? {
        Some(length) if stream.len() < start + length => return Err(Stop::NeedInput),
        Some(length) => start + length,
        None => {
            let delimiter = [b"\n--", boundary].concat();
            start + stream[start..].windows(delimiter.len()).position(|bytes| bytes == delimiter).ok_or(Stop::NeedInput)?
        }
    };
    Ok(Place::Part(start, end))
}

/// What header lines say of the body's length, where they say that it is a JPEG.
fn length(lines: &[&[u8]]) -> Result<Option<usize>, Stop> {
    let (mut typed, mut length) = (false, None);
    // MJPEG-003
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').filter(|colon| *colon > 0).ok_or(WRONG)?;
        let (name, value) = (&line[..colon], trimmed(&line[colon + 1..]));
        if name.eq_ignore_ascii_case(b"Content-Type") {
            let kind = trimmed(value.split(|byte| *byte == b';').next().unwrap_or_default());
            if typed {
                return Err(WRONG);
            }
            if !kind.eq_ignore_ascii_case(b"image/jpeg") && !kind.eq_ignore_ascii_case(b"image/jpg") {
                return Err(ErrorCode::UnsupportedMedia.into());
            }
            typed = true;
        }
        if name.eq_ignore_ascii_case(b"Content-Length") {
            if length.is_some() || value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
                return Err(WRONG);
            }
            let told = value.iter().fold(0_u64, |all, digit| all.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
            if told > u64::from(DECODE_INPUT_BYTES_MAX) {
                return Err(ErrorCode::OversizedInput.into());
            }
            length = Some(told as usize);
        }
    }
    if typed { Ok(length) } else { Err(WRONG) }
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
