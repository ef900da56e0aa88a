//! Huffman codes: what short ones mean is looked up, together with the value that follows.

use crate::bits::{Bits, own_value};
use crate::tables::Definition;
use spec::mjpeg::{MJPEG_AC_BITS_MAX, MJPEG_DC_BITS_MAX};

/// Bits that are looked up at once.
const LOOK: u32 = 10;
const ENTRIES: usize = 1 << LOOK;

/// A symbol that no table has means that the code is none.
const NONE: u16 = 0;

/// The codes of a table.
#[derive(Clone, Debug)]
struct Codes {
    /// For each beginning: the length of the code in the upper byte, the symbol in the lower one; 0 where the code is longer, or none.
    short: [u16; ENTRIES],
    /// For each length, the first number (left-aligned in 17 bits) that is above its codes.
    above: [u32; 17],
    /// For each length, what is added to a code to find its symbol.
    shift: [i32; 17],
    symbols: [u8; 256],
}

impl Default for Codes {
    fn default() -> Self {
        Self { short: [NONE; ENTRIES], above: [0; 17], shift: [0; 17], symbols: [0; 256] }
    }
}

impl Codes {
    fn define(&mut self, definition: &Definition<'_>) {
        self.short.fill(NONE);
        for (slot, symbol) in self.symbols.iter_mut().zip(definition.symbols) {
            *slot = *symbol;
        }
        let (mut code, mut place) = (0_u32, 0_u32);
        let mut symbols = definition.symbols.iter();
        let lengths = (1_u32..).zip(definition.counts);
        let slots = self.above.iter_mut().zip(&mut self.shift).skip(1);
        for ((length, count), (above, shift)) in lengths.zip(slots) {
            *shift = (place as i32).wrapping_sub(code as i32);
            for symbol in symbols.by_ref().take((*count).into()) {
                if let Some(spare) = LOOK.checked_sub(length) {
                    let first = (code as usize).wrapping_shl(spare);
                    let entries = self.short.iter_mut().skip(first).take(1_usize.wrapping_shl(spare));
                    entries.for_each(|entry| *entry = (length as u16) << 8 | u16::from(*symbol));
                }
                code = code.wrapping_add(1);
                place = place.wrapping_add(1);
            }
            *above = code.wrapping_shl(16_u32.wrapping_sub(length));
            code = code.wrapping_shl(1);
        }
    }

    /// Takes a code of those bits that wait.
    #[inline(always)]
    fn symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let entry = self.short.get((bits.peek() >> (64 - LOOK)) as usize).copied().unwrap_or(NONE);
        if entry != NONE {
            bits.drop((entry >> 8).into());
            return Some(entry as u8);
        }
        self.long(bits)
    }

    #[cold]
    fn long(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let next = (bits.peek() >> 48) as u32;
        let mut lengths = (1_u32..).zip(self.above.iter().zip(&self.shift).skip(1));
        let (length, (_, shift)) = lengths.find(|(_, (above, _))| next < **above)?;
        let code = next.wrapping_shr(16_u32.wrapping_sub(length)) as i32;
        bits.drop(length);
        self.symbols.get(code.wrapping_add(*shift) as usize).copied()
    }
}

/// Codes of DC differences.
#[derive(Clone, Debug, Default)]
pub(crate) struct DcCodes(Codes);

impl DcCodes {
    pub fn define(&mut self, definition: &Definition<'_>) {
        self.0.define(definition);
    }

    /// Takes a difference; none where the code is none, or the difference too long.
    #[inline(always)]
    pub fn difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.fill();
        let size = self.0.symbol(bits)?;
        if u16::from(size) > MJPEG_DC_BITS_MAX {
            return None;
        }
        Some(bits.value(size.into()))
    }
}

/// Codes of AC coefficients.
#[derive(Clone, Debug)]
pub(crate) struct AcCodes {
    codes: Codes,
    /// For each beginning that holds a code and the value behind it: the value in the upper half, the run in the second byte, the bits
    /// of both in the lowest; 0 for every other one.
    whole: [u32; ENTRIES],
}

impl Default for AcCodes {
    fn default() -> Self {
        Self { codes: Codes::default(), whole: [0; ENTRIES] }
    }
}

impl AcCodes {
    pub fn define(&mut self, definition: &Definition<'_>) {
        self.codes.define(definition);
        for (number, (whole, short)) in (0_u64..).zip(self.whole.iter_mut().zip(&self.codes.short)) {
            let (length, run, size) = (u32::from(short >> 8), u32::from(short >> 4 & 15), u32::from(short & 15));
            let bits = length.wrapping_add(size);
            *whole = 0;
            // A size of 0 is no coefficient.
            if length > 0 && size > 0 && bits <= LOOK {
                let value = own_value(number.wrapping_shl(64_u32.wrapping_sub(LOOK).wrapping_add(length)), size);
                *whole = (value as u32) << 16 | run << 8 | bits;
            }
        }
    }

    /// A coefficient whose code and value are short: value, run and bits as [`AcCodes::whole`] has them, or 0. Nothing is taken.
    #[inline(always)]
    pub fn short(&self, bits: &Bits<'_>) -> u32 {
        self.whole.get((bits.peek() >> (64 - LOOK)) as usize).copied().unwrap_or(0)
    }

    /// Takes a symbol of those bits that wait: run and size. None where the code is none, or the size too long.
    #[inline(always)]
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Option<(u32, u32)> {
        let symbol = self.codes.symbol(bits)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > MJPEG_AC_BITS_MAX.into() { None } else { Some((run, size)) }
    }
}
