//! The blocks of a stream, of which none is believed before it is whole.

use super::malformed;
use crate::Info;
use crate::canvas::{Disposal, Rect};
use crate::reader::{Halt, Reader};

/// What a graphic control says of the next graphic.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Control {
    pub disposal: Disposal,
    pub transparent: Option<u8>,
    /// Hundredths of a second.
    pub delay: u16,
}

/// Where an image lies, and what its flags say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub rect: Rect,
    pub interlaced: bool,
    /// Entries of its own palette; 0 for none.
    pub entries: usize,
}

/// Entries of the palette that flags announce; 0 for none.
pub(super) const fn entries(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 2_usize.wrapping_shl((flags & 7) as u32) }
}

/// Skips sub-blocks and their end; gives the bytes that they hold.
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<usize, Halt> {
    let mut held = 0_usize;
    loop {
        let length = usize::from(reader.byte()?);
        if length == 0 {
            return Ok(held);
        }
        reader.take(length)?;
        held = held.saturating_add(length);
    }
}

/// The sub-blocks of data, up to the one without bytes.
pub(super) struct SubBlocks<'a>(pub &'a [u8]);

impl<'a> Iterator for SubBlocks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first()?;
        let (block, rest) = rest.split_at_checked((*length).into())?;
        self.0 = if block.is_empty() { &[] } else { rest };
        (!block.is_empty()).then_some(block)
    }
}

pub(super) fn control(reader: &mut Reader<'_>) -> Result<Control, Halt> {
    let start = reader.at();
    if reader.byte()? != 4 {
        return Err(malformed("a graphic control is not of 4 bytes", start));
    }
    let [flags, d0, d1, index] = reader.array()?;
    if reader.byte()? != 0 {
        return Err(malformed("a graphic control has a second sub-block", start));
    }
    let disposal = match flags >> 2 & 7 {
        2 => Disposal::Clear,
        3 => Disposal::Restore,
        _ => Disposal::Keep,
    };
    Ok(Control { disposal, transparent: (flags & 1 == 1).then_some(index), delay: u16::from_le_bytes([d0, d1]) })
}

/// How often to play, where the application extension says that; 0 is for ever.
pub(super) fn application(reader: &mut Reader<'_>) -> Result<Option<u32>, Halt> {
    let mut content = *reader;
    skip(reader)?;
    if content.byte()? != 11 {
        return Ok(None);
    }
    let name: [u8; 11] = content.array()?;
    if name != *b"NETSCAPE2.0" && name != *b"ANIMEXTS1.0" || content.byte()? != 3 {
        return Ok(None);
    }
    Ok(match content.array()? {
        [1, 0, 0] => Some(0),
        [1, low, high] => Some(u32::from(u16::from_le_bytes([low, high])).saturating_add(1)),
        _ => None,
    })
}

pub(super) fn place(reader: &mut Reader<'_>, info: Info) -> Result<Place, Halt> {
    let start = reader.at();
    let [l0, l1, t0, t1, w0, w1, h0, h1, flags] = reader.array()?;
    let number = |low, high| u32::from(u16::from_le_bytes([low, high]));
    let rect = Rect { left: number(l0, l1), top: number(t0, t1), width: number(w0, w1), height: number(h0, h1) };
    if rect.pixels() == 0 {
        return Err(malformed("an image has no pixels", start));
    }
    if !rect.lies_in(info) {
        return Err(malformed("an image lies outside the screen", start));
    }
    Ok(Place { rect, interlaced: flags & 0x40 != 0, entries: entries(flags) })
}
