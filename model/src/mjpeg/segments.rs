//! Markers and segments, and what the frame header says.

use super::WRONG;
use crate::decode::{Reader, Stop};
use spec::ErrorCode;
use spec::mjpeg::{MJPEG_RESTARTS_MAX, MJPEG_SCANS_MAX};

const UNSUPPORTED: Stop = Stop::Wrong(ErrorCode::UnsupportedMedia);

/// A component, as the frame header says it.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub id: u8,
    pub h: usize,
    pub v: usize,
    pub steps: usize,
    /// Columns and rows of its blocks, in whole units.
    pub columns: usize,
    pub rows: usize,
}

/// The frame header.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub progressive: bool,
    pub width: u32,
    pub height: u32,
    pub components: Vec<Component>,
}

impl Header {
    /// The largest sampling factors.
    pub fn largest(&self) -> (usize, usize) {
        let h = self.components.iter().map(|component| component.h).max();
        (h.unwrap_or(1), self.components.iter().map(|component| component.v).max().unwrap_or(1))
    }
}

/// The next marker.
fn marker(reader: &mut Reader<'_>) -> Result<u8, Stop> {
    // MJPEG-004
    if reader.byte()? != 0xff {
        return Err(WRONG);
    }
    loop {
        match reader.byte()? {
            0xff => {}
            0xd0..=0xd8 => return Err(WRONG),
            marker @ 0xc0.. => return Ok(marker),
            _ => return Err(WRONG),
        }
    }
}

/// The first marker.
fn start(reader: &mut Reader<'_>) -> Result<(), Stop> {
    if reader.take(2)? == [0xff, 0xd8] { Ok(()) } else { Err(WRONG) }
}

/// The content of a segment.
fn content<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Stop> {
    let length = reader.take(2)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    // MJPEG-004
    reader.take(length.checked_sub(2).ok_or(WRONG)?)
}

/// The data of a scan; the reader is then at the marker behind it. Also how many restart markers they have.
fn data<'a>(reader: &mut Reader<'a>, restarts: &mut u32) -> Result<&'a [u8], Stop> {
    let start = reader.at;
    loop {
        if reader.byte()? != 0xff {
            continue;
        }
        let before = reader.at - 1;
        let mut next = reader.byte()?;
        while next == 0xff {
            next = reader.byte()?;
        }
        match next {
            0 => {}
            0xd0..=0xd7 => {
                *restarts += 1;
                // MJPEG-011
                if *restarts > MJPEG_RESTARTS_MAX {
                    return Err(ErrorCode::TooManyRestarts.into());
                }
            }
            _ => {
                reader.at = before;
                return Ok(&reader.bytes[start..before]);
            }
        }
    }
}

/// A segment, and the data behind it where it is a scan's.
pub(super) struct Segment<'a> {
    pub marker: u8,
    pub content: &'a [u8],
    pub data: &'a [u8],
}

/// All segments of a picture up to its end, and where that is.
fn walk<'a>(frame: &'a [u8], each: &mut dyn FnMut(Segment<'a>) -> Result<(), Stop>) -> Result<usize, Stop> {
    let mut reader = Reader { bytes: frame, at: 0 };
    start(&mut reader)?;
    let (mut scans, mut restarts) = (0, 0);
    loop {
        let marker = marker(&mut reader)?;
        if marker == 0xd9 {
            return Ok(reader.at);
        }
        scans += u32::from(marker == 0xda);
        // MJPEG-011
        if scans > MJPEG_SCANS_MAX {
            return Err(ErrorCode::TooManyScans.into());
        }
        let content = content(&mut reader)?;
        let data = if marker == 0xda { data(&mut reader, &mut restarts)? } else { &[] };
        each(Segment { marker, content, data })?;
    }
}

/// The length of a picture, from its first marker to its end.
pub(super) fn length(frame: &[u8]) -> Result<usize, Stop> {
    walk(frame, &mut |_| Ok(()))
}

/// The segments of a picture that is whole.
pub(super) fn all(frame: &[u8]) -> Result<Vec<Segment<'_>>, Stop> {
    let mut all = Vec::new();
    walk(frame, &mut |segment| {
        all.push(segment);
        Ok(())
    })?;
    Ok(all)
}

/// How many components the first scan of a whole picture says it has.
pub(super) fn components_of_first_scan(frame: &[u8]) -> usize {
    let segments = all(frame).unwrap_or_default();
    let scan = segments.iter().find(|segment| segment.marker == 0xda);
    scan.and_then(|scan| scan.content.first()).map_or(0, |count| usize::from(*count))
}

/// Whether this marker begins a frame header.
pub(super) fn is_header(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && marker != 0xc4 && marker != 0xcc
}

/// The frame header, which comes before any scan.
pub(super) fn header(frame: &[u8]) -> Result<Header, Stop> {
    let mut reader = Reader { bytes: frame, at: 0 };
    start(&mut reader)?;
    loop {
        match marker(&mut reader)? {
            0xda | 0xd9 => return Err(WRONG),
            marker if is_header(marker) => return parse(marker, content(&mut reader)?),
            _ => {
                content(&mut reader)?;
            }
        }
    }
}

fn parse(marker: u8, content: &[u8]) -> Result<Header, Stop> {
    // MJPEG-004
    if marker > 0xc2 {
        return Err(UNSUPPORTED);
    }
    let [precision, y1, y0, x1, x0, count, named @ ..] = content else { return Err(WRONG) };
    let (width, height) = (u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0]));
    if *precision != 8 || height == 0 || ![1, 3].contains(count) {
        return Err(UNSUPPORTED);
    }
    if width == 0 || named.len() != 3 * usize::from(*count) {
        return Err(WRONG);
    }
    let mut components: Vec<Component> = Vec::new();
    for named in named.chunks(3) {
        let (h, v) = (usize::from(named[1] >> 4), usize::from(named[1] & 15));
        let again = components.iter().any(|component| component.id == named[0]);
        if !(1..=4).contains(&h) || !(1..=4).contains(&v) || named[2] > 3 || again {
            return Err(WRONG);
        }
        components.push(Component { id: named[0], h, v, steps: named[2].into(), columns: 0, rows: 0 });
    }
    if let [component] = &mut components[..] {
        (component.h, component.v) = (1, 1);
    }
    let mut header = Header { progressive: marker == 0xc2, width: width.into(), height: height.into(), components };
    let (h_most, v_most) = header.largest();
    if header.components.iter().any(|component| h_most % component.h > 0 || v_most % component.v > 0) {
        return Err(UNSUPPORTED);
    }
    for component in &mut header.components {
        component.columns = usize::from(width).div_ceil(8 * h_most) * component.h;
        component.rows = usize::from(height).div_ceil(8 * v_most) * component.v;
    }
    Ok(header)
}
