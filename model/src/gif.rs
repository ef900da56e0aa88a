//! The reference model of the contract `gif`: block by block, pixel by pixel.

mod lzw;

use crate::decode::{Decoder, Disposal, Format, Held, Packet, Pixel, Played, Reader, Rect, Stop, Stream};
use spec::ErrorCode;
use spec::decode::{Delay, Limits, Obs, Op};
use spec::gif::{
    DECODE_PIXEL_BYTES, GIF_CODE_SIZE_MAX, GIF_CODE_SIZE_MIN, GIF_DELAY_DENOMINATOR, GIF_EXPANSION_MAX, GIF_HEADER_BYTES, Gif,
};
use spec::{Failure, Machine};

/// The model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GifModel(Decoder);

pub(crate) use GifModel as Model;

/// What a graphic control says of the next graphic.
#[derive(Clone, Copy, Debug, Default)]
struct Control {
    disposal: u8,
    transparent: Option<u8>,
    delay: u16,
}

/// An image's place and what its flags say.
struct Place {
    rect: Rect,
    interlaced: bool,
    /// Entries of its own palette; 0 is none.
    entries: usize,
}

fn number(bytes: &[u8]) -> u32 {
    u32::from(bytes[0]) + 256 * u32::from(bytes[1])
}

/// Entries of the palette that flags announce.
fn entries(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 2 << (flags & 7) }
}

fn palette(reader: &mut Reader<'_>, entries: usize) -> Result<Vec<Pixel>, Stop> {
    let bytes = reader.take(entries * 3)?;
    Ok(bytes.chunks(3).map(|rgb| [rgb[2], rgb[1], rgb[0], 255]).collect())
}

/// The bytes of sub-blocks up to their end.
fn blocks(reader: &mut Reader<'_>) -> Result<Vec<u8>, Stop> {
    let mut all = Vec::new();
    loop {
        let length = reader.byte()?;
        if length == 0 {
            return Ok(all);
        }
        all.extend(reader.take(length.into())?);
    }
}

struct Blocks;

impl Format for Blocks {
    fn info(mut reader: Reader<'_>) -> Result<(u32, u32), Stop> {
        let header = reader.take(GIF_HEADER_BYTES as usize)?;
        let (width, height) = (number(&header[6..]), number(&header[8..]));
        // GIF-001
        let right = (header.starts_with(b"GIF87a") || header.starts_with(b"GIF89a")) && width > 0 && height > 0;
        if right { Ok((width, height)) } else { Err(ErrorCode::MalformedMedia.into()) }
    }

    fn next(stream: &Stream, played: &mut Played, held: &mut Held) -> Result<Packet, Stop> {
        let mut reader = Reader { bytes: &stream.bytes, at: 0 };
        let (width, height) = Self::info(reader)?;
        // GIF-012
        Stream::check_size(width, height, stream.limits.pixels)?;
        let flags = reader.take(GIF_HEADER_BYTES as usize)?[10];
        let global = palette(&mut reader, entries(flags))?;
        (played.width, played.height) = (width, height);
        reader.at = reader.at.max(played.at);

        let (mut control, mut plays) = (Control::default(), played.plays);
        loop {
            match reader.byte()? {
                0x21 => match reader.byte()? {
                    0xf9 => control = read_control(&mut reader)?,
                    0xff => plays = read_application(&mut reader)?.or(plays),
                    label => {
                        blocks(&mut reader)?;
                        // GIF-010: a plain text uses the control up.
                        if label == 0x01 {
                            control = Control::default();
                        }
                    }
                },
                0x2c => {
                    let delay = draw(stream, played, held, &mut reader, control, &global)?;
                    (played.at, played.plays) = (reader.at, plays);
                    return Ok(Packet::Frame(delay));
                }
                0x3b if played.frames > 0 => {
                    // GIF-009
                    played.plays = plays;
                    return Ok(Packet::End);
                }
                // GIF-010
                _ => return Err(ErrorCode::MalformedMedia.into()),
            }
        }
    }
}

fn read_control(reader: &mut Reader<'_>) -> Result<Control, Stop> {
    // GIF-010
    let wrong = Err(ErrorCode::MalformedMedia.into());
    if reader.byte()? != 4 {
        return wrong;
    }
    let bytes = reader.take(4)?;
    if reader.byte()? != 0 {
        return wrong;
    }
    let transparent = (bytes[0] & 1 == 1).then_some(bytes[3]);
    Ok(Control { disposal: bytes[0] >> 2 & 7, transparent, delay: number(&bytes[1..]) as u16 })
}

