//! The reference model of the contract `apng`: chunk by chunk, sample by sample.

mod inflate;
mod samples;

use crate::decode::{Decoder, Disposal, Format, Held, Packet, Pixel, Played, Reader, Rect, Stop, Stream};
use samples::Form;
use spec::ErrorCode;
use spec::apng::{APNG_CHUNK_BYTES_MAX, APNG_DELAY_DENOMINATOR, APNG_EXPANSION_MAX, APNG_HEADER_BYTES, Apng};
use spec::decode::{Delay, Limits, Obs, Op};
use spec::gif::DECODE_PIXEL_BYTES;
use spec::{Failure, Machine};

/// The model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApngModel(Decoder);

pub(crate) use ApngModel as Model;

const WRONG: Stop = Stop::Wrong(ErrorCode::MalformedMedia);

fn long(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn short(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

/// CRC-32, bit by bit.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// The length and the letters of the chunk at the reader.
fn chunk_header(reader: &mut Reader<'_>) -> Result<(usize, [u8; 4]), Stop> {
    let bytes = reader.take(8)?;
    let name = [bytes[4], bytes[5], bytes[6], bytes[7]];
    // APNG-009
    if long(bytes) > APNG_CHUNK_BYTES_MAX || !name.iter().all(u8::is_ascii_alphabetic) {
        return Err(WRONG);
    }
    Ok((long(bytes) as usize, name))
}

/// The letters and the content of the next chunk.
fn chunk<'a>(reader: &mut Reader<'a>) -> Result<([u8; 4], &'a [u8]), Stop> {
    let (length, name) = chunk_header(reader)?;
    // APNG-017
    let content = reader.take(length)?;
    // APNG-003
    if crc(&[&name, content].concat()) != long(reader.take(4)?) {
        return Err(ErrorCode::CorruptChecksum.into());
    }
    Ok((name, content))
}

fn read_form(mut reader: Reader<'_>) -> Result<Form, Stop> {
    let header = reader.take(APNG_HEADER_BYTES as usize)?;
    // APNG-001
    if !header.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") {
        return Err(WRONG);
    }
    // APNG-003
    if crc(&header[12..29]) != long(&header[29..]) {
        return Err(ErrorCode::CorruptChecksum.into());
    }
    let (width, height) = (long(&header[16..]), long(&header[20..]));
    let [depth, color, compression, filter, interlaced] = [header[24], header[25], header[26], header[27], header[28]];
    let depths: &[u8] = match color {
        0 => &[1, 2, 4, 8, 16],
        2 | 4 | 6 => &[8, 16],
        3 => &[1, 2, 4, 8],
        _ => &[],
    };
    // APNG-001
    let sides = 1..=APNG_CHUNK_BYTES_MAX;
    let right = sides.contains(&width) && sides.contains(&height) && depths.contains(&depth);
    if !right || compression != 0 || filter != 0 || interlaced > 1 {
        return Err(WRONG);
    }
    Ok(Form { width, height, depth, color, interlaced: interlaced == 1, palette: Vec::new(), transparent: Vec::new() })
}

/// What a frame control says.
#[derive(Clone, Copy)]
struct Control {
    rect: Rect,
    delay: Delay,
    disposal: u8,
    blend: u8,
}

/// What the chunks so far have said.
struct Seen {
    form: Form,
    /// Frames and plays, of an animation.
    animation: Option<(u32, u32)>,
    /// A control that has no data yet.
    control: Option<Control>,
    /// Controls and data of an animation so far.
    sequence: u32,
    /// Frames, the one whose control was read last included.
    frames: u32,
    /// Whether IDAT was there.
    picture: bool,
}

struct Chunks;

impl Format for Chunks {
    fn info(reader: Reader<'_>) -> Result<(u32, u32), Stop> {
        read_form(reader).map(|form| (form.width, form.height))
    }

