//! The chunks of a stream: their order, their content, and what they say of frames.

use super::malformed;
use super::samples::Form;
use crate::DecodeError;
use crate::canvas::{Disposal, Rect};
use crate::reader::{Halt, Reader};
use spec::ErrorCode;
use spec::apng::{APNG_CHUNK_BYTES_MAX, APNG_DELAY_DENOMINATOR, APNG_HEADER_BYTES};
use spec::decode::Delay;

/// Data of which frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of the picture, IDAT.
    Picture,
    /// Of a later frame, fdAT.
    Later,
}

/// A frame's place, and how it is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub rect: Rect,
    pub delay: Delay,
    pub disposal: Disposal,
    /// Whether it is blended over what is there.
    pub blend: bool,
}

/// Data chunks one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub kind: Kind,
    /// Where the first one begins and the last one ends.
    pub start: usize,
    pub end: usize,
    /// Bytes of data in them.
    pub bytes: u64,
    /// Whose they are; nobody's for a picture that is no frame of its animation.
    pub control: Option<Control>,
}

/// What the chunks so far have said.
#[derive(Debug)]
pub(super) struct Seen {
    pub form: Form,
    /// Where the next chunk begins.
    at: usize,
    /// Frames and plays, of an animation.
    animation: Option<(u32, u32)>,
    /// A control that has no data yet.
    control: Option<Control>,
    /// The sequence number that comes next.
    sequence: u32,
    /// Frames whose control was read.
    frames: u32,
    /// Whether IDAT was there.
    picture: bool,
    /// Data that may go on.
    run: Option<Run>,
}

/// The letters and the content of the chunk at the reader, whose CRC is right.
pub(super) fn checked<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Halt> {
    let mut covered = *reader;
    let start = covered.at();
    let (name, content) = content(reader)?;
    // The CRC is of letters and content, which are there.
    covered.take(4)?;
    let crc = crc32fast::hash(covered.take(content.len().saturating_add(4))?);
    if u32::from_be_bytes(covered.array()?) != crc {
        let (what, advice) = ("a chunk's CRC is not that of its bytes", "the stream was damaged: fetch it again");
        return Err(DecodeError::plain(ErrorCode::CorruptChecksum, what, advice).at(start).into());
    }
    Ok((name, content))
}

/// The letters and the content of the chunk at the reader; behind them its CRC is there, and has not been looked at.
pub(super) fn content<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Halt> {
    let start = reader.at();
    let length = u32::from_be_bytes(reader.array()?);
    let name: [u8; 4] = reader.array()?;
    if length > APNG_CHUNK_BYTES_MAX {
        return Err(malformed("a chunk is longer than 2^31 - 1 bytes", start));
    }
    if !name.iter().all(u8::is_ascii_alphabetic) {
        return Err(malformed("a chunk's name is not of four letters", start));
    }
    let content = reader.take(length as usize)?;
    reader.take(4)?;
    Ok((name, content))
}

/// Reads signature and header.
pub(super) fn header(bytes: &[u8]) -> Result<Form, Halt> {
    let mut reader = Reader::new(bytes, 0);
    let whole: [u8; APNG_HEADER_BYTES as usize] = reader.array()?;
    if !whole.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") {
        return Err(malformed("the stream does not begin with PNG's signature and header", 0));
    }
    let (_, content) = checked(&mut Reader::new(bytes, 8))?;
    let mut reader = Reader::new(content, 0);
    let (width, height) = (u32::from_be_bytes(reader.array()?), u32::from_be_bytes(reader.array()?));
    let [depth, color, methods @ ..] = reader.array::<5>()?;
    let sides = 1..=APNG_CHUNK_BYTES_MAX;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(malformed("a side of the picture is 0, or above 2^31 - 1", 16));
    }
    let interlaced = match methods {
        [0, 0, 0] => false,
        [0, 0, 1] => true,
        _ => return Err(malformed("a method of compression, filters or interlacing is none that the format has", 26)),
    };
    Form::new(width, height, depth, color, interlaced).ok_or(malformed("colour type and bit depth don't belong together", 24))
}