/// How often to play, where the extension says that.
fn read_application(reader: &mut Reader<'_>) -> Result<Option<u32>, Stop> {
    let start = reader.at;
    blocks(reader)?;
    let bytes = &reader.bytes[start..reader.at];
    // GIF-009
    let known = bytes.starts_with(b"\x0bNETSCAPE2.0\x03\x01") || bytes.starts_with(b"\x0bANIMEXTS1.0\x03\x01");
    Ok(known.then(|| match number(&bytes[14..]) {
        0 => 0,
        count => count + 1,
    }))
}

fn read_place(reader: &mut Reader<'_>) -> Result<Place, Stop> {
    let bytes = reader.take(9)?;
    let rect = Rect { left: number(bytes), top: number(&bytes[2..]), width: number(&bytes[4..]), height: number(&bytes[6..]) };
    Ok(Place { rect, interlaced: bytes[8] & 0x40 != 0, entries: entries(bytes[8]) })
}

fn draw(
    stream: &Stream,
    played: &mut Played,
    held: &mut Held,
    reader: &mut Reader<'_>,
    control: Control,
    global: &[Pixel],
) -> Result<Delay, Stop> {
    let Place { rect, interlaced, entries } = read_place(reader)?;
    // GIF-011
    if rect.pixels() == 0 || !rect.lies_in(played.width, played.height) {
        return Err(ErrorCode::MalformedMedia.into());
    }
    // GIF-012
    stream.check_frames(played)?;
    // GIF-004
    if entries == 0 && global.is_empty() {
        return Err(ErrorCode::MalformedMedia.into());
    }
    let local = palette(reader, entries)?;
    let colours = if entries == 0 { global } else { &local };
    let size = reader.byte()?;
    // GIF-003
    if !(GIF_CODE_SIZE_MIN..=GIF_CODE_SIZE_MAX).contains(&size.into()) {
        return Err(ErrorCode::MalformedMedia.into());
    }
    // GIF-015: nothing was changed before here, where all bytes are there.
    let data = blocks(reader)?;
    // GIF-012
    if rect.pixels() > data.len() as u64 * u64::from(GIF_EXPANSION_MAX) {
        return Err(ErrorCode::ExpansionTooLarge.into());
    }
    // GIF-013
    let saved = if control.disposal == 3 { rect.pixels() * u64::from(DECODE_PIXEL_BYTES) } else { 0 };
    stream.charge(held, played, saved)?;
    // GIF-003
    let indices = lzw::indices(&data, size, rect.pixels() as usize).ok_or(ErrorCode::CorruptPixels)?;

    // GIF-002
    if played.canvas.is_empty() {
        played.canvas = vec![[0; 4]; (played.width * played.height) as usize];
    }
    // GIF-007
    played.dispose();
    played.disposal = match control.disposal {
        2 => Disposal::Clear(rect),
        3 => Disposal::Restore(played.canvas.clone()),
        _ => Disposal::Keep,
    };
    // GIF-006
    let rows = if interlaced { interlaced_rows(rect.height) } else { (0..rect.height).collect() };
    for (row, y) in rows.into_iter().enumerate() {
        let line = Rect { top: rect.top + y, height: 1, ..rect };
        played.each(line, |x, before| {
            let index = indices[row * rect.width as usize + x];
            if control.transparent == Some(index) {
                // GIF-005
                before
            } else {
                // GIF-004
                colours.get(usize::from(index)).copied().unwrap_or([0, 0, 0, 255])
            }
        });
    }
    // GIF-008
    Ok(Delay { numerator: control.delay.into(), denominator: GIF_DELAY_DENOMINATOR })
}

/// The rows in the order in which an interlaced image has them.
fn interlaced_rows(height: u32) -> Vec<u32> {
    let pass = |first: u32, every: usize| (first..height).step_by(every);
    pass(0, 8).chain(pass(4, 8)).chain(pass(2, 4)).chain(pass(1, 2)).collect()
}

impl GifModel {
    /// The last frame's pixels.
    pub(crate) fn packet(&self) -> Vec<u8> {
        self.0.canvas()
    }
}

impl Machine<Gif> for GifModel {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        // GIF-019
        Ok(Decoder::open(config).map(|decoder| self.0 = decoder))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        // GIF-014, GIF-016, GIF-017, GIF-018: a stream is its bytes so far, whatever their chunks.
        Ok(self.0.answer::<Blocks>(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
