//! Where the parts of a stream lie, for whoever changes one of them.

use alloc::vec::Vec;
use core::ops::Range;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Signature and screen descriptor.
    Header,
    /// The global palette.
    GlobalPalette,
    /// A graphic control, from 0x21 to its end.
    Control,
    /// Any other extension, from 0x21 to its end.
    Extension,
    /// The ten bytes of an image's place.
    Place,
    /// An image's own palette.
    LocalPalette,
    /// An image's code size and sub-blocks, with their end.
    Data,
    /// The trailer.
    Trailer,
}

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it lies.
    pub bytes: Range<usize>,
}

/// The parts of a stream, as far as they are whole.
pub fn parts(stream: &[u8]) -> Vec<Part> {
    let mut found = Vec::new();
    walk(stream, &mut found);
    found
}

fn walk(stream: &[u8], found: &mut Vec<Part>) -> Option<()> {
    let palette = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 * (2 << (flags & 7)) };
    let mut at = 0;
    let mut part = |kind, at: &mut usize, length: usize| {
        let bytes = *at..*at + length;
        stream.get(bytes.clone())?;
        *at = bytes.end;
        if length > 0 {
            found.push(Part { kind, bytes });
        }
        Some(())
    };
    part(PartKind::Header, &mut at, super::GIF_HEADER_BYTES as usize)?;
    part(PartKind::GlobalPalette, &mut at, palette(*stream.get(10)?))?;
    loop {
        match stream.get(at)? {
            0x21 => {
                let kind = if *stream.get(at + 1)? == 0xf9 { PartKind::Control } else { PartKind::Extension };
                let length = 2 + blocks(stream.get(at + 2..)?)?;
                part(kind, &mut at, length)?;
            }
            0x2c => {
                let flags = *stream.get(at + 9)?;
                part(PartKind::Place, &mut at, 10)?;
                part(PartKind::LocalPalette, &mut at, palette(flags))?;
                let length = 1 + blocks(stream.get(at + 1..)?)?;
                part(PartKind::Data, &mut at, length)?;
            }
            0x3b => return part(PartKind::Trailer, &mut at, 1),
            _ => return None,
        }
    }
}

/// Bytes of sub-blocks with their end.
fn blocks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
