//! The tables that segments define.

use crate::Fault;
use crate::codes::{AcCodes, DcCodes};
use crate::segments::Header;
use crate::walk::marker;
use alloc::boxed::Box;
use spec::mjpeg::MJPEG_CODE_BITS_MAX;

/// The place of each coefficient in its block, row by row.
pub(crate) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56,
    57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// What becomes of a coefficient in its block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What it is multiplied with.
    pub factor: i16,
    /// Its place.
    pub place: u8,
}

/// Quantisation steps in zigzag order.
pub(crate) type Steps = [Step; 64];

/// Steps of 0, to the places of the block's rows.
pub(crate) const ROWS: Steps = {
    let mut steps = [Step { factor: 0, place: 0 }; 64];
    let (mut rest, mut places): (&mut [Step], &[u8]) = (&mut steps, &ZIGZAG);
    while let ([step, steps @ ..], [place, behind @ ..]) = (rest, places) {
        step.place = *place;
        (rest, places) = (steps, behind);
    }
    steps
};

/// Steps of 1, in zigzag order as they come.
pub(crate) const AS_THEY_ARE: Steps = {
    let mut steps = [Step { factor: 1, place: 0 }; 64];
    let (mut rest, mut place): (&mut [Step], u8) = (&mut steps, 0);
    while let [step, steps @ ..] = rest {
        step.place = place;
        place = place.wrapping_add(1);
        rest = steps;
    }
    steps
};

/// Huffman codes of a length, by their numbers, and what they mean.
pub(crate) struct Definition<'a> {
    pub counts: &'a [u8; 16],
    pub symbols: &'a [u8],
}

/// What segments have said so far.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub steps: [Option<Steps>; 4],
    pub dc: [Option<Box<DcCodes>>; 4],
    pub ac: [Option<Box<AcCodes>>; 4],
    /// Units between restart markers; 0 for none.
    pub interval: u16,
    jfif: bool,
    adobe: Option<u8>,
}

impl Tables {
    /// Reads a segment; those of no table change nothing.
    pub fn read(&mut self, marker: u8, content: &[u8], at: usize) -> Result<(), Fault> {
        match marker {
            marker::STEPS => self.steps(content, at),
            marker::CODES => self.codes(content, at),
            marker::INTERVAL => match content {
                [high, low] => {
                    self.interval = u16::from_be_bytes([*high, *low]);
                    Ok(())
                }
                _ => Err(Fault::malformed("the length of a restart interval", at).with(content.len() as u64, 2, 2)),
            },
            marker::APP0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => {
                self.jfif = true;
                Ok(())
            }
            marker::APP14 if content.starts_with(b"Adobe") && content.len() >= 12 => {
                self.adobe = content.get(11).copied();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether three components are red, green and blue, as far as is known.
    pub fn is_rgb(&self, header: &Header) -> bool {
        match self.adobe {
            _ if self.jfif => false,
            Some(transform) => transform == 0,
            None => header.components().iter().map(|component| component.id).eq(*b"RGB"),
        }
    }

    fn steps(&mut self, mut content: &[u8], at: usize) -> Result<(), Fault> {
        while let [kind, rest @ ..] = content {
            let (wide, number) = (kind >> 4, usize::from(kind & 15));
            let (Some(slot), 0 | 1) = (self.steps.get_mut(number), wide) else {
                return Err(Fault::malformed("a table of steps has another number than 0 to 3, or another precision than 0 and 1", at));
            };
            let length = if wide == 0 { 64_usize } else { 128 };
            let (Some(bytes), Some(behind)) = (rest.get(..length), rest.get(length..)) else {
                return Err(Fault::malformed("a table of steps is cut", at));
            };
            let mut steps = ROWS;
            let mut wide_steps = bytes.as_chunks::<2>().0.iter().map(|bytes| u16::from_be_bytes(*bytes));
            let mut narrow_steps = bytes.iter().map(|byte| u16::from(*byte));
            let mut slots = steps.iter_mut();
            let mut put = |step: u16| {
                // Sixteen bits of a product depend on sixteen bits of its factors alone, so that the sign means nothing.
                slots.next().is_some_and(|slot| {
                    slot.factor = step as i16;
                    step != 0
                })
            };
            let right = if wide == 0 { narrow_steps.all(&mut put) } else { wide_steps.all(&mut put) };
            if !right {
                return Err(Fault::malformed("a step is 0", at));
            }
            (*slot, content) = (Some(steps), behind);
        }
        Ok(())
    }

    fn codes(&mut self, mut content: &[u8], at: usize) -> Result<(), Fault> {
        while let [kind, rest @ ..] = content {
            let (class, number) = (kind >> 4, usize::from(kind & 15));
            if class > 1 || number > 3 {
                return Err(Fault::malformed("a Huffman table has another number than 0 to 3, or another class than 0 and 1", at));
            }
            let cut = Fault::malformed("a Huffman table is cut", at);
            let (counts, rest) = rest.split_first_chunk::<{ MJPEG_CODE_BITS_MAX as usize }>().ok_or(cut)?;
            let count = counts.iter().fold(0, |all: usize, count| all.saturating_add((*count).into()));
            let (Some(symbols), Some(behind)) = (rest.get(..count), rest.get(count..)) else { return Err(cut) };
            // Behind the last code of each length there must be another, since none is of ones alone.
            let (mut next, mut right) = (0_u32, count <= 256);
            for (length, count) in (1_u32..).zip(counts) {
                next = next.wrapping_mul(2).wrapping_add((*count).into());
                right &= *count == 0 || next < 1_u32.wrapping_shl(length);
            }
            if !right {
                return Err(Fault::malformed("a Huffman table has more codes than there is room for", at));
            }
            let definition = Definition { counts, symbols };
            if class == 0 {
                if let Some(slot) = self.dc.get_mut(number) {
                    slot.get_or_insert_default().define(&definition);
                }
            } else if let Some(slot) = self.ac.get_mut(number) {
                slot.get_or_insert_default().define(&definition);
            }
            content = behind;
        }
        Ok(())
    }
}