    /// Reads all chunks from the start, and leaves out the frames that were given.
    fn next(stream: &Stream, played: &mut Played, held: &mut Held) -> Result<Packet, Stop> {
        let mut reader = Reader { bytes: &stream.bytes, at: 0 };
        let form = read_form(reader)?;
        // APNG-014
        Stream::check_size(form.width, form.height, stream.limits.pixels)?;
        (played.width, played.height) = (form.width, form.height);
        reader.at = APNG_HEADER_BYTES as usize;
        let mut seen = Seen { form, animation: None, control: None, sequence: 0, frames: 0, picture: false };
        loop {
            let start = reader.at;
            let (name, content) = chunk(&mut reader)?;
            match &name {
                b"IDAT" | b"fdAT" if name == *b"IDAT" || seen.animation.is_some() => {
                    reader.at = start;
                    let (control, data) = seen.data(&mut reader, name)?;
                    let Some(control) = control else { continue };
                    if seen.frames > played.frames {
                        draw(stream, played, held, &seen.form, control, &data)?;
                        return Ok(Packet::Frame(control.delay));
                    }
                }
                b"IEND" => {
                    seen.end(content)?;
                    // APNG-012
                    played.plays = Some(seen.animation.map_or(1, |(_, plays)| plays));
                    return Ok(Packet::End);
                }
                _ => seen.other(name, content, stream.limits.frames)?,
            }
        }
    }
}

impl Seen {
    /// A run of data from its first chunk on, and whose it is.
    fn data(&mut self, reader: &mut Reader<'_>, kind: [u8; 4]) -> Result<(Option<Control>, Vec<u8>), Stop> {
        let mut data = Vec::new();
        let picture = kind == *b"IDAT";
        // APNG-009
        if picture && (self.picture || self.form.color == 3 && self.form.palette.is_empty()) {
            return Err(WRONG);
        }
        // APNG-013
        if !picture && (!self.picture || self.control.is_none()) {
            return Err(WRONG);
        }
        loop {
            let mut ahead = *reader;
            if ahead.take(8)?[4..] != kind {
                break;
            }
            let (_, content) = chunk(reader)?;
            if picture {
                data.extend(content);
            } else {
                data.extend(self.in_sequence(content)?);
            }
        }
        self.picture = true;
        let control = self.control.take();
        if control.is_none() && self.animation.is_none() {
            // A picture alone is its only frame.
            self.frames = 1;
            let rect = Rect { left: 0, top: 0, width: self.form.width, height: self.form.height };
            let delay = Delay { numerator: 0, denominator: APNG_DELAY_DENOMINATOR };
            return Ok((Some(Control { rect, delay, disposal: 0, blend: 0 }), data));
        }
        Ok((control, data))
    }

    /// What stands behind a right sequence number.
    fn in_sequence<'a>(&mut self, content: &'a [u8]) -> Result<&'a [u8], Stop> {
        // APNG-013
        if content.len() < 4 || long(content) != self.sequence {
            return Err(WRONG);
        }
        self.sequence += 1;
        Ok(&content[4..])
    }

    /// A chunk that is no data.
    fn other(&mut self, name: [u8; 4], content: &[u8], most: u32) -> Result<(), Stop> {
        let form = &mut self.form;
        let count = content.len();
        // APNG-009
        let right = match &name {
            b"PLTE" => {
                let most = if form.color == 3 { 1 << form.depth } else { 256 };
                let entries = count / 3;
                let place = !self.picture && form.palette.is_empty() && matches!(form.color, 2 | 3 | 6);
                form.palette = content.chunks(3).filter(|rgb| rgb.len() == 3).map(|rgb| [rgb[2], rgb[1], rgb[0]]).collect();
                place && count.is_multiple_of(3) && (1..=most).contains(&entries)
            }
            b"tRNS" => {
                let place = !self.picture && form.transparent.is_empty();
                form.transparent = content.to_vec();
                place
                    && match form.color {
                        0 => count == 2,
                        2 => count == 6,
                        3 => count > 0 && count <= form.palette.len(),
                        _ => false,
                    }
            }
            b"acTL" => {
                // APNG-013
                if self.picture || self.animation.is_some() || count != 8 || long(content) == 0 {
                    return Err(WRONG);
                }
                // APNG-014
                if long(content) > most {
                    return Err(ErrorCode::TooManyFrames.into());
                }
                self.animation = Some((long(content), long(&content[4..])));
                true
            }
            b"fcTL" if self.animation.is_some() => return self.control(content),
            b"IHDR" => false,
            _ => name[0].is_ascii_lowercase(),
        };
        if right { Ok(()) } else { Err(WRONG) }
    }

    fn control(&mut self, content: &[u8]) -> Result<(), Stop> {
        // APNG-013
        if content.len() != 26 || self.control.is_some() || self.animation.is_none_or(|(frames, _)| self.frames >= frames) {
            return Err(WRONG);
        }
        self.in_sequence(content)?;
        let rect = Rect { width: long(&content[4..]), height: long(&content[8..]), left: long(&content[12..]), top: long(&content[16..]) };
        let whole = Rect { left: 0, top: 0, width: self.form.width, height: self.form.height };
        let (disposal, blend) = (content[24], content[25]);
        let inside = rect.pixels() > 0 && rect.lies_in(whole.width, whole.height);
        if !inside || (!self.picture && rect != whole) || disposal > 2 || blend > 1 {
            return Err(WRONG);
        }
        // APNG-012
        let denominator = match short(&content[22..]) {
            0 => APNG_DELAY_DENOMINATOR,
            denominator => denominator.into(),
        };
        let delay = Delay { numerator: short(&content[20..]).into(), denominator };
        self.control = Some(Control { rect, delay, disposal, blend });
        self.frames += 1;
        Ok(())
    }

    fn end(&self, content: &[u8]) -> Result<(), Stop> {
        // APNG-009, APNG-013
        let frames = self.animation.map_or(self.frames, |(frames, _)| frames);
        let right = content.is_empty() && self.picture && self.control.is_none() && self.frames == frames;
        if right { Ok(()) } else { Err(WRONG) }
    }
}