impl Seen {
    pub fn new(form: Form) -> Self {
        let at = APNG_HEADER_BYTES as usize;
        Self { form, at, animation: None, control: None, sequence: 0, frames: 0, picture: false, run: None }
    }

    /// Goes on with a run of data, where one has begun or begins; gives it when the chunk behind it is there.
    pub fn run(&mut self, stream: &[u8]) -> Result<Option<Run>, Halt> {
        loop {
            let mut ahead = Reader::new(stream, self.at);
            let [_, _, _, _, name @ ..] = ahead.array::<8>()?;
            let kind = match &name {
                b"IDAT" => Some(Kind::Picture),
                b"fdAT" if self.animation.is_some() => Some(Kind::Later),
                _ => None,
            };
            if let Some(run) = self.run.filter(|run| kind != Some(run.kind)) {
                self.run = None;
                return Ok(Some(run));
            }
            let Some(kind) = kind else { return Ok(None) };
            let mut reader = Reader::new(stream, self.at);
            let (_, content) = checked(&mut reader)?;
            if self.run.is_none() {
                self.run = Some(self.begin(kind)?);
            }
            let mut length = content.len();
            if kind == Kind::Later {
                self.in_sequence(content)?;
                length = length.saturating_sub(4);
            }
            if let Some(run) = &mut self.run {
                (run.end, run.bytes) = (reader.at(), run.bytes.saturating_add(length as u64));
            }
            self.at = reader.at();
        }
    }

    fn begin(&mut self, kind: Kind) -> Result<Run, Halt> {
        let wrong = |what| Err(malformed(what, self.at));
        match kind {
            Kind::Picture if self.picture => return wrong("IDAT chunks don't follow each other"),
            Kind::Picture if self.form.lacks_palette() => return wrong("the palette does not come before IDAT"),
            Kind::Later if !self.picture => return wrong("fdAT comes before IDAT"),
            Kind::Later if self.control.is_none() => return wrong("fdAT comes without a control before it"),
            Kind::Picture | Kind::Later => {}
        }
        self.picture = true;
        let mut control = self.control.take();
        if control.is_none() && self.animation.is_none() {
            // A picture alone is its only frame.
            self.frames = 1;
            let delay = Delay { numerator: 0, denominator: APNG_DELAY_DENOMINATOR };
            control = Some(Control { rect: self.whole(), delay, disposal: Disposal::Keep, blend: false });
        }
        Ok(Run { kind, start: self.at, end: self.at, bytes: 0, control })
    }

    const fn whole(&self) -> Rect {
        Rect { left: 0, top: 0, width: self.form.width, height: self.form.height }
    }

    fn in_sequence(&mut self, content: &[u8]) -> Result<(), Halt> {
        if Reader::new(content, 0).array().map(u32::from_be_bytes).ok() != Some(self.sequence) {
            return Err(malformed("a sequence number is missing, or not the next one", self.at));
        }
        self.sequence = self.sequence.saturating_add(1);
        Ok(())
    }

    /// Reads a chunk that is no data; gives how often to play at the end.
    pub fn chunk(&mut self, stream: &[u8], frames_max: u32) -> Result<Option<u32>, Halt> {
        let mut reader = Reader::new(stream, self.at);
        let (name, content) = checked(&mut reader)?;
        match &name {
            b"PLTE" if self.picture => return Err(malformed("the palette comes behind IDAT", self.at)),
            b"PLTE" => self.form.set_palette(content).map_err(|what| malformed(what, self.at))?,
            b"tRNS" if self.picture => return Err(malformed("tRNS comes behind IDAT", self.at)),
            b"tRNS" => self.form.set_transparent(content).map_err(|what| malformed(what, self.at))?,
            b"acTL" => self.animate(content, frames_max)?,
            b"fcTL" if self.animation.is_some() => self.control(content)?,
            b"IEND" => {
                self.end(content)?;
                // The end is read again whenever it is asked for again.
                return Ok(Some(self.animation.map_or(1, |(_, plays)| plays)));
            }
            [first, ..] if first.is_ascii_lowercase() => {}
            _ => return Err(malformed("a chunk is needed to show the picture, and not known, or comes twice", self.at)),
        }
        self.at = reader.at();
        Ok(None)
    }

