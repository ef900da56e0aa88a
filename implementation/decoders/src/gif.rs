//! GIF: containers, palettes, LZW and composition.

mod blocks;
mod lzw;
mod pixels;

use crate::canvas::{Canvas, Rect};
use crate::puller::{Format, Found, Source};
use crate::reader::{Halt, Reader};
use crate::{DecodeError, Header, Info, Puller};
use blocks::{Control, Place, SubBlocks};
use lzw::Lzw;
use pixels::{Palette, draw};
use spec::ErrorCode;
use spec::decode::Delay;
use spec::gif::{GIF_CODE_SIZE_MAX, GIF_CODE_SIZE_MIN, GIF_DELAY_DENOMINATOR, GIF_EXPANSION_MAX, GIF_HEADER_BYTES};
use spec::media_types::CodecId;

/// A decoder of GIF streams.
pub type GifDecoder = Puller<Frames>;

/// What is known between two frames.
#[derive(Debug, Default)]
pub struct Frames {
    /// Where the next block begins; 0 before the header was read.
    at: usize,
    /// Whether a frame was given.
    any: bool,
    /// How often to play, where the stream has said it.
    plays: Option<u32>,
    /// Where the global palette lies, in bytes.
    global: (usize, usize),
    canvas: Canvas,
    /// Tables that no frame before the first one needs.
    lzw: Option<Lzw>,
}

pub(crate) const fn malformed(what: &'static str, at: usize) -> Halt {
    Halt::Fault(DecodeError::plain(ErrorCode::MalformedMedia, what, "write the stream as its format says").at(at))
}

impl Format for Frames {
    const CODEC: CodecId = CodecId::Gif;

    fn info(bytes: &[u8]) -> Result<Header, Halt> {
        let header: [u8; GIF_HEADER_BYTES as usize] = Reader::new(bytes, 0).array()?;
        let [signature @ .., w0, w1, h0, h1, _, _, _] = header;
        if signature != *b"GIF87a" && signature != *b"GIF89a" {
            return Err(malformed("the stream does not begin with GIF87a or GIF89a", 0));
        }
        let (width, height) = (u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into());
        if width == 0 || height == 0 {
            return Err(malformed("the screen has no pixels", 6));
        }
        Ok(Header::Picture(Info { width, height }))
    }

    fn next(&mut self, source: &mut Source) -> Result<Found, Halt> {
        let info = source.info.ok_or(Halt::NeedInput)?;
        if self.at == 0 {
            let mut reader = Reader::new(&source.bytes, 0);
            let [.., flags, _, _] = reader.array::<{ GIF_HEADER_BYTES as usize }>()?;
            let entries = blocks::entries(flags);
            reader.take(entries.saturating_mul(3))?;
            (self.global, self.at) = ((GIF_HEADER_BYTES as usize, entries), reader.at());
        }
        let mut reader = Reader::new(&source.bytes, self.at);
        let (mut control, mut plays) = (Control::default(), self.plays);
        loop {
            let start = reader.at();
            match reader.byte()? {
                0x21 => match reader.byte()? {
                    0xf9 => control = blocks::control(&mut reader)?,
                    0xff => plays = blocks::application(&mut reader)?.or(plays),
                    0x01 => {
                        // A plain text is a graphic, too, and uses the control up (GIF-D7).
                        blocks::skip(&mut reader)?;
                        control = Control::default();
                    }
                    _ => {
                        blocks::skip(&mut reader)?;
                    }
                },
                0x2c => {
                    let place = blocks::place(&mut reader, info)?;
                    let at = self.image(source, place, reader.at(), control)?;
                    (self.at, self.any, self.plays) = (at, true, plays);
                    return Ok(Found::Frame(Delay { numerator: control.delay.into(), denominator: GIF_DELAY_DENOMINATOR }));
                }
                0x3b if self.any => return Ok(Found::End(plays.unwrap_or(1))),
                0x3b => return Err(malformed("the stream has no frame", start)),
                _ => return Err(malformed("no block begins like this", start)),
            }
        }
    }

    fn pixels(&self) -> &[u8] {
        self.canvas.pixels()
    }

    fn rewind(&mut self) {
        (self.at, self.any, self.plays) = (0, false, None);
        self.canvas.reset();
    }
}

impl Frames {
    /// Draws the image whose place was just read; gives where the next block begins.
    fn image(&mut self, source: &mut Source, place: Place, at: usize, control: Control) -> Result<usize, Halt> {
        source.check_frames()?;
        let Place { rect, interlaced, entries } = place;
        let (start, global) = self.global;
        if entries == 0 && global == 0 {
            return Err(malformed("an image has no palette", at));
        }
        let mut reader = Reader::new(&source.bytes, at);
        let own = reader.take(entries.saturating_mul(3))?;
        let colours = if entries > 0 { own } else { Reader::new(&source.bytes, start).take(global.saturating_mul(3))? };
        let palette = Palette::new(colours, control.transparent);
        let size = reader.byte()?;
        if !(GIF_CODE_SIZE_MIN..=GIF_CODE_SIZE_MAX).contains(&size.into()) {
            let range = (u64::from(size), GIF_CODE_SIZE_MIN.into(), GIF_CODE_SIZE_MAX.into());
            let advice = "write the stream as its format says";
            return Err(DecodeError::range(ErrorCode::MalformedMedia, "the LZW code size", range, advice).at(reader.at()).into());
        }
        let data = reader.at();
        let length = blocks::skip(&mut reader)?;
        let end = reader.at();
        check_expansion(rect, length, data)?;

        source.charge(Canvas::saved_bytes(control.disposal, rect))?;
        let info = source.info.ok_or(Halt::NeedInput)?;
        self.canvas.begin(info, rect, control.disposal)?;
        let lzw = self.lzw.get_or_insert_default();
        let blocks = SubBlocks(source.bytes.get(data..end).unwrap_or_default());
        draw(lzw, blocks, size, rect, interlaced, &palette, &mut self.canvas)
            .map_err(|what| DecodeError::plain(ErrorCode::CorruptPixels, what, "encode the picture again").at(data))?;
        Ok(end)
    }
}

fn check_expansion(rect: Rect, length: usize, at: usize) -> Result<(), Halt> {
    let most = (length as u64).saturating_mul(GIF_EXPANSION_MAX.into());
    if rect.pixels() <= most {
        return Ok(());
    }
    let advice = "this stream can't hold the pixels that it claims";
    Err(DecodeError::range(ErrorCode::ExpansionTooLarge, "the image's number of pixels", (rect.pixels(), 1, most), advice).at(at).into())
}