fn draw(stream: &Stream, played: &mut Played, held: &mut Held, form: &Form, control: Control, data: &[u8]) -> Result<(), Stop> {
    let rect = control.rect;
    // APNG-014
    stream.check_frames(played)?;
    let filtered = form.filtered_bytes(rect.width, rect.height);
    if filtered > data.len() as u64 * u64::from(APNG_EXPANSION_MAX) {
        return Err(ErrorCode::ExpansionTooLarge.into());
    }
    // APNG-015
    let saved = if control.disposal == 2 { rect.pixels() * u64::from(DECODE_PIXEL_BYTES) } else { 0 };
    stream.charge(held, played, saved + filtered)?;
    held.saved_bytes = saved;
    // APNG-008
    let bytes = inflate::zlib(data, filtered as usize).ok_or(ErrorCode::CorruptPixels)?;
    // APNG-004, APNG-005, APNG-006, APNG-007
    let pixels = form.pixels(&bytes, rect.width, rect.height).ok_or(ErrorCode::CorruptPixels)?;

    // APNG-002
    if played.canvas.is_empty() {
        played.canvas = vec![[0; 4]; (played.width * played.height) as usize];
    }
    // APNG-011
    played.dispose();
    played.disposal = match control.disposal {
        1 => Disposal::Clear(rect),
        2 => Disposal::Restore(played.canvas.clone()),
        _ => Disposal::Keep,
    };
    // APNG-010
    played.each(rect, |place, before| if control.blend == 0 { pixels[place] } else { over(pixels[place], before) });
    Ok(())
}

/// One pixel over another, both of straight alpha (APNG-D5).
fn over(source: Pixel, canvas: Pixel) -> Pixel {
    let (above, below) = (u32::from(source[3]), u32::from(canvas[3]));
    if above == 0 {
        return canvas;
    }
    if above == 255 || below == 0 {
        return source;
    }
    let (u, v) = (255 * above, (255 - above) * below);
    let w = u + v;
    let mixed = |channel: usize| {
        let (source, canvas) = (u32::from(source[channel]), u32::from(canvas[channel]));
        ((2 * (source * u + canvas * v) + w) / (2 * w)) as u8
    };
    [mixed(0), mixed(1), mixed(2), ((2 * w + 255) / 510) as u8]
}

impl ApngModel {
    /// The last frame's pixels.
    pub(crate) fn packet(&self) -> Vec<u8> {
        self.0.canvas()
    }
}

impl Machine<Apng> for ApngModel {
    fn reset(&mut self, config: &Limits) -> Result<Result<(), ErrorCode>, Failure> {
        // APNG-019
        Ok(Decoder::open(config).map(|decoder| self.0 = decoder))
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        // APNG-016, APNG-018: a stream is its bytes so far, whatever their chunks.
        Ok(self.0.answer::<Chunks>(op).unwrap_or_else(Obs::Rejected))
    }
}

#[cfg(test)]
mod tests;