    fn animate(&mut self, content: &[u8], frames_max: u32) -> Result<(), Halt> {
        let wrong = |what| Err(malformed(what, self.at));
        if self.picture || self.animation.is_some() {
            return wrong("acTL comes twice, or behind IDAT");
        }
        let Ok(content): Result<[u8; 8], _> = content.try_into() else { return wrong("acTL is not of 8 bytes") };
        let [f0, f1, f2, f3, p0, p1, p2, p3] = content;
        let frames = u32::from_be_bytes([f0, f1, f2, f3]);
        if frames == 0 {
            return wrong("the animation has no frames");
        }
        if frames > frames_max {
            let (range, advice) = ((frames.into(), 1, frames_max.into()), "decode a shorter animation");
            return Err(DecodeError::range(ErrorCode::TooManyFrames, "the number of frames", range, advice).at(self.at).into());
        }
        self.animation = Some((frames, u32::from_be_bytes([p0, p1, p2, p3])));
        Ok(())
    }

    fn control(&mut self, content: &[u8]) -> Result<(), Halt> {
        let at = self.at;
        let wrong = |what| Err(malformed(what, at));
        let mut reader = Reader::new(content, 0);
        if content.len() != 26 {
            return wrong("fcTL is not of 26 bytes");
        }
        if self.control.is_some() {
            return wrong("a frame has no data");
        }
        if self.animation.is_none_or(|(frames, _)| self.frames >= frames) {
            return wrong("there are more frames than acTL says");
        }
        self.in_sequence(content)?;
        reader.take(4)?;
        let mut number = || reader.array().map(u32::from_be_bytes);
        let (width, height, left, top) = (number()?, number()?, number()?, number()?);
        let [n0, n1, d0, d1, disposal, blend] = reader.array()?;
        let (rect, whole) = (Rect { left, top, width, height }, self.whole());
        let inside = rect.pixels() > 0 && rect.lies_in(crate::Info { width: whole.width, height: whole.height });
        if !inside || (!self.picture && rect != whole) {
            return wrong("a frame has no pixels, lies outside the picture, or is the first and not all of it");
        }
        let disposal = match disposal {
            0 => Disposal::Keep,
            1 => Disposal::Clear,
            2 => Disposal::Restore,
            _ => return wrong("a frame's disposal is above 2"),
        };
        if blend > 1 {
            return wrong("a frame's blend is above 1");
        }
        let denominator = match u16::from_be_bytes([d0, d1]) {
            0 => APNG_DELAY_DENOMINATOR,
            denominator => denominator.into(),
        };
        let delay = Delay { numerator: u16::from_be_bytes([n0, n1]).into(), denominator };
        self.control = Some(Control { rect, delay, disposal, blend: blend == 1 });
        self.frames = self.frames.saturating_add(1);
        Ok(())
    }

    fn end(&self, content: &[u8]) -> Result<(), Halt> {
        let wrong = |what| Err(malformed(what, self.at));
        if !content.is_empty() {
            return wrong("IEND is not empty");
        }
        if !self.picture || self.control.is_some() {
            return wrong("the stream ends without the data of a picture or frame");
        }
        if self.animation.is_some_and(|(frames, _)| self.frames != frames) {
            return wrong("there are fewer frames than acTL says");
        }
        Ok(())
    }
}
